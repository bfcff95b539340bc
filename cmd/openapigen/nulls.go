package main

import "github.com/getkin/kin-openapi/openapi3"

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
		ref.Value.Nullable = ref.Value.Nullable || always[schemaPrefix+name]
	}
}
