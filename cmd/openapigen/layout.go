package main

import (
	"cmp"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	"github.com/masthead-cms/masthead/internal/specfile"
)

// The generated files, relative to the target folder.
const (
	yamlFile = "openapi.yaml"
	jsonFile = "docs/openapi.json"
	oldFile  = "docs/openapi-3.0.yaml"
)

// jsonDepth is the depth to which members are on lines of their own in the JSON file: methods and
// components.
const jsonDepth = 3

// arranged returns a document with its members in a readable order, properties in that of the Go
// type.
func (g *generator) arranged(doc *openapi3.T) (*yaml.Node, error) {
	data, err := doc.MarshalJSON()
	if err != nil {
		return nil, err
	}
	root, err := specfile.Parse(data)
	if err != nil {
		return nil, err
	}
	arrange(root)
	sortMembers(root, rootOrder)
	for name, schema := range members(member(member(root, "components"), "schemas")) {
		sortMembers(member(schema, "properties"), g.types[name].names())
	}
	return root, nil
}

// encode returns the document and its older version as files.
func (g *generator) encode(older *openapi3.T) ([]file, error) {
	now, nowErr := g.arranged(g.doc)
	old, oldErr := g.arranged(older)
	if err := errors.Join(nowErr, oldErr); err != nil {
		return nil, err
	}
	embedded := specfile.JSON(now, jsonDepth) // before YAML changes the styles
	product, nowErr := specfile.YAML(now)
	legacy, oldErr := specfile.YAML(old)
	files := []file{{yamlFile, product}, {jsonFile, embedded}, {oldFile, legacy}}
	return files, errors.Join(nowErr, oldErr)
}

// methods are the HTTP methods in the order in which they stand under a path.
var methods = []string{"get", "head", "options", "post", "put", "patch", "delete", "trace"}

// rootOrder is the order of the document's own members.
var rootOrder = []string{"openapi", "info", "servers", "security", "tags", "paths", "components"}

// memberOrder is the order of the keywords of OpenAPI; anything else comes last.
var memberOrder = append(strings.Fields(`
	$ref name in operationId title version url identifier summary type scheme bearerFormat
	description license tags security deprecated required style explode schema format enum const
	pattern minLength maxLength minimum maximum multipleOf minItems maxItems uniqueItems
	minProperties maxProperties items properties additionalProperties allOf oneOf anyOf
	discriminator nullable default propertyName mapping parameters requestBody responses headers
	content links example examples value securitySchemes schemas`), methods...)

// ownNames are the keywords whose members have names chosen by the project.
var ownNames = []string{
	"paths", "schemas", "responses", "headers", "securitySchemes", "content", "properties",
	"parameters", "links",
}

// arrange sorts members at all levels, but not those of examples, nor those with names chosen by
// the project.
func arrange(node *yaml.Node) {
	if node.Kind == yaml.SequenceNode {
		for _, item := range node.Content {
			arrange(item)
		}
		return
	}
	sortMembers(node, memberOrder)
	for key, value := range members(node) {
		switch {
		case slices.Contains(ownNames, key) && value.Kind == yaml.MappingNode:
			sortMembers(value, []string{mergePatch}) // generators send the first media type
			for _, named := range members(value) {
				arrange(named)
			}
		case key == "examples":
			for _, named := range members(value) {
				sortMembers(named, memberOrder)
			}
		case !slices.Contains([]string{"example", "default", "enum", "mapping", "security"}, key):
			arrange(value)
		}
	}
}

// sortMembers sorts the members of an object; those not in order come last and stay as they were:
// as unsigned, -1 is the largest.
func sortMembers(node *yaml.Node, order []string) {
	if node.Kind != yaml.MappingNode {
		return
	}
	rank := func(pair []*yaml.Node) uint { return uint(slices.Index(order, pair[0].Value)) }
	pairs := slices.Collect(slices.Chunk(node.Content, 2))
	slices.SortStableFunc(pairs, func(a, b []*yaml.Node) int {
		return cmp.Compare(rank(a), rank(b))
	})
	node.Content = slices.Concat(pairs...)
}

// members iterates over the members of an object; any other node has none.
func members(node *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		for i := 1; node.Kind == yaml.MappingNode && i < len(node.Content); i += 2 {
			if !yield(node.Content[i-1].Value, node.Content[i]) {
				return
			}
		}
	}
}

// member returns the member of that name, an empty node if there is none.
func member(node *yaml.Node, name string) *yaml.Node {
	for key, value := range members(node) {
		if key == name {
			return value
		}
	}
	return &yaml.Node{}
}
