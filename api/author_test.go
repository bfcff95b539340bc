package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// authorsAt makes authors of names as the editor and returns their ids.
func authorsAt(k *testkit.Kit, names ...string) []string {
	k.T.Helper()
	ids := make([]string, len(names))
	for i, name := range names {
		r := k.As(cms.Editor, "POST", "/v1/authors").JSON(map[string]any{"name": name}).Want(201)
		ids[i] = r.Text("id")
	}
	return ids
}

// credits is what an article is written with: its authors by slug, each with a role behind a colon.
func credits(written string) []map[string]any {
	list := []map[string]any{}
	for one := range strings.FieldsSeq(written) {
		slug, role, _ := strings.Cut(one, ":")
		credit := map[string]any{"author": slug}
		if role != "" {
			credit["role"] = role
		}
		list = append(list, credit)
	}
	return list
}

// creditsOf returns the authors of an article as credits writes them.
func creditsOf(r *testkit.Response) string {
	var list []string
	for _, row := range r.List("authors") {
		credit := row.(map[string]any)
		list = append(list, credit["slug"].(string)+":"+credit["role"].(string))
	}
	return strings.Join(list, " ")
}

func TestArticlesHaveAuthorsInOrderWithTheirRoles(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	authorsAt(k, "Ada", "Ben", "Cyd")
	publish := func(title, written string) string {
		k.Clock.Move(1e9)
		return k.Published(map[string]any{
			"title": title, "body": "B", "authors": credits(written),
		}).Text("id")
	}
	a := publish("a", "ben:photographer ada")
	b := publish("b", "ada:editor cyd:reporter")
	publish("c", "")
	for _, view := range []string{"live", "draft"} {
		r := k.As(cms.Editor, "GET", "/v1/articles/"+a+"?view="+view).Want(200)
		if got := creditsOf(r); got != "ben:photographer ada:author" {
			t.Errorf("the %s view has the authors %s", view, got)
		}
	}
	for query, want := range map[string]string{
		"author=ada": "b a", "author=ben,cyd": "b a", "author=nobody": "",
		"filter=authors:cyd": "b", "filter=NOT+authors:*": "c",
		"q=ada&sort=-published_at": "b a", "author=ada&sort=title": "a b",
	} {
		if got := titlesIn(k, query); got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
	r := k.Public("GET", "/v1/articles?facets=author").Want(200)
	if got := facet(r, "author"); got != "ada=Ada:2 ben=Ben:1 cyd=Cyd:1" {
		t.Errorf("the facet is %s", got)
	}
	r = k.Public("GET", "/v1/articles/"+b+"/related").Want(200)
	if got := r.Text("data.0.title") + " " + r.Text("data.0.reasons.0"); got != "a author:ada" {
		t.Errorf("related is %s", got)
	}
	r = k.Public("GET", "/v1/suggest?q=ad").Want(200)
	if r.Text("data.0.kind") != "author" || r.Text("data.0.slug") != "ada" {
		t.Errorf("suggested is %s", r.Body)
	}
	if got := k.Public("GET", "/v1/authors/ada").Want(200).Field("article_count"); got != 2.0 {
		t.Errorf("the author has %v articles", got)
	}
	for body, code := range map[string]string{
		`[{"author": "nobody"}]`:                                   "unknown",
		`[{"author": "ada"}, {"author": "ada", "role": "editor"}]`: "repeated",
		`[{"author": "ada", "role": "king"}]`:                      "not_allowed",
	} {
		r := k.As(cms.Editor, "POST", "/v1/articles").
			JSON(`{"title": "T", "authors": ` + body + `}`).Want(422)
		if got := r.Text("errors.0.code"); got != code {
			t.Errorf("%s is %s, want %s", body, got, code)
		}
	}
}

func TestABylineIsWrittenOrMadeOfTheAuthors(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	authorsAt(k, "Ada", "Ben", "Cyd", "Dan")
	for _, c := range []struct{ locale, authors, byline, want string }{
		{"en", "ada ben:reporter cyd:contributor dan:photographer", "", "Ada, Ben and Cyd"},
		{"en-GB", "ada ben", "", "Ada and Ben"},
		{"ar", "ada ben cyd", "", "Ada وBen وCyd"},
		{"de", "ada ben", "", "Ada und Ben"},
		{"mt", "ada ben", "", "Ada, Ben"},
		{"en", "ada", "By the desk", "By the desk"},
		{"en", "dan:photographer", "", ""},
	} {
		r := k.Published(map[string]any{
			"title": "T", "body": "B", "locale": c.locale, "byline": c.byline,
			"authors": credits(c.authors),
		})
		var want, written any
		if c.want != "" {
			want = c.want
		}
		if c.byline != "" {
			written = c.byline
		}
		live := k.Public("GET", "/v1/articles/"+r.Text("id")).Want(200)
		draft := k.As(cms.Editor, "GET", "/v1/articles/"+r.Text("id")+"?view=draft").Want(200)
		if live.Field("byline") != want || draft.Field("byline_shown") != want ||
			draft.Field("byline") != written {
			t.Errorf("%s %s: readers get %v, editors %v and %v", c.locale, c.authors,
				live.Field("byline"), draft.Field("byline"), draft.Field("byline_shown"))
		}
	}
}

func TestAnAuthorIsRenamedMergedAndDeletedWithNoArticleTouched(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	ids := authorsAt(k, "Ada", "Ben", "Cyd")
	article := k.Published(map[string]any{
		"title": "T", "body": "B", "authors": credits("ada:editor ben"),
	}).Text("id")
	path := "/v1/articles/" + article
	shows := func(byline, authors string) {
		t.Helper()
		for range 2 { // the second is cached
			r := k.Public("GET", path).Want(200)
			if got := creditsOf(r); r.Text("byline") != byline || got != authors {
				t.Errorf("it is by %s, %s", r.Text("byline"), got)
			}
		}
	}
	shows("Ben", "ada:editor ben:author")
	k.As(cms.Editor, "PATCH", "/v1/authors/"+ids[1]).JSON(`{"name": "Benjamin"}`).Want(200)
	shows("Benjamin", "ada:editor ben:author")
	k.As(cms.Editor, "DELETE", "/v1/authors/"+ids[1]).Want(409)
	k.As(cms.Editor, "POST", "/v1/authors/"+ids[1]+"/merge").If(`"99"`).JSON(`{"into": "cyd"}`).Want(412)
	k.As(cms.Editor, "POST", "/v1/authors/"+ids[1]+"/merge").JSON(`{"into": "cyd"}`).Want(200)
	shows("Cyd", "ada:editor cyd:author")
	if got := k.Public("GET", "/v1/authors/ben").Want(308).Header.Get("Location"); got != "/v1/authors/cyd" {
		t.Errorf("the merged author leads to %s", got)
	}
	for _, call := range []*testkit.Call{
		k.Public("GET", "/v1/authors/"+ids[1]+"?view=live"), k.Public("HEAD", "/v1/authors/"+ids[1]+"?view=live"),
		k.As(cms.Editor, "GET", "/v1/authors/"+ids[1]+"?view=draft"),
	} {
		r := call.Want(308)
		if got := r.Header.Get("Location"); !strings.HasPrefix(got, "/v1/authors/cyd?view=") {
			t.Errorf("the id of the merged author leads to %s", got)
		}
	}
	k.Public("GET", "/v1/authors/"+ids[1]+"?view=draft").Want(401)
	if got := titlesIn(k, "author="+ids[1]); got != "T" {
		t.Errorf("the id of the merged author finds %q", got)
	}
	k.As(cms.Editor, "DELETE", "/v1/authors/"+ids[0]+"?into=cyd").Want(204) // both are authors of it
	r := k.As(cms.Editor, "GET", path+"?view=draft").Want(200)
	if got := creditsOf(r); got != "cyd:editor" || r.Field("has_unpublished_changes") != false {
		t.Errorf("the working copy has %s: %s", got, r.Body)
	}
	live := k.Public("GET", path).Want(200)
	if got := creditsOf(live); got != "cyd:editor" {
		t.Errorf("readers see %s", got)
	}
	if got := k.Public("GET", "/v1/authors/cyd").Want(200).Field("article_count"); got != 1.0 {
		t.Errorf("the author has %v articles", got)
	}
	k.As(cms.Admin, "DELETE", path+"?permanent=true").If("*").Want(204)
	k.As(cms.Editor, "DELETE", "/v1/authors/"+ids[2]).Want(204)
}

func TestAnAuthorHasABioLinksAndAUser(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	r := k.As(cms.Editor, "POST", "/v1/authors").JSON(`{
		"name": "Ada", "bio": "Writes on *water*.<script>x</script>", "job_title": "Correspondent",
		"links": [{"name": "Home", "url": "https://example.org/ada"}],
		"same_as": ["https://www.wikidata.org/wiki/Q7259"]
	}`).Want(201)
	if got := r.Text("bio_html"); got != "<p>Writes on <em>water</em>.</p>" {
		t.Errorf("the bio is %q", got)
	}
	live := k.Public("GET", "/v1/authors/ada").Want(200)
	if live.Text("links.0.url") != "https://example.org/ada" || live.Text("job_title") != "Correspondent" ||
		live.Text("same_as.0") != "https://www.wikidata.org/wiki/Q7259" {
		t.Errorf("the author is %s", live.Body)
	}
	k.As(cms.Editor, "PATCH", "/v1/authors/"+r.Text("id")).
		JSON(`{"links": [{"name": "x", "url": "javascript:x"}]}`).Want(422)
	k.As(cms.Editor, "PATCH", "/v1/authors/"+r.Text("id")).
		JSON(`{"user": "019cd8c2-5a00-7c3e-8f00-3f9f3c1d2aff"}`).Want(422)
	k.As(cms.Author, "POST", "/v1/authors").JSON(`{"name": "Ben"}`).Want(403)
}

func TestOnlyEditorsSeeWhoAnAuthorIs(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	user := k.As(cms.Author, "GET", "/v1/auth/me").Want(200).Text("id")
	path := "/v1/authors/" + authorsAt(k, "Ada")[0]
	r := k.As(cms.Editor, "GET", path+"?view=draft").Want(200)
	if got, there := r.Object()["user"]; got != nil || !there {
		t.Errorf("the user of nobody is %v", got)
	}
	r = k.As(cms.Editor, "PATCH", path).JSON(fmt.Sprintf(`{"user": %q}`, user)).Want(200)
	if got := r.Field("user"); got != user {
		t.Errorf("after a change the user is %v", got)
	}
	r = k.As(cms.Contributor, "GET", "/v1/authors?view=draft&fields=user").Want(200)
	if got := r.Field("data.0.user"); got != user {
		t.Errorf("the list has the user %v", got)
	}
	for _, target := range []string{path, "/v1/authors"} {
		if r := k.As(cms.Admin, "GET", target).Want(200); strings.Contains(string(r.Body), "user") {
			t.Errorf("%s shows %s", target, r.Body)
		}
	}
	r = k.Public("GET", "/v1/authors?fields=user").Do()
	wantProblem(t, r, 400, cms.InvalidParameter, "parameter", "fields")
}
