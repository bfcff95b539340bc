package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

var sections = Nouns[cms.Section, *cms.Section]{
	Noun:   cms.SectionNoun,
	Orders: sectionOrders(),
}

// sectionOrders are the orders of sections: that of the tree, too.
func sectionOrders() map[string]order {
	orders := countedOrders()
	orders["tree"] = orderBy("n.tree_key", "n.id", byText)
	return orders
}

// Sections are the rows of sections, whose paths and order follow from the tree.
type Sections struct{}

// List returns a page of sections.
func (Sections) List(db *DB, q cms.NounQuery) (cms.List[cms.Section], error) {
	list, err := sections.List(db, q)
	if err != nil {
		return list, err
	}
	if err := addParents(db, list.Rows); err != nil {
		return list, err
	}
	return list, addSectionPictures(db, list.Rows)
}

// ByID returns the section with an id, ErrNotFound if there is none.
func (Sections) ByID(db *DB, id cms.ID) (*cms.Section, error) {
	s, err := sections.ByID(db, id)
	if err != nil {
		return nil, err
	}
	one := []cms.Section{*s}
	return &one[0], errors.Join(addParents(db, one), addSectionPictures(db, one))
}

func addSectionPictures(db *DB, list []cms.Section) error {
	return pictures(db, list, func(s *cms.Section) cms.ID { return s.ImageID },
		func(s *cms.Section, m *cms.Medium) { s.Image = m })
}

// Create saves a new section.
func (Sections) Create(db *DB, s *cms.Section) error {
	if err := sections.Create(db, s); err != nil {
		return err
	}
	if err := db.setPicture(cms.SectionNoun, s.ID, s.ImageID); err != nil {
		return err
	}
	if err := db.addNames(cms.SectionNoun, s.ID, sectionNames(s), s.Localized); err != nil {
		return err
	}
	return db.arrangeSections()
}

// Update saves a section that was changed.
func (Sections) Update(db *DB, s *cms.Section) error {
	if err := sections.Update(db, s); err != nil {
		return err
	}
	if err := db.setPicture(cms.SectionNoun, s.ID, s.ImageID); err != nil {
		return err
	}
	if err := db.saveNames(cms.SectionNoun, s.ID, sectionNames(s), s.Localized); err != nil {
		return err
	}
	return db.arrangeSections()
}

func sectionNames(s *cms.Section) []cms.NounName {
	return []cms.NounName{{Key: s.NameKey, Name: s.Name}}
}

// Delete removes a section. It is an InUse error if articles refer to it or sections stand below
// it.
func (Sections) Delete(db *DB, id cms.ID) error {
	if err := db.checkUnused(cms.SectionNoun, id); err != nil {
		return err
	}
	below, err := db.Count(database.From("sections").Where("parent_id = ?", id))
	if err != nil {
		return err
	}
	if below > 0 {
		return cms.Errorf(cms.InUse, "Sections stand below this one (%d).", below).
			WithHint(cms.HintDeleteInto)
	}
	return deleteSection(db, id)
}

// deleteSection removes a section with the paths that it had.
func deleteSection(db *DB, id cms.ID) error {
	if err := db.Exec("DELETE FROM section_paths WHERE id = ?", string(id)); err != nil {
		return err
	}
	return sections.Delete(db, id)
}

// Merge saves a section that was changed, gives it all that another one has (articles, editions,
// slugs and the sections below) and removes that.
func (Sections) Merge(db *DB, from cms.ID, into *cms.Section) error {
	if err := sections.Update(db, into); err != nil {
		return err
	}
	if err := db.mergeRefs(cms.SectionNoun, from, into.ID); err != nil {
		return err
	}
	err := db.Exec("UPDATE sections SET parent_id = ? WHERE parent_id = ? AND id <> ?",
		string(into.ID), string(from), string(into.ID))
	if err != nil {
		return err
	}
	if err := db.moveSectionPaths(from, into.ID); err != nil {
		return err
	}
	if err := deleteSection(db, from); err != nil {
		return err
	}
	if err := db.invalidatePages(); err != nil {
		return err
	}
	return db.arrangeSections()
}

// addParents sets the addresses of sections, and their parents in one statement.
func addParents(db *DB, list []cms.Section) error {
	if len(list) == 0 {
		return nil
	}
	site, err := db.Site()
	if err != nil {
		return err
	}
	ids := []cms.ID{}
	for i := range list {
		s := &list[i]
		s.URL = site.NounURL(cms.SectionNoun, &cms.Ref{ID: s.ID, Slug: s.Slug, Path: s.Path})
		if s.ParentID != nil {
			ids = append(ids, *s.ParentID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	parents := map[cms.ID]cms.Ref{}
	rows := database.WhereIn(db.Tx, database.From("sections AS t"), "t.id", ids)
	err = db.Query(rows.Columns(refColumns(cms.SectionNoun)), func(r *database.Row) {
		ref := scanPage(r, cms.SectionNoun, site)
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

// arrangeSections computes path, depth and order of all sections again, and what each stands below,
// and saves what differs. A site has some hundred sections at most, and they change seldom.
func (db *DB) arrangeSections() error {
	all, err := sections.find(db, database.From("sections AS n"))
	if err != nil {
		return err
	}
	a := sectionTree{db: db, below: map[cms.ID][]*cms.Section{}, moved: map[cms.ID]bool{}}
	if a.above, err = db.readTree(); err != nil {
		return err
	}
	for i := range all {
		parent := cms.ID("")
		if all[i].ParentID != nil {
			parent = *all[i].ParentID
		}
		a.below[parent] = append(a.below[parent], &all[i])
	}
	if err := a.arrange("", cms.Section{}, nil); err != nil {
		return err
	}
	if a.renamed {
		if err := db.invalidatePages(); err != nil {
			return err
		}
	}
	return db.recount(cms.SectionNoun, slices.Sorted(maps.Keys(a.moved)))
}

// invalidatePages records that a section has another path: if the paths of articles name their
// section, all that shows an address of one is invalid, wherever it stands.
func (db *DB) invalidatePages() error {
	site, err := db.Site()
	if err == nil && site.HasSections() {
		db.invalidate(cms.SiteCacheTag)
	}
	return err
}

// sectionTree is the tree of sections while it is arranged.
type sectionTree struct {
	db      *DB
	below   map[cms.ID][]*cms.Section
	above   map[cms.ID][]cms.ID // as it is stored, by id
	moved   map[cms.ID]bool     // the sections that have got or lost articles of others
	renamed bool                // whether one that was there has another path
}

// arrange arranges the sections below one. It ends at the depth that sections may have.
func (a *sectionTree) arrange(id cms.ID, parent cms.Section, above []cms.ID) error {
	for _, s := range a.below[id] {
		was := *s
		s.Depth = parent.Depth + 1
		s.Path = s.Slug
		if parent.Path != "" {
			s.Path = parent.Path + "/" + s.Slug
		}
		// No name has a character below U+0002, so a section stands before those below it.
		s.TreeKey = fmt.Sprintf("%s%010d %s\x02%s\x01", parent.TreeKey, s.Position, s.NameKey, s.ID)
		if was.Path != s.Path || was.Depth != s.Depth || was.TreeKey != s.TreeKey {
			err := a.db.Exec("UPDATE sections SET path = ?, depth = ?, tree_key = ? WHERE id = ?",
				s.Path, s.Depth, s.TreeKey, string(s.ID))
			if err != nil {
				return err
			}
			a.db.invalidateNoun(cms.SectionNoun, s.ID)
			a.renamed = a.renamed || (was.Path != "" && was.Path != s.Path)
			if was.Path != s.Path && was.Path != "" {
				if err := a.db.addSectionPath(was.Path, s.ID); err != nil {
					return err
				}
			}
		}
		chain := append(slices.Clone(above), s.ID)
		if err := a.place(s, slices.Sorted(slices.Values(chain))); err != nil {
			return err
		}
		if err := a.arrange(s.ID, *s, chain); err != nil {
			return err
		}
	}
	return nil
}

// place saves what a section stands below, in order, itself included.
func (a *sectionTree) place(s *cms.Section, above []cms.ID) error {
	was := a.above[s.ID]
	if slices.Equal(was, above) {
		return nil
	}
	if s.ArticleCount > 0 {
		for _, id := range slices.Concat(was, above) {
			if !slices.Contains(was, id) || !slices.Contains(above, id) {
				a.moved[id] = true
			}
		}
	}
	return a.db.moveInTree(s.ID, above)
}
