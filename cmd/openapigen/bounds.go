package main

import (
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
)

// boundField gives a field the bounds of its tags that swag does not pass on: minItems and maxItems count the entries of a
// list, or of each list in a map; itemLength is the most characters of each text in a list, maxProperties how many names
// a map has. A field without an end to it is a fault, unless its tag unbounded says why there is none.
func (g *generator) boundField(schema *openapi3.Schema, f goField) {
	list := schema
	if values := schema.AdditionalProperties.Schema; values != nil && values.Value != nil && values.Value.Type.Is(openapi3.TypeArray) {
		list = values.Value
	}
	list.MinItems = uint64(g.bound(f, "minItems"))
	list.MaxItems = g.most(f, "maxItems")
	schema.MaxProps = g.most(f, "maxProperties")
	if list.Items != nil && list.Items.Value != nil && list.Items.Ref == "" {
		list.Items.Value.MaxLength = g.most(f, "itemLength")
	}
	if _, said := f.tag.Lookup("unbounded"); !said && !bounded(openapi3.NewSchemaRef("", schema)) {
		g.faults.add(f.at, `the field %s has no end: give it maxLength, maxItems, minimum and maximum, or say why in unbounded:"..."`, f.name)
	}
}

// bound reads a tag that counts something; 0 when the tag is absent.
func (g *generator) bound(f goField, key string) int {
	text, ok := f.tag.Lookup(key)
	if !ok {
		return 0
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		g.faults.add(f.at, "%s of %s is not a count: %q", key, f.name, text)
	}
	return int(n)
}

// most reads a tag that says how much of something there may be; nil when the tag is absent.
func (g *generator) most(f goField, key string) *uint64 {
	if _, ok := f.tag.Lookup(key); !ok {
		return nil
	}
	return openapi3.Ptr(uint64(g.bound(f, key)))
}

// ofOneSize are the formats whose values have a length or a range of their own.
var ofOneSize = []string{"uuid", "date-time", "int32", "int64"}

// bounded says that values of a schema cannot be longer or larger than something. What a reference leads to is looked at
// by itself.
func bounded(ref *openapi3.SchemaRef) bool {
	schema := ref.Value
	if ref.Ref != "" || schema == nil || len(schema.AllOf) > 0 || len(schema.OneOf) > 0 || len(schema.Enum) > 0 {
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
		return len(schema.Properties) > 0 || schema.MaxProps != nil && values != nil && bounded(values)
	}
	return true
}
