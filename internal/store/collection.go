package store

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// Collections are the rows of collections, with their items.
type Collections struct {
	Nouns[cms.Collection, *cms.Collection]
}

// NewCollections returns the rows of collections.
func NewCollections() *Collections {
	return &Collections{Nouns[cms.Collection, *cms.Collection]{
		Noun: cms.CollectionNoun,
		Orders: map[string]order{
			"name":       orderBy("n.name_key", "n.id", byText),
			"updated_at": orderBy("n.updated_at", "n.id", byTime),
		},
	}}
}

// collectionRule is the rule that a collection has from a version on.
type collectionRule struct {
	CollectionID cms.ID `gorm:"primaryKey"`
	Since        int64  `gorm:"primaryKey"`
	ValidFrom    time.Time
	Size         int64
	Rule         *cms.Rule `gorm:"serializer:json"`
}

// InView returns the collection with an id and the items that a view has; ErrNotFound if there is
// no such collection.
func (s *Collections) InView(db *DB, view cms.View, id cms.ID) (*cms.Collection, error) {
	c, err := s.Nouns.ByID(db, id)
	if err != nil {
		return nil, err
	}
	items, err := db.Items(id)
	if err != nil {
		return nil, err
	}
	for i := range items {
		c.Until = items[i].NextChange(db.Now(), c.Until)
		c.Until = cms.Earlier(c.Until, items[i].Image.Until())
		if id := items[i].ArticleID; id != nil {
			c.Articles = append(c.Articles, *id)
		}
	}
	if c.Items, err = db.itemDetails(view, items); err != nil {
		return nil, err
	}
	one := []cms.Collection{*c}
	return &one[0], nameRules(db, one)
}

// List returns a page of collections, without their items.
func (s *Collections) List(db *DB, q cms.NounQuery) (cms.List[cms.Collection], error) {
	list, err := s.Nouns.List(db, q)
	if err != nil {
		return list, err
	}
	return list, nameRules(db, list.Rows)
}

// nameRules sets the rules of collections as they are shown, with the present slugs of what their
// filters refer to, in one statement.
func nameRules(db *DB, list []cms.Collection) error {
	meant := map[string]string{}
	for i := range list {
		for _, ref := range list[i].Rule.Refs() {
			meant[nounTerm(cms.ID(ref.Ref))] = ref.Ref
		}
	}
	now := make(map[string]cms.NamedRef, len(meant))
	if len(meant) > 0 {
		err := db.Query(db.nounsByTerm(slices.Sorted(maps.Keys(meant))), func(r *database.Row) {
			id := meant[r.Text()]
			noun := scanNoun(r)
			now[id] = cms.NamedRef{Noun: noun, Ref: scanRef(r)}
		})
		if err != nil {
			return err
		}
	}
	for i := range list {
		named, err := list[i].Rule.Resolved(func(_ cms.Noun, id string) (string, error) {
			if ref, ok := now[id]; ok {
				list[i].RuleRefs = append(list[i].RuleRefs, cms.RefID{Noun: ref.Noun, ID: ref.ID})
			}
			return cmp.Or(now[id].Slug, id), nil
		})
		if err != nil {
			return err
		}
		list[i].NamedRule = named
	}
	return nil
}

// ByID returns the collection with an id as editors see it, ErrNotFound if there is none.
func (s *Collections) ByID(db *DB, id cms.ID) (*cms.Collection, error) {
	return s.InView(db, cms.DraftView, id)
}

// ByIDs returns the collections with these ids, by id, without their items.
func (s *Collections) ByIDs(db *DB, ids []cms.ID) (map[cms.ID]*cms.Collection, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows := database.WhereIn(db.Tx, database.From("collections AS n"), "n.id", ids)
	list, err := s.find(db, rows)
	found := make(map[cms.ID]*cms.Collection, len(list))
	for i := range list {
		found[list[i].ID] = &list[i]
	}
	return found, err
}

// PlacesOf returns where an article stands in collections, as a view has them: in at most five
// statements.
func (s *Collections) PlacesOf(
	db *DB, view cms.View, article cms.ID,
) (found cms.ArticlePlaces, err error) {
	found.Show(cms.CollectionNoun.ListCacheTags()...)
	collections, err := s.find(db, database.From("collections AS n").
		Where("EXISTS (SELECT 1 FROM collection_items AS i WHERE i.collection_id = n.id "+
			"AND i.article_id = ? AND i.valid_until IS NULL)", article).
		OrderBy("n.name_key, n.id").
		Limit(cms.MaxPlaces, 0))
	if err != nil || len(collections) == 0 {
		return found, err
	}
	ids := make([]cms.ID, len(collections))
	for i := range collections {
		ids[i] = collections[i].ID
	}
	items, err := db.Items(ids...)
	if err != nil {
		return found, err
	}
	details, err := db.itemDetails(view, items)
	of := map[cms.ID][]cms.ItemDetail{}
	for _, d := range details {
		of[d.CollectionID] = append(of[d.CollectionID], d)
	}
	for _, c := range collections {
		if place, ok := cms.PlaceIn(of[c.ID], article); ok {
			place.Collection = cms.Ref{
				ID: c.ID, Slug: c.Slug, Name: c.Name, URL: c.URL, Localized: c.Localized,
			}
			found.Places = append(found.Places, place)
		}
	}
	found.ShowItems(items, db.Now())
	return found, err
}

// Create saves a new collection.
func (s *Collections) Create(db *DB, c *cms.Collection) error {
	if err := s.Nouns.Create(db, c); err != nil {
		return err
	}
	return errors.Join(saveRule(db, c), listName(db, c))
}

// Update saves a collection that was changed, but not its items.
func (s *Collections) Update(db *DB, c *cms.Collection) error {
	if err := s.Nouns.Update(db, c); err != nil {
		return err
	}
	return errors.Join(saveRule(db, c), listName(db, c))
}

// listName lets a collection be found by its names.
func listName(db *DB, c *cms.Collection) error {
	_, err := db.listNames(cms.CollectionNoun, c.ID,
		[]cms.NounName{{Key: c.NameKey, Name: c.Name}}, c.Localized)
	return err
}

// saveRule keeps the rule of a version.
func saveRule(db *DB, c *cms.Collection) error {
	return db.GORM.Create(&collectionRule{c.ID, c.Version, c.UpdatedAt, c.Size, c.Rule}).Error
}

// Delete removes a collection with its items. It is an InUse error if it stands on a front, or is
// the ticker of the site.
func (s *Collections) Delete(db *DB, id cms.ID) error {
	rows := database.From("front_slots AS s JOIN fronts AS n ON n.id = s.front_id").
		Where("s.collection_id = ?", id).
		Where("s.valid_until IS NULL").
		OrderBy("n.name_key, n.id, s.position")
	places, err := database.QueryAll(db.Tx, rows.Columns("n.name, s.position, s.name"),
		func(r *database.Row) string {
			front := r.Text()
			return cms.PlaceOf(front, cms.Slot{Position: int(r.Number()), Name: r.Text()})
		})
	if err != nil {
		return err
	}
	if len(places) > 0 {
		return cms.Errorf(cms.InUse, "It stands on fronts; take it off first: %s.",
			strings.Join(places[:min(len(places), maxPlaces)], ", "))
	}
	site, err := db.Site()
	if err != nil {
		return err
	}
	if site.Ticker == string(id) {
		return cms.Errorf(cms.InUse, "It is the ticker of the site; choose another one first.")
	}
	for _, table := range []string{"collection_items", "collection_rules"} {
		err := db.Exec("DELETE FROM "+table+" WHERE collection_id = ?", string(id))
		if err != nil {
			return err
		}
	}
	return s.Nouns.Delete(db, id)
}

// maxPlaces is how many places an error names in which something is used.
const maxPlaces = 20

// SaveItems saves the version of a collection whose items were changed, those that have ended, and
// those that have begun.
func (s *Collections) SaveItems(db *DB, c *cms.Collection, ended, begun []cms.Item) error {
	err := db.Exec("UPDATE collections SET version = ?, updated_at = ? WHERE id = ?", c.Version,
		c.UpdatedAt, string(c.ID))
	if err != nil {
		return err
	}
	db.invalidateNoun(cms.CollectionNoun, c.ID)
	if len(ended) > 0 {
		ids := make([]cms.ID, len(ended))
		for i := range ended {
			ids[i] = ended[i].ID
		}
		some := database.OneOf(db.Tx, "id", ids)
		err := db.Exec("UPDATE collection_items SET valid_until = ? "+
			"WHERE valid_until IS NULL AND "+some.Text, append([]any{c.UpdatedAt}, some.Args...)...)
		if err != nil {
			return err
		}
	}
	if err := database.Insert(db.Tx, itemTable, begun...); err != nil {
		return err
	}
	return db.setItemPictures(c.ID)
}
