package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// tagged is an article with its tags as both views have them; live is nil where readers see nothing.
type tagged struct {
	id          string
	live, draft []string
}

var subjects = []string{"water", "asia", "ice", "sport", "iran", "نهر"}

// naive tells whether an article with these tags is asked for. Refs are slugs, none of them an old one.
func naive(tags, anyOf, allOf, noneOf []string) bool {
	has := func(ref string) bool { return slices.Contains(tags, ref) }
	for _, ref := range allOf {
		if !has(ref) {
			return false
		}
	}
	return (anyOf == nil || slices.ContainsFunc(anyOf, has)) && !slices.ContainsFunc(noneOf, has)
}

// taggedArticles writes articles whose tags are the bits of a number, some revised after they were published.
func taggedArticles(k *testkit.Kit) (articles []tagged, ids map[string]string) {
	ids = map[string]string{}
	for _, slug := range subjects {
		ids[slug] = makeTag(k, map[string]any{"name": slug}).Text("id")
	}
	pick := func(bits int) []string {
		tags := []string{}
		for i, slug := range subjects {
			if bits>>i&1 == 1 {
				tags = append(tags, slug)
			}
		}
		return tags
	}
	for i := range 32 {
		a := tagged{draft: pick(i * 37 % 64)}
		a.id = k.Draft(map[string]any{"tags": a.draft}).Text("id")
		if i%5 > 0 {
			k.Publish(a.id)
			a.live = a.draft
		}
		if i%3 == 0 {
			a.draft = pick(i * 23 % 64)
			revise(k, a.id, map[string]any{"tags": a.draft})
		}
		articles = append(articles, a)
	}
	return articles, ids
}

func TestTagFiltersAreSets(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	articles, ids := taggedArticles(k)
	refs := append([]string{"unknown", nothing}, subjects...)
	rapid.Check(t, func(rt *rapid.T) {
		query, asked := "", map[string][]string{}
		for _, name := range []string{"tag", "tag_all", "tag_none"} {
			if !rapid.Bool().Draw(rt, name) {
				continue
			}
			asked[name] = rapid.SliceOfN(rapid.SampledFrom(refs), 1, 3).Draw(rt, name)
			sent := slices.Clone(asked[name])
			for i, ref := range sent {
				if id := ids[ref]; id != "" && rapid.Bool().Draw(rt, "by id") {
					sent[i] = id
				}
			}
			query += "&" + name + "=" + strings.Join(sent, ",")
		}
		view := rapid.SampledFrom([]cms.View{cms.LiveView, cms.DraftView}).Draw(rt, "view")
		sort := rapid.SampledFrom([]string{"title", "published_at", "-updated_at"}).Draw(rt, "sort")
		want := []string{}
		for _, a := range articles {
			tags := a.live
			if view == cms.DraftView {
				tags = a.draft
			}
			if tags != nil && naive(tags, asked["tag"], asked["tag_all"], asked["tag_none"]) {
				want = append(want, a.id)
			}
		}
		r := k.As(cms.Editor, "GET", fmt.Sprintf("/v1/articles?view=%s&sort=%s&limit=100&fields=id&count=exact%s", view, sort, query)).Want(200)
		got := idsIn(r)
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" || r.Field("page.total") != float64(len(want)) {
			rt.Fatalf("%s %s: total %v (-want +got):\n%s", view, query, r.Field("page.total"), diff)
		}
	})
}

func TestAnOldSlugOfATagFiltersToo(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(map[string]any{"tags": []string{"Water"}}).Text("id")
	tag := k.Public("GET", "/v1/tags/water").Want(200).Text("id")
	k.As(cms.Editor, "PATCH", "/v1/tags/"+tag).JSON(`{"slug": "waters", "aliases": ["Aqua"]}`).Want(200)
	for _, ref := range []string{"water", "waters", "aqua", tag, strings.ToUpper(tag)} {
		wantIDs(t, k.Public("GET", "/v1/articles?tag="+ref), id)
		wantIDs(t, k.Public("GET", "/v1/articles?tag_all="+ref+",waters"), id)
		wantIDs(t, k.Public("GET", "/v1/articles?tag_none="+ref))
	}
}

// includes are what lists can be asked to bring along, alone and together.
var includes = []string{"", "&include=body", "&include=related_links", "&include=body,related_links", "&fields=id,title"}

func TestAListTakesSixStatementsAtMost(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for i := range 12 {
		id := k.Draft(map[string]any{"tags": []string{"Water", "Asia", fmt.Sprint("T", i)}}).Text("id")
		for j := range 3 {
			link := map[string]any{"title": "L", "url": fmt.Sprintf("https://example.org/%d", j)}
			k.As(cms.Editor, "POST", articlePath(id)+"/related-links").JSON(link).Want(201)
		}
		k.Publish(id)
	}
	count := func(c *testkit.Call) int64 {
		t.Helper()
		before := k.Statements()
		c.Want(200)
		return k.Statements() - before
	}
	signIn := count(k.As(cms.Editor, "GET", "/v1/auth/me")) - 1 // which reads the user, too
	if signIn == 0 {
		t.Fatal("statements are not counted")
	}
	for _, include := range includes {
		for _, filter := range []string{"", "&tag=water", "&tag=water&tag_all=asia,t1&tag_none=t2", "&type=news&locale=en&slug=a,b"} {
			for _, more := range []string{"", "&count=exact", "&count=exact&limit=1&page=2", "&sort=title&limit=100"} {
				query := include + filter + more
				if n := count(k.Public("GET", "/v1/articles?view=live"+query)); n < 1 || n > 6 {
					t.Errorf("live%s takes %d statements", query, n)
				}
				if n := count(k.As(cms.Editor, "GET", "/v1/articles?view=draft"+query)) - signIn; n < 1 || n > 6 {
					t.Errorf("draft%s takes %d statements", query, n)
				}
			}
		}
	}
	for _, path := range []string{"/v1/tags?count=exact&q=t&sort=-article_count", "/v1/related-links?count=exact&host=example.org", "/v1/articles/the-river-rises"} {
		if n := count(k.Public("GET", path)); n < 1 || n > 6 {
			t.Errorf("%s takes %d statements", path, n)
		}
	}
}
