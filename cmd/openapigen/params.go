package main

import (
	"cmp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/masthead-cms/masthead/internal/cms"
)

// paramsLine is the annotation that names the struct of the query parameters.
const paramsLine = "Query"

// maxListed is the maximum number of values in a list parameter, as in package rest.
const maxListed = 100

// parameterOrder is the order in which an operation has its parameters.
var parameterOrder = []string{openapi3.ParameterInPath, openapi3.ParameterInQuery,
	openapi3.ParameterInHeader}

// queryKey is where a kind names that struct for operations without such a line.
const queryKey = "x-query"

// addParameters adds to each operation the parameters declared by the struct in its @Query line, or
// else by that of its kind; see rest.Params.
func (g *generator) addParameters() {
	for _, op := range g.operations() {
		names := op.values(paramsLine)
		if name, ok := op.Extensions[queryKey].(string); ok && len(names) == 0 {
			names = append(names, name)
		}
		delete(op.Extensions, queryKey)
		for _, name := range names {
			t := g.source.types[packages[0]+"."+name]
			if t == nil {
				g.errorf(op.at, "@%s of %s names %s, which is no type of package %s", paramsLine,
					op.label(), name, packages[0])
				continue
			}
			for _, f := range g.fieldsOf(t, "query") {
				op.AddParameter(g.parameter(op, f))
			}
		}
		slices.SortStableFunc(op.Parameters, func(a, b *openapi3.ParameterRef) int {
			return cmp.Compare(slices.Index(parameterOrder, a.Value.In),
				slices.Index(parameterOrder, b.Value.In))
		})
	}
}

// parameter returns the parameter that a field declares.
func (g *generator) parameter(op endpoint, f goField) *openapi3.Parameter {
	if f.doc == "" {
		g.errorf(f.at, "the parameter %s has no comment", f.name)
	}
	p := &openapi3.Parameter{
		Name: f.name, In: openapi3.ParameterInQuery, Description: f.doc,
		Required: f.tag.Get("required") != "",
		Schema:   g.fieldSchema(f),
	}
	schema := p.Schema.Value
	p.Example, schema.Example = schema.Example, nil
	if text, ok := f.tag.Lookup("default"); ok {
		schema.Default = valueOf(schema, text)
	}
	inner := schema
	if schema.Items != nil {
		inner = schema.Items.Value
		p.Style = openapi3.SerializationForm
		p.Explode = openapi3.Ptr(false)
		schema.MinItems = max(schema.MinItems, 1)
		schema.MaxItems = cmp.Or(schema.MaxItems, openapi3.Ptr(uint64(maxListed)))
	}
	if form := f.tag.Get("form"); form != "" {
		inner.Format = "" // the form says more than the format of the Go type
	}
	if of, ok := f.tag.Lookup("of"); ok {
		g.fillRegistered(op, p, inner, of)
	}
	switch {
	case inner == nil: // a reference
	case len(inner.Enum) > 0:
		nameValues(inner)
	case plainText(inner) && schema.Items != nil:
		inner.Pattern = listedText
	case plainText(inner):
		inner.MinLength, inner.Pattern = max(inner.MinLength, 1), anyText
	}
	if len(schema.AllOf) == 1 && schema.Default == nil {
		p.Schema = schema.AllOf[0]
	}
	return p
}

// registry has the lists of values that the tag of can name.
var registry = map[string][]string{
	"sorts":       cms.ArticleFields.Sorts(),
	"facets":      cms.ArticleFields.Facets(),
	"includes":    cms.ArticleFields.Includes(),
	"fields":      nil, // computed; live_fields are without those listed here
	"live_fields": cms.ArticleFields.Where(isDraft).Names(),
	"row_fields":  cms.ArticleFields.Where(isDraft).Names(), // of the article in a row
	"filters":     nil,                                      // described in words
}

func isDraft(f cms.Field) bool { return f.Draft }

// fillRegistered sets the allowed values of a parameter, or of its items, from the registry.
func (g *generator) fillRegistered(op endpoint, p *openapi3.Parameter, inner *openapi3.Schema,
	of string) {
	values, known := registry[of]
	switch {
	case !known:
		g.errorf(op.at,
			"the parameter %s of %s is of:%q, which the registry of fields does not know",
			p.Name, op.label(), of)
	case of == "filters":
		live := cms.ArticleFields.Filterable(cms.LiveView).Names()
		draft := cms.ArticleFields.Filterable(cms.DraftView).Where(isDraft).Names()
		p.Description += " Fields: " + strings.Join(live,
			", ") + "; in draft view also " + strings.Join(draft, ", ") + "."
	case strings.HasSuffix(of, "fields"):
		row := g.rowOf(op)
		if row == nil {
			g.errorf(op.at, "%s has no JSON response with fields", op.label())
			return
		}
		if of == "row_fields" {
			row = g.types["ArticleRow"]
		}
		without := append(values, "highlight")
		values = slices.DeleteFunc(row.names(),
			func(name string) bool { return slices.Contains(without, name) })
		fallthrough
	default:
		p.Schema.Value.UniqueItems = p.Schema.Value.Items != nil
		setEnum(inner, values)
	}
}

// rowOf returns the type of an operation's response, or of the rows of a page.
func (g *generator) rowOf(op endpoint) *goType {
	response := op.Responses.Value("200")
	if response == nil || response.Value == nil || response.Value.Content[jsonMedia] == nil {
		return nil
	}
	name := strings.TrimPrefix(response.Value.Content[jsonMedia].Schema.Ref, schemaPrefix)
	if rows := g.doc.Components.Schemas[name].Value.Properties["data"]; rows != nil {
		name = strings.TrimPrefix(rows.Value.Items.Ref, schemaPrefix)
	}
	return g.types[name]
}
