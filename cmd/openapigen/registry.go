package main

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/masthead-cms/masthead/internal/cms"
)

// registered is what the registry of fields says of a parameter that is annotated extensions(x-of=<name>).
type registered struct {
	values []string // that the parameter, or each item of it, can have; nil: no fixed set
	words  string   // behind the description
}

var registry = map[string]registered{
	"sorts":    {values: cms.ArticleFields.Sorts()},
	"facets":   {values: cms.ArticleFields.Facets()},
	"includes": {values: cms.ArticleFields.Includes()},
	"filters":  {words: filterWords()},
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
			if schema := p.Schema.Value; schema.Items != nil {
				setEnum(schema.Items.Value, entry.values)
			} else {
				setEnum(schema, entry.values)
			}
		}
	}
}

func setEnum(schema *openapi3.Schema, values []string) {
	for _, v := range values {
		schema.Enum = append(schema.Enum, v)
	}
}
