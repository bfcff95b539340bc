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
	fieldsParam  = "fields" // the parameter that selects fields
)

// addPartials documents responses with selected fields under a media type of their own, so that
// application/json has all required fields.
func (g *generator) addPartials() {
	for _, op := range g.operations() {
		if op.Parameters.GetByInAndName(openapi3.ParameterInQuery, fieldsParam) == nil {
			continue
		}
		for _, b := range bodies(op.Operation) {
			if b.part == "200" && b.kind == jsonMedia && b.Schema.Ref != "" {
				ref := openapi3.NewSchemaRef(g.partial(b.Schema.Ref), nil)
				content := op.Responses.Value("200").Value.Content
				content[partialMedia] = openapi3.NewMediaType().WithSchemaRef(ref)
			}
		}
	}
}

// partial returns a reference to a copy of a schema whose fields are optional, or for a page, those
// of its rows.
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
