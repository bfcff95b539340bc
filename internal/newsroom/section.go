package newsroom

import (
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// Sections are the verbs of sections.
type Sections struct {
	Noun[cms.Section, *cms.Section, cms.SectionInput]
}

func newSections(n *Newsroom) *Sections {
	s := &Sections{Noun[cms.Section, *cms.Section, cms.SectionInput]{
		kind:     cms.SectionNoun,
		create:   cms.WriteSection,
		revise:   cms.WriteSection,
		rows:     store.Sections{},
		input:    (*cms.Section).Input,
		newsroom: n,
	}}
	s.apply = s.applyInput
	return s
}

func (s *Sections) applyInput(db *store.DB, n *cms.Section, in cms.SectionInput) error {
	slug, err := s.slugFor(db, &n.Base, in.Slug, in.Name)
	if err != nil {
		return err
	}
	parent, err := s.parentOf(db, n.ID, n.ParentID, in.Parent, cms.MaxSectionDepth)
	if err != nil {
		return err
	}
	n.Slug = slug
	n.Name = in.Name
	n.NameKey = text.NameKey(in.Name)
	n.Description = in.Description
	n.ParentID = parent
	n.Position = in.Position
	return nil
}
