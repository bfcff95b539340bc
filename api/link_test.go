package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func linksPath(article string) string { return articlePath(article) + "/related-links" }

func linkPath(id string) string { return "/v1/related-links/" + id }

// addLink adds a link to a page elsewhere, which has its title as path, with what is given on top.
func addLink(k *testkit.Kit, article, title string, more map[string]any) *testkit.Response {
	k.T.Helper()
	link := map[string]any{"title": title, "url": "https://example.org/" + title}
	for name, v := range more {
		link[name] = v
	}
	return k.As(cms.Editor, "POST", linksPath(article)).JSON(link).Want(201)
}

// pointTo adds a link to an article here.
func pointTo(k *testkit.Kit, article, target string) *testkit.Response {
	k.T.Helper()
	return k.As(cms.Editor, "POST", linksPath(article)).JSON(map[string]any{"article_id": target}).Want(201)
}

// titles are the titles of an article's links in a view, with their positions.
func titles(k *testkit.Kit, article, view string) string {
	k.T.Helper()
	var out []string
	for _, row := range k.As(cms.Author, "GET", linksPath(article)+"?view="+view).Want(200).List("data") {
		row := row.(map[string]any)
		out = append(out, fmt.Sprint(row["position"], row["title"]))
	}
	return strings.Join(out, " ")
}

func TestALinkHasEveryField(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	target := k.Published(map[string]any{"title": "The target"})
	from := k.Published(map[string]any{"title": "From"})
	outside := addLink(k, from.Text("id"), "a", map[string]any{"rel": "background", "source": "UNESCO", "note": "A map.", "url": "https://EXAMPLE.org:8443/a?b=c#d"})
	inside := pointTo(k, from.Text("id"), "the-target")
	ref := func(r *testkit.Response) map[string]any {
		return map[string]any{"id": r.Field("id"), "slug": r.Field("slug"), "title": r.Field("title"), "url": r.Field("url"), "published_at": r.Field("published_at")}
	}
	want := map[string]any{
		"id": outside.Field("id"), "position": 1.0, "rel": "background", "title": "a", "url": "https://EXAMPLE.org:8443/a?b=c#d",
		"source": "UNESCO", "note": "A map.", "article": nil, "from": ref(from),
	}
	if diff := cmp.Diff(want, outside.Object()); diff != "" {
		t.Errorf("a link elsewhere (-want +got):\n%s", diff)
	}
	wantInside := map[string]any{
		"id": inside.Field("id"), "position": 2.0, "rel": "related", "title": "The target", "url": target.Field("url"),
		"source": nil, "note": nil, "article": ref(target), "from": ref(from),
	}
	if diff := cmp.Diff(wantInside, inside.Object()); diff != "" {
		t.Errorf("a link to an article here (-want +got):\n%s", diff)
	}
	if got := inside.Header.Get("Location"); got != linkPath(inside.Text("id")) || inside.ETag() != `"1"` {
		t.Errorf("headers of a new link: %v", inside.Header)
	}
	for _, view := range []string{"", "?view=draft"} {
		if diff := cmp.Diff(wantInside, k.As(cms.Author, "GET", linkPath(inside.Text("id"))+view).Want(200).Object()); diff != "" {
			t.Errorf("flat%s (-want +got):\n%s", view, diff)
		}
		nested := k.As(cms.Author, "GET", linksPath(from.Text("id"))+view).Want(200)
		delete(want, "from")
		if diff := cmp.Diff(want, nested.Field("data.0")); diff != "" {
			t.Errorf("nested%s (-want +got):\n%s", view, diff)
		}
		shown := k.As(cms.Author, "GET", articlePath(from.Text("id"))+view).Want(200)
		if diff := cmp.Diff(nested.Field("data"), shown.Field("related_links")); diff != "" {
			t.Errorf("in the article%s (-want +got):\n%s", view, diff)
		}
	}
}

func TestLinksAreInsertedMovedAndRemoved(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	want := func(order string) {
		t.Helper()
		if got := titles(k, id, "draft"); got != order {
			t.Errorf("order %q, want %q", got, order)
		}
	}
	a, b := addLink(k, id, "a", nil).Text("id"), addLink(k, id, "b", nil).Text("id")
	addLink(k, id, "c", map[string]any{"position": 1})
	want("1c 2a 3b")
	addLink(k, id, "d", map[string]any{"position": 2})
	want("1c 2d 3a 4b")
	if got := addLink(k, id, "e", map[string]any{"position": 99}).Field("position"); got != 5.0 {
		t.Errorf("beyond the end is %v", got)
	}
	move := func(link string, position int) {
		t.Helper()
		k.As(cms.Editor, "PATCH", linkPath(link)).JSON(map[string]any{"position": position}).Want(200)
	}
	move(b, 1)
	want("1b 2c 3d 4a 5e")
	move(b, 3)
	want("1c 2d 3b 4a 5e")
	move(a, 50)
	want("1c 2d 3b 4e 5a")
	k.As(cms.Editor, "PATCH", linkPath(b)).JSON(`{"note": "N", "position": null}`).Want(200)
	want("1c 2d 3b 4e 5a")
	k.As(cms.Editor, "DELETE", linkPath(b)).Want(204)
	want("1c 2d 3e 4a")
	k.As(cms.Editor, "DELETE", linkPath(b)).Want(404)
	for _, position := range []any{0, -1} {
		r := k.As(cms.Editor, "POST", linksPath(id)).JSON(map[string]any{"title": "x", "url": "https://example.org", "position": position}).Want(422)
		wantErrors(t, r, "/position out_of_range")
		wantErrors(t, k.As(cms.Editor, "PATCH", linkPath(a)).JSON(map[string]any{"position": position}).Want(422), "/position out_of_range")
	}
	want("1c 2d 3e 4a")
}

func TestReplacingLinksKeepsThoseThatAreNamed(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	a, b := addLink(k, id, "a", nil).Text("id"), addLink(k, id, "b", nil).Text("id")
	put := func(data string) *testkit.Call {
		return k.As(cms.Editor, "PUT", linksPath(id)).JSON(`{"data": [` + data + `]}`)
	}
	entry := func(id, title string) string {
		return fmt.Sprintf(`{"id": %q, "title": %q, "url": "https://example.org/%s"}`, id, title, title)
	}
	r := put(entry(b, "b") + `, {"title": "c", "url": "https://example.org/c"},` + entry(a, "z")).Want(200)
	if r.Text("data.0.id") != b || r.Text("data.2.id") != a || r.Text("data.2.title") != "z" || r.ETag() != `"4"` {
		t.Errorf("replaced: %s %s", r.ETag(), r.Body)
	}
	if got := titles(k, id, "draft"); got != "1b 2c 3z" {
		t.Errorf("order %q", got)
	}
	c := r.Text("data.1.id")
	if again := put(entry(b, "b") + "," + entry(c, "c") + "," + entry(a, "z")).Want(200); again.ETag() != `"4"` {
		t.Errorf("replacing with the same raised the version to %s", again.ETag())
	}
	other := addLink(k, k.Draft(nil).Text("id"), "o", nil).Text("id")
	for data, want := range map[string]string{
		entry(other, "o"): "/data/0/id unknown", entry(a, "a") + "," + entry(a, "a"): "/data/1/id repeated",
		entry("x", "a"): "/data/0/id invalid", `{"title": "a"}`: "/data/0/url required",
		entry(a, "a") + `, {"url": "https://example.org"}`: "/data/1/title required", `{"article_id": "none"}`: "/data/0/article_id unknown",
		`{"position": 1, "title": "a", "url": "https://example.org"}`: "/data/0/position unknown",
	} {
		wantErrors(t, put(data).Want(422), want)
	}
	if got := titles(k, id, "draft"); got != "1b 2c 3z" {
		t.Errorf("a refused replacement changed the links to %q", got)
	}
	put("").Want(200)
	if got := titles(k, id, "draft"); got != "" {
		t.Errorf("links are left: %q", got)
	}
}

func TestReadersSeeAChangeOfLinksAtOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	published := k.Published(nil)
	id := published.Text("id")
	before := k.Public("GET", articlePath(id)).Want(200)
	k.Clock.Move(time.Hour)
	link := addLink(k, id, "a", nil).Text("id")
	if got := titles(k, id, "live"); got != "1a" {
		t.Errorf("readers see %q", got)
	}
	after := k.Public("GET", articlePath(id)).Want(200)
	if after.ETag() == before.ETag() || after.Field("edition") != 1.0 || after.Field("updated_at") != before.Field("updated_at") {
		t.Errorf("the article with a link: %s", after.Body)
	}
	k.As(cms.Editor, "PATCH", linkPath(link)).JSON(`{"title": "b"}`).Want(200)
	if got := titles(k, id, "live"); got != "1b" {
		t.Errorf("readers see %q", got)
	}
	if d := draftView(k, id); d.ETag() != `"4"` || d.Field("has_unpublished_changes") != false {
		t.Errorf("the draft after two changes of links: %s %s", d.ETag(), d.Body)
	}
	k.As(cms.Editor, "PATCH", articlePath(id)).If(published.ETag()).JSON(`{"kicker": "K"}`).Want(412)
	k.As(cms.Editor, "DELETE", linkPath(link)).Want(204)
	if again := k.Public("GET", articlePath(id)).Want(200); again.ETag() != before.ETag() {
		t.Errorf("the article without the link is another: %s", again.Body)
	}
}

func TestALinkFollowsItsTarget(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(nil).Text("id")
	target := k.Draft(map[string]any{"title": "Target"}).Text("id")
	addLink(k, id, "a", nil)
	link := pointTo(k, id, target).Text("id")
	addLink(k, id, "z", nil)
	want := func(step, draft, live string) {
		t.Helper()
		if got := titles(k, id, "draft"); got != draft {
			t.Errorf("%s: editors see %q, want %q", step, got, draft)
		}
		if got := titles(k, id, "live"); got != live {
			t.Errorf("%s: readers see %q, want %q", step, got, live)
		}
		seen := strings.Count(live, " ") == 2
		status := map[bool]int{true: 200, false: 404}[seen]
		k.Public("GET", linkPath(link)).Want(status)
		shown := k.Public("GET", articlePath(id)).Want(200)
		if (len(shown.List("related_links")) == 3) != seen {
			t.Errorf("%s: the article shows %v", step, shown.Field("related_links"))
		}
	}
	want("target a draft", "1a 2Target 3z", "1a 2z")
	k.Publish(target)
	want("target live", "1a 2Target 3z", "1a 2Target 3z")
	revise(k, target, `{"title": "New", "slug": "new"}`)
	want("target revised", "1a 2New 3z", "1a 2Target 3z")
	k.Publish(target)
	want("target published again", "1a 2New 3z", "1a 2New 3z")
	if got := k.Public("GET", linkPath(link)).Want(200); got.Field("url") != "https://news.example.org/articles/new" || got.Field("article.slug") != "new" {
		t.Errorf("the link does not follow the slug: %s", got.Body)
	}
	verb(k, target, "withdraw")
	want("target withdrawn", "1a 2New 3z", "1a 2z")
	k.Publish(target)
	want("target back", "1a 2New 3z", "1a 2New 3z")
	trash(k, target)
	want("target in the trash", "1a 2New 3z", "1a 2z")
	version := draftView(k, id).Field("version").(float64)
	k.As(cms.Admin, "DELETE", articlePath(target)+"?permanent=true").If("*").Want(204)
	want("target gone", "1a 2z", "1a 2z")
	k.As(cms.Editor, "GET", linkPath(link)+"?view=draft").Want(404)
	if got := draftView(k, id).Field("version"); got != version+1 {
		t.Errorf("losing a link left the version at %v", got)
	}
}

func TestLinksOfAnArticleVanishWithIt(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	link := addLink(k, id, "a", nil).Text("id")
	seen := func(want int) {
		t.Helper()
		k.Public("GET", linkPath(link)).Want(want)
		k.Public("GET", linksPath(id)).Want(want)
		n := len(k.Public("GET", "/v1/related-links").Want(200).List("data"))
		if (n == 1) != (want == 200) {
			t.Errorf("the flat list has %d rows", n)
		}
	}
	seen(404)
	k.Publish(id)
	seen(200)
	verb(k, id, "withdraw")
	seen(404)
	k.Publish(id)
	trash(k, id)
	seen(404)
	for _, c := range []*testkit.Call{
		k.As(cms.Editor, "PATCH", linkPath(link)).JSON(`{"note": "N"}`), k.As(cms.Editor, "DELETE", linkPath(link)),
		k.As(cms.Editor, "PUT", linksPath(id)).JSON(`{"data": []}`),
	} {
		c.Want(409)
	}
	verb(k, id, "restore")
	k.Publish(id)
	seen(200)
}

func TestLinksThatBreakARule(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	k.Draft(map[string]any{"title": "Target"})
	for body, want := range map[string]string{
		`{}`:                                   "/url required",
		`{"title": "t"}`:                       "/url required",
		`{"url": "https://example.org"}`:       "/title required",
		`{"url": "ftp://a.b/c", "title": "t"}`: "/url invalid_url",
		`{"url": "javascript:alert(1)", "title": "t"}`:                                                  "/url invalid_url",
		`{"url": "/here", "title": "t"}`:                                                                "/url invalid_url",
		`{"url": "https://", "title": "t"}`:                                                             "/url invalid_url",
		`{"url": "https://u:p@example.org/", "title": "t"}`:                                             "/url invalid_url",
		`{"url": "https://example.org/a b", "title": "t"}`:                                              "/url invalid_url",
		`{"url": "https://example.org/` + strings.Repeat("a", 2048) + `", "title": "t"}`:                "/url too_long",
		`{"url": "https://example.org", "title": "t", "article_id": "target"}`:                          "/url not_allowed",
		`{"title": "t", "article_id": "target"}`:                                                        "/title not_allowed",
		`{"article_id": "nowhere"}`:                                                                     "/article_id unknown",
		`{"article_id": "` + nothing + `"}`:                                                             "/article_id unknown",
		`{"article_id": "` + id + `"}`:                                                                  "/article_id not_allowed",
		`{"article_id": "the-river-rises"}`:                                                             "/article_id not_allowed",
		`{"article_id": "target", "rel": "friend"}`:                                                     "/rel not_allowed",
		`{"url": "https://example.org", "title": "` + strings.Repeat("t", 301) + `"}`:                   "/title too_long",
		`{"url": "https://example.org", "title": "t", "note": "` + strings.Repeat("t", 1001) + `"}`:     "/note too_long",
		`{"url": "https://example.org", "title": "t", "source": "` + strings.Repeat("t", 201) + `"}`:    "/source too_long",
		`{"url": "https://example.org", "title": "t", "article": "target"}`:                             "/article unknown",
		`{"url": "https://example.org", "title": " "}`:                                                  "/title required",
		`{"url": "https://example.org", "title": "t", "source": "two\nlines"}`:                          "/source line_break",
		`{"url": "https://example.org", "title": "t", "position": "first"}`:                             "/position wrong_type",
		`{"url": "https://example.org", "title": "t", "rel": "source", "id": "` + nothing + `"}`:        "/id unknown",
		`{"url": "https://example.org", "title": "t", "rel": "follow_up", "target": "the-river-rises"}`: "/target unknown",
	} {
		wantErrors(t, k.As(cms.Editor, "POST", linksPath(id)).JSON(body).Want(422), want)
	}
	if d := draftView(k, id); d.ETag() != `"1"` || len(d.List("related_links")) > 0 {
		t.Errorf("a refused link changed the article: %s", d.Body)
	}
}

func TestAnArticleHasAHundredLinksAtMost(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	list := func(n int) string {
		entries := make([]string, n)
		for i := range entries {
			entries[i] = fmt.Sprintf(`{"url": "https://example.org/%d", "title": "t"}`, i)
		}
		return `{"data": [` + strings.Join(entries, ",") + `]}`
	}
	k.As(cms.Editor, "PUT", linksPath(id)).JSON(list(101)).Want(422)
	k.As(cms.Editor, "PUT", linksPath(id)).JSON(list(100)).Want(200)
	k.As(cms.Editor, "POST", linksPath(id)).JSON(`{"url": "https://example.org", "title": "t"}`).Want(422)
	if got := len(draftView(k, id).List("related_links")); got != 100 {
		t.Errorf("%d links", got)
	}
}

func TestAnArticleHasOneLinkToEachAddress(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	target := k.Draft(map[string]any{"title": "Target", "slug": "target"}).Text("id")
	k.As(cms.Editor, "PATCH", articlePath(target)).If("*").JSON(`{"slug": "new-slug"}`).Want(200)
	first := addLink(k, id, "a", nil).Text("id")
	second := pointTo(k, id, "target").Text("id")
	post := func(body string, code int, want string) {
		t.Helper()
		wantErrors(t, k.As(cms.Editor, "POST", linksPath(id)).JSON(body).Want(code), want)
	}
	post(`{"url": "HTTPS://Example.org/a", "title": "Again", "rel": "source"}`, 409, "/url repeated")
	post(`{"url": "https://example.org:443/a", "title": "Again"}`, 409, "/url repeated")
	post(`{"article_id": "new-slug"}`, 409, "/article_id repeated")
	patch := func(body string, code int) *testkit.Response {
		return k.As(cms.Editor, "PATCH", linkPath(second)).JSON(body).Want(code)
	}
	r := patch(`{"article_id": null, "url": "https://example.org/a", "title": "A"}`, 409)
	wantErrors(t, r, "/url repeated")
	if !strings.Contains(string(r.Body), first) {
		t.Errorf("the problem does not name the link that there is: %s", r.Body)
	}
	patch(`{"note": "The same link, changed."}`, 200)
	addLink(k, id, "b", map[string]any{"url": "https://example.org/a#part"})

	put := func(data string, code int) *testkit.Response {
		return k.As(cms.Editor, "PUT", linksPath(id)).JSON(`{"data": [` + data + `]}`).Want(code)
	}
	r = put(`{"url": "https://a.example", "title": "A"}, {"id": "`+first+`"}, {"url": "https://a.example/", "title": "B"}`, 422)
	wantErrors(t, r, "/data/2/url repeated")
	r = put(`{"article_id": "target"}, {"article_id": "`+target+`"}`, 422)
	wantErrors(t, r, "/data/1/article_id repeated")
	if got := titles(k, id, "draft"); got != "1a 2Target 3b" {
		t.Errorf("refused links changed others: %s", got)
	}
	put(`{"id": "`+second+`"}, {"id": "`+first+`"}`, 200)
}

func TestTitlesOfLinksAreTrimmed(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	r := addLink(k, id, "a", map[string]any{"title": " A  title\u00a0\t", "source": " S "})
	if r.Text("title") != "A  title" || r.Text("source") != "S" {
		t.Errorf("title %q, source %q", r.Text("title"), r.Text("source"))
	}
	k.As(cms.Editor, "PUT", linksPath(id)).JSON(`{"data": [{"url": "https://a.example", "title": " B "}]}`).Want(200)
	if got := titles(k, id, "draft"); got != "1B" {
		t.Errorf("replaced by %q", got)
	}
}

func TestIfMatchOfLinksIsHonoured(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	article := k.Draft(nil)
	id := article.Text("id")
	first := addLink(k, id, "a", nil)
	path := linkPath(first.Text("id"))
	second := k.As(cms.Editor, "PATCH", path).If(first.ETag()).JSON(`{"note": "N"}`).Want(200)
	if second.ETag() != `"2"` || k.As(cms.Author, "GET", path+"?view=draft").Want(200).ETag() != `"2"` {
		t.Errorf("ETag %s after a change", second.ETag())
	}
	for _, c := range []*testkit.Call{
		k.As(cms.Editor, "PATCH", path).JSON(`{"note": "M"}`), k.As(cms.Editor, "DELETE", path),
	} {
		if r := c.If(first.ETag()).Want(412); r.ETag() != `"2"` {
			t.Errorf("412 carries %s", r.ETag())
		}
	}
	for _, c := range []*testkit.Call{
		k.As(cms.Editor, "POST", linksPath(id)).JSON(`{"url": "https://example.org", "title": "t"}`),
		k.As(cms.Editor, "PUT", linksPath(id)).JSON(`{"data": []}`),
	} {
		if r := c.If(article.ETag()).Want(412); r.ETag() != `"3"` || r.Field("changed_fields.0") != "related_links" {
			t.Errorf("412 of the article's links: %s %s", r.ETag(), r.Body)
		}
	}
	k.As(cms.Editor, "POST", linksPath(id)).If(`"3"`).JSON(`{"url": "https://example.org", "title": "t", "position": 1}`).Want(201)
	if got := k.As(cms.Author, "GET", linksPath(id)+"?view=draft").Want(200).ETag(); got != draftView(k, id).ETag() {
		t.Errorf("the list of links carries %s, the article has %s", got, draftView(k, id).ETag())
	}
	k.As(cms.Editor, "DELETE", path).If("*").Want(204)
}

func TestTheFlatCollectionOfLinks(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	one, two := k.Published(map[string]any{"title": "One"}).Text("id"), k.Published(map[string]any{"title": "Two"}).Text("id")
	draft := k.Draft(map[string]any{"title": "Hidden"}).Text("id")
	a := addLink(k, one, "a", nil).Text("id")
	b := addLink(k, two, "b", map[string]any{"url": "http://NEWS.example.com:8080/b"}).Text("id")
	c := pointTo(k, one, two).Text("id")
	d := pointTo(k, draft, two).Text("id")
	e := pointTo(k, one, draft).Text("id")
	for query, want := range map[string][]string{
		"": {c, b, a}, "article=" + one: {c, a}, "article=one": {c, a}, "article=two": {b}, "article=hidden": {}, "article=" + draft: {},
		"target=" + two: {c}, "target=two": {c}, "target=" + draft: {}, "target=hidden": {}, "target=none": {}, "article=" + nothing: {},
		"host=example.org": {a}, "host=news.EXAMPLE.com": {b}, "host=example.com": {}, "host=news.example.com:8080": {},
		"article=one&target=two": {c}, "article=one&host=example.org": {a}, "limit=1": {c},
	} {
		wantIDs(t, k.Public("GET", "/v1/related-links?"+query), want...)
	}
	for query, want := range map[string][]string{
		"": {e, d, c, b, a}, "&article=hidden": {d}, "&target=two": {d, c}, "&target=" + draft: {e},
	} {
		wantIDs(t, k.As(cms.Contributor, "GET", "/v1/related-links?view=draft"+query), want...)
	}
	if got := k.Public("GET", "/v1/related-links?limit=1").Want(200).Text("data.0.from.slug"); got != "one" {
		t.Errorf("a row does not say whose link it is: %q", got)
	}
}

func TestReadersCannotCountTheLinksTheyDoNotSee(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	hidden, id := k.Draft(map[string]any{"title": "Hidden"}).Text("id"), k.Published(nil).Text("id")
	r := k.As(cms.Editor, "PUT", "/v1/articles/"+id+"/related-links").JSON(map[string]any{"data": []any{
		map[string]any{"article_id": hidden}, map[string]any{"title": "A page", "url": "https://example.org/"},
	}}).Want(200)
	link := r.Text("data.1.id")
	for target, path := range map[string]string{
		"/v1/articles/" + id: "related_links.0.position", "/v1/articles/" + id + "/related-links": "data.0.position",
		"/v1/related-links": "data.0.position", "/v1/related-links/" + link: "position",
	} {
		if got := k.Public("GET", target).Want(200).Field(path); got != 1.0 {
			t.Errorf("%s: the link stands at %v for readers", target, got)
		}
	}
	if got := k.As(cms.Editor, "GET", "/v1/related-links/"+link+"?view=draft").Want(200).Field("position"); got != 2.0 {
		t.Errorf("the link stands at %v for editors", got)
	}
	kept := k.As(cms.Editor, "PUT", "/v1/articles/"+id+"/related-links").JSON(map[string]any{"data": []any{
		map[string]any{"id": link}, map[string]any{"id": r.Text("data.0.id")},
	}}).Want(200)
	if kept.Text("data.0.title") != "A page" || kept.Field("data.1.article.id") != hidden {
		t.Errorf("entries with nothing but an id do not keep their links: %s", kept.Body)
	}
}
