package newsroom

import (
	"context"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// Collections are the verbs of collections. Of their items readers see those that are live and in
// their time.
type Collections struct {
	Noun[cms.Collection, *cms.Collection, cms.CollectionInput]
	rows *store.Collections
}

func newCollections(n *Newsroom) *Collections {
	rows := store.NewCollections()
	c := &Collections{Noun[cms.Collection, *cms.Collection, cms.CollectionInput]{
		kind:     cms.CollectionNoun,
		create:   cms.WriteCollection,
		revise:   cms.WriteCollection,
		rows:     rows,
		input:    (*cms.Collection).Input,
		newsroom: n,
	}, rows}
	c.apply = c.applyInput
	return c
}

// Get returns a collection by id or slug, with the items that a view has. For a former slug it
// returns the present one in moved too.
func (c *Collections) Get(ctx context.Context, actor cms.Actor, view cms.View,
	ref string) (found *cms.Collection, moved string, err error) {
	return c.get(ctx, actor, view, ref, func(db *store.DB, id cms.ID) (*cms.Collection, error) {
		return c.rows.InView(db, view, id)
	})
}

// Rows returns the first rows of a collection, by id or slug, as readers see them: as many as its
// size, unless limit is more than 0. For a former slug it returns the present one in moved.
func (c *Collections) Rows(ctx context.Context, actor cms.Actor, ref string, limit int,
	with cms.Parts) (shown *cms.CollectionRows, moved string, err error) {
	found, moved, err := c.get(ctx, actor, cms.LiveView, ref, c.rows.Nouns.ByID)
	if err != nil || moved != "" {
		return nil, moved, err
	}
	if limit == 0 {
		limit = int(found.Size)
	}
	places := []place{{collection: found, limit: limit}}
	rows, s, err := c.newsroom.rowsOf(ctx, actor, places, with)
	if err != nil {
		return nil, "", err
	}
	return &cms.CollectionRows{Rows: rows[0], Limit: limit, Shown: s}, "", nil
}

// PlacesOf returns where an article stands in collections, as a view has them.
func (c *Collections) PlacesOf(ctx context.Context, actor cms.Actor, view cms.View,
	article cms.ID) (cms.ArticlePlaces, error) {
	if err := c.newsroom.checkRead(actor, view); err != nil {
		return cms.ArticlePlaces{}, err
	}
	return read(ctx, c.newsroom, classOf(actor), func(db *store.DB) (cms.ArticlePlaces, error) {
		return c.rows.PlacesOf(db, view, article)
	})
}

func (c *Collections) applyInput(db *store.DB, n *cms.Collection, in cms.CollectionInput) error {
	slug, err := c.slugFor(db, &n.Base, in.Slug, in.Name)
	if err != nil {
		return err
	}
	if in.Rule == nil || n.Rule == nil || *in.Rule != *n.Rule {
		if n.Rule, err = ruleWithIDs(db, in.Rule); err != nil {
			return err
		}
	}
	n.Slug = slug
	n.Localized = in.Localized.Canonical()
	n.Name = cms.TrimLine(in.Name)
	n.NameKey = text.NameKey(n.Name)
	n.Description = in.Description
	n.Size = in.Size
	return nil
}

// ruleWithIDs returns a rule whose filter names by id what it refers to, so that it means the same
// when that is renamed.
func ruleWithIDs(db *store.DB, rule *cms.Rule) (*cms.Rule, error) {
	if rule == nil {
		return nil, nil
	}
	if err := checkWords(rule.Words); err != nil {
		return nil, underField(err, "rule/q")
	}
	resolved, err := rule.Resolved(func(noun cms.Noun, ref string) (string, error) {
		id, err := knownNoun(db, noun, ref, "rule/filter")
		return string(id), err
	})
	if err != nil {
		return nil, err
	}
	if n := len(resolved.Filter); n > cms.MaxFilterBytes {
		return nil, cms.FieldErrorf(cms.Invalid, "rule/filter", "too_long",
			"With ids in place of slugs, which is how it is kept, the filter has %d bytes; %d are "+
				"allowed.", n, cms.MaxFilterBytes)
	}
	return resolved, nil
}

// underField returns an error about a parameter as one about a field of a body.
func underField(err error, field string) error {
	refusal, ok := err.(*cms.Error)
	if !ok || len(refusal.Fields) == 0 {
		return err
	}
	return cms.FieldErrorf(cms.Invalid, field, refusal.Fields[0].Code, "%s",
		refusal.Fields[0].Detail)
}
