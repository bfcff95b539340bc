package store

import (
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// eventColumns are those of an event but for what can be erased.
var eventColumns = database.Columns[cms.Event]{
	database.Number("seq", func(e *cms.Event) *int64 { return &e.Seq }),
	database.Time("at", func(e *cms.Event) *time.Time { return &e.At }),
	database.NullText("actor_id", func(e *cms.Event) **cms.ID { return &e.ActorID }),
	database.Text("verb", func(e *cms.Event) *cms.EventType { return &e.Verb }),
	database.Text("subject", func(e *cms.Event) *cms.ID { return &e.Subject }),
	database.Number("version", func(e *cms.Event) *int64 { return &e.Version }),
	database.List("fields", func(e *cms.Event) *[]string { return &e.Fields }),
	database.Text("channel", func(e *cms.Event) *cms.Channel { return &e.Channel }),
	database.Text("request_id", func(e *cms.Event) *string { return &e.RequestID }),
	database.Text("digest", func(e *cms.Event) *string { return &e.Digest }),
	database.Text("hash", func(e *cms.Event) *string { return &e.Hash }),
	emptyAsNull("salt", func(e *cms.Event) *string { return &e.Salt }),
	emptyAsNull("address", func(e *cms.Event) *string { return &e.Address }),
}

var eventTable = &database.Table[cms.Event]{
	Name: "events",
	Columns: eventColumns.And(
		emptyAsNull("before_values", func(e *cms.Event) *string { return &e.Before }),
		emptyAsNull("after_values", func(e *cms.Event) *string { return &e.After }),
	),
}

// emptyAsNull returns the column of a text that is null where the text is empty.
func emptyAsNull[T any](name string, field func(*T) *string) database.Column[T] {
	return database.Field(name,
		func(r *database.Row, to *T) { *field(to) = r.Text() },
		func(from *T) any {
			if text := *field(from); text != "" {
				return text
			}
			return nil
		})
}

// eventHead is the end of the chain of events.
type eventHead struct {
	id, seq int64
	hash    string
}

var eventHeadTable = &database.Table[eventHead]{
	Name: "event_head",
	Columns: database.Columns[eventHead]{
		database.Number("id", func(h *eventHead) *int64 { return &h.id }),
		database.Number("seq", func(h *eventHead) *int64 { return &h.seq }),
		database.Text("hash", func(h *eventHead) *string { return &h.hash }),
	},
	Suffix: " ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
}

// eventHead returns the end of the chain.
func (db *DB) eventHead() (eventHead, error) {
	head := eventHead{id: 1}
	rows := database.From("event_head AS h").Columns(eventHeadTable.Columns.Of("h"))
	err := db.Query(rows, func(r *database.Row) { head = eventHeadTable.Columns.Value(r) })
	if err != nil || head.hash != "" {
		return head, err
	}
	older := database.From("events AS e").Columns("COALESCE(max(e.seq), 0)")
	return head, db.Query(older, func(r *database.Row) { head.seq = r.Number() })
}

// Append records facts, in their order, at the end of the chain. It is the last thing a write does:
// writes come one after another, so that no two events follow the same one.
func (db *DB) Append(events ...*cms.Event) error {
	head, err := db.eventHead()
	if err != nil {
		return err
	}
	rows := make([]cms.Event, len(events))
	for i, e := range events {
		row := *e
		row.Seq = head.seq + 1
		row.At = db.Now()
		if row.Fields == nil {
			row.Fields = []string{}
		}
		if row.Channel == "" {
			row.Channel = cms.ByServer
		}
		if row.EventDetails != (cms.EventDetails{}) {
			row.Salt = rand.Text()
			row.Digest = digestOf(&row.EventDetails)
		}
		row.Hash = hashOf(&row, head.hash)
		head.seq, head.hash = row.Seq, row.Hash
		rows[i] = row
	}
	if err := database.Insert(db.Tx, eventTable, rows...); err != nil {
		return err
	}
	return database.Insert(db.Tx, eventHeadTable, head)
}

// maxEvents bounds how many events are read at once.
const maxEvents = 1000

// LastChange returns who changed a subject last, nil if nobody did by hand, and when; ErrNotFound
// if that is not known.
func (db *DB) LastChange(subject cms.ID) (*cms.Changed, error) {
	rows := database.From("events AS e").Join("LEFT JOIN users AS u ON u.id = e.actor_id").
		Where("e.subject = ?", subject).OrderBy("e.version DESC, e.seq DESC").Limit(1, 0)
	return database.QueryRow(db.Tx, rows.Columns("coalesce(u.name, ''), e.at, e.actor_id"),
		func(r *database.Row) *cms.Changed {
			changed := &cms.Changed{}
			name := r.Text()
			changed.At = r.Time()
			if id := scanID(r); id != "" {
				changed.By = &cms.UserRef{ID: id, Name: name}
			}
			return changed
		})
}

// ChangedSince returns the fields of a subject that changed after a version, sorted.
func (db *DB) ChangedSince(subject cms.ID, version int64) ([]string, error) {
	rows := database.From("events AS e").Where("e.subject = ? AND e.version > ?", subject, version).
		OrderBy("e.version").Limit(maxEvents, 0)
	fields := []string{}
	err := db.Query(rows.Columns(eventColumns.Of("e")), func(r *database.Row) {
		fields = append(fields, eventColumns.Value(r).Fields...)
	})
	slices.Sort(fields)
	return slices.Compact(fields), err
}

var bySeq = orderBy("e.seq", "e.subject", byNumber)

// Events returns a page of events, with what they changed if that was asked for.
func (db *DB) Events(q cms.EventQuery) (cms.List[cms.EventView], error) {
	rows := database.From("events AS e LEFT JOIN users AS u ON u.id = e.actor_id")
	rows = database.WhereIn(db.Tx, rows, "e.subject", q.Subjects)
	rows = database.WhereIn(db.Tx, rows, "e.actor_id", q.Actors)
	rows = database.WhereIn(db.Tx, rows, "e.verb", q.Verbs)
	if q.AboutArticles {
		rows = rows.Where("e.verb >= 'article.' AND e.verb < 'article/'")
	}
	rows = rows.Where("e.seq > ?", q.After)
	rows = optional(rows, "e.at >= ?", q.From)
	rows = optional(rows, "e.at < ?", q.Until)
	var total int64
	var err error
	if q.Page.Count {
		if total, err = db.Count(rows); err != nil {
			return cms.List[cms.EventView]{}, err
		}
	}
	columns := eventColumns
	if q.Values {
		columns = eventTable.Columns
	}
	page := bySeq.page(rows, cms.Sort{Descending: !q.Oldest}, q.Page)
	found, err := database.QueryAll(db.Tx, page.Columns(columns.Of("e")+", u.name"),
		func(r *database.Row) cms.EventView {
			return cms.EventView{Event: columns.Value(r), ActorName: r.Text()}
		})
	list := pageOf(found, q.Page)
	list.Total = total
	return list, err
}

const eraseEventDetails = "UPDATE events SET salt = NULL, address = NULL, before_values = NULL, " +
	"after_values = NULL WHERE "

// EraseEventDetails erases what the events about a subject say of callers and values. The chain
// stays whole.
func (db *DB) EraseEventDetails(subject cms.ID) error {
	return db.Exec(eraseEventDetails+"subject = ? AND salt IS NOT NULL", subject)
}

// EraseEventDetailsBefore does the same for events of before a time, limit at most, and returns of
// how many.
func (db *DB) EraseEventDetailsBefore(before time.Time, limit int) (int, error) {
	rows := database.From("events AS e").Where("e.salt IS NOT NULL AND e.at < ?", before).
		OrderBy("e.at").Limit(limit, 0)
	found, err := database.QueryAll(db.Tx, rows.Columns("e.seq"), (*database.Row).Number)
	for _, seq := range found {
		err = errors.Join(err, db.Exec(eraseEventDetails+"seq = ?", seq))
	}
	return len(found), err
}
