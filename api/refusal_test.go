package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// scene is a newsroom with one of everything.
type scene struct {
	*testkit.Kit
	article, slug, link, tag, other, item string // ids, but for slug
	correction                            string
	nouns                                 map[string]string // ids of plain nouns by the path of their list
	moving                                map[string]string // ids of articles, by the move with a body that each stands ready for
}

func newScene(t *testing.T, changes ...testkit.Change) *scene {
	t.Helper()
	k := testkit.New(t, changes...)
	a := k.Published(map[string]any{"tags": []string{"Water"}, "body": "Some *words*."})
	link := k.As(cms.Editor, "POST", "/v1/articles/"+a.Text("id")+"/related-links").
		JSON(map[string]any{"url": "https://example.org/page", "title": "A page"}).Want(201)
	other := k.As(cms.Editor, "POST", "/v1/tags").JSON(map[string]any{"name": "Rivers"}).Want(201)
	nouns := map[string]string{}
	for _, n := range plainNouns {
		nouns[n.list] = n.create(k, "World")
	}
	nouns[mediumNoun.list] = mediumNoun.create(k, "World")
	item := withItem(k, "{item}", nouns["/v1/collections"])
	tag := a.Text("tags.0.id")
	nouns["/v1/tags"] = tag
	correction := correct(k, a.Text("id"), `{"text": "It was wrong."}`).Text("id")
	moving := map[string]string{}
	for move, place := range map[string]string{"submit": "draft", "return": "in_review", "withdraw": "published", "kill": "published"} {
		moving[move] = k.Draft(map[string]any{"title": "To " + move}).Text("id")
		stand(k, moving[move], place)
	}
	return &scene{k, a.Text("id"), a.Text("slug"), link.Text("id"), tag, other.Text("id"), item, correction, nouns, moving}
}

// path puts the ids of the scene into a path of the specification.
func (s *scene) path(template string) string {
	for move, article := range s.moving {
		if template == "/v1/articles/{id}/"+move {
			return articlePath(article) + "/" + move
		}
	}
	switch {
	case strings.HasPrefix(template, "/v1/articles"):
		return replaced(template, s.article)
	case strings.HasPrefix(template, "/v1/related-links"):
		return strings.ReplaceAll(template, "{id}", s.link)
	case strings.HasPrefix(template, "/v1/corrections"):
		return strings.ReplaceAll(template, "{id}", s.correction)
	case strings.HasPrefix(template, uploads):
		return replaced(template, "019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a61")
	}
	noun, _ := nounAt(template)
	return replaced(strings.ReplaceAll(template, "{item}", s.item), s.nouns[noun.list])
}

// toInput is a call with a body.
type toInput struct {
	method, path string
	body         string // is taken
	text         string // the pointer to a text in it
}

// writes are all calls with a body. The one text in each can be swapped for another by replacing "TEXT".
func (s *scene) writes() []toInput {
	article, link, tag := "/v1/articles/"+s.article, "/v1/related-links/"+s.link, "/v1/tags/"+s.tag
	items := "/v1/collections/" + s.nouns["/v1/collections"] + "/items"
	calls := []toInput{
		{"POST", "/v1/articles", `{"title": "TEXT"}`, "/title"},
		{"PATCH", article, `{"summary": "TEXT"}`, "/summary"},
		{"PUT", article, `{"title": "TEXT"}`, "/title"},
		{"POST", article + "/related-links", `{"url": "https://example.org/", "title": "TEXT"}`, "/title"},
		{"PUT", article + "/related-links", `{"data": [{"url": "https://example.org/", "title": "TEXT"}]}`, "/data/0/title"},
		{"PATCH", link, `{"note": "TEXT"}`, "/note"},
		{"POST", articlePath(s.moving["submit"]) + "/submit", `{"note": "TEXT"}`, "/note"},
		{"POST", articlePath(s.moving["return"]) + "/return", `{"note": "TEXT"}`, "/note"},
		{"POST", articlePath(s.moving["withdraw"]) + "/withdraw", `{"reason": "TEXT"}`, "/reason"},
		{"POST", articlePath(s.moving["kill"]) + "/kill", `{"reason": "TEXT"}`, "/reason"},
		{"POST", article + "/corrections", `{"text": "TEXT"}`, "/text"},
		{"PATCH", "/v1/corrections/" + s.correction, `{"text": "TEXT"}`, "/text"},
		{"POST", tag + "/merge", `{"into": "TEXT"}`, "/into"},
		{"POST", "/v1/authors/" + s.nouns["/v1/authors"] + "/merge", `{"into": "TEXT"}`, "/into"},
		{"POST", items, `{"url": "https://example.org/", "title": "TEXT"}`, "/title"},
		{"PUT", items, `{"data": [{"url": "https://example.org/", "title": "TEXT"}]}`, "/data/0/title"},
		{"PATCH", items + "/" + s.item, `{"title": "TEXT"}`, "/title"},
		{"POST", "/v1/media/import", `{"url": "` + picturesOnTheWeb(s.Kit) + `", "title": "TEXT"}`, "/title"},
		{"PATCH", "/v1/media/" + s.nouns["/v1/media"], `{"title": "TEXT"}`, "/title"},
		{"POST", "/v1/auth/login", `{"email": "TEXT", "password": "wrong"}`, "/email"},
		{"POST", "/v1/auth/refresh", `{"refresh_token": "TEXT"}`, "/refresh_token"},
		{"POST", "/v1/auth/logout", `{"refresh_token": "TEXT"}`, "/refresh_token"},
	}
	for _, n := range plainNouns {
		calls = append(calls, toInput{"POST", n.list, n.body("TEXT"), "/" + n.made},
			toInput{"PATCH", n.list + "/" + s.nouns[n.list], field(n.text, "TEXT"), "/" + n.text})
	}
	return calls
}

// send begins a written call that lacks only its body.
func (s *scene) send(w toInput) *testkit.Call {
	call := s.As(cms.Editor, w.method, w.path)
	if strings.Count(w.path, "/") > 2 && !strings.HasPrefix(w.path, "/v1/auth/") && !strings.HasSuffix(w.path, "/import") {
		call.If("*") // it changes what is there
	}
	return call
}

// state is everything that editors can see, to tell whether a refusal changed anything.
func (s *scene) state() string {
	var all strings.Builder
	targets := []string{
		"/v1/articles?view=draft&include=body,related_links&count=exact", "/v1/articles?view=draft&trashed=true",
		"/v1/related-links?view=draft", "/v1/articles?include=body,related_links", "/v1/corrections?view=draft",
	}
	for _, n := range plainNouns {
		targets = append(targets, n.list+"?count=exact")
	}
	targets = append(targets, "/v1/redirects?view=draft", "/v1/media?count=exact")
	for _, target := range targets {
		all.Write(s.As(cms.Admin, "GET", target).Want(200).Body)
	}
	for _, row := range s.Public("GET", "/v1/collections?fields=id").Want(200).List("data") { // lists have no items
		id, _ := row.(map[string]any)["id"].(string)
		all.Write(s.As(cms.Admin, "GET", "/v1/collections/"+id+"?view=draft").Want(200).Body)
	}
	return all.String()
}

// wantProblem holds a refusal to its word and, if it is about one part of the request, to that part.
func wantProblem(t *testing.T, r *testkit.Response, status int, word cms.Code, part, name string) {
	t.Helper()
	if r.Status != status || r.Text("type") != "/problems/"+string(word) {
		t.Errorf("status %d and %s, want %d and %s: %s", r.Status, r.Text("type"), status, word, r.Body)
		return
	}
	if part == "" {
		return
	}
	for _, fault := range r.List("errors") {
		if fault.(map[string]any)[part] == name {
			return
		}
	}
	t.Errorf("no error has the %s %q: %s", part, name, r.Body)
}

func TestUnknownAddressesAreNotFoundWhoeverAsks(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	for _, target := range []string{
		"/v1", "/v1/", "/v2/articles", "/V1/articles", "/v1/Articles", "/v1/article", "/articles", "/v1/articles/", "/v1/tags/",
		"/v1/related-links/", "/v1//articles", "//v1/articles", "/v1/articles//", "/v1/./articles", "/v1/tags/../articles",
		"/v1/articles/..", "/v1/articles/%2e%2e", "/v1/articles/%2E%2E%2Ftags", "/v1/articles%2F", "/v1%2Farticles", "/v1/articles/a%2Fb",
		"/v1/articles/a%5Cb", "/v1/articles/%00", "/v1/articles/%ff", "/v1/articles/" + k.slug + "/", "/v1/articles/" + k.slug + "%20",
		"/v1/articles/" + k.article + "/nothing", "/v1/articles/" + k.article + "/related-links/", "/v1/articles/" + k.article + "/related-links/1",
		"/v1/auth", "/v1/auth/", "/docs/../openapi.json", "/docs/%2e%2e/openapi.json", "/docs/a/b", "/openapi", "/.git/config", "/problems/",
		"/problems/nothing", "/problems/..", "/favicon.ico", "/v1/articles;a=b", "/v1/articles/" + strings.Repeat("a", 5000),
	} {
		for _, call := range []*testkit.Call{k.Public("GET", target), k.As(cms.Admin, "GET", target)} {
			wantProblem(t, call.Do(), 404, cms.NotFound, "", "")
		}
	}
}

func TestChangesAtUnknownAddressesAreNotFound(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	before := k.state()
	none := "019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a13"
	for _, call := range []struct{ method, path, body string }{
		{"PATCH", "/v1/articles/" + none, `{"title": "x"}`},
		{"PATCH", "/v1/articles/" + k.slug, `{"title": "x"}`}, // changes take ids
		{"PUT", "/v1/articles/" + none, `{"title": "x"}`},
		{"DELETE", "/v1/articles/" + none, ""},
		{"DELETE", "/v1/articles/" + k.slug, ""},
		{"POST", "/v1/articles/" + none + "/publish", ""},
		{"POST", "/v1/articles/" + none + "/revisions/1/restore", ""},
		{"POST", "/v1/articles/" + none + "/discard", ""},
		{"POST", "/v1/articles/" + none + "/submit", ""},
		{"POST", "/v1/articles/" + none + "/return", ""},
		{"POST", "/v1/articles/" + none + "/kill", `{"reason": "x"}`},
		{"POST", "/v1/articles/" + none + "/withdraw", ""},
		{"POST", "/v1/articles/" + none + "/restore", ""},
		{"POST", "/v1/articles/" + none + "/related-links", `{"url": "https://example.org/", "title": "x"}`},
		{"PUT", "/v1/articles/" + none + "/related-links", `{"data": []}`},
		{"PATCH", "/v1/related-links/" + none, `{"note": "x"}`},
		{"DELETE", "/v1/related-links/" + none, ""},
		{"DELETE", "/v1/related-links/nothing", ""},
		{"POST", "/v1/articles/" + none + "/corrections", `{"text": "x"}`},
		{"PATCH", "/v1/corrections/" + none, `{"text": "x"}`},
		{"DELETE", "/v1/corrections/" + none, ""},
		{"DELETE", "/v1/corrections/nothing", ""},
		{"PATCH", "/v1/tags/" + none, `{"name": "x"}`},
		{"DELETE", "/v1/tags/" + none, ""},
		{"POST", "/v1/tags/" + none + "/merge", `{"into": "rivers"}`},
		{"POST", "/v1/authors/" + none + "/merge", `{"into": "world"}`},
		{"POST", "/v1/collections/" + none + "/items", `{"url": "https://example.org/", "title": "x"}`},
		{"PUT", "/v1/collections/" + none + "/items", `{"data": []}`},
	} {
		c := k.As(cms.Admin, call.method, call.path).If("*")
		if call.body != "" {
			c.JSON(call.body)
		}
		wantProblem(t, c.Do(), 404, cms.NotFound, "", "")
	}
	if after := k.state(); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
}

func TestUnknownMethodsAreToldTheKnownOnes(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	known := map[string][]string{}
	for _, r := range k.Server.Routes() {
		// other methods of these are of a medium with that id, of which there is none
		under := r.Path == "/v1/media/import" || r.Path == "/v1/media/uploads"
		if !strings.Contains(r.Path, "*") && !under {
			known[r.Path] = append(known[r.Path], r.Method)
		}
	}
	template := strings.NewReplacer(":ref", "{ref}", ":id", "{id}", ":n", "{n}", ":a", "{a}", ":b", "{b}", ":word", "not-found")
	for route, methods := range known {
		allow := append([]string{"OPTIONS"}, methods...)
		slices.Sort(allow)
		path := k.path(template.Replace(route))
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "QUERY", "BREW", "get"} {
			if slices.Contains(methods, method) {
				continue
			}
			r := k.As(cms.Admin, method, path).Do()
			got := strings.Split(r.Header.Get("Allow"), ", ")
			slices.Sort(got)
			if r.Status != 405 || !slices.Equal(got, allow) {
				t.Errorf("%s %s: status %d and Allow %v, want 405 and %v", method, path, r.Status, got, allow)
			}
			if method != "HEAD" {
				wantProblem(t, r, 405, "method-not-allowed", "", "")
			}
		}
		r := k.Public("OPTIONS", path).Want(204)
		got := strings.Split(r.Header.Get("Allow"), ", ")
		slices.Sort(got)
		if !slices.Equal(got, allow) {
			t.Errorf("OPTIONS %s: Allow is %v, want %v", path, got, allow)
		}
	}
}

func TestParametersThatNobodyKnowsAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	before := k.state()
	bodies := map[string]string{}
	for _, w := range k.writes() {
		bodies[w.method+" "+w.path] = w.body
	}
	for name := range documented(k.Kit) {
		method, template, _ := strings.Cut(name, " ")
		path := k.path(template)
		call := k.As(cms.Admin, method, path+"?colour=red").If("*")
		if body := bodies[method+" "+path]; body != "" {
			call.JSON(body)
		}
		wantProblem(t, call.Do(), 400, cms.InvalidParameter, "parameter", "colour")
	}
	for _, path := range []string{"/", "/problems/not-found"} {
		wantProblem(t, k.Public("GET", path+"?colour=red").Do(), 400, cms.InvalidParameter, "parameter", "colour")
	}
	if after := k.state(); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
}

func TestAParameterIsRefusedWithWhatWouldDo(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	for _, c := range []struct{ query, parameter, code, hint string }{
		{"limt=5", "limt", "unknown", `did you mean "limit"?`},
		{"Limit=5", "Limit", "unknown", `did you mean "limit"?`},
		{"limit=5&limit=5", "limit", "repeated", "send it once"},
		{"limit=0", "limit", "out_of_range", "from 1 to 100"},
		{"limit=101", "limit", "out_of_range", "from 1 to 100"},
		{"limit=%2B5", "limit", "out_of_range", "from 1 to 100"},
		{"limit=5.0", "limit", "out_of_range", "from 1 to 100"},
		{"limit=99999999999999999999", "limit", "out_of_range", "from 1 to 100"},
		{"page=0", "page", "out_of_range", "from 1"},
		{"page=1002&limit=10", "page", "too_deep", "10000 rows"},
		{"sort=titel", "sort", "not_allowed", `did you mean "title"?`},
		{"sort=-titel", "sort", "not_allowed", `did you mean "-title"?`},
		{"view=Draft", "view", "not_allowed", `did you mean "draft"?`},
		{"fields=id,titel", "fields", "not_allowed", `did you mean "title"?`},
		{"fields=body", "fields", "not_allowed", "view=draft"}, // a field of the draft view
		{"fields=id,,title", "fields", "empty", "between its commas"},
		{"include=bodies", "include", "not_allowed", `did you mean "body"?`},
		{"type=new", "type", "not_allowed", `did you mean "news"?`},
		{"count=about", "count", "not_allowed", "exact"},
		{"id=5", "id", "invalid", "UUID"},
		{"published_from=yesterday", "published_from", "invalid_time", "RFC 3339"},
		{"published_until=2026-02-30", "published_until", "invalid_time", "RFC 3339"},
		{"updated_from=2026-01-01T00:00:00", "updated_from", "invalid_time", "RFC 3339"},
		{"cursor=nonsense", "cursor", "invalid_cursor", "begin again"},
		{"tag=%00", "tag", "invalid_text", "UTF-8"},
		{"tag=%ff", "tag", "invalid_text", "UTF-8"},
		{"tag=" + strings.Repeat("a,", 100) + "a", "tag", "too_many", "100 are allowed"},
		{"status=draft", "view", "required", "add view=draft"},
		{"trashed=true", "view", "required", "add view=draft"},
	} {
		r := k.Public("GET", "/v1/articles?"+c.query).Do()
		wantProblem(t, r, 400, cms.InvalidParameter, "parameter", c.parameter)
		if code, detail := r.Field("errors.0.code"), fmt.Sprint(r.Field("errors.0.detail")); code != c.code || !strings.Contains(detail, c.hint) {
			t.Errorf("%s: code %v and %q, want %s and %q", c.query, code, detail, c.code, c.hint)
		}
	}
	for _, query := range []string{"a=%zz", "limit=5;page=2", "%"} {
		wantProblem(t, k.Public("GET", "/v1/articles?"+query).Do(), 400, cms.InvalidParameter, "", "")
	}
}

func TestAllWrongParametersAreNamedAtOnce(t *testing.T) {
	t.Parallel()
	r := testkit.New(t).Public("GET", "/v1/articles?limit=0&sort=x&nothing=1").Want(400)
	for _, name := range []string{"limit", "sort", "nothing"} {
		wantProblem(t, r, 400, cms.InvalidParameter, "parameter", name)
	}
	if n := len(r.List("errors")); n != 3 {
		t.Errorf("%d errors, want 3: %s", n, r.Body)
	}
}

func TestLongAddressesAreRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	base := "http://masthead.test/v1/articles?tag="
	wantProblem(t, k.Public("GET", "/v1/articles?tag="+strings.Repeat("a", 16385-len(base))).Do(), 414, "url-too-long", "", "")
	k.Public("GET", "/v1/articles?tag="+strings.Repeat("a", 16384-len(base))).Want(200)
}

func TestLargeHeadersAreRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	wantProblem(t, k.Public("GET", "/v1/articles").Header("Cookie", strings.Repeat("a", 16<<10)).Do(), 431, "headers-too-large", "", "")
	call := k.Public("GET", "/v1/articles")
	for i := range 40 {
		call.Header(fmt.Sprintf("X-Filler-%d", i), strings.Repeat("a", 500))
	}
	wantProblem(t, call.Do(), 431, "headers-too-large", "", "")
	k.Public("GET", "/v1/articles").Header("Cookie", strings.Repeat("a", 15<<10)).Want(200)
}

func TestAProblemSaysWhatItsPageSays(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	for _, r := range []*testkit.Response{
		k.Public("GET", "/v1/articles?x=1").Want(400), k.Public("GET", "/v1/auth/me").Want(401), k.Public("GET", "/nothing").Want(404),
		k.As(cms.Contributor, "POST", "/v1/tags").JSON(`{"name": "x"}`).Want(403), k.Public("PUT", "/v1/articles").Want(405),
		k.As(cms.Editor, "POST", "/v1/tags").JSON(`{"name": "water"}`).Want(409), k.As(cms.Editor, "POST", "/v1/tags").JSON(`{}`).Want(422),
		k.As(cms.Editor, "DELETE", "/v1/articles/"+k.article).If(`"99"`).Want(412), k.As(cms.Editor, "DELETE", "/v1/articles/"+k.article).Want(428),
		k.As(cms.Editor, "POST", "/v1/tags").Bytes("text/plain", []byte("x")).Want(415),
	} {
		page := k.Public("GET", r.Text("type")).Want(200)
		if page.Text("title") != r.Text("title") || page.Field("status") != r.Field("status") {
			t.Errorf("the problem says %s, its page %s", r.Body, page.Body)
		}
		if got := r.Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control is %q", r.Text("type"), got)
		}
		if strings.Contains(r.Text("instance"), "?") || r.Header.Get("X-Request-Id") != r.Text("request_id") {
			t.Errorf("instance or request_id is wrong: %s", r.Body)
		}
	}
}
