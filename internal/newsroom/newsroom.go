// Package newsroom has the verbs: everything that can be done to a site, each in one transaction
// and in one shape: load, authorize, apply the rule, save, append the event. It knows the order of
// a change and the clock. It knows no SQL, no database engine, no HTTP, and not who reads events.
package newsroom

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/masthead-cms/masthead/internal/auth"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/fetch"
	"github.com/masthead-cms/masthead/internal/library"
	"github.com/masthead-cms/masthead/internal/store"
)

// Newsroom runs the verbs of one site.
type Newsroom struct {
	Tags     *Tags
	Sections *Sections
	Authors  *Authors
	Alerts   *Alerts
	Media    *Media

	Collections *Collections
	Fronts      *Fronts
	Redirects   *Redirects

	store      *store.Store
	library    *library.Library
	fetcher    *fetch.Fetcher
	fixed      cms.FixedSite
	hasher     *auth.Hasher
	signer     *auth.Signer
	throttle   *auth.Throttle
	clock      func() time.Time
	publicRead bool
	retention  Retention
	log        *slog.Logger
	failed     failedSignIns
}

// Options configure a newsroom.
type Options struct {
	Store      *store.Store
	Library    *library.Library // of the files of media
	Fetcher    *fetch.Fetcher   // gets files from the web
	Site       cms.FixedSite    // what the operator has set of the site
	Hasher     *auth.Hasher
	Signer     *auth.Signer
	Clock      func() time.Time
	PublicRead bool // whether what is published can be read without a credential
	Retention  Retention
	Log        *slog.Logger // gets failed sign-ins; nil: nothing is logged
}

// Open returns a newsroom.
func Open(o Options) *Newsroom {
	n := &Newsroom{
		store:      o.Store,
		library:    o.Library,
		fetcher:    o.Fetcher,
		fixed:      o.Site,
		hasher:     o.Hasher,
		signer:     o.Signer,
		throttle:   auth.NewThrottle(),
		clock:      o.Clock,
		publicRead: o.PublicRead,
		retention:  o.Retention,
		log:        o.Log,
	}
	if n.log == nil {
		n.log = slog.New(slog.DiscardHandler)
	}
	if n.store != nil {
		n.store.FixSite(n.fixed)
	}
	n.Tags = newTags(n)
	n.Sections = newSections(n)
	n.Authors = newAuthors(n)
	n.Alerts = newAlerts(n)
	n.Collections = newCollections(n)
	n.Fronts = newFronts(n)
	n.Redirects = newRedirects(n)
	n.Media = newMedia(n)
	return n
}

// PublicRead reports whether what is published can be read without a credential.
func (n *Newsroom) PublicRead() bool { return n.publicRead }

// Ready reports whether the database answers.
func (n *Newsroom) Ready(ctx context.Context) error { return n.store.Ping(ctx) }

// newID returns a UUIDv7: ids sort by the time they were made.
func newID() cms.ID { return cms.ID(uuid.Must(uuid.NewV7()).String()) }

// checkRead returns an error if the actor may not read the view. Every read begins with it.
func (n *Newsroom) checkRead(actor cms.Actor, view cms.View) error {
	if view == cms.DraftView {
		return actor.Check(cms.ReadDrafts)
	}
	if !n.publicRead && !actor.SignedIn() {
		return cms.Errorf(cms.Unauthenticated,
			"This site's content is not open to the public.").WithHint(cms.HintPrivateSite)
	}
	return nil
}

// read runs fn in a read transaction of a class.
func read[T any](ctx context.Context, n *Newsroom, class store.Class,
	fn func(db *store.DB) (T, error)) (T, error) {
	var out T
	err := n.store.Read(ctx, class, func(db *store.DB) error {
		var err error
		out, err = fn(db)
		return err
	})
	return out, err
}

// write runs fn in a transaction. If the call has an idempotency key, a change that was made before
// is not made again, and the response is stored in the same transaction.
func write[T any](ctx context.Context, n *Newsroom, call Call,
	fn func(db *store.DB) (T, error)) (T, error) {
	var out T
	err := n.store.Write(ctx, func(db *store.DB) error {
		if err := call.Idempotency.replay(db); err != nil {
			return err
		}
		var err error
		if out, err = fn(db); err != nil {
			return err
		}
		return call.Idempotency.render(db, out)
	})
	return out, err
}

// notFound returns a NotFound error naming what is missing for store.ErrNotFound, and other errors
// as they are.
func notFound(err error, what string) error {
	if errors.Is(err, store.ErrNotFound) {
		return cms.Errorf(cms.NotFound, "There is no such %s.", what)
	}
	return err
}
