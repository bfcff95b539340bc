package rest

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// Read adds a read of what everybody may see. Its responses are cached.
func (s *Server) Read(path string, h echo.HandlerFunc) {
	s.getHead(path, s.cached(s.withTimeout(s.releasing(h))))
}

// Get adds a read whose responses are not cached.
func (s *Server) Get(path string, h echo.HandlerFunc) {
	s.getHead(path, s.withTimeout(s.releasing(h)))
}

// Post adds a change that an Idempotency-Key makes safe to repeat.
func (s *Server) Post(path string, h WriteHandler) { s.write(http.MethodPost, path, h, false) }

// Patch adds a change that an Idempotency-Key makes safe to repeat.
func (s *Server) Patch(path string, h WriteHandler) { s.write(http.MethodPatch, path, h, false) }

// PostVersioned is Post for a change that is refused without the version it is based on (If-Match).
func (s *Server) PostVersioned(path string, h WriteHandler) {
	s.write(http.MethodPost, path, h, true)
}

// PatchVersioned is Patch for a change that is refused without the version it is based on
// (If-Match).
func (s *Server) PatchVersioned(path string, h WriteHandler) {
	s.write(http.MethodPatch, path, h, true)
}

func (s *Server) write(method, path string, h WriteHandler, versioned bool) {
	s.echo.Add(method, path, s.withTimeout(s.idempotent(h, versioned)))
}

// Put adds a change that is safe to repeat by itself.
func (s *Server) Put(path string, h echo.HandlerFunc) { s.echo.PUT(path, s.withTimeout(h)) }

// Delete adds a change that is safe to repeat by itself.
func (s *Server) Delete(path string, h echo.HandlerFunc) { s.echo.DELETE(path, s.withTimeout(h)) }

// PostUnrecorded adds a POST whose response contains secrets. It takes no Idempotency-Key, so that
// none is stored.
func (s *Server) PostUnrecorded(path string, h echo.HandlerFunc) {
	s.echo.POST(path, s.withTimeout(h))
}

func (s *Server) getHead(path string, h echo.HandlerFunc) {
	s.echo.Match([]string{http.MethodGet, http.MethodHead}, path, h)
}
