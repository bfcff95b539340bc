package rest

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/wire"
)

// versionTag is the ETag of a version.
func versionTag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// Send writes an answer.
func Send(c echo.Context, a newsroom.Answer) {
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

// DraftResponse is what somebody signed in is told of what can change: never kept by anybody, and with its version.
func DraftResponse(status int, version int64, v any) newsroom.Answer {
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

// SendMoved sends the caller to the present address of what an old slug names, with the same query.
func (s *Server) SendMoved(c echo.Context, location, caching string) error {
	if q := c.Request().URL.RawQuery; q != "" {
		location += "?" + q
	}
	Send(c, newsroom.Answer{Status: http.StatusPermanentRedirect, Body: []byte{}, Header: map[string]string{
		"Location": location, "Cache-Control": caching,
	}})
	return nil
}

// partialJSON is the media type of answers that have nothing but the fields that were asked for. What is called
// application/json has all that the specification requires, so that generated clients can rely on it.
const partialJSON = "application/vnd.masthead.partial+json"

// SendView sends what was read, whole or in part, as its view wants it kept. Version is that of what can be changed, 0
// for a list.
func (s *Server) SendView(c echo.Context, view cms.View, version int64, fields []string, v any, subjects ...cms.CacheTag) error {
	mediaType := "application/json"
	if fields != nil {
		mediaType = partialJSON
	}
	if view == cms.LiveView {
		return s.SendBytes(c, mediaType, wire.JSON(v), subjects...)
	}
	a := DraftResponse(http.StatusOK, version, v)
	a.Header["Content-Type"] = mediaType
	Send(c, a)
	return nil
}

func (s *Server) CacheControl(view cms.View) string {
	if view == cms.LiveView {
		return s.liveCaching
	}
	return "private, no-store, no-transform"
}
