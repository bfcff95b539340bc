package main

import (
	"slices"

	"github.com/masthead-cms/masthead/internal/specfile"
)

// The files that are made, below the folder of the project.
const (
	yamlFile = "openapi.yaml"
	jsonFile = "docs/openapi.json"
	oldFile  = "docs/openapi-3.0.yaml"
)

// jsonDepth is how deep members have lines of their own in the JSON file: a path's methods, a component.
const jsonDepth = 3

// layOut writes the two versions of the document.
func layOut(now, old *specfile.Object) ([]file, error) {
	product, err := specfile.YAML(now)
	if err != nil {
		return nil, err
	}
	embedded, err := specfile.JSON(now, jsonDepth)
	if err != nil {
		return nil, err
	}
	legacy, err := specfile.YAML(old)
	if err != nil {
		return nil, err
	}
	return []file{{yamlFile, product}, {jsonFile, embedded}, {oldFile, legacy}}, nil
}

// methods are the methods of HTTP in the order they stand under a path.
var methods = []string{"get", "head", "options", "post", "put", "patch", "delete", "trace"}

// rootOrder is the order of the document's own members.
var rootOrder = []string{"openapi", "info", "servers", "security", "tags", "paths", "components"}

// memberOrder is the order of members wherever they are OpenAPI's own words; any other comes last.
var memberOrder = append([]string{
	"$ref", "name", "in", "operationId", "title", "version", "url", "identifier", "summary", "type", "scheme",
	"bearerFormat", "description", "license", "tags", "security", "deprecated", "required", "style", "explode",
	"schema", "format", "enum", "const", "pattern", "minLength", "maxLength",
	"minimum", "maximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "items", "properties",
	"additionalProperties", "allOf", "oneOf", "anyOf", "discriminator", "nullable", "default",
	"propertyName", "mapping",
	"parameters", "requestBody", "responses", "headers", "content", "links", "example", "examples", "value",
	"securitySchemes", "schemas",
}, methods...)

// arrangeRoot puts the whole document into the order of the reference.
func arrangeRoot(root *specfile.Object) {
	arrange(root)
	slices.SortStableFunc(root.Members, func(a, b specfile.Member) int {
		return slices.Index(rootOrder, a.Key) - slices.Index(rootOrder, b.Key)
	})
}

// arrange puts members into their order, all the way down, but neither in examples nor where the names are the
// project's own.
func arrange(value any) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			arrange(item)
		}
	case *specfile.Object:
		slices.SortStableFunc(value.Members, func(a, b specfile.Member) int { return rank(a.Key) - rank(b.Key) })
		for _, member := range value.Members {
			arrangeMember(member)
		}
	}
}

func arrangeMember(member specfile.Member) {
	switch member.Key {
	case "paths", "schemas", "responses", "headers", "securitySchemes", "content", "properties", "parameters", "links":
		if names, ok := member.Value.(*specfile.Object); ok {
			for _, named := range names.Members {
				arrange(named.Value)
			}
			if patch := names.Get(mergePatch); patch != nil { // what generators send is what stands first
				names.Members = slices.DeleteFunc(names.Members, func(m specfile.Member) bool { return m.Key == mergePatch })
				names.Members = slices.Insert(names.Members, 0, specfile.Member{Key: mergePatch, Value: patch})
			}
			return
		}
		arrange(member.Value)
	case "examples":
		if named, ok := member.Value.(*specfile.Object); ok {
			for _, one := range named.Members {
				if object, ok := one.Value.(*specfile.Object); ok {
					slices.SortStableFunc(object.Members, func(a, b specfile.Member) int { return rank(a.Key) - rank(b.Key) })
				}
			}
		}
	case "example", "default", "enum", "mapping", "security":
	default:
		arrange(member.Value)
	}
}

func rank(key string) int {
	if i := slices.Index(memberOrder, key); i >= 0 {
		return i
	}
	return len(memberOrder)
}

// orderProperties puts the properties of a schema into the order of the Go type.
func orderProperties(properties *specfile.Object, t *goType) {
	place := func(m specfile.Member) int {
		i := slices.IndexFunc(t.fields, func(f goField) bool { return f.name == m.Key })
		if i < 0 {
			return len(t.fields)
		}
		return i
	}
	slices.SortStableFunc(properties.Members, func(a, b specfile.Member) int { return place(a) - place(b) })
}
