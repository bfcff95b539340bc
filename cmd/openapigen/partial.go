package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	jsonMedia    = "application/json"
	partialMedia = "application/vnd.masthead.partial+json"
	fieldsParam  = "fields" // the parameter that asks for some fields only
)

// addPartials describes what operations answer that can be asked for some fields only: under a media type of its own, so
// that what is called application/json always has all that it requires.
func (g *generator) addPartials() {
	for _, op := range g.operations() {
		if op.Parameters.GetByInAndName(openapi3.ParameterInQuery, fieldsParam) == nil {
			continue
		}
		for _, b := range bodies(op.Operation) {
			if b.part == "200" && b.kind == jsonMedia && b.Schema.Ref != "" {
				ref := openapi3.NewSchemaRef(g.partial(b.Schema.Ref), nil)
				op.Responses.Value("200").Value.Content[partialMedia] = openapi3.NewMediaType().WithSchemaRef(ref)
			}
		}
	}
}

// partial makes the schema of a thing that may lack any field, or of a page of such things, and returns the reference to it.
func (g *generator) partial(ref string) string {
	whole := strings.TrimPrefix(ref, schemaPrefix)
	name := "Partial" + whole
	if g.doc.Components.Schemas[name] != nil {
		return schemaPrefix + name
	}
	schema := *g.doc.Components.Schemas[whole].Value
	t := *g.types[whole]
	if rows := schema.Properties["data"]; rows != nil {
		part := *rows.Value
		part.Items = openapi3.NewSchemaRef(g.partial(rows.Value.Items.Ref), nil)
		schema.Properties = maps.Clone(schema.Properties)
		schema.Properties["data"] = openapi3.NewSchemaRef("", &part)
	} else {
		schema.Required = nil
		t.fields = slices.Clone(t.fields)
		for i := range t.fields {
			t.fields[i].optional = true
		}
	}
	schema.Description += " With fields=: nothing but the fields that were asked for."
	g.doc.Components.Schemas[name] = openapi3.NewSchemaRef("", &schema)
	g.types[name] = &t
	return schemaPrefix + name
}
