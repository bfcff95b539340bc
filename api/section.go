package api

import (
	"context"
	"reflect"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// Section is a part of the site. Sections form a tree.
type Section struct {
	// Identifier of the section.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a11"`
	// Slug: the section's name in URLs, in any script.
	Slug string `json:"slug" minLength:"1" maxLength:"240" example:"asia"`
	// Name as readers see it.
	Name string `json:"name" minLength:"1" maxLength:"100" example:"Asia"`
	// What the section is about.
	Description *string `json:"description" minLength:"1" maxLength:"1000" example:"News from the continent."`
	// The section above this one.
	Parent *ParentSection `json:"parent"`
	// Where it stands among the sections with the same parent; those with equal positions stand by
	// name.
	Position int64 `json:"position" minimum:"0" maximum:"1000000" example:"2"`
	// The slugs from the top to it, joined by slashes.
	Path string `json:"path" minLength:"1" maxLength:"963" example:"world/asia"`
	// How many sections the way from the top to it has, itself included.
	Depth int64 `json:"depth" minimum:"1" maximum:"4" example:"2"`
	// When it was made.
	CreatedAt time.Time `json:"created_at" format:"date-time" example:"2026-03-01T08:00:00Z"`
	// When it last changed.
	UpdatedAt time.Time `json:"updated_at" format:"date-time" example:"2026-03-01T08:00:00Z"`
} // @name Section

// ParentSection is the section above another one.
type ParentSection struct {
	// Identifier of the section.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a10"`
	// Slug: the section's name in URLs, in any script.
	Slug string `json:"slug" minLength:"1" maxLength:"240" example:"world"`
	// Name as readers see it.
	Name string `json:"name" minLength:"1" maxLength:"100" example:"World"`
} // @name ParentSection

// SectionFields are what may be left out of a section that is written.
type SectionFields struct {
	// Name in URLs. Default: made from the name.
	Slug *string `json:"slug,omitempty" maxLength:"240" form:"slug" extensions:"x-nullable" example:"asia"`
	// What the section is about.
	Description *string `json:"description,omitempty" maxLength:"1000" extensions:"x-nullable" example:"News from the continent."`
	// The section above this one, by id or slug.
	Parent *string `json:"parent,omitempty" maxLength:"240" extensions:"x-nullable" example:"world"`
	// Where it stands among the sections with the same parent. Default: 0.
	Position *int64 `json:"position,omitempty" minimum:"0" maximum:"1000000" extensions:"x-nullable" example:"2"`
}

// SectionInput is a section as it is written.
type SectionInput struct {
	// Name as readers shall see it.
	Name string `json:"name" minLength:"1" maxLength:"100" form:"name" example:"Asia"`
	SectionFields
} // @name SectionInput

// SectionPatch changes the named fields of a section (RFC 7396): null brings a field back to its
// default.
type SectionPatch struct {
	// Name as readers shall see it.
	Name *string `json:"name,omitempty" minLength:"1" maxLength:"100" form:"name" extensions:"!x-nullable" example:"Asia"`
	SectionFields
} // @name SectionPatch

// sectionListParams are the parameters of the list of sections.
type sectionListParams struct {
	// Only sections whose name has this in it; upper and lower case are the same.
	NameContains string `query:"q" example:"asia"`
	// Only these sections.
	IDs []cms.ID `query:"id" format:"uuid"`
	// Only the sections with these slugs.
	Slugs []string `query:"slug"`
	// Only these fields of each row.
	Fields []string `query:"fields" of:"fields" unique:"true" example:"slug,name"`
	rest.PageParams
}

// sectionParams are the parameters of one section.
type sectionParams struct {
	// draft: answer with the version as ETag; needs a credential.
	View cms.View `query:"view" default:"live" example:"live"`
}

var (
	readSectionList = rest.NewParams[sectionListParams](paramValues)
	readSection     = rest.NewParams[sectionParams](paramValues)
)

// sections is how sections travel.
var sections = &rest.Noun[cms.Section, cms.SectionInput, SectionInput]{
	Path:   "/v1/sections",
	Fields: rest.FieldNames(reflect.TypeFor[Section]()),
	Head:   func(s *cms.Section) (cms.ID, int64) { return s.ID, s.Version },
	Wire:   func(s *cms.Section) any { return newSection(s) },
	Parse:  (*SectionInput).input,
	Format: toSectionInput,
	OneTags: func(s *cms.Section) []cms.CacheTag {
		return []cms.CacheTag{cms.SectionNoun.ListCacheTag()}
	},
	AllTags: []cms.CacheTag{cms.SectionNoun.ListCacheTag()},
}

func newSection(s *cms.Section) Section {
	out := Section{
		ID:          string(s.ID),
		Slug:        s.Slug,
		Name:        s.Name,
		Description: nilIfEmpty(s.Description),
		Position:    s.Position,
		Path:        s.Path,
		Depth:       s.Depth,
		CreatedAt:   s.CreatedAt,
		UpdatedAt:   s.UpdatedAt,
	}
	if p := s.Parent; p != nil {
		out.Parent = &ParentSection{string(p.ID), p.Slug, p.Name}
	}
	return out
}

// input returns the domain's form of a written section.
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
	return SectionInput{in.Name, SectionFields{
		Slug:        nilIfEmpty(in.Slug),
		Description: nilIfEmpty(in.Description),
		Parent:      nilIfEmpty(in.Parent),
		Position:    &in.Position,
	}}
}

// listSections lists sections.
//
// @ID listSections
// @Summary List sections
// @Description Lists all sections in the order of the tree: each before those below it, those with the same parent by position, then name.
// @Tags sections
// @Kind list section
// @Query sectionListParams
// @Success 200 {object} rest.Page[Section] "One page of sections."
// @Router /v1/sections [get]
func (s *Server) listSections(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readSectionList.Read(q)
	asked := cms.NounQuery{
		IDs:          params.IDs,
		Slugs:        params.Slugs,
		NameContains: params.NameContains,
		Sort:         cms.Sort{By: "tree"},
	}
	return rest.List(s.Server, c, q, sections, rest.Listing[cms.Section]{
		View:   cms.LiveView,
		Fields: params.Fields,
		Page:   params.PageParams,
		Cursor: func(n *cms.Section) cms.Cursor { return cms.Cursor{ID: n.ID, Text: n.TreeKey} },
		Do: func(ctx context.Context, actor cms.Actor,
			page cms.PageRequest) (cms.List[cms.Section], error) {
			asked.Page = page
			return s.newsroom.Sections.List(ctx, actor, asked)
		},
	})
}

// getSection shows one section.
//
// @ID getSection
// @Summary Get a section
// @Description Answers a section by its id or slug. A slug it had before leads to the present one. With view=draft, which needs a credential, the ETag is its version, for If-Match.
// @Tags sections
// @Kind get section
// @Query sectionParams
// @x-acts ["view=draft articles:read_drafts"]
// @Success 200 {object} Section "The section."
// @Failure 404 {object} rest.Problem "There is no such section."
// @Router /v1/sections/{ref} [get]
func (s *Server) getSection(c echo.Context) error {
	q := rest.NewQuery(c)
	return rest.Get(s.Server, c, q, readSection.Read(q).View, sections, s.newsroom.Sections.Get)
}

// createSection makes a section.
//
// @ID createSection
// @Summary Make a section
// @Description Makes a section; readers can see it at once. A slug that is not sent is made from the name.
// @Tags sections
// @Kind create section
// @x-acts ["sections:write"]
// @Param body body SectionInput true "The section."
// @Success 201 {object} Section "The section."
// @Failure 409 {object} rest.Problem "Another section has this slug."
// @Router /v1/sections [post]
func (s *Server) createSection(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Create(s.Server, c, repeatable, sections, s.newsroom.Sections.Create)
}

// updateSection changes a section.
//
// @ID updateSection
// @Summary Change a section
// @Description Changes the named fields of a section (JSON Merge Patch, RFC 7396): null brings a field back to its default. With another parent it moves, and all below moves with it. A slug it had keeps leading to it.
// @Tags sections
// @Kind patch section
// @x-acts ["sections:write"]
// @Param body body SectionPatch true "What to change."
// @Success 200 {object} Section "The section as it is now."
// @Failure 409 {object} rest.Problem "Another section has this slug."
// @Router /v1/sections/{ref} [patch]
func (s *Server) updateSection(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Patch(s.Server, c, repeatable, sections, s.newsroom.Sections.Revise)
}

// deleteSection removes a section.
//
// @ID deleteSection
// @Summary Remove a section
// @Description Removes a section that has none below it.
// @Tags sections
// @Kind delete section
// @x-acts ["sections:write"]
// @Failure 409 {object} rest.Problem "Sections stand below it."
// @Router /v1/sections/{ref} [delete]
func (s *Server) deleteSection(c echo.Context) error {
	return rest.Delete(s.Server, c, s.newsroom.Sections.Delete)
}
