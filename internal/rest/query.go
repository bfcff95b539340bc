package rest

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
)

// Query reads the parameters of a request strictly: every parameter that a handler knows must be
// read once, whether it was sent or not. Done returns an error for all others, and for those with
// bad values.
type Query struct {
	values url.Values
	known  []string
	// the parameters that were read, each in the one form that the specification has
	asked url.Values
	errs  []cms.FieldError
	// how many errors there are beyond maxErrors, of which nothing is made but the count
	omitted int
	shows   []string // the parameters that a cursor does not depend on
}

// NewQuery returns the parameters of a request.
func NewQuery(c echo.Context) *Query {
	values, err := url.ParseQuery(c.Request().URL.RawQuery)
	q := &Query{values: values, asked: url.Values{}}
	if err != nil {
		q.Errorf("", "malformed", "The query cannot be read: %s.", err)
	}
	return q
}

// Errorf adds an error about a parameter.
func (q *Query) Errorf(name, code, format string, args ...any) {
	if q.full() {
		return
	}
	q.errs = append(
		q.errs, cms.FieldError{Parameter: name, Code: code, Detail: fmt.Sprintf(format, args...)},
	)
}

// full reports whether no more errors are listed, and counts one that is not.
func (q *Query) full() bool {
	if len(q.errs) < maxErrors {
		return false
	}
	q.omitted++
	return true
}

// Add adds errors that were found elsewhere.
func (q *Query) Add(errs ...cms.FieldError) { q.errs = append(q.errs, errs...) }

// text returns the value of a parameter, and whether it was sent. An empty one is as good as
// absent.
func (q *Query) text(name string) (string, bool) {
	q.known = append(q.known, name)
	values := q.values[name]
	if len(values) == 0 {
		return "", false
	}
	v := values[0]
	switch {
	case len(values) > 1:
		q.Errorf(name, "repeated", "%s stands %d times; send it once.", name, len(values))
	case !isText(v):
		q.Errorf(name, "invalid_text", "%s must be valid UTF-8 without U+0000.", name)
	case v != "":
		q.asked.Set(name, v)
		return v, true
	}
	return "", false
}

func isText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// require adds an error if a parameter that was read before was not sent.
func (q *Query) require(name, what string) {
	if strings.Join(q.values[name], "") == "" {
		q.Errorf(name, "required", "%s is missing: send %s.", name, what)
	}
}

func (q *Query) number(name string, least, most, otherwise int) int {
	s, sent := q.text(name)
	if !sent {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most || s[0] == '+' {
		q.Errorf(
			name, "out_of_range", "%s is a whole number from %d to %d; it was %q.", name, least,
			most, s,
		)
		return otherwise
	}
	return n
}

func (q *Query) flag(name string) bool {
	set := q.maybeFlag(name)
	if set == nil || !*set {
		q.asked.Del(name) // as if it was not sent
		return false
	}
	return true
}

// maybeFlag returns a flag, nil if it was not sent.
func (q *Query) maybeFlag(name string) *bool {
	switch strings.ToLower(q.values.Get(name)) {
	case "1", "true":
		q.values.Set(name, "true")
	case "0", "false":
		q.values.Set(name, "false")
	}
	value := q.oneOf(name, []string{"true", "false"}, "")
	if value == "" {
		return nil
	}
	set := value == "true"
	return &set
}

func (q *Query) oneOf(name string, allowed []string, otherwise string) string {
	s, sent := q.text(name)
	if !sent {
		return otherwise
	}
	q.allow(name, s, allowed)
	return s
}

func (q *Query) allow(name, s string, allowed []string) {
	if !slices.Contains(allowed, s) && !q.full() {
		q.Errorf(
			name, "not_allowed", "%s cannot be %q%s Allowed are: %s.", name, s,
			didYouMean(s, allowed), strings.Join(allowed, ", "),
		)
	}
}

// maxList is how many values a list in a parameter may have.
const maxList = 100

// list returns the comma-separated values of a parameter, nil if it was not sent. The parameter may
// also be repeated.
func (q *Query) list(name string) []string {
	q.known = append(q.known, name)
	sent := slices.DeleteFunc(slices.Clone(q.values[name]), func(v string) bool { return v == "" })
	if len(sent) == 0 {
		return nil
	}
	all := strings.Join(sent, ",")
	if !isText(all) {
		q.Errorf(name, "invalid_text", "%s must be valid UTF-8 without U+0000.", name)
		return nil
	}
	values := strings.Split(all, ",")
	if len(values) > maxList {
		q.Errorf(name, "too_many", "%s has %d values; %d are allowed.", name, len(values), maxList)
		return nil
	}
	for i, v := range values {
		values[i] = strings.TrimSpace(v)
		if values[i] == "" {
			q.Errorf(name, "empty", "%s has an empty value between its commas.", name)
			return nil
		}
	}
	q.asked.Set(name, strings.Join(values, ","))
	return values
}

func (q *Query) listOf(name string, allowed []string) []string {
	values := q.list(name)
	for _, v := range values {
		q.allow(name, v, allowed)
	}
	return values
}

// setOf returns a list whose values must be unique.
func (q *Query) setOf(name string, allowed []string) []string {
	values := q.listOf(name, allowed)
	for i, v := range values {
		if slices.Contains(values[:i], v) {
			q.Errorf(name, "repeated", "%s names %s twice; once is enough.", name, v)
		}
	}
	return values
}

func (q *Query) ids(name string) []cms.ID {
	var ids []cms.ID
	for _, v := range q.list(name) {
		id, ok := cms.ParseID(v)
		if !ok {
			q.Errorf(name, "invalid", "%s takes ids (UUIDs); %q is none.", name, v)
		}
		ids = append(ids, id)
	}
	return ids
}

func (q *Query) locales(name string) []string {
	tags := q.list(name)
	for i, tag := range tags {
		canonical, err := cms.Locale(tag)
		if err != nil {
			q.Errorf(name, "invalid", "%s: %s", name, err)
		}
		tags[i] = canonical
	}
	return tags
}

func (q *Query) time(name string) *time.Time {
	s, sent := q.text(name)
	if !sent {
		return nil
	}
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return clampYear(day) // midnight in UTC
	}
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return clampYear(at.UTC().Truncate(time.Second))
	}
	q.Errorf(
		name, "invalid_time",
		"%s: %q is not a time of RFC 3339, such as 2026-03-12T08:00:00Z, nor a date.", name, s,
	)
	return nil
}

// clampYear returns a time limited to the years 1 to 9999, in which everything stored lies.
func clampYear(at time.Time) *time.Time {
	switch year := at.Year(); {
	case year < 1:
		at = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	case year > 9999:
		at = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	}
	return &at
}

// Done returns an error for all parameters that were not read or have bad values, or nil.
func (q *Query) Done() error {
	slices.SortStableFunc(q.errs, func(a, b cms.FieldError) int { // in the order of reading
		return slices.Index(q.known, a.Parameter) - slices.Index(q.known, b.Parameter)
	})
	for _, name := range slices.Sorted(maps.Keys(q.values)) {
		if !slices.Contains(q.known, name) && !q.full() {
			q.Errorf(
				name, "unknown", "There is no parameter %q here%s %s", name,
				didYouMean(name, q.known), q.allowed(),
			)
		}
	}
	if len(q.errs) == 0 {
		return nil
	}
	return &cms.Error{
		Code:    cms.InvalidParameter,
		Detail:  "The parameters of the request cannot be taken as they are.",
		Fields:  q.errs,
		Omitted: q.omitted,
	}
}

func (q *Query) allowed() string {
	if len(q.known) == 0 {
		return "None is known here."
	}
	known := slices.Sorted(slices.Values(q.known))
	return "Known are: " + strings.Join(known, ", ") + "."
}

// NoQuery returns an error if a request has any parameter.
func NoQuery(c echo.Context) error { return NewQuery(c).Done() }

// Strings converts a list of any string type.
func Strings[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// limited returns a text of at most a number of characters.
func (q *Query) limited(name string, most int) string {
	s, _ := q.text(name)
	if n := len([]rune(s)); n > most {
		q.Errorf(name, "too_long", "%s has %d characters; %d are allowed.", name, n, most)
	}
	return s
}

// ParseSort parses an order: the name of a field, with a minus in front if it is descending.
func ParseSort(order string) cms.Sort {
	by, descending := strings.CutPrefix(order, "-")
	return cms.Sort{By: by, Descending: descending}
}
