package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func TestACursorIsGoodForItsQuestionOnly(t *testing.T) {
	t.Parallel()
	k, _ := shelf(t)
	makeTag(k, `{"name": "Water"}`)
	makeTag(k, `{"name": "Ice"}`)
	cursor := k.Public("GET", "/v1/articles?limit=1&type=news").Want(200).Text("page.next")
	accepted := []string{
		"type=news&limit=1", "type=news", "type=news&limit=100&fields=id", "type=news&include=body", "type=news&count=exact",
	}
	for _, query := range accepted {
		k.Public("GET", "/v1/articles?"+query+"&cursor="+cursor).Want(200)
	}
	for _, path := range []string{
		"/v1/articles?x&", "/v1/articles?type=opinion&", "/v1/articles?type=news,opinion&", "/v1/articles?type=news&sort=title&",
		"/v1/articles?type=news&sort=published_at&", "/v1/articles?type=news&locale=en&", "/v1/articles?type=news&view=draft&",
		"/v1/articles?type=news&tag=water&", "/v1/articles?", "/v1/tags?", "/v1/related-links?",
	} {
		if r := k.As(cms.Editor, "GET", path+"cursor="+cursor).Want(400); !slices.Contains(errorsOf(r), "cursor invalid_cursor") {
			t.Errorf("%s takes a cursor of another question: %s", path, r.Body)
		}
	}
	for i := range cursor {
		other := "A"
		if cursor[i] == 'A' {
			other = "B"
		}
		forged := cursor[:i] + other + cursor[i+1:]
		wantErrors(t, k.Public("GET", "/v1/articles?type=news&cursor="+forged).Want(400), "cursor invalid_cursor")
	}
	for _, broken := range []string{cursor[1:], cursor[:len(cursor)-1], cursor + "A", cursor + "=", "A", "%20" + cursor, strings.ToUpper(cursor)} {
		wantErrors(t, k.Public("GET", "/v1/articles?type=news&cursor="+broken).Want(400), "cursor invalid_cursor")
	}
	other := testkit.New(t, func(_ *newsroom.Options, o *api.Options) { o.CursorKey = []byte(strings.Repeat("d", 32)) })
	wantErrors(t, other.Public("GET", "/v1/articles?type=news&cursor="+cursor).Want(400), "cursor invalid_cursor")
	tags := k.Public("GET", "/v1/tags?limit=1").Want(200).Text("page.next")
	wantErrors(t, k.Public("GET", "/v1/articles?cursor="+tags).Want(400), "cursor invalid_cursor")
}

// walker walks lists of a newsroom with many ties.
type walker struct {
	k     *testkit.Kit
	live  []string
	draft []string // all articles, in draft view
}

// newWalker writes articles with few different times and titles, some of them drafts without a time of publishing.
func newWalker(t *testing.T) *walker {
	w := &walker{k: testkit.New(t)}
	for i := range 36 {
		article := map[string]any{"title": fmt.Sprint("title ", i%4), "slug": fmt.Sprint("s-", i)}
		if i%3 > 0 {
			article["published_at"] = fmt.Sprintf("2026-0%d-01T00:00:00Z", 1+i%5)
		}
		id := w.k.Draft(article).Text("id")
		w.draft = append(w.draft, id)
		if i%4 > 0 {
			w.k.Publish(id)
			w.live = append(w.live, id)
		}
		if i%6 == 0 {
			w.k.Clock.Move(time.Minute)
		}
	}
	return w
}

// meddle writes one more article while somebody walks, and answers how to take it away again.
func (w *walker) meddle(rt *rapid.T) func() {
	article := map[string]any{"title": rapid.SampledFrom([]string{"a", "title 1", "title 3", "zz"}).Draw(rt, "title")}
	if at := rapid.SampledFrom([]string{"", "2020-01-01T00:00:00Z", "2026-03-01T00:00:00Z"}).Draw(rt, "at"); at != "" {
		article["published_at"] = at
	}
	id := w.k.Draft(article).Text("id")
	if rapid.Bool().Draw(rt, "live") {
		w.k.Publish(id)
	}
	return func() { w.k.As(cms.Admin, "DELETE", articlePath(id)+"?permanent=true").If("*").Want(204) }
}

// walk goes along a list from a page on in a direction, and answers the rows in reading order.
func (w *walker) walk(rt *rapid.T, target string, from *testkit.Response, rel string) ([]map[string]any, *testkit.Response) {
	var rows []map[string]any
	for at := from; ; {
		var page []map[string]any
		for _, row := range at.List("data") {
			page = append(page, row.(map[string]any))
		}
		if rel == "next" {
			rows = append(rows, page...)
		} else {
			rows = append(page, rows...)
		}
		cursor, more := at.Field("page." + rel).(string)
		if !more {
			return rows, at
		}
		if rapid.IntRange(0, 9).Draw(rt, "meddle") == 0 {
			rt.Cleanup(w.meddle(rt))
		}
		at = w.k.As(cms.Editor, "GET", target+"&cursor="+cursor).Want(200)
	}
}

// inOrder tells whether a row may stand before another in an order. Titles here are their own sort keys.
func inOrder(a, b map[string]any, sort string) bool {
	field, down := strings.TrimPrefix(sort, "-"), strings.HasPrefix(sort, "-")
	x, given := a[field].(string)
	y, alsoGiven := b[field].(string)
	switch {
	case given != alsoGiven:
		return given // what is missing comes last, whatever the direction
	case x == y:
		x, y = a["id"].(string), b["id"].(string)
	}
	return (x < y) != down
}

func TestPagingMeetsEveryRowOnceWhateverIsInserted(t *testing.T) {
	t.Parallel()
	w := newWalker(t)
	rapid.Check(t, func(rt *rapid.T) {
		view := rapid.SampledFrom([]string{"live", "draft"}).Draw(rt, "view")
		sort := rapid.SampledFrom([]string{"published_at", "-published_at", "updated_at", "-updated_at", "title", "-title"}).Draw(rt, "sort")
		limit := rapid.IntRange(4, 40).Draw(rt, "limit")
		known := w.live
		if view == "draft" {
			known = w.draft
		}
		target := fmt.Sprintf("/v1/articles?view=%s&sort=%s&limit=%d&fields=id,title,published_at,updated_at", view, sort, limit)
		forward, last := w.walk(rt, target, w.k.As(cms.Editor, "GET", target).Want(200), "next")
		once(rt, "forward", forward, known, sort)
		if _, more := last.Field("page.prev").(string); !more {
			return
		}
		backward, _ := w.walk(rt, target, last, "prev")
		once(rt, "backward", backward, known, sort)
	})
}

// once fails unless rows are in order and have every known one exactly once, and no other one twice.
func once(rt *rapid.T, way string, rows []map[string]any, known []string, sort string) {
	seen := map[string]int{}
	for i, row := range rows {
		seen[row["id"].(string)]++
		if i > 0 && !inOrder(rows[i-1], row, sort) {
			rt.Fatalf("%s by %s: %v stands before %v", way, sort, rows[i-1], row)
		}
	}
	for _, id := range known {
		if seen[id] != 1 {
			rt.Fatalf("%s by %s: %s was met %d times", way, sort, id, seen[id])
		}
	}
	for id, times := range seen {
		if times > 1 {
			rt.Fatalf("%s by %s: %s was met %d times", way, sort, id, times)
		}
	}
}

func TestTagsAndLinksArePagedTheSameWay(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	article := k.Draft(nil).Text("id")
	for i := range 7 {
		makeTag(k, map[string]any{"name": fmt.Sprintf("Tag %d", i)})
		link := map[string]any{"title": "L", "url": fmt.Sprintf("https://example.org/%d", i)}
		k.As(cms.Editor, "POST", articlePath(article)+"/related-links").JSON(link).Want(201)
	}
	k.Published(map[string]any{"tags": []string{"tag-3", "tag-5"}})
	k.Publish(article)
	for _, list := range []string{
		"/v1/tags?", "/v1/tags?sort=-name&", "/v1/tags?sort=article_count&", "/v1/tags?sort=-article_count&", "/v1/tags?q=tag&",
		"/v1/related-links?", "/v1/related-links?host=example.org&",
	} {
		whole := idsIn(k.Public("GET", list+"limit=100").Want(200))
		var forward, backward []string
		at := k.Public("GET", list+"limit=2&count=exact").Want(200)
		if at.Field("page.total") != 7.0 {
			t.Errorf("%s counts %v", list, at.Field("page.total"))
		}
		for {
			forward = append(forward, idsIn(at)...)
			next := follow(at, "next")
			if next == "" {
				break
			}
			at = k.Public("GET", next).Want(200)
		}
		for {
			backward = append(idsIn(at), backward...)
			prev := follow(at, "prev")
			if prev == "" {
				break
			}
			at = k.Public("GET", prev).Want(200)
		}
		if len(whole) != 7 || !slices.Equal(whole, forward) || !slices.Equal(whole, backward) {
			t.Errorf("%s: whole %v, forward %v, backward %v", list, whole, forward, backward)
		}
	}
}
