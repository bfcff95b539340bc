package api

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/wire"
)

// versionTag is the ETag of a version.
func versionTag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// send writes an answer.
func send(c echo.Context, a newsroom.Answer) {
	h := c.Response().Header()
	for name, v := range a.Header {
		h.Set(name, v)
	}
	if a.Body != nil {
		h.Set("Content-Length", strconv.Itoa(len(a.Body)))
	}
	c.Response().WriteHeader(a.Status)
	if c.Request().Method != http.MethodHead {
		_, _ = c.Response().Write(a.Body) // a caller that has gone away misses nothing
	}
}

// draftAnswer is what somebody signed in is told of what can change: never kept by anybody, and with its version.
func draftAnswer(status int, version int64, v any) newsroom.Answer {
	a := newsroom.Answer{Status: status, Header: map[string]string{"Cache-Control": "private, no-store, no-transform"}}
	if version > 0 {
		a.Header["ETag"] = versionTag(version)
	}
	if v != nil {
		a.Header["Content-Type"] = "application/json"
		a.Body = wire.JSON(v)
	}
	return a
}

// moved sends the caller to the present address of what an old slug names, with the same query.
func (s *Server) moved(c echo.Context, location, caching string) error {
	if q := c.Request().URL.RawQuery; q != "" {
		location += "?" + q
	}
	send(c, newsroom.Answer{Status: http.StatusPermanentRedirect, Body: []byte{}, Header: map[string]string{
		"Location": location, "Cache-Control": caching,
	}})
	return nil
}
