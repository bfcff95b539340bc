package rest

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
)

// Params reads the query parameters that the fields of a T declare. cmd/openapigen reads the same
// declaration for the specification: a field's tag query has the name, its comment the description,
// its type and these tags the rest:
//
//	default, minimum, maximum, maxLength  as in JSON Schema
//	enums     the allowed values, separated by commas
//	of        the name of a list of allowed values; without such a list the handler checks
//	unique    no value of a list may be repeated
//	form      what a text looks like; locale is the language tags of BCP 47
//	required  what to send, for the refusal of a request that lacks the parameter
//	shows     true: it chooses a part of a list, or how it is shown; cursors ignore it
type Params[T any] struct {
	readers []func(*Query, reflect.Value)
	shows   []string
}

// NewParams returns a reader of T. The allowed values are looked up by the tag of, or for a named
// string type by its name. It panics if T has a field that cannot be read.
func NewParams[T any](values map[string][]string) *Params[T] {
	p := &Params[T]{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		name := f.Tag.Get("query")
		if name == "" {
			continue
		}
		if f.Tag.Get("shows") == "true" {
			p.shows = append(p.shows, name)
		}
		read := paramReader(f, name, values)
		what, required := f.Tag.Lookup("required")
		p.readers = append(p.readers, func(q *Query, params reflect.Value) {
			read(q, params.FieldByIndex(f.Index))
			if required {
				q.require(name, what)
			}
		})
	}
	return p
}

// Read returns the parameters. Errors are recorded in q, and returned by its Done.
func (p *Params[T]) Read(q *Query) T {
	var params T
	q.shows = p.shows
	for _, read := range p.readers {
		read(q, reflect.ValueOf(&params).Elem())
	}
	return params
}

// paramReader returns the function that reads a parameter into a field.
func paramReader(f reflect.StructField, name string, values map[string][]string) func(*Query,
	reflect.Value) {
	switch t := f.Type; {
	case t == reflect.TypeFor[*time.Time]():
		return func(q *Query, v reflect.Value) { v.Set(reflect.ValueOf(q.time(name))) }
	case t == reflect.TypeFor[[]cms.ID]():
		return func(q *Query, v reflect.Value) { v.Set(reflect.ValueOf(q.ids(name))) }
	case t.Kind() == reflect.Int:
		least := intTag(f, "minimum")
		most := intTag(f, "maximum")
		otherwise := intTag(f, "default")
		return func(q *Query, v reflect.Value) {
			v.SetInt(int64(q.number(name, least, most,
				otherwise)))
		}
	case t == reflect.TypeFor[*bool]():
		return func(q *Query, v reflect.Value) { v.Set(reflect.ValueOf(q.maybeFlag(name))) }
	case t.Kind() == reflect.Bool:
		return func(q *Query, v reflect.Value) { v.SetBool(q.flag(name)) }
	case t.Kind() == reflect.String:
		read := textReader(f, name, allowedValues(f, t, values))
		return func(q *Query, v reflect.Value) { v.SetString(read(q)) }
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String:
		read := listReader(f, name, allowedValues(f, t.Elem(), values))
		return func(q *Query, v reflect.Value) {
			for _, text := range read(q) {
				v.Set(reflect.Append(v, reflect.ValueOf(text).Convert(t.Elem())))
			}
		}
	}
	panic(fmt.Sprintf("rest: parameter %s: no reader for %s", name, f.Type))
}

// intTag returns the number in a tag, 0 if it is absent.
func intTag(f reflect.StructField, key string) int {
	text, ok := f.Tag.Lookup(key)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(fmt.Sprintf("rest: parameter %s: %s: %v", f.Name, key, err))
	}
	return n
}

// allowedValues returns the values that a parameter, or each item of it, can have; nil if any
// string is allowed.
func allowedValues(f reflect.StructField, t reflect.Type, values map[string][]string) []string {
	if enums := f.Tag.Get("enums"); enums != "" {
		return strings.Split(enums, ",")
	}
	if t == reflect.TypeFor[string]() {
		return values[f.Tag.Get("of")]
	}
	allowed, ok := values[t.Name()]
	if !ok {
		panic(fmt.Sprintf("rest: parameter %s: the values of %s are not known", f.Name, t))
	}
	return allowed
}

func textReader(f reflect.StructField, name string, allowed []string) func(*Query) string {
	otherwise := f.Tag.Get("default")
	_, checkedLater := f.Tag.Lookup("of")
	most := intTag(f, "maxLength")
	switch {
	case allowed != nil:
		return func(q *Query) string { return q.oneOf(name, allowed, otherwise) }
	case most > 0 && !checkedLater:
		return func(q *Query) string { return q.limited(name, most) }
	}
	return func(q *Query) string {
		s, _ := q.text(name)
		return s
	}
}

func listReader(f reflect.StructField, name string, allowed []string) func(*Query) []string {
	switch {
	case f.Tag.Get("form") == "locale":
		return func(q *Query) []string { return q.locales(name) }
	case allowed == nil:
		return func(q *Query) []string { return q.list(name) }
	case f.Tag.Get("unique") == "true":
		return func(q *Query) []string { return q.setOf(name, allowed) }
	}
	return func(q *Query) []string { return q.listOf(name, allowed) }
}

// PageParams are the parameters that choose a page of a list.
type PageParams struct {
	// How many rows a page has at most.
	Limit int `query:"limit" shows:"true" minimum:"1" maximum:"100" default:"20" example:"20"`
	// Where to go on: page.next or page.prev of an earlier answer.
	Cursor string `query:"cursor" shows:"true" form:"cursor"`
	// Number of the page, from 1, at most 10,000 rows deep; instead of cursor.
	Page int `query:"page" shows:"true" minimum:"1" maximum:"10001" example:"1"`
	// exact: also count the whole list.
	Count string `query:"count" shows:"true" enums:"exact"`
}
