package api

import (
	"context"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/rest"
)

// NounRef names a tag, a section or the like where others show it.
type NounRef struct {
	// Identifier.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a11"`
	// Slug: the name in URLs, in any script.
	Slug string `json:"slug" minLength:"1" maxLength:"240" example:"central-asia"`
	// Name as readers see it.
	Name string `json:"name" minLength:"1" maxLength:"100" example:"Central Asia"`
} // @name NounRef

// ParentNoun is the one above another of the same kind.
type ParentNoun struct {
	NounRef
} // @name ParentNoun

// NounTimes are the times that every plain noun has.
type NounTimes struct {
	// When it was made.
	CreatedAt time.Time `json:"created_at" format:"date-time" example:"2026-03-01T08:00:00Z"`
	// When it last changed.
	UpdatedAt time.Time `json:"updated_at" format:"date-time" example:"2026-03-01T08:00:00Z"`
}

// NounInput is what every plain noun with a name is written with.
type NounInput struct {
	// Name as readers shall see it.
	Name string `json:"name" minLength:"1" maxLength:"100" form:"name" example:"Central Asia"`
	// Name in URLs. Default: made from the name.
	Slug *string `json:"slug,omitempty" maxLength:"240" form:"slug" extensions:"x-nullable" example:"central-asia"`
}

// nounListParams are the parameters of a list of plain nouns.
type nounListParams struct {
	// Only those whose name has this in it, or another name they are known by; upper and lower case
	// are the same.
	NameContains string `query:"q" example:"asia"`
	// Only these.
	IDs []cms.ID `query:"id" format:"uuid"`
	// Only those with these slugs.
	Slugs []string `query:"slug"`
	// Only these fields of each row.
	Fields []string `query:"fields" shows:"true" of:"fields" unique:"true" example:"slug,name"`
	rest.PageParams
}

// newRef returns the reference that others show of a noun.
func newRef(n cms.Ref) NounRef { return NounRef{string(n.ID), n.Slug, n.Name} }

// newParent returns the noun above another one, nil if there is none.
func newParent(n *cms.Ref) *ParentNoun {
	if n == nil {
		return nil
	}
	return &ParentNoun{newRef(*n)}
}

// listNouns sends a page of the nouns that params ask for, in an order.
func listNouns[D, In, W any](s *Server, c echo.Context, q *rest.Query, n *rest.Noun[D, In, W],
	params nounListParams, sort cms.Sort,
	list func(context.Context, cms.Actor, cms.NounQuery) (cms.List[D], error)) error {
	asked := cms.NounQuery{
		IDs:          params.IDs,
		Slugs:        params.Slugs,
		NameContains: params.NameContains,
		Sort:         sort,
	}
	return rest.List(s.Server, c, q, n, rest.Listing[D]{
		View:   cms.LiveView,
		Fields: params.Fields,
		Page:   params.PageParams,
		Cursor: func(d *D) cms.Cursor { return n.Cursor(d, sort) },
		Do: func(ctx context.Context, actor cms.Actor, page cms.PageRequest) (cms.List[D], error) {
			asked.Page = page
			return list(ctx, actor, asked)
		},
	})
}

// getNoun sends one noun in the view that is asked for.
func getNoun[D, In, W any](s *Server, c echo.Context, n *rest.Noun[D, In, W],
	get func(context.Context, cms.Actor, cms.View, string) (*D, string, error)) error {
	q := rest.NewQuery(c)
	return rest.Get(s.Server, c, q, readView.Read(q).View, n, get)
}
