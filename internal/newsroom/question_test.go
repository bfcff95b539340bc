package newsroom_test

import (
	"cmp"
	"fmt"
	"iter"
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
	// the sections, each behind those above it
	places  = []string{"world", "world/asia", "world/asia/river-news", "world/africa", "sport"}
	writers = []string{"ada-river", "ben", "zoe-glacier"}
	texts   = []string{"", "River", "River news", "river", "100% _sure_", "'quoted' \"word\" \\",
		"أخبار النهر", "Rivers and lakes", "*", "a*b"}
	vocab = []string{"river", "rivers", "glacier", "Glaciers", "école", "والكتاب", "كتاب",
		"melting", "the", "NOT", "city's", "東京", "covid", "19", "covid19"}
	kinds    = []cms.ArticleType{cms.News, cms.Analysis, cms.Opinion}
	locales  = []string{"en", "ar", "tg", "ar-EG", "arz", "en-Latn-GB"}
	instants = []string{"2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2026-02-03T04:05:06Z",
		"2025-12-31T23:59:59Z", "1969-07-20T20:17:40Z"}
)

// desk is a newsroom with random articles, and all of them as both views show them.
type desk struct {
	k       *testkit.Kit
	stories map[cms.View][]cms.ArticleView
	trash   []cms.ArticleView
	names   map[cms.ID]string // of tags, sections and authors
}

func newDesk(t *testing.T, seed int) *desk {
	k := testkit.New(t)
	d := &desk{k: k, stories: map[cms.View][]cms.ArticleView{}, names: map[cms.ID]string{}}
	for _, path := range places {
		section := map[string]any{"name": strings.ReplaceAll(pathEnd(path), "-", " ")}
		if above, _, ok := cutLast(path); ok {
			section["parent"] = pathEnd(above)
		}
		k.As(cms.Editor, "POST", "/v1/sections").JSON(section).Want(201)
	}
	for _, slug := range writers {
		author := map[string]any{"name": strings.ReplaceAll(slug, "-", " ")}
		k.As(cms.Editor, "POST", "/v1/authors").JSON(author).Want(201)
	}
	var ids []string
	for i := range 60 {
		a := writtenArticle().Example(seed*1000 + i)
		k.Clock.Move(time.Second * time.Duration(i%2))
		id := k.As(cms.Editor, "POST", "/v1/articles?create_tags=true").JSON(a).Want(201).Text("id")
		ids = append(ids, id)
		if i%3 == 2 { // a translation, unless there is one in its language
			k.As(cms.Editor, "PATCH", "/v1/articles/"+id).If("*").
				JSON(map[string]any{"translation_of": ids[i/3]}).Do()
		}
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
		if i%7 == 2 && i%5 != 0 {
			k.As(cms.Editor, "POST", "/v1/articles/"+id+"/corrections").
				JSON(map[string]any{"text": "T", "type": cms.CorrectionTypes[i%4]}).Want(201)
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
	grouped := 0
	for _, s := range d.stories[cms.LiveView] {
		if s.Group() != nil {
			grouped++
		}
	}
	if grouped < 5 || len(d.stories[cms.LiveView]) < 20 || len(d.stories[cms.DraftView]) < 40 ||
		len(d.trash) == 0 {
		t.Fatal("there is too little to ask about")
	}
	for _, s := range slices.Concat(d.stories[cms.LiveView], d.stories[cms.DraftView], d.trash) {
		for _, ref := range s.Refs {
			d.names[ref.ID] = ref.Name
		}
	}
	return d
}

func (d *desk) all(t *testing.T, q cms.ArticleQuery) []cms.ArticleView {
	q.Sort = cms.Sort{By: "updated_at"}
	q.Page = cms.PageRequest{Limit: 100}
	q.With.Text = true
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
			"sections": slices.Collect(mapped(rapid.SliceOfNDistinct(rapid.SampledFrom(places), 0, 3,
				rapid.ID[string]).Draw(t, "sections"), pathEnd)),
			"authors": slices.Collect(mapped(rapid.SliceOfNDistinct(rapid.SampledFrom(writers), 0, 2,
				rapid.ID[string]).Draw(t, "authors"), func(slug string) map[string]any {
				role := rapid.SampledFrom(cms.AuthorRoles).Draw(t, "role")
				return map[string]any{"author": slug, "role": role}
			})),
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
			a.tagged(cms.RefCondition{Noun: cms.TagNoun, Refs: refs("tags")})
		})
		maybe("tag_all", func() {
			for _, ref := range refs("tags") {
				a.tagged(cms.RefCondition{Noun: cms.TagNoun, Refs: []string{ref}})
			}
		})
		maybe("tag_none", func() {
			a.tagged(cms.RefCondition{Noun: cms.TagNoun, Refs: refs("tags"), Not: true})
		})
		maybe("section", func() {
			wanted := rapid.SliceOfN(rapid.SampledFrom(places), 1, 2).Draw(t, "sections")
			a.tagged(cms.RefCondition{
				Noun: cms.SectionNoun,
				Refs: slices.Collect(mapped(wanted, pathEnd)),
			})
		})
		maybe("author", func() {
			a.tagged(cms.RefCondition{
				Noun: cms.AuthorNoun,
				Refs: rapid.SliceOfN(rapid.SampledFrom(append(slices.Clone(writers), "never")), 1,
					2).Draw(t, "writers"),
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
				return slices.ContainsFunc(a.query.Locales, func(language string) bool {
					return isIn(piece(s).Locale, language)
				})
			})
			if !draft && rapid.Bool().Draw(t, "fallback") {
				a.query.Fallback = true
				a.add(func(s *cms.ArticleView) bool { return d.isFirst(s, a.query.Locales) })
			}
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

// isFirst reports whether no live translation of a live article stands before it, where languages
// are asked for.
func (d *desk) isFirst(s *cms.ArticleView, languages []string) bool {
	place := func(s *cms.ArticleView) string {
		rank := slices.IndexFunc(languages, func(language string) bool {
			return isIn(s.Edition.Locale, language)
		})
		if rank < 0 {
			return ""
		}
		return fmt.Sprintf("%d %s %s", rank, s.Edition.Locale, s.ID())
	}
	own := place(s)
	return !slices.ContainsFunc(d.stories[cms.LiveView], func(o cms.ArticleView) bool {
		same := s.Group() != nil && o.Group() != nil && *s.Group() == *o.Group()
		at := place(&o)
		return same && at != "" && at < own
	})
}

// isIn reports whether a locale is in a language, such as ar-EG in ar.
func isIn(locale, language string) bool {
	return locale == language || strings.HasPrefix(locale, language+"-")
}

func instant(t *rapid.T) *time.Time {
	at, _ := time.Parse(time.RFC3339, rapid.SampledFrom(instants).Draw(t, "instant"))
	return &at
}

func (a *asked) add(holds func(*cms.ArticleView) bool) { a.holds = append(a.holds, holds) }

func (a *asked) tagged(c cms.RefCondition) {
	a.query.Refs = append(a.query.Refs, c)
	a.add(func(s *cms.ArticleView) bool {
		has := func(ref string) bool { return carries(s, c.Noun, ref) }
		return slices.ContainsFunc(c.Refs, has) != c.Not
	})
}

// carries reports whether an article refers to the noun with a slug, or to one below it.
func carries(s *cms.ArticleView, noun cms.Noun, ref string) bool {
	return slices.ContainsFunc(cms.RefsTo(s.Refs, noun), func(r cms.NamedRef) bool {
		return slices.Contains(strings.Split(cmp.Or(r.Path, r.Slug), "/"), ref)
	})
}

// cutLast cuts the last part off a path.
func cutLast(path string) (above, last string, ok bool) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}

func pathEnd(path string) string {
	_, last, _ := cutLast(path)
	return last
}

// mapped returns what a function makes of the values of a list.
func mapped[T, R any](list []T, fn func(T) R) iter.Seq[R] {
	return func(yield func(R) bool) {
		for _, v := range list {
			if !yield(fn(v)) {
				return
			}
		}
	}
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
		for _, ref := range s.Refs {
			fields = append(fields, d.names[ref.ID])
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
				for _, tag := range cms.RefsTo(s.Refs, cms.TagNoun) {
					want[tag.Slug]++
				}
			case "author":
				for _, author := range cms.RefsTo(s.Refs, cms.AuthorNoun) {
					want[author.Slug]++
				}
			case "section":
				var in []string
				for _, section := range cms.RefsTo(s.Refs, cms.SectionNoun) {
					in = append(in, strings.Split(section.Path, "/")...)
				}
				slices.Sort(in)
				for _, slug := range slices.Compact(in) {
					want[slug]++
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
