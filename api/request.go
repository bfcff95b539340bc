package api

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
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
)

// pathParam is a part of the path, decoded. Echo leaves it as it was sent where its percent-encoding is not the usual
// one, such as lower-case hexadecimal. One that is no text can name nothing.
func pathParam(c echo.Context, name string) (string, error) {
	s := c.Param(name)
	if c.Request().URL.RawPath != "" {
		decoded, err := url.PathUnescape(s)
		if err != nil {
			return "", nothingHere()
		}
		s = decoded
	}
	if s == "" || !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return "", nothingHere()
	}
	return s, nil
}

func nothingHere() error { return cms.Errorf(cms.NotFound, "There is nothing here.") }

// pathID is the id in the path. What is no id names nothing.
func pathID(c echo.Context, name string) (cms.ID, error) {
	s, err := pathParam(c, name)
	if err != nil {
		return "", err
	}
	id, ok := cms.ParseID(s)
	if !ok {
		return "", cms.Errorf(cms.NotFound, "There is nothing here: this call takes an id (a UUID), not %q.", s)
	}
	return id, nil
}

// rawBody is the body of a request, read once and kept for those who ask again.
func rawBody(c echo.Context) ([]byte, error) {
	if kept, ok := c.Get("body").([]byte); ok {
		return kept, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, refuseHTTP(http.StatusRequestEntityTooLarge, "The body is over 1 MiB; send less.")
	case err != nil:
		return nil, refuseHTTP(http.StatusBadRequest, "The body could not be read to its end.")
	}
	c.Set("body", body)
	return body, nil
}

// jsonBody is the body of a request, parsed. Patches may also come as JSON Merge Patch.
func jsonBody(c echo.Context, mediaTypes ...string) (any, error) {
	body, err := rawBody(c)
	if err != nil {
		return nil, err
	}
	if err := checkMediaType(c.Request().Header, mediaTypes); err != nil {
		return nil, err
	}
	if len(body) == 0 {
		return nil, refuseHTTP(http.StatusBadRequest, "The body is empty; send a JSON object.")
	}
	v, err := parseJSON(body)
	if err != nil {
		return nil, refuseHTTP(http.StatusBadRequest, "The body cannot be read as JSON: %s.", err)
	}
	return v, nil
}

func checkMediaType(h http.Header, mediaTypes []string) error {
	sent := h.Get("Content-Type")
	mediaType, params, err := mime.ParseMediaType(sent)
	charset := strings.ToLower(params["charset"])
	encoding := strings.ToLower(h.Get("Content-Encoding"))
	if err == nil && slices.Contains(mediaTypes, mediaType) && (charset == "" || charset == "utf-8") && (encoding == "" || encoding == "identity") {
		return nil
	}
	return refuseHTTP(http.StatusUnsupportedMediaType, "Send the body as %s in UTF-8, not compressed; it came as %q.", strings.Join(mediaTypes, " or "), sent)
}

// decode reads a JSON object into *into, strictly.
func decode(c echo.Context, into any) error {
	v, err := jsonBody(c, "application/json")
	if err != nil {
		return err
	}
	return bind(v, into, false)
}

// noBody refuses a body where none means anything; an empty object is fine.
func noBody(c echo.Context) error {
	body, err := rawBody(c)
	if err != nil || len(body) == 0 {
		return err
	}
	var none struct{}
	return decode(c, &none)
}

// patcher reads a JSON Merge Patch and answers how it changes a T. Its names and types are checked at once, what comes
// of it when it is applied.
func patcher[T any](c echo.Context) (func(T) (T, error), error) {
	patch, err := jsonBody(c, "application/merge-patch+json", "application/json")
	if err != nil {
		return nil, err
	}
	if err := bind(patch, new(T), true); err != nil {
		return nil, err
	}
	return func(was T) (T, error) {
		var is T
		text, err := parseJSON([]byte(canonicalJSON(was)))
		if err != nil {
			return is, fmt.Errorf("patch: %w", err)
		}
		return is, bind(mergePatch(text, patch), &is, false)
	}, nil
}

// ifMatch reads If-Match (RFC 9110, section 13.1.1).
func ifMatch(c echo.Context) (cms.Precondition, error) {
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
			return m, &cms.Error{Code: cms.InvalidParameter, Detail: "If-Match cannot be read.", Fields: []cms.FieldError{{
				Header: "If-Match", Code: "invalid", Detail: `If-Match takes an ETag in double quotes, such as "7", or *.`,
			}}}
		}
		version, err := strconv.ParseInt(strings.Trim(tag, `"`), 10, 64)
		if err != nil || strings.HasPrefix(tag, "W/") {
			m.NotAVersion = true
		} else {
			m.Versions = append(m.Versions, version)
		}
		rest, more = behind, behind != ""
	}
	return m, nil
}

// cutEntityTag cuts the first validator off a list of them (RFC 9110, section 8.8.3). Commas may stand in one, too.
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

// query reads the parameters of a request strictly: every parameter a handler knows is asked for once, whether it was
// sent or not; done refuses all others, with all that did not fit.
type query struct {
	values url.Values
	known  []string
	faults []cms.FieldError
}

func queryOf(c echo.Context) *query {
	values, err := url.ParseQuery(c.Request().URL.RawQuery)
	q := &query{values: values}
	if err != nil {
		q.add("", "malformed", "The query cannot be read: %s.", err)
	}
	return q
}

func (q *query) add(name, code, format string, args ...any) {
	q.faults = append(q.faults, cms.FieldError{Parameter: name, Code: code, Detail: fmt.Sprintf(format, args...)})
}

// text is a parameter's value, and whether it was sent.
func (q *query) text(name string) (string, bool) {
	q.known = append(q.known, name)
	values, sent := q.values[name]
	if !sent {
		return "", false
	}
	v := values[0]
	switch {
	case len(values) > 1:
		q.add(name, "repeated", "%s stands %d times; send it once (lists are separated by commas).", name, len(values))
	case !utf8.ValidString(v) || strings.ContainsRune(v, 0):
		q.add(name, "invalid_text", "%s must be valid UTF-8 without U+0000.", name)
	case v == "":
		q.add(name, "empty", "%s is empty; leave it out or give it a value.", name)
	default:
		return v, true
	}
	return "", false
}

// require adds a fault if a parameter that was asked for before was not sent.
func (q *query) require(name, what string) {
	if _, sent := q.values[name]; !sent {
		q.add(name, "required", "%s is missing: send %s.", name, what)
	}
}

func (q *query) number(name string, least, most, otherwise int) int {
	s, sent := q.text(name)
	if !sent {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most || s[0] == '+' {
		q.add(name, "out_of_range", "%s is a whole number from %d to %d; it was %q.", name, least, most, s)
		return otherwise
	}
	return n
}

func (q *query) flag(name string) bool {
	return q.oneOf(name, []string{"true", "false"}, "false") == "true"
}

func (q *query) oneOf(name string, allowed []string, otherwise string) string {
	s, sent := q.text(name)
	if !sent {
		return otherwise
	}
	q.allow(name, s, allowed)
	return s
}

func (q *query) allow(name, s string, allowed []string) {
	if !slices.Contains(allowed, s) {
		q.add(name, "not_allowed", "%s cannot be %q%s Allowed are: %s.", name, s, hint(s, allowed), strings.Join(allowed, ", "))
	}
}

// maxList is how many values a list in a parameter may have.
const maxList = 100

// list is a parameter of values separated by commas, nil if it was not sent.
func (q *query) list(name string) []string {
	s, sent := q.text(name)
	if !sent {
		return nil
	}
	values := strings.Split(s, ",")
	if len(values) > maxList {
		q.add(name, "too_many", "%s has %d values; %d are allowed.", name, len(values), maxList)
		return nil
	}
	for i, v := range values {
		values[i] = strings.TrimSpace(v)
		if values[i] == "" {
			q.add(name, "empty", "%s has an empty value between its commas.", name)
			return nil
		}
	}
	return values
}

func (q *query) listOf(name string, allowed []string) []string {
	values := q.list(name)
	for _, v := range values {
		q.allow(name, v, allowed)
	}
	return values
}

// setOf is a list in which each value stands once.
func (q *query) setOf(name string, allowed []string) []string {
	values := q.listOf(name, allowed)
	for i, v := range values {
		if slices.Contains(values[:i], v) {
			q.add(name, "repeated", "%s names %s twice; once is enough.", name, v)
		}
	}
	return values
}

func (q *query) ids(name string) []cms.ID {
	var ids []cms.ID
	for _, v := range q.list(name) {
		id, ok := cms.ParseID(v)
		if !ok {
			q.add(name, "invalid", "%s takes ids (UUIDs); %q is none.", name, v)
		}
		ids = append(ids, id)
	}
	return ids
}

func (q *query) locales(name string) []string {
	tags := q.list(name)
	for i, tag := range tags {
		canonical, err := cms.Locale(tag)
		if err != nil {
			q.add(name, "invalid", "%s: %s", name, err)
		}
		tags[i] = canonical
	}
	return tags
}

func (q *query) time(name string) *time.Time {
	s, sent := q.text(name)
	if !sent {
		return nil
	}
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return within(day) // midnight in UTC
	}
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return within(at.UTC().Truncate(time.Second))
	}
	q.add(name, "invalid_time", "%s: %q is not a time of RFC 3339, such as 2026-03-12T08:00:00Z, nor a date.", name, s)
	return nil
}

// within is a time, or the bound of the years from 1 to 9999, which all that is stored lies in, if it is beyond.
func within(at time.Time) *time.Time {
	switch year := at.Year(); {
	case year < 1:
		at = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	case year > 9999:
		at = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	}
	return &at
}

func (q *query) view() cms.View {
	return cms.View(q.oneOf("view", names(cms.Views), string(cms.LiveView)))
}

// done refuses parameters nobody asked for, and all that did not fit.
func (q *query) done() error {
	sent := make([]string, 0, len(q.values))
	for name := range q.values {
		sent = append(sent, name)
	}
	slices.Sort(sent)
	for _, name := range sent {
		if !slices.Contains(q.known, name) {
			q.add(name, "unknown", "There is no parameter %q here%s %s", name, hint(name, q.known), q.allowed())
		}
	}
	if len(q.faults) == 0 {
		return nil
	}
	return &cms.Error{Code: cms.InvalidParameter, Detail: "The parameters of the request cannot be taken as they are.", Fields: q.faults}
}

func (q *query) allowed() string {
	if len(q.known) == 0 {
		return "None is known here."
	}
	known := slices.Sorted(slices.Values(q.known))
	return "Known are: " + strings.Join(known, ", ") + "."
}

// noQuery refuses all parameters.
func noQuery(c echo.Context) error { return queryOf(c).done() }

func names[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}
