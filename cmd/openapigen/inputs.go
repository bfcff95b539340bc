package main

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// closeInputs says of every object that callers send that it takes no other fields, and of every text that it has no
// U+0000: the server refuses both by name. Objects whose names are the caller's own stay open.
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

// closeObject says of an object with named fields that it has no others.
func closeObject(ref *openapi3.SchemaRef) {
	if schema := ref.Value; ref.Ref == "" && len(schema.Properties) > 0 {
		schema.AdditionalProperties.Has = openapi3.Ptr(false)
	}
}
