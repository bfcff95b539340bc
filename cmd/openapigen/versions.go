package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/masthead-cms/masthead/internal/specfile"
)

// version is what one version of OpenAPI asks to be said in its own way.
type version struct {
	number string
	head   func(info *specfile.Object)
	schema func(schema, root *specfile.Object)
	whole  func(root *specfile.Object) // may be nil
}

var (
	version30 = version{"3.0.3", head30, schema30, thinExamples}
	version31 = version{"3.1.1", func(*specfile.Object) {}, schema31, nil}
)

// tree gives the document in a version, its members in the order of the reference.
func (g *generator) tree(v version) (*specfile.Object, error) {
	data, err := g.doc.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("write OpenAPI 3.0: %w", err)
	}
	value, err := specfile.Parse(data)
	if err != nil {
		return nil, err
	}
	root := value.(*specfile.Object)
	root.Set("openapi", v.number)
	v.head(child(root, "info"))
	schemas := child(root, "components", "schemas")
	for _, member := range schemas.Members {
		eachNested(member.Value, func(schema *specfile.Object) { v.schema(schema, root) })
	}
	eachSchemaKey(root, func(schema any) {
		eachNested(schema, func(schema *specfile.Object) { v.schema(schema, root) })
	})
	if v.whole != nil {
		v.whole(root)
	}
	arrangeRoot(root)
	for _, member := range schemas.Members {
		if t, properties := g.types[member.Key], child(member.Value, "properties"); t != nil {
			orderProperties(properties, t)
		}
	}
	return root, nil
}

// child goes down the names; what is not there is an empty object, apart from the document.
func child(value any, names ...string) *specfile.Object {
	object, _ := value.(*specfile.Object)
	for _, name := range names {
		if object == nil {
			break
		}
		object, _ = object.Get(name).(*specfile.Object)
	}
	if object == nil {
		return &specfile.Object{}
	}
	return object
}

// eachSchemaKey visits what stands under "schema" outside of components.schemas and outside of examples.
func eachSchemaKey(value any, visit func(any)) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			eachSchemaKey(item, visit)
		}
	case *specfile.Object:
		for _, member := range value.Members {
			switch member.Key {
			case "schema":
				visit(member.Value)
			case "schemas", "example", "examples":
			default:
				eachSchemaKey(member.Value, visit)
			}
		}
	}
}

// eachNested visits a schema and those within it, inner ones first.
func eachNested(value any, visit func(*specfile.Object)) {
	schema, ok := value.(*specfile.Object)
	if !ok {
		return
	}
	for _, property := range child(schema, "properties").Members {
		eachNested(property.Value, visit)
	}
	for _, key := range []string{"items", "additionalProperties", "not"} {
		eachNested(schema.Get(key), visit)
	}
	for _, key := range []string{"allOf", "oneOf", "anyOf"} {
		list, _ := schema.Get(key).([]any)
		for _, item := range list {
			eachNested(item, visit)
		}
	}
	visit(schema)
}

// head30 leaves out what 3.0 has no place for.
func head30(info *specfile.Object) {
	info.Delete("summary")
	if license := child(info, "license"); license.Has("identifier") {
		license.Set("url", fmt.Sprintf("https://spdx.org/licenses/%s.html", license.Get("identifier")))
		license.Delete("identifier")
	}
}

// schema30 gives what may be null a type, without which "nullable" means nothing in 3.0.
func schema30(schema, root *specfile.Object) {
	if schema.Get("nullable") != true {
		return
	}
	if values, ok := schema.Get("enum").([]any); ok {
		schema.Set("enum", append(append([]any{}, values...), nil))
	}
	list, _ := schema.Get("allOf").([]any)
	if schema.Has("type") || len(list) != 1 {
		return
	}
	ref, _ := child(list[0]).Get("$ref").(string)
	target := child(root, "components", "schemas", strings.TrimPrefix(ref, schemaPrefix))
	if kind, ok := target.Get("type").(string); ok {
		schema.Set("type", kind)
	}
}

// schema31 says in the words of JSON Schema 2020-12 what 3.0 says in its own: null is a type, a reference may have
// neighbours, examples are a list.
func schema31(schema, root *specfile.Object) {
	nullable := schema.Get("nullable") == true
	schema.Delete("nullable")
	if example := schema.Get("example"); schema.Has("example") {
		schema.Delete("example")
		schema.Set("examples", []any{example})
	}
	if schema.Get("format") == "binary" {
		schema.Delete("format")
		schema.Set("contentMediaType", "application/octet-stream")
	}
	null := &specfile.Object{Members: []specfile.Member{{Key: "type", Value: "null"}}}
	if list, ok := schema.Get("allOf").([]any); ok && len(list) == 1 {
		schema.Delete("allOf")
		if nullable && !hasNull(root, list[0]) {
			schema.Set("oneOf", []any{list[0], null})
			return
		}
		for _, member := range child(list[0]).Members {
			schema.Set(member.Key, member.Value)
		}
		return
	}
	if !nullable {
		return
	}
	if kind, ok := schema.Get("type").(string); ok {
		schema.Set("type", []any{kind, "null"})
	}
	if values, ok := schema.Get("enum").([]any); ok {
		schema.Set("enum", append(append([]any{}, values...), nil))
	}
	if list, ok := schema.Get("oneOf").([]any); ok {
		schema.Set("oneOf", append(append([]any{}, list...), null))
	}
}

// hasNull says that the schema a reference leads to takes null.
func hasNull(root *specfile.Object, reference any) bool {
	ref, _ := child(reference).Get("$ref").(string)
	target := child(root, "components", "schemas", strings.TrimPrefix(ref, schemaPrefix))
	kinds, _ := target.Get("type").([]any)
	return target.Get("nullable") == true || slices.Contains(kinds, any("null"))
}
