package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// TestAPageOfLongBodiesEndsEarly pages through articles of half a megabyte, forward and back, in
// every way in which lists are read.
func TestAPageOfLongBodiesEndsEarly(t *testing.T) {
	if testing.Short() {
		t.Skip("long for its bodies of half a million characters")
	}
	t.Parallel()
	k := testkit.New(t)
	makeTag(k, `{"name": "Long"}`)
	body := "ferry " + strings.Repeat("a", cms.MaxBody-10)
	const articles = 12
	for i := range articles {
		k.Published(map[string]any{"title": fmt.Sprint("Ferry ", i), "body": body, "tags": []string{"long"}})
	}
	for _, query := range []string{
		"", "&sort=title", "&tag=long", "&q=ferry", "&q=ferry&sort=-published_at", "&view=draft",
		"&fields=id,body_html",
	} {
		list := func(cursor string) *testkit.Response {
			return k.As(cms.Editor, "GET", "/v1/articles?limit=100&include=body"+query+cursor).Want(200)
		}
		var seen, back []string
		r, pages := list(""), 1
		first := r.Text("page.next")
		for {
			seen = append(seen, rowIDs(r)...)
			if len(r.Body) > 2*cms.MaxPageText {
				t.Fatalf("%s: a page has %d bytes", query, len(r.Body))
			}
			if r.Field("page.next") == nil {
				break
			}
			r = list("&cursor=" + r.Text("page.next"))
			pages++
		}
		for r.Field("page.prev") != nil {
			r = list("&cursor=" + r.Text("page.prev"))
			back = append(rowIDs(r), back...)
		}
		if pages < 2 || first == "" || len(seen) != articles {
			t.Errorf("%s: %d articles on %d pages", query, len(seen), pages)
		}
		slices.Sort(seen)
		if len(slices.Compact(seen)) != articles {
			t.Errorf("%s: an article stands on two pages", query)
		}
		if numbered := numberedPages(list); len(numbered) != articles {
			t.Errorf("%s: %d articles on numbered pages", query, len(numbered))
		}
		if len(back) == 0 || len(back) >= articles {
			t.Errorf("%s: %d articles on the way back", query, len(back))
		}
	}
	if n := len(k.Public("GET", "/v1/articles?limit=100").Want(200).List("data")); n != articles {
		t.Errorf("without bodies a page has %d articles", n)
	}
}

// numberedPages returns the articles on all pages of a list that is asked for by numbers.
func numberedPages(list func(more string) *testkit.Response) map[string]bool {
	met := map[string]bool{}
	for page := 1; ; page++ {
		rows := rowIDs(list(fmt.Sprint("&page=", page)))
		for _, id := range rows {
			met[id] = true
		}
		if len(rows) == 0 {
			return met
		}
	}
}

func rowIDs(r *testkit.Response) []string {
	var ids []string
	for _, row := range r.List("data") {
		ids = append(ids, row.(map[string]any)["id"].(string))
	}
	return ids
}
