package api

import (
	"reflect"
	"slices"
	"strings"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/wire"
)

// fieldNames are the names that a wire type's fields have in JSON, in their order.
func fieldNames(t reflect.Type) []string {
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" && f.IsExported() {
			names = append(names, name)
		}
	}
	return names
}

// Fields by what has them; those of an article also by view.
var (
	articleFields   = fieldNames(reflect.TypeFor[Article]())
	tagFields       = fieldNames(reflect.TypeFor[Tag]())
	linkFields      = fieldNames(reflect.TypeFor[CollectedLink]())
	draftOnlyFields = cms.ArticleFields.Where(func(f cms.Field) bool { return f.Draft }).Names()
	liveFields      = slices.DeleteFunc(slices.Clone(articleFields), func(name string) bool { return slices.Contains(draftOnlyFields, name) })
	relatedFields   = append(slices.Clone(liveFields), "reasons")
)

// fields are the fields that are wanted of each row, nil if all are. A field that only the draft view has is refused with
// the advice to ask that.
func (q *query) fields(known, draftOnly []string) []string {
	fields := q.list("fields")
	for i, name := range fields {
		if slices.Contains(fields[:i], name) {
			q.add("fields", "repeated", "fields names %s twice; an object has each field once.", name)
		}
		if slices.Contains(draftOnly, name) {
			q.add("fields", "not_allowed", "%s stands in the draft view only: add view=draft.", name)
			continue
		}
		q.allow("fields", name, known)
	}
	return fields
}

// articleFields are the fields that are wanted of each article in a view, nil if all are.
func (q *query) articleFields(view cms.View) []string {
	if view == cms.DraftView {
		return q.fields(articleFields, nil)
	}
	return q.fields(liveFields, draftOnlyFields)
}

// selectFields is a wire value with nothing but the named fields, in their order; all of it if none are named.
func selectFields(v any, fields []string) any {
	if fields == nil {
		return v
	}
	return wire.Part(v, fields)
}

// selectPageFields is a page of rows with nothing but the named fields; of whole rows if none are named.
func selectPageFields[T any](p Page[T], fields []string) Page[any] {
	rows := make([]any, len(p.Data))
	for i := range p.Data {
		rows[i] = selectFields(&p.Data[i], fields)
	}
	return Page[any]{rows, p.Page}
}
