package cms_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/internal/cms"
)

// anyComparison draws a comparison as the parser makes it.
func anyComparison(t *rapid.T) *cms.Comparison {
	field := rapid.SampledFrom(cms.ArticleFields.Filterable(cms.DraftView)).Draw(t, "field")
	c := &cms.Comparison{Field: field}
	if rapid.IntRange(0, 9).Draw(t, "present") == 0 {
		c.Op, c.Present = cms.Has, true
		return c
	}
	c.Op = rapid.SampledFrom(field.Kind.Operators()).Draw(t, "operator")
	switch field.Kind {
	case cms.TimeKind:
		c.Time = time.Unix(rapid.Int64Range(-62135596800, 253402300799).Draw(t, "time"), 0).UTC()
	case cms.NumberKind:
		c.Number = rapid.Int64().Draw(t, "number")
	case cms.FlagKind:
		c.Flag = rapid.Bool().Draw(t, "flag")
	case cms.RefsKind:
		c.Text = rapid.SampledFrom([]string{someID, "iran", "نهر-طويل"}).Draw(t, "tag")
	case cms.TextKind:
		c.Text = anyText(t)
		c.Prefix = c.Text != "" && (c.Op == cms.Equal || c.Op == cms.NotEqual) &&
			rapid.Bool().Draw(t, "prefix")
		if c.Text == "" && c.Op == cms.Has {
			c.Op = cms.Equal
		}
	default:
		c.Text = anyWord(t, field)
		if c.Op == cms.Has && field.Kind != cms.LocaleKind {
			c.Op = cms.Equal
		}
	}
	return c
}

func anyText(t *rapid.T) string {
	s := rapid.OneOf(rapid.StringN(0, 20, 60), rapid.StringMatching(`["'\\* ()a=:-]{0,12}`)).Draw(t,
		"text")
	return strings.ReplaceAll(s, "\x00", "")
}

func anyWord(t *rapid.T, field cms.Field) string {
	switch {
	case field.Kind == cms.IDKind:
		return someID
	case field.Kind == cms.LocaleKind:
		return rapid.SampledFrom([]string{"en", "ar", "pt-BR", "zh-Hant-TW"}).Draw(t, "locale")
	case field.Values != nil:
		return rapid.SampledFrom(field.Values).Draw(t, "value")
	}
	return anyText(t)
}

// anyFilter draws a tree that is at most so deep.
func anyFilter(t *rapid.T, depth int) *cms.Filter {
	op := cms.Junction("")
	if depth > 0 {
		op = rapid.SampledFrom([]cms.Junction{"", "", cms.And, cms.Or, cms.Not}).Draw(t, "junction")
	}
	if op == "" {
		return &cms.Filter{Is: anyComparison(t)}
	}
	parts := 1
	if op != cms.Not {
		parts = rapid.IntRange(2, 3).Draw(t, "parts")
	}
	f := &cms.Filter{Op: op}
	for range parts {
		f.Of = append(f.Of, anyFilter(t, depth-1))
	}
	return f
}

func TestAFilterWrittenOutReadsTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := anyFilter(t, 3) // at most 27 comparisons, and 6 deep where NOT stands within NOT
		s := want.String()
		got, err := cms.ParseFilter(cms.DraftView, s)
		if err != nil && len(s) <= cms.MaxFilterBytes {
			t.Fatalf("%s: %v", s, err)
		}
		if diff := cmp.Diff(want, got); err == nil && diff != "" {
			t.Fatalf("%s: %s", s, diff)
		}
	})
}

func TestAnyTextIsReadOrRefused(t *testing.T) {
	t.Parallel()
	piece := rapid.OneOf(rapid.StringN(0, 4, -1), rapid.SampledFrom([]string{
		"title", "type", "tags", "status", "word_count", "published_at", "news", "iran",
		"2026-01-01", "12", `"`, "'", `\`, "*", "(", ")", "-",
		" ", " AND ", " OR ", "NOT ", "=", "!=", "<", ">=", ":", "&&", "title:a", "tags:iran",
		`kicker = ""`, "\x00", "\xff",
	}))
	rapid.Check(t, func(t *rapid.T) {
		checkFilter(t, strings.Join(rapid.SliceOfN(piece, 0, 30).Draw(t, "pieces"), ""))
	})
}

// fatal is what a test and a property have in common.
type fatal interface {
	Fatalf(format string, args ...any)
}

// checkFilter holds what is true of every text: it is refused with advice about a place in it, or
// reads the same when written out; and what the live view takes the draft view takes too.
func checkFilter(t fatal, s string) {
	live, err := cms.ParseFilter(cms.LiveView, s)
	f, err2 := cms.ParseFilter(cms.DraftView, s)
	if (err == nil) != (live != nil) || (err2 == nil) != (f != nil) ||
		(err == nil && !cmp.Equal(live, f)) {
		t.Fatalf("%q: the live view answers %v, %v, the draft view %v, %v", s, live, err, f, err2)
	}
	if err2 != nil {
		e, ok := err2.(*cms.Error)
		if !ok || len(e.Fields) != 1 || !utf8.ValidString(e.Fields[0].Detail) ||
			!strings.HasPrefix(e.Fields[0].Detail, "At character ") {
			t.Fatalf("%q is refused by %v", s, err2)
		}
		return
	}
	out := f.String()
	if len(out) > cms.MaxFilterBytes {
		return
	}
	again, err := cms.ParseFilter(cms.DraftView, out)
	if err != nil || !cmp.Equal(f, again) || again.String() != out {
		t.Fatalf("%q is written %q, which reads as %v, %v", s, out, again, err)
	}
}

func FuzzFilter(f *testing.F) {
	for _, c := range bad {
		f.Add(c.filter)
	}
	for _, c := range good {
		f.Add(c[0])
	}
	f.Add(`-(title = 'a\* \\ "b"*' OR word_count > -5) AND kicker:* AND meta.noindex = true AND id:` + someID)
	f.Fuzz(func(t *testing.T, s string) { checkFilter(t, s) })
}
