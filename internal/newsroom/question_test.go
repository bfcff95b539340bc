package newsroom_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/search"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// The pools that articles and questions are drawn from.
var (
	topics = []string{"iran", "tajikistan", "water", "sport", "نهر", "never"}
	texts  = []string{"", "River", "River news", "river", "100% _sure_", "'quoted' \"word\" \\",
		"أخبار النهر", "Rivers and lakes", "*", "a*b"}
	vocab = []string{"river", "rivers", "glacier", "Glaciers", "école", "والكتاب", "كتاب",
		"melting", "the", "NOT", "city's", "東京"}
	kinds    = []cms.ArticleType{cms.News, cms.Analysis, cms.Opinion}
	locales  = []string{"en", "ar", "tg"}
	instants = []string{"2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2026-02-03T04:05:06Z",
		"2025-12-31T23:59:59Z", "1969-07-20T20:17:40Z"}
)

// desk is a newsroom with random articles, and all of them as both views show them.
type desk struct {
	k       *testkit.Kit
	stories map[cms.View][]cms.ArticleView
	trash   []cms.ArticleView
	names   map[cms.ID]string // of tags
}

func newDesk(t *testing.T, seed int) *desk {
	k := testkit.New(t)
	d := &desk{k: k, stories: map[cms.View][]cms.ArticleView{}, names: map[cms.ID]string{}}
	for i := range 60 {
		a := writtenArticle().Example(seed*1000 + i)
		k.Clock.Move(time.Second * time.Duration(i%2))
		id := k.As(cms.Editor, "POST", "/v1/articles?create_tags=true").JSON(a).Want(201).Text("id")
		verb := func(name string) {
			k.As(cms.Editor, "POST", "/v1/articles/"+id+"/"+name).If("*").Want(200)
		}
		if i%5 != 0 {
			verb("publish")
		}
		if i%4 == 1 {
			again := writtenArticle().Example(seed*1000 + 500 + i)
			delete(again, "slug")
			k.As(cms.Editor, "PATCH",
				"/v1/articles/"+id+"?create_tags=true").If("*").JSON(again).Want(200)
		}
		if i%11 == 3 && i%5 != 0 {
			verb("withdraw")
		}
		if i%13 == 6 {
			k.As(cms.Editor, "DELETE", "/v1/articles/"+id).If("*").Want(204)
		}
	}
	for _, view := range cms.Views {
		d.stories[view] = d.all(t, cms.ArticleQuery{View: view})
	}
	d.trash = d.all(t, cms.ArticleQuery{View: cms.DraftView, Trashed: true})
	if len(d.stories[cms.LiveView]) < 20 || len(d.stories[cms.DraftView]) < 40 ||
		len(d.trash) == 0 {
		t.Fatal("there is too little to ask about")
	}
	for _, s := range slices.Concat(d.stories[cms.LiveView], d.stories[cms.DraftView], d.trash) {
		for _, tag := range s.Tags {
			d.names[tag.ID] = tag.Name
		}
	}
	return d
}

func (d *desk) all(t *testing.T, q cms.ArticleQuery) []cms.ArticleView {
	q.Sort = cms.Sort{By: "updated_at"}
	q.Page = cms.PageRequest{Limit: 100}
	q.WithText = true
	list, err := d.k.Newsroom.Articles(t.Context(), cms.System, q)
	if err != nil || list.HasNext {
		t.Fatalf("list everything: %v, more: %v", err, list.HasNext)
	}
	return list.Rows
}

func writtenArticle() *rapid.Generator[map[string]any] {
	return rapid.Custom(func(t *rapid.T) map[string]any {
		words := func(label string) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(vocab), 0, 4).Draw(t, label), " ")
		}
		a := map[string]any{
			"title":   "A " + rapid.SampledFrom(texts).Draw(t, "title") + words("more"),
			"kicker":  rapid.SampledFrom(texts).Draw(t, "kicker"),
			"summary": words("summary"), "byline": words("byline"),
			"body":   "Begin. " + words("body") + " " + words("body"),
			"type":   rapid.SampledFrom(kinds).Draw(t, "type"),
			"locale": rapid.SampledFrom(locales).Draw(t, "locale"),
			"tags": rapid.SliceOfNDistinct(rapid.SampledFrom(topics[:5]), 0, 3,
				rapid.ID[string]).Draw(t, "tags"),
			"meta": map[string]any{"noindex": rapid.Bool().Draw(t, "noindex")},
		}
		if rapid.Bool().Draw(t, "dated") {
			a["published_at"] = rapid.SampledFrom(instants).Draw(t, "published_at")
		}
		return a
	})
}

// piece returns what a view shows of an article.
func piece(s *cms.ArticleView) *cms.Content {
	if s.Article != nil {
		return &s.Article.Content
	}
	return &s.Edition.Content
}

func publishedAt(s *cms.ArticleView) *time.Time {
	if s.Article != nil {
		return s.Article.PublishedAt
	}
	return &s.Edition.PublishedAt
}

func updatedAt(s *cms.ArticleView) time.Time {
	if s.Article != nil {
		return s.Article.UpdatedAt
	}
	return s.Edition.UpdatedAt
}

// asked is a question with what it means, told without the database.
type asked struct {
	query cms.ArticleQuery
	holds []func(*cms.ArticleView) bool
}

// question draws a question.
func (d *desk) question() *rapid.Generator[asked] {
	return rapid.Custom(func(t *rapid.T) asked {
		a := asked{query: cms.ArticleQuery{View: rapid.SampledFrom(cms.Views).Draw(t, "view")}}
		maybe := func(name string, add func()) {
			if rapid.IntRange(0, 3).Draw(t, name) == 0 {
				add()
			}
		}
		draft := a.query.View == cms.DraftView
		refs := func(label string) []string {
			return rapid.SliceOfN(rapid.SampledFrom(topics), 1, 3).Draw(t, label)
		}
		maybe("tag", func() {
			a.query.TagAny = refs("tags")
			a.tagged(a.query.TagAny,
				slices.ContainsFunc[[]string])
		})
		maybe("tag_all", func() {
			a.query.TagAll = refs("tags")
			a.tagged(a.query.TagAll, func(refs []string, has func(string) bool) bool {
				return !slices.ContainsFunc(refs, func(ref string) bool { return !has(ref) })
			})
		})
		maybe("tag_none", func() {
			a.query.TagNone = refs("tags")
			a.tagged(a.query.TagNone,
				func(refs []string, has func(string) bool) bool {
					return !slices.ContainsFunc(refs, has)
				})
		})
		maybe("type", func() {
			a.query.Types = rapid.SliceOfN(rapid.SampledFrom(kinds), 1, 2).Draw(t, "types")
			a.add(func(s *cms.ArticleView) bool {
				return slices.Contains(a.query.Types, piece(s).Type)
			})
		})
		maybe("locale", func() {
			a.query.Locales = rapid.SliceOfN(rapid.SampledFrom(locales), 1, 2).Draw(t, "locales")
			a.add(func(s *cms.ArticleView) bool {
				return slices.Contains(a.query.Locales, piece(s).Locale)
			})
		})
		maybe("from", func() {
			a.query.PublishedFrom = instant(t)
			a.add(func(s *cms.ArticleView) bool {
				p := publishedAt(s)
				return p != nil && !p.Before(*a.query.PublishedFrom)
			})
		})
		maybe("until", func() {
			a.query.PublishedUntil = instant(t)
			a.add(func(s *cms.ArticleView) bool {
				p := publishedAt(s)
				return p != nil && p.Before(*a.query.PublishedUntil)
			})
		})
		if draft {
			maybe("status", func() {
				a.query.Statuses = []cms.Status{rapid.SampledFrom(cms.Statuses).Draw(t, "status")}
				a.add(func(s *cms.ArticleView) bool {
					return slices.Contains(a.query.Statuses, s.Article.Status)
				})
			})
			maybe("trashed", func() { a.query.Trashed = true })
		}
		maybe("q", func() { d.words(t, &a) })
		if rapid.Bool().Draw(t, "filtered") {
			text, holds := expression(t, a.query.View, 3)
			f, err := cms.ParseFilter(a.query.View, text)
			if err != nil {
				t.Fatalf("filter %s: %v", text, err)
			}
			a.query.Filter = f
			a.add(holds)
		}
		a.query.Facets = rapid.SliceOfDistinct(rapid.SampledFrom(cms.ArticleFields.Facets()),
			rapid.ID[string]).Draw(t, "facets")
		sorts := []string{"published_at", "updated_at", "title"}
		if a.query.Words != "" {
			sorts = append(sorts, cms.ByRelevance)
		}
		a.query.Sort = cms.Sort{By: rapid.SampledFrom(sorts).Draw(t, "sort"),
			Descending: rapid.Bool().Draw(t, "down")}
		a.query.Page = cms.PageRequest{Limit: rapid.SampledFrom([]int{1, 3, 100}).Draw(t, "limit"),
			Count: rapid.Bool().Draw(t, "count")}
		return a
	})
}

func instant(t *rapid.T) *time.Time {
	at, _ := time.Parse(time.RFC3339, rapid.SampledFrom(instants).Draw(t, "instant"))
	return &at
}

func (a *asked) add(holds func(*cms.ArticleView) bool) { a.holds = append(a.holds, holds) }

func (a *asked) tagged(refs []string, holds func([]string, func(string) bool) bool) {
	a.add(func(s *cms.ArticleView) bool {
		return holds(refs, func(ref string) bool { return carries(s, ref) })
	})
}

func carries(s *cms.ArticleView, ref string) bool {
	return slices.ContainsFunc(s.Tags, func(t cms.Ref) bool { return t.Slug == ref })
}

// words draws a question in words.
func (d *desk) words(t *rapid.T, a *asked) {
	forms := []string{"%s", "-%s", `"%s"`, `-"%s"`, "%s*"}
	for range rapid.IntRange(1, 3).Draw(t, "words") {
		word := rapid.SampledFrom(
			append([]string{"river glacier", "news", "gl", "tajik", "!!!"}, vocab...)).Draw(t,
			"word")
		a.query.Words += fmt.Sprintf(rapid.SampledFrom(forms).Draw(t, "form"), word) + " "
	}
	find := search.Parse(a.query.Words)
	a.add(func(s *cms.ArticleView) bool {
		p := piece(s)
		fields := []string{p.Title, p.Kicker, p.Summary, p.Byline, search.Plain(s.Text.HTML)}
		for _, tag := range s.Tags {
			fields = append(fields, d.names[tag.ID])
		}
		has := func(c search.Clause) bool { return slices.ContainsFunc(fields, c.In) }
		return len(find.Want)+len(find.Without) > 0 &&
			!slices.ContainsFunc(find.Want, func(c search.Clause) bool { return !has(c) }) &&
			!slices.ContainsFunc(find.Without, has)
	})
}

// answer returns what a question should find, in order; an order by relevance is not told.
func (d *desk) answer(a asked) []cms.ArticleView {
	from := d.stories[a.query.View]
	if a.query.Trashed {
		from = d.trash
	}
	found := slices.DeleteFunc(slices.Clone(from), func(s cms.ArticleView) bool {
		return slices.ContainsFunc(a.holds,
			func(holds func(*cms.ArticleView) bool) bool { return !holds(&s) })
	})
	slices.SortFunc(found, func(x, y cms.ArticleView) int {
		order, last := 0, 0
		switch a.query.Sort.By {
		case "title":
			order = strings.Compare(piece(&x).TitleKey, piece(&y).TitleKey)
		case "updated_at":
			order = updatedAt(&x).Compare(updatedAt(&y))
		case "published_at":
			p, q := publishedAt(&x), publishedAt(&y)
			switch {
			case p != nil && q != nil:
				order = p.Compare(*q)
			case p == nil && q != nil:
				last = 1
			case p != nil:
				last = -1
			}
		}
		if order == 0 {
			order = cmp.Compare(x.ID(), y.ID())
		}
		if a.query.Sort.Descending {
			order = -order
		}
		return cmp.Or(last, order)
	})
	return found
}

func TestQuestionsFindWhatTheyMean(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long for what it asks, not for its goroutines")
	}
	desks := []*desk{newDesk(t, 1), newDesk(t, 2)}
	rapid.Check(t, func(rt *rapid.T) {
		for range 5 {
			d := desks[rapid.IntRange(0, len(desks)-1).Draw(rt, "desk")]
			d.hold(t, rt, d.question().Draw(rt, "question"))
		}
	})
}

// hold asks a question to the end, page by page, and holds the answers against what they should be.
func (d *desk) hold(t *testing.T, rt *rapid.T, a asked) {
	want := d.answer(a)
	var got []cms.ID
	q := a.query
	for {
		list, err := d.k.Newsroom.Articles(t.Context(), cms.System, q)
		if err != nil {
			rt.Fatalf("%+v: %v", a.query, err)
		}
		for i := range list.Rows {
			got = append(got, list.Rows[i].ID())
		}
		if q.Page.Count && list.Total != int64(len(want)) {
			rt.Fatalf("%s: total %d, want %d", spelled(a), list.Total, len(want))
		}
		d.holdFacets(rt, a, list.Facets, want)
		if !list.HasNext {
			break
		}
		if len(got) > len(want) || len(list.Rows) == 0 {
			rt.Fatalf("%s: the list does not end", spelled(a))
		}
		q.Page.Cursor = markOf(&list.Rows[len(list.Rows)-1], q.Sort)
	}
	ids := make([]cms.ID, len(want))
	for i := range want {
		ids[i] = want[i].ID()
	}
	if a.query.Sort.By == cms.ByRelevance {
		slices.Sort(ids)
		slices.Sort(got)
	}
	if !slices.Equal(got, ids) {
		rt.Fatalf("%s\n got %v\nwant %v", spelled(a), got, ids)
	}
}

func spelled(a asked) string {
	return fmt.Sprintf("%+v filter %s", a.query, a.query.Filter)
}

func markOf(s *cms.ArticleView, sort cms.Sort) *cms.Cursor {
	m := &cms.Cursor{ID: s.ID(), Rank: s.Rank}
	switch sort.By {
	case "title":
		m.Text = piece(s).TitleKey
	case "updated_at":
		m.Time = updatedAt(s)
	case "published_at":
		if p := publishedAt(s); p != nil {
			m.Time = *p
		} else {
			m.Missing = true
		}
	}
	return m
}

// holdFacets counts the values of each facet one by one.
func (d *desk) holdFacets(rt *rapid.T, a asked, facets []cms.Facet, stories []cms.ArticleView) {
	if len(facets) != len(a.query.Facets) {
		rt.Fatalf("%s: %d facets", spelled(a), len(facets))
	}
	for _, f := range facets {
		want := map[string]int64{}
		for i := range stories {
			s := &stories[i]
			switch f.Name {
			case "tag":
				for _, tag := range s.Tags {
					want[tag.Slug]++
				}
			case "type":
				want[string(piece(s).Type)]++
			case "locale":
				want[piece(s).Locale]++
			case "month":
				if p := publishedAt(s); p != nil {
					want[p.Format("2006-01")]++
				}
			}
		}
		got := map[string]int64{}
		for i, v := range f.Values {
			got[v.Value] = v.Count
			if i > 0 && (v.Count > f.Values[i-1].Count || v.Count == f.Values[i-1].Count &&
				v.Value < f.Values[i-1].Value) {
				rt.Fatalf("%s: facet %s is out of order: %v", spelled(a), f.Name, f.Values)
			}
		}
		if !maps.Equal(got, want) {
			rt.Fatalf("%s: facet %s is %v, want %v", spelled(a), f.Name, got, want)
		}
	}
}
