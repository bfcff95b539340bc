package store

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/masthead-cms/masthead/internal/cms"
)

// column is how a field is read in a condition on a row.
type column struct {
	sql   string
	maybe bool // it may be null
}

// contentFields are the fields that are read alike in both views: those of cms.ArticleFields whose
// column has their name, with a dot written as an underscore, and the few that are called otherwise.
var contentFields = with(namedColumns(), map[string]column{
	"meta.noindex":    {sql: "a.noindex"},
	"reading_minutes": {sql: "((a.word_count + 219) / 220)"},
	"created_at":      {sql: "a.created_at"},
	"updated_at":      {sql: "a.updated_at"},
})

// namedColumns are the content's columns by the fields that are called like them.
func namedColumns() map[string]column {
	names := contentColumns.Names()
	fields := map[string]column{}
	for _, f := range cms.ArticleFields {
		name := strings.ReplaceAll(f.Name, ".", "_")
		if f.Filter && slices.Contains(names, name) {
			fields[f.Name] = column{sql: "a." + name}
		}
	}
	return fields
}

var liveFields = with(contentFields, map[string]column{
	"id": {sql: "a.article_id"}, "edition": {sql: "a.number"}, "published_at": {sql: "a.published_at"}, "edition_at": {sql: "a.edition_at"},
})

var draftFields = with(contentFields, map[string]column{
	"id": {sql: "a.id"}, "edition": {sql: "nullif(a.editions, 0)", maybe: true}, "published_at": {sql: "a.published_at", maybe: true},
	"edition_at": {sql: "nullif(a.created_at, a.created_at)", maybe: true}, // the draft view has none
	"status":     {sql: "a.status"}, "version": {sql: "a.version"}, "trashed_at": {sql: "a.trashed_at", maybe: true},
	"has_unpublished_changes": {sql: "(a.live_digest <> '' AND a.live_digest <> a.digest)"},
	"created_by.id":           {sql: "a.created_by", maybe: true},
	"body_format":             {sql: "(SELECT t.body_format FROM article_texts AS t WHERE t.article_id = a.id)"},
})

func with(some, more map[string]column) map[string]column {
	all := map[string]column{}
	for _, fields := range []map[string]column{some, more} {
		for name, c := range fields {
			all[name] = c
		}
	}
	return all
}

// filterTags are the tags that a filter asks for, nil if it asks for none.
func filterTags(f *cms.Filter) []string {
	if f == nil {
		return nil
	}
	if f.Is != nil {
		if f.Is.Field.Kind == cms.TagsKind && !f.Is.Present {
			return []string{f.Is.Text}
		}
		return nil
	}
	var tags []string
	for _, part := range f.Of {
		tags = append(tags, filterTags(part)...)
	}
	return tags
}

// requiredTags are the tags that every row has which a filter keeps.
func requiredTags(f *cms.Filter) []string {
	if f == nil || (f.Is == nil && f.Op != cms.And) {
		return nil
	}
	if f.Is != nil {
		return filterTags(f)
	}
	var tags []string
	for _, part := range f.Of {
		tags = append(tags, requiredTags(part)...)
	}
	return tags
}

// condition writes a filter as a condition on a row. It is true or false, never null: a comparison with a field that has
// no value is false. What people wrote is only ever bound.
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
	if c.Field.Kind == cms.TagsKind {
		if c.Present {
			return "EXISTS (SELECT 1 FROM " + a.side.tagRows + " AS f WHERE f.article_id = " + a.side.id + ")", nil
		}
		return a.carries([]string{c.Text})
	}
	col := a.side.fields[c.Field.Name]
	if c.Present {
		return present(c.Field.Kind, col), nil
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
		condition, args = "substr("+col.sql+", 1, ?) = ?", []any{utf8.RuneCountInString(c.Text), c.Text}
	case c.Op == cms.Has && c.Field.Kind == cms.TextKind:
		condition = a.db.Contains(col.sql)
	}
	if col.maybe {
		condition = "coalesce(" + condition + ", FALSE)"
	}
	return not + "(" + condition + ")", args
}

func present(kind cms.Kind, col column) string {
	switch {
	case col.maybe:
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
