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

// ledePage is a page with a picture that stands for it.
func ledePage(title, image string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("---\ntitle: " + title +
		"\ndate: 2024-03-01\nimage:\n  src: one.jpg\n" + image + "---\n")}
}

func TestWhatItemsSayOfOnePictureIsKept(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	body := "![A quay, from the body](one.jpg \"At six\")\n"
	files := fstest.MapFS{
		"one.jpg": {Data: testkit.Picture(t, 64, 48, 1)},
		"a.md":    {Data: []byte("---\ntitle: A\ndate: 2024-03-01\n---\n" + body)},
		"b.md":    ledePage("B", "  caption: The quay\n"),
		"c.md":    ledePage("C", "  alt: A pier\n  caption: The pier\n"),
		"d.md":    ledePage("D", "  credit: Ada\n"),
		"e.md":    ledePage("E", "  alt: A pier\n  credit: Grace\n"),
		"f.ar.md": ledePage("F", "  alt: رصيف\n"),
		"g.md":    ledePage("G", ""),
	}
	want := map[string][3]any{ // alt, caption, credit
		"b": {"A quay, from the body", "The quay", "Ada"},
		"c": {"A pier", "The pier", "Grace"},
		"d": {"A quay, from the body", "The quay", "Ada"},
		"e": {"A pier", "The pier", "Grace"},
		"f": {"رصيف", "The quay", "Ada"},
		"g": {"A quay, from the body", "The quay", "Ada"},
	}
	check := func(when string) {
		t.Helper()
		for slug, words := range want {
			r := k.Public("GET", "/v1/articles/"+slug).Want(200)
			got := [3]any{r.Field("image.alt"), r.Field("image.caption"), r.Field("image.credit")}
			if got != words {
				t.Errorf("%s: %s says %v, want %v", when, slug, got, words)
			}
		}
		html := k.Public("GET", "/v1/articles/a").Want(200).Text("body_html")
		if !strings.Contains(html, `alt="A quay, from the body"`) ||
			!strings.Contains(html, "<figcaption>At six") {
			t.Errorf("%s: the body is %s", when, html)
		}
	}
	_, results := bringWithPictures(t, k, true, files)
	if results[exchange.Brought] != 1 || results[exchange.Known] != 6 {
		t.Errorf("a dry run says %v", results)
	}
	bringWithPictures(t, k, false, files)
	check("at first")
	again := func(when string) {
		t.Helper()
		before := len(k.As(cms.Editor, "GET", "/v1/media").Want(200).List("data"))
		outcomes, _ := bringWithPictures(t, k, false, files)
		for _, o := range outcomes {
			if o.Result != newsroom.Unchanged {
				t.Errorf("%s: %s is %s", when, o.Item.File, o.Result)
			}
		}
		after := k.As(cms.Editor, "GET", "/v1/media").Want(200).List("data")
		if len(after) != before {
			t.Errorf("%s: %d media, before %d", when, len(after), before)
		}
		check(when)
	}
	again("when they come again")

	pier := k.Public("GET", "/v1/articles/c").Want(200).Text("image.id")
	k.As(cms.Editor, "PATCH", "/v1/media/"+pier).JSON(`{"alt":"The old pier"}`).Want(200)
	want["c"] = [3]any{"The old pier", "The pier", "Grace"}
	want["e"] = want["c"]
	again("after an editor changed the words")
}
