package api_test

import (
	"fmt"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// pagesInSections makes a site whose addresses name sections, an article in asia (below world) and
// sport, and all places that show its address. It returns these, and the id of the article.
func pagesInSections(k *testkit.Kit) (places map[string]string, id string) {
	k.T.Helper()
	setSite(k, `{"paths": {"article": "/{section_path}/{slug}", "section": "/s/{section_path}"}}`)
	for _, s := range []map[string]any{
		{"name": "World"}, {"name": "Asia", "parent": "world"}, {"name": "Sport"},
	} {
		makeSection(k, s)
	}
	target := k.Published(map[string]any{
		"title": "Target", "tags": []string{"Ice"}, "sections": []string{"asia", "sport"},
	})
	id = target.Text("id")
	from := k.Published(map[string]any{"title": "From"}).Text("id")
	k.As(cms.Editor, "POST", "/v1/articles/"+from+"/related-links").If("*").
		JSON(`{"article_id": "target"}`).Want(201)
	alert := makeAlert(k, `{"text": "Ice", "article": "target"}`).Text("id")
	addItem(k, makeCollection(k, `{"name": "Top"}`), `{"article": "target"}`)
	makeFront(k, `{"name": "Home", "slots": [{"collection": "top"}]}`)
	return map[string]string{
		"/v1/articles/target":                          "url",
		"/v1/articles?slug=target":                     "data.0.url",
		"/v1/articles?q=target":                        "data.0.url",
		"/v1/articles?tag=ice&include=body":            "data.0.url",
		"/v1/articles/from":                            "related_links.0.url",
		"/v1/articles?slug=from&include=related_links": "data.0.related_links.0.article.url",
		"/v1/articles/" + from + "/related-links":      "data.0.article.url",
		"/v1/related-links":                            "data.0.url",
		"/v1/articles/from/related":                    "data.0.url",
		"/v1/alerts":                                   "data.0.article.url",
		"/v1/alerts/" + alert:                          "article.url",
		"/v1/collections/top":                          "items.0.article.url",
		"/v1/collections/top/articles":                 "data.0.item.url",
		"/v1/fronts/home":                              "slots.0.rows.0.article.url",
	}, id
}

func wantURL(k *testkit.Kit, places map[string]string, why, want string) {
	k.T.Helper()
	for target, field := range places {
		if got := k.Public("GET", target).Want(200).Text(field); got != testSite+want {
			k.T.Errorf("%s: %s has %s at %s, want %s", why, target, field, got, want)
		}
	}
}

const testSite = "https://news.example.org"

// Whatever happens to the section of an article, its address is another at once wherever it is
// shown, and the article is not touched.
func TestTheAddressOfAnArticleFollowsItsSection(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	places, id := pagesInSections(k)
	wantURL(k, places, "at first", "/world/asia/target")
	change := func(method, target, body, want string) {
		t.Helper()
		call := k.As(cms.Editor, method, target).If("*")
		if body != "" {
			call = call.JSON(body)
		}
		if r := call.Do(); r.Status >= 300 {
			t.Fatalf("%s %s: %d %s", method, target, r.Status, r.Body)
		}
		wantURL(k, places, method+" "+target+" "+body, want)
	}
	section := func(slug string) string {
		return "/v1/sections/" + k.Public("GET", "/v1/sections/"+slug).Want(200).Text("id")
	}
	change("PATCH", section("asia"), `{"slug": "asien"}`, "/world/asien/target")
	change("PATCH", section("world"), `{"name": "Welt", "slug": "welt"}`, "/welt/asien/target")
	change("PATCH", section("asien"), `{"parent": "sport"}`, "/sport/asien/target")
	change("PATCH", section("asien"), `{"parent": null}`, "/asien/target")
	change("DELETE", section("asien")+"?into=welt", "", "/welt/target")
	draft := k.As(cms.Editor, "GET", "/v1/articles/"+id+"?view=draft").Want(200)
	if draft.ETag() != `"2"` || draft.Text("url") != testSite+"/welt/target" {
		t.Errorf("the article is version %s at %s", draft.ETag(), draft.Text("url"))
	}
	change("PATCH", "/v1/articles/"+id, `{"sections": ["sport", "welt"]}`, "/welt/target")
	draft = k.As(cms.Editor, "GET", "/v1/articles?view=draft&slug=target").Want(200)
	if got := draft.Text("data.0.url"); got != testSite+"/sport/target" {
		t.Errorf("the draft is at %s", got)
	}
	links := k.As(cms.Editor, "GET", "/v1/related-links?view=draft").Want(200)
	if got := links.Text("data.0.url"); got != testSite+"/sport/target" {
		t.Errorf("editors see a link to %s", got)
	}
	change("POST", "/v1/articles/"+id+"/publish", "", "/sport/target")
	change("PATCH", "/v1/articles/"+id, `{"sections": null}`, "/sport/target")
	change("POST", "/v1/articles/"+id+"/publish", "", "/target")
	setSite(k, `{"paths": {"article": "/{section}/{id}"}}`)
	wantURL(k, places, "by id", "/"+id)
	change("PATCH", "/v1/articles/"+id, `{"sections": ["sport"]}`, "/"+id)
	change("POST", "/v1/articles/"+id+"/publish", "", "/sport/"+id)
}

func TestANewArticleHasTheAddressOfItsSection(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	pagesInSections(k)
	made := k.Draft(map[string]any{"title": "New", "sections": []string{"asia"}})
	if got := made.Text("url"); got != testSite+"/world/asia/new" {
		t.Errorf("it is at %s", got)
	}
}

// The names of sections are known: an address that has them costs no more than one that has not.
func TestSectionsInAddressesCostNoStatement(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.NothingKept)
	places, _ := pagesInSections(k)
	statements := func() map[string]int64 {
		count := map[string]int64{}
		for target := range places {
			k.Public("GET", target).Want(200)
		}
		for target := range places {
			before := k.Statements()
			k.Public("GET", target).Want(200)
			count[target] = k.Statements() - before
		}
		return count
	}
	with := statements()
	setSite(k, `{"paths": {"article": "/{slug}"}}`)
	if without := statements(); fmt.Sprint(with) != fmt.Sprint(without) {
		t.Errorf("statements are %v, without sections %v", with, without)
	}
}

// Where addresses have no sections, a section that moves leaves what does not show it.
func TestASectionThatMovesLeavesAddressesWithoutIt(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	pagesInSections(k)
	setSite(k, `{"paths": {"article": "/{slug}"}}`)
	k.Public("GET", "/v1/tags").Want(200)
	asia := k.Public("GET", "/v1/sections/asia").Want(200).Text("id")
	k.As(cms.Editor, "PATCH", "/v1/sections/"+asia).JSON(`{"parent": "sport"}`).Want(200)
	before := k.Statements()
	k.Public("GET", "/v1/tags").Want(200)
	if n := k.Statements() - before; n != 0 {
		t.Errorf("the list of tags was made again: %d statements", n)
	}
}
