package cms_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
)

const someID = "019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a11"

// good are filters that are read in the draft view, and how they are written out.
var good = [][2]string{
	{`type = "news" AND (tags:iran OR tags:tajikistan) AND NOT locale = "ar" AND published_at >= "2026-01-01T00:00:00Z"`,
		`type = "news" AND (tags:"iran" OR tags:"tajikistan") AND NOT locale = "ar" AND published_at >= "2026-01-01T00:00:00Z"`},
	{"type=news", `type = "news"`},
	{"\ttype\n= 'news' \u00a0", `type = "news"`},
	{"type:news", `type = "news"`},
	{"type!=news", `type != "news"`},
	{"((type=news))", `type = "news"`},
	{"(type=news AND(kicker:a))AND(title:b)", `(type = "news" AND kicker:"a") AND title:"b"`},
	{"-tags:iran", `NOT tags:"iran"`},
	{"-(tags:iran)", `NOT tags:"iran"`},
	{"NOT(tags:iran OR tags:asia)", `NOT (tags:"iran" OR tags:"asia")`},
	{"NOT (NOT tags:iran)", `NOT (NOT tags:"iran")`},
	{"(NOT tags:iran) OR title:a", `NOT tags:"iran" OR title:"a"`},
	{"tags:نهر-طويل", `tags:"نهر-طويل"`},
	{"tags:" + strings.ToUpper(someID), `tags:"` + someID + `"`},
	{"id=" + strings.ToUpper(someID), `id = "` + someID + `"`},
	{"id:" + someID, `id = "` + someID + `"`},
	{"created_by.id != " + someID, `created_by.id != "` + someID + `"`},
	{"locale = en-us", `locale = "en-US"`},
	{"locale:iw", `locale:"he"`},
	{"slug = how-rivers-are-measured", `slug = "how-rivers-are-measured"`},
	{"published_at < 2026-01-01", `published_at < "2026-01-01T00:00:00Z"`},
	{"published_at < 2026-01-01T02:30:00+05:00", `published_at < "2025-12-31T21:30:00Z"`},
	{"published_at = 2026-01-01T00:00:00.000Z", `published_at = "2026-01-01T00:00:00Z"`},
	{"edition_at > '2026-01-01'", `edition_at > "2026-01-01T00:00:00Z"`},
	{"word_count >= 0012", "word_count >= 12"},
	{`word_count < "-5"`, "word_count < -5"},
	{"edition = 9223372036854775807", "edition = 9223372036854775807"},
	{"meta.noindex = true", "meta.noindex = true"},
	{"has_unpublished_changes != false", "has_unpublished_changes != false"},
	{`kicker = ""`, `kicker = ""`},
	{"kicker:*", "kicker:*"},
	{"-trashed_at: *", "NOT trashed_at:*"},
	{"tags:*", "tags:*"},
	{"type:*", "type:*"},
	{"version:*", "version:*"},
	{"title = Iran*", `title = "Iran*"`},
	{`title != "the river*"`, `title != "the river*"`},
	{`title = "five\*"`, `title = "five\*"`},
	{`title = "a \* b*"`, `title = "a \* b*"`},
	{`title = "\**"`, `title = "\**"`},
	{`title:"\*"`, `title:"\*"`},
	{`title < "say \"no\" \\ 'yes'"`, `title < "say \"no\" \\ 'yes'"`},
	{`title = 'say "no" \\ \'yes\' "or" no'`, `title = 'say "no" \\ \'yes\' "or" no'`},
	{"byline = O'Brien", `byline = "O'Brien"`},
	{`title:"AND" OR title:'NOT'`, `title:"AND" OR title:"NOT"`},
	{"title:and", `title:"and"`},
	{"source.url = https://a.example/?b=c&d=e*", `source.url = "https://a.example/?b=c&d=e*"`},
	{`title = "` + "line\nbreak" + `"`, `title = "` + "line\nbreak" + `"`},
}

func TestFiltersAreRead(t *testing.T) {
	t.Parallel()
	for _, c := range good {
		f, err := cms.ParseFilter(cms.DraftView, c[0])
		if err != nil {
			t.Errorf("%s: %v", c[0], err)
			continue
		}
		if got := f.String(); got != c[1] {
			t.Errorf("%s\nis read as %s\nwant       %s", c[0], got, c[1])
		}
		again, err := cms.ParseFilter(cms.DraftView, f.String())
		if diff := cmp.Diff(f, again); err != nil || diff != "" {
			t.Errorf("%s reads differently when written out: %v %s", c[0], err, diff)
		}
	}
}

func TestAFilterIsATree(t *testing.T) {
	t.Parallel()
	f, err := cms.ParseFilter(cms.LiveView,
		`title != "a\**" AND (-word_count > 5 OR published_at <= 2026-02-03T04:05:06+01:00 OR tags:*)`)
	if err != nil {
		t.Fatal(err)
	}
	leaf := func(name string, c cms.Comparison) *cms.Filter {
		c.Field, _ = cms.ArticleField(name)
		return &cms.Filter{Is: &c}
	}
	want := &cms.Filter{Op: cms.And, Of: []*cms.Filter{
		leaf("title", cms.Comparison{Op: cms.NotEqual, Text: "a*", Prefix: true}),
		{Op: cms.Or, Of: []*cms.Filter{
			{Op: cms.Not, Of: []*cms.Filter{
				leaf("word_count", cms.Comparison{Op: cms.Above, Number: 5})}},
			leaf("published_at", cms.Comparison{Op: cms.AtMost,
				Time: time.Date(2026, 2, 3, 3, 5, 6, 0, time.UTC)}),
			leaf("tags", cms.Comparison{Op: cms.Has, Present: true}),
		}},
	}}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Error(diff)
	}
	if got := (*cms.Filter)(nil).String(); got != "" {
		t.Errorf("no filter is written %q", got)
	}
}

func TestAFilterAtItsBoundsIsRead(t *testing.T) {
	t.Parallel()
	long := `title = "` + strings.Repeat("a", cms.MaxFilterBytes-10) + `"`
	for name, s := range map[string]string{
		"bytes":       long,
		"comparisons": strings.Repeat("title:a OR ", cms.MaxFilterParts-1) + "title:a",
		"depth": strings.Repeat("(", cms.MaxFilterDepth) + "title:a" +
			strings.Repeat(")", cms.MaxFilterDepth),
		"NOT": strings.Repeat("-(", cms.MaxFilterDepth/2) + "title:a" +
			strings.Repeat(")", cms.MaxFilterDepth/2),
	} {
		if _, err := cms.ParseFilter(cms.LiveView, s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
