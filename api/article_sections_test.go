package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// sectionsOf returns the paths of the sections of an article, in order.
func sectionsOf(r *testkit.Response, at string) string {
	var paths []string
	for _, s := range r.List(at) {
		paths = append(paths, s.(map[string]any)["path"].(string))
	}
	return strings.Join(paths, " ")
}

// titlesIn returns the titles of all articles of a list, read by pages of two.
func titlesIn(k *testkit.Kit, query string) string {
	k.T.Helper()
	var titles []string
	next := ""
	for range 20 {
		r := k.Public("GET", "/v1/articles?limit=2&fields=title&"+query+next).Want(200)
		for _, row := range r.List("data") {
			titles = append(titles, row.(map[string]any)["title"].(string))
		}
		cursor, more := r.Field("page.next").(string)
		if !more {
			break
		}
		next = "&cursor=" + cursor
	}
	return strings.Join(titles, " ")
}

func wantCounts(k *testkit.Kit, want map[string]float64) {
	k.T.Helper()
	for slug, n := range want {
		if got := k.Public("GET", sectionPath(slug)).Want(200).Field("article_count"); got != n {
			k.T.Errorf("%s has %v articles, want %v", slug, got, n)
		}
	}
}

// newspaper makes a tree of sections (world above asia above iran and africa; sport) and articles in
// them, the oldest first, and returns the ids of these by title.
func newspaper(k *testkit.Kit) map[string]string {
	k.T.Helper()
	for _, s := range []map[string]any{
		{"name": "World"}, {"name": "Asia", "parent": "world"}, {"name": "Iran", "parent": "asia"},
		{"name": "Africa", "parent": "world"}, {"name": "Sport"},
	} {
		makeSection(k, s)
	}
	ids := map[string]string{}
	for _, a := range []struct{ title, sections string }{
		{"a", "world"}, {"b", "iran"}, {"c", "sport asia iran"}, {"d", "africa asia"},
		{"e", "sport"}, {"f", ""}, {"g", "iran africa world"},
	} {
		k.Clock.Move(1e9)
		ids[a.title] = k.Published(map[string]any{
			"title": a.title, "body": "B", "sections": strings.Fields(a.sections),
		}).Text("id")
	}
	return ids
}

func TestArticlesStandInSectionsAndAllAbove(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	ids := newspaper(k)
	for _, view := range []string{"live", "draft"} {
		r := k.As(cms.Editor, "GET", "/v1/articles/"+ids["c"]+"?view="+view).Want(200)
		if got := sectionsOf(r, "sections"); got != "sport world/asia world/asia/iran" {
			t.Errorf("the %s view has the sections %s", view, got)
		}
	}
	for query, want := range map[string]string{
		"section=world":                           "g d c b a",
		"section=asia":                            "g d c b",
		"section=iran":                            "g c b",
		"section=sport":                           "e c",
		"section=sport,africa":                    "g e d c",
		"section=nowhere":                         "",
		"section=world&include=body":              "g d c b a",
		"section=world&sort=published_at":         "a b c d g",
		"section=world&sort=title":                "a b c d g",
		"section=asia&type=news":                  "g d c b",
		"filter=sections:asia":                    "g d c b",
		"filter=NOT+sections:asia":                "f e a",
		"filter=NOT+sections:*":                   "f",
		"filter=sections:sport+AND+sections:asia": "c",
		"q=iran&sort=-published_at":               "g c b",
	} {
		if got := titlesIn(k, query); got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
	wantCounts(k, map[string]float64{"world": 5, "asia": 4, "iran": 3, "africa": 2, "sport": 2})
	r := k.Public("GET", "/v1/articles?facets=section&section=world&count=exact&limit=1").Want(200)
	if got := facet(r, "section"); got != "world=World:5 asia=Asia:4 iran=Iran:3 africa=Africa:2 sport=Sport:1" ||
		r.Field("page.total") != 5.0 {
		t.Errorf("the facet is %s of %v", got, r.Field("page.total"))
	}
	r = k.Public("GET", "/v1/suggest?q=ira").Want(200)
	if r.Text("data.0.kind") != "section" || r.Text("data.0.slug") != "iran" {
		t.Errorf("suggested is %s", r.Body)
	}
	r = k.Public("GET", "/v1/articles/"+ids["e"]+"/related").Want(200)
	if got := r.Text("data.0.title") + " " + r.Text("data.0.reasons.0"); got != "c section:sport" {
		t.Errorf("related is %s", got)
	}
}

func TestSectionsOfArticlesAreCheckedAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	newspaper(k)
	for body, code := range map[string]string{
		`["nowhere"]`:               "unknown",
		`["asia", "asia"]`:          "repeated",
		`["a","b","c","d","e","f"]`: "too_many",
	} {
		r := k.As(cms.Editor, "POST", "/v1/articles").
			JSON(`{"title": "T", "sections": ` + body + `}`).Want(422)
		if got := r.Text("errors.0.code"); got != code {
			t.Errorf("%s is %s, want %s", body, got, code)
		}
	}
	r := k.As(cms.Editor, "POST", "/v1/articles").JSON(`{"title": "T", "sections": ["wrld"]}`).Want(422)
	if !strings.Contains(r.Text("errors.0.detail"), `Did you mean "world"?`) {
		t.Errorf("the advice is %s", r.Body)
	}
}

// A list by section that is cached falls when an article comes, goes or moves, and when the tree
// does; no article is touched.
func TestCountsAndListsOfSectionsFollowEveryChange(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	ids := newspaper(k)
	call := func(method, path, body string, status int) {
		t.Helper()
		c := k.As(cms.Admin, method, path).If("*")
		if body != "" {
			c = c.JSON(body)
		}
		c.Want(status)
	}
	lists := func(want map[string]string) {
		t.Helper()
		counts := map[string]float64{}
		for slug, titles := range want {
			if got := titlesIn(k, "section="+slug); got != titles {
				t.Errorf("%s has %q, want %q", slug, got, titles)
			}
			counts[slug] = float64(len(strings.Fields(titles)))
		}
		wantCounts(k, counts)
	}
	lists(map[string]string{"world": "g d c b a", "asia": "g d c b", "sport": "e c"})
	before := k.As(cms.Editor, "GET", "/v1/articles/"+ids["b"]+"?view=draft").Want(200).Field("version")

	call("PATCH", sectionPath(k.Public("GET", sectionPath("iran")).Want(200).Text("id")), `{"parent": "sport"}`, 200)
	lists(map[string]string{"world": "g d c a", "asia": "d c", "sport": "g e c b", "iran": "g c b"})
	if got := sectionsOf(k.Public("GET", "/v1/articles/"+ids["b"]).Want(200), "sections"); got != "sport/iran" {
		t.Errorf("after its section has moved, an article stands in %s", got)
	}
	after := k.As(cms.Editor, "GET", "/v1/articles/"+ids["b"]+"?view=draft").Want(200)
	if after.Field("version") != before || after.Field("has_unpublished_changes") != false {
		t.Errorf("the article is touched: %s", after.Body)
	}

	call("PATCH", "/v1/articles/"+ids["e"], `{"sections": ["africa"]}`, 200)
	lists(map[string]string{"sport": "g e c b", "africa": "g d"})
	call("POST", "/v1/articles/"+ids["e"]+"/publish", "", 200)
	lists(map[string]string{"sport": "g c b", "africa": "g e d", "world": "g e d c a"})

	africa := sectionPath(k.Public("GET", sectionPath("africa")).Want(200).Text("id"))
	sport := sectionPath(k.Public("GET", sectionPath("sport")).Want(200).Text("id"))
	call("DELETE", africa, "", 409)
	call("DELETE", sport, "", 409)
	call("DELETE", africa+"?into=nowhere", "", 400)
	call("DELETE", africa+"?into=africa", "", 400)
	call("DELETE", africa+"?into=asia", "", 204)
	lists(map[string]string{"asia": "g e d c", "world": "g e d c a"})
	r := k.Public("GET", sectionPath("africa")).Want(308)
	if got := r.Header.Get("Location"); got != "/v1/sections/asia" {
		t.Errorf("the deleted section leads to %s", got)
	}
	if got := k.Public("GET", africa).Want(308).Header.Get("Location"); got != "/v1/sections/asia" {
		t.Errorf("the id of the deleted section leads to %s", got)
	}
	if got := sectionsOf(k.Public("GET", "/v1/articles/"+ids["d"]).Want(200), "sections"); got != "world/asia" {
		t.Errorf("an article in both stands in %s", got)
	}
	call("DELETE", sport+"?into=iran", "", 204) // which stands below it
	lists(map[string]string{"iran": "g c b"})
	wantTree(k, "iran", "world", "world/asia")

	call("POST", "/v1/articles/"+ids["c"]+"/withdraw", "", 200)
	call("DELETE", "/v1/articles/"+ids["g"], "", 204)
	lists(map[string]string{"iran": "b", "asia": "e d", "world": "e d a"})
	iran := sectionPath(k.Public("GET", sectionPath("iran")).Want(200).Text("id"))
	call("DELETE", "/v1/articles/"+ids["b"], "", 204)
	call("DELETE", iran, "", 409) // it is used in the trash
	for _, title := range []string{"b", "c", "g"} {
		call("DELETE", "/v1/articles/"+ids[title]+"?permanent=true", "", 204)
	}
	call("DELETE", iran, "", 204)
	k.Public("GET", sectionPath("iran")).Want(404)
}

func TestARenamedSectionShowsInArticlesAtOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	ids := newspaper(k)
	world := k.Public("GET", sectionPath("world")).Want(200).Text("id")
	for i, want := range []string{"world/asia/iran", "earth/asia/iran"} {
		for range 2 { // the second is cached
			for _, path := range []string{"/v1/articles/" + ids["b"], "/v1/articles?section=iran&limit=1&sort=published_at"} {
				r := k.Public("GET", path).Want(200)
				at := "sections"
				if strings.Contains(path, "?") {
					at = "data.0.sections"
				}
				if got := sectionsOf(r, at); got != want {
					t.Errorf("%s has the section %s, want %s", path, got, want)
				}
			}
		}
		if i == 0 {
			k.As(cms.Editor, "PATCH", sectionPath(world)).JSON(`{"name": "Earth", "slug": "earth"}`).Want(200)
		}
	}
	if got := titlesIn(k, "q=earth&sort=-published_at"); got != "g a" {
		t.Errorf("the new name finds %s", got)
	}
	if got := titlesIn(k, "section=world"); got != "g d c b a" {
		t.Errorf("the former slug finds %s", got)
	}
}

func TestALargeSectionIsMovedInSlices(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	newspaper(k)
	var want []string
	for i := range 20 {
		k.Clock.Move(1e9)
		title := fmt.Sprint("n", i)
		want = append(want, title)
		k.Published(map[string]any{"title": title, "body": "B", "sections": []string{"sport", "asia"}})
	}
	slices.Reverse(want)
	sport := k.Public("GET", sectionPath("sport")).Want(200).Text("id")
	k.As(cms.Editor, "DELETE", sectionPath(sport)+"?into=iran").Want(204)
	if got := titlesIn(k, "section=iran"); got != strings.Join(want, " ")+" g e c b" {
		t.Errorf("the section has %s", got)
	}
	wantCounts(k, map[string]float64{"iran": 24, "asia": 25, "world": 26})
}
