package rest

import (
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

// Actor returns who makes the call: the zero Actor, the public, without a credential, and an error
// with a bad one. It is looked up once per call.
func (s *Server) Actor(c echo.Context) (cms.Actor, error) {
	if known, ok := c.Get("actor").(cms.Actor); ok {
		return known, nil
	}
	header := c.Request().Header.Get("Authorization")
	if header == "" {
		return cms.Actor{}, nil
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return cms.Actor{}, cms.Errorf(
			cms.Unauthenticated,
			"The credential is of a scheme this server does not know; "+
				"send Authorization: Bearer <token>.",
		)
	}
	actor, err := s.newsroom.Authenticate(c.Request().Context(), strings.TrimSpace(token))
	if err != nil {
		return cms.Actor{}, err
	}
	actor.Origin = Origin(c)
	c.Set("actor", actor)
	return actor, nil
}

// Origin returns how a call came. What is no address is the zero one.
func Origin(c echo.Context) cms.Origin {
	from, _ := netip.ParseAddr(c.RealIP())
	return cms.Origin{Channel: cms.ByAPI, RequestID: requestID(c), Address: from}
}

// Reader returns who reads a view. Live content is the same for everybody, so where it is public
// nobody is looked up for it.
func (s *Server) Reader(c echo.Context, view cms.View) (cms.Actor, error) {
	if view == cms.LiveView && s.newsroom.PublicRead() {
		return cms.Actor{}, nil
	}
	return s.Actor(c)
}

// RequireActor returns who makes a call that needs a credential, or an error if nobody is signed
// in.
func (s *Server) RequireActor(c echo.Context) (cms.Actor, error) {
	actor, err := s.Actor(c)
	if err == nil && !actor.SignedIn() {
		err = actor.Check(cms.ReadDrafts)
	}
	return actor, err
}

// Call returns who makes a change, or an error if nobody is signed in.
func (s *Server) Call(c echo.Context, repeatable *newsroom.Idempotency) (newsroom.Call, error) {
	actor, err := s.RequireActor(c)
	return newsroom.Call{Actor: actor, Idempotency: repeatable}, err
}

// Target returns what a change is about: the id in the path, and the version in If-Match.
func Target(c echo.Context) (cms.ID, cms.Precondition, error) {
	id, err := PathID(c, c.ParamNames()[0])
	if err != nil {
		return "", cms.Precondition{}, err
	}
	match, err := IfMatch(c)
	return id, match, err
}
