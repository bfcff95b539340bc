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
	// The section above this one.
	Parent *ParentNoun `json:"parent" examplejson:"{\"id\": \"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a10\", \"slug\": \"asia\", \"name\": \"Asia\"}"`
	// Where it stands among the sections with the same parent; those with equal positions stand by
	// name.
	Position int64 `json:"position" minimum:"0" maximum:"1000000" example:"2"`
	// The slugs from the top to it, joined by slashes.
	Path string `json:"path" minLength:"1" maxLength:"963" example:"asia/central-asia"`
	// How many sections the way from the top to it has, itself included.
	Depth int64 `json:"depth" minimum:"1" maximum:"4" example:"2"`
	NounTimes
} // @name Section

// SectionInput is a section as it is written.
type SectionInput struct {
	NounInput
	// What the section is about.
	Description *string `json:"description,omitempty" maxLength:"1000" extensions:"x-nullable" example:"News from the five republics."`
	// The section above this one, by id or slug.
	Parent *string `json:"parent,omitempty" maxLength:"240" extensions:"x-nullable" example:"asia"`
	// Where it stands among the sections with the same parent. Default: 0.
	Position *int64 `json:"position,omitempty" minimum:"0" maximum:"1000000" extensions:"x-nullable" example:"2"`
} // @name SectionInput

// sections is how sections travel.
var sections = rest.NewNoun(cms.SectionNoun, newSection, (*SectionInput).input, toSectionInput)

// newSection returns a section as callers see it.
func newSection(s *cms.Section) Section {
	return Section{
		NounRef:     NounRef{string(s.ID), s.Slug, s.Name},
		Description: nilIfEmpty(s.Description),
		Parent:      newParent(s.Parent),
		Position:    s.Position,
		Path:        s.Path,
		Depth:       s.Depth,
		NounTimes:   NounTimes{s.CreatedAt, s.UpdatedAt},
	}
}

// input returns what the body of a section sets.
func (in *SectionInput) input() cms.SectionInput {
	return cms.SectionInput{
		Name:        in.Name,
		Slug:        deref(in.Slug),
		Description: deref(in.Description),
		Parent:      deref(in.Parent),
		Position:    deref(in.Position),
	}
}

// toSectionInput returns the inverse of input.
func toSectionInput(in cms.SectionInput) SectionInput {
	return SectionInput{
		NounInput:   NounInput{in.Name, nilIfEmpty(in.Slug)},
		Description: nilIfEmpty(in.Description),
		Parent:      nilIfEmpty(in.Parent),
		Position:    &in.Position,
	}
}

// listSections lists sections.
//
// @Description Lists all sections in the order of the tree: each before those below it, those with the same parent by position, then name.
// @Kind listNouns section
// @Router /v1/sections [get]
func (s *Server) listSections(c echo.Context) error {
	q := rest.NewQuery(c)
	return listNouns(s, c, q, sections, readNounList.Read(q), cms.Sort{By: "tree"},
		s.newsroom.Sections.List)
}

// getSection shows one section.
//
// @Kind getNoun section
// @Router /v1/sections/{ref} [get]
func (s *Server) getSection(c echo.Context) error {
	return getNoun(s, c, sections, s.newsroom.Sections.Get)
}

// createSection makes a section.
//
// @Kind createNoun section
// @Router /v1/sections [post]
func (s *Server) createSection(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Create(s.Server, c, repeatable, sections, s.newsroom.Sections.Create)
}

// updateSection changes a section.
//
// @Description Changes the named fields of a section (JSON Merge Patch, RFC 7396): null brings a field back to its default. With another parent it moves, and all below moves with it. A slug it had keeps leading to it.
// @Kind patchNoun section
// @Router /v1/sections/{ref} [patch]
func (s *Server) updateSection(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Patch(s.Server, c, repeatable, sections, s.newsroom.Sections.Revise)
}

// deleteSection removes a section.
//
// @Description Removes a section that has none below it.
// @Kind deleteNoun section
// @Failure 409 {object} rest.Problem "Sections stand below it."
// @Router /v1/sections/{ref} [delete]
func (s *Server) deleteSection(c echo.Context) error {
	return rest.Delete(s.Server, c, s.newsroom.Sections.Delete)
}
