package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func TestPagesAreFoundAtTheirAddresses(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	setSite(k, `{"paths": {"section": "/{section_path}", "collection": "/c/{id}", "front": "/f/{slug}/"}}`)
	k.Published(map[string]any{"title": "نهر يرتفع", "tags": []string{"Water"}})
	k.As(cms.Editor, "POST", "/v1/sections").JSON(`{"name": "World"}`).Want(201)
	k.As(cms.Editor, "POST", "/v1/sections").JSON(`{"name": "Asia", "parent": "world"}`).Want(201)
	for _, n := range plainNouns {
		if n.slugged() {
			n.create(k, "Of "+n.word)
		}
	}
	found := 0
	for _, list := range []string{"articles", "sections", "tags", "authors", "collections", "fronts"} {
		for _, row := range k.Public("GET", "/v1/"+list).Want(200).List("data") {
			row := row.(map[string]any)
			want := fmt.Sprintf("200 %s %s %s", strings.TrimSuffix(list, "s"), row["slug"],
				strings.TrimPrefix(row["url"].(string), "https://news.example.org"))
			path, _ := url.PathUnescape(strings.TrimPrefix(row["url"].(string), "https://news.example.org"))
			leads(k, map[string]string{row["url"].(string): want, path: want, path + "/?x=1": want})
			found++
		}
	}
	if found != 9 {
		t.Errorf("%d pages were found", found)
	}
}

func TestAddressesThatAreNoneOfTheSiteAreRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, nothingFixed)
	ask := func(address string) *testkit.Response {
		return k.Public("GET", "/v1/resolve?path="+url.QueryEscape(address)).Do()
	}
	wantProblem(t, ask("https://news.example.org/articles/here"), 400, cms.InvalidParameter, "parameter", "path")
	setSite(k, `{"url": "https://news.example.org:8443/paper"}`)
	k.Published(map[string]any{"title": "Here"})
	here := "200 article here :8443/paper/articles/here"
	leads(k, map[string]string{
		"https://news.example.org:8443/paper/articles/here": here, "/paper/articles/here": here, "/articles/here": here,
		"//NEWS.example.org:8443/paper/articles/here": here, "http://news.example.org:8443/paper/articles/here/?a#b": here,
		"/articles/here%": "404", "/%00": "404", "/\x01": "404", "/" + strings.Repeat("a/", 4000): "404", "/paper": "404",
		"/articles/h%zzere": "404", "/articles/%ff": "404", "/articles//here": "404", "/?/articles/here": "404",
	})
	for _, address := range []string{
		"https://news.example.org/articles/here", "https://elsewhere.example/", "https://news.example.org:8443/articles/here",
		"https://news.example.org:8443/papers", "https://x@news.example.org:8443/paper", "//elsewhere.example/articles/here",
		"https://news.example.org:8443.elsewhere.example/paper", "articles/here", "mailto:a@example.org", "https:/x", "\\x",
		"javascript:alert(1)",
	} {
		wantProblem(t, ask(address), 400, cms.InvalidParameter, "parameter", "path")
	}
	for _, query := range []string{"", "?path=", "?path=/a&path=/b", "?path=%00", "?path=/%ff", "?path=/a&x=1", "?path=/" + strings.Repeat("a", 8192)} {
		r := k.Public("GET", "/v1/resolve"+query).Undocumented().Do()
		wantProblem(t, r, 400, cms.InvalidParameter, "", "")
	}
}

// fates of one article: whatever happens to it, its addresses say so.
func TestTheAddressesOfAnArticleLiveOn(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	a := k.Published(map[string]any{"title": "One"}).Text("id")
	leads(k, map[string]string{"/articles/one": "200 article one /articles/one"})
	revise(k, a, `{"slug": "two"}`)
	leads(k, map[string]string{"/articles/one": "200 article one /articles/one", "/articles/two": "404"})
	k.Publish(a)
	leads(k, map[string]string{"/articles/one": "301 article two /articles/two", "/articles/two": "200 article two /articles/two"})
	for _, pattern := range []string{"/{year}/{month}/{slug}", "/{locale}/{type}/{slug}", "/stories/{slug}-{id}", "/{slug}"} {
		setSite(k, fmt.Sprintf(`{"paths": {"article": %q}}`, pattern))
	}
	old := map[string]string{}
	for _, address := range []string{
		"/articles/one", "/articles/two", "/2026/11/one", "/2026/11/two", "/1999/01/two", "/en/news/two", "/ar/opinion/one",
		"/stories/two-" + a, "/stories/anything-" + a, "/one", "/Two", "/articles/TWO",
	} {
		old[address] = "301 article two /two"
	}
	leads(k, old)
	leads(k, map[string]string{
		"/two": "200 article two /two", "/2026/13a/two": "404", "/en/none/two": "404", "/articles/two/x": "404", "/three": "404",
		"/stories/two-019cd8c2-5a00-7c3e-8f00-3f9f3c1d2aff": "404",
	})
	everywhere := func(want string) {
		t.Helper()
		for address := range old {
			old[address] = want
		}
		old["/two"] = want
		leads(k, old)
	}
	verb(k, a, "withdraw")
	everywhere("404")
	k.Publish(a)
	old["/two"] = "200 article two /two"
	delete(old, "/two")
	for address := range old {
		old[address] = "301 article two /two"
	}
	leads(k, old)
	trash(k, a)
	everywhere("404")
	k.As(cms.Admin, "DELETE", articlePath(a)+"?permanent=true").If("*").Want(204)
	everywhere("410")
	k.Draft(map[string]any{"title": "Two"})
	everywhere("410")
	b := k.Published(map[string]any{"title": "One"}).Text("id")
	leads(k, map[string]string{
		"/articles/two": "410", "/one": "200 article one /one", "/articles/one": "301 article one /one", "/stories/one-" + a: "410",
		"/stories/one-" + b: "301 article one /one",
	})
	verb(k, b, "withdraw")
	leads(k, map[string]string{"/articles/two": "410", "/articles/one": "404"})
}

func TestAnArticleThatWasNeverPublishedIsNowhere(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	a := k.Draft(map[string]any{"title": "Canary"}).Text("id")
	leads(k, map[string]string{"/articles/canary": "404"})
	trash(k, a)
	leads(k, map[string]string{"/articles/canary": "404"})
	k.As(cms.Admin, "DELETE", articlePath(a)+"?permanent=true").If("*").Want(204)
	leads(k, map[string]string{"/articles/canary": "404"})
}

func TestTheAddressesOfNounsLiveOn(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	setSite(k, `{"paths": {"tag": "/t/{id}", "collection": "/c/{slug}", "front": "/f/{slug}"}}`)
	ids := map[string]string{}
	for _, list := range []string{"tags", "sections", "authors", "collections", "fronts"} {
		for _, name := range []string{"One", "Two", "Three"} {
			body := field("name", name)
			ids[list+name] = k.As(cms.Editor, "POST", "/v1/"+list).JSON(body).Want(201).Text("id")
		}
		k.As(cms.Editor, "PATCH", "/v1/"+list+"/"+ids[list+"One"]).JSON(`{"slug": "first"}`).Want(200)
	}
	setSite(k, `{"paths": {"tag": "/tags/{slug}"}}`)
	for _, list := range []string{"tags", "authors"} {
		k.As(cms.Editor, "POST", "/v1/"+list+"/"+ids[list+"Two"]+"/merge").JSON(`{"into": "first"}`).Want(200)
	}
	k.As(cms.Editor, "DELETE", "/v1/sections/"+ids["sectionsTwo"]+"?into=first").Want(204)
	for _, list := range []string{"collections", "fronts"} {
		k.As(cms.Editor, "DELETE", "/v1/"+list+"/"+ids[list+"Two"]).Want(204)
	}
	leads(k, map[string]string{
		"/tags/one": "301 tag first /tags/first", "/tags/two": "301 tag first /tags/first",
		"/t/" + ids["tagsOne"]: "301 tag first /tags/first", "/t/" + ids["tagsTwo"]: "301 tag first /tags/first",
		"/tags/first": "200 tag first /tags/first", "/tags/four": "404",
		"/sections/one": "301 section first /sections/first", "/sections/two": "301 section first /sections/first",
		"/authors/two": "301 author first /authors/first",
		"/c/one":       "301 collection first /c/first", "/c/two": "410", "/f/one": "301 front first /f/first", "/f/two": "410", "/f/four": "404",
	})
	for _, list := range []string{"tags", "sections", "authors", "collections", "fronts"} {
		k.As(cms.Editor, "DELETE", "/v1/"+list+"/"+ids[list+"One"]).Want(204)
	}
	leads(k, map[string]string{
		"/tags/one": "410", "/tags/two": "410", "/tags/first": "410", "/tags/three": "200 tag three /tags/three",
		"/t/" + ids["tagsOne"]: "410", "/t/" + ids["tagsTwo"]: "410", "/t/" + ids["tagsThree"]: "301 tag three /tags/three",
		"/sections/one": "410", "/sections/two": "410", "/authors/one": "410", "/authors/two": "410", "/c/one": "410", "/f/first": "410",
	})
	k.As(cms.Editor, "POST", "/v1/tags").JSON(`{"name": "Two"}`).Want(201)
	leads(k, map[string]string{"/tags/two": "200 tag two /tags/two", "/t/" + ids["tagsTwo"]: "410"})
	setSite(k, `{"paths": {"front": null}}`)
	leads(k, map[string]string{"/f/three": "404", "/f/two": "410"})
}

func TestAMovedSectionIsFoundAtAllItsPaths(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	setSite(k, `{"paths": {"section": "/{section_path}", "tag": "/{slug}/{slug}/t"}}`)
	made := func(body string) string {
		return "/v1/sections/" + k.As(cms.Editor, "POST", "/v1/sections").JSON(body).Want(201).Text("id")
	}
	world := made(`{"name": "World"}`)
	asia := made(`{"name": "Asia", "parent": "world"}`)
	made(`{"name": "Iran", "parent": "asia"}`)
	region := made(`{"name": "Regions"}`)
	k.As(cms.Editor, "PATCH", world).JSON(`{"slug": "earth"}`).Want(200)
	leads(k, map[string]string{
		"/earth": "200 section earth /earth", "/earth/asia": "200 section asia /earth/asia", "/world": "301 section earth /earth",
		"/world/asia/iran": "301 section iran /earth/asia/iran", "/asia": "301 section asia /earth/asia",
	})
	k.As(cms.Editor, "PATCH", asia).JSON(`{"parent": "regions"}`).Want(200)
	leads(k, map[string]string{"/earth/asia": "301 section asia /regions/asia", "/earth/asia/iran": "301 section iran /regions/asia/iran"})
	// The article's pattern can make the same path: what was there once comes before what never was.
	setSite(k, `{"paths": {"section": "/s/{slug}", "article": "/{type}/{slug}"}}`)
	setSite(k, `{"paths": {"article": "/news/of/{type}/{slug}"}}`)
	k.As(cms.Editor, "DELETE", region+"?into=earth").Want(204)
	k.Published(map[string]any{"title": "Asia", "type": "analysis"})
	leads(k, map[string]string{
		"/earth/asia": "301 section asia /s/asia", "/regions/asia/iran": "301 section iran /s/iran", "/regions": "301 section earth /s/earth",
		"/analysis/asia": "301 article asia /news/of/analysis/asia", "/s/regions": "301 section earth /s/earth",
		"/regions/earth": "301 section earth /s/earth",
	})
}

func TestFormerPatternsAreBounded(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Published(map[string]any{"title": "Here"})
	for i := range 60 {
		k.Clock.Move(1e9)
		setSite(k, fmt.Sprintf(`{"paths": {"article": "/p%d/{slug}"}}`, i))
	}
	setSite(k, `{"paths": {"article": "/p20/{slug}"}}`)
	leads(k, map[string]string{
		"/p59/here": "301 article here /p20/here", "/p20/here": "200 article here /p20/here", "/p10/here": "301 article here /p20/here",
		"/p5/here": "404", "/articles/here": "404",
	})
}

// TestResolvingTakesFewStatements: however much moved, nothing is written for it, and an answer takes few statements.
func TestResolvingTakesFewStatements(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.NothingKept)
	setSite(k, `{"paths": {"section": "/{section_path}", "article": "/{section_path}/{slug}"}}`)
	world := k.As(cms.Editor, "POST", "/v1/sections").JSON(`{"name": "World"}`).Want(201).Text("id")
	for i := range 40 {
		k.Published(map[string]any{"title": fmt.Sprintf("Story %d", i), "sections": []string{"world"}})
	}
	for i := range 9 {
		redirect(k, fmt.Sprintf(`{"from": "/hop/%d", "to": "/hop/%d"}`, i, i+1))
	}
	redirect(k, `{"from": "/hop/9", "to": "/articles/story-7"}`)
	statements := func(what string, most int64, do func()) {
		t.Helper()
		before := k.Statements()
		do()
		if n := k.Statements() - before; n > most {
			t.Errorf("%s takes %d statements, want at most %d", what, n, most)
		}
	}
	statements("another name of a section", 30, func() {
		k.As(cms.Editor, "PATCH", "/v1/sections/"+world).JSON(`{"slug": "globe"}`).Want(200)
	})
	leads(k, map[string]string{
		"/world/story-3": "301 article story-3 /globe/story-3", "/globe/story-3": "200 article story-3 /globe/story-3",
		"/story-3": "301 article story-3 /globe/story-3",
	})
	for range 2 {
		statements("another pattern", 30, func() { setSite(k, `{"paths": {"article": "/{year}/{slug}"}}`) })
		statements("another pattern and zone", 30, func() {
			setSite(k, `{"paths": {"article": "/{year}/{month}/{day}/{slug}"}, "time_zone": "Pacific/Kiritimati"}`)
		})
		statements("another name of a section", 30, func() {
			k.As(cms.Editor, "PATCH", "/v1/sections/"+world).JSON(`{"slug": "earth"}`).Want(200)
		})
	}
	for address, want := range map[string]struct {
		place string
		most  int64
	}{
		"/world/story-3":      {"301 article story-3 /2026/11/02/story-3", 10},
		"/articles/story-3":   {"301 article story-3 /2026/11/02/story-3", 10},
		"/2026/story-3":       {"301 article story-3 /2026/11/02/story-3", 10},
		"/2026/11/02/story-3": {"200 article story-3 /2026/11/02/story-3", 4},
		"/world":              {"301 section earth /earth", 10},
		"/earth":              {"200 section earth /earth", 5},
		"/hop/0":              {"301 article story-7 /2026/11/02/story-7", 10},
		"/nothing/at/all":     {"404", 10},
	} {
		resolved(k, address)
		statements(address, want.most, func() {
			if got := resolved(k, address); got != want.place {
				t.Errorf("%s leads to %s, want %s", address, got, want.place)
			}
		})
	}
}

func TestWhereAnAddressLeadsIsKeptUntilThatChanges(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	here := k.Published(map[string]any{"title": "Here"}).Text("id")
	other := k.Published(map[string]any{"title": "Other"}).Text("id")
	draft := k.Draft(map[string]any{"title": "Draft"}).Text("id")
	tag := makeTag(k, `{"name": "Water"}`).Text("id")
	redirect(k, `{"from": "/x", "to": "/articles/here"}`)
	stays := func(what, address string, want bool, change func()) {
		t.Helper()
		target := "/v1/resolve?path=" + url.QueryEscape(address)
		k.Public("GET", target).Want(200)
		change()
		before := k.Statements()
		k.Public("GET", target).Want(200)
		if got := k.Statements() == before; got != want {
			t.Errorf("%s: where %s leads stays in memory: %v", what, address, got)
		}
	}
	nothing := func() {}
	for _, address := range []string{"/articles/here", "/x", "/none", "/tags/water"} {
		stays("nothing happens", address, true, nothing)
		stays("a draft is saved", address, true, func() { revise(k, draft, fmt.Sprintf(`{"summary": %q}`, address)) })
	}
	stays("another is published", "/articles/here", true, func() { k.Publish(draft) })
	stays("a tag changes", "/articles/here", true, func() { reviseTag(k, tag, `{"description": "D"}`) })
	stays("a redirect is made", "/articles/here", true, func() { redirect(k, `{"from": "/y", "to": "/z"}`) })
	stays("a redirect is made", "/none", false, func() { redirect(k, `{"from": "/none", "to": "/z"}`) })
	stays("a redirect is made", "/x", false, func() { redirect(k, `{"from": "/w", "to": "/z"}`) })
	stays("the site changes", "/articles/here", false, func() { setSite(k, `{"tagline": "T"}`) })
	stays("it is published again", "/articles/here", false, func() {
		revise(k, here, `{"slug": "there"}`)
		k.Publish(here)
	})
	stays("it is withdrawn", "/articles/there", false, func() { verb(k, other, "withdraw"); verb(k, here, "withdraw") })
	stays("it is removed for good", "/articles/there", false, func() {
		trash(k, here)
		k.As(cms.Admin, "DELETE", articlePath(here)+"?permanent=true").If("*").Want(204)
	})
	leads(k, map[string]string{"/articles/there": "410", "/x": "410"})
	stays("its tag is made", "/tags/new", false, func() { makeTag(k, `{"name": "New"}`) })
	leads(k, map[string]string{"/tags/new": "200 tag new /tags/new"})
}

// Those who start the server can change the pattern, too.
func TestAPatternThatTheOperatorSetsNoLongerIsRemembered(t *testing.T) {
	t.Parallel()
	databaseURL := testkit.Database(t)
	started := func(pattern string) *testkit.Kit {
		k := testkit.Open(t, databaseURL, func(o *newsroom.Options, _ *api.Options) { o.Site.ArticlePath = &pattern })
		if err := k.Newsroom.NotePaths(t.Context()); err != nil {
			t.Fatal(err)
		}
		return k
	}
	k := started("/{year}/{slug}")
	k.Published(map[string]any{"title": "Here"})
	leads(k, map[string]string{"/2026/here": "200 article here /2026/here", "/articles/here": "404"})
	k = started("/news/{slug}")
	leads(k, map[string]string{"/2026/here": "301 article here /news/here", "/news/here": "200 article here /news/here"})
	started("/news/{slug}")
	k = started("/{year}/{slug}")
	leads(k, map[string]string{"/2026/here": "200 article here /2026/here", "/news/here": "301 article here /2026/here"})
	k = testkit.Open(t, databaseURL)
	if err := k.Newsroom.NotePaths(t.Context()); err != nil {
		t.Fatal(err)
	}
	leads(k, map[string]string{"/2026/here": "301 article here /articles/here", "/news/here": "301 article here /articles/here"})
}
