package rest

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/wire"
)

// versionTag returns the ETag of a version.
func versionTag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// Response is the response to a call.
type Response struct {
	Status int
	Header map[string]string
	Body   []byte
}

// Send sends a response, to HEAD without its body.
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
		_, _ = c.Response().Write(r.Body) // the client may be gone
	}
}

// noStore is the Cache-Control of what can change and only some may see.
const noStore = "private, no-store, no-transform"

// DraftResponse returns a response about what its receiver may change: no cache stores it, and its
// ETag is the version. It has no ETag for version 0, and no body for nil.
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

// Created returns the response to a call that has created something at location.
func Created(location string, version int64, v any) Response {
	r := DraftResponse(http.StatusCreated, version, v)
	r.Header["Location"] = location
	return r
}

const contentLanguage = "Content-Language"

// SetLanguage says in which language (BCP 47) that is which will be sent.
func SetLanguage(c echo.Context, locale string) {
	c.Response().Header().Set(contentLanguage, locale)
}

// In returns the response with the language (BCP 47) of what it shows.
func (r Response) In(locale string) Response {
	r.Header[contentLanguage] = locale
	return r
}

// SendMoved redirects to the present address of what has moved, with the same query.
func (s *Server) SendMoved(c echo.Context, location string, view cms.View) error {
	if q := c.Request().URL.RawQuery; q != "" {
		location += "?" + q
	}
	Send(
		c,
		Response{Status: http.StatusPermanentRedirect, Body: []byte{}, Header: map[string]string{
			"Location":      location,
			"Cache-Control": s.cacheControl(view),
		}},
	)
	return nil
}

// partialJSON is the media type of responses with only the fields that were asked for. Those of
// type application/json have every field that the specification requires, so that generated clients
// can rely on it.
const partialJSON = "application/vnd.masthead.partial+json"

// SendView sends what was read in a view, whole or with only the given fields (nil: all). Version
// is that of what can be changed, 0 for a list. The tags are what a live response is made of, and
// until is the moment at which it becomes another one by itself, zero if it never does.
func (s *Server) SendView(
	c echo.Context, view cms.View, version int64, fields []string, v any, until time.Time,
	subjects ...cms.CacheTag,
) error {
	mediaType := "application/json"
	if fields != nil {
		mediaType = partialJSON
	}
	if view == cms.LiveView {
		return s.sendLive(c, mediaType, wire.JSON(v), until, subjects)
	}
	r := DraftResponse(http.StatusOK, version, v)
	r.Header["Content-Type"] = mediaType
	Send(c, r)
	return nil
}

// cacheControl returns the Cache-Control of a view.
func (s *Server) cacheControl(view cms.View) string {
	if view == cms.LiveView {
		return s.liveCaching
	}
	return noStore
}
