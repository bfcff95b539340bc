package rest

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// Read is a read of what readers may see.
func (s *Server) Read(path string, h echo.HandlerFunc) { s.getHead(path, s.cached(s.withTimeout(h))) }

func (s *Server) Get(path string, h echo.HandlerFunc) { s.getHead(path, s.withTimeout(h)) }

func (s *Server) Post(path string, h echo.HandlerFunc) {
	s.echo.POST(path, s.withTimeout(s.idempotent(h)))
}

func (s *Server) Patch(path string, h echo.HandlerFunc) {
	s.echo.PATCH(path, s.withTimeout(s.idempotent(h)))
}

func (s *Server) Put(path string, h echo.HandlerFunc) { s.echo.PUT(path, s.withTimeout(h)) }

func (s *Server) Delete(path string, h echo.HandlerFunc) { s.echo.DELETE(path, s.withTimeout(h)) }

// PostUnrecorded is a call about signing in, where a key that makes calls safe to repeat would keep secrets.
func (s *Server) PostUnrecorded(path string, h echo.HandlerFunc) { s.echo.POST(path, s.withTimeout(h)) }

func (s *Server) getHead(path string, h echo.HandlerFunc) {
	s.echo.Match([]string{http.MethodGet, http.MethodHead}, path, h)
}
