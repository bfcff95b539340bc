package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func correctionsPath(article string) string { return articlePath(article) + "/corrections" }

func correctionPath(id string) string { return "/v1/corrections/" + id }

// correct adds a correction to an article as the editor.
func correct(k *testkit.Kit, article, body string) *testkit.Response {
	k.T.Helper()
	return k.As(cms.Editor, "POST", correctionsPath(article)).JSON(body).Want(201)
}

// corrections are the texts of the corrections in a list of an answer.
func corrections(r *testkit.Response, path string) string {
	r.T.Helper()
	var texts []string
	for _, row := range r.List(path) {
		texts = append(texts, row.(map[string]any)["text"].(string))
	}
	return strings.Join(texts, " ")
}

func TestACorrectionHasEveryField(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	article := k.Published(map[string]any{"title": "Canals"})
	id := article.Text("id")
	revise(k, id, `{"title": "Rivers"}`)
	k.Publish(id)
	k.Clock.Move(time.Hour)
	made := correct(k, id, `{"text": "Seven, not nine.\nWe regret it. <b>&"}`)
	brief := map[string]any{
		"id": made.Field("id"), "type": "correction", "text": "Seven, not nine.\nWe regret it. <b>&",
		"edition": 2.0, "published_at": at(60),
	}
	want := map[string]any{
		"article": map[string]any{
			"id": id, "slug": "canals", "title": "Rivers", "url": "https://news.example.org/articles/canals",
		},
		"created_at": at(60), "updated_at": at(60), "version": 5.0, // that of the article
	}
	for name, v := range brief {
		want[name] = v
	}
	if diff := cmp.Diff(want, made.Object()); diff != "" {
		t.Errorf("made (-want +got):\n%s", diff)
	}
	if got := made.Header.Get("Location"); got != correctionPath(made.Text("id")) {
		t.Errorf("it is at %q", got)
	}
	for _, view := range []string{"?view=draft", ""} {
		if view == "" {
			delete(want, "version")
		}
		one := k.As(cms.Author, "GET", correctionPath(made.Text("id"))+view).Want(200)
		if diff := cmp.Diff(want, one.Object()); diff != "" {
			t.Errorf("by itself%s (-want +got):\n%s", view, diff)
		}
		list := k.As(cms.Author, "GET", "/v1/corrections"+view).Want(200)
		if diff := cmp.Diff([]any{want}, list.List("data")); diff != "" {
			t.Errorf("in the list%s (-want +got):\n%s", view, diff)
		}
		in := k.As(cms.Author, "GET", articlePath(id)+view).Want(200)
		if diff := cmp.Diff([]any{brief}, in.List("corrections")); diff != "" {
			t.Errorf("in its article%s (-want +got):\n%s", view, diff)
		}
		in = k.As(cms.Author, "GET", "/v1/articles?include=corrections"+strings.Replace(view, "?", "&", 1)).Want(200)
		if diff := cmp.Diff([]any{brief}, in.List("data.0.corrections")); diff != "" {
			t.Errorf("in a list of articles%s (-want +got):\n%s", view, diff)
		}
	}
	for _, target := range []string{correctionPath(made.Text("id")), "/v1/corrections"} {
		etag := k.Public("GET", target).Want(200).ETag()
		k.Public("GET", target).Header("If-None-Match", etag).Want(304)
	}
	if got := k.Public("GET", "/v1/articles").Want(200); strings.Contains(string(got.Body), "corrections") {
		t.Errorf("lists have corrections unasked: %s", got.Body)
	}
}

func TestACorrectionRaisesTheVersionOfItsArticleAndChangesNothingElse(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(nil).Text("id") // version 2
	made := k.As(cms.Editor, "POST", correctionsPath(id)).If(`"2"`).JSON(`{"text": "T"}`).Want(201)
	path := correctionPath(made.Text("id"))
	if made.ETag() != `"3"` {
		t.Errorf("the version is %s", made.ETag())
	}
	for _, c := range []*testkit.Call{
		k.As(cms.Editor, "POST", correctionsPath(id)).If(`"2"`).JSON(`{"text": "T"}`),
		k.As(cms.Editor, "PATCH", path).If(`"2"`).JSON(`{"text": "U"}`),
		k.As(cms.Editor, "DELETE", path).If(`"2"`),
		k.As(cms.Editor, "POST", articlePath(id)+"/publish").If(`"2"`),
	} {
		r := c.Do()
		wantProblem(t, r, 412, cms.VersionMismatch, "", "")
		if got := fmt.Sprint(r.Field("changed_fields")); got != "[corrections]" || r.ETag() != `"3"` {
			t.Errorf("since then %s changed, and it is %s", got, r.ETag())
		}
	}
	if r := k.As(cms.Editor, "PATCH", path).If(`"3"`).JSON(`{"text": "T"}`).Want(200); r.ETag() != `"3"` {
		t.Errorf("a patch that changes nothing makes %s", r.ETag())
	}
	if r := k.As(cms.Editor, "PATCH", path).If(`"3"`).JSON(`{"text": "U"}`).Want(200); r.ETag() != `"4"` {
		t.Errorf("a patch makes %s", r.ETag())
	}
	if r := k.As(cms.Author, "GET", path+"?view=draft").Want(200); r.ETag() != `"4"` {
		t.Errorf("editors read version %s", r.ETag())
	}
	draft := draftView(k, id)
	if draft.Field("has_unpublished_changes") != false || draft.ETag() != `"4"` || draft.Field("edition") != 1.0 {
		t.Errorf("the article is now %s", draft.Body)
	}
	k.As(cms.Editor, "DELETE", path).If(`"4"`).Want(204)
	if got := draftView(k, id); got.ETag() != `"5"` || len(got.List("corrections")) != 0 {
		t.Errorf("the correction is gone, and the article is %s", got.Body)
	}
	k.As(cms.Editor, "DELETE", path).Want(404)
}

func TestCorrectionsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(nil).Text("id")
	for body, pointer := range map[string]string{
		`{}`:                           "/text",
		`{"text": " \n\t"}`:            "/text",
		`{"text": "T", "type": "lie"}`: "/type",
		`{"text": "` + strings.Repeat("é", 2001) + `"}`:  "/text",
		`{"text": "T", "published_at": "` + at(1) + `"}`: "/published_at",
		`{"text": "T", "published_at": "yesterday"}`:     "/published_at",
		`{"text": "T", "edition": 1}`:                    "/edition",
		`{"text": "a\u0000b"}`:                           "/text",
	} {
		r := k.As(cms.Editor, "POST", correctionsPath(id)).JSON(body).Do()
		wantProblem(t, r, 422, cms.Invalid, "pointer", pointer)
	}
	unseen := k.Draft(nil).Text("id")
	r := k.As(cms.Editor, "POST", correctionsPath(unseen)).JSON(`{"text": "T"}`).Do()
	wantProblem(t, r, 409, cms.WrongState, "", "")
	made := correct(k, id, `{"text": "`+strings.Repeat("é", 2000)+`"}`).Text("id")
	r = k.As(cms.Editor, "PATCH", correctionPath(made)).JSON(`{"text": null}`).Do()
	wantProblem(t, r, 422, cms.Invalid, "pointer", "/text")
	trash(k, id)
	for _, c := range []*testkit.Call{
		k.As(cms.Editor, "POST", correctionsPath(id)).JSON(`{"text": "T"}`),
		k.As(cms.Editor, "PATCH", correctionPath(made)).JSON(`{"text": "U"}`),
		k.As(cms.Editor, "DELETE", correctionPath(made)),
	} {
		wantProblem(t, c.Do(), 409, cms.WrongState, "", "")
	}
}

func TestAnArticleHasAHundredCorrectionsAtMost(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(nil).Text("id")
	for i := range cms.MaxCorrections {
		correct(k, id, fmt.Sprintf(`{"text": "T%d"}`, i))
	}
	r := k.As(cms.Editor, "POST", correctionsPath(id)).JSON(`{"text": "T"}`).Do()
	wantProblem(t, r, 422, cms.Invalid, "", "")
	if n := len(k.Public("GET", articlePath(id)).Want(200).List("corrections")); n != cms.MaxCorrections {
		t.Errorf("it has %d", n)
	}
}

func TestCorrectionsHaveTheirOrder(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	first, second := k.Published(nil).Text("id"), k.Published(map[string]any{"slug": "second"}).Text("id")
	for i, c := range []struct {
		article, kind string
		minutes       int
	}{
		{first, "update", -10}, {first, "correction", -30}, {second, "clarification", -20}, {first, "correction", -30},
	} {
		correct(k, c.article, fmt.Sprintf(`{"text": "%d", "type": %q, "published_at": %q}`, i, c.kind, at(c.minutes)))
	}
	if got := corrections(k.Public("GET", articlePath(first)).Want(200), "corrections"); got != "1 3 0" {
		t.Errorf("the article has %q", got)
	}
	for query, want := range map[string]string{
		"":                            "0 2 3 1",
		"?view=draft":                 "0 2 3 1",
		"?article=" + first:           "0 3 1",
		"?article=second":             "2",
		"?article=nowhere":            "",
		"?type=correction":            "3 1",
		"?type=update,clarification":  "0 2",
		"?type=update&article=second": "",
	} {
		if got := corrections(k.As(cms.Author, "GET", "/v1/corrections"+query).Want(200), "data"); got != want {
			t.Errorf("%s lists %q, want %q", query, got, want)
		}
		base := "/v1/corrections?limit=1&count=exact&" + strings.TrimPrefix(query, "?")
		var paged []string
		for next, more := strings.TrimSuffix(base, "&"), true; more; {
			r := k.As(cms.Author, "GET", next).Want(200)
			if text := corrections(r, "data"); text != "" {
				paged = append(paged, text)
			}
			if n := len(strings.Fields(want)); r.Field("page.total") != float64(n) {
				t.Errorf("%s has %v, want %d", query, r.Field("page.total"), n)
			}
			var cursor string
			cursor, more = r.Field("page.next").(string)
			next = strings.TrimSuffix(base, "&") + "&cursor=" + cursor
		}
		if got := strings.Join(paged, " "); got != want {
			t.Errorf("%s lists %q page by page, want %q", query, got, want)
		}
	}
	r := k.Public("GET", "/v1/corrections?type=lie").Do()
	wantProblem(t, r, 400, cms.InvalidParameter, "parameter", "type")
}

func TestReadersSeeCorrectionsAtOnceAndWhileTheArticleIsLive(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(map[string]any{"title": "Canals", "tags": []string{"Water"}}).Text("id")
	var made string
	shows := func(when, want, title string) {
		t.Helper()
		for range 2 { // made, and from memory
			list := k.Public("GET", "/v1/corrections").Want(200)
			if got := corrections(list, "data"); got != want {
				t.Errorf("%s the list has %q, want %q", when, got, want)
			}
			if title == "" {
				if made != "" {
					k.Public("GET", correctionPath(made)).Want(404)
				}
				continue
			}
			for _, target := range []string{articlePath(id), "/v1/articles/canals"} {
				if got := corrections(k.Public("GET", target).Want(200), "corrections"); got != want {
					t.Errorf("%s %s has %q, want %q", when, target, got, want)
				}
			}
			for _, target := range []string{"/v1/articles?include=corrections", "/v1/articles?tag=water&fields=corrections"} {
				if got := corrections(k.Public("GET", target).Want(200), "data.0.corrections"); got != want {
					t.Errorf("%s %s has %q, want %q", when, target, got, want)
				}
			}
			if want == "" {
				continue
			}
			if got := list.Text("data.0.article.title"); got != title {
				t.Errorf("%s the article is called %q in the list", when, got)
			}
			if got := k.Public("GET", correctionPath(made)).Want(200).Text("article.title"); got != title {
				t.Errorf("%s the article is called %q", when, got)
			}
		}
	}
	shows("before", "", "Canals")
	made = correct(k, id, `{"text": "T"}`).Text("id")
	shows("made", "T", "Canals")
	k.As(cms.Editor, "PATCH", correctionPath(made)).JSON(`{"text": "U"}`).Want(200)
	shows("changed", "U", "Canals")
	revise(k, id, `{"title": "Rivers"}`)
	shows("the draft revised", "U", "Canals")
	k.Publish(id)
	shows("published again", "U", "Rivers")
	verb(k, id, "withdraw")
	shows("withdrawn", "", "")
	if got := corrections(draftView(k, id), "corrections"); got != "U" {
		t.Errorf("editors see %q of what is withdrawn", got)
	}
	k.Publish(id)
	shows("live again", "U", "Rivers")
	trash(k, id)
	shows("in the trash", "", "")
	if got := corrections(k.As(cms.Author, "GET", "/v1/corrections?view=draft").Want(200), "data"); got != "U" {
		t.Errorf("editors see %q of what is in the trash", got)
	}
	k.As(cms.Editor, "POST", articlePath(id)+"/restore").If("*").Want(200)
	k.Publish(id)
	shows("restored", "U", "Rivers")
	k.As(cms.Editor, "DELETE", correctionPath(made)).Want(204)
	shows("deleted", "", "Rivers")
}

func TestARetractionMarksTheArticleEverywhere(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(map[string]any{"slug": "canals", "tags": []string{"Water"}}).Text("id")
	other := k.Published(map[string]any{"title": "Other", "tags": []string{"Water"}}).Text("id")
	pointTo(k, other, id)
	k.As(cms.Editor, "POST", "/v1/collections").JSON(`{"name": "Lead", "rule": {"filter": "slug = canals"}}`).Want(201)
	is := func(when string, want bool) {
		t.Helper()
		for target, path := range map[string]string{
			articlePath(id): "retracted", "/v1/articles?slug=canals": "data.0.retracted",
			"/v1/articles?tag=water&fields=slug,retracted&sort=published_at": "data.0.retracted",
			"/v1/articles?include=body&slug=canals":                          "data.0.retracted",
			"/v1/articles/other/related?fields=retracted":                    "data.0.retracted",
			"/v1/collections/lead/articles?fields=retracted":                 "data.0.article.retracted",
		} {
			for range 2 {
				if got := k.Public("GET", target).Want(200).Field(path); got != want {
					t.Errorf("%s %s says %v", when, target, got)
				}
			}
		}
		for _, target := range []string{"/v1/articles?", "/v1/articles?view=draft&"} {
			r := k.As(cms.Author, "GET", target+"count=exact&filter=retracted=true").Want(200)
			if got := r.Field("page.total"); (got == 1.0) != want {
				t.Errorf("%s %v are retracted in %s", when, got, target)
			}
		}
		if got := draftView(k, id).Field("retracted"); got != want {
			t.Errorf("%s editors are told %v", when, got)
		}
	}
	is("before", false)
	correct(k, id, `{"text": "T"}`)
	is("corrected", false)
	made := correct(k, id, `{"text": "It is not so.", "type": "retraction"}`).Text("id")
	is("retracted", true)
	k.As(cms.Editor, "PATCH", correctionPath(made)).JSON(`{"type": "update"}`).Want(200)
	is("no longer retracted", false)
	k.As(cms.Editor, "PATCH", correctionPath(made)).JSON(`{"type": "retraction"}`).Want(200)
	is("retracted again", true)
	k.As(cms.Editor, "DELETE", correctionPath(made)).Want(204)
	is("the retraction deleted", false)
}

func TestOfListsOnlyThoseFallThatShowACorrection(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(nil).Text("id")
	other := k.Published(map[string]any{"slug": "other"}).Text("id")
	kept := []string{"/v1/articles", "/v1/articles?include=related_links", articlePath(other), "/v1/tags"}
	for _, target := range kept {
		k.Public("GET", target).Want(200)
	}
	correct(k, id, `{"text": "T"}`)
	before := k.Statements()
	for _, target := range kept {
		k.Public("GET", target).Want(200)
	}
	if n := k.Statements() - before; n != 0 {
		t.Errorf("%d statements for what shows no correction", n)
	}
}

func TestACorrectionIsMadeOnceForAKey(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(nil).Text("id")
	send := func() *testkit.Response {
		return k.As(cms.Editor, "POST", correctionsPath(id)).Header("Idempotency-Key", "one").JSON(`{"text": "T"}`).Want(201)
	}
	if first, again := send(), send(); string(first.Body) != string(again.Body) || again.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("made %s, then %s", first.Body, again.Body)
	}
	if got := corrections(k.Public("GET", articlePath(id)).Want(200), "corrections"); got != "T" {
		t.Errorf("there are %q", got)
	}
	made := k.Public("GET", "/v1/corrections").Want(200).Text("data.0.id")
	patch := func() *testkit.Response {
		return k.As(cms.Editor, "PATCH", correctionPath(made)).Header("Idempotency-Key", "two").JSON(`{"text": "canary"}`).Do()
	}
	if r := patch(); r.Status != 200 {
		t.Fatalf("%d: %s", r.Status, r.Body)
	}
	trash(k, id)
	k.As(cms.Admin, "DELETE", articlePath(id)+"?permanent=true").If("*").Want(204)
	if r := patch(); r.Status != 422 || strings.Contains(string(r.Body), "canary") {
		t.Errorf("the article is gone for good, and a repeated call is answered %s", r.Body)
	}
	if got := corrections(k.As(cms.Author, "GET", "/v1/corrections?view=draft").Want(200), "data"); got != "" {
		t.Errorf("the article is gone for good, and there are %q", got)
	}
}
