package newsroom

import (
	"context"
	"errors"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// Alerts are the verbs of alerts. Readers see an alert in its time only.
type Alerts struct {
	Noun[cms.Alert, *cms.Alert, cms.AlertInput]
	rows *store.Alerts
}

func newAlerts(n *Newsroom) *Alerts {
	rows := store.NewAlerts()
	a := &Alerts{Noun[cms.Alert, *cms.Alert, cms.AlertInput]{
		kind:     cms.AlertNoun,
		create:   cms.WriteAlert,
		revise:   cms.WriteAlert,
		rows:     rows,
		input:    (*cms.Alert).Input,
		newsroom: n,
	}, rows}
	a.apply = a.applyInput
	return a
}

// List returns a page of alerts.
func (a *Alerts) List(ctx context.Context, actor cms.Actor,
	q cms.AlertQuery) (cms.List[cms.Alert], error) {
	if err := a.newsroom.checkRead(actor, q.View); err != nil {
		return cms.List[cms.Alert]{}, err
	}
	return read(ctx, a.newsroom, classOf(actor), func(db *store.DB) (cms.List[cms.Alert], error) {
		return a.rows.Ask(db, q)
	})
}

// Get returns an alert.
func (a *Alerts) Get(ctx context.Context, actor cms.Actor, view cms.View,
	id cms.ID) (*cms.Alert, error) {
	if err := a.newsroom.checkRead(actor, view); err != nil {
		return nil, err
	}
	return read(ctx, a.newsroom, classOf(actor), func(db *store.DB) (*cms.Alert, error) {
		found, err := a.rows.InView(db, view, id)
		if err == nil && view == cms.LiveView && !found.ActiveAt(db.Now()) {
			err = store.ErrNotFound
		}
		return found, notFound(err, a.kind.Singular)
	})
}

func (a *Alerts) applyInput(db *store.DB, n *cms.Alert, in cms.AlertInput) error {
	article, err := linkedArticle(db, in.Article, "article")
	if err != nil {
		return err
	}
	site, err := db.Site()
	if err != nil {
		return err
	}
	starts := db.Now()
	if in.StartsAt != nil {
		starts = *in.StartsAt
	}
	ends := starts.Add(cms.AlertLife)
	if in.EndsAt != nil {
		ends = *in.EndsAt
	} else if ends.After(cms.MaxTime) {
		ends = cms.MaxTime
	}
	if !ends.After(starts) {
		return cms.FieldErrorf(cms.Invalid, "ends_at", "out_of_order",
			"An alert ends after it starts; this one starts at %s.", starts.Format(time.RFC3339))
	}
	n.Text = cms.TrimLine(in.Text)
	n.Level = in.Level
	n.ArticleID = article
	n.URL = in.URL
	n.Locale = localeOr(in.Locale, site.Locale)
	n.StartsAt = starts
	n.EndsAt = ends
	n.SetRank()
	return nil
}

// localeOr returns a valid locale in its canonical form, otherwise if it is empty.
func localeOr(locale, otherwise string) string {
	if canonical, err := cms.Locale(locale); err == nil {
		return canonical
	}
	return otherwise
}

// linkedArticle returns the article that a reference means, nil if it is empty. In errors the
// reference is called field.
func linkedArticle(db *store.DB, ref, field string) (*cms.ID, error) {
	if ref == "" {
		return nil, nil
	}
	id, err := articleID(db, cms.DraftView, ref)
	if err == nil {
		_, err = db.Article(id)
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, cms.FieldErrorf(cms.Invalid, field, "unknown", "There is no article %q here.",
			ref)
	}
	return &id, err
}
