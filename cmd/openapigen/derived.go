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
// of its rows. Where a field has the tag selected, those of that field are.
func (g *generator) partial(ref string) string {
	whole := strings.TrimPrefix(ref, schemaPrefix)
	name := "Partial" + whole
	if g.doc.Components.Schemas[name] != nil {
		return schemaPrefix + name
	}
	rows := g.doc.Components.Schemas[whole].Value.Properties["data"]
	selected := slices.IndexFunc(g.types[whole].fields, func(f goField) bool {
		return f.tag.Get("selected") == "true"
	})
	schema := g.derive(whole, name, rows == nil && selected < 0)
	schema.Description += " With fields=: nothing but the fields that were asked for."
	if rows != nil {
		part := *rows.Value
		part.Items = openapi3.NewSchemaRef(g.partial(rows.Value.Items.Ref), nil)
		schema.Properties["data"] = openapi3.NewSchemaRef("", &part)
	}
	if selected >= 0 {
		field := g.types[whole].fields[selected].name
		part := *schema.Properties[field].Value
		part.AllOf = openapi3.SchemaRefs{openapi3.NewSchemaRef(g.partial(part.AllOf[0].Ref), nil)}
		schema.Properties[field] = openapi3.NewSchemaRef("", &part)
	}
	return schemaPrefix + name
}

// derive adds a copy of a component under another name, and returns its schema. Its fields can be
// optional.
func (g *generator) derive(from, name string, optional bool) *openapi3.Schema {
	schema := *g.doc.Components.Schemas[from].Value
	schema.Properties = maps.Clone(schema.Properties)
	t := *g.types[from]
	if optional {
		schema.Required = nil
		t.fields = slices.Clone(t.fields)
		for i := range t.fields {
			t.fields[i].optional = true
		}
	}
	g.doc.Components.Schemas[name] = openapi3.NewSchemaRef("", &schema)
	g.types[name] = &t
	return &schema
}

// mergePatch is the media type of RFC 7396.
const mergePatch = "application/merge-patch+json"

// addPatches gives PATCH bodies schemas of their own, made of that of a whole body: ArticlePatch of
// ArticleInput, where null clears optional fields. They are taken as JSON and JSON Merge Patch.
func (g *generator) addPatches() {
	for _, op := range g.operations() {
		if op.method != "PATCH" || op.RequestBody == nil ||
			op.RequestBody.Value.Content["application/offset+octet-stream"] != nil {
			continue
		}
		content := op.RequestBody.Value.Content
		media := content[jsonMedia]
		if media == nil || media.Schema.Ref == "" {
			g.errorf(op.at, "the body of %s is no type of its own in JSON", op.OperationID)
			continue
		}
		whole := strings.TrimPrefix(media.Schema.Ref, schemaPrefix)
		name := strings.TrimSuffix(whole, "Input") + "Patch"
		schema := g.derive(whole, name, true)
		schema.Description = "Changes the named fields (RFC 7396): null brings a field back to its default."
		for _, f := range g.types[whole].fields {
			property := *schema.Properties[f.name].Value
			property.Nullable = f.optional
			schema.Properties[f.name] = openapi3.NewSchemaRef("", &property)
		}
		media.Schema = openapi3.NewSchemaRef(schemaPrefix+name, nil)
		content[mergePatch] = media
	}
}
