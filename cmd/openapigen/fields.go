package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// goField is a struct field that is part of the API.
type goField struct {
	name  string // on the wire
	doc   string
	at    token.Position
	owner *goType // the struct that declares it
	kind  ast.Expr
	tag   reflect.StructTag

	pointer, optional bool

	// never null, as the struct that it is embedded in says by nullable:"false"
	notNull bool
}

// fieldsOf returns the fields of a struct that have a name in the tag with that key, those of
// embedded structs in place.
func (g *generator) fieldsOf(t *goType, key string) []goField {
	body, ok := t.spec.Type.(*ast.StructType)
	if !ok {
		return nil
	}
	var fields []goField
	for _, field := range body.Fields.List {
		var tag reflect.StructTag
		if field.Tag != nil {
			text, _ := strconv.Unquote(field.Tag.Value)
			tag = reflect.StructTag(text)
		}
		name, options, _ := strings.Cut(tag.Get(key), ",")
		at := g.source.at(field.Pos())
		switch {
		case name == "-":
		case len(field.Names) == 0 && name == "":
			if inner := g.typeOf(t, field.Type); inner != nil {
				embedded := g.fieldsOf(inner, key)
				for i := range embedded {
					embedded[i].notNull = embedded[i].notNull || tag.Get("nullable") == "false"
				}
				fields = append(fields, embedded...)
			} else {
				g.errorf(at, "%s embeds %s, which is no type of the wire", t.name,
					types.ExprString(field.Type))
			}
		case !field.Names[0].IsExported():
		case name == "":
			g.errorf(at, "the field %s of %s has no name in a %s tag", field.Names[0].Name, t.name,
				key)
		default:
			f := goField{name: name, at: at, owner: t, kind: field.Type, tag: tag}
			f.doc = cmp.Or(prose(field.Doc), prose(field.Comment))
			_, f.pointer = field.Type.(*ast.StarExpr)
			f.optional = strings.HasPrefix(options, "omit") // empty or zero
			fields = append(fields, f)
		}
	}
	return fields
}

// fieldSchema returns the schema of a field with the keywords of its tags. A reference is wrapped
// in allOf, so that it can have siblings in OpenAPI 3.0.
func (g *generator) fieldSchema(f goField) *openapi3.SchemaRef {
	ref := openapi3.NewSchemaRef("",
		&openapi3.Schema{Type: &openapi3.Types{f.tag.Get("swaggertype")}})
	if f.tag.Get("swaggertype") == "" {
		ref = g.schemaOf(f.owner, f.kind)
	}
	if ref.Ref != "" {
		ref = openapi3.NewSchemaRef("", &openapi3.Schema{AllOf: openapi3.SchemaRefs{ref}})
	}
	schema := ref.Value
	if schema.Type.Is(openapi3.TypeObject) && len(schema.Properties) == 0 &&
		schema.AdditionalProperties.Schema == nil {
		schema.AdditionalProperties.Has = openapi3.Ptr(true)
	}
	inner := schema
	if schema.Items != nil && schema.Items.Ref == "" {
		inner = schema.Items.Value
	}
	if inner.Format = cmp.Or(f.tag.Get("format"), inner.Format); inner.Format == "uri" {
		g.errorf(f.at, "the format of %s is iri if people write it, uri-reference if it is made",
			f.name)
	}
	inner.Pattern = f.tag.Get("pattern")
	if form, ok := f.tag.Lookup("form"); ok {
		if inner.Pattern = forms[form]; inner.Pattern == "" {
			g.errorf(f.at, "the form %q of %s is none", form, f.name)
		}
	}
	if values := f.tag.Get("enums"); values != "" {
		setEnum(inner, strings.Split(values, ","))
	}
	g.boundField(schema, f)
	if text := cmp.Or(f.tag.Get("examplejson"), f.tag.Get("example")); text != "" {
		schema.Example = valueOf(schema, text)
	}
	return ref
}

// valueOf parses a value in a tag: a list is JSON or separated by commas, all but a string JSON.
func valueOf(schema *openapi3.Schema, text string) any {
	switch {
	case schema == nil: // a reference to an enum
		return text
	case schema.Type.Is(openapi3.TypeArray) && !strings.HasPrefix(text, "["):
		list := []any{}
		for item := range strings.SplitSeq(text, ",") {
			list = append(list, valueOf(schema.Items.Value, item))
		}
		return list
	case schema.Type.Is(openapi3.TypeString):
		return text
	}
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		return text
	}
	return value
}

// boundField sets the limits of a schema from tags. minItems and maxItems are those of a list, or
// of each list in a map; itemLength is the maxLength of the items of a list.
func (g *generator) boundField(schema *openapi3.Schema, f goField) {
	var limits struct {
		MinItems, MinLength                            uint64
		MaxItems, MaxLength, MaxProperties, ItemLength *uint64
		Minimum, Maximum                               *float64
	}
	for _, key := range []string{"minItems", "maxItems", "minLength", "maxLength", "maxProperties",
		"itemLength", "minimum", "maximum"} {
		text, ok := f.tag.Lookup(key)
		if ok && json.Unmarshal(fmt.Appendf(nil, "{%q: %s}", key, text), &limits) != nil {
			g.errorf(f.at, "%s of %s cannot be %q", key, f.name, text)
		}
	}
	list := schema
	if values := schema.AdditionalProperties.Schema; values != nil && values.Value != nil &&
		values.Value.Items != nil {
		list = values.Value
	}
	list.MinItems, list.MaxItems = limits.MinItems, limits.MaxItems
	schema.MinLength, schema.MaxLength = limits.MinLength, limits.MaxLength
	schema.Min, schema.Max = limits.Minimum, limits.Maximum
	schema.MaxProps = limits.MaxProperties
	if list.Items != nil && list.Items.Ref == "" {
		list.Items.Value.MaxLength = limits.ItemLength
	}
}

// ofOneSize are the formats whose values are bounded by themselves.
var ofOneSize = []string{"uuid", "date-time", "int32", "int64"}

// bounded reports whether the values of a schema are limited in size. References are not followed.
func bounded(ref *openapi3.SchemaRef) bool {
	schema := ref.Value
	if ref.Ref != "" || len(schema.AllOf) > 0 || len(schema.OneOf) > 0 || len(schema.Enum) > 0 {
		return true
	}
	sized := slices.Contains(ofOneSize, schema.Format)
	switch {
	case schema.Type.Is(openapi3.TypeString):
		return sized || schema.MaxLength != nil
	case schema.Type.Is(openapi3.TypeInteger), schema.Type.Is(openapi3.TypeNumber):
		return schema.Min != nil && (sized || schema.Max != nil)
	case schema.Type.Is(openapi3.TypeArray):
		return schema.MaxItems != nil && bounded(schema.Items)
	case schema.Type.Is(openapi3.TypeObject):
		values := schema.AdditionalProperties.Schema
		return len(schema.Properties) > 0 || schema.MaxProps != nil && values != nil &&
			bounded(values)
	}
	return true
}

// property returns the schema of a field of a body. It must have a description and limits.
func (g *generator) property(f goField) *openapi3.SchemaRef {
	ref := g.fieldSchema(f)
	schema := ref.Value
	schema.Description = f.doc
	notNull := f.notNull && len(schema.AllOf) == 0 // a component is null everywhere or nowhere
	schema.Nullable = !notNull &&
		(f.pointer && !f.optional || f.tag.Get("extensions") == "x-nullable")
	if f.doc == "" {
		g.errorf(f.at, "the field %s of %s has no comment", f.name, f.owner.name)
	}
	if _, said := f.tag.Lookup("unbounded"); !said && !bounded(ref) {
		g.errorf(f.at, "the field %s has no end: "+
			`give it maxLength, maxItems, minimum and maximum, or say why in unbounded:"..."`,
			f.name)
	}
	return ref
}
