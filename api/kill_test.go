package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// wantGone fails unless readers are told at an address that what was there is gone, with the notice.
func wantGone(t *testing.T, k *testkit.Kit, ref string, notice any) {
	t.Helper()
	r := k.Public("GET", "/v1/articles/"+ref).Do()
	wantProblem(t, r, 410, cms.Gone, "", "")
	if got := r.Field("notice"); got != notice {
		t.Errorf("%s: the notice is %v, want %v", ref, got, notice)
	}
	if strings.Contains(string(r.Body), "It is wrong.") {
		t.Errorf("%s: readers are told the reason: %s", ref, r.Body)
	}
}

func TestWhatIsKilledIsGoneAtAllItsAddresses(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(map[string]any{"title": "Old", "slug": "old-one"}).Text("id")
	revise(k, id, `{"slug": "new-one"}`)
	k.Publish(id)
	revise(k, id, `{"slug": "never-seen"}`)
	resolved := func(path string) any {
		return k.Public("GET", "/v1/resolve?path="+url.QueryEscape(path)).Want(200).Field("status")
	}
	paths := []string{"/articles/old-one", "/articles/new-one"}
	for _, path := range paths { // what was answered before is not answered again
		resolved(path)
	}
	kill(k, id, "Removed by law.")
	gone := func() {
		t.Helper()
		for _, ref := range []string{id, strings.ToUpper(id), "old-one", "new-one", "New-One"} {
			wantGone(t, k, ref, "Removed by law.")
		}
		for _, path := range paths {
			if status := resolved(path); status != 410.0 {
				t.Errorf("%s resolves to %v, want 410", path, status)
			}
		}
		wantProblem(t, k.Public("GET", "/v1/articles/never-seen").Do(), 404, cms.NotFound, "", "")
		if status := resolved("/articles/never-seen"); status != 404.0 {
			t.Errorf("a slug that readers never saw resolves to %v", status)
		}
	}
	gone()
	for _, call := range []struct{ method, path, body string }{
		{"PATCH", "", `{"title": "T"}`}, {"PUT", "", `{"title": "T"}`}, {"PUT", "/related-links", `{"data": []}`},
		{"POST", "/related-links", `{"url": "https://example.org", "title": "E"}`}, {"POST", "/corrections", `{"text": "T"}`},
	} {
		r := k.As(cms.Admin, call.method, articlePath(id)+call.path).If("*").JSON(call.body).Do()
		wantProblem(t, r, 409, cms.WrongState, "", "")
	}
	trash(k, id)
	gone()
	for _, below := range []string{"/related", "/related-links"} {
		wantProblem(t, k.Public("GET", articlePath(id)+below).Do(), 410, cms.Gone, "", "")
	}
	k.As(cms.Author, "POST", articlePath(id)+"/restore").If("*").Want(403)
	if status := verb(k, id, "restore").Text("status"); status != "draft" {
		t.Errorf("restored, it is %s", status)
	}
	for _, ref := range []string{id, "old-one", "new-one"} {
		wantProblem(t, k.Public("GET", "/v1/articles/"+ref).Do(), 404, cms.NotFound, "", "")
	}
	if status := resolved(paths[0]); status != 404.0 {
		t.Errorf("restored, it resolves to %v", status)
	}
	k.Publish(id)
	k.Public("GET", "/v1/articles/never-seen").Want(200)
	kill(k, id, "")
	wantGone(t, k, id, nil)
	k.As(cms.Admin, "DELETE", articlePath(id)+"?permanent=true").If("*").Want(204)
	wantProblem(t, k.Public("GET", "/v1/articles/"+id).Do(), 404, cms.NotFound, "", "")
	if status := resolved(paths[0]); status != 410.0 {
		t.Errorf("removed for good, it resolves to %v", status)
	}
}

func TestWhatWasWithdrawnAndIsKilledIsGone(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(map[string]any{"title": "Seen"}).Text("id")
	verb(k, id, "withdraw")
	wantProblem(t, k.Public("GET", "/v1/articles/seen").Do(), 404, cms.NotFound, "", "")
	at := func() any {
		return k.Public("GET", "/v1/resolve?path=/articles/seen").Want(200).Field("status")
	}
	if at() != 404.0 {
		t.Errorf("withdrawn, it resolves to %v", at())
	}
	kill(k, id, "N")
	wantGone(t, k, "seen", "N")
	if at() != 410.0 {
		t.Errorf("killed, it resolves to %v", at())
	}
}

func TestWhatIsKilledLeavesEverythingAtOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.As(cms.Editor, "POST", "/v1/sections").JSON(`{"name": "World"}`).Want(201)
	authorsAt(k, "Ada")
	picture := k.UploadPicture(1)
	id := k.Published(map[string]any{
		"title": "Zebra crossing", "tags": []string{"Water"}, "sections": []string{"world"}, "image": picture,
		"authors": []any{map[string]any{"author": "ada"}},
	}).Text("id")
	other := k.Published(map[string]any{"title": "Another zebra", "tags": []string{"water"}}).Text("id")
	pointTo(k, other, id)
	collection := makeCollection(k, `{"name": "Lead"}`)
	addItem(k, collection, fmt.Sprintf(`{"article": %q}`, id))
	makeFront(k, `{"name": "Home", "slots": [{"collection": "lead"}]}`)
	makeAlert(k, fmt.Sprintf(`{"text": "Look.", "article": %q}`, id))
	setSite(k, fmt.Sprintf(`{"menus": {"main": [{"article": %q}]}}`, id))

	var kinds []string
	for _, use := range k.As(cms.Contributor, "GET", articlePath(id)+"/uses?count=exact").Want(200).List("data") {
		kinds = append(kinds, use.(map[string]any)["kind"].(string)+" "+use.(map[string]any)["name"].(string))
	}
	slices.Sort(kinds)
	want := []string{
		"alert Look.", "article Another zebra", "collection Lead", "front Home",
		"site " + k.Public("GET", "/v1/site").Want(200).Text("name"),
	}
	if !slices.Equal(kinds, want) {
		t.Errorf("it stands in %v, want %v", kinds, want)
	}

	shown := []string{ // where readers see it
		"/v1/articles",
		"/v1/articles?q=zebra",
		"/v1/articles?tag=water&section=world",
		"/v1/articles?id=" + id,
		"/v1/articles?slug=zebra-crossing",
		"/v1/articles/another-zebra/related",
		"/v1/articles/another-zebra",
		"/v1/collections/lead/articles",
		"/v1/fronts/home",
		"/v1/alerts",
		"/v1/suggest?q=zebra",
		"/v1/site",
		"/v1/related-links?target=zebra-crossing",
	}
	tells := func(path string) bool {
		return strings.Contains(string(k.Public("GET", path).Do().Body), id)
	}
	counts := func() (list []any) {
		for _, path := range []string{"/v1/tags/water", "/v1/sections/world", "/v1/authors/ada"} {
			list = append(list, k.Public("GET", path).Want(200).Field("article_count"))
		}
		return append(list, k.Public("GET", "/v1/articles?count=exact").Want(200).Field("page.total"))
	}
	for _, path := range shown {
		if !tells(path) {
			t.Errorf("%s does not show it before, so this test shows nothing", path)
		}
	}
	if got := fmt.Sprint(counts()); got != "[2 1 1 2]" {
		t.Errorf("before, the counts are %s", got)
	}
	k.Public("GET", "/v1/media/"+picture).Want(200)
	kill(k, id, "")
	for _, path := range shown {
		if tells(path) {
			t.Errorf("%s still shows it: %s", path, k.Public("GET", path).Do().Body)
		}
	}
	if got := fmt.Sprint(counts()); got != "[1 0 0 1]" {
		t.Errorf("killed, the counts are %s", got)
	}
	k.Public("GET", "/v1/media/"+picture).Want(404)
}

func TestUsesOfAnArticleAreForEditors(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(nil).Text("id")
	path := articlePath(id) + "/uses"
	wantProblem(t, k.Public("GET", path).Do(), 401, cms.Unauthenticated, "", "")
	wantProblem(t, k.As(cms.Admin, "GET", articlePath(nothing)+"/uses").Do(), 404, cms.NotFound, "", "")
	if r := k.As(cms.Contributor, "GET", path).Want(200); len(r.List("data")) != 0 {
		t.Errorf("an article that stands nowhere is used: %s", r.Body)
	}
	for range 3 {
		addItem(k, makeCollection(k, `{"name": "Lead"}`), fmt.Sprintf(`{"article": %q}`, id))
	}
	seen := map[any]bool{}
	next := path + "?limit=2"
	for range 3 {
		r := k.As(cms.Editor, "GET", next).Want(200)
		for _, use := range r.List("data") {
			seen[use.(map[string]any)["id"]] = true
		}
		cursor, more := r.Field("page.next").(string)
		if !more {
			break
		}
		next = path + "?limit=2&cursor=" + cursor
	}
	if len(seen) != 3 {
		t.Errorf("paging meets %d of 3", len(seen))
	}
}
