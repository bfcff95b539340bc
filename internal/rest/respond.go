package rest

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/wire"
)

// versionTag is the ETag of a version.
func versionTag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// Response is what a call is answered.
type Response struct {
	Status int
	Header map[string]string
	Body   []byte
}

// Send sends a response; to HEAD without its body.
func Send(c echo.Context, r Response) {
	h := c.Response().Header()
	for name, v := range r.Header {
		h.Set(name, v)
	}
	if r.Body != nil {
		h.Set("Content-Length", strconv.Itoa(len(r.Body)))
	}
	c.Response().WriteHeader(r.Status)
	if c.Request().Method != http.MethodHead {
		_, _ = c.Response().Write(r.Body) // a caller that has gone away misses nothing
	}
}

// noStore is the Cache-Control of what can change and only some may see.
const noStore = "private, no-store, no-transform"

// DraftResponse is a response to somebody signed in about what can change: not stored by any cache, and with its version
// as ETag. A version of 0 is none, and a nil value has no body.
func DraftResponse(status int, version int64, v any) Response {
	r := Response{Status: status, Header: map[string]string{"Cache-Control": noStore}}
	if version > 0 {
		r.Header["ETag"] = versionTag(version)
	}
	if v != nil {
		r.Header["Content-Type"] = "application/json"
		r.Body = wire.JSON(v)
	}
	return r
}

// Created is a response to somebody who has made something, which is at location.
func Created(location string, version int64, v any) Response {
	r := DraftResponse(http.StatusCreated, version, v)
	r.Header["Location"] = location
	return r
}

// SendMoved redirects to the present address of what has moved, with the same query.
func (s *Server) SendMoved(c echo.Context, location string, view cms.View) error {
	if q := c.Request().URL.RawQuery; q != "" {
		location += "?" + q
	}
	Send(c, Response{Status: http.StatusPermanentRedirect, Body: []byte{}, Header: map[string]string{
		"Location":      location,
		"Cache-Control": s.cacheControl(view),
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
	r := DraftResponse(http.StatusOK, version, v)
	r.Header["Content-Type"] = mediaType
	Send(c, r)
	return nil
}

func (s *Server) cacheControl(view cms.View) string {
	if view == cms.LiveView {
		return s.liveCaching
	}
	return noStore
}
