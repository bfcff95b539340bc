package main

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// validate checks an encoded document against OpenAPI and its examples against its schemas.
func validate(data []byte) error {
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return fmt.Errorf("read it back: %w", err)
	}
	return doc.Validate(context.Background(), openapi3.EnableExamplesValidation(),
		openapi3.EnableSchemaFormatValidation())
}

// validateExamples checks the examples of an encoded document one by one, so that each wrong one is
// reported. Objects are closed for it, so that misspelt fields are found.
func (g *generator) validateExamples(data []byte) {
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		g.errorf(nowhere, "resolve the references: %v", err)
		return
	}
	resolved := &generator{doc: doc, source: g.source}
	resolved.eachSchema(closeObject)
	for name, ref := range doc.Components.Schemas {
		g.validateExample(ref, ref.Value.Example, g.types[name].at, "the example of "+name)
	}
	for _, op := range resolved.operations() {
		for _, p := range op.Parameters {
			g.validateExample(p.Value.Schema, p.Value.Example, op.at,
				"the example of the parameter "+p.Value.Name+" of "+op.label())
		}
		for _, b := range bodies(op.Operation) {
			g.validateExample(b.Schema, b.Example, op.at, "the example of "+op.label()+" "+b.part)
			for name, example := range b.Examples {
				g.validateExample(b.Schema, example.Value.Value, nowhere,
					fmt.Sprintf("api/examples/%s.%s.%s.json", op.label(), b.part, name))
			}
		}
	}
}

// validateExample checks one example, if there is one.
func (g *generator) validateExample(ref *openapi3.SchemaRef, example any, at token.Position,
	what string) {
	if example == nil || ref == nil {
		return
	}
	for _, reason := range reasons(ref.Value.VisitJSON(example, openapi3.MultiErrors(),
		openapi3.EnableFormatValidation())) {
		g.errorf(at, "%s: %s", what, reason)
	}
}

// reasons returns a line for each place where a value does not match its schema.
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
