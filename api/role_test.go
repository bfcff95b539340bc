package api_test

import (
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// setStatus brings an article to a status that no call of the API leads to yet.
func setStatus(id cms.ID, status cms.Status) func(*store.DB) error {
	return func(db *store.DB) error {
		a, err := db.Article(id)
		if err != nil {
			return err
		}
		a.Status = status
		return db.SaveArticle(a)
	}
}

// own and other are what an act on an article of one's own, and on one of somebody else, is answered.
type leave struct{ own, other int }

func same(status int) leave { return leave{status, status} }

// roleActs is who may do what with an article in which state, by contributor, author, editor and admin.
var roleActs = map[string]struct {
	method, path, body, state string
	want                      [4]leave
}{
	"read a draft":        {"GET", "?view=draft", "", "draft", [4]leave{same(200), same(200), same(200), same(200)}},
	"read links":          {"GET", "/related-links?view=draft", "", "draft", [4]leave{same(200), same(200), same(200), same(200)}},
	"patch a draft":       {"PATCH", "", `{"kicker": "K"}`, "draft", [4]leave{{200, 403}, {200, 403}, same(200), same(200)}},
	"put a draft":         {"PUT", "", `{"title": "K"}`, "draft", [4]leave{{200, 403}, {200, 403}, same(200), same(200)}},
	"patch the published": {"PATCH", "", `{"kicker": "K"}`, "published", [4]leave{{403, 403}, {200, 403}, same(200), same(200)}},
	"patch the withdrawn": {"PATCH", "", `{"kicker": "K"}`, "withdrawn", [4]leave{{403, 403}, {200, 403}, same(200), same(200)}},
	"publish":             {"POST", "/publish", "", "draft", [4]leave{{403, 403}, {200, 403}, same(200), same(200)}},
	"withdraw":            {"POST", "/withdraw", "", "published", [4]leave{{403, 403}, {200, 403}, same(200), same(200)}},
	"submit":              {"POST", "/submit", `{"note": "N"}`, "draft", [4]leave{{200, 403}, {200, 403}, same(200), same(200)}},
	"return":              {"POST", "/return", `{"note": "N"}`, "in_review", [4]leave{{200, 403}, {200, 403}, same(200), same(200)}},
	"kill":                {"POST", "/kill", `{"reason": "R"}`, "published", [4]leave{same(403), same(403), same(200), same(200)}},
	"restore the killed":  {"POST", "/restore", "", "killed", [4]leave{same(403), same(403), same(200), same(200)}},
	"trash a draft":       {"DELETE", "", "", "draft", [4]leave{{204, 403}, {204, 403}, same(204), same(204)}},
	"trash the published": {"DELETE", "", "", "published", [4]leave{{403, 403}, {204, 403}, same(204), same(204)}},
	"restore":             {"POST", "/restore", "", "trashed", [4]leave{{200, 403}, {200, 403}, same(200), same(200)}},
	"purge":               {"DELETE", "?permanent=true", "", "trashed", [4]leave{same(403), same(403), same(403), same(204)}},
	"add a link":          {"POST", "/related-links", `{"url": "https://example.org", "title": "E"}`, "draft", [4]leave{{201, 403}, {201, 403}, same(201), same(201)}},
	"link the published":  {"POST", "/related-links", `{"url": "https://example.org", "title": "E"}`, "published", [4]leave{{403, 403}, {201, 403}, same(201), same(201)}},
	"replace links":       {"PUT", "/related-links", `{"data": []}`, "draft", [4]leave{{200, 403}, {200, 403}, same(200), same(200)}},
}

func TestRolesAndWhatTheyMayDoToArticles(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	attempt := func(c *testkit.Call, method, body string) *testkit.Response {
		if body != "" {
			c.JSON(body)
		}
		if method != "GET" {
			c.If("*")
		}
		return c.Do()
	}
	for name, act := range roleActs {
		for i, role := range cms.Roles {
			somebody := cms.Roles[(i+1)%len(cms.Roles)]
			for owner, want := range map[cms.Role]int{role: act.want[i].own, somebody: act.want[i].other} {
				id := k.As(owner, "POST", "/v1/articles").JSON(`{"title": "T"}`).Want(201).Text("id")
				stand(k, id, act.state)
				before := draftView(k, id).ETag()
				r := attempt(k.As(role, act.method, articlePath(id)+act.path), act.method, act.body)
				if r.Status != want {
					t.Errorf("%s: %s on an article of %s: %d, want %d: %s", name, role, owner, r.Status, want, r.Body)
				}
				if r.Status == 403 && draftView(k, id).ETag() != before {
					t.Errorf("%s: what was refused changed the article", name)
				}
			}
		}
		id := k.Draft(nil).Text("id")
		stand(k, id, act.state)
		for _, target := range []string{id, nothing} {
			r := attempt(k.Public(act.method, articlePath(target)+act.path), act.method, act.body)
			if r.Status != 401 || r.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s by nobody: %d, %v", name, r.Status, r.Header)
			}
		}
		if r := attempt(k.As(cms.Admin, act.method, articlePath(nothing)+act.path), act.method, act.body); r.Status != 404 {
			t.Errorf("%s on nothing: %d, want 404", name, r.Status)
		}
	}
}

func TestRolesAndWhatTheyMayDoToLinks(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, role := range cms.Roles {
		for _, owner := range cms.Roles {
			article := k.As(owner, "POST", "/v1/articles").JSON(`{"title": "T"}`).Want(201).Text("id")
			link := k.As(owner, "POST", articlePath(article)+"/related-links").JSON(`{"url": "https://example.org", "title": "E"}`).Want(201).Text("id")
			may := role == owner || role == cms.Editor || role == cms.Admin
			patched := k.As(role, "PATCH", "/v1/related-links/"+link).JSON(`{"note": "N"}`).Do()
			deleted := k.As(role, "DELETE", "/v1/related-links/"+link).Do()
			if may != (patched.Status == 200) || may != (deleted.Status == 204) {
				t.Errorf("%s on a link of %s: %d and %d", role, owner, patched.Status, deleted.Status)
			}
			if !may {
				wantProblem(t, patched, 403, cms.Forbidden, "", "")
				wantProblem(t, deleted, 403, cms.Forbidden, "", "")
			}
		}
	}
}

// tagActs is who may do what with tags, by contributor, author, editor and admin.
var tagActs = map[string]struct {
	method, path, body string
	want               [4]int
}{
	"make":   {"POST", "", `{"name": "New"}`, [4]int{403, 201, 201, 201}},
	"change": {"PATCH", "/{id}", `{"description": "D"}`, [4]int{403, 403, 200, 200}},
	"delete": {"DELETE", "/{id}", "", [4]int{403, 403, 204, 204}},
	"merge":  {"POST", "/{id}/merge", `{"into": "other"}`, [4]int{403, 403, 200, 200}},
}

func TestRolesAndWhatTheyMayDoToTags(t *testing.T) {
	t.Parallel()
	for name, act := range tagActs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for i, role := range cms.Roles {
				k := testkit.New(t)
				id := makeTag(k, `{"name": "Water"}`).Text("id")
				makeTag(k, `{"name": "Other"}`)
				path := "/v1/tags" + replaceID(act.path, id)
				send := func(c *testkit.Call) *testkit.Response {
					if act.body != "" {
						c.JSON(act.body)
					}
					return c.Do()
				}
				if r := send(k.Public(act.method, path)); r.Status != 401 {
					t.Errorf("by nobody: %d, want 401", r.Status)
				}
				if r := send(k.As(role, act.method, path)); r.Status != act.want[i] {
					t.Errorf("by %s: %d, want %d: %s", role, r.Status, act.want[i], r.Body)
				}
			}
		})
	}
}

func TestAContributorMakesNoTagsByTheWay(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	makeTag(k, `{"name": "Water"}`)
	k.As(cms.Contributor, "POST", "/v1/articles?create_tags=true").JSON(`{"title": "T", "tags": ["Ice"]}`).Want(403)
	k.Public("GET", "/v1/tags/ice").Want(404)
	wantIDs(t, k.As(cms.Editor, "GET", "/v1/articles?view=draft"))
	id := k.As(cms.Contributor, "POST", "/v1/articles?create_tags=true").JSON(`{"title": "T", "tags": ["water"]}`).Want(201).Text("id")
	k.As(cms.Contributor, "PATCH", articlePath(id)+"?create_tags=true").If("*").JSON(`{"tags": ["Ice"]}`).Want(403)
}
