package main

import (
	"encoding/json"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// ordered encodes a JSON object with its members in the order of names. Names without a value are
// left out.
func ordered(names []string, values map[string]any) json.RawMessage {
	var members []string
	for _, name := range names {
		if value, ok := values[name]; ok {
			object, _ := json.Marshal(map[string]any{name: value}) // what came from JSON
			members = append(members, string(object[1:len(object)-1]))
		}
	}
	return json.RawMessage("{" + strings.Join(members, ",") + "}")
}

// compose returns an example of a schema, made of those of its parts; ok is false if a part has
// none. Recursion ends at a component that is in g.open.
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
	case schema.Items != nil && g.open[schema.Items.Ref]:
		return []any{}, true
	case schema.Items != nil:
		item, ok := g.compose(schema.Items)
		return []any{item}, ok
	}
	return nil, false
}

// composeComponent returns the example of the Go type, or else an object with its fields in order.
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
		switch turnsBack := g.isRecursive(property); {
		case ok || turnsBack && property.Value.Nullable:
			values[f.name] = value
		case turnsBack && f.optional:
		default:
			g.errorf(f.at, "the field %s of %s has no example", f.name, t.name)
			whole = false
		}
	}
	return ordered(t.names(), values), whole
}

// isRecursive reports whether a property refers to a component that is in g.open.
func (g *generator) isRecursive(ref *openapi3.SchemaRef) bool {
	found := false
	walkSchema(ref, func(inner *openapi3.SchemaRef) { found = found || g.open[inner.Ref] })
	return found
}
