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
		response := op.Responses.Value("200")
		if op.Parameters.GetByInAndName("query", fieldsParam) == nil || response == nil || response.Value == nil {
			continue
		}
		if media := response.Value.Content[jsonMedia]; media != nil && media.Schema.Ref != "" {
			name := g.partial(strings.TrimPrefix(media.Schema.Ref, schemaPrefix))
			response.Value.Content[partialMedia] = openapi3.NewMediaType().WithSchemaRef(openapi3.NewSchemaRef(schemaPrefix+name, nil))
		}
	}
}

// partial makes the schema of a thing that may lack any field, or of a page of such things, and answers its name.
func (g *generator) partial(whole string) string {
	name := "Partial" + whole
	if g.doc.Components.Schemas[name] != nil {
		return name
	}
	schema := *g.doc.Components.Schemas[whole].Value
	t := *g.types[whole]
	if rows := schema.Properties["data"]; rows != nil && rows.Value != nil && rows.Value.Items != nil && rows.Value.Items.Ref != "" {
		part := *rows.Value
		part.Items = openapi3.NewSchemaRef(schemaPrefix+g.partial(strings.TrimPrefix(rows.Value.Items.Ref, schemaPrefix)), nil)
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
	return name
}
