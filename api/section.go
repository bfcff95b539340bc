package api

import (
	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// Section is a part of the site. Sections form a tree.
type Section struct {
	NounRef
	// What the section is about.
	Description *string `json:"description" minLength:"1" maxLength:"1000" example:"News from the five republics."`
	// A picture of it; null: there is none, or it has expired.
	Image *Picture `json:"image"`
	// What it is called in other languages, by locale (BCP 47).
	Localized map[string]LocalizedNoun `json:"localized" maxProperties:"50" examplejson:"{\"ar\": {\"name\": \"آسيا الوسطى\", \"description\": null}}"`
	// The section above this one.
	Parent *ParentNoun `json:"parent" examplejson:"{\"id\": \"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a10\", \"slug\": \"asia\", \"name\": \"Asia\", \"url\": \"https://news.example.org/sections/asia\"}"`
	// Where it stands among the sections with the same parent; those with equal positions stand by
	// name.
	Position int64 `json:"position" minimum:"0" maximum:"1000000" example:"2"`
	// The slugs from the top to it, joined by slashes.
	Path string `json:"path" minLength:"1" maxLength:"963" example:"asia/central-asia"`
	// How many sections the way from the top to it has, itself included.
	Depth int64 `json:"depth" minimum:"1" maximum:"4" example:"2"`
	// How many live articles stand in it and below it, each once.
	ArticleCount int64 `json:"article_count" minimum:"0" example:"12"`
	NounTimes
} // @name Section

// SectionRef names a section where an article shows it.
type SectionRef struct {
	NounRef
	// The slugs from the top to it, joined by slashes.
	Path string `json:"path" minLength:"1" maxLength:"963" example:"asia/central-asia"`
} // @name SectionRef

// newSectionRefs returns the sections of an article.
func newSectionRefs(all []cms.NamedRef) []SectionRef {
	refs := []SectionRef{}
	for _, ref := range cms.RefsTo(all, cms.SectionNoun) {
		refs = append(refs, SectionRef{newRef(ref.Ref), ref.Path})
	}
	return refs
}

// SectionInput is a section as it is written.
type SectionInput struct {
	NounInput
	// What the section is about.
	Description *string `json:"description,omitempty" maxLength:"1000" extensions:"x-nullable" example:"News from the five republics."`
	// The section above this one, by id or slug.
	Parent *string `json:"parent,omitempty" maxLength:"240" extensions:"x-nullable" example:"asia"`
	// Where it stands among the sections with the same parent. Default: 0.
	Position *int64 `json:"position,omitempty" minimum:"0" maximum:"1000000" extensions:"x-nullable" example:"2"`
	// A picture of it, by the id of a medium.
	Image *string `json:"image,omitempty" format:"uuid" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51"`
	// What it shall be called in other languages, by locale (BCP 47). One without words
	// is taken away.
	Localized *map[string]LocalizedNounInput `json:"localized,omitempty" maxProperties:"50" extensions:"x-nullable" examplejson:"{\"ar\": {\"name\": \"آسيا الوسطى\"}}"`
} // @name SectionInput

// sections is how sections travel.
func (s *Server) sections() *rest.Noun[cms.Section, cms.SectionInput, SectionInput] {
	n := rest.NewNoun(cms.SectionNoun, s.newSection, (*SectionInput).input, toSectionInput)
	n.Draft = func(d *cms.Section) any {
		section := s.newSection(d)
		section.SetVersion(d.Version)
		section.Image = s.newDraftPicture(d.Image, "")
		return section
	}
	return pictured(counted(n, cms.SectionNoun),
		func(s *cms.Section) *cms.Medium { return s.Image })
}

// newSection returns a section as callers see it.
func (s *Server) newSection(n *cms.Section) Section {
	return Section{
		NounRef:      nounHead(&n.Base, n.Name),
		Description:  nilIfEmpty(n.Description),
		Localized:    localized(n.Localized, newLocalizedNoun),
		Image:        s.newPicture(n.Image, ""),
		Parent:       newParent(n.Parent),
		Position:     n.Position,
		Path:         n.Path,
		Depth:        n.Depth,
		ArticleCount: n.ArticleCount,
		NounTimes:    nounTimes(&n.Record),
	}
}

// input returns what the body of a section sets.
func (in *SectionInput) input() cms.SectionInput {
	return cms.SectionInput{
		Localized:   localizedInput(in.Localized, LocalizedNounInput.words),
		Name:        in.Name,
		Slug:        deref(in.Slug),
		Description: deref(in.Description),
		Parent:      deref(in.Parent),
		Position:    deref(in.Position),
		Image:       mediumRef(in.Image),
	}
}

// toSectionInput returns the inverse of input.
func toSectionInput(in cms.SectionInput) SectionInput {
	return SectionInput{
		NounInput:   NounInput{in.Name, nilIfEmpty(in.Slug)},
		Localized:   writtenLocalized(in.Localized, toLocalizedNounInput),
		Description: nilIfEmpty(in.Description),
		Parent:      nilIfEmpty(in.Parent),
		Position:    &in.Position,
		Image:       nilIfEmpty(in.Image),
	}
}

// listSections lists sections.
//
// @Description Lists all sections in the order of the tree: each before those below it, those with the same parent by position, then name.
// @Kind listNouns section
// @Query sectionListParams
// @Router /v1/sections [get]
func (s *Server) listSections(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readSectionList.Read(q)
	return listNouns(s, c, q, s.sections(), params.nounListParams, rest.ParseSort(params.Sort),
		s.newsroom.Sections.List)
}

// getSection shows one section.
//
// @Kind getNoun section
// @Router /v1/sections/{ref} [get]
func (s *Server) getSection(c echo.Context) error {
	return getNoun(s, c, s.sections(), s.newsroom.Sections.Get)
}

// createSection makes a section.
//
// @Kind createNoun section
// @Router /v1/sections [post]
func (s *Server) createSection(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Create(s.Server, c, repeatable, s.sections(), s.newsroom.Sections.Create)
}

// updateSection changes a section.
//
// @Description Changes the named fields of a section (JSON Merge Patch, RFC 7396): null brings a field back to its default. With another parent it moves, and all below moves with it. A slug it had keeps leading to it.
// @Kind patchNoun section
// @Router /v1/sections/{ref} [patch]
func (s *Server) updateSection(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Patch(s.Server, c, repeatable, s.sections(), s.newsroom.Sections.Revise)
}

// deleteSection removes a section.
//
// @Description Removes a section that has none below it and that no article refers to, in the trash or as readers see it. With into, another one takes its place: it gets the articles, the sections below and the slugs, which lead to it.
// @Kind deleteNoun section
// @Query nounRemovalParams
// @Failure 400 {object} rest.Problem "There is no section like the one in into, or the sections below would stand too deep there."
// @Failure 409 {object} rest.Problem "Articles refer to it, or sections stand below it."
// @Router /v1/sections/{ref} [delete]
func (s *Server) deleteSection(c echo.Context) error {
	return deleteNoun(s, c, s.newsroom.Sections.Delete)
}
