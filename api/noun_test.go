package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// plainNoun is a plain noun as tests meet it: it is made of one text alone.
type plainNoun struct {
	word string // as the ids of its operations have it
	list string // the path of its list
	made string // the field that it is made of
	text string // a field with a text that can be changed
}

// plainNouns are the plain nouns. What is tested of every call is tested of those of each noun here.
var plainNouns = []plainNoun{
	{"Tag", "/v1/tags", "name", "description"},
	{"Section", "/v1/sections", "name", "description"},
	{"Author", "/v1/authors", "name", "bio"},
	{"Alert", "/v1/alerts", "text", "text"},
	{"Collection", "/v1/collections", "name", "description"},
	{"Front", "/v1/fronts", "name", "name"},
	{"Redirect", "/v1/redirects", "note", "note"},
}

// mediumNoun is media as tests meet them: one is made of a file, so not all that is tested of plain
// nouns is of them.
var mediumNoun = plainNoun{"Medium", "/v1/media", "title", "title"}

// slugged reports whether the noun has slugs: what has a name does.
func (n plainNoun) slugged() bool { return n.made == "name" }

// field returns a body with one field.
func field(name, text string) string { return fmt.Sprintf("{%q: %q}", name, text) }

// body returns what a noun is made of, with a text. A redirect leads from a path of its own.
func (n plainNoun) body(text string) string {
	if n.word == "Redirect" {
		return fmt.Sprintf(`{"from": "/of-old/%s", "to": "https://example.org/", "note": %q}`,
			strings.ToLower(url.PathEscape(text)), text)
	}
	return field(n.made, text)
}

// nounAt returns the plain noun whose calls a path begins like.
func nounAt(path string) (noun plainNoun, ok bool) {
	if strings.HasPrefix(path, uploads) {
		return plainNoun{}, false
	}
	for _, n := range append([]plainNoun{mediumNoun}, plainNouns...) {
		if path == n.list || strings.HasPrefix(path, n.list+"/") {
			return n, true
		}
	}
	return plainNoun{}, false
}

// create creates a noun as the editor and returns its id.
func (n plainNoun) create(k *testkit.Kit, name string) string {
	k.T.Helper()
	if n == mediumNoun {
		return n.createAs(k, cms.Editor, name)
	}
	return k.As(cms.Editor, "POST", n.list).JSON(n.body(name)).Want(201).Text("id")
}

// createAs creates a medium as somebody of a role and returns its id.
func (n plainNoun) createAs(k *testkit.Kit, role cms.Role, title string) string {
	k.T.Helper()
	return k.As(role, "POST", n.list).Form("a.jpg", testkit.Picture(k.T, 20, 10, 7),
		map[string]string{"title": title, "alt": "A"}).Want(201).Text("id")
}

// withFile gives a call a file if it takes one.
func withFile(k *testkit.Kit, call *testkit.Call, method, path string) *testkit.Call {
	k.T.Helper()
	if path == mediumNoun.list+"/import" {
		call.JSON(field("url", picturesOnTheWeb(k)))
	}
	if (method == "POST" && path == mediumNoun.list) || strings.HasSuffix(path, "/file") {
		call.Form("b.jpg", testkit.Picture(k.T, 20, 10, 8), nil)
	}
	switch {
	case method == "POST" && path == uploads:
		call.Header("Upload-Length", "10")
	case method == "PATCH" && strings.HasPrefix(path, uploads):
		call.Header("Upload-Offset", "0").Bytes(pieces, []byte("x"))
	}
	return call
}

// picturesOnTheWeb serves a picture where the kit may call, and returns its address.
func picturesOnTheWeb(k *testkit.Kit) string {
	k.T.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(testkit.Picture(k.T, 20, 10, 9))
	}))
	k.T.Cleanup(s.Close)
	return s.URL + "/bend.jpg"
}

// withItem puts the id of a new item of a collection in place of {item} in a path.
func withItem(k *testkit.Kit, path, collection string) string {
	k.T.Helper()
	if !strings.Contains(path, "{item}") {
		return path
	}
	item := addItem(k, "/v1/collections/"+collection, `{"url": "https://example.org/item", "title": "T"}`)
	return strings.ReplaceAll(path, "{item}", item)
}

// eachNoun runs a test for each plain noun.
func eachNoun(t *testing.T, test func(t *testing.T, k *testkit.Kit, n plainNoun)) {
	t.Helper()
	for _, n := range plainNouns {
		t.Run(n.word, func(t *testing.T) {
			t.Parallel()
			test(t, testkit.New(t), n)
		})
	}
}

func TestChangesOfNounsAreRefusedAlike(t *testing.T) {
	t.Parallel()
	eachNoun(t, func(t *testing.T, k *testkit.Kit, n plainNoun) {
		asia := n.list + "/" + n.create(k, "Asia")
		n.create(k, "Europe")
		unknown := n.list + "/019cd8c2-5a00-7c3e-8f00-3f9f3c1d2aff"
		for _, method := range []string{"PATCH", "DELETE"} {
			for _, c := range []struct {
				call *testkit.Call
				want int
				code cms.Code
			}{
				{k.As(cms.Editor, method, unknown), 404, cms.NotFound},
				{k.As(cms.Editor, method, asia).If(`"99"`), 412, cms.VersionMismatch},
				{k.As(cms.Contributor, method, asia), 403, cms.Forbidden},
				{k.Public(method, asia), 401, cms.Unauthenticated},
			} {
				if method == "PATCH" {
					c.call.JSON(field(n.text, "D"))
				}
				wantProblem(t, c.call.Do(), c.want, c.code, "", "")
			}
		}
		if !n.slugged() {
			return
		}
		r := k.As(cms.Editor, "PATCH", asia).JSON(`{"slug": "europe"}`).Do()
		wantProblem(t, r, 409, cms.Duplicate, "pointer", "/slug")
		r = k.As(cms.Editor, "POST", n.list).JSON(`{"name": "Other", "slug": "europe"}`).Do()
		wantProblem(t, r, 409, cms.Duplicate, "pointer", "/slug")
	})
}

// haveSlugs changes the slug of a noun that is called Asia.
func (n plainNoun) haveSlugs(k *testkit.Kit, id, version string) {
	k.T.Helper()
	k.Public("GET", n.list+"/asia").Want(200)
	k.As(cms.Editor, "PATCH", n.list+"/"+id).If(version).JSON(`{"slug": "orient"}`).Want(200)
	r := k.Public("GET", n.list+"/asia").Want(308)
	if got := r.Header.Get("Location"); got != n.list+"/orient" {
		k.T.Errorf("the former slug leads to %q", got)
	}
	k.Public("GET", n.list+"/orient").Want(200)
	if got := k.Public("GET", n.list+"?q=ASI&fields=slug").Want(200).Text("data.0.slug"); got != "orient" {
		k.T.Errorf("the list has the slug %q", got)
	}
}

func TestNounsHaveOneShape(t *testing.T) {
	t.Parallel()
	eachNoun(t, func(t *testing.T, k *testkit.Kit, n plainNoun) {
		created := k.As(cms.Editor, "POST", n.list).JSON(n.body("Asia")).Want(201)
		id := created.Text("id")
		if got := created.Header.Get("Location"); got != n.list+"/"+id {
			t.Errorf("it is at %q", got)
		}
		k.Public("GET", n.list+"/"+id).Want(200)
		version := created.Header.Get("ETag")
		r := k.As(cms.Editor, "PATCH", n.list+"/"+id).If(version).JSON(field(n.made, "Asia")).Want(200)
		if got := r.Header.Get("ETag"); got != version {
			t.Errorf("a patch that changes nothing makes version %s of %s", got, version)
		}
		if n.slugged() {
			n.haveSlugs(k, id, version)
		}
		k.As(cms.Editor, "DELETE", n.list+"/"+id).Want(204)
		k.Public("GET", n.list+"/"+id).Want(404)
		if rows := k.Public("GET", n.list).Want(200).List("data"); len(rows) != 0 {
			t.Errorf("the list has %v", rows)
		}
	})
}

func TestNamesOfNounsAreTrimmed(t *testing.T) {
	t.Parallel()
	eachNoun(t, func(t *testing.T, k *testkit.Kit, n plainNoun) {
		r := k.As(cms.Editor, "POST", n.list).JSON(n.body(" Central  Asia\u00a0\t")).Want(201)
		if got := r.Text(n.made); got != "Central  Asia" {
			t.Errorf("created as %q", got)
		}
		path := n.list + "/" + r.Text("id")
		for range 2 {
			r = k.As(cms.Editor, "PATCH", path).JSON(field(n.made, " Asia ")).Want(200)
			if r.Text(n.made) != "Asia" || r.ETag() != `"2"` {
				t.Errorf("version %s is %q", r.ETag(), r.Text(n.made))
			}
		}
	})
}

func TestTheDraftViewOfNounsHasTheirVersions(t *testing.T) {
	t.Parallel()
	eachNoun(t, func(t *testing.T, k *testkit.Kit, n plainNoun) {
		made := k.As(cms.Editor, "POST", n.list).JSON(n.body("Asia")).Want(201)
		one := n.list + "/" + made.Text("id")
		changed := k.As(cms.Editor, "PATCH", one).JSON(field(n.text, "Orient")).Want(200)
		for _, c := range []struct {
			r    *testkit.Response
			path string
			want any
		}{
			{made, "version", 1.0},
			{changed, "version", 2.0},
			{k.As(cms.Contributor, "GET", one+"?view=draft").Want(200), "version", 2.0},
			{k.As(cms.Contributor, "GET", n.list+"?view=draft").Want(200), "data.0.version", 2.0},
			{k.As(cms.Editor, "GET", n.list+"?view=draft&fields=version").Want(200), "data.0.version", 2.0},
			{k.Public("GET", one).Want(200), "version", nil},
			{k.As(cms.Editor, "GET", n.list).Want(200), "data.0.version", nil},
		} {
			if got := c.r.Field(c.path); got != c.want {
				t.Errorf("%s is %v, want %v: %s", c.path, got, c.want, c.r.Body)
			}
		}
		r := k.Public("GET", n.list+"?view=draft").Do()
		wantProblem(t, r, 401, cms.Unauthenticated, "", "")
		r = k.Public("GET", n.list+"?fields=version").Do()
		wantProblem(t, r, 400, cms.InvalidParameter, "parameter", "fields")
	})
}
