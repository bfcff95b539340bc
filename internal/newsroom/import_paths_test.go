package newsroom_test

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func TestOldPathsAreKeptWhole(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	files := fstest.MapFS{
		"a.md": post("A", "permalink: /2019/05/a/", "aliases: [/old/other.html, '/%d9%86/?x=1']"),
		"b.md": post("B", "aliases: [/old/other.html, /b]"),
	}
	outcomes := bring(t, k, "s", false, itemsOf(files))
	want := map[string]cms.ID{"/2019/05/a": outcomes[0].ID, "/old/other.html": outcomes[0].ID,
		"/ن": outcomes[0].ID, "/b": outcomes[1].ID}
	err := k.Store.Read(t.Context(), store.Internal, func(db *store.DB) error {
		got, err := db.ImportAliases([]string{"/2019/05/a", "/old/other.html", "/ن", "/b", "/c"})
		if !maps.Equal(got, want) {
			t.Errorf("paths lead to %v, want %v", got, want)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if notes := strings.Join(outcomes[1].Notes, " "); !strings.Contains(notes, "/old/other.html") {
		t.Errorf("notes of the second: %q", notes)
	}
}

func TestOldPathsOfImportsLeadToTheirArticles(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	leads := func(path, want string) {
		t.Helper()
		r := k.Public("GET", "/v1/resolve?path="+url.QueryEscape(path)).Want(200)
		if got := fmt.Sprint(r.Field("status"), r.Field("location")); got != want {
			t.Errorf("%s leads to %s, want %s", path, got, want)
		}
	}
	leads("/2019/05/a", "404 <nil>")
	files := fstest.MapFS{"a.md": post("A", "permalink: /2019/05/a/index.html",
		"aliases: ['/%d9%86/?x=1', /old/b.html]", "slug: now")}
	article := string(bring(t, k, "s", false, itemsOf(files))[0].ID)
	for _, path := range []string{"/2019/05/a", "/2019/05/a/index.html", "/ن/", "/old/b.html"} {
		leads(path, "301https://news.example.org/articles/now")
	}
	k.As(cms.Editor, "POST", "/v1/articles/"+article+"/withdraw").If("*").Want(200)
	leads("/old/b.html", "404 <nil>")
	k.As(cms.Admin, "DELETE", "/v1/articles/"+article+"?permanent=true").If("*").Want(204)
	for _, path := range []string{"/2019/05/a", "/2019/05/a/index.html", "/ن/", "/old/b.html"} {
		leads(path, "410 <nil>")
	}
	other := fstest.MapFS{"b.md": post("B", "aliases: [/old/b.html]")}
	bring(t, k, "other", false, itemsOf(other))
	leads("/old/b.html", "301https://news.example.org/articles/b")
}

func TestARenamedFileIsMetAgainByItsPermalink(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	link := "permalink: /2019/05/a/"
	first := bring(t, k, "s", false, itemsOf(fstest.MapFS{
		"posts/a.md": post("A", link), "posts/b.md": post("B", "url: /b/"),
		"posts/c.md": post("C")}))
	again := bring(t, k, "s", false, itemsOf(fstest.MapFS{
		"news/a.md": post("A", link), "news/b.md": post("B", "url: /b/", "summary: New."),
		"news/copy.md": post("A", link), "posts/c.md": post("C")}))
	var got []string
	for _, o := range again {
		got = append(got, string(o.Result))
	}
	if fmt.Sprint(got) != "[unchanged updated made unchanged]" || again[0].ID != first[0].ID ||
		again[1].ID != first[1].ID {
		t.Errorf("%v", got)
	}
	moved := bring(t, k, "other", false, itemsOf(fstest.MapFS{
		"news/a.md": post("A", link), "news/b.md": post("Something else", "url: /b/")}))
	if moved[0].Result != newsroom.Unchanged || moved[1].Result != newsroom.Made {
		t.Errorf("from a renamed source: %v, %v", moved[0].Result, moved[1].Result)
	}
	if n := results(bring(t, k, "other", false,
		itemsOf(fstest.MapFS{"news/a.md": post("A", link)}))); n[newsroom.Unchanged] != 1 {
		t.Errorf("the third time: %v", n)
	}
}

func TestWhatVanishedFromTheSourceIsNamed(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	bring(t, k, "s", false, itemsOf(fstest.MapFS{"a.md": post("A"), "b.md": post("B"),
		"c.md": post("C", "url: /c/"), "d.md": post("D")}))
	importer, err := k.Newsroom.Importer(t.Context(), cms.System, newsroom.ImportOptions{Source: "s"})
	if err != nil {
		t.Fatal(err)
	}
	items := itemsOf(fstest.MapFS{"a.md": post("A"), "x/c.md": post("C", "url: /c/"),
		"d.md": {Data: []byte("not readable any more")}})
	if _, err := importer.Add(t.Context(), slices.Collect(items)); err != nil {
		t.Fatal(err)
	}
	vanished, err := importer.Vanished(t.Context())
	if _, b := vanished["b.md"]; err != nil || len(vanished) != 1 || !b {
		t.Errorf("vanished: %v, %v", vanished, err)
	}
}
