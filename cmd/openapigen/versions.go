package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// hoistNulls makes a component nullable if every reference to it is, so that a plain reference is
// enough. Where only some are, each stays a choice between the reference and null: a second,
// nullable enum would be another type to clients.
func (g *generator) hoistNulls() {
	always := map[string]bool{} // by reference: whether all uses of it are nullable
	inner := map[*openapi3.SchemaRef]bool{}
	g.eachSchema(func(ref *openapi3.SchemaRef) {
		switch _, met := always[ref.Ref]; {
		case ref.Ref != "":
			always[ref.Ref] = inner[ref] && (always[ref.Ref] || !met)
		case ref.Value.Nullable && len(ref.Value.AllOf) == 1:
			inner[ref.Value.AllOf[0]] = true
		}
	})
	for name, ref := range g.doc.Components.Schemas {
		hoisted := always[schemaPrefix+name] && !holdsObjects(ref.Value)
		ref.Value.Nullable = ref.Value.Nullable || hoisted
	}
}

// holdsObjects reports whether a schema has objects that are no components: generators of clients
// stumble over such in one that may be null.
func holdsObjects(schema *openapi3.Schema) bool {
	for _, property := range schema.Properties {
		if property.Ref == "" && property.Value.Type.Is(openapi3.TypeObject) {
			return true
		}
	}
	return false
}

// adaptTo30 adapts a resolved document to OpenAPI 3.0 and to strict validators of it. Examples of
// whole components are removed, as an "id" in one is taken for the id of a schema; so are examples
// with null for a reference: in 3.0 there is no nullable reference that both generators and
// validators accept. Where fields can be selected, all are optional: generators that need 3.0 know
// a response by its status alone, not by its media type as well.
func (g *generator) adaptTo30(doc *openapi3.T) {
	doc.Info.Summary = ""
	if license := doc.Info.License; license != nil && license.Identifier != "" {
		license.URL = fmt.Sprintf("https://spdx.org/licenses/%s.html", license.Identifier)
		license.Identifier = ""
	}
	for _, ref := range doc.Components.Schemas {
		if _, ok := ref.Value.Example.(map[string]any); ok {
			ref.Value.Example = nil
		}
	}
	resolved := &generator{doc: doc, source: g.source}
	for _, op := range resolved.operations() {
		for _, media := range bodies(op.Operation) {
			if media.kind == partialMedia {
				op.Responses.Value(media.part).Value.Content[jsonMedia].Schema = media.Schema
			}
			if nullForReference(media.Schema, media.Example) {
				media.Example = nil
			}
			maps.DeleteFunc(media.Examples, func(_ string, e *openapi3.ExampleRef) bool {
				return nullForReference(media.Schema, e.Value.Value)
			})
		}
	}
	resolved.dropUnused()
	resolved.eachSchema(func(ref *openapi3.SchemaRef) {
		schema := ref.Value
		if ref.Ref != "" || !schema.Nullable {
			return
		}
		if schema.Enum != nil {
			schema.Enum = append(schema.Enum, nil)
		}
		if schema.Type == nil && len(schema.AllOf) == 1 { // without a type, nullable has no effect
			schema.Type = schema.AllOf[0].Value.Type
		}
		schema.Nullable = schema.Type != nil // what takes everything takes null
	})
}

// nullForReference reports whether an example contains null where its schema has a reference.
func nullForReference(ref *openapi3.SchemaRef, example any) bool {
	if ref == nil {
		return false
	}
	schema, refers := ref.Value, len(ref.Value.AllOf) == 1
	switch example := example.(type) {
	case nil:
		return refers
	case []any:
		return slices.ContainsFunc(example,
			func(item any) bool { return nullForReference(schema.Items, item) })
	case map[string]any:
		if refers {
			return nullForReference(schema.AllOf[0], example)
		}
		for name, value := range example {
			inner := cmp.Or(schema.Properties[name], schema.AdditionalProperties.Schema)
			if nullForReference(inner, value) {
				return true
			}
		}
	}
	return false
}

// convertTo31 converts the document to OpenAPI 3.1: null is a type, references have siblings,
// examples are a list.
func (g *generator) convertTo31() {
	g.doc.OpenAPI = "3.1.1"
	nullable := map[string]bool{} // components that take null
	for name, ref := range g.doc.Components.Schemas {
		nullable[schemaPrefix+name] = ref.Value.Nullable
	}
	null := openapi3.NewSchemaRef("", &openapi3.Schema{Type: &openapi3.Types{openapi3.TypeNull}})
	g.eachSchema(func(ref *openapi3.SchemaRef) {
		schema := ref.Value
		if ref.Ref != "" {
			return
		}
		takesNull := schema.Nullable
		schema.Nullable = false
		if schema.Example != nil {
			schema.Examples = []any{schema.Example}
			schema.Example = nil
		}
		switch {
		case len(schema.AllOf) == 1:
			target := schema.AllOf[0]
			schema.AllOf = nil
			if takesNull && !nullable[target.Ref] {
				schema.OneOf = openapi3.SchemaRefs{target, null}
				return
			}
			ref.Ref = target.Ref
			siblings, _ := schema.MarshalYAML() // never fails
			ref.Extensions, _ = siblings.(map[string]any)
		case takesNull:
			if schema.Type != nil { // what takes everything takes null
				schema.Type = &openapi3.Types{(*schema.Type)[0], openapi3.TypeNull}
			}
			if schema.Enum != nil {
				schema.Enum = append(schema.Enum, nil)
			}
		}
	})
}
