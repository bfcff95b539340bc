package newsroom

import (
	"context"
	"fmt"
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// changeItems returns what the items of a collection are to be. It may change and keep the list it
// is given.
type changeItems = func(db *store.DB, items []cms.Item) ([]cms.Item, error)

// SetItems replaces all items of a collection by inputs, in their order. Match must name a version.
func (c *Collections) SetItems(ctx context.Context, call Call, id cms.ID, match cms.Precondition,
	inputs []cms.ItemInput) (*cms.Collection, error) {
	if err := call.Actor.Check(c.revise); err != nil {
		return nil, err
	}
	return write(ctx, c.newsroom, call, func(db *store.DB) (*cms.Collection, error) {
		n, err := c.rows.ByID(db, id)
		if err != nil {
			return nil, notFound(err, c.kind.Singular)
		}
		if err := withChangedFields(db, match.Require(n.Version), id, match); err != nil {
			return nil, err
		}
		err = c.changeItemsIn(db, call.Actor, n, func(db *store.DB, was []cms.Item) ([]cms.Item,
			error) {
			return replacedItems(db, was, inputs)
		})
		if err != nil {
			return nil, err
		}
		return c.rows.ByID(db, id)
	})
}

// replacedItems returns the items that a replacing list means.
func replacedItems(db *store.DB, was []cms.Item, inputs []cms.ItemInput) ([]cms.Item, error) {
	items := make([]cms.Item, 0, len(inputs))
	for i, in := range inputs {
		prefix := fmt.Sprintf("data/%d", i)
		item := cms.Item{ID: in.ID}
		if in.ID == "" {
			item.ID = newID()
		} else if at := itemWith(was, in.ID); at >= 0 {
			item = was[at]
		} else {
			return nil, cms.FieldErrorf(cms.Invalid, prefix+"/id", "unknown",
				"This collection has no item %s; leave id out to make a new one.", in.ID)
		}
		if itemWith(items, item.ID) >= 0 {
			return nil, cms.FieldErrorf(cms.Invalid, prefix+"/id", "repeated",
				"The item %s stands twice in the list.", item.ID)
		}
		if !in.Keep {
			if err := in.Check(prefix); err != nil {
				return nil, err
			}
			if err := applyItem(db, &item, in, prefix+"/"); err != nil {
				return nil, err
			}
		}
		if at := sameSubject(items, &item); at >= 0 {
			return nil, cms.FieldErrorf(cms.Invalid, prefix, "repeated",
				"It is in the list already, as entry %d.", at)
		}
		items = append(items, item)
	}
	return items, nil
}

// AddItem adds an item to a collection.
func (c *Collections) AddItem(ctx context.Context, call Call, id cms.ID, match cms.Precondition,
	in cms.ItemInput) (*cms.CollectionItem, error) {
	item := newID()
	return c.changeOne(ctx, call, id, item, match, func(db *store.DB, items []cms.Item) ([]cms.Item,
		error) {
		if err := in.Check(""); err != nil {
			return nil, err
		}
		made := cms.Item{ID: item}
		if err := applyItem(db, &made, in, ""); err != nil {
			return nil, err
		}
		if err := notTwice(items, &made); err != nil {
			return nil, err
		}
		at := len(items)
		if in.Position > 0 {
			at = min(in.Position-1, at)
		}
		return slices.Insert(items, at, made), nil
	})
}

// ReviseItem changes an item of a collection. Edit is called with what an editor may set, as it is,
// and returns what it is to be.
func (c *Collections) ReviseItem(ctx context.Context, call Call, id, item cms.ID,
	match cms.Precondition, edit func(cms.ItemInput) (cms.ItemInput, error),
) (*cms.CollectionItem, error) {
	return c.changeOne(ctx, call, id, item, match, func(db *store.DB, items []cms.Item) ([]cms.Item,
		error) {
		at := itemWith(items, item)
		if at < 0 {
			return nil, notFound(store.ErrNotFound, "item")
		}
		in, err := edit(items[at].Input())
		if err != nil {
			return nil, err
		}
		if err := in.Check(""); err != nil {
			return nil, err
		}
		changed := items[at]
		if err := applyItem(db, &changed, in, ""); err != nil {
			return nil, err
		}
		others := slices.Delete(slices.Clone(items), at, at+1)
		if err := notTwice(others, &changed); err != nil {
			return nil, err
		}
		items[at] = changed
		if in.Position > 0 {
			items = cms.MoveItem(items, at, in.Position)
		}
		return items, nil
	})
}

// RemoveItem takes an item out of a collection.
func (c *Collections) RemoveItem(ctx context.Context, call Call, id, item cms.ID,
	match cms.Precondition) error {
	remove := func(_ *store.DB, items []cms.Item) ([]cms.Item, error) {
		at := itemWith(items, item)
		if at < 0 {
			return nil, notFound(store.ErrNotFound, "item")
		}
		return slices.Delete(items, at, at+1), nil
	}
	_, err := c.changeOne(ctx, call, id, item, match, remove)
	return err
}

// changeOne runs a change to one item of a collection, and returns it, nil if it is gone. Match is
// about the collection and may name no version.
func (c *Collections) changeOne(ctx context.Context, call Call, id, item cms.ID,
	match cms.Precondition, change changeItems) (*cms.CollectionItem, error) {
	if err := call.Actor.Check(c.revise); err != nil {
		return nil, err
	}
	return write(ctx, c.newsroom, call, func(db *store.DB) (*cms.CollectionItem, error) {
		n, err := c.loadForUpdate(db, id, match)
		if err != nil {
			return nil, err
		}
		if err := c.changeItemsIn(db, call.Actor, n, change); err != nil {
			return nil, err
		}
		if n, err = c.rows.ByID(db, id); err != nil {
			return nil, err
		}
		for i := range n.Items {
			if n.Items[i].ID == item {
				return &cms.CollectionItem{ItemDetail: n.Items[i], Version: n.Version}, nil
			}
		}
		return nil, nil
	})
}

// changeItemsIn changes the items of a collection, which raises its version if they differ then.
func (c *Collections) changeItemsIn(db *store.DB, actor cms.Actor, n *cms.Collection,
	change changeItems) error {
	was, err := db.Items(n.ID)
	if err != nil {
		return err
	}
	items, err := change(db, slices.Clone(was))
	if err != nil {
		return err
	}
	if len(items) > cms.MaxItems {
		return cms.Errorf(cms.Invalid, "A collection has at most %d items.", cms.MaxItems)
	}
	cms.PlaceItems(items)
	for i := range items {
		items[i].CollectionID = n.ID
	}
	ended, begun := cms.ChangedItems(was, items, n.Version+1, db.Now())
	if len(ended)+len(begun) == 0 {
		return nil
	}
	n.Version++
	n.UpdatedAt = db.Now()
	if err := c.rows.SaveItems(db, n, ended, begun); err != nil {
		return err
	}
	return db.Append(newEvent(actor, c.kind.Revised(), n.ID, n.Version, "items"))
}

// removeItemsWith takes an article out of all collections.
func (c *Collections) removeItemsWith(db *store.DB, actor cms.Actor, article cms.ID) error {
	ids, err := db.CollectionsWith(article)
	if err != nil {
		return err
	}
	remove := func(_ *store.DB, items []cms.Item) ([]cms.Item, error) {
		return slices.DeleteFunc(items, func(i cms.Item) bool {
			return i.ArticleID != nil && *i.ArticleID == article
		}), nil
	}
	for _, id := range ids {
		n, err := c.rows.ByID(db, id)
		if err != nil {
			return err
		}
		if err := c.changeItemsIn(db, actor, n, remove); err != nil {
			return err
		}
	}
	return nil
}

// applyItem sets an input on an item. Prefix stands before the names of fields in errors.
func applyItem(db *store.DB, item *cms.Item, in cms.ItemInput, prefix string) error {
	article, err := linkedArticle(db, in.Article, prefix+"article")
	if err != nil {
		return err
	}
	image := cms.ID(in.Image)
	if err := checkMedium(db, image, cms.ImageMedium, prefix+"image"); err != nil {
		return err
	}
	item.ArticleID = article
	item.URL = in.URL
	item.ImageID = image
	item.Title = cms.TrimLine(in.Title)
	item.Kicker = cms.TrimLine(in.Kicker)
	item.Summary = in.Summary
	item.From = in.From
	item.Until = in.Until
	return nil
}

// itemWith returns the index of the item with an id, -1 if there is none.
func itemWith(items []cms.Item, id cms.ID) int {
	return slices.IndexFunc(items, func(i cms.Item) bool { return i.ID == id })
}

// sameSubject returns the index of an item that is about the same, -1 if there is none.
func sameSubject(items []cms.Item, item *cms.Item) int {
	return slices.IndexFunc(items, func(i cms.Item) bool { return i.Subject() == item.Subject() })
}

// notTwice returns a Duplicate error if one of other items is about the same.
func notTwice(others []cms.Item, item *cms.Item) error {
	at := sameSubject(others, item)
	if at < 0 {
		return nil
	}
	field := "url"
	if item.ArticleID != nil {
		field = "article"
	}
	return cms.FieldErrorf(cms.Duplicate, field, "repeated",
		"It is in the collection already: item %s.", others[at].ID)
}
