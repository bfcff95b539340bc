package newsroom_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/internal/cms"
)

// expression draws a filter as text, with what it means.
func expression(t *rapid.T, view cms.View, depth int) (string, func(*cms.ArticleView) bool) {
	shape := rapid.IntRange(0, 4).Draw(t, "shape")
	if depth == 0 || shape < 2 {
		return comparison(t, view)
	}
	if shape == 2 {
		text, holds := expression(t, view, depth-1)
		return "NOT (" + text + ")", func(s *cms.ArticleView) bool { return !holds(s) }
	}
	joint := map[int]string{3: " AND ", 4: " OR "}[shape]
	var parts []string
	var all []func(*cms.ArticleView) bool
	for range rapid.IntRange(2, 3).Draw(t, "parts") {
		text, holds := expression(t, view, depth-1)
		parts, all = append(parts, "("+text+")"), append(all, holds)
	}
	return strings.Join(parts, joint), func(s *cms.ArticleView) bool {
		n := 0
		for _, holds := range all {
			if holds(s) {
				n++
			}
		}
		return n == len(all) || (shape == 4 && n > 0)
	}
}

// comparisons are what can be said of a field: by name, the value of a story, nil if it has none.
var comparisons = map[string]func(*cms.ArticleView) any{
	"title":           func(s *cms.ArticleView) any { return piece(s).Title },
	"kicker":          func(s *cms.ArticleView) any { return piece(s).Kicker },
	"summary":         func(s *cms.ArticleView) any { return piece(s).Summary },
	"type":            func(s *cms.ArticleView) any { return string(piece(s).Type) },
	"locale":          func(s *cms.ArticleView) any { return piece(s).Locale },
	"direction":       func(s *cms.ArticleView) any { return piece(s).Direction },
	"meta.noindex":    func(s *cms.ArticleView) any { return piece(s).Meta.Noindex },
	"retracted":       func(s *cms.ArticleView) any { return s.Retracted },
	"word_count":      func(s *cms.ArticleView) any { return int64(piece(s).WordCount) },
	"reading_minutes": func(s *cms.ArticleView) any { return int64(piece(s).ReadingMinutes()) },
	"updated_at":      func(s *cms.ArticleView) any { return updatedAt(s) },
	"published_at": func(s *cms.ArticleView) any {
		if p := publishedAt(s); p != nil {
			return *p
		}
		return nil
	},
	"edition": func(s *cms.ArticleView) any {
		if s.Edition != nil {
			return int64(s.Edition.Number)
		}
		if s.Article.Editions == 0 {
			return nil
		}
		return int64(s.Article.Editions)
	},
	"edition_at": func(s *cms.ArticleView) any {
		if s.Edition != nil {
			return s.Edition.EditionAt
		}
		return nil
	},
	"status":  func(s *cms.ArticleView) any { return string(s.Article.Status) },
	"version": func(s *cms.ArticleView) any { return s.Article.Version },
	"has_unpublished_changes": func(s *cms.ArticleView) any {
		return s.Article.HasUnpublishedChanges()
	},
	"trashed_at": func(s *cms.ArticleView) any {
		if s.Article.TrashedAt == nil {
			return nil
		}
		return *s.Article.TrashedAt
	},
}

func comparison(t *rapid.T, view cms.View) (string, func(*cms.ArticleView) bool) {
	if rapid.IntRange(0, 2).Draw(t, "by tag") == 0 {
		ref := rapid.SampledFrom(append(slices.Clone(topics), "*")).Draw(t, "ref")
		return "tags:" + ref, func(s *cms.ArticleView) bool {
			return carries(s, cms.TagNoun, ref) || (ref == "*" && len(cms.RefsTo(s.Refs, cms.TagNoun)) > 0)
		}
	}
	if rapid.IntRange(0, 4).Draw(t, "by section") == 0 {
		ref := rapid.SampledFrom([]string{"world", "asia", "sport", "never", "*"}).Draw(t, "place")
		return "sections:" + ref, func(s *cms.ArticleView) bool {
			in := cms.RefsTo(s.Refs, cms.SectionNoun)
			return carries(s, cms.SectionNoun, ref) || (ref == "*" && len(in) > 0)
		}
	}
	if rapid.IntRange(0, 4).Draw(t, "by author") == 0 {
		ref := rapid.SampledFrom(append(slices.Clone(writers), "never", "*")).Draw(t, "writer")
		return "authors:" + ref, func(s *cms.ArticleView) bool {
			by := cms.RefsTo(s.Refs, cms.AuthorNoun)
			return carries(s, cms.AuthorNoun, ref) || (ref == "*" && len(by) > 0)
		}
	}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(comparisons)), func(name string) bool {
		f, _ := cms.ArticleField(name)
		return f.Draft && view == cms.LiveView
	})
	f, _ := cms.ArticleField(rapid.SampledFrom(names).Draw(t, "field"))
	of := comparisons[f.Name]
	if rapid.IntRange(0, 5).Draw(t, "present") == 0 {
		return f.Name + ":*", func(s *cms.ArticleView) bool {
			v := of(s)
			return v != nil && v != ""
		}
	}
	op := rapid.SampledFrom(f.Kind.Operators()).Draw(t, "operator")
	value := drawValue(t, f)
	if text, ok := value.(string); ok && f.Kind == cms.TextKind && text != "" && op != cms.Has &&
		rapid.Bool().Draw(t, "beginning") {
		if op == cms.Equal || op == cms.NotEqual {
			return fmt.Sprintf("%s %s %s", f.Name, op, strings.TrimSuffix(quoted(text), `"`)+`*"`),
				func(s *cms.ArticleView) bool {
					return strings.HasPrefix(of(s).(string), text) == (op == cms.Equal)
				}
		}
	}
	holds := func(s *cms.ArticleView) bool { return compares(of(s), op, value) }
	if op == cms.Has && f.Kind == cms.LocaleKind {
		holds = func(s *cms.ArticleView) bool { return isIn(piece(s).Locale, value.(string)) }
	}
	if op == cms.Has && f.Kind == cms.TextKind {
		if value == "" { // which is refused: nothing to look for
			value = "iver"
		}
		holds = func(s *cms.ArticleView) bool {
			return strings.Contains(of(s).(string), value.(string))
		}
	}
	return fmt.Sprintf("%s %s %s", f.Name, op, quoted(value)), holds
}

func quoted(value any) string {
	switch v := value.(type) {
	case time.Time:
		return `"` + v.Format(time.RFC3339) + `"`
	case string:
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `*`, `\*`).Replace(v) + `"`
	}
	return fmt.Sprint(value)
}

func drawValue(t *rapid.T, f cms.Field) any {
	switch f.Kind {
	case cms.NumberKind:
		return int64(rapid.IntRange(0, 9).Draw(t, "number"))
	case cms.FlagKind:
		return rapid.Bool().Draw(t, "flag")
	case cms.TimeKind:
		return *instant(t)
	case cms.LocaleKind:
		return rapid.SampledFrom(locales).Draw(t, "locale")
	case cms.WordKind:
		return rapid.SampledFrom(f.Values).Draw(t, "word")
	}
	return rapid.SampledFrom(append([]string{"A ", "River news", "ا"}, texts...)).Draw(t, "text")
}

// compares returns the meaning of a comparison: without a value nothing holds but !=.
func compares(is any, op cms.Operator, value any) bool {
	if is == nil {
		return op == cms.NotEqual
	}
	order := 0
	switch v := is.(type) {
	case string:
		order = strings.Compare(v, value.(string))
	case int64:
		order = cmp.Compare(v, value.(int64))
	case time.Time:
		order = v.Compare(value.(time.Time))
	case bool:
		order = 1
		if v == value {
			order = 0
		}
	}
	switch op {
	case cms.NotEqual:
		return order != 0
	case cms.Below:
		return order < 0
	case cms.AtMost:
		return order <= 0
	case cms.Above:
		return order > 0
	case cms.AtLeast:
		return order >= 0
	}
	return order == 0
}
