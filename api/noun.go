package api

import (
	"context"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
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
	// Where readers find its page; percent-encoded. Null if things of its kind have no page: see
	// paths of the site.
	URL *string `json:"url" format:"uri-reference" minLength:"1" maxLength:"8192" example:"https://news.example.org/tags/central-asia"`
} // @name NounRef

// ParentNoun is the one above another of the same kind.
type ParentNoun struct {
	NounRef
} // @name ParentNoun

// NounTimes are the times that every plain noun has, and its version.
type NounTimes struct {
	// When it was made.
	CreatedAt time.Time `json:"created_at" format:"date-time" example:"2026-03-01T08:00:00Z"`
	// When it last changed.
	UpdatedAt time.Time `json:"updated_at" format:"date-time" example:"2026-03-01T08:00:00Z"`
	// Draft view only: raised by every change; also the ETag.
	Version *int64 `json:"version,omitempty" minimum:"1" example:"7"`
}

// nounTimes returns the times of a noun.
func nounTimes(r *cms.Record) NounTimes {
	return NounTimes{CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt}
}

// SetVersion shows a version.
func (t *NounTimes) SetVersion(version int64) { t.Version = &version }

// NounInput is what every plain noun with a name is written with.
type NounInput struct {
	// Name as readers shall see it.
	Name string `json:"name" minLength:"1" maxLength:"100" form:"name" example:"Central Asia"`
	// Name in URLs. Default: made from the name.
	Slug *string `json:"slug,omitempty" maxLength:"240" form:"slug" extensions:"x-nullable" example:"central-asia"`
}

// nounListParams are the parameters of a list of plain nouns.
type nounListParams struct {
	// live is what readers see; draft adds version and what only editors see, and needs a
	// credential.
	View cms.View `query:"view" default:"live" example:"live"`
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

// NounMerge names the noun that another one is merged into.
type NounMerge struct {
	// The one that remains, by id or slug.
	Into string `json:"into" minLength:"1" maxLength:"240" example:"central-asia"`
} // @name NounMerge

// nounRemovalParams are the parameters of the removal of a noun that others refer to.
type nounRemovalParams struct {
	// The one that takes its place, by id or slug.
	Into string `query:"into" example:"world"`
}

// newRef returns the reference that others show of a noun.
func newRef(n cms.Ref) NounRef {
	return NounRef{string(n.ID), n.Slug, n.Name, nilIfEmpty(n.URL)}
}

// nounHead returns what all nouns with a name begin with.
func nounHead(b *cms.Base, name string) NounRef {
	return NounRef{string(b.ID), b.Slug, name, nilIfEmpty(b.URL)}
}

// newRefs returns those of the references of an article that are to nouns of one kind.
func newRefs(all []cms.NamedRef, noun cms.Noun) []NounRef {
	refs := []NounRef{}
	for _, ref := range cms.RefsTo(all, noun) {
		refs = append(refs, newRef(ref.Ref))
	}
	return refs
}

// counted returns how nouns travel that articles refer to and that show how many do.
func counted[D, In, W any](n *rest.Noun[D, In, W], noun cms.Noun) *rest.Noun[D, In, W] {
	n.AllTags = noun.CountedLists()
	n.OneTags = func(d *D) []cms.CacheTag {
		id, _ := n.Head(d)
		return noun.CountedCacheTags(id)
	}
	return n
}

// pictured returns how nouns travel that show a picture: what shows one falls with it.
func pictured[D, In, W any](
	n *rest.Noun[D, In, W], picture func(*D) *cms.Medium,
) *rest.Noun[D, In, W] {
	one := n.OneTags
	n.AllTags = append(n.AllTags, cms.ShownMedia)
	n.OneTags = func(d *D) []cms.CacheTag { return append(one(d), cms.ShownMedia) }
	n.Until = func(d *D) time.Time { return picture(d).Until() }
	return n
}

// deleteNoun removes a noun, into whose place another one comes if the call names one.
func deleteNoun(s *Server, c echo.Context,
	do func(context.Context, newsroom.Call, cms.ID, cms.Precondition, string) error) error {
	q := rest.NewQuery(c)
	into := readNounRemoval.Read(q).Into
	if err := q.Done(); err != nil {
		return err
	}
	return rest.Remove(s.Server, c, func(
		ctx context.Context, call newsroom.Call, id cms.ID, match cms.Precondition,
	) error {
		return do(ctx, call, id, match, into)
	})
}

// mergeNoun merges a noun into another one and sends that.
func mergeNoun[D, In, W any](
	s *Server, c echo.Context, repeatable *newsroom.Idempotency, n *rest.Noun[D, In, W],
	do func(context.Context, newsroom.Call, cms.ID, cms.Precondition, string) (*D, error),
) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	call, err := s.Call(c, repeatable)
	if err != nil {
		return err
	}
	id, match, err := rest.Target(c)
	if err != nil {
		return err
	}
	var in NounMerge
	if err := rest.DecodeBody(c, &in); err != nil {
		return err
	}
	return rest.Change(c, call, n.Response, func(call newsroom.Call) (*D, error) {
		return do(c.Request().Context(), call, id, match, in.Into)
	})
}

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
		View:         params.View,
		IDs:          params.IDs,
		Slugs:        params.Slugs,
		NameContains: params.NameContains,
		Sort:         sort,
	}
	return rest.List(s.Server, c, q, n, rest.Listing[D]{
		View:   params.View,
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
