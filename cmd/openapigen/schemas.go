package main

import (
	"go/ast"
	"go/types"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// publicName matches the names of schemas.
var publicName = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)

const schemaPrefix = "#/components/schemas/"

// buildSchemas builds the schemas of bodies from the Go types: swag drops nulls, optional fields,
// comments and patterns.
func (g *generator) buildSchemas() {
	g.doc.Components.Schemas = openapi3.Schemas{}
	g.component(g.source.byPublic(problemSchema))
	for _, op := range g.operations() {
		for _, media := range bodies(op.Operation) {
			walkSchema(media.Schema, func(ref *openapi3.SchemaRef) {
				if name, ok := strings.CutPrefix(ref.Ref, schemaPrefix); ok {
					ref.Ref = g.fromSwag(name)
				}
			})
		}
	}
}

// fromSwag returns the reference for a name of swag: api.Article, rest.Page-api_Article, or the
// @name alone.
func (g *generator) fromSwag(name string) string {
	var found []*goType
	for part := range strings.SplitSeq(name, "-") {
		t := g.source.types[part]
		if t == nil {
			t = g.source.byPublic(part)
		}
		if t == nil || !t.named() {
			g.errorf(nowhere,
				"the schema %s has no name of its own: is its type in package api or rest, "+
					"or an enum of internal/cms?", name)
			return schemaPrefix + problemSchema
		}
		found = append(found, t)
	}
	return g.component(found[0], found[1:]...)
}

// component returns the reference to the schema of a type, or of an instance of a generic one, and
// builds it if needed. Page[Article] is ArticlePage.
func (g *generator) component(t *goType, args ...*goType) string {
	made := *t
	for _, arg := range args {
		made.public = upperFirst(arg.public) + made.public
	}
	name := made.public
	if known := g.types[name]; known != nil {
		if known.at != t.at {
			g.errorf(t.at, "two types want the name %s, the other is at %s", name, known.at)
		}
		return schemaPrefix + name
	}
	g.types[name] = &made
	if params := t.spec.TypeParams; params != nil {
		if params.NumFields() > 1 {
			g.errorf(t.at, "%s has more than one type parameter, which leaves no plain name",
				t.name)
		}
		if len(args) > 0 {
			made.args = map[string]*goType{params.List[0].Names[0].Name: args[0]}
		}
	}
	if !publicName.MatchString(name) {
		g.errorf(t.at,
			"the name %s of a schema does not start with a capital letter: give it @name", name)
	}
	if t.doc == "" {
		g.errorf(t.at, "the type %s has no comment", t.name)
	}
	schema := &openapi3.Schema{Description: t.doc}
	g.doc.Components.Schemas[name] = openapi3.NewSchemaRef("", schema)
	g.fillSchema(schema, &made)
	return schemaPrefix + name
}

// fillSchema fills in the schema of an enum or a struct.
func (g *generator) fillSchema(schema *openapi3.Schema, t *goType) {
	g.readExample(t)
	if values := g.valuesOf(t); values != nil {
		fillEnum(schema, values)
		return
	}
	schema.Type = &openapi3.Types{openapi3.TypeObject}
	schema.Properties = openapi3.Schemas{}
	t.fields = g.fieldsOf(t, "json")
	for _, f := range t.fields {
		schema.Properties[f.name] = g.property(f)
		if !f.optional {
			schema.Required = append(schema.Required, f.name)
		}
	}
}

// basics are the schemas of basic types.
var basics = map[string][2]string{ // type and format
	"string": {openapi3.TypeString}, "bool": {openapi3.TypeBoolean}, "int": {openapi3.TypeInteger},
	"int32": {openapi3.TypeInteger, "int32"}, "int64": {openapi3.TypeInteger, "int64"},
	"float32": {openapi3.TypeNumber, "float"}, "float64": {openapi3.TypeNumber, "double"},
	"time.Time": {openapi3.TypeString,
		"date-time"}, "json.RawMessage": {openapi3.TypeObject}, "any": {},
}

// schemaOf returns the schema of a type expression in the declaration of owner, a reference if the
// type is a component.
func (g *generator) schemaOf(owner *goType, expr ast.Expr) *openapi3.SchemaRef {
	schema := &openapi3.Schema{}
	switch expr := expr.(type) {
	case *ast.StarExpr:
		return g.schemaOf(owner, expr.X)
	case *ast.ArrayType:
		schema.Type = &openapi3.Types{openapi3.TypeArray}
		schema.Items = g.schemaOf(owner, expr.Elt)
		return openapi3.NewSchemaRef("", schema)
	case *ast.MapType:
		schema.Type = &openapi3.Types{openapi3.TypeObject}
		if values := g.schemaOf(owner, expr.Value); values.Ref != "" || values.Value.Type != nil {
			schema.AdditionalProperties.Schema = values
		}
		return openapi3.NewSchemaRef("", schema)
	}
	if basic, ok := basics[types.ExprString(expr)]; ok {
		if schema.Format = basic[1]; basic[0] != "" {
			schema.Type = &openapi3.Types{basic[0]}
		}
		return openapi3.NewSchemaRef("", schema)
	}
	switch t := g.typeOf(owner, expr); {
	case t == nil:
		g.errorf(owner.at, "%s uses %s, which is no type of the wire", owner.name,
			types.ExprString(expr))
		return openapi3.NewSchemaRef("", schema)
	case !t.named():
		return g.schemaOf(t, t.spec.Type)
	default:
		return openapi3.NewSchemaRef(g.component(t), nil)
	}
}

// typeOf returns the declared type of an expression in the declaration of owner, nil if it is none.
func (g *generator) typeOf(owner *goType, expr ast.Expr) *goType {
	switch expr := expr.(type) {
	case *ast.Ident:
		if arg := owner.args[expr.Name]; arg != nil {
			return arg
		}
		return g.source.types[owner.pkg+"."+expr.Name]
	case *ast.SelectorExpr:
		return g.source.types[types.ExprString(expr)]
	}
	return nil
}

// closeInputs forbids unknown fields in request bodies and U+0000 in their strings, both of which
// the server refuses. Objects with arbitrary names stay open.
func (g *generator) closeInputs() {
	seen := map[string]bool{}
	var visit func(ref *openapi3.SchemaRef)
	visit = func(ref *openapi3.SchemaRef) {
		if name, ok := strings.CutPrefix(ref.Ref, schemaPrefix); ok && !seen[name] {
			seen[name] = true
			walkSchema(g.doc.Components.Schemas[name], visit)
		}
		if closeObject(ref); ref.Ref == "" && plainText(ref.Value) {
			ref.Value.Pattern = anyText
		}
	}
	for _, op := range g.operations() {
		if op.RequestBody != nil {
			for _, media := range op.RequestBody.Value.Content {
				walkSchema(media.Schema, visit)
			}
		}
	}
}

// closeObject forbids unknown fields in an object that has named ones.
func closeObject(ref *openapi3.SchemaRef) {
	if schema := ref.Value; ref.Ref == "" && len(schema.Properties) > 0 {
		schema.AdditionalProperties.Has = openapi3.Ptr(false)
	}
}
