package main

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// object is a JSON object whose members stand in the order they were set in.
type object struct {
	names  []string
	values map[string]any
}

func (o *object) set(name string, value any) {
	if o.values == nil {
		o.values = map[string]any{}
	}
	if _, ok := o.values[name]; !ok {
		o.names = append(o.names, name)
	}
	o.values[name] = value
}

// MarshalJSON writes the members in their order.
func (o *object) MarshalJSON() ([]byte, error) {
	text := []byte{'{'}
	for i, name := range o.names {
		value, err := json.Marshal(map[string]any{name: o.values[name]})
		if err != nil {
			return nil, err
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, value[1:len(value)-1]...)
	}
	return append(text, '}'), nil
}

// composer makes an example of a schema out of those of its parts.
type composer struct {
	g    *generator
	open map[string]bool // the named schemas that are being made: meeting one again ends the descent
}

// named makes the example of a component; ok is false where parts have none, or where the component holds itself.
func (c *composer) named(name string) (example any, ok bool) {
	ref := c.g.doc.Components.Schemas[name]
	if ref == nil || ref.Value == nil || c.open[name] {
		return nil, false
	}
	c.open[name] = true
	defer delete(c.open, name)
	t := c.g.types[name]
	if t != nil && t.example != nil {
		return t.example, true
	}
	if t != nil && len(t.fields) > 0 && ref.Value.Example == nil {
		return c.object(ref.Value, t)
	}
	return c.of(ref)
}

// of makes the example of any schema.
func (c *composer) of(ref *openapi3.SchemaRef) (example any, ok bool) {
	if ref == nil {
		return nil, false
	}
	if ref.Ref != "" {
		return c.named(strings.TrimPrefix(ref.Ref, schemaPrefix))
	}
	schema := ref.Value
	switch {
	case schema.Example != nil:
		return schema.Example, true
	case len(schema.Enum) > 0:
		return schema.Enum[0], true
	case len(schema.AllOf) == 1:
		return c.of(schema.AllOf[0])
	case len(schema.OneOf) > 0:
		return c.of(schema.OneOf[0])
	case schema.Type.Is(openapi3.TypeArray):
		return c.list(schema)
	case schema.Type.Is(openapi3.TypeObject) && len(schema.Properties) > 0:
		return c.object(schema, &goType{})
	}
	return nil, false
}

// list is one item, or none where the item would hold the list.
func (c *composer) list(schema *openapi3.Schema) (example any, ok bool) {
	if schema.Items != nil && c.open[strings.TrimPrefix(schema.Items.Ref, schemaPrefix)] {
		return []any{}, true
	}
	item, ok := c.of(schema.Items)
	return []any{item}, ok
}

// object has its members in the order of the Go type.
func (c *composer) object(schema *openapi3.Schema, t *goType) (example any, ok bool) {
	made, ok := &object{}, true
	for _, name := range propertyOrder(schema, t) {
		f, declared := t.field(name)
		property := schema.Properties[name]
		value, found := c.of(property)
		switch {
		case found:
			made.set(name, value)
		case c.turnsBack(property) && property.Value != nil && property.Value.Nullable:
			made.set(name, nil)
		case c.turnsBack(property) && f.optional:
		case !declared:
			ok = false
		default:
			c.g.faults.add(f.at, "the field %s of %s has no example", name, t.name)
			ok = false
		}
	}
	return made, ok
}

// turnsBack says that a property leads to a schema that is being made.
func (c *composer) turnsBack(ref *openapi3.SchemaRef) bool {
	found := false
	walkSchema(ref, func(inner *openapi3.SchemaRef) {
		found = found || c.open[strings.TrimPrefix(inner.Ref, schemaPrefix)]
	})
	return found
}

// propertyOrder lists the properties as the Go type has them, then any others by name.
func propertyOrder(schema *openapi3.Schema, t *goType) []string {
	var names []string
	for _, f := range t.fields {
		if schema.Properties[f.name] != nil {
			names = append(names, f.name)
		}
	}
	for _, name := range sortedKeys(schema.Properties) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
