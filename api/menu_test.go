package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// menuLines returns what the entries of a menu are called and where they lead, those below others
// in brackets; dead ones have a cross.
func menuLines(entries []any) string {
	var lines []string
	for _, e := range entries {
		e := e.(map[string]any)
		label, _ := e["label"].(string)
		leads, _ := e["url"].(string)
		line := label + ">" + strings.TrimPrefix(leads, testSite)
		if e["dead"] == true {
			line += "†"
		}
		if children, _ := e["children"].([]any); len(children) > 0 {
			line += "[" + menuLines(children) + "]"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, " ")
}

// wantMenu wants a menu as readers see it.
func wantMenu(k *testkit.Kit, why, name, want string) {
	k.T.Helper()
	r := k.Public("GET", "/v1/site").Want(200)
	if got := menuLines(r.List("menus." + name)); got != want {
		k.T.Errorf("%s the menu is %q, want %q", why, got, want)
	}
}

// siteOfMenus makes what menus lead to, and a menu that leads to all of it; it returns the path of
// each noun and article by its slug.
func siteOfMenus(k *testkit.Kit) map[string]string {
	k.T.Helper()
	paths := map[string]string{
		"world": "/v1/sections/" + makeSection(k, map[string]any{"name": "World"}),
		"asia":  "/v1/sections/" + makeSection(k, map[string]any{"name": "Asia", "parent": "world"}),
		"water": "/v1/tags/" + makeTag(k, `{"name": "Water"}`).Text("id"),
		"ada":   "/v1/authors/" + authorsAt(k, "Ada")[0],
		"long":  makeCollection(k, `{"name": "Long"}`),
		"about": "/v1/articles/" + k.Published(map[string]any{"title": "About"}).Text("id"),
	}
	setSite(k, `{"menus": {"main": [
		{"section": "world", "labels": {"ar-eg": "العالم"}, "children": [
			{"section": "asia"}, {"tag": "water", "label": " Rivers "}, {"collection": "long"}]},
		{"label": "People", "children": [{"author": "ada"}]},
		{"article": "about"},
		{"label": "Out", "url": "https://example.org/out"}]}}`)
	return paths
}

const wholeMenu = "World>/sections/world[Asia>/sections/asia Rivers>/tags/water Long>] " +
	"People>[Ada>/authors/ada] About>/articles/about Out>https://example.org/out"

func TestMenusLeadToWhatIsThere(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	paths := siteOfMenus(k)
	wantMenu(k, "at first", "main", wholeMenu)
	r := k.Public("GET", "/v1/site").Want(200)
	for field, want := range map[string]any{
		"menus.main.0.section.slug": "world", "menus.main.0.tag": nil,
		"menus.main.0.labels.ar-EG": "العالم", "menus.main.0.children.1.tag.name": "Water",
		"menus.main.0.children.2.url": nil, "menus.main.1.url": nil, "menus.main.3.article": nil,
		"menus.main.2.article.title": "About", "menus.main.1.children.0.author.slug": "ada",
	} {
		if got := r.Field(field); got != want {
			t.Errorf("%s is %v, want %v", field, got, want)
		}
	}
	if strings.Contains(string(r.Body), `"dead"`) {
		t.Errorf("readers see %s", r.Body)
	}
	edit := func(what, body string) {
		k.As(cms.Editor, "PATCH", paths[what]).If("*").JSON(body).Want(200)
	}
	edit("world", `{"name": "Welt", "slug": "welt"}`)
	edit("asia", `{"parent": null}`)
	edit("ada", `{"name": "Ada L"}`)
	edit("long", `{"name": "Reads"}`)
	edit("about", `{"title": "About us"}`)
	k.Publish(strings.TrimPrefix(paths["about"], "/v1/articles/"))
	setSite(k, `{"paths": {"collection": "/c/{slug}"}}`)
	wantMenu(k, "after changes", "main", "Welt>/sections/welt[Asia>/sections/asia Rivers>/tags/water "+
		"Reads>/c/long] People>[Ada L>/authors/ada] About us>/articles/about Out>https://example.org/out")
}

func TestDeadEntriesOfMenusAreSeenByEditorsOnly(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	paths := siteOfMenus(k)
	about := strings.TrimPrefix(paths["about"], "/v1/articles/")
	verb(k, about, "withdraw")
	wantMenu(k, "without its article", "main", strings.Replace(wholeMenu, "About>/articles/about ", "", 1))
	k.Publish(about)
	wantMenu(k, "with it again", "main", wholeMenu)
	rivers := makeTag(k, `{"name": "Streams"}`).Text("id")
	k.As(cms.Editor, "POST", paths["water"]+"/merge").JSON(fmt.Sprintf(`{"into": %q}`, rivers)).Want(200)
	wantMenu(k, "with a merged tag", "main", strings.Replace(wholeMenu, "tags/water", "tags/streams", 1))
	reviseTag(k, rivers, `{"slug": "rills"}`)
	wantMenu(k, "with its new slug", "main", strings.Replace(wholeMenu, "tags/water", "tags/rills", 1))
	for _, what := range []string{"asia", "ada", "long"} {
		k.As(cms.Editor, "DELETE", paths[what]).Want(204)
	}
	k.As(cms.Editor, "DELETE", "/v1/tags/"+rivers).Want(204)
	wantMenu(k, "after removals", "main", "World>/sections/world About>/articles/about Out>https://example.org/out")
	draft := k.As(cms.Editor, "GET", "/v1/site?view=draft").Want(200)
	if got, want := menuLines(draft.List("menus.main")), ">/sections/world[>† Rivers>† >†] People>[>†] "+
		">/articles/about Out>https://example.org/out"; got != want {
		t.Errorf("editors see %q, want %q", got, want)
	}
	same := setSite(k, `{"tagline": "T"}`)
	if got := menuLines(same.List("menus.main")); !strings.Contains(got, "Rivers>†") {
		t.Errorf("a change beside the menus leaves %q", got)
	}
	k.As(cms.Admin, "DELETE", paths["about"]+"?permanent=true").If("*").Want(204)
	wantMenu(k, "after a purge", "main", "World>/sections/world Out>https://example.org/out")
}

func TestMenusAreReplacedOneByOne(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	siteOfMenus(k)
	r := setSite(k, `{"menus": {"foot-1": [{"label": "Out", "url": "https://example.org/"}]}}`)
	if r.ETag() != `"3"` || menuLines(r.List("menus.foot-1")) != "Out>https://example.org/" {
		t.Errorf("version %s has %s", r.ETag(), r.Body)
	}
	wantMenu(k, "beside another", "main", wholeMenu)
	again := setSite(k, `{"menus": {"foot-1": [{"label": "Out ", "labels": {}, "children": [], "url": "https://example.org/"}]}}`)
	if again.ETag() != `"3"` {
		t.Errorf("the same menu makes version %s", again.ETag())
	}
	r = k.As(cms.Admin, "PATCH", "/v1/site").JSON(`{"menus": {"main": null}}`).Undocumented().Want(200)
	if menus := r.Object()["menus"].(map[string]any); len(menus) != 1 {
		t.Errorf("there are %v", menus)
	}
	r = k.As(cms.Admin, "PATCH", "/v1/site").JSON(`{"menus": null}`).Undocumented().Want(200)
	if menus := r.Object()["menus"].(map[string]any); len(menus) != 0 {
		t.Errorf("there are %v", menus)
	}
}

func TestMenusThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	siteOfMenus(k)
	entry := func(entry string) string { return `{"menus": {"m": [` + entry + `]}}` }
	many := func(n int) string {
		return strings.TrimSuffix(strings.Repeat(`{"section": "world"},`, n), ",")
	}
	var menus []string
	for i := range 11 {
		menus = append(menus, fmt.Sprintf(`"m%d": []`, i))
	}
	for patch, pointer := range map[string]string{
		entry(`{}`):             "/menus/m/0",
		entry(`{"label": "X"}`): "/menus/m/0",
		entry(`{"children": [{"tag": "water"}]}`):                                         "/menus/m/0/label",
		entry(`{"url": "https://example.org/"}`):                                          "/menus/m/0/label",
		entry(`{"label": "X", "url": "example"}`):                                         "/menus/m/0/url",
		entry(`{"section": "world", "tag": "water"}`):                                     "/menus/m/0/tag",
		entry(`{"section": "world", "url": "https://example.org/"}`):                      "/menus/m/0/url",
		entry(`{"section": "wordl"}`):                                                     "/menus/m/0/section",
		entry(`{"collection": "none"}`):                                                   "/menus/m/0/collection",
		entry(`{"article": "none"}`):                                                      "/menus/m/0/article",
		entry(`{"tag": "none"}`):                                                          "/menus/m/0/tag",
		entry(`{"section": "world", "children": [{"author": "none"}]}`):                   "/menus/m/0/children/0/author",
		entry(`{"section": "world", "children": [{"label": "X"}]}`):                       "/menus/m/0/children/0",
		entry(`{"section": "world", "children": [{"section": "world", "children": []}]}`): "/menus/m/0/children/0/children",
		entry(`{"section": "world", "label": "` + strings.Repeat("x", 101) + `"}`):        "/menus/m/0/label",
		entry(`{"section": "world", "labels": {"nowhere!": "X"}}`):                        "/menus/m/0/labels",
		entry(`{"section": "world", "labels": {"ar": "X", "AR": "Y"}}`):                   "/menus/m/0/labels",
		entry(`{"section": "world", "labels": {"ar": " "}}`):                              "/menus/m/0/labels/ar",
		entry(many(51)): "/menus/m",
		entry(`{"section": "world", "children": [` + many(50) + `]}`): "/menus/m",
		`{"menus": {"Main menu": []}}`:                                "/menus",
		`{"menus": {` + strings.Join(menus, ",") + `}}`:               "/menus",
		`{"home": "none"}`:                                            "/home",
		`{"ticker": "none"}`:                                          "/ticker",
	} {
		r := k.As(cms.Admin, "PATCH", "/v1/site").JSON(patch).Undocumented().Do()
		wantProblem(t, r, 422, cms.Invalid, "pointer", pointer)
	}
	wantMenu(k, "after refusals", "main", wholeMenu)
}

func TestMenusAreCalledAsWhatTheyLeadToInEachLanguage(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	paths := siteOfMenus(k)
	for what, body := range map[string]string{
		"world": `{"localized": {"ar-EG": {"name": "الدنيا"}, "fa": {"name": "جهان"}}}`,
		"asia":  `{"localized": {"ar": {"name": "آسيا"}}}`,
		"water": `{"localized": {"ar": {"name": "ماء"}}}`,
		"long":  `{"localized": {"ar": {"name": "طويل"}}}`,
	} {
		k.As(cms.Editor, "PATCH", paths[what]).JSON(body).Want(200)
	}
	live := k.Public("GET", "/v1/site").Want(200)
	draft := k.As(cms.Editor, "GET", "/v1/site?view=draft").Want(200)
	for field, want := range map[string][2]any{
		"menus.main.0.labels.ar-EG":         {"العالم", "العالم"}, // as an editor said
		"menus.main.0.labels.fa":            {"جهان", nil},
		"menus.main.0.children.0.labels.ar": {"آسيا", nil},
		"menus.main.0.children.1.labels.ar": {nil, nil}, // it has a label of its own
		"menus.main.0.children.2.labels.ar": {"طويل", nil},
	} {
		if got := [2]any{live.Field(field), draft.Field(field)}; got != want {
			t.Errorf("%s is %v, want %v", field, got, want)
		}
	}
}
