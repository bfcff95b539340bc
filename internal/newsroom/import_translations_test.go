package newsroom_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// translationsOf are the languages of the translations that editors see of an article.
func translationsOf(k *testkit.Kit, id cms.ID) string {
	k.T.Helper()
	var locales []string
	for _, row := range draft(k, id).List("translations") {
		locales = append(locales, row.(map[string]any)["locale"].(string))
	}
	return strings.Join(locales, " ")
}

func TestItemsThatSayTheSameInOtherLanguagesAreTranslations(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	files := fstest.MapFS{
		"a.md": post("A"), "a.ar.md": post("A in Arabic"), "b.md": post("B", "translation_key: x"),
		"c.md": post("C", "translation_key: x", "lang: tg"), "d.md": post("D"),
	}
	ids := map[string]cms.ID{}
	for _, o := range bring(t, k, "s", false, itemsOf(files)) {
		if o.Result != newsroom.Made || len(o.Notes) > 0 {
			t.Errorf("%s: %s %v", o.Item.File, o.Result, o.Notes)
		}
		ids[o.Item.File] = o.ID
	}
	want := map[string]string{"a.md": "ar", "a.ar.md": "en", "b.md": "tg", "c.md": "en", "d.md": ""}
	for file, locales := range want {
		if got := translationsOf(k, ids[file]); got != locales {
			t.Errorf("%s has translations in %q, want %q", file, got, locales)
		}
	}
	if got := draft(k, ids["a.ar.md"]); got.Text("translation_of") != string(ids["a.md"]) ||
		got.ETag() != `"1"` {
		t.Errorf("the translation is %s", got.Body)
	}
	r := k.Public("GET", fmt.Sprintf("/v1/articles/%s", ids["b.md"])).Want(200)
	if got := r.Text("translations.0.id"); got != string(ids["c.md"]) {
		t.Errorf("readers get %q", got)
	}

	// Later runs add what is new, and leave alone what editors have ordered otherwise.
	k.As(cms.Editor, "PATCH", "/v1/articles/"+string(ids["c.md"])).If("*").
		JSON(`{"translation_of": null}`).Want(200)
	files["a.fr.md"] = post("A in French")
	files["e.md"] = post("E", "translation_key: x")
	for _, o := range bring(t, k, "s", false, itemsOf(files)) {
		ids[o.Item.File] = o.ID
		if got := strings.Contains(strings.Join(o.Notes, " "), "translation in en already"); got !=
			(o.Item.File == "e.md") {
			t.Errorf("%s: %s %v", o.Item.File, o.Result, o.Notes)
		}
	}
	for file, locales := range map[string]string{
		"a.md": "ar fr", "a.fr.md": "ar en", "b.md": "", "c.md": "", "e.md": "",
	} {
		if got := translationsOf(k, ids[file]); got != locales {
			t.Errorf("after a second run %s has translations in %q, want %q", file, got, locales)
		}
	}
}

func TestAnItemThatComesInALanguageOfItsTranslationsLeavesThem(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	files := fstest.MapFS{
		"a.md": post("A", "translation_key: x"),
		"b.md": post("B", "translation_key: x", "lang: tg"),
	}
	ids := map[string]cms.ID{}
	for _, o := range bring(t, k, "s", false, itemsOf(files)) {
		ids[o.Item.File] = o.ID
	}
	files["b.md"] = post("B", "translation_key: x", "lang: en")
	for _, o := range bring(t, k, "s", false, itemsOf(files)) {
		if o.Item.File == "a.md" {
			continue
		}
		notes := strings.Join(o.Notes, " ")
		if o.Result != newsroom.Updated || !strings.Contains(notes, "translation in en already") {
			t.Errorf("%s: %s %s %v", o.Item.File, o.Result, o.Reason, o.Notes)
		}
	}
	for file, id := range ids {
		if got := translationsOf(k, id); got != "" {
			t.Errorf("%s has translations in %q", file, got)
		}
		live := k.Public("GET", "/v1/articles/"+string(id)).Want(200)
		if live.Text("locale") != "en" || len(live.List("translations")) != 0 {
			t.Errorf("readers see %s as %s", file, live.Body)
		}
	}
}
