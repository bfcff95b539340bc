// Package newsroom is the verbs: everything that can be done to a site, each in one transaction and one shape: load,
// ask leave, apply the rule, save, note the event. It knows the order of a change and the clock; it never knows SQL,
// which database there is, HTTP, or who listens to events.
package newsroom

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/masthead-cms/masthead/internal/auth"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// Newsroom does what its callers ask of a site, if they may.
type Newsroom struct {
	store      *store.Store
	site       cms.Site
	hasher     *auth.Hasher
	signer     *auth.Signer
	throttle   *auth.Throttle
	clock      func() time.Time
	publicRead bool
}

// Options are what a newsroom is made of.
type Options struct {
	Store      *store.Store
	Site       cms.Site
	Hasher     *auth.Hasher
	Signer     *auth.Signer
	Clock      func() time.Time
	PublicRead bool // whether what is published can be read without a credential
}

// Open makes a newsroom.
func Open(o Options) *Newsroom {
	return &Newsroom{
		store: o.Store, site: o.Site, hasher: o.Hasher, signer: o.Signer, throttle: auth.NewThrottle(), clock: o.Clock,
		publicRead: o.PublicRead,
	}
}

// Site is what the whole site shares.
func (n *Newsroom) Site() cms.Site { return n.site }

// PublicRead tells whether what is published can be read without a credential.
func (n *Newsroom) PublicRead() bool { return n.publicRead }

// Ready tells whether the database answers.
func (n *Newsroom) Ready(ctx context.Context) error { return n.store.Ping(ctx) }

// newID makes a UUIDv7: ids sort by the time they were made.
func newID() cms.ID { return cms.ID(uuid.Must(uuid.NewV7()).String()) }

// mayRead refuses a view the actor may not see. It is the one door of every read.
func (n *Newsroom) mayRead(actor cms.Actor, view cms.View) error {
	if view == cms.DraftView {
		return actor.Check(cms.ReadDrafts)
	}
	if !n.publicRead && !actor.SignedIn() {
		return cms.Errorf(cms.Unauthenticated, "This site's content is not open to the public: send Authorization: Bearer <token>.")
	}
	return nil
}

// read runs one question at one moment of the database.
func read[T any](ctx context.Context, n *Newsroom, fn func(db *store.DB) (T, error)) (T, error) {
	var out T
	err := n.store.Read(ctx, func(db *store.DB) error {
		var err error
		out, err = fn(db)
		return err
	})
	return out, err
}

// write runs one change and, if the caller asked for it, keeps the answer in the same transaction.
func write[T any](ctx context.Context, n *Newsroom, fn func(db *store.DB) (T, error)) (T, error) {
	var out T
	receipt := receiptIn(ctx)
	err := n.store.Write(ctx, func(db *store.DB) error {
		if err := receipt.replay(db); err != nil {
			return err
		}
		var err error
		if out, err = fn(db); err != nil {
			return err
		}
		return receipt.keep(db, out)
	})
	return out, err
}

// notFound says what is missing where the store found nothing.
func notFound(err error, what string) error {
	if errors.Is(err, store.ErrNotFound) {
		return cms.Errorf(cms.NotFound, "There is no such %s.", what)
	}
	return err
}

// newEvent is a fact about a subject, by an actor.
func newEvent(actor cms.Actor, verb cms.EventType, subject cms.ID, version int64, fields ...string) *cms.Event {
	e := &cms.Event{Verb: verb, Subject: subject, Version: version, Fields: fields}
	if actor.ID != "" {
		e.ActorID = &actor.ID
	}
	return e
}
