package rest

import (
	"reflect"
	"slices"
	"strings"

	"github.com/masthead-cms/masthead/internal/wire"
)

// FieldNames returns the JSON names of the fields of a wire type, in order.
func FieldNames(t reflect.Type) []string {
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" &&
			f.IsExported() {
			names = append(names, name)
		}
	}
	return names
}

// FieldsByView returns the JSON names of the fields of a wire type that readers see, and of those
// that only the draft view has: these are left out where they are empty.
func FieldsByView(t reflect.Type) (live, draftOnly []string) {
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "" || !f.IsExported():
		case options == "omitempty":
			draftOnly = append(draftOnly, name)
		default:
			live = append(live, name)
		}
	}
	return live, draftOnly
}

// CheckFields checks the parameter fields, nil for all, against the known names and returns it. A
// field that only the draft view has is refused with the advice to ask for that view.
func (q *Query) CheckFields(fields, known, draftOnly []string) []string {
	for i, name := range fields {
		if slices.Contains(fields[:i], name) {
			q.Errorf(
				"fields", "repeated", "fields names %s twice; an object has each field once.", name,
			)
		}
		if slices.Contains(draftOnly, name) {
			q.Errorf(
				"fields", "not_allowed", "%s stands in the draft view only: add view=draft.", name,
			)
			continue
		}
		q.allow("fields", name, known)
	}
	return fields
}

// SelectFields returns v with only the named fields, in that order; v itself if fields is nil.
func SelectFields(v any, fields []string) any {
	if fields == nil {
		return v
	}
	return wire.Part(v, fields)
}
