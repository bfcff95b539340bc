package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// inArabic gives a noun a name in Arabic.
func inArabic(k *testkit.Kit, path, name string) *testkit.Response {
	k.T.Helper()
	return k.As(cms.Editor, "PATCH", path).JSON(map[string]any{
		"localized": map[string]any{"ar": map[string]any{"name": name}},
	}).Want(200)
}

func TestNounsAreCalledOtherwiseInOtherLanguages(t *testing.T) {
	t.Parallel()
	eachNoun(t, func(t *testing.T, k *testkit.Kit, n plainNoun) {
		if !n.slugged() {
			t.Skip("it has no name")
		}
		path := n.list + "/" + n.create(k, "River")
		if diff := cmp.Diff(map[string]any{}, k.Public("GET", path).Want(200).Field("localized")); diff != "" {
			t.Errorf("called by one name (-want +got):\n%s", diff)
		}
		r := k.As(cms.Editor, "PATCH", path).If(`"1"`).
			JSON(`{"localized": {"AR-eg": {"name": " نهر "}, "tg": {"name": "Дарё"}, "fr": {}}}`).Want(200)
		if r.ETag() != `"2"` || r.Text("localized.ar-EG.name") != "نهر" || r.Text("localized.tg.name") != "Дарё" ||
			r.Field("localized.fr") != nil || r.Text("name") != "River" || r.Text("slug") != "river" {
			t.Errorf("it is %s", r.Body)
		}
		r = k.As(cms.Editor, "PATCH", path).If(`"2"`).JSON(`{"localized": {"tg": {"name": null}, "ar-EG": {"name": "النهر"}}}`).Want(200)
		if r.Field("localized.tg") != nil || r.Text("localized.ar-EG.name") != "النهر" {
			t.Errorf("changed to %s", r.Body)
		}
		if again := k.As(cms.Editor, "PATCH", path).JSON(`{"localized": {"ar-EG": {"name": "النهر"}}}`).Want(200); again.ETag() != r.ETag() {
			t.Errorf("a patch that changes nothing makes version %s of %s", again.ETag(), r.ETag())
		}
		for query, want := range map[string]int{"?q=نهر": 1, "?q=RIV": 1, "?q=дар": 0, "?slug=river": 1} {
			rows := k.Public("GET", n.list+query).Want(200).List("data")
			if len(rows) != want {
				t.Errorf("%s finds %d", query, len(rows))
			}
		}
		r = k.Public("GET", n.list+"?fields=localized").Want(200)
		if got := r.Text("data.0.localized.ar-EG.name"); got != "النهر" {
			t.Errorf("in a list it is called %q", got)
		}
		for body, pointer := range map[string]string{
			`{"localized": {"no language": {"name": "N"}}}`:                       "/localized",
			`{"localized": {"ar": {"name": "N"}, "AR": {"name": "M"}}}`:           "/localized",
			`{"localized": {"ar": {"name": "a\nb"}}}`:                             "/localized/ar/name",
			`{"localized": {"ar": {"name": "` + strings.Repeat("n", 101) + `"}}}`: "/localized/ar/name",
			`{"localized": {"ar": {"slug": "n"}}}`:                                "/localized/ar/slug",
			`{"localized": {"ar": "N"}}`:                                          "/localized/ar",
			`{"localized": []}`:                                                   "/localized",
		} {
			wantProblem(t, k.As(cms.Editor, "PATCH", path).JSON(body).Do(), 422, cms.Invalid, "pointer", pointer)
		}
		many := map[string]any{}
		for i := range 51 {
			many[fmt.Sprintf("en-x-n%d", i)] = map[string]any{"name": "N"}
		}
		refused := k.As(cms.Editor, "PATCH", path).JSON(map[string]any{"localized": many}).Do()
		wantProblem(t, refused, 422, cms.Invalid, "pointer", "/localized")
		if r := k.As(cms.Editor, "PATCH", path).JSON(`{"localized": null}`).Want(200); len(r.Field("localized").(map[string]any)) != 0 {
			t.Errorf("without other languages it is %s", r.Body)
		}
		if rows := k.Public("GET", n.list+"?q=نهر").Want(200).List("data"); len(rows) != 0 {
			t.Errorf("what it is called no more finds %v", rows)
		}
	})
}

func TestAnArticleNamesNounsInItsLanguage(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	tag := plainNouns[0].create(k, "Water")
	section := plainNouns[1].create(k, "World")
	author := plainNouns[2].create(k, "Ada")
	refs := map[string]any{
		"tags": []string{tag}, "sections": []string{section},
		"authors": []any{map[string]any{"author": author}},
	}
	write := func(slug, locale string) *testkit.Response {
		article := map[string]any{"slug": slug, "locale": locale}
		for name, v := range refs {
			article[name] = v
		}
		return k.Draft(article)
	}
	ar := write("ar", "ar-EG").Text("id")
	k.Publish(ar)
	k.Publish(write("en", "en").Text("id"))
	names := func(r *testkit.Response, row string) string {
		return fmt.Sprint(r.Field(row+"tags.0.name"), " ", r.Field(row+"sections.0.name"), " ",
			r.Field(row+"authors.0.name"), " ", r.Field(row+"byline"))
	}
	const own, arabic = "Water World Ada Ada", "ماء العالم آدا آدا"
	shows := func(when, wantAr string) {
		t.Helper()
		for range 2 { // made, and from memory
			for target, row := range map[string]string{
				"/v1/articles/ar": "", "/v1/articles?slug=ar": "data.0.", "/v1/articles?slug=ar&tag=water": "data.0.",
			} {
				if got := names(k.Public("GET", target).Want(200), row); got != wantAr {
					t.Errorf("%s %s has %q, want %q", when, target, got, wantAr)
				}
			}
			if got := names(k.Public("GET", "/v1/articles/en").Want(200), ""); got != own {
				t.Errorf("%s in English there is %q", when, got)
			}
		}
	}
	shows("called by one name", own)
	inArabic(k, "/v1/tags/"+tag, "ماء")
	inArabic(k, "/v1/sections/"+section, "العالم")
	inArabic(k, "/v1/authors/"+author, "آدا")
	shows("called otherwise in Arabic", arabic)
	if got := draftView(k, ar); got.Text("tags.0.name") != "ماء" || got.Text("byline_shown") != "آدا" ||
		got.Field("has_unpublished_changes") != false {
		t.Errorf("editors see %s", got.Body)
	}
	if got := write("new", "ar"); got.Text("sections.0.name") != "العالم" || got.Text("sections.0.slug") != "world" {
		t.Errorf("a new one has %s", got.Body)
	}
	for _, word := range []string{"ماء", "العالم", "آدا", "water", "Ada"} {
		if got := len(k.Public("GET", "/v1/articles").Ask("q=" + word).Want(200).List("data")); got != 2 {
			t.Errorf("q=%s finds %d", word, got)
		}
		if got := k.Public("GET", "/v1/suggest").Ask("q=" + word).Want(200); len(got.List("data")) != 1 {
			t.Errorf("%s suggests %s", word, got.Body)
		}
	}
	k.As(cms.Editor, "PATCH", "/v1/authors/"+author).
		JSON(`{"localized": {"ar": {"job_title": "مراسلة", "bio": "تكتب *كثيرا*."}}}`).Want(200)
	r := k.Public("GET", "/v1/authors/ada").Want(200)
	if r.Text("localized.ar.bio_html") != "<p>تكتب <em>كثيرا</em>.</p>" || r.Text("localized.ar.name") != "آدا" {
		t.Errorf("the author is %s", r.Body)
	}
	k.As(cms.Editor, "PATCH", "/v1/tags/"+tag).JSON(`{"localized": {"ar": {"name": null}}}`).Want(200)
	shows("the tag no longer", strings.Replace(arabic, "ماء", "Water", 1))
}

// In another language a tag may be called as another one is.
func TestTagsMayBeCalledAlikeInOtherLanguages(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	iran := plainNouns[0].create(k, "Iran")
	own := plainNouns[0].create(k, "إيران")
	inArabic(k, "/v1/tags/"+iran, "إيران")
	inArabic(k, "/v1/tags/"+plainNouns[0].create(k, "Persia"), "إيران")
	k.As(cms.Editor, "PATCH", "/v1/tags/"+own).JSON(`{"description": "D"}`).Want(200)
	r := k.As(cms.Editor, "POST", "/v1/articles?create_tags=true").JSON(`{"title": "T", "tags": ["إيران"]}`).Want(201)
	if got := r.Text("tags.0.id"); got != own {
		t.Errorf("the name leads to %s, want that of the tag itself", got)
	}
	mergeTags(k, iran, own)
	if got := k.Public("GET", "/v1/tags/"+own).Want(200); fmt.Sprint(got.Field("aliases")) != "[Iran]" ||
		len(got.Field("localized").(map[string]any)) != 0 {
		t.Errorf("merged it is %s", got.Body)
	}
}

func TestTheSiteIsCalledOtherwiseInOtherLanguages(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Public("GET", "/v1/site").Want(200)
	k.As(cms.Admin, "PATCH", "/v1/site").
		JSON(`{"localized": {"ar": {"name": "الصباح", "tagline": "كل يوم"}, "AR-eg": {"tagline": "T"}}}`).Want(200)
	r := k.Public("GET", "/v1/site").Want(200)
	want := map[string]any{
		"ar":    map[string]any{"name": "الصباح", "tagline": "كل يوم"},
		"ar-EG": map[string]any{"name": nil, "tagline": "T"},
	}
	if diff := cmp.Diff(want, r.Field("localized")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	refused := k.As(cms.Admin, "PATCH", "/v1/site").JSON(`{"localized": {"ar": {"tagline": "a\nb"}}}`).Do()
	wantProblem(t, refused, 422, cms.Invalid, "pointer", "/localized/ar/tagline")
}
