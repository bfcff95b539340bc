package api_test

import (
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// plainNoun is a plain noun as tests meet it: it is made of a name and can have a description.
type plainNoun struct {
	word string // as the ids of its operations have it
	list string // the path of its list
}

// plainNouns are the plain nouns. What is tested of every call is tested of those of each noun here.
var plainNouns = []plainNoun{{"Tag", "/v1/tags"}, {"Section", "/v1/sections"}}

// nounAt returns the plain noun whose calls a path begins like.
func nounAt(path string) (noun plainNoun, ok bool) {
	for _, n := range plainNouns {
		if path == n.list || strings.HasPrefix(path, n.list+"/") {
			return n, true
		}
	}
	return plainNoun{}, false
}

// create creates a noun as the editor and returns its id.
func (n plainNoun) create(k *testkit.Kit, name string) string {
	k.T.Helper()
	return k.As(cms.Editor, "POST", n.list).JSON(map[string]any{"name": name}).Want(201).Text("id")
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
					c.call.JSON(`{"description": "D"}`)
				}
				wantProblem(t, c.call.Do(), c.want, c.code, "", "")
			}
		}
		r := k.As(cms.Editor, "PATCH", asia).JSON(`{"slug": "europe"}`).Do()
		wantProblem(t, r, 409, cms.Duplicate, "pointer", "/slug")
		r = k.As(cms.Editor, "POST", n.list).JSON(`{"name": "Other", "slug": "europe"}`).Do()
		wantProblem(t, r, 409, cms.Duplicate, "pointer", "/slug")
	})
}

func TestNounsHaveOneShape(t *testing.T) {
	t.Parallel()
	eachNoun(t, func(t *testing.T, k *testkit.Kit, n plainNoun) {
		created := k.As(cms.Editor, "POST", n.list).JSON(`{"name": "Asia"}`).Want(201)
		id := created.Text("id")
		if got := created.Header.Get("Location"); got != n.list+"/"+id {
			t.Errorf("it is at %q", got)
		}
		k.Public("GET", n.list+"/asia").Want(200)
		version := created.Header.Get("ETag")
		r := k.As(cms.Editor, "PATCH", n.list+"/"+id).If(version).JSON(`{"name": "Asia"}`).Want(200)
		if got := r.Header.Get("ETag"); got != version {
			t.Errorf("a patch that changes nothing makes version %s of %s", got, version)
		}
		k.As(cms.Editor, "PATCH", n.list+"/"+id).If(version).JSON(`{"slug": "orient"}`).Want(200)
		r = k.Public("GET", n.list+"/asia").Want(308)
		if got := r.Header.Get("Location"); got != n.list+"/orient" {
			t.Errorf("the former slug leads to %q", got)
		}
		if got := k.Public("GET", n.list+"?q=ASI&fields=slug").Want(200).Text("data.0.slug"); got != "orient" {
			t.Errorf("the list has the slug %q", got)
		}
		k.As(cms.Editor, "DELETE", n.list+"/"+id).Want(204)
		k.Public("GET", n.list+"/orient").Want(404)
		if rows := k.Public("GET", n.list).Want(200).List("data"); len(rows) != 0 {
			t.Errorf("the list has %v", rows)
		}
	})
}
