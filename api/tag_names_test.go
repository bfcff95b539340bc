package api_test

import (
	"slices"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func tagNames(tags []any) (names []string) {
	for _, tag := range tags {
		names = append(names, tag.(map[string]any)["name"].(string))
	}
	return names
}

// What tags are called is remembered between reads; nobody may be shown what they were called before.
func TestEveryServerCallsATagAsItIsCalledNow(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	k := testkit.Open(t, database, testkit.NothingKept)
	other := testkit.Open(t, database, testkit.NothingKept)
	ids := map[string]string{}
	for _, name := range []string{"Ice", "Asia", "Water", "Fire"} {
		ids[name] = makeTag(k, map[string]string{"name": name}).Text("id")
	}
	id := k.Draft(map[string]any{"title": "Melting", "tags": []string{"ice", "asia", "water", "fire"}}).Text("id")
	k.Publish(id)
	want := func(names ...string) {
		t.Helper()
		for range 2 { // the second time as it is remembered
			for _, server := range []*testkit.Kit{k, other} {
				row := server.Public("GET", "/v1/articles").Want(200).List("data")[0].(map[string]any)
				alone := server.Public("GET", articlePath(id)).Want(200).List("tags")
				if inList := row["tags"].([]any); !slices.Equal(tagNames(alone), names) || !slices.Equal(tagNames(inList), names) {
					t.Errorf("the tags are %q, in a list %q; want %q", tagNames(alone), tagNames(inList), names)
				}
			}
		}
	}
	want("Ice", "Asia", "Water", "Fire")
	before := other.Statements()
	other.Public("GET", "/v1/articles").Want(200)
	if n := other.Statements() - before; n != 1 {
		t.Errorf("a list whose tags are known takes %d statements", n)
	}
	reviseTag(k, ids["Asia"], `{"name": "The East"}`)
	want("Ice", "The East", "Water", "Fire")
	mergeTags(k, ids["Water"], "ice")
	want("Ice", "The East", "Fire")
	mergeTags(k, ids["Ice"], "fire")
	want("Fire", "The East")
	k.As(cms.Editor, "DELETE", tagPath(ids["Fire"])).Want(204)
	want("The East")
	if got := tagNames(k.As(cms.Editor, "GET", articlePath(id)+"?view=draft").Want(200).List("tags")); !slices.Equal(got, []string{"The East"}) {
		t.Errorf("the working copy has the tags %q", got)
	}
}
