package store

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/masthead-cms/masthead/internal/cms"
)

// filterColumn is how a field is read in a condition on a row.
type filterColumn struct {
	sql      string
	nullable bool
}

// contentFields are the fields that both views read alike: those of cms.ArticleFields whose column
// has their name, with a dot written as an underscore, and the few that are called otherwise.
var contentFields = mergedFields(namedColumns(), map[string]filterColumn{
	"meta.noindex":    {sql: "a.noindex"},
	"reading_minutes": {sql: "((a.word_count + 219) / 220)"},
	"image.id":        {sql: "nullif(a.image_id, '')", nullable: true},
	"audio.id":        {sql: "nullif(a.audio_id, '')", nullable: true},
	"video.id":        {sql: "nullif(a.video_id, '')", nullable: true},
	"created_at":      {sql: "a.created_at"},
	"updated_at":      {sql: "a.updated_at"},
})

// namedColumns are the content's columns by the fields that are called like them.
func namedColumns() map[string]filterColumn {
	names := contentColumns.Names()
	fields := map[string]filterColumn{}
	for _, f := range cms.ArticleFields {
		name := strings.ReplaceAll(f.Name, ".", "_")
		if f.Filter && slices.Contains(names, name) {
			fields[f.Name] = filterColumn{sql: "a." + name}
		}
	}
	return fields
}

var liveFields = mergedFields(contentFields, map[string]filterColumn{
	"id":           {sql: "a.article_id"},
	"edition":      {sql: "a.number"},
	"published_at": {sql: "a.published_at"},
	"edition_at":   {sql: "a.edition_at"},
	"retracted":    {sql: retracted("a.article_id")},
})

const formatOfDraft = "SELECT t.body_format FROM article_texts AS t WHERE t.article_id = a.id"

// draftFields has edition_at, which a draft has not: it is always null.
var draftFields = mergedFields(contentFields, map[string]filterColumn{
	"id":                      {sql: "a.id"},
	"edition":                 {sql: "nullif(a.editions, 0)", nullable: true},
	"published_at":            {sql: "a.published_at", nullable: true},
	"edition_at":              {sql: "nullif(a.created_at, a.created_at)", nullable: true},
	"retracted":               {sql: retracted("a.id")},
	"status":                  {sql: "a.status"},
	"version":                 {sql: "a.version"},
	"trashed_at":              {sql: "a.trashed_at", nullable: true},
	"has_unpublished_changes": {sql: "(a.live_digest <> '' AND a.live_digest <> a.digest)"},
	"translation_of":          {sql: "a.group_id", nullable: true},
	"created_by.id":           {sql: "a.created_by", nullable: true},
	"body_format":             {sql: "(" + formatOfDraft + ")"},
})

func mergedFields(some, more map[string]filterColumn) map[string]filterColumn {
	all := map[string]filterColumn{}
	for _, fields := range []map[string]filterColumn{some, more} {
		for name, c := range fields {
			all[name] = c
		}
	}
	return all
}

// filterRefs returns the references that a filter asks for, a condition for each.
func filterRefs(f *cms.Filter) []cms.RefCondition {
	if f == nil {
		return nil
	}
	if f.Is != nil {
		if f.Is.Field.Kind == cms.RefsKind && !f.Is.Present {
			return []cms.RefCondition{{Noun: f.Is.Field.Noun, Refs: []string{f.Is.Text}}}
		}
		return nil
	}
	var refs []cms.RefCondition
	for _, part := range f.Of {
		refs = append(refs, filterRefs(part)...)
	}
	return refs
}

// requiredRefs returns the references that every row has that matches a filter.
func requiredRefs(f *cms.Filter) []cms.RefCondition {
	if f == nil || (f.Is == nil && f.Op != cms.And) {
		return nil
	}
	if f.Is != nil {
		return filterRefs(f)
	}
	var refs []cms.RefCondition
	for _, part := range f.Of {
		refs = append(refs, requiredRefs(part)...)
	}
	return refs
}

// condition returns a filter as a condition on a row. It is true or false, never null: a comparison
// with a field without a value is false. What callers sent is always bound.
func (a *articleQuery) condition(f *cms.Filter) (string, []any) {
	if f.Is != nil {
		return a.comparison(f.Is)
	}
	if f.Op == cms.Not {
		condition, args := a.condition(f.Of[0])
		return "NOT (" + condition + ")", args
	}
	joint := " AND "
	if f.Op == cms.Or {
		joint = " OR "
	}
	var all string
	var args []any
	for i, part := range f.Of {
		if i > 0 {
			all += joint
		}
		condition, more := a.condition(part)
		all += "(" + condition + ")"
		args = append(args, more...)
	}
	return all, args
}

func (a *articleQuery) comparison(c *cms.Comparison) (string, []any) {
	if c.Field.Kind == cms.RefsKind {
		if c.Present {
			return "EXISTS (SELECT 1 FROM " + a.tables.refRows + " AS f WHERE f.article_id = " +
				a.tables.id + " AND f.noun = ?)", []any{c.Field.Noun.Singular}
		}
		return a.refersTo(cms.RefCondition{Noun: c.Field.Noun, Refs: []string{c.Text}})
	}
	col := a.tables.fields[c.Field.Name]
	if c.Present {
		return present(c.Field.Kind, col), nil
	}
	if c.Op == cms.Has && c.Field.Kind == cms.LocaleKind {
		some := inLanguage(col.sql, c.Text)
		return some.Text, some.Args
	}
	op, not := string(c.Op), ""
	switch c.Op {
	case cms.NotEqual:
		op, not = "=", "NOT "
	case cms.Has:
		op = "="
	}
	condition, args := col.sql+" "+op+" ?", []any{value(c)}
	switch {
	case c.Prefix:
		condition, args = "substr("+col.sql+", 1, ?) = ?", []any{
			utf8.RuneCountInString(c.Text),
			c.Text,
		}
	case c.Op == cms.Has && c.Field.Kind == cms.TextKind:
		condition = a.db.Contains(col.sql)
	}
	if col.nullable {
		condition = "coalesce(" + condition + ", FALSE)"
	}
	return not + "(" + condition + ")", args
}

func present(kind cms.Kind, col filterColumn) string {
	switch {
	case col.nullable:
		return col.sql + " IS NOT NULL"
	case kind == cms.TextKind:
		return col.sql + " <> ''"
	}
	return "1 = 1"
}

func value(c *cms.Comparison) any {
	switch c.Field.Kind {
	case cms.TimeKind:
		return c.Time
	case cms.NumberKind:
		return c.Number
	case cms.FlagKind:
		return c.Flag
	}
	return c.Text
}
