package main

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/masthead-cms/masthead/internal/cms"
)

// registered is what the registry of fields says of a parameter that is annotated extensions(x-of=<name>).
type registered struct {
	values []string // that the parameter, or each item of it, can have; nil: no fixed set
	words  string   // behind the description

	ofRow   bool     // the values are the fields of what is answered,
	without []string // but for these
}

var registry = map[string]registered{
	"sorts":    {values: cms.ArticleFields.Sorts()},
	"facets":   {values: cms.ArticleFields.Facets()},
	"includes": {values: cms.ArticleFields.Includes()},
	"filters":  {words: filterWords()},

	"fields":      {ofRow: true, without: []string{"highlight"}},
	"live_fields": {ofRow: true, without: append(cms.ArticleFields.Where(func(f cms.Field) bool { return f.Draft }).Names(), "highlight")},
}

// filterWords lists the fields that a filter can ask about.
func filterWords() string {
	live := cms.ArticleFields.Filterable(cms.LiveView).Names()
	draft := cms.ArticleFields.Filterable(cms.DraftView).Where(func(f cms.Field) bool { return f.Draft }).Names()
	return " Fields: " + strings.Join(live, ", ") + "; in draft view also " + strings.Join(draft, ", ") + "."
}

// fillRegistered lets the registry of fields say what the parameters annotated with x-of can be.
func (g *generator) fillRegistered() {
	for _, op := range g.operations() {
		for _, ref := range op.Parameters {
			p := ref.Value
			name, ok := p.Extensions["x-of"].(string)
			if !ok {
				continue
			}
			delete(p.Extensions, "x-of")
			entry, known := registry[name]
			if !known {
				g.faults.add(g.source.where(op.OperationID), "the parameter %s of %s is x-of=%s, which the registry of fields does not know", p.Name, op.label(), name)
				continue
			}
			p.Description += entry.words
			values := entry.values
			if entry.ofRow {
				values = g.rowFields(op, entry.without)
			}
			if schema := p.Schema.Value; schema.Items != nil {
				schema.UniqueItems = true
				setEnum(schema.Items.Value, values)
			} else {
				setEnum(schema, values)
			}
		}
	}
}

// rowFields are the fields of what an operation answers, or of the rows of the page it answers, in their order.
func (g *generator) rowFields(op endpoint, without []string) []string {
	response := op.Responses.Value("200")
	if response == nil || response.Value == nil || response.Value.Content[jsonMedia] == nil {
		g.faults.add(g.source.where(op.OperationID), "%s answers no JSON that could have fields", op.label())
		return nil
	}
	name := strings.TrimPrefix(response.Value.Content[jsonMedia].Schema.Ref, schemaPrefix)
	if rows := g.doc.Components.Schemas[name].Value.Properties["data"]; rows != nil {
		name = strings.TrimPrefix(rows.Value.Items.Ref, schemaPrefix)
	}
	var names []string
	for _, f := range g.types[name].fields {
		if !slices.Contains(without, f.name) {
			names = append(names, f.name)
		}
	}
	return names
}

func setEnum(schema *openapi3.Schema, values []string) {
	for _, v := range values {
		schema.Enum = append(schema.Enum, v)
	}
}
