package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// nothing is an id that nothing has.
const nothing = "019cd8c2-0000-7000-8000-000000000000"

func articlePath(id string) string { return "/v1/articles/" + id }

func draftPath(id string) string { return "/v1/articles/" + id + "?view=draft" }

// draftView is an article as the editor sees it.
func draftView(k *testkit.Kit, id string) *testkit.Response {
	k.T.Helper()
	return k.As(cms.Editor, "GET", draftPath(id)).Want(200)
}

// revise patches an article as the editor, whatever version it is.
func revise(k *testkit.Kit, id string, patch any) *testkit.Response {
	k.T.Helper()
	return k.As(cms.Editor, "PATCH", articlePath(id)).If("*").JSON(patch).Want(200)
}

// verb sends a bare verb as the editor.
func verb(k *testkit.Kit, id, name string) *testkit.Response {
	k.T.Helper()
	return k.As(cms.Editor, "POST", articlePath(id)+"/"+name).If("*").Want(200)
}

// trash puts an article in the trash.
func trash(k *testkit.Kit, id string) {
	k.T.Helper()
	k.As(cms.Editor, "DELETE", articlePath(id)).If("*").Want(204)
}

// errorsOf are the errors of a problem as "part code".
func errorsOf(r *testkit.Response) []string {
	r.T.Helper()
	list, _ := r.Field("errors").([]any)
	out := []string{}
	for _, e := range list {
		e := e.(map[string]any)
		for _, part := range []string{"pointer", "parameter", "header"} {
			if at, ok := e[part]; ok {
				out = append(out, fmt.Sprint(at, " ", e["code"]))
			}
		}
	}
	return out
}

func wantErrors(t *testing.T, r *testkit.Response, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, errorsOf(r)); diff != "" {
		t.Errorf("errors (-want +got):\n%s%s", diff, r.Body)
	}
}

func TestANewArticleIsADraftWithDefaults(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	r := k.As(cms.Editor, "POST", "/v1/articles").JSON(`{"title": "How rivers are measured"}`).Want(201)
	got := r.Object()
	id := r.Text("id")
	want := map[string]any{}
	err := json.Unmarshal([]byte(`{
		"slug": "how-rivers-are-measured", "url": "https://news.example.org/articles/how-rivers-are-measured",
		"type": "news", "locale": "en", "direction": "ltr", "kicker": null, "title": "How rivers are measured", "summary": null,
		"dateline": null, "byline": null, "source": null, "canonical_url": null,
		"meta": {"title": null, "description": null, "noindex": false}, "extra": {}, "tags": [], "sections": [], "authors": [], "image": null, "audio": null, "video": null,
		"byline_shown": null, "word_count": 0, "retracted": false, "corrections": [], "translations": [], "translation_of": null,
		"reading_minutes": 0, "edition": null, "published_at": null, "edition_at": null,
		"created_at": "2026-11-02T08:00:00Z", "updated_at": "2026-11-02T08:00:00Z", "body_html": "", "outline": [],
		"related_links": [], "body": "", "body_format": "markdown", "warnings": [], "status": "draft", "version": 1,
		"has_unpublished_changes": false, "trashed_at": null,
		"note": null, "reason": null, "notice": null, "allowed_moves": ["submit", "publish", "kill", "trash"]}`), &want)
	if err != nil {
		t.Fatal(err)
	}
	want["id"] = id
	want["created_by"] = map[string]any{"id": r.Text("created_by.id"), "name": "The editor"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a bare draft (-want +got):\n%s", diff)
	}
	if got := r.Header.Get("Location"); got != articlePath(id) {
		t.Errorf("Location %q", got)
	}
	if r.ETag() != `"1"` || r.Header.Get("Cache-Control") != "private, no-store, no-transform" {
		t.Errorf("headers of a draft: %v", r.Header)
	}
	if diff := cmp.Diff(got, draftView(k, id).Object()); diff != "" {
		t.Errorf("the draft view differs from what making it answered:\n%s", diff)
	}
	k.Public("GET", articlePath(id)).Want(404)
	k.Public("GET", articlePath("how-rivers-are-measured")).Want(404)
}

// everyField is an article with a value in every field that can be written.
func everyField() map[string]any {
	return map[string]any{
		"title": "Water rises", "slug": "water-rises-again", "type": "explainer", "locale": "fr", "kicker": "Explained",
		"summary": "Two lines\nof it", "body": "## Why\n\nBecause of *rain*.", "body_format": "markdown", "dateline": "KHUJAND",
		"byline": "Night desk", "tags": []any{"Water", "Asia"},
		"source":        map[string]any{"name": "WHO", "url": "https://who.int/a", "license": "CC BY 4.0"},
		"canonical_url": "https://example.org/rivers",
		"meta":          map[string]any{"title": "M", "description": "D", "noindex": true},
		"extra":         map[string]any{"z": 1.0, "a": map[string]any{"n": nil}}, "published_at": "2026-03-12T08:00:00Z",
	}
}

func TestEveryFieldReadsBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	written := everyField()
	draft := k.Draft(written)
	live := k.Public("GET", articlePath(k.Publish(draft.Text("id")).Text("slug"))).Want(200)
	for name, want := range written {
		switch name {
		case "tags":
			if draft.Text("tags.0.slug") != "water" || draft.Text("tags.1.name") != "Asia" || len(draft.List("tags")) != 2 {
				t.Errorf("tags: %v", draft.Field("tags"))
			}
			continue
		case "body", "body_format":
			if _, leaked := live.Object()[name]; leaked {
				t.Errorf("readers see %s", name)
			}
		default:
			if diff := cmp.Diff(want, live.Field(name)); diff != "" {
				t.Errorf("live %s (-want +got):\n%s", name, diff)
			}
		}
		if diff := cmp.Diff(want, draft.Field(name)); diff != "" {
			t.Errorf("draft %s (-want +got):\n%s", name, diff)
		}
	}
	if got := live.Text("body_html"); !strings.Contains(got, "<em>rain</em>") {
		t.Errorf("body_html %q", got)
	}
	if live.Text("outline.0.text") != "Why" || live.Field("outline.0.level") != 2.0 || live.Text("outline.0.id") == "" {
		t.Errorf("outline %v", live.Field("outline"))
	}
	if !strings.Contains(string(live.Body), `"extra":{"a":{"n":null},"z":1}`) {
		t.Errorf("the keys of extra are not sorted: %s", live.Body)
	}
}

func TestReadersSeeNoFieldOfTheDraftView(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(nil).Text("id")
	draftOnly := []string{"status", "version", "has_unpublished_changes", "created_by", "trashed_at", "body", "body_format",
		"warnings", "byline_shown", "translation_of", "note", "reason", "notice", "allowed_moves"}
	draft, live := draftView(k, id).Object(), k.Public("GET", articlePath(id)).Want(200).Object()
	for name := range draft {
		_, seen := live[name]
		if seen == slices.Contains(draftOnly, name) {
			t.Errorf("%s: live view has it: %v", name, seen)
		}
	}
	for name := range live {
		if _, ok := draft[name]; !ok {
			t.Errorf("the live view has %s, the draft view has not", name)
		}
	}
	signedIn := k.As(cms.Admin, "GET", articlePath(id)).Want(200)
	if diff := cmp.Diff(live, signedIn.Object()); diff != "" {
		t.Errorf("what a URL answers depends on who asks:\n%s", diff)
	}
}

func TestAPatchChangesWhatItNames(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(everyField()).Text("id")
	before := draftView(k, id).Object()
	patched := revise(k, id, `{"kicker": null, "type": null, "body_format": "html", "source": {"license": null}, "meta": {"title": "N"}, "tags": ["asia"], "extra": {"a": null, "b": [1]}}`)
	want := maps.Clone(before)
	want["kicker"], want["type"], want["body_format"] = nil, "news", "html"
	want["source"] = map[string]any{"name": "WHO", "url": "https://who.int/a", "license": nil}
	want["meta"] = map[string]any{"title": "N", "description": "D", "noindex": true}
	want["tags"] = []any{before["tags"].([]any)[1]}
	want["extra"] = map[string]any{"z": 1.0, "b": []any{1.0}}
	want["version"] = 2.0
	got := patched.Object()
	for _, made := range []string{"body_html", "outline", "word_count"} {
		want[made] = got[made]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("patched (-want +got):\n%s", diff)
	}
	if patched.ETag() != `"2"` {
		t.Errorf("ETag %s after the first change", patched.ETag())
	}
	k.As(cms.Editor, "PATCH", articlePath(id)).If("*").Header("Content-Type", "application/merge-patch+json").JSON(`{"title": "T"}`).Want(200)
	wantErrors(t, k.As(cms.Editor, "PATCH", articlePath(id)).If("*").JSON(`{"title": null}`).Want(422), "/title required")
}

func TestAChangeOfNothingIsNoChange(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(everyField()).Text("id")
	before := draftView(k, id)
	k.Clock.Move(time.Minute)
	for _, patch := range []string{`{}`, `{"title": "Water rises"}`, `{"meta": {}}`, `{"tags": ["water", "asia"]}`} {
		if diff := cmp.Diff(before.Object(), revise(k, id, patch).Object()); diff != "" {
			t.Errorf("%s changed something:\n%s", patch, diff)
		}
	}
}

func TestAPutGivesDefaultsToWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	full := k.Draft(everyField())
	bare := k.Draft(map[string]any{"title": "Elsewhere"}).Object()
	put := k.As(cms.Editor, "PUT", articlePath(full.Text("id"))).If(full.ETag()).JSON(`{"title": "Elsewhere"}`).Want(200)
	want := maps.Clone(bare)
	want["id"], want["version"] = full.Text("id"), 2.0
	want["slug"], want["url"] = "elsewhere-2", "https://news.example.org/articles/elsewhere-2"
	if diff := cmp.Diff(want, put.Object()); diff != "" {
		t.Errorf("put (-want +got):\n%s", diff)
	}
	wantErrors(t, k.As(cms.Editor, "PUT", articlePath(full.Text("id"))).If("*").JSON(`{"kicker": "K"}`).Want(422), "/title required")
}

// whole is a call on an article that wants If-Match, by name, as the state it takes first.
type whole struct {
	method, path, body, state string
}

var conditional = map[string]whole{
	"PATCH":    {"PATCH", "", `{"kicker": "New"}`, "draft"},
	"PUT":      {"PUT", "", `{"title": "New"}`, "draft"},
	"DELETE":   {"DELETE", "", "", "draft"},
	"publish":  {"POST", "/publish", "", "draft"},
	"submit":   {"POST", "/submit", "", "draft"},
	"return":   {"POST", "/return", "", "in_review"},
	"withdraw": {"POST", "/withdraw", "", "published"},
	"kill":     {"POST", "/kill", `{"reason": "R"}`, "published"},
	"restore":  {"POST", "/restore", "", "trashed"},
	"go back":  {"POST", "/revisions/1/restore", "", "draft"},
	"discard":  {"POST", "/discard", "", "published"},
	"purge":    {"DELETE", "?permanent=true", "", "published"},
}

// stand brings a draft to a state.
func stand(k *testkit.Kit, id, state string) {
	k.T.Helper()
	switch state {
	case "draft":
	case "published":
		k.Publish(id)
	case "withdrawn":
		k.Publish(id)
		verb(k, id, "withdraw")
	case "trashed":
		trash(k, id)
	case "in_review":
		verb(k, id, "submit")
	case "killed":
		kill(k, id, "")
	default:
		err := k.Store.Write(k.T.Context(), setStatus(cms.ID(id), cms.Status(state)))
		if err != nil {
			k.T.Fatal(err)
		}
	}
}

func TestChangesOfAnArticleNeedItsVersion(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for name, call := range conditional {
		id := k.Draft(nil).Text("id")
		stand(k, id, call.state)
		revised := draftView(k, id).ETag()
		send := func(match string) *testkit.Call {
			c := k.As(cms.Admin, call.method, articlePath(id)+call.path)
			if match != "" {
				c.If(match)
			}
			if call.body != "" {
				c.JSON(call.body)
			}
			return c
		}
		missing := send("").Want(428)
		wantErrors(t, missing, "If-Match required")
		if missing.ETag() != revised {
			t.Errorf("%s: 428 carries ETag %s, want %s", name, missing.ETag(), revised)
		}
		for _, bad := range []string{`"0"`, `"99"`, `W/"99"`, `"AAAAAAAAAAAAAAAAAAAAAA"`, `"0", "99"`} {
			if r := send(bad).Want(412); r.ETag() != revised {
				t.Errorf("%s with %s: 412 carries ETag %s, want %s", name, bad, r.ETag(), revised)
			}
		}
		for _, unreadable := range []string{"7", `"7`, `"1" "2"x`} {
			wantErrors(t, send(unreadable).Want(400), "If-Match invalid")
		}
		if got := draftView(k, id).ETag(); got != revised {
			t.Fatalf("%s: a refused call changed the article from %s to %s", name, revised, got)
		}
		coded := strings.TrimSuffix(revised, `"`) + `-gzip"` // as Apache writes what it compresses
		if r := send(`"99", W/` + coded).Do(); r.Status >= 300 {
			t.Errorf("%s with the present version in a list: %d %s", name, r.Status, r.Body)
		}
	}
}

func TestALiveETagIsNoVersion(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(nil).Text("id")
	etag := k.Public("GET", articlePath(id)).Want(200).ETag()
	r := k.As(cms.Editor, "PATCH", articlePath(id)).If(etag).JSON(`{"kicker": "K"}`).Want(412)
	if !strings.Contains(r.Text("detail"), "view=draft") || !strings.Contains(r.Text("detail"), "If-None-Match") {
		t.Errorf("no advice: %s", r.Text("detail"))
	}
	if _, named := r.Object()["changed_fields"]; named {
		t.Errorf("fields changed since no version: %s", r.Body)
	}
}

func TestAStaleVersionIsToldWhatChangedSince(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	revise(k, id, `{"summary": "S", "kicker": "K"}`)
	revise(k, id, `{"kicker": "L"}`)
	k.As(cms.Editor, "POST", articlePath(id)+"/related-links").JSON(`{"url": "https://example.org/", "title": "E"}`).Want(201)
	k.Publish(id)
	for since, want := range map[string][]any{
		`"1"`: {"edition", "kicker", "published_at", "related_links", "status", "summary"},
		`"2"`: {"edition", "kicker", "published_at", "related_links", "status"},
		`"3"`: {"edition", "published_at", "related_links", "status"},
		`"4"`: {"edition", "published_at", "status"},
	} {
		r := k.As(cms.Editor, "PATCH", articlePath(id)).If(since).JSON(`{"title": "T"}`).Want(412)
		if diff := cmp.Diff(want, r.Field("changed_fields")); diff != "" || r.ETag() != `"5"` {
			t.Errorf("since %s, ETag %s (-want +got):\n%s", since, r.ETag(), diff)
		}
	}
}

func TestOfManyWritersWithOneVersionOneSucceeds(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	k.Token(cms.Editor)
	const writers = 200
	answers := make([]*testkit.Response, writers)
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			answers[i] = k.As(cms.Editor, "PATCH", articlePath(id)).If(`"1"`).JSON(fmt.Sprintf(`{"kicker": "Writer %d"}`, i)).Do()
		})
	}
	all.Wait()
	won := []string{}
	for _, r := range answers {
		switch r.Status {
		case http.StatusOK:
			won = append(won, r.Text("kicker"))
		case http.StatusPreconditionFailed:
		default:
			t.Errorf("status %d: %s", r.Status, r.Body)
		}
	}
	now := draftView(k, id)
	if len(won) != 1 || now.Text("kicker") != won[0] || now.ETag() != `"2"` {
		t.Errorf("won: %v; the article has %q at %s", won, now.Text("kicker"), now.ETag())
	}
}

func TestTheTrash(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(map[string]any{"tags": []string{"Water"}}).Text("id")
	other := k.Published(map[string]any{"title": "Other"}).Text("id")
	k.Clock.Move(time.Hour)
	trash(k, id)
	k.Public("GET", articlePath(id)).Want(404)
	k.Public("GET", articlePath("the-river-rises")).Want(404)
	wantIDs(t, k.Public("GET", "/v1/articles"), other)
	wantIDs(t, k.As(cms.Author, "GET", "/v1/articles?view=draft"), other)
	wantIDs(t, k.As(cms.Author, "GET", "/v1/articles?view=draft&trashed=true"), id)
	seen := draftView(k, id)
	if seen.Field("trashed_at") != "2026-11-02T09:00:00Z" || seen.Field("status") != "draft" {
		t.Errorf("in the trash: %s", seen.Body)
	}
	if version := seen.ETag(); true {
		trash(k, id)
		if again := draftView(k, id).ETag(); again != version {
			t.Errorf("a second time in the trash raised the version from %s to %s", version, again)
		}
	}
	restored := verb(k, id, "restore")
	if restored.Field("trashed_at") != nil || restored.Field("status") != "draft" || restored.Field("edition") != 1.0 {
		t.Errorf("restored: %s", restored.Body)
	}
	k.Public("GET", articlePath(id)).Want(404)
	if got := k.Publish(id); got.Field("edition") != 2.0 || got.Field("published_at") != "2026-11-02T08:00:00Z" {
		t.Errorf("published again: %s", got.Body)
	}
}

func TestAPurgedArticleIsGone(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(map[string]any{"tags": []string{"Water"}}).Text("id")
	link := k.As(cms.Editor, "POST", articlePath(id)+"/related-links").JSON(`{"url": "https://example.org/", "title": "E"}`).Want(201)
	k.As(cms.Editor, "DELETE", articlePath(id)+"?permanent=true").If("*").Want(403)
	k.As(cms.Admin, "DELETE", articlePath(id)+"?permanent=true").If("*").Want(204)
	k.As(cms.Admin, "GET", draftPath(id)).Want(404)
	k.As(cms.Admin, "GET", "/v1/related-links/"+link.Text("id")+"?view=draft").Want(404)
	k.Public("GET", articlePath(id)).Want(404)
	k.As(cms.Admin, "POST", articlePath(id)+"/restore").If("*").Want(404)
	wantIDs(t, k.As(cms.Admin, "GET", "/v1/articles?view=draft&trashed=true"))
	wantIDs(t, k.As(cms.Admin, "GET", "/v1/articles?view=draft"))
	if got := k.Public("GET", "/v1/tags/water").Want(200).Field("article_count"); got != 0.0 {
		t.Errorf("the tag counts %v articles", got)
	}
}

// A new article is answered from what was written, not from what can be read: the two must not differ in a byte.
func TestANewArticleIsAnsweredAsItIsReadBack(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	known := k.As(cms.Editor, "POST", "/v1/tags").JSON(`{"name": "Rivers", "slug": "rivers", "aliases": ["Streams"]}`).Want(201).Text("id")
	k.As(cms.Editor, "PATCH", "/v1/tags/"+known).JSON(`{"slug": "waters", "name": "Waters & <streams>"}`).Want(200)
	for name, body := range map[string]map[string]any{
		"a title alone": {"title": "How rivers are measured"},
		"every field": {
			"title": "أنهار & <b>rivers</b> 🌊", "type": "press_release", "locale": "AR-eg", "kicker": "Water", "summary": "<All> of them",
			"body": "# One\n\nText[^1] & more.\n\n## Two\n\n[^1]: note", "dateline": "CAIRO", "byline": "By A & B",
			"tags": []string{"rivers", "New Tag", "Another"}, "source": map[string]any{"name": "AP", "url": "https://ap.example.org/1", "license": "CC"},
			"canonical_url": "https://example.org/x?a=1&b=2", "meta": map[string]any{"title": "M", "description": "D", "noindex": true},
			"extra": map[string]any{"z": 1.50, "a": []any{"<", nil, map[string]any{"é": true}}}, "published_at": "2024-01-02T04:04:05.9+01:00",
		},
		"tags by id and by alias": {"title": "Tagged", "tags": []string{known, "Another tag"}},
		"HTML":                    {"title": "Markup", "body_format": "html", "body": "<h2>A</h2><p>b<script>c</script><h3>D</h3>"},
		"no letters":              {"title": "!!!", "type": "live", "extra": map[string]any{}, "source": map[string]any{"url": "https://ap.example.org"}},
	} {
		for _, role := range []cms.Role{cms.Author, cms.Editor, cms.Admin} {
			if name == "every field" {
				body["slug"] = "rivers-of-the-" + string(role)
			}
			said := k.As(role, "POST", "/v1/articles?create_tags=true").JSON(body).Want(201)
			read := k.As(role, "GET", draftPath(said.Text("id"))).Want(200)
			if diff := cmp.Diff(string(read.Body), string(said.Body)); diff != "" || said.ETag() != read.ETag() {
				t.Errorf("%s by %s: ETag %s, %s; (-read +said):\n%s", name, role, read.ETag(), said.ETag(), diff)
			}
		}
	}
	drafted := k.As(cms.Contributor, "POST", "/v1/articles").JSON(`{"title": "Of a contributor", "tags": ["waters"]}`).Want(201)
	if read := k.As(cms.Contributor, "GET", draftPath(drafted.Text("id"))).Want(200); string(read.Body) != string(drafted.Body) {
		t.Errorf("read %s\nsaid %s", read.Body, drafted.Body)
	}
}

func TestTheDraftViewSaysWhatABodyLost(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	r := k.As(cms.Editor, "POST", "/v1/articles").JSON(`{"title": "x", "body_format": "html",
		"body": "<p>a<script>b</script></p><iframe src=/c></iframe><script>d</script>"}`).Want(201)
	want := []any{
		map[string]any{
			"code": "removed", "element": "script", "count": 2.0, "detail": "with its content",
		},
		map[string]any{
			"code": "linked", "element": "iframe", "count": 1.0, "detail": "a link to its address stays",
		},
	}
	if diff := cmp.Diff(want, r.List("warnings")); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
	id := r.Text("id")
	if diff := cmp.Diff(want, draftView(k, id).List("warnings")); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
	r = k.As(cms.Editor, "PATCH", "/v1/articles/"+id).If("*").JSON(`{"body": "<p>a</p>"}`).Want(200)
	if got := r.List("warnings"); len(got) != 0 {
		t.Errorf("mended, but %v", got)
	}
}
