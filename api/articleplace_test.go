package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// placesOf returns where an article stands in collections: name, position, and what is before and
// behind it.
func placesOf(r *testkit.Response) string {
	r.T.Helper()
	var places []string
	for _, p := range r.List("collections") {
		p := p.(map[string]any)
		slug := func(end any) string {
			if end == nil {
				return "-"
			}
			return end.(map[string]any)["slug"].(string)
		}
		places = append(places, fmt.Sprintf("%v %v %s<>%s", p["name"], p["position"], slug(p["prev"]), slug(p["next"])))
	}
	return strings.Join(places, ", ")
}

func TestAnArticleShowsWhereItStandsInCollections(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	ids := map[string]string{}
	for _, title := range []string{"One", "Two", "Three"} {
		ids[title] = storyCalled(k, title)
	}
	draft := k.Draft(map[string]any{"title": "Draft"}).Text("id")
	series := makeCollection(k, `{"name": "Series"}`)
	first := addItem(k, series, `{"article": "one"}`)
	addItem(k, series, fmt.Sprintf(`{"article": %q}`, draft))
	addItem(k, series, `{"url": "https://example.org/", "title": "Out"}`)
	addItem(k, series, `{"article": "two"}`)
	addItem(k, series, `{"article": "three"}`)
	makeCollection(k, `{"name": "By rule", "rule": {"sort": "title"}}`)
	const two = "/v1/articles/two?include=collections"
	want := func(why, want string) {
		t.Helper()
		for range 2 { // made, and from memory
			if got := placesOf(k.Public("GET", two).Want(200)); got != want {
				t.Errorf("%s it stands at %q, want %q", why, got, want)
			}
		}
	}
	want("at first", "Series 3 one<>three")
	asDraft := "/v1/articles/" + ids["Two"] + "?view=draft&include=collections"
	if got := placesOf(k.As(cms.Editor, "GET", asDraft).Want(200)); got != "Series 4 draft<>three" {
		t.Errorf("editors see it at %q", got)
	}
	k.Publish(draft)
	want("behind what was a draft", "Series 4 draft<>three")
	verb(k, ids["Three"], "withdraw")
	want("without the last", "Series 4 draft<>-")
	another := makeCollection(k, `{"name": "Another"}`)
	soon := k.Clock.Now().Add(time.Minute).UTC().Format(time.RFC3339)
	addItem(k, another, fmt.Sprintf(`{"article": "two", "from": %q}`, soon))
	want("before its time", "Series 4 draft<>-")
	k.Clock.Move(time.Minute)
	want("in its time", "Another 1 -<>-, Series 4 draft<>-")
	k.As(cms.Editor, "DELETE", series+"/items/"+first).Want(204)
	k.As(cms.Editor, "PATCH", another).JSON(`{"name": "Zed"}`).Want(200)
	want("after changes", "Series 3 draft<>-, Zed 1 -<>-")
	k.As(cms.Editor, "DELETE", another).Want(204)
	want("without the other", "Series 3 draft<>-")
	bare := k.Public("GET", "/v1/articles/two").Want(200)
	if strings.Contains(string(bare.Body), `"collections"`) {
		t.Errorf("without include there is %s", bare.Body)
	}
	part := k.Public("GET", two+"&fields=title").Want(200)
	if part.Text("title") != "Two" || placesOf(part) != "Series 3 draft<>-" || part.Object()["id"] != nil {
		t.Errorf("with fields there is %s", part.Body)
	}
	if got := placesOf(k.Public("GET", "/v1/articles/one?include=collections").Want(200)); got != "" {
		t.Errorf("what stands nowhere stands at %q", got)
	}
	r := k.Public("GET", "/v1/articles/two?include=tags").Do()
	wantProblem(t, r, 400, cms.InvalidParameter, "parameter", "include")
}

func TestOnlySomeCollectionsOfAnArticleAreShown(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.NothingKept)
	storyCalled(k, "One")
	for i := range cms.MaxPlaces + 2 {
		addItem(k, makeCollection(k, fmt.Sprintf(`{"name": "C%02d"}`, i)), `{"article": "one"}`)
	}
	const one = "/v1/articles/one?include=collections"
	k.Public("GET", one).Want(200)
	before := k.Statements()
	r := k.Public("GET", one).Want(200)
	if n := k.Statements() - before; n > 5 {
		t.Errorf("it takes %d statements", n)
	}
	if n := len(r.List("collections")); n != cms.MaxPlaces {
		t.Errorf("it shows %d collections", n)
	}
}
