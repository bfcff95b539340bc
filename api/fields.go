package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
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

// Fields of an article by the view that has them.
var (
	articleFields   = fieldNames(reflect.TypeFor[Article]())
	draftOnlyFields = []string{"body", "body_format", "status", "version", "has_unpublished_changes", "created_by", "trashed_at"}
	liveFields      = slices.DeleteFunc(slices.Clone(articleFields), func(name string) bool { return slices.Contains(draftOnlyFields, name) })
)

// only is a wire value with nothing but the named fields, in their order; all of it if none are named.
func only(v any, fields []string) any {
	if fields == nil {
		return v
	}
	var all map[string]json.RawMessage
	if json.Unmarshal(encode(v), &all) != nil {
		return v
	}
	var out bytes.Buffer
	out.WriteByte('{')
	for _, name := range fields {
		value, ok := all[name]
		if !ok {
			continue
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		out.Write(encode(name)[:len(name)+2])
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return json.RawMessage(out.Bytes())
}
