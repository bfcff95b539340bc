package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// facet is a facet of an answer as "value=label:count", in its order.
func facet(r *testkit.Response, name string) string {
	r.T.Helper()
	out := []string{}
	for _, v := range r.List("facets." + name) {
		v := v.(map[string]any)
		if len(v) != 3 {
			r.T.Errorf("a value of %s has other fields than value, label and count: %v", name, v)
		}
		out = append(out, fmt.Sprintf("%s=%s:%v", v["value"], v["label"], v["count"]))
	}
	return strings.Join(out, " ")
}

func TestFacetsCountTheWholeList(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	water := makeTag(k, `{"name": "Water", "slug": "w"}`).Text("id")
	for i, a := range []map[string]any{
		{"tags": []string{"w", "Asia"}, "type": "news", "published_at": "2026-01-31T23:59:59Z", "title": "ferry"},
		{"tags": []string{"w"}, "type": "opinion", "published_at": "2026-02-01T00:00:00Z", "locale": "ar"},
		{"tags": []string{"w", "Ice"}, "type": "news", "published_at": "2026-02-28T12:00:00Z", "locale": "pt-BR", "summary": "ferry"},
		{"type": "video", "published_at": "1999-12-31T23:59:59Z"},
	} {
		a["slug"] = fmt.Sprint("slug-", i)
		k.Published(a)
	}
	id := k.Draft(map[string]any{"tags": []string{"w"}, "type": "audio", "slug": "a-draft"}).Text("id")
	trash(k, k.Draft(map[string]any{"tags": []string{"Ice"}, "type": "gallery", "slug": "gone"}).Text("id"))
	reviseTag(k, water, `{"name": "Waters", "slug": "water"}`)

	const all = "&facets=tag,type,locale,month"
	for query, want := range map[string][4]string{
		"": {"water=Waters:3 asia=Asia:1 ice=Ice:1", "news=news:2 opinion=opinion:1 video=video:1", "en=en:2 ar=ar:1 pt-BR=pt-BR:1",
			"2026-02=2026-02:2 1999-12=1999-12:1 2026-01=2026-01:1"},
		"&tag=water&type=news": {"water=Waters:2 asia=Asia:1 ice=Ice:1", "news=news:2", "en=en:1 pt-BR=pt-BR:1", "2026-01=2026-01:1 2026-02=2026-02:1"},
		"&q=ferry":             {"water=Waters:2 asia=Asia:1 ice=Ice:1", "news=news:2", "en=en:1 pt-BR=pt-BR:1", "2026-01=2026-01:1 2026-02=2026-02:1"},
		"&q=-ferry":            {"water=Waters:1", "opinion=opinion:1 video=video:1", "ar=ar:1 en=en:1", "1999-12=1999-12:1 2026-02=2026-02:1"},
		"&q=ferry&sort=-published_at&filter=" + url.QueryEscape("NOT tags:ice"): {"asia=Asia:1 water=Waters:1", "news=news:1", "en=en:1", "2026-01=2026-01:1"},
		"&tag=none": {"", "", "", ""},
		"&view=draft": {"water=Waters:4 asia=Asia:1 ice=Ice:1", "news=news:2 audio=audio:1 opinion=opinion:1 video=video:1",
			"en=en:3 ar=ar:1 pt-BR=pt-BR:1", "2026-02=2026-02:2 1999-12=1999-12:1 2026-01=2026-01:1"},
		"&view=draft&status=draft": {"water=Waters:1", "audio=audio:1", "en=en:1", ""},
		"&view=draft&trashed=true": {"ice=Ice:1", "gallery=gallery:1", "en=en:1", ""},
	} {
		for _, window := range []string{"", "&limit=1", "&page=2&limit=1", "&count=exact&fields=id"} {
			r := k.As(cms.Editor, "GET", "/v1/articles?"+strings.TrimPrefix(query+window+all, "&")).Want(200)
			got := [4]string{facet(r, "tag"), facet(r, "type"), facet(r, "locale"), facet(r, "month")}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s%s (-want +got):\n%s", query, window, diff)
			}
			if (r.Field("page.total") != nil) != strings.Contains(window, "count") {
				t.Errorf("%s%s: %s", query, window, r.Body)
			}
		}
	}
	k.Publish(id)
	if got := facet(k.Public("GET", "/v1/articles?facets=tag&limit=1").Want(200), "tag"); !strings.HasPrefix(got, "water=Waters:4 ") {
		t.Errorf("after publishing: %s", got)
	}
	one := k.Public("GET", "/v1/articles?facets=type").Want(200)
	if facets := one.Field("facets").(map[string]any); len(facets) != 1 {
		t.Errorf("more facets than were asked for: %v", facets)
	}
	if r := k.Public("GET", "/v1/articles").Want(200); strings.Contains(string(r.Body), "facets") {
		t.Errorf("facets come unasked: %s", r.Body)
	}
	next := k.Public("GET", "/v1/articles?facets=type&limit=2").Want(200)
	if again := k.Public("GET", follow(next, "next")).Want(200); facet(again, "type") != facet(next, "type") {
		t.Errorf("the next page counts otherwise: %s", again.Body)
	}
}

func TestAFacetHasFiftyValuesAtMost(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	var all, some []string
	for i := range 50 {
		all = append(all, fmt.Sprintf("T%02d", i))
	}
	for i := range 10 {
		some = append(some, fmt.Sprintf("T%02d", 49-i))
	}
	k.Published(map[string]any{"tags": all})
	k.Published(map[string]any{"tags": append(some, "U1", "U2", "U3")})
	r := k.Public("GET", "/v1/articles?facets=tag").Want(200)
	values := r.List("facets.tag")
	if len(values) != 50 {
		t.Fatalf("%d values", len(values))
	}
	for i, v := range values {
		v := v.(map[string]any)
		want := 1.0
		if i < 10 {
			want = 2
		}
		if v["count"] != want {
			t.Errorf("value %d is %v", i, v)
		}
	}
	var slugs []string
	for _, v := range values[10:] {
		slugs = append(slugs, v.(map[string]any)["value"].(string))
	}
	if !slices.IsSorted(slugs) {
		t.Errorf("equal counts stand in no order: %v", slugs)
	}
}

// TestFacetsAreWhatCountingTheRowsGives holds facets against the rows of the same list, counted one by one.
func TestFacetsAreWhatCountingTheRowsGives(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long for what it asks, not for its goroutines")
	}
	k := testkit.New(t)
	taggedArticles(k)
	conditions := []string{"tag=water", "tag_all=asia,ice", "tag_none=sport", "filter=tags:iran", "filter=NOT%20tags:*", "q=river", "q=-water", "q=water", "q=%D9%86%D9%87%D8%B1", "type=news", "published_from=2026-11-02"}
	rapid.Check(t, func(rt *rapid.T) {
		var query []string
		names := map[string]bool{}
		for _, c := range rapid.SliceOfN(rapid.SampledFrom(conditions), 0, 4).Draw(rt, "conditions") {
			if name, _, _ := strings.Cut(c, "="); !names[name] {
				names[name], query = true, append(query, c)
			}
		}
		query = append(query, "view="+rapid.SampledFrom([]string{"live", "draft"}).Draw(rt, "view"), "facets=tag,type,locale,month", "limit=100", "count=exact")
		r := k.As(cms.Editor, "GET", "/v1/articles?"+strings.Join(query, "&")).Want(200)
		counted := map[string]map[string]float64{"tag": {}, "type": {}, "locale": {}, "month": {}}
		rows := r.List("data")
		for _, row := range rows {
			row := row.(map[string]any)
			for _, tag := range row["tags"].([]any) {
				counted["tag"][tag.(map[string]any)["slug"].(string)]++
			}
			counted["type"][row["type"].(string)]++
			counted["locale"][row["locale"].(string)]++
			if at, ok := row["published_at"].(string); ok {
				counted["month"][at[:7]]++
			}
		}
		if r.Field("page.total") != float64(len(rows)) {
			rt.Fatalf("%v: total %v of %d rows", query, r.Field("page.total"), len(rows))
		}
		for name, want := range counted {
			got := map[string]float64{}
			for _, v := range r.List("facets." + name) {
				v := v.(map[string]any)
				got[v["value"].(string)] = v["count"].(float64)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatalf("%v: %s (-rows +facet):\n%s", query, name, diff)
			}
		}
	})
}

func TestWhatIsAskedForTwiceIsRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for query, parameter := range map[string]string{"facets=tag,tag": "facets", "include=body,related_links,body": "include", "fields=id,id": "fields"} {
		wantErrors(t, k.Public("GET", "/v1/articles?"+query).Want(400), parameter+" repeated")
	}
}
