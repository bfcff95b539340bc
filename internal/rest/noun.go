package rest

import (
	"context"
	"net/http"
	"net/url"
	"reflect"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

// Edit is the verb that changes a thing: it is given the change, which it may apply more than
// once, for what an editor may set.
type Edit[D, In any] = func(
	context.Context, newsroom.Call, cms.ID, cms.Precondition, func(In) (In, error),
) (*D, error)

// Noun describes how one kind of thing travels: D is the thing, In what an editor may set of it,
// and W how In is written in a body. The functions below are the calls that every noun has; each
// takes the verb that does the work. A call that needs more is written from the same pieces.
type Noun[D, In, W any] struct {
	Path    string // of the list; what is in it is at Path/<id or slug>
	Fields  []string
	Head    func(*D) (id cms.ID, version int64)
	Wire    func(*D) any
	Parse   func(*W) In
	Format  func(In) W // the inverse of Parse
	OneTags func(*D) []cms.CacheTag
	AllTags []cms.CacheTag // of lists

	Cursor func(*D, cms.Sort) cms.Cursor // where a thing stands in an order; plain nouns have it
}

// plainNoun is satisfied by pointers to plain nouns.
type plainNoun[D any] interface {
	*D
	Common() *cms.Base
	Cursor(cms.Sort) cms.Cursor
}

// NewNoun returns how a plain noun travels: newView returns what callers see of it, parse what the
// body of a write sets of it, and format is the inverse of parse. A response that shows one is
// valid until any noun of its kind changes; if others have a part in it, replace OneTags and
// AllTags.
func NewNoun[D, V, In, W any, P plainNoun[D]](
	noun cms.Noun, newView func(P) V, parse func(*W) In, format func(In) W,
) *Noun[D, In, W] {
	tags := []cms.CacheTag{noun.ListCacheTag()}
	return &Noun[D, In, W]{
		Path:    "/v1/" + noun.Plural,
		Fields:  FieldNames(reflect.TypeFor[V]()),
		Head:    func(d *D) (cms.ID, int64) { return P(d).Common().ID, P(d).Common().Version },
		Wire:    func(d *D) any { return newView(d) },
		Parse:   parse,
		Format:  format,
		OneTags: func(*D) []cms.CacheTag { return tags },
		AllTags: tags,
		Cursor:  func(d *D, sort cms.Sort) cms.Cursor { return P(d).Cursor(sort) },
	}
}

// Response returns the response that shows a thing to somebody who may change it.
func (n *Noun[D, In, W]) Response(d *D) Response {
	_, version := n.Head(d)
	return DraftResponse(http.StatusOK, version, n.Wire(d))
}

// created is the response to the call that has made a thing.
func (n *Noun[D, In, W]) created(d *D) Response {
	id, version := n.Head(d)
	return Created(n.Path+"/"+string(id), version, n.Wire(d))
}

// List sends a page of things that were asked for by the parameters in q.
func List[D, In, W any](
	s *Server, c echo.Context, q *Query, n *Noun[D, In, W], l Listing[D],
) error {
	fields := q.CheckFields(l.Fields, n.Fields, nil)
	page := s.PageRequest(c, q, l.Page)
	if err := q.Done(); err != nil {
		return err
	}
	actor, err := s.Reader(c, l.View)
	if err != nil {
		return err
	}
	list, err := l.Do(c.Request().Context(), actor, page)
	if err != nil {
		return err
	}
	row := func(d *D) any { return SelectFields(n.Wire(d), fields) }
	return s.SendView(
		c, l.View, 0, fields, NewPage(s, c, q, page, list, l.Cursor, row), n.AllTags...,
	)
}

// Listing is a list that was asked for: its parameters, where a row stands in its order, and what
// reads a page of it.
type Listing[D any] struct {
	View   cms.View
	Fields []string
	Page   PageParams
	Cursor func(*D) cms.Cursor
	Do     func(context.Context, cms.Actor, cms.PageRequest) (cms.List[D], error)
}

// Get sends one thing in a view, after the parameters in q were read. Do finds it by its id or
// slug; if the slug is a former one, it returns the present one instead.
func Get[D, In, W any](s *Server, c echo.Context, q *Query, view cms.View, n *Noun[D, In, W],
	do func(context.Context, cms.Actor, cms.View, string) (d *D, moved string, err error),
) error {
	return get(s, c, q, view, n, PathParam, do)
}

// GetByID sends one thing of a kind that has no slugs.
func GetByID[D, In, W any](s *Server, c echo.Context, q *Query, view cms.View, n *Noun[D, In, W],
	do func(context.Context, cms.Actor, cms.View, cms.ID) (*D, error),
) error {
	return get(
		s,
		c,
		q,
		view,
		n,
		PathID,
		func(ctx context.Context, actor cms.Actor, view cms.View, id cms.ID) (*D, string, error) {
			d, err := do(ctx, actor, view, id)
			return d, "", err
		},
	)
}

func get[D, In, W, Ref any](s *Server, c echo.Context, q *Query, view cms.View, n *Noun[D, In, W],
	parse func(echo.Context, string) (Ref, error),
	do func(context.Context, cms.Actor, cms.View, Ref) (d *D, moved string, err error),
) error {
	if err := q.Done(); err != nil {
		return err
	}
	ref, err := parse(c, c.ParamNames()[0])
	if err != nil {
		return err
	}
	actor, err := s.Reader(c, view)
	if err != nil {
		return err
	}
	d, moved, err := do(c.Request().Context(), actor, view, ref)
	switch {
	case err != nil:
		return err
	case moved != "":
		return s.SendMoved(c, n.Path+"/"+url.PathEscape(moved), view)
	case view == cms.LiveView:
		return s.SendLive(c, n.Wire(d), n.OneTags(d)...)
	}
	Send(c, n.Response(d))
	return nil
}

// Create makes a thing of the body and sends it, with its address.
func Create[D, In, W any](
	s *Server, c echo.Context, repeatable *newsroom.Idempotency, n *Noun[D, In, W],
	do func(context.Context, newsroom.Call, In) (*D, error),
) error {
	if err := NoQuery(c); err != nil {
		return err
	}
	call, err := s.Call(c, repeatable)
	if err != nil {
		return err
	}
	var body W
	if err := DecodeBody(c, &body); err != nil {
		return err
	}
	return Change(c, call, n.created, func(call newsroom.Call) (*D, error) {
		return do(c.Request().Context(), call, n.Parse(&body))
	})
}

// Patch changes a thing by a JSON Merge Patch and sends it as it is then. Do is given the change,
// which it may make more than once.
func Patch[D, In, W any](
	s *Server, c echo.Context, repeatable *newsroom.Idempotency, n *Noun[D, In, W], do Edit[D, In],
) error {
	if err := NoQuery(c); err != nil {
		return err
	}
	call, err := s.Call(c, repeatable)
	if err != nil {
		return err
	}
	id, match, err := Target(c)
	if err != nil {
		return err
	}
	edit, err := ReadPatch(c, n.Format, n.Parse)
	if err != nil {
		return err
	}
	return Change(c, call, n.Response, func(call newsroom.Call) (*D, error) {
		return do(c.Request().Context(), call, id, match, edit)
	})
}

// Delete removes a thing.
func Delete(s *Server, c echo.Context,
	do func(context.Context, newsroom.Call, cms.ID, cms.Precondition) error,
) error {
	if err := NoQuery(c); err != nil {
		return err
	}
	return Remove(s, c, do)
}

// Remove is Delete after the parameters of the call were read.
func Remove(s *Server, c echo.Context,
	do func(context.Context, newsroom.Call, cms.ID, cms.Precondition) error,
) error {
	call, err := s.Call(c, nil)
	if err != nil {
		return err
	}
	id, match, err := Target(c)
	if err != nil {
		return err
	}
	if err := do(c.Request().Context(), call, id, match); err != nil {
		return err
	}
	Send(c, DraftResponse(http.StatusNoContent, 0, nil))
	return nil
}
