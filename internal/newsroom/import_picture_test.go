package newsroom_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// bringWithPictures imports Markdown files and their pictures.
func bringWithPictures(
	t *testing.T, k *testkit.Kit, dry bool, files fstest.MapFS,
) ([]*newsroom.Outcome, map[exchange.PictureResult]int) {
	t.Helper()
	importer, err := k.Newsroom.Importer(t.Context(), cms.System,
		newsroom.ImportOptions{Source: "pictures", DryRun: dry})
	if err != nil {
		t.Fatal(err)
	}
	items := exchange.Markdown(files, exchange.Options{
		Picture:       importer.Picture(t.Context()),
		FetchPictures: true,
	})
	outcomes, err := importer.Add(t.Context(), slices.Collect(items))
	if err != nil {
		t.Fatal(err)
	}
	results := map[exchange.PictureResult]int{}
	for _, o := range outcomes {
		for _, p := range o.Item.Pictures {
			results[p.Result]++
		}
	}
	return outcomes, results
}

func TestAnImportBringsPicturesOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	one, two := testkit.Picture(t, 64, 48, 1), testkit.Picture(t, 64, 48, 2)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/two.jpg" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(two)
	}))
	t.Cleanup(web.Close)
	page := func(title, body string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\ntitle: " + title + "\ndate: 2024-03-01\n" +
			"image: /img/one.jpg\nimage_alt: A quay\nimage_credit: Night desk\n---\n" + body)}
	}
	files := fstest.MapFS{
		"a.md": page("A", "![In the body](img/one.jpg \"At six\")\n\n![](same.jpg)\n\n"+
			"<img src=\""+web.URL+"/two.jpg\" alt=\"Two\">\n"),
		"b.md":               page("B", "![]("+web.URL+"/none.jpg) ![C](/bad.png) ![D](/gone.png)\n"),
		"static/img/one.jpg": {Data: one}, "same.jpg": {Data: one},
		"bad.png": {Data: []byte("<svg/>")},
	}
	brought := map[exchange.PictureResult]int{"brought": 2, "known": 3, "missing": 1, "refused": 2}
	_, results := bringWithPictures(t, k, true, files)
	if !maps.Equal(results, brought) {
		t.Errorf("a dry run says %v", results)
	}
	if list := k.As(cms.Editor, "GET", "/v1/media").Want(200).List("data"); len(list) != 0 {
		t.Errorf("a dry run made %d media", len(list))
	}
	if _, results = bringWithPictures(t, k, false, files); !maps.Equal(results, brought) {
		t.Errorf("pictures %v, want %v", results, brought)
	}
	if list := k.As(cms.Editor, "GET", "/v1/media").Want(200).List("data"); len(list) != 2 {
		t.Errorf("%d media", len(list))
	}
	r := k.Public("GET", "/v1/articles/a").Want(200)
	for path, want := range map[string]any{"image.alt": "A quay", "image.credit": "Night desk"} {
		if got := r.Field(path); got != want {
			t.Errorf("%s is %v", path, got)
		}
	}
	html := r.Text("body_html")
	if strings.Count(html, `<img src="/media/`) != 3 || strings.Contains(html, "data-medium") ||
		!strings.Contains(html, "<figcaption>At six") {
		t.Errorf("the body is %s", html)
	}
	left := k.Public("GET", "/v1/articles/b").Want(200).Text("body_html")
	for _, address := range []string{web.URL + "/none.jpg", "/bad.png", "/gone.png"} {
		if !strings.Contains(left, address) {
			t.Errorf("%s lacks %s", left, address)
		}
	}
	outcomes, results := bringWithPictures(t, k, false, files)
	for _, o := range outcomes {
		if o.Result != newsroom.Unchanged {
			t.Errorf("%s is %s when it comes again", o.Item.File, o.Result)
		}
	}
	if results[exchange.Brought] != 0 || results[exchange.Known] != 5 {
		t.Errorf("when they come again: %v", results)
	}
}
