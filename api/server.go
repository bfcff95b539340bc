// Package api is the calls of a newsroom: the routes, the shapes that travel, and which verb each
// call means. How HTTP is spoken is left to package rest. It never knows SQL, the rules of the
// site, or the time of day.
package api

import (
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// Server serves the calls of the API.
type Server struct {
	*rest.Server
	newsroom  *newsroom.Newsroom
	publicURL string // where this server is reached from outside; empty: that is not known
}

// Options configure a server. New sets the newsroom and the private paths.
type Options = rest.Options

// New returns a server of all calls there are on a newsroom.
func New(n *newsroom.Newsroom, o Options) *Server {
	o.Newsroom = n
	o.Private = privatePaths
	s := &Server{rest.New(o), n, o.PublicURL}
	s.routes()
	return s
}
