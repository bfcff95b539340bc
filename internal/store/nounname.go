package store

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/search"
)

// nounName is a name that a noun articles refer to is known by.
type nounName struct {
	ID       cms.ID `gorm:"primaryKey"`
	Position int    `gorm:"primaryKey"` // 0: the noun's own name; below: one in another language
	Noun     string // the singular of its kind
	NameKey  string
	Name     string
}

// nounWord is a word in a name of a noun, in one of the forms it is found by.
type nounWord struct {
	Noun string `gorm:"primaryKey"`
	Word string `gorm:"primaryKey"`
	ID   cms.ID `gorm:"primaryKey"`
}

// nounTermRow says which noun a term in the search index stands for.
type nounTermRow struct {
	Term string `gorm:"primaryKey"`
	Noun string
	ID   cms.ID
}

// TableName returns the table that the terms of nouns are in.
func (nounTermRow) TableName() string { return "noun_terms" }

// nounTerm returns the term that stands for a noun in the search index, whatever its kind.
func nounTerm(id cms.ID) string { return "tag" + strings.ReplaceAll(string(id), "-", "") }

// addNames lets articles refer to a new noun, and lets it be found by names, its own first.
func (db *DB) addNames(
	noun cms.Noun, id cms.ID, names []cms.NounName, localized cms.Localized,
) error {
	if err := db.GORM.Create(&nounTermRow{nounTerm(id), noun.Singular, id}).Error; err != nil {
		return err
	}
	return db.saveNames(noun, id, names, localized)
}

// saveNames makes names, its own first, and those in other languages all the names of a noun, and
// lets the slugs of the others lead to it.
func (db *DB) saveNames(
	noun cms.Noun, id cms.ID, names []cms.NounName, localized cms.Localized,
) error {
	all, err := db.listNames(noun, id, names, localized)
	if err != nil {
		return err
	}
	if err := db.saveWords(noun, id, all); err != nil {
		return err
	}
	var slugs []string
	for _, n := range names[1:] {
		if n.Slug != "" {
			slugs = append(slugs, n.Slug)
		}
	}
	return db.AddSlugs(noun, id, slugs...)
}

// listNames makes names, its own first, and those in other languages all the names that a noun is
// found by in lists, and returns them.
func (db *DB) listNames(
	noun cms.Noun, id cms.ID, names []cms.NounName, localized cms.Localized,
) ([]nounName, error) {
	if err := db.Exec("DELETE FROM noun_names WHERE id = ?", id); err != nil {
		return nil, err
	}
	var rows []nounName
	for i, n := range names {
		rows = append(rows, nounName{id, i, noun.Singular, n.Key, n.Name})
	}
	for i, n := range localized.Names() {
		rows = append(rows, nounName{id, -1 - i, noun.Singular, n.Key, n.Name})
	}
	return rows, db.GORM.Create(&rows).Error
}

// saveWords makes the words of names all words that a noun is found by.
func (db *DB) saveWords(noun cms.Noun, id cms.ID, names []nounName) error {
	if err := db.Exec("DELETE FROM noun_words WHERE id = ?", id); err != nil {
		return err
	}
	var rows []nounWord
	for _, n := range names {
		for w := range search.Words(n.Name) {
			for _, form := range w.Terms() {
				row := nounWord{noun.Singular, form, id}
				if !slices.Contains(rows, row) {
					rows = append(rows, row)
				}
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return db.GORM.Create(&rows).Error
}

// deleteRefs removes a noun from every article and edition, and lets nothing find it.
func (db *DB) deleteRefs(id cms.ID) error {
	for _, table := range []string{
		"article_refs WHERE ref_id", "feed WHERE ref_id", "noun_names WHERE id",
		"noun_words WHERE id", "noun_terms WHERE id", "noun_tree WHERE id",
	} {
		if err := db.Exec("DELETE FROM "+table+" = ?", id); err != nil {
			return err
		}
	}
	return nil
}

// refColumns returns the columns of the nouns t of a kind, as scanRef reads them.
func refColumns(noun cms.Noun) string {
	path, image := "''", "''"
	if isTree(noun) {
		path = "t.path"
	}
	if noun == cms.AuthorNoun {
		image = "t.image_id"
	}
	return "t.id, t.slug, t.name, " + path + ", " + image + ", t.localized"
}

// scanRef reads a noun as others show it, without its address.
func scanRef(r *database.Row) cms.Ref {
	ref := cms.Ref{
		ID: scanID(r), Slug: r.Text(), Name: r.Text(), Path: r.Text(), ImageID: scanID(r),
	}
	if localized := r.Text(); len(localized) > len("{}") && localized != "null" {
		if err := json.Unmarshal([]byte(localized), &ref.Localized); err != nil {
			r.Fail(err)
		}
	}
	return ref
}

// scanPage reads a noun as others show it, with its address on a site.
func scanPage(r *database.Row, noun cms.Noun, site *cms.Site) cms.Ref {
	ref := scanRef(r)
	ref.URL = site.NounURL(noun, &ref)
	return ref
}

// MostReferred returns the slugs of the nouns of a kind that most live articles refer to, of those
// that have a folded text in a name; empty: of all.
func (db *DB) MostReferred(noun cms.Noun, inName string, limit int) ([]string, error) {
	rows := database.From(noun.Plural + " AS n")
	if inName != "" {
		rows = rows.Where(db.hasInName(), inName)
	}
	rows = rows.OrderBy("n.article_count DESC, n.id").Limit(limit, 0)
	return database.QueryAll(db.Tx, rows.Columns("n.slug"), (*database.Row).Text)
}

// hasInName returns the condition that a noun n has a bound text in a name, which is folded.
func (db *DB) hasInName() string {
	return "EXISTS (SELECT 1 FROM noun_names AS x WHERE x.id = n.id AND " +
		db.Contains("x.name_key") + ")"
}

// NounByName returns a noun of a kind that has a folded name, ErrNotFound if there is none.
func (db *DB) NounByName(noun cms.Noun, key string) (cms.Ref, error) {
	rows := database.From("noun_names AS x").
		Join("JOIN "+noun.Plural+" AS t ON t.id = x.id").
		Where("x.noun = ? AND x.name_key = ?", noun.Singular, key).
		OrderBy("CASE WHEN x.position < 0 THEN 1 ELSE 0 END, x.id").
		Limit(1, 0)
	return database.QueryRow(db.Tx, rows.Columns(refColumns(noun)), scanRef)
}

// NounsByName returns the ids of nouns of a kind with folded names, by name; a name that none has
// is missing.
func (db *DB) NounsByName(noun cms.Noun, keys []string) (map[string]cms.ID, error) {
	ids := make(map[string]cms.ID, len(keys))
	if len(keys) == 0 {
		return ids, nil
	}
	rows := database.From("noun_names").Where("noun = ?", noun.Singular)
	rows = database.WhereIn(db.Tx, rows, "name_key", keys).
		OrderBy("CASE WHEN position < 0 THEN 0 ELSE 1 END, id DESC")
	err := db.Query(rows.Columns("name_key, id"),
		func(r *database.Row) { ids[r.Text()] = scanID(r) })
	return ids, err
}

// KnownNouns returns the nouns of a kind that ids and slugs mean, by id or slug; those that mean
// none are missing. The id of a noun that was merged means the one it was merged into.
func (db *DB) KnownNouns(noun cms.Noun, refs []string) (map[string]cms.Ref, error) {
	ids, slugs := splitRefs(refs)
	known := map[string]cms.Ref{}
	if len(slugs) > 0 {
		rows := database.From("slugs AS x").
			Join("JOIN "+noun.Plural+" AS t ON t.id = x.id").
			Where("x.noun = ?", noun.Singular)
		rows = database.WhereIn(db.Tx, rows, "x.slug", slugs)
		err := db.Query(rows.Columns("x.slug, "+refColumns(noun)),
			func(r *database.Row) { known[r.Text()] = scanRef(r) })
		if err != nil {
			return nil, err
		}
	}
	if len(ids) == 0 {
		return known, nil
	}
	byTerm := map[string]cms.Ref{}
	terms := make([]string, len(ids))
	for i, id := range ids {
		terms[i] = nounTerm(id)
	}
	rows := database.From("noun_terms AS x").Join("JOIN " + noun.Plural + " AS t ON t.id = x.id")
	rows = database.WhereIn(db.Tx, rows, "x.term", terms)
	err := db.Query(rows.Columns("x.term, "+refColumns(noun)),
		func(r *database.Row) { byTerm[r.Text()] = scanRef(r) })
	for _, ref := range refs {
		if id, ok := cms.ParseID(ref); ok {
			if n, ok := byTerm[nounTerm(id)]; ok {
				known[ref] = n
			}
		}
	}
	return known, err
}

// mergeRefs gives the articles, editions and slugs of a noun to another one of its kind.
func (db *DB) mergeRefs(noun cms.Noun, from, into cms.ID) error {
	for more := true; more; {
		var err error
		if more, err = db.MoveRefs(noun, from, into, mergeSlice); err != nil {
			return err
		}
	}
	err := db.Exec("UPDATE noun_terms SET id = ? WHERE id = ?", string(into), string(from))
	if err != nil {
		return err
	}
	return db.moveSlugs(noun, from, into)
}

// mergeSlice is how many articles are moved by a statement of a merge.
const mergeSlice = 1000

// addWords lets nouns be found by their names that were created before articles could refer to
// their kind.
func (s *Store) addWords(ctx context.Context) error {
	var unknown []nounName
	var kinds []string
	for _, r := range cms.References {
		kinds = append(kinds, r.Noun.Singular)
	}
	find := func(db *DB) error {
		return db.GORM.Raw(`SELECT * FROM noun_names AS n
			WHERE n.noun IN ? AND NOT EXISTS (SELECT 1 FROM noun_words AS w WHERE w.id = n.id)`, kinds).
			Scan(&unknown).Error
	}
	if err := s.Read(ctx, Internal, find); err != nil || len(unknown) == 0 {
		return err
	}
	return s.Write(ctx, func(db *DB) error {
		if err := find(db); err != nil {
			return err
		}
		for _, n := range unknown {
			ref, _ := cms.ReferenceTo(n.Noun)
			if err := db.saveWords(ref.Noun, n.ID, []nounName{n}); err != nil {
				return err
			}
		}
		return nil
	})
}
