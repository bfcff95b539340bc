package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// publicName is the form of every schema's name: no package, no punctuation.
var publicName = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)

const schemaPrefix = "#/components/schemas/"

// nameSchemas gives every schema its public name: api.Article is Article, api.Page-api_Article is ArticlePage. It
// remembers which Go type each of them is.
func (g *generator) nameSchemas() {
	g.types = map[string]*goType{}
	renamed := map[string]string{}
	schemas := openapi3.Schemas{}
	for _, old := range sortedKeys(g.doc.Components.Schemas) {
		name, t := g.publicName(old)
		at := ""
		if t != nil {
			at = t.at
		}
		switch {
		case !publicName.MatchString(name):
			g.faults.add(at, "the schema %s has no name of its own: is its type in package api or rest, or an enum of internal/cms?", old)
		case schemas[name] != nil:
			g.faults.add(at, "two types want the name %s, the other is at %s", name, g.types[name].at)
		case t == nil:
			g.faults.add("", "no Go type was found for the schema %s", old)
		case t.params > 1:
			g.faults.add(at, "%s has more than one type parameter, which leaves no plain name", t.name)
		}
		renamed[schemaPrefix+old] = schemaPrefix + name
		schemas[name] = g.doc.Components.Schemas[old]
		if t != nil {
			g.types[name] = t
		}
	}
	g.doc.Components.Schemas = schemas
	g.eachSchema(func(ref *openapi3.SchemaRef) {
		if name := renamed[ref.Ref]; name != "" {
			ref.Ref = name
		}
	})
}

// publicName gives the name for one of swag's, and the Go type behind it: the generic one for an instance of it.
func (g *generator) publicName(old string) (string, *goType) {
	parts := strings.Split(old, "-")
	name := ""
	var first *goType
	for i, part := range parts {
		t := g.named(part)
		if i == 0 {
			first = t
		}
		if t != nil {
			part = t.public
		}
		name = strings.ToUpper(part[:1]) + part[1:] + name
	}
	return name, first
}

// named finds a type by swag's name for it: api.Article, api_Article within a generic one, or the @name alone.
func (g *generator) named(name string) *goType {
	for _, glue := range []string{".", "_"} {
		pkg, local, ok := strings.Cut(name, glue)
		if t := g.source.types[pkg+"."+local]; ok && t != nil && (t.onWire() || len(t.values) > 0) {
			return t
		}
	}
	return g.source.byPublic(name)
}

// eachSchema visits every schema of the document, outer ones before those within.
func (g *generator) eachSchema(visit func(*openapi3.SchemaRef)) {
	for _, name := range sortedKeys(g.doc.Components.Schemas) {
		walkSchema(g.doc.Components.Schemas[name], visit)
	}
	for _, op := range g.operations() {
		for _, parameter := range op.Parameters {
			if parameter.Value != nil {
				walkSchema(parameter.Value.Schema, visit)
			}
		}
		for _, media := range bodies(op.Operation) {
			walkSchema(media.Schema, visit)
		}
	}
}

// bodies lists what an operation takes and gives, each media type once, in a steady order.
func bodies(op *openapi3.Operation) []*openapi3.MediaType {
	var media []*openapi3.MediaType
	if op.RequestBody != nil && op.RequestBody.Value != nil {
		content := op.RequestBody.Value.Content
		for _, kind := range sortedKeys(content) {
			media = append(media, content[kind])
		}
	}
	for _, status := range sortedKeys(op.Responses.Map()) {
		response := op.Responses.Value(status).Value
		if response == nil {
			continue
		}
		for _, kind := range sortedKeys(response.Content) {
			media = append(media, response.Content[kind])
		}
	}
	return media
}

func walkSchema(ref *openapi3.SchemaRef, visit func(*openapi3.SchemaRef)) {
	if ref == nil {
		return
	}
	visit(ref)
	schema := ref.Value
	if schema == nil || ref.Ref != "" {
		return
	}
	for _, list := range []openapi3.SchemaRefs{schema.AllOf, schema.OneOf, schema.AnyOf} {
		for _, inner := range list {
			walkSchema(inner, visit)
		}
	}
	for _, name := range sortedKeys(schema.Properties) {
		walkSchema(schema.Properties[name], visit)
	}
	walkSchema(schema.Items, visit)
	walkSchema(schema.AdditionalProperties.Schema, visit)
}

// sortedKeys lists the keys of a map in their order, so that a run is like the one before it.
func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
