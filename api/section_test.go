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

// makeSection makes a section as the editor and returns its id.
func makeSection(k *testkit.Kit, body map[string]any) string {
	k.T.Helper()
	r := k.As(cms.Editor, "POST", "/v1/sections").JSON(body).Want(201)
	return r.Text("id")
}

func sectionPath(ref string) string { return "/v1/sections/" + url.PathEscape(ref) }

// sectionTree returns the paths of all sections, in the order of the list, over pages of two.
func sectionTree(k *testkit.Kit) []string {
	k.T.Helper()
	var paths []string
	next := "/v1/sections?limit=2&fields=path,depth"
	for next != "" {
		r := k.Public("GET", next).Want(200)
		for _, row := range r.List("data") {
			row := row.(map[string]any)
			path := row["path"].(string)
			if depth := strings.Count(path, "/") + 1; row["depth"] != float64(depth) {
				k.T.Errorf("%s has the depth %v", path, row["depth"])
			}
			paths = append(paths, path)
		}
		cursor, ok := r.Field("page").(map[string]any)["next"].(string)
		if next = ""; ok {
			next = "/v1/sections?limit=2&fields=path,depth&cursor=" + cursor
		}
	}
	return paths
}

func wantTree(k *testkit.Kit, want ...string) {
	k.T.Helper()
	if got := sectionTree(k); !slices.Equal(got, want) {
		k.T.Errorf("the tree is %q, want %q", got, want)
	}
}

func TestSectionsAreListedAsTheTreeIsRead(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	world := makeSection(k, map[string]any{"name": "World", "position": 2})
	makeSection(k, map[string]any{"name": "رياضة", "position": 1})
	asia := makeSection(k, map[string]any{"name": "Asia", "parent": "world"})
	makeSection(k, map[string]any{"name": "Africa", "parent": world, "position": 1})
	makeSection(k, map[string]any{"name": "East Asia", "slug": "east", "parent": asia})
	makeSection(k, map[string]any{"name": "Worldwide", "position": 2})
	wantTree(k, "رياضة", "world", "world/asia", "world/asia/east", "world/africa", "worldwide")

	k.As(cms.Editor, "PATCH", sectionPath(asia)).JSON(map[string]any{"parent": nil, "slug": "orient"}).Want(200)
	wantTree(k, "orient", "orient/east", "رياضة", "world", "world/africa", "worldwide")

	r := k.Public("GET", sectionPath("asia")+"?view=live").Want(308)
	if got := r.Header.Get("Location"); got != "/v1/sections/orient?view=live" {
		t.Errorf("a former slug leads to %q", got)
	}
	if got := k.Public("GET", sectionPath("east")).Want(200).Field("parent"); got.(map[string]any)["slug"] != "orient" {
		t.Errorf("the parent is %v", got)
	}
}

func TestASectionStandsNeitherBelowItselfNorTooDeep(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	ids := []string{makeSection(k, map[string]any{"name": "Level 1"})}
	for i := 2; i <= cms.MaxSectionDepth; i++ {
		ids = append(ids, makeSection(k, map[string]any{
			"name": fmt.Sprint("Level ", i), "parent": ids[len(ids)-1],
		}))
	}
	deepest := ids[len(ids)-1]
	k.As(cms.Editor, "POST", "/v1/sections").JSON(map[string]any{"name": "Deeper", "parent": deepest}).Want(422)
	k.As(cms.Editor, "PATCH", sectionPath(ids[0])).JSON(map[string]any{"parent": deepest}).Want(422)
	k.As(cms.Editor, "PATCH", sectionPath(ids[0])).JSON(map[string]any{"parent": ids[0]}).Want(422)
	k.As(cms.Editor, "POST", "/v1/sections").JSON(map[string]any{"name": "Lost", "parent": "nowhere"}).Want(422)
	other := makeSection(k, map[string]any{"name": "Other"})
	k.As(cms.Editor, "PATCH", sectionPath(ids[0])).JSON(map[string]any{"parent": other}).Want(422)

	k.As(cms.Editor, "DELETE", sectionPath(ids[0])).Want(409)
	k.As(cms.Editor, "DELETE", sectionPath(deepest)).Want(204)
	k.Public("GET", sectionPath(deepest)).Want(404)
	k.Public("GET", sectionPath("level-4")).Want(404)
	makeSection(k, map[string]any{"name": "Level 4", "slug": "level-4"})
}

func TestSectionsAreForEditors(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := makeSection(k, map[string]any{"name": "World", "description": "All of it."})
	for _, role := range []cms.Role{cms.Contributor, cms.Author} {
		k.As(role, "POST", "/v1/sections").JSON(map[string]any{"name": "Sport"}).Want(403)
		k.As(role, "PATCH", sectionPath(id)).JSON(map[string]any{"name": "Sport"}).Want(403)
		k.As(role, "DELETE", sectionPath(id)).Want(403)
	}
	r := k.As(cms.Editor, "PATCH", sectionPath(id)).JSON(map[string]any{"name": "Globe", "description": nil}).Want(200)
	if r.Text("name") != "Globe" || r.Text("slug") != "world" || r.Field("description") != nil {
		t.Errorf("the section is %s", r.Body)
	}
}

func TestAMovedSectionShowsAtOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	world := makeSection(k, map[string]any{"name": "World"})
	makeSection(k, map[string]any{"name": "Asia", "parent": world})
	for range 2 { // the second is cached
		if got := k.Public("GET", sectionPath("asia")).Want(200).Text("path"); got != "world/asia" {
			t.Fatalf("the path is %s", got)
		}
	}
	k.As(cms.Editor, "PATCH", sectionPath(world)).JSON(map[string]any{"name": "Planet", "slug": "planet"}).Want(200)
	if got := k.Public("GET", sectionPath("asia")).Want(200).Text("path"); got != "planet/asia" {
		t.Errorf("the path is %s", got)
	}
}
