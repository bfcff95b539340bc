package main

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// closeInputs forbids unknown fields in request bodies and U+0000 in their strings, both of which
// the server refuses. Objects with arbitrary names stay open.
func (g *generator) closeInputs() {
	seen := map[string]bool{}
	var visit func(ref *openapi3.SchemaRef)
	visit = func(ref *openapi3.SchemaRef) {
		if name, ok := strings.CutPrefix(ref.Ref, schemaPrefix); ok && !seen[name] {
			seen[name] = true
			walkSchema(g.doc.Components.Schemas[name], visit)
		}
		if closeObject(ref); ref.Ref == "" && plainText(ref.Value) {
			ref.Value.Pattern = anyText
		}
	}
	for _, op := range g.operations() {
		if op.RequestBody != nil {
			for _, media := range op.RequestBody.Value.Content {
				walkSchema(media.Schema, visit)
			}
		}
	}
}

// closeObject forbids unknown fields in an object that has named ones.
func closeObject(ref *openapi3.SchemaRef) {
	if schema := ref.Value; ref.Ref == "" && len(schema.Properties) > 0 {
		schema.AdditionalProperties.Has = openapi3.Ptr(false)
	}
}
