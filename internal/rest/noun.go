package rest

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"time"

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
	Path   string   // of the list; what is in it is at Path/<id or slug>
	Fields []string // of a row
	// fields of a row that only the draft view has
	DraftFields []string
	Head        func(*D) (id cms.ID, version int64)
	Wire        func(*D) any       // what is seen of it
	Draft       func(*D) any       // what editors see of it; nil: as Wire
	Row         func(*D) Versioned // what lists show of it; nil: as Wire and Draft
	Parse       func(*W) In
	Format      func(In) W // the inverse of Parse
	OneTags     func(*D) []cms.CacheTag
	AllTags     []cms.CacheTag // of lists
	// from when what readers see of a thing is another by itself; nil: never
	Until func(*D) time.Time

	Cursor func(*D, cms.Sort) cms.Cursor // where a thing stands in an order; plain nouns have it
}

// plainNoun is satisfied by pointers to plain nouns.
type plainNoun[D any] interface {
	*D
	Common() *cms.Record
	Cursor(cms.Sort) cms.Cursor
}

// Versioned is satisfied by what can show a version.
type Versioned interface{ SetVersion(version int64) }

// versioned is satisfied by pointers to what can show a version.
type versioned[V any] interface {
	*V
	Versioned
}

// NewNoun returns how a plain noun travels: newView returns what callers see of it, parse what the
// body of a write sets of it, and format is the inverse of parse. A response that shows one is
// valid until any noun of its kind changes; if others have a part in it, replace OneTags and
// AllTags.
func NewNoun[D, V, In, W any, P plainNoun[D], S versioned[V]](
	noun cms.Noun, newView func(P) V, parse func(*W) In, format func(In) W,
) *Noun[D, In, W] {
	tags := noun.ListCacheTags()
	live, draftOnly := FieldsByView(reflect.TypeFor[V]())
	return &Noun[D, In, W]{
		Path:        "/v1/" + noun.Plural,
		Fields:      live,
		DraftFields: draftOnly,
		Head:        func(d *D) (cms.ID, int64) { return P(d).Common().ID, P(d).Common().Version },
		Wire:        func(d *D) any { return newView(d) },
		Draft: func(d *D) any {
			view := newView(d)
			S(&view).SetVersion(P(d).Common().Version)
			return view
		},
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
	return DraftResponse(http.StatusOK, version, n.inView(cms.DraftView, d))
}

// inView returns what is seen of a thing in a view.
func (n *Noun[D, In, W]) inView(view cms.View, d *D) any {
	if view == cms.DraftView && n.Draft != nil {
		return n.Draft(d)
	}
	return n.Wire(d)
}

// rowInView returns what lists show of a thing in a view.
func (n *Noun[D, In, W]) rowInView(view cms.View, d *D) any {
	if n.Row == nil {
		return n.inView(view, d)
	}
	row := n.Row(d)
	if view == cms.DraftView {
		_, version := n.Head(d)
		row.SetVersion(version)
	}
	return row
}

// checkFields checks the fields that are wanted of each row in a view, nil for all, and returns
// them.
func (n *Noun[D, In, W]) checkFields(q *Query, view cms.View, fields []string) []string {
	if view == cms.DraftView {
		return q.CheckFields(fields, slices.Concat(n.Fields, n.DraftFields), nil)
	}
	return q.CheckFields(fields, n.Fields, n.DraftFields)
}

// Created returns the response to the call that has made a thing.
func (n *Noun[D, In, W]) Created(d *D) Response {
	id, version := n.Head(d)
	return Created(n.Path+"/"+string(id), version, n.inView(cms.DraftView, d))
}

// List sends a page of things that were asked for by the parameters in q.
func List[D, In, W any](
	s *Server, c echo.Context, q *Query, n *Noun[D, In, W], l Listing[D],
) error {
	fields := n.checkFields(q, l.View, l.Fields)
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
	row := func(d *D) any { return SelectFields(n.rowInView(l.View, d), fields) }
	tags := n.AllTags
	if l.Tags != nil {
		tags = l.Tags(list.Rows)
	}
	until := list.Until
	for i := range list.Rows {
		if n.Until != nil {
			until = cms.Earlier(until, n.Until(&list.Rows[i]))
		}
	}
	return s.SendView(
		c, l.View, 0, fields, NewPage(s, c, q, page, list, l.Cursor, row), until, tags...,
	)
}

// Listing is a list that was asked for: its parameters, where a row stands in its order, and what
// reads a page of it.
type Listing[D any] struct {
	View   cms.View
	Fields []string
	Page   PageParams
	Tags   func([]D) []cms.CacheTag // of what a page is made of; nil: those of its noun
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
	case view == cms.DraftView:
		Send(c, n.Response(d))
		return nil
	}
	var until time.Time
	if n.Until != nil {
		until = n.Until(d)
	}
	return s.SendView(c, view, 0, nil, n.Wire(d), until, n.OneTags(d)...)
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
	return Change(c, call, n.Created, func(call newsroom.Call) (*D, error) {
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
