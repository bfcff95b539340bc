package rest

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
)

// PathParam returns a decoded parameter of the path. Echo leaves it encoded where the encoding is
// not the usual one, such as lower-case hexadecimal. Text that is not valid UTF-8 is NotFound.
func PathParam(c echo.Context, name string) (string, error) {
	s := c.Param(name)
	if c.Request().URL.RawPath != "" {
		decoded, err := url.PathUnescape(s)
		if err != nil {
			return "", NothingHere()
		}
		s = decoded
	}
	if s == "" || !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return "", NothingHere()
	}
	return s, nil
}

// NothingHere returns the error for an address that names nothing.
func NothingHere() error { return cms.Errorf(cms.NotFound, "There is nothing here.") }

// PathID returns the id in the path. A text that is no id is NotFound.
func PathID(c echo.Context, name string) (cms.ID, error) {
	s, err := PathParam(c, name)
	if err != nil {
		return "", err
	}
	id, ok := cms.ParseID(s)
	if !ok {
		return "", cms.Errorf(
			cms.NotFound, "There is nothing here: this call takes an id (a UUID), not %q.", s,
		)
	}
	return id, nil
}

// rawBody returns the body of a request. It is read once.
func rawBody(c echo.Context) ([]byte, error) {
	if kept, ok := c.Get("body").([]byte); ok {
		return kept, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, httpErrorf(
			http.StatusRequestEntityTooLarge, "The body is over 1 MiB; send less.",
		)
	case err != nil:
		return nil, httpErrorf(http.StatusBadRequest, "The body could not be read to its end.")
	}
	c.Set("body", body)
	return body, nil
}

// jsonBody returns the parsed body of a request, which must have one of the media types.
func jsonBody(c echo.Context, mediaTypes ...string) (any, error) {
	body, err := rawBody(c)
	if err != nil {
		return nil, err
	}
	if err := checkMediaType(c.Request().Header, mediaTypes); err != nil {
		return nil, err
	}
	if len(body) == 0 {
		return nil, httpErrorf(http.StatusBadRequest, "The body is empty; send a JSON object.")
	}
	v, err := parseJSON(body)
	if err != nil {
		return nil, httpErrorf(http.StatusBadRequest, "The body cannot be read as JSON: %s.", err)
	}
	return v, nil
}

func checkMediaType(h http.Header, mediaTypes []string) error {
	sent := h.Get("Content-Type")
	mediaType, params, err := mime.ParseMediaType(sent)
	charset := strings.ToLower(params["charset"])
	encoding := strings.ToLower(h.Get("Content-Encoding"))
	if err == nil && slices.Contains(mediaTypes, mediaType) &&
		(charset == "" || charset == "utf-8") &&
		(encoding == "" || encoding == "identity") {
		return nil
	}
	return httpErrorf(
		http.StatusUnsupportedMediaType,
		"Send the body as %s in UTF-8, not compressed; it came as %q.",
		strings.Join(mediaTypes, " or "), sent,
	)
}

// DecodeBody decodes a JSON object into *into, strictly.
func DecodeBody(c echo.Context, into any) error {
	v, err := jsonBody(c, "application/json")
	if err != nil {
		return err
	}
	return bind(v, into, false)
}

// DecodeOptionalBody is DecodeBody where no body at all says the same as an empty object.
func DecodeOptionalBody(c echo.Context, into any) error {
	body, err := rawBody(c)
	switch {
	case err != nil:
		return err
	case len(body) == 0:
		return bind(map[string]any{}, into, false)
	}
	return DecodeBody(c, into)
}

// HasHeader reports whether a header is there with the only value that it can have. Another value
// is an error.
func HasHeader(c echo.Context, name, only string) (bool, error) {
	values := c.Request().Header.Values(name)
	if len(values) == 0 {
		return false, nil
	}
	if len(values) == 1 && values[0] == only {
		return true, nil
	}
	return false, &cms.Error{
		Code:   cms.InvalidParameter,
		Detail: "A header of the request cannot be taken as it is.",
		Fields: []cms.FieldError{{Header: name, Code: "not_allowed",
			Detail: fmt.Sprintf("%s can be %q, or be left out.", name, only)}},
	}
}

// NoBody returns an error if there is a body, except an empty object.
func NoBody(c echo.Context) error {
	body, err := rawBody(c)
	if err != nil || len(body) == 0 {
		return err
	}
	var none struct{}
	return DecodeBody(c, &none)
}

// ReadPatch reads a JSON Merge Patch of a W and returns the function that applies it to an In.
// Names and types in the patch are checked at once, the result when it is applied.
func ReadPatch[In, W any](
	c echo.Context, format func(In) W, parse func(*W) In,
) (func(In) (In, error), error) {
	patch, err := jsonBody(c, "application/merge-patch+json", "application/json")
	if err != nil {
		return nil, err
	}
	if err := bind(patch, new(W), true); err != nil {
		return nil, err
	}
	return func(was In) (In, error) {
		var none In
		text, err := parseJSON([]byte(CanonicalJSON(format(was))))
		if err != nil {
			return none, fmt.Errorf("patch: %w", err)
		}
		var is W
		if err := bind(mergePatch(text, patch), &is, false); err != nil {
			return none, err
		}
		return parse(&is), nil
	}, nil
}

// IfMatch parses If-Match (RFC 9110, section 13.1.1).
func IfMatch(c echo.Context) (cms.Precondition, error) {
	var m cms.Precondition
	lines := c.Request().Header.Values("If-Match")
	if len(lines) == 0 {
		return m, nil
	}
	rest := strings.Trim(strings.Join(lines, ","), " \t,")
	if rest == "*" {
		return cms.Precondition{Any: true}, nil
	}
	for more := true; more; {
		tag, behind, ok := cutEntityTag(rest)
		if !ok {
			return m, &cms.Error{
				Code:   cms.InvalidParameter,
				Detail: "If-Match cannot be read.",
				Fields: []cms.FieldError{{
					Header: "If-Match",
					Code:   "invalid",
					Detail: `If-Match takes an ETag in double quotes, such as "7", or *.`,
				}},
			}
		}
		// Proxies that compress weaken validators. W/"7" can only mean version 7: no other response
		// of ours has that tag, and the bytes of a draft follow from its version.
		// Others put the name of their coding into it: "7-gzip".
		text, _, _ := strings.Cut(strings.Trim(strings.TrimPrefix(tag, "W/"), `"`), "-")
		version, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			m.NotAVersion = true
		} else {
			m.Versions = append(m.Versions, version)
		}
		rest, more = behind, behind != ""
	}
	return m, nil
}

// cutEntityTag cuts the first entity tag off a list (RFC 9110, section 8.8.3). Tags may contain
// commas.
func cutEntityTag(list string) (tag, rest string, ok bool) {
	opaque, open := strings.CutPrefix(strings.TrimPrefix(list, "W/"), `"`)
	end := strings.IndexByte(opaque, '"')
	if !open || end < 0 || strings.IndexFunc(opaque[:end], notEntityTag) >= 0 {
		return "", "", false
	}
	tag = list[:len(list)-len(opaque)+end+1]
	rest = strings.TrimLeft(opaque[end+1:], " \t")
	if rest == "" {
		return tag, "", true
	}
	rest, ok = strings.CutPrefix(rest, ",")
	return tag, strings.TrimLeft(rest, " \t,"), ok
}

func notEntityTag(r rune) bool { return r <= 0x20 || r == 0x7f }
