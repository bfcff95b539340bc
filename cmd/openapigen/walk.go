package main

import (
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// eachSchema visits every schema of the document, outer ones first.
func (g *generator) eachSchema(visit func(*openapi3.SchemaRef)) {
	for _, name := range sortedKeys(g.doc.Components.Schemas) {
		walkSchema(g.doc.Components.Schemas[name], visit)
	}
	for _, op := range g.operations() {
		for _, parameter := range op.Parameters {
			walkSchema(parameter.Value.Schema, visit)
		}
		for _, media := range bodies(op.Operation) {
			walkSchema(media.Schema, visit)
		}
	}
}

// body is the content of a request or response in a media type.
type body struct {
	*openapi3.MediaType
	part string // request, or the status
	kind string // the media type
}

// bodies returns the bodies of an operation in a fixed order.
func bodies(op *openapi3.Operation) []body {
	var list []body
	add := func(part string, content openapi3.Content) {
		for _, kind := range sortedKeys(content) {
			list = append(list, body{content[kind], part, kind})
		}
	}
	if op.RequestBody != nil && op.RequestBody.Value != nil {
		add("request", op.RequestBody.Value.Content)
	}
	for _, status := range sortedKeys(op.Responses.Map()) {
		if response := op.Responses.Value(status).Value; response != nil {
			add(status, response.Content)
		}
	}
	return list
}

func walkSchema(ref *openapi3.SchemaRef, visit func(*openapi3.SchemaRef)) {
	if ref == nil {
		return
	}
	visit(ref)
	schema := ref.Value
	if schema == nil || ref.Ref != "" {
		return
	}
	for _, inner := range slices.Concat(schema.AllOf, schema.OneOf, schema.AnyOf) {
		walkSchema(inner, visit)
	}
	for _, name := range sortedKeys(schema.Properties) {
		walkSchema(schema.Properties[name], visit)
	}
	walkSchema(schema.Items, visit)
	walkSchema(schema.AdditionalProperties.Schema, visit)
}

// sortedKeys returns the keys of a map in a fixed order.
func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
