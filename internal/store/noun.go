package store

import (
	"errors"
	"slices"
	"strings"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"gorm.io/gorm"
)

// Common is satisfied by pointers to structs that embed cms.Base or, without slugs, cms.Record.
type Common[N any] interface {
	*N
	Common() *cms.Record
	PresentSlug() string
	SetURL(url string)
}

// Nouns are the rows of one kind of plain noun. GORM maps them: they are few, and what readers ask
// of them is cached.
type Nouns[N any, P Common[N]] struct {
	Noun   cms.Noun
	Orders map[string]order // by the field of a sort; columns are of the table "n"
	Name   string           // the column with what nouns are found by; empty: their names
}

// slugRow says which noun a slug leads to: its present slug and those it had.
type slugRow struct {
	Noun string `gorm:"primaryKey"` // the singular of its kind
	Slug string `gorm:"primaryKey"`
	ID   cms.ID
}

// TableName returns the table of slugs.
func (slugRow) TableName() string { return "slugs" }

// List returns a page of nouns in at most two statements.
func (s *Nouns[N, P]) List(db *DB, q cms.NounQuery) (cms.List[N], error) {
	rows := s.rows(db, q)
	if q.NameContains != "" {
		found := db.hasInName()
		if s.Name != "" {
			found = db.Contains("n." + s.Name)
		}
		rows = rows.Where(found, q.NameContains)
	}
	return s.page(db, rows, q)
}

// rows returns the nouns that a query asks for by id and slug, from the table "n".
func (s *Nouns[N, P]) rows(db *DB, q cms.NounQuery) database.Select {
	rows := database.From(s.Noun.Plural + " AS n")
	rows = database.WhereIn(db.Tx, rows, "n.id", q.IDs)
	return database.WhereIn(db.Tx, rows, "n.slug", q.Slugs)
}

// page returns a page of a selection from the table "n".
func (s *Nouns[N, P]) page(
	db *DB, rows database.Select, q cms.NounQuery,
) (list cms.List[N], err error) {
	var total int64
	if q.Page.Count {
		if total, err = db.Count(rows); err != nil {
			return list, err
		}
	}
	found, err := s.find(db, s.Orders[q.Sort.By].page(rows, q.Sort, q.Page))
	list = pageOf(found, q.Page)
	list.Total = total
	return list, err
}

// nounRow is a noun with the version of all names.
type nounRow[N any] struct {
	Noun  N `gorm:"embedded"`
	Names int64
}

// find returns the nouns of a selection from the table "n", with their addresses.
func (s *Nouns[N, P]) find(db *DB, rows database.Select) ([]N, error) {
	model := gorm.Statement{DB: db.GORM}
	if err := model.Parse(new(N)); err != nil {
		return nil, err
	}
	columns := "n." + strings.Join(model.Schema.DBNames, ", n.") + ", " + namesVersion + " AS names"
	query := rows.Columns(columns)
	found := []nounRow[N]{}
	err := db.GORM.Raw(query.Text, query.Args...).Scan(&found).Error
	if err != nil || len(found) == 0 {
		return []N{}, err
	}
	site, err := db.siteAt(found[0].Names)
	if err != nil {
		return nil, err
	}
	nouns := make([]N, len(found))
	for i := range found {
		nouns[i] = found[i].Noun
		n := P(&nouns[i])
		n.SetURL(site.NounURL(s.Noun, &cms.Ref{ID: n.Common().ID, Slug: n.PresentSlug()}))
	}
	return nouns, nil
}

// ByID returns the noun with an id, ErrNotFound if there is none.
func (s *Nouns[N, P]) ByID(db *DB, id cms.ID) (P, error) {
	found, err := s.find(db, database.From(s.Noun.Plural+" AS n").Where("n.id = ?", id))
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}

// Create saves a new noun.
func (s *Nouns[N, P]) Create(db *DB, n P) error {
	if err := db.GORM.Table(s.Noun.Plural).Create(n).Error; err != nil {
		return err
	}
	return s.saved(db, n)
}

// Update saves a noun that was changed, but for the fields that only a new one sets.
func (s *Nouns[N, P]) Update(db *DB, n P) error {
	err := db.GORM.Table(s.Noun.Plural).Select("*").Where("id = ?", n.Common().ID).Updates(n).Error
	if err != nil {
		return err
	}
	db.bumpNames()
	return s.saved(db, n)
}

func (s *Nouns[N, P]) saved(db *DB, n P) error {
	id := n.Common().ID
	db.invalidateNoun(s.Noun, id)
	if slug := n.PresentSlug(); slug != "" {
		return db.AddSlugs(s.Noun, id, slug)
	}
	return nil
}

// Delete removes a noun with its slugs and all references to it.
func (s *Nouns[N, P]) Delete(db *DB, id cms.ID) error {
	db.invalidateNoun(s.Noun, id)
	db.bumpNames()
	if err := db.addGoneNoun(s.Noun, id); err != nil {
		return err
	}
	if err := db.deleteSlugs(s.Noun, id); err != nil {
		return err
	}
	if err := db.deleteRefs(id); err != nil {
		return err
	}
	if err := db.forgetMediaUses(id); err != nil {
		return err
	}
	return db.GORM.Table(s.Noun.Plural).Where("id = ?", id).Delete(new(N)).Error
}

// NounBySlug returns the id of the noun that a slug leads to, now or once; ErrNotFound if it leads
// to none.
func (db *DB) NounBySlug(noun cms.Noun, slug string) (cms.ID, error) {
	rows := database.From("slugs").Where("noun = ?", noun.Singular).Where("slug = ?", slug)
	return database.QueryRow(db.Tx, rows.Columns("id"), scanID)
}

// SlugIsFree reports whether a slug leads to no other noun of the kind than id.
func (db *DB) SlugIsFree(noun cms.Noun, slug string, id cms.ID) (bool, error) {
	owner, err := db.NounBySlug(noun, slug)
	if errors.Is(err, ErrNotFound) {
		return true, nil
	}
	return owner == id, err
}

// AddSlugs lets slugs lead to a noun, unless they lead to one of its kind already.
func (db *DB) AddSlugs(noun cms.Noun, id cms.ID, slugs ...string) error {
	for _, slug := range slices.Compact(slugs) {
		err := db.Exec(`INSERT INTO slugs (noun, slug, id) VALUES (?, ?, ?)
			ON CONFLICT (noun, slug) DO NOTHING`, noun.Singular, slug, string(id))
		if err != nil {
			return err
		}
	}
	return nil
}

// moveSlugs lets the slugs of one noun lead to another.
func (db *DB) moveSlugs(noun cms.Noun, from, into cms.ID) error {
	return db.Exec("UPDATE slugs SET id = ? WHERE noun = ? AND id = ?", string(into),
		noun.Singular, string(from))
}

func (db *DB) deleteSlugs(noun cms.Noun, id cms.ID) error {
	return db.Exec("DELETE FROM slugs WHERE noun = ? AND id = ?", noun.Singular, string(id))
}

// invalidateNoun records that a noun is shown otherwise than before, or is new or deleted.
func (db *DB) invalidateNoun(noun cms.Noun, id cms.ID) {
	db.invalidate(cms.NounChanged(noun, id)...)
}

// Ancestors returns the nouns above a noun of a kind that has parents, the nearest first.
func (db *DB) Ancestors(noun cms.Noun, id cms.ID) ([]cms.ID, error) {
	var above []cms.ID
	rows := database.From(noun.Plural)
	for {
		parents := rows.Where("id = ?", id).Columns("parent_id")
		parent, err := database.QueryRow(db.Tx, parents, scanID)
		if err != nil || parent == "" || slices.Contains(above, parent) {
			return above, err
		}
		above = append(above, parent)
		id = parent
	}
}

// Height returns how many nouns the longest chain downwards from a noun holds, itself included; 1
// for one that is not saved. It looks no deeper than most + 1.
func (db *DB) Height(noun cms.Noun, id cms.ID, most int) (int, error) {
	height, err := database.QueryRow(db.Tx, database.SQL(`WITH RECURSIVE below (id, depth) AS (
			SELECT id, 1 FROM `+noun.Plural+` WHERE id = ?
			UNION ALL SELECT n.id, b.depth + 1 FROM `+noun.Plural+` AS n
				JOIN below AS b ON n.parent_id = b.id WHERE b.depth <= ?)
		SELECT coalesce(max(depth), 1) FROM below`, id, most), (*database.Row).Number)
	return int(height), err
}
