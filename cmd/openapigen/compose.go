package main

import (
	"encoding/json"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// ordered writes the values as a JSON object, in the order of the names. Names without a value are left out.
func ordered(names []string, values map[string]any) json.RawMessage {
	text := []byte{'{'}
	for _, name := range names {
		value, ok := values[name]
		if !ok {
			continue
		}
		member, err := json.Marshal(map[string]any{name: value})
		if err != nil {
			continue // a value that was read from JSON, or made of such values, can be written
		}
		if len(text) > 1 {
			text = append(text, ',')
		}
		text = append(text, member[1:len(member)-1]...)
	}
	return append(text, '}')
}

// compose makes the example of a schema out of those of its parts; ok is false where parts have none. The components that
// are being made stand in g.open: meeting one again ends the descent.
func (g *generator) compose(ref *openapi3.SchemaRef) (example any, ok bool) {
	switch {
	case ref == nil:
		return nil, false
	case ref.Ref != "":
		return g.composeComponent(strings.TrimPrefix(ref.Ref, schemaPrefix))
	}
	switch schema := ref.Value; {
	case schema.Example != nil:
		return schema.Example, true
	case len(schema.Enum) > 0:
		return schema.Enum[0], true
	case len(schema.AllOf) == 1:
		return g.compose(schema.AllOf[0])
	case len(schema.OneOf) > 0:
		return g.compose(schema.OneOf[0])
	case schema.Items != nil && g.open[schema.Items.Ref]:
		return []any{}, true
	case schema.Items != nil:
		item, ok := g.compose(schema.Items)
		return []any{item}, ok
	}
	return nil, false
}

// composeComponent makes an object with its members in the order of the Go type, unless that says what the example is.
func (g *generator) composeComponent(name string) (example any, ok bool) {
	ref, t := g.doc.Components.Schemas[name], g.types[name]
	if ref == nil || g.open[schemaPrefix+name] {
		return nil, false
	}
	if t.example != nil {
		return t.example, true
	}
	if len(t.fields) == 0 {
		return g.compose(ref)
	}
	g.open[schemaPrefix+name] = true
	defer delete(g.open, schemaPrefix+name)
	values, whole := map[string]any{}, true
	for _, f := range t.fields {
		property := ref.Value.Properties[f.name]
		value, ok := g.compose(property)
		switch turnsBack := g.turnsBack(property); {
		case ok || turnsBack && property.Value.Nullable:
			values[f.name] = value
		case turnsBack && f.optional:
		default:
			g.faults.add(f.at, "the field %s of %s has no example", f.name, t.name)
			whole = false
		}
	}
	return ordered(t.names(), values), whole
}

// turnsBack reports whether a property leads to a schema that is being made.
func (g *generator) turnsBack(ref *openapi3.SchemaRef) bool {
	found := false
	walkSchema(ref, func(inner *openapi3.SchemaRef) { found = found || g.open[inner.Ref] })
	return found
}
