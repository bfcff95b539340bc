package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// inLocale makes a draft in a language, a translation of another article unless of is empty.
func inLocale(k *testkit.Kit, slug, locale, of string) string {
	k.T.Helper()
	fields := map[string]any{"title": "T " + slug, "slug": slug, "locale": locale}
	if of != "" {
		fields["translation_of"] = of
	}
	return k.Draft(fields).Text("id")
}

// translations are the languages and slugs of what an article is shown as translated.
func translations(r *testkit.Response, path string) string {
	r.T.Helper()
	var out []string
	for _, row := range r.List(path) {
		row := row.(map[string]any)
		out = append(out, fmt.Sprint(row["locale"], ":", row["slug"]))
	}
	return strings.Join(out, " ")
}

// rowSlugs are the slugs of the rows of a list.
func rowSlugs(r *testkit.Response) string {
	r.T.Helper()
	var out []string
	for _, row := range r.List("data") {
		out = append(out, row.(map[string]any)["slug"].(string))
	}
	return strings.Join(out, " ")
}

func TestTranslationsAreAGroupThatIsNamedByTheOldest(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	en := inLocale(k, "en", "en", "")
	ar := inLocale(k, "ar", "ar", "en")
	made := k.Draft(map[string]any{"slug": "tg", "locale": "tg", "translation_of": ar})
	tg := made.Text("id")
	if got := translations(made, "translations"); got != "ar:ar en:en" || made.Text("translation_of") != en {
		t.Errorf("made as a translation of %q, of %v", got, made.Field("translation_of"))
	}
	of := func(when string, want map[string]any) {
		t.Helper()
		for id, group := range want {
			if got := draftView(k, id).Field("translation_of"); got != group {
				t.Errorf("%s %s is a translation of %v, want %v", when, id, got, group)
			}
		}
	}
	of("made,", map[string]any{en: en, ar: en, tg: en})
	want := map[string]any{
		"locale": "ar", "id": ar, "slug": "ar", "title": "T ar", "url": "https://news.example.org/articles/ar",
	}
	if diff := cmp.Diff(want, draftView(k, en).Field("translations.0")); diff != "" {
		t.Errorf("a translation (-want +got):\n%s", diff)
	}
	version := draftView(k, ar).ETag()
	r := k.As(cms.Editor, "PATCH", articlePath(ar)).If(version).JSON(`{"translation_of": "tg"}`).Want(200)
	if r.ETag() != version {
		t.Errorf("to join the same group again makes version %s of %s", r.ETag(), version)
	}
	r = k.As(cms.Editor, "PATCH", articlePath(en)).If("*").JSON(`{"translation_of": null}`).Want(200)
	if r.ETag() != `"2"` || r.Field("translation_of") != nil || len(r.List("translations")) != 0 {
		t.Errorf("left as %s %s", r.ETag(), r.Body)
	}
	of("the oldest has left,", map[string]any{en: nil, ar: ar, tg: ar})
	revise(k, en, `{"translation_of": "tg"}`)
	of("the oldest is back,", map[string]any{en: en, ar: en, tg: en})
	r = k.As(cms.Editor, "PATCH", articlePath(en)).If("*").JSON(map[string]any{"translation_of": en}).Want(200)
	if r.Text("translation_of") != en {
		t.Errorf("what names itself is a translation of %v", r.Field("translation_of"))
	}
	k.As(cms.Editor, "PUT", articlePath(ar)).If("*").JSON(`{"title": "T", "locale": "ar"}`).Want(200)
	of("replaced without a word of it,", map[string]any{en: en, ar: nil, tg: en})
	r = k.As(cms.Editor, "PATCH", articlePath(tg)).If(`"99"`).JSON(`{"kicker": "K"}`).Want(412)
	if got := fmt.Sprint(r.Field("changed_fields")); got != "[]" {
		t.Errorf("the group of another changed %s", got)
	}
	trash(k, en)
	k.As(cms.Admin, "DELETE", articlePath(en)+"?permanent=true").If("*").Want(204)
	of("the other is gone for good,", map[string]any{ar: nil, tg: nil})
	if got := len(draftView(k, tg).List("translations")); got != 0 {
		t.Errorf("one alone has %d translations", got)
	}
	list := k.As(cms.Editor, "GET", "/v1/articles?view=draft&filter=translation_of:*").Want(200)
	if got := len(list.List("data")); got != 0 {
		t.Errorf("%d are in groups", got)
	}
}

func TestAGroupHasOneArticleALanguage(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	en := inLocale(k, "en", "en", "")
	ar := inLocale(k, "ar", "ar", en)
	other := inLocale(k, "other", "ar-EG", en)
	for _, c := range []struct{ id, patch, pointer string }{
		{other, `{"locale": "ar"}`, "/locale"},
		{ar, `{"locale": "AR-eg"}`, "/locale"},
		{inLocale(k, "alone", "ar", ""), `{"translation_of": "en"}`, "/translation_of"},
		{inLocale(k, "alone-too", "tg", ""), `{"translation_of": "en", "locale": "en"}`, "/translation_of"},
	} {
		before := draftView(k, c.id)
		r := k.As(cms.Editor, "PATCH", articlePath(c.id)).If("*").JSON(c.patch).Do()
		wantProblem(t, r, 409, cms.Duplicate, "pointer", c.pointer)
		if after := draftView(k, c.id); string(after.Body) != string(before.Body) {
			t.Errorf("refused, and changed to %s", after.Body)
		}
	}
	r := k.As(cms.Editor, "POST", "/v1/articles").JSON(map[string]any{"title": "T", "locale": "ar", "translation_of": en}).Do()
	wantProblem(t, r, 409, cms.Duplicate, "pointer", "/translation_of")
	for _, ref := range []string{"nowhere", nothing} {
		r := k.As(cms.Editor, "POST", "/v1/articles").JSON(map[string]any{"title": "T", "translation_of": ref}).Do()
		wantProblem(t, r, 422, cms.Invalid, "pointer", "/translation_of")
	}
	revise(k, other, `{"locale": "ar", "translation_of": null}`) // elsewhere it may be
	revise(k, other, `{"locale": "tg", "translation_of": "en"}`)
	if got := translations(draftView(k, en), "translations"); got != "ar:ar tg:other" {
		t.Errorf("there are %q", got)
	}
}

func TestAGroupHasOneArticleInALanguageThatReadersSee(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	en := k.Publish(inLocale(k, "en", "en", "")).Text("id")
	fr := k.Publish(inLocale(k, "fr", "fr", en)).Text("id")
	revise(k, fr, `{"locale": "de"}`) // readers see it in French still
	taken := func(r *testkit.Response, pointer, by string) {
		t.Helper()
		wantProblem(t, r, 409, cms.Duplicate, "pointer", pointer)
		if got := r.Text("errors.0.detail"); !strings.Contains(got, by) || !strings.Contains(got, "Readers see") {
			t.Errorf("it is not said that readers see %s: %s", by, got)
		}
	}
	for _, locale := range []string{"fr", "de"} {
		r := k.As(cms.Editor, "POST", "/v1/articles").
			JSON(map[string]any{"title": "T", "locale": locale, "translation_of": en}).Do()
		wantProblem(t, r, 409, cms.Duplicate, "pointer", "/translation_of")
		if locale == "fr" {
			taken(r, "/translation_of", fr)
		}
	}
	tg := k.Publish(inLocale(k, "tg", "tg", en)).Text("id")
	taken(k.As(cms.Editor, "PATCH", articlePath(tg)).If("*").JSON(`{"locale": "fr"}`).Do(), "/locale", fr)
	alone := k.Publish(inLocale(k, "alone", "tg", "")).Text("id")
	revise(k, alone, `{"locale": "fa"}`) // readers see it in Tajik still
	r := k.As(cms.Editor, "PATCH", articlePath(alone)).If("*").JSON(`{"translation_of": "en"}`).Do()
	wantProblem(t, r, 409, cms.Duplicate, "pointer", "/translation_of")
	revise(k, fr, `{"locale": "fr"}`) // it can go back
	revise(k, fr, `{"locale": "de"}`)
	k.Publish(fr)
	k.Publish(inLocale(k, "fr-too", "fr", en))
	if got := translations(k.Public("GET", articlePath(en)).Want(200), "translations"); got != "de:fr fr:fr-too tg:tg" {
		t.Errorf("readers see %q", got)
	}
}

func TestNoArticleIsPublishedInALanguageOfAnotherOfItsGroup(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	en := k.Publish(inLocale(k, "en", "en", "")).Text("id")
	fr := k.Publish(inLocale(k, "fr", "fr", en)).Text("id")
	other := inLocale(k, "other", "ar", en)
	revise(k, fr, `{"locale": "de"}`)
	err := k.Store.Write(t.Context(), func(db *store.DB) error { // as it could become before
		a, err := db.Article(cms.ID(other))
		if err != nil {
			return err
		}
		a.Locale = "fr"
		return db.SaveArticle(a)
	})
	if err != nil {
		t.Fatal(err)
	}
	r := k.As(cms.Editor, "POST", articlePath(other)+"/publish").If("*").Do()
	wantProblem(t, r, 409, cms.Duplicate, "pointer", "/locale")
	if got := r.Text("errors.0.detail"); !strings.Contains(got, fr) {
		t.Errorf("it is not said that %s has the language: %s", fr, got)
	}
	revise(k, other, `{"kicker": "K"}`)
	k.Publish(fr)
	k.Publish(other)
	if got := translations(k.Public("GET", articlePath(en)).Want(200), "translations"); got != "de:fr fr:other" {
		t.Errorf("readers see %q", got)
	}
}

func TestReadersSeeTheTranslationsThatAreLive(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	en := k.Publish(inLocale(k, "en", "en", "")).Text("id")
	ar := inLocale(k, "ar", "ar", en)
	tg := inLocale(k, "tg", "tg", "")
	shows := func(when, want string) {
		t.Helper()
		for range 2 { // made, and from memory
			if got := translations(k.Public("GET", "/v1/articles/en").Want(200), "translations"); got != want {
				t.Errorf("%s there are %q, want %q", when, got, want)
			}
			for _, list := range []string{"?id=" + en + "&include=translations", "?slug=en&fields=translations"} {
				if got := translations(k.Public("GET", "/v1/articles"+list).Want(200), "data.0.translations"); got != want {
					t.Errorf("%s %s has %q, want %q", when, list, got, want)
				}
			}
		}
	}
	shows("a draft alone", "")
	k.Publish(ar)
	shows("published", "ar:ar")
	k.Publish(tg)
	shows("another published", "ar:ar")
	r := revise(k, tg, `{"translation_of": "en"}`)
	if r.Field("has_unpublished_changes") != false {
		t.Errorf("a group waits for an edition: %s", r.Body)
	}
	shows("joined", "ar:ar tg:tg")
	revise(k, tg, `{"locale": "fa"}`)
	shows("the language of a draft changed", "ar:ar tg:tg")
	k.Publish(tg)
	shows("published in another language", "ar:ar fa:tg")
	revise(k, ar, `{"slug": "arabic"}`)
	k.Publish(ar)
	shows("renamed", "ar:arabic fa:tg")
	verb(k, ar, "withdraw")
	shows("withdrawn", "fa:tg")
	revise(k, ar, `{"translation_of": null}`)
	shows("a draft left", "fa:tg")
	revise(k, tg, `{"translation_of": null}`)
	shows("left", "")
	if got := k.Public("GET", "/v1/articles").Want(200); strings.Contains(string(got.Body), "translation") {
		t.Errorf("lists have translations unasked: %s", got.Body)
	}
}

func TestArticlesSayTheirLanguage(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	made := k.Draft(map[string]any{"slug": "here", "locale": "ar-eg"})
	id := made.Text("id")
	published := k.Publish(id)
	for _, r := range []*testkit.Response{
		made, published, revise(k, id, `{"kicker": "K"}`), draftView(k, id),
		k.Public("GET", "/v1/articles/here").Want(200), k.Public("GET", "/v1/articles/here").Want(200),
		k.Public("HEAD", "/v1/articles/here?fields=title").Want(200), verb(k, id, "withdraw"),
	} {
		if got := r.Header.Get("Content-Language"); got != "ar-EG" {
			t.Errorf("the language is %q", got)
		}
	}
	if got := k.Public("GET", "/v1/articles").Want(200).Header.Get("Content-Language"); got != "" {
		t.Errorf("a list is in %q", got)
	}
}

func TestALanguageStandsInForAnother(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	publish := func(slug, locale, of string, more string) string {
		id := inLocale(k, slug, locale, of)
		if more != "" {
			revise(k, id, more)
		}
		return k.Publish(id).Text("id")
	}
	for i, slug := range []string{"a", "b", "c"} {
		publish(slug+"-en", "en", "", fmt.Sprintf(`{"published_at": "2026-01-0%dT00:00:00Z"}`, i+1))
	}
	aAr := publish("a-ar", "ar", "a-en", `{"published_at": "2026-01-04T00:00:00Z", "tags": []}`)
	publish("b-eg", "ar-EG", "b-en", `{"published_at": "2026-01-05T00:00:00Z"}`)
	inLocale(k, "c-ar", "ar", "c-en")
	publish("d-tg", "tg", "", `{"published_at": "2026-01-06T00:00:00Z"}`)
	for query, want := range map[string]string{
		"locale=ar,en&fallback=true":                     "b-eg a-ar c-en",
		"locale=ar&fallback=true":                        "b-eg a-ar",
		"locale=en,ar&fallback=true":                     "c-en b-en a-en",
		"locale=tg,ar,en&fallback=true":                  "d-tg b-eg a-ar c-en",
		"locale=ar,en&fallback=false":                    "b-eg a-ar c-en b-en a-en",
		"locale=ar-EG,en&fallback=1":                     "b-eg c-en a-en",
		"locale=fa,en&fallback=true":                     "c-en b-en a-en",
		"locale=fa&fallback=true":                        "",
		"locale=ar,en&fallback=true&slug=a-en":           "",
		"locale=ar,en&fallback=true&sort=published_at":   "c-en a-ar b-eg",
		"locale=ar,en&fallback=true&filter=slug%21=a-ar": "b-eg c-en",
	} {
		base := "/v1/articles?count=exact&facets=locale&" + query
		r := k.Public("GET", base).Want(200)
		if got := rowSlugs(r); got != want {
			t.Errorf("%s lists %q, want %q", query, got, want)
		}
		counted := 0.0
		for _, value := range r.List("facets.locale") {
			counted += value.(map[string]any)["count"].(float64)
		}
		if n := float64(len(strings.Fields(want))); r.Field("page.total") != n || counted != n {
			t.Errorf("%s counts %v and %v, want %v", query, r.Field("page.total"), counted, n)
		}
		var paged []string
		for next, more := base+"&limit=1", true; more; {
			r := k.Public("GET", next).Want(200)
			paged = append(paged, strings.Fields(rowSlugs(r))...)
			var cursor string
			cursor, more = r.Field("page.next").(string)
			next = base + "&limit=1&cursor=" + cursor
		}
		if got := strings.Join(paged, " "); got != want {
			t.Errorf("%s lists %q page by page, want %q", query, got, want)
		}
	}
	const asked = "/v1/articles?locale=ar,en&fallback=true"
	verb(k, aAr, "withdraw")
	if got := rowSlugs(k.Public("GET", asked).Want(200)); got != "b-eg c-en a-en" {
		t.Errorf("without one translation there are %q", got)
	}
	k.Publish(aAr)
	revise(k, aAr, `{"translation_of": null}`)
	if got := strings.Fields(rowSlugs(k.Public("GET", asked).Want(200))); !slices.Contains(got, "a-en") || !slices.Contains(got, "a-ar") {
		t.Errorf("what is no translation hides %v", got)
	}
	for _, query := range []string{"fallback=true", "fallback=true&locale=en&view=draft"} {
		r := k.As(cms.Author, "GET", "/v1/articles?"+query).Do()
		wantProblem(t, r, 400, cms.InvalidParameter, "parameter", "fallback")
	}
}

func TestWhatWasSaidOfAPurgedTranslationIsForgotten(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	en := inLocale(k, "canary", "en", "")
	send := func() *testkit.Response {
		return k.As(cms.Editor, "POST", "/v1/articles").Header("Idempotency-Key", "one").
			JSON(map[string]any{"title": "T", "locale": "ar", "translation_of": en}).Do()
	}
	if r := send(); r.Status != 201 || !strings.Contains(string(r.Body), "canary") {
		t.Fatalf("%d: %s", r.Status, r.Body)
	}
	trash(k, en)
	k.As(cms.Admin, "DELETE", articlePath(en)+"?permanent=true").If("*").Want(204)
	if r := send(); r.Status != 422 || strings.Contains(string(r.Body), "canary") {
		t.Errorf("%d: %s", r.Status, r.Body)
	}
}

// An article that has neither costs nothing for it.
func TestCorrectionsAndTranslationsAreLookedUpWhereThereAreSome(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.NothingKept)
	plain := k.Publish(inLocale(k, "plain", "en", "")).Text("id")
	corrected := k.Publish(inLocale(k, "corrected", "en", "")).Text("id")
	correct(k, corrected, `{"text": "T"}`)
	k.Publish(inLocale(k, "ar", "ar", corrected))
	asked := func(target string) int64 {
		k.Public("GET", target).Want(200) // names are remembered
		before := k.Statements()
		k.Public("GET", target).Want(200)
		return k.Statements() - before
	}
	least := asked(articlePath(plain))
	if got := asked(articlePath(corrected)); got != least+2 {
		t.Errorf("%d statements for an article with both, %d for one with neither", got, least)
	}
	lists := asked("/v1/articles?slug=plain")
	if got := asked("/v1/articles?slug=corrected,ar"); got != lists {
		t.Errorf("%d statements for a list of those, %d for one of others", got, lists)
	}
}
