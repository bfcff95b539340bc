package main

import "github.com/getkin/kin-openapi/openapi3"

// settleNulls puts null into the schemas that null may stand for wherever they are referred to, so that a plain reference
// says all. Where a schema is met both ways, the choice between it and null remains: an enum should be one type to those
// who read it in one place and send it in another, and an object can be given a type of its own.
func (g *generator) settleNulls() {
	always := map[string]bool{} // by reference: whether null may stand for it wherever it is met
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
		ref.Value.Nullable = ref.Value.Nullable || always[schemaPrefix+name]
	}
}
