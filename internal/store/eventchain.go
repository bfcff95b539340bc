package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// digestOf returns the digest of the details of an event.
func digestOf(d *cms.EventDetails) string {
	return chainDigest([]string{d.Salt, d.Address, d.Before, d.After})
}

// hashOf returns the hash of an event behind another one with a hash.
func hashOf(e *cms.Event, before string) string {
	actor := ""
	if e.ActorID != nil {
		actor = string(*e.ActorID)
	}
	at := e.At.UTC().Format("2006-01-02T15:04:05.000000Z")
	return chainDigest([]any{before, e.Seq, at, actor, e.Verb, e.Subject, e.Version, e.Fields,
		e.Channel, e.RequestID, e.Digest})
}

// chainDigest returns the SHA-256 of a list as JSON, hexadecimal.
func chainDigest(list any) string {
	text, err := json.Marshal(list)
	if err != nil {
		return "" // a list of texts and numbers is always JSON
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// EventFault is a place where the chain of events is not as it was made.
type EventFault struct {
	Seq      int64 // of the event
	Sentence string
}

// EventCheck is what was found when the chain of events was followed.
type EventCheck struct {
	Events int64 // that were checked
	Older  int64 // than the chain
	Erased int64 // whose details are gone, as they may be
	Faults []EventFault
	Head   string // the hash of the last event

	last     cms.Event // that was checked
	expected string    // a hash that one must have; empty: none
	found    bool      // that one has it
}

// CheckEvents follows the chain of events from its beginning to its end; one of them must have the
// expected hash, unless that is empty. Servers may go on.
func (s *Store) CheckEvents(ctx context.Context, expected string) (*EventCheck, error) {
	check := &EventCheck{
		Faults:   []EventFault{},
		last:     cms.Event{Seq: math.MinInt64},
		expected: expected,
	}
	for done := false; !done; {
		err := s.Read(ctx, Internal, func(db *DB) error {
			rows := database.From("events AS e").Where("e.seq > ?", check.last.Seq).
				OrderBy("e.seq").Limit(maxEvents, 0)
			events, err := database.QueryAll(db.Tx, rows.Columns(eventTable.Columns.Of("e")),
				eventTable.Columns.Value)
			if err != nil {
				return err
			}
			for i := range events {
				check.follow(&events[i])
			}
			if done = len(events) < maxEvents; !done {
				return nil
			}
			head, err := db.eventHead()
			check.end(head)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return check, nil
}

// follow checks the next event.
func (c *EventCheck) follow(e *cms.Event) {
	defer func() { c.last = *e }()
	c.Events++
	if e.Seq < 1 {
		c.fault(e, "it was put in: events are numbered from 1")
		return
	}
	if e.Hash == "" && c.last.Hash == "" {
		c.Older++
		return
	}
	if first := c.last.Seq + 1; c.last.Hash != "" && e.Seq > first {
		c.fault(e, "behind event %d, %d events were removed", c.last.Seq, e.Seq-first)
	} else if hashOf(e, c.last.Hash) != e.Hash {
		c.fault(e, "it was altered or put in, or the one before it was removed")
	} else if e.Hash == c.expected {
		c.found = true
	}
	switch {
	case e.Erased() && (e.Address != "" || e.Before != "" || e.After != ""):
		c.fault(e, "its values or its address were erased, and now it has some")
	case e.Erased():
		c.Erased++
	case e.Digest != "" && digestOf(&e.EventDetails) != e.Digest:
		c.fault(e, "its values or its address were altered")
	case e.Digest == "" && e.EventDetails != (cms.EventDetails{}):
		c.fault(e, "it had no values, and now has some")
	}
}

// end checks that the last event is the one that was written last.
func (c *EventCheck) end(head eventHead) {
	c.Head = c.last.Hash
	switch {
	case head.seq > c.last.Seq:
		c.fault(&c.last, "behind it, events up to %d were removed", head.seq)
	case head.seq < c.last.Seq && c.last.Seq > 0,
		head.seq == c.last.Seq && head.hash != c.last.Hash:
		c.fault(&c.last, "it was put in or altered: the one that was written last is event %d, "+
			"with another hash", head.seq)
	}
	if c.expected != "" && !c.found {
		c.fault(&c.last, "no event up to it has the hash that was expected")
	}
}

func (c *EventCheck) fault(e *cms.Event, sentence string, args ...any) {
	c.Faults = append(c.Faults, EventFault{e.Seq, fmt.Sprintf(sentence, args...)})
}

// CheckFile reads the whole database and says what of it is damaged, a sentence each.
func (s *Store) CheckFile(ctx context.Context) (damages []string, err error) {
	err = s.Read(ctx, Internal, func(db *DB) error {
		damages, err = db.Damages()
		return err
	})
	return damages, err
}
