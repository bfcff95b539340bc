package main

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// settleNulls puts null into the schemas that null may stand for wherever they are referred to, so that a plain reference
// says all. Where a schema is met both ways, the choice between it and null remains: an enum should be one type to those
// who read it in one place and send it in another, and an object can be given a type of its own.
func (g *generator) settleNulls() {
	open, met := map[string]bool{}, map[string]bool{}
	inner := map[*openapi3.SchemaRef]bool{}
	g.eachSchema(func(ref *openapi3.SchemaRef) {
		name, referred := strings.CutPrefix(ref.Ref, schemaPrefix)
		switch {
		case referred:
			met[name] = met[name] || !inner[ref]
		case ref.Value != nil && ref.Value.Nullable && len(ref.Value.AllOf) == 1:
			only := ref.Value.AllOf[0]
			inner[only] = true
			open[strings.TrimPrefix(only.Ref, schemaPrefix)] = true
		}
	})
	for _, name := range sortedKeys(open) {
		if !met[name] {
			g.doc.Components.Schemas[name].Value.Nullable = true
		}
	}
}
