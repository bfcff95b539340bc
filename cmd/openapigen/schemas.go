package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// enrichSchemas adds to each schema what swag drops of its Go type.
func (g *generator) enrichSchemas() {
	for _, name := range sortedKeys(g.doc.Components.Schemas) {
		t, schema := g.types[name], g.doc.Components.Schemas[name].Value
		if t == nil || schema == nil {
			continue
		}
		if t.doc == "" {
			g.faults.add(t.at, "the type %s has no comment", t.name)
		}
		g.faults.list = append(g.faults.list, t.faults.list...)
		schema.Description = t.doc
		switch {
		case t.union != nil:
			g.doc.Components.Schemas[name].Value = g.unionSchema(t)
		case len(t.values) > 0:
			enumSchema(schema, t)
		default:
			g.enrichFields(schema, t)
		}
		dropSwagMarks(schema)
	}
}

// enrichFields settles which fields are required, and gives each the words and bounds it has in Go.
func (g *generator) enrichFields(schema *openapi3.Schema, t *goType) {
	schema.Required = nil
	for _, f := range t.fields {
		ref := schema.Properties[f.name]
		if ref == nil {
			g.faults.add(f.at, "swag did not pass on the field %s of %s", f.name, t.name)
			continue
		}
		if f.doc == "" {
			g.faults.add(f.at, "the field %s of %s has no comment", f.name, t.name)
		}
		if named := g.keyed(t.pkg, f.kind); named != "" {
			ref.Ref = named
		}
		if ref.Ref != "" { // what stands beside a reference needs a schema around it
			ref = openapi3.NewSchemaRef("", &openapi3.Schema{AllOf: openapi3.SchemaRefs{{Ref: ref.Ref}}, Example: beside(ref)})
			schema.Properties[f.name] = ref
		}
		if !f.optional {
			schema.Required = append(schema.Required, f.name)
		}
		g.enrichField(ref.Value, f)
	}
}

// beside is the example beside a reference.
func beside(ref *openapi3.SchemaRef) any {
	if ref.Value == nil {
		return nil
	}
	return ref.Value.Example
}

func (g *generator) enrichField(schema *openapi3.Schema, f goField) {
	schema.Description = f.doc
	schema.Nullable = f.nullable()
	if schema.Default != nil { // generators make a body's field with a default one that callers must send
		schema.Description += fmt.Sprintf(" Default: `%v`.", schema.Default)
		schema.Default = nil
	}
	if text := f.tag.Get("examplejson"); text != "" {
		if err := json.Unmarshal([]byte(text), &schema.Example); err != nil {
			g.faults.add(f.at, "the examplejson of %s: %v", f.name, err)
		}
	}
	inner, kind := schema, f.kind
	if schema.Items != nil && schema.Items.Value != nil {
		inner, kind = schema.Items.Value, strings.TrimPrefix(f.kind, "[]")
		dropSwagMarks(inner)
	}
	if schema.Type.Is(openapi3.TypeObject) && len(schema.Properties) == 0 && free(schema.AdditionalProperties.Schema) {
		schema.AdditionalProperties = openapi3.AdditionalProperties{Has: openapi3.Ptr(true)}
	}
	inner.Pattern = f.tag.Get("pattern")
	if form, ok := f.tag.Lookup("form"); ok {
		if inner.Pattern = forms[form]; inner.Pattern == "" {
			g.faults.add(f.at, "the form %q of %s is none", form, f.name)
		}
	}
	if format := formats[kind]; format != "" && inner.Format == "" {
		inner.Format = format
	}
	g.boundField(schema, f)
	dropSwagMarks(schema)
}

// free says that a schema asks nothing of a value: an object of such values is one of any shape.
func free(ref *openapi3.SchemaRef) bool {
	return ref == nil || ref.Ref == "" && (ref.Value == nil || ref.Value.Type == nil && len(ref.Value.AllOf) == 0)
}

// formats are what a Go type says of its values.
var formats = map[string]string{
	"int32": "int32", "int64": "int64", "float32": "float", "float64": "double", "time.Time": "date-time",
}

// enumSchema lists the values as they are written in Go, with what is said of each.
func enumSchema(schema *openapi3.Schema, t *goType) {
	schema.Type = &openapi3.Types{openapi3.TypeString}
	schema.Enum = nil
	said := ""
	for _, value := range t.values {
		schema.Enum = append(schema.Enum, value.text)
		if value.doc != "" {
			said += fmt.Sprintf("\n- `%s`: %s", value.text, value.doc)
		}
	}
	if said != "" {
		schema.Description += "\n" + said
	}
	nameValues(schema)
}

// unionSchema makes the schema of a type that is one of several.
func (g *generator) unionSchema(t *goType) *openapi3.Schema {
	schema := &openapi3.Schema{Description: t.doc}
	schema.Discriminator = &openapi3.Discriminator{
		PropertyName: t.union.property, Mapping: map[string]openapi3.MappingRef{},
	}
	for _, one := range t.union.names {
		target := g.types[one.doc]
		if target == nil {
			g.faults.add(t.at, "%s names %s, which is no schema: list it in a function with @Success and no @Router", t.name, one.doc)
			continue
		}
		if _, ok := target.field(t.union.property); !ok {
			g.faults.add(target.at, "%s has no field %s to be told apart by", target.name, t.union.property)
		}
		ref := schemaPrefix + one.doc
		schema.OneOf = append(schema.OneOf, &openapi3.SchemaRef{Ref: ref})
		schema.Discriminator.Mapping[one.text] = openapi3.MappingRef{Ref: ref}
	}
	return schema
}

// dropSwagMarks takes away the extensions that swag makes of enums; the values and descriptions say the same.
func dropSwagMarks(schema *openapi3.Schema) {
	for _, key := range []string{"x-enum-varnames", "x-enum-comments", "x-enum-descriptions", "x-nullable"} {
		delete(schema.Extensions, key)
	}
}

// mergePatch is the media type of RFC 7396.
const mergePatch = "application/merge-patch+json"

// loosenPatches makes every field of a PATCH body optional and open to null, which clears it (RFC 7396), save those
// marked with extensions:"!x-nullable". Such bodies are taken as JSON and as JSON Merge Patch.
func (g *generator) loosenPatches() {
	for _, path := range g.doc.Paths.InMatchingOrder() {
		op := g.doc.Paths.Value(path).Patch
		if op == nil || op.RequestBody == nil {
			continue
		}
		content := op.RequestBody.Value.Content
		for _, kind := range sortedKeys(content) {
			if kind != "application/json" && kind != mergePatch {
				g.faults.add(g.source.where(op.OperationID), "%s takes %s; a PATCH takes JSON only", op.OperationID, kind)
			}
			g.loosen(op, strings.TrimPrefix(content[kind].Schema.Ref, schemaPrefix))
		}
		for _, kind := range []string{"application/json", mergePatch} {
			if content[kind] == nil {
				op.RequestBody.Value.Content[kind] = content[sortedKeys(content)[0]]
			}
		}
	}
}

func (g *generator) loosen(op *openapi3.Operation, name string) {
	t, ref := g.types[name], g.doc.Components.Schemas[name]
	if t == nil || ref == nil {
		g.faults.add(g.source.where(op.OperationID), "the body of %s is no type of its own", op.OperationID)
		return
	}
	ref.Value.Required = nil
	for _, f := range t.fields {
		if property := ref.Value.Properties[f.name]; property != nil && property.Value != nil {
			property.Value.Nullable = !f.neverNull()
		}
	}
}

// foldEnums replaces a list of values that is that of a named enum by a reference to it.
func (g *generator) foldEnums() {
	named := map[string]string{}
	for _, name := range sortedKeys(g.types) {
		if t := g.types[name]; len(t.values) > 0 {
			named[enumKey(g.doc.Components.Schemas[name].Value.Enum)] = name
		}
	}
	for _, key := range sortedKeys(g.source.types) { // one that only parameters use is no schema yet
		t := g.source.types[key]
		if k := enumKey(t.enum()); len(t.values) > 0 && named[k] == "" && g.usedInline(k) {
			schema := &openapi3.Schema{Description: t.doc}
			enumSchema(schema, t)
			if t.doc == "" {
				g.faults.add(t.at, "the type %s has no comment", t.name)
			}
			if g.types[t.public] != nil {
				g.faults.add(t.at, "two types want the name %s, the other is at %s", t.public, g.types[t.public].at)
			}
			g.types[t.public], named[k] = t, t.public
			g.doc.Components.Schemas[t.public] = openapi3.NewSchemaRef("", schema)
		}
	}
	g.eachSchema(func(ref *openapi3.SchemaRef) {
		name := named[enumKeyOf(ref)]
		if name == "" || ref == g.doc.Components.Schemas[name] {
			return
		}
		fold(ref, schemaPrefix+name)
	})
}

// fold turns an inline enum into a reference, with what stands beside it around it.
func fold(ref *openapi3.SchemaRef, to string) {
	schema := ref.Value
	if schema.Description == "" && schema.Default == nil && schema.Example == nil && !schema.Nullable {
		*ref = openapi3.SchemaRef{Ref: to}
		return
	}
	schema.Type, schema.Enum = nil, nil
	schema.AllOf = openapi3.SchemaRefs{{Ref: to}}
	dropSwagMarks(schema)
}

func (g *generator) usedInline(key string) bool {
	found := false
	g.eachSchema(func(ref *openapi3.SchemaRef) { found = found || enumKeyOf(ref) == key })
	return found
}

// enum lists the values as a schema has them.
func (t *goType) enum() []any {
	var list []any
	for _, value := range t.values {
		list = append(list, value.text)
	}
	return list
}

// enumKeyOf is enumKey for a schema that lists values, and empty for any other.
func enumKeyOf(ref *openapi3.SchemaRef) string {
	if ref.Ref != "" || ref.Value == nil || len(ref.Value.Enum) == 0 {
		return ""
	}
	return enumKey(ref.Value.Enum)
}

// enumKey is equal for lists of the same values, whatever their order.
func enumKey(values []any) string {
	texts := map[string]bool{}
	for _, value := range values {
		texts[fmt.Sprintf("%q", value)] = true
	}
	return strings.Join(sortedKeys(texts), " ")
}
