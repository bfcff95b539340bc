package main

import (
	"context"
	"encoding/json"
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

// proveExamples checks every example of a resolved document by itself, so that each wrong one is named.
func (g *generator) proveExamples(doc *openapi3.T) {
	for _, name := range sortedKeys(doc.Components.Schemas) {
		schema := doc.Components.Schemas[name].Value
		g.proveValue(schema, schema.Example, g.placeOf(name), "the example of "+name)
	}
	resolved := &generator{doc: doc}
	for _, op := range resolved.operations() {
		g.proveOperation(op)
	}
}

func (g *generator) proveOperation(op endpoint) {
	at := g.source.where(op.OperationID)
	for _, parameter := range op.Parameters {
		p := parameter.Value
		g.proveValue(p.Schema.Value, p.Example, at, "the example of the parameter "+p.Name+" of "+op.label())
	}
	if op.RequestBody != nil {
		g.proveContent(op.RequestBody.Value.Content, at, op.label(), "request")
	}
	for _, status := range sortedKeys(op.Responses.Map()) {
		g.proveContent(op.Responses.Value(status).Value.Content, at, op.label(), status)
	}
}

func (g *generator) proveContent(content openapi3.Content, at, id, part string) {
	for _, kind := range sortedKeys(content) {
		media := content[kind]
		if media.Schema == nil {
			continue
		}
		g.proveValue(media.Schema.Value, media.Example, at, "the example of "+id+" "+part)
		for _, name := range sortedKeys(media.Examples) {
			file := fmt.Sprintf("api/examples/%s.%s.%s.json", id, part, name)
			g.proveValue(media.Schema.Value, media.Examples[name].Value.Value, "", file)
			for _, field := range unknownFields(media.Schema.Value, media.Examples[name].Value.Value, "") {
				g.faults.add("", "%s: %s is no field of the schema", file, field)
			}
		}
	}
}

// proveValue checks one example; nil is no example.
func (g *generator) proveValue(schema *openapi3.Schema, example any, at, what string) {
	if example == nil {
		return
	}
	value, err := plain(example)
	if err == nil {
		err = schema.VisitJSON(value, openapi3.MultiErrors(), openapi3.EnableFormatValidation())
	}
	for _, reason := range reasons(err) {
		g.faults.add(at, "%s: %s", what, reason)
	}
}

// plain turns a value into the kinds of encoding/json, which the validator wants.
func plain(value any) (any, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var out any
	return out, json.Unmarshal(data, &out)
}

// reasons says in one line each where a value does not fit its schema, and why.
func reasons(err error) []string {
	var several openapi3.MultiError
	var one *openapi3.SchemaError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &one) && !errors.As(err, &several):
		return []string{"/" + strings.Join(one.JSONPointer(), "/") + ": " + one.Reason}
	case errors.As(err, &several):
		var list []string
		for _, inner := range several {
			list = append(list, reasons(inner)...)
		}
		return list
	}
	return []string{err.Error()}
}

// unknownFields lists the members of an example that its schema does not have; one written by hand may be mistyped.
func unknownFields(schema *openapi3.Schema, value any, path string) []string {
	if len(schema.AllOf) == 1 && len(schema.Properties) == 0 {
		schema = schema.AllOf[0].Value
	}
	var unknown []string
	switch value := value.(type) {
	case []any:
		for i, item := range value {
			if schema.Items != nil {
				unknown = append(unknown, unknownFields(schema.Items.Value, item, fmt.Sprintf("%s/%d", path, i))...)
			}
		}
	case map[string]any:
		for _, name := range sortedKeys(value) {
			if property := schema.Properties[name]; property != nil {
				unknown = append(unknown, unknownFields(property.Value, value[name], path+"/"+name)...)
			} else if len(schema.Properties) > 0 {
				unknown = append(unknown, path+"/"+name)
			}
		}
	}
	return unknown
}
