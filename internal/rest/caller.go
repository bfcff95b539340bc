package rest

import (
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
)

// User is who is signed in, nil if no credential came, a refusal if a bad one did. It is looked up once a call.
func (s *Server) User(c echo.Context) (*cms.User, error) {
	if known, ok := c.Get("user").(*cms.User); ok {
		return known, nil
	}
	header := c.Request().Header.Get("Authorization")
	if header == "" {
		return nil, nil
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, cms.Errorf(cms.Unauthenticated, "The credential is of a scheme this server does not know; send Authorization: Bearer <token>.")
	}
	u, err := s.newsroom.Authenticate(c.Request().Context(), strings.TrimSpace(token))
	if err != nil {
		return nil, err
	}
	c.Set("user", u)
	return u, nil
}

// Actor is who asks: the public if no credential came.
func (s *Server) Actor(c echo.Context) (cms.Actor, error) {
	u, err := s.User(c)
	if u == nil || err != nil {
		return cms.Actor{}, err
	}
	return u.Actor(), nil
}

// Reader is who asks to see a view. What is published looks the same to everybody, so nobody is looked up for it where
// reading is open.
func (s *Server) Reader(c echo.Context, view cms.View) (cms.Actor, error) {
	if view == cms.LiveView && s.newsroom.PublicRead() {
		return cms.Actor{}, nil
	}
	return s.Actor(c)
}

// RequireActor is who asks to change something: somebody signed in, or a refusal.
func (s *Server) RequireActor(c echo.Context) (cms.Actor, error) {
	actor, err := s.Actor(c)
	if err == nil && !actor.SignedIn() {
		err = actor.Check(cms.ReadDrafts)
	}
	return actor, err
}

// Mutation is what a change is about: which thing, by whom, and which version of it.
func (s *Server) Mutation(c echo.Context, param string) (cms.ID, cms.Actor, cms.Precondition, error) {
	actor, err := s.RequireActor(c)
	if err != nil {
		return "", actor, cms.Precondition{}, err
	}
	id, err := PathID(c, param)
	if err != nil {
		return "", actor, cms.Precondition{}, err
	}
	match, err := IfMatch(c)
	return id, actor, match, err
}
