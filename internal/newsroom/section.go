package newsroom

import (
	"context"
	"slices"

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

// Delete deletes a section that nothing refers to. With into, an id or slug, another one takes its
// place: it gets the articles, the slugs and the sections below.
func (s *Sections) Delete(ctx context.Context, call Call, id cms.ID, match cms.Precondition,
	into string) error {
	if into == "" {
		return s.Noun.Delete(ctx, call, id, match)
	}
	_, err := s.merge(ctx, call, id, match, into, mergeSection)
	return aboutInto(err)
}

// mergeSection gives all that a section has to another one and deletes it. If the other one stands
// below it, that takes its place.
func mergeSection(db *store.DB, from *cms.Section, target cms.ID) error {
	into, err := store.Sections{}.ByID(db, target)
	if err != nil {
		return err
	}
	above, err := db.Ancestors(cms.SectionNoun, target)
	if err != nil {
		return err
	}
	if slices.Contains(above, from.ID) {
		into.ParentID = from.ParentID
	}
	into.Version++
	into.UpdatedAt = db.Now()
	if err := (store.Sections{}).Merge(db, from.ID, into); err != nil {
		return err
	}
	height, err := db.Height(cms.SectionNoun, target, cms.MaxSectionDepth)
	if err != nil {
		return err
	}
	above, err = db.Ancestors(cms.SectionNoun, target)
	if err == nil && len(above)+height > cms.MaxSectionDepth {
		err = cms.FieldErrorf(cms.Invalid, "into", "too_deep",
			"The sections below it would stand too deep there: a chain of sections holds at most %d.",
			cms.MaxSectionDepth)
	}
	return err
}

func (s *Sections) applyInput(db *store.DB, n *cms.Section, in cms.SectionInput) error {
	in.Name = cms.TrimLine(in.Name)
	slug, err := s.slugFor(db, &n.Base, in.Slug, in.Name)
	if err != nil {
		return err
	}
	parent, err := s.parentOf(db, n.ID, n.ParentID, in.Parent, cms.MaxSectionDepth)
	if err != nil {
		return err
	}
	if err := checkMedium(db, cms.ID(in.Image), cms.ImageMedium, "image"); err != nil {
		return err
	}
	n.Slug = slug
	n.ImageID = cms.ID(in.Image)
	n.Localized = in.Localized.Canonical()
	n.Name = in.Name
	n.NameKey = text.NameKey(in.Name)
	n.Description = in.Description
	n.ParentID = parent
	n.Position = in.Position
	return nil
}
