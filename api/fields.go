package api

import (
	"reflect"
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/rest"
)

// Fields by what has them; those of an article also by view.
var (
	articleFields = slices.DeleteFunc(
		rest.FieldNames(reflect.TypeFor[Article]()),
		func(name string) bool { return name == "collections" }, // include asks for it
	)
	linkFields      = rest.FieldNames(reflect.TypeFor[CollectedLink]())
	draftOnlyFields = cms.ArticleFields.Where(func(f cms.Field) bool { return f.Draft }).Names()
	liveFields      = slices.DeleteFunc(
		slices.Clone(articleFields),
		func(name string) bool { return slices.Contains(draftOnlyFields, name) },
	)
	relatedFields = append(slices.Clone(liveFields), "reasons")
)

// checkArticleFields checks the fields that are wanted of each article in a view, nil for all, and
// returns them.
func checkArticleFields(q *rest.Query, fields []string, view cms.View) []string {
	if view == cms.DraftView {
		return q.CheckFields(fields, articleFields, nil)
	}
	return q.CheckFields(fields, liveFields, draftOnlyFields)
}
