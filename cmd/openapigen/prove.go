package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// prove reads a finished document and checks it against OpenAPI, its examples against its schemas.
func prove(data []byte) error {
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return fmt.Errorf("read it back: %w", err)
	}
	return doc.Validate(context.Background(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaFormatValidation())
}

// proveExamples checks every example of a document as JSON by itself, so that each wrong one is named. Objects have no
// fields then but those that are named: an example may be mistyped.
func (g *generator) proveExamples(data []byte) {
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		g.faults.add("", "resolve the references: %v", err)
		return
	}
	resolved := &generator{doc: doc, source: g.source}
	resolved.eachSchema(closeObject)
	for name, ref := range doc.Components.Schemas {
		g.proveValue(ref, ref.Value.Example, g.types[name].at, "the example of "+name)
	}
	for _, op := range resolved.operations() {
		for _, p := range op.Parameters {
			g.proveValue(p.Value.Schema, p.Value.Example, op.at, "the example of the parameter "+p.Value.Name+" of "+op.label())
		}
		for _, b := range bodies(op.Operation) {
			g.proveValue(b.Schema, b.Example, op.at, "the example of "+op.label()+" "+b.part)
			for name, example := range b.Examples {
				g.proveValue(b.Schema, example.Value.Value, "", fmt.Sprintf("api/examples/%s.%s.%s.json", op.label(), b.part, name))
			}
		}
	}
}

// proveValue checks one example; nil is no example.
func (g *generator) proveValue(ref *openapi3.SchemaRef, example any, at, what string) {
	if example == nil || ref == nil {
		return
	}
	for _, reason := range reasons(ref.Value.VisitJSON(example, openapi3.MultiErrors(), openapi3.EnableFormatValidation())) {
		g.faults.add(at, "%s: %s", what, reason)
	}
}

// reasons says in one line each where a value does not fit its schema, and why.
func reasons(err error) (list []string) {
	var several openapi3.MultiError
	var one *openapi3.SchemaError
	switch {
	case err == nil:
	case errors.As(err, &several):
		for _, inner := range several {
			list = append(list, reasons(inner)...)
		}
	case errors.As(err, &one):
		list = append(list, "/"+strings.Join(one.JSONPointer(), "/")+": "+one.Reason)
	default:
		list = append(list, err.Error())
	}
	return list
}
