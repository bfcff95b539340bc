package store

import (
	"fmt"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

var sections = Nouns[cms.Section, *cms.Section]{
	Noun: cms.SectionNoun,
	Name: "name_key",
	Orders: map[string]order{
		"tree": orderBy("n.tree_key", "n.id", byText),
	},
}

// Sections are the rows of sections, whose paths and order follow from the tree.
type Sections struct{}

// List returns a page of sections.
func (Sections) List(db *DB, q cms.NounQuery) (cms.List[cms.Section], error) {
	list, err := sections.List(db, q)
	if err != nil {
		return list, err
	}
	return list, addParents(db, list.Rows)
}

// ByID returns the section with an id, ErrNotFound if there is none.
func (Sections) ByID(db *DB, id cms.ID) (*cms.Section, error) {
	s, err := sections.ByID(db, id)
	if err != nil {
		return nil, err
	}
	one := []cms.Section{*s}
	return &one[0], addParents(db, one)
}

// Create saves a new section.
func (Sections) Create(db *DB, s *cms.Section) error {
	if err := sections.Create(db, s); err != nil {
		return err
	}
	return db.arrangeSections()
}

// Update saves a section that was changed.
func (Sections) Update(db *DB, s *cms.Section) error {
	if err := sections.Update(db, s); err != nil {
		return err
	}
	return db.arrangeSections()
}

// Delete removes a section. It is an InUse error if sections stand below it.
func (Sections) Delete(db *DB, id cms.ID) error {
	below, err := db.Count(database.From("sections").Where("parent_id = ?", id))
	if err != nil {
		return err
	}
	if below > 0 {
		return cms.Errorf(cms.InUse,
			"Sections stand below this one (%d); move or delete them first.", below)
	}
	return sections.Delete(db, id)
}

// addParents sets the parents of sections, in one statement.
func addParents(db *DB, list []cms.Section) error {
	ids := []cms.ID{}
	for i := range list {
		if p := list[i].ParentID; p != nil {
			ids = append(ids, *p)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	parents := map[cms.ID]cms.Ref{}
	rows := database.WhereIn(db.Tx, database.From("sections AS t"), "t.id", ids)
	err := db.Query(rows.Columns(refColumns), func(r *database.Row) {
		ref := scanTagRef(r)
		parents[ref.ID] = ref
	})
	for i := range list {
		if p := list[i].ParentID; p != nil {
			ref := parents[*p]
			list[i].Parent = &ref
		}
	}
	return err
}

// arrangeSections computes path, depth and order of all sections again and saves what differs. A
// site has some hundred sections at most, and they change seldom.
func (db *DB) arrangeSections() error {
	all, err := sections.find(db, database.From("sections AS n"))
	if err != nil {
		return err
	}
	below := map[cms.ID][]*cms.Section{}
	for i := range all {
		parent := cms.ID("")
		if all[i].ParentID != nil {
			parent = *all[i].ParentID
		}
		below[parent] = append(below[parent], &all[i])
	}
	return db.arrangeBelow(below, "", cms.Section{})
}

// arrangeBelow arranges the sections below one. The level ends at the depth that sections may have.
func (db *DB) arrangeBelow(below map[cms.ID][]*cms.Section, id cms.ID, above cms.Section) error {
	for _, s := range below[id] {
		was := *s
		s.Depth = above.Depth + 1
		s.Path = s.Slug
		if above.Path != "" {
			s.Path = above.Path + "/" + s.Slug
		}
		// No name has a character below U+0002, so a section stands before those below it.
		s.TreeKey = fmt.Sprintf("%s%010d %s\x02%s\x01", above.TreeKey, s.Position, s.NameKey, s.ID)
		if was.Path != s.Path || was.Depth != s.Depth || was.TreeKey != s.TreeKey {
			err := db.Exec("UPDATE sections SET path = ?, depth = ?, tree_key = ? WHERE id = ?",
				s.Path, s.Depth, s.TreeKey, string(s.ID))
			if err != nil {
				return err
			}
			db.invalidateNoun(cms.SectionNoun, s.ID)
		}
		if err := db.arrangeBelow(below, s.ID, *s); err != nil {
			return err
		}
	}
	return nil
}
