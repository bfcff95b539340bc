package api_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func revisionsPath(id string) string { return articlePath(id) + "/revisions" }

// revisions are the numbers of the revisions that a list has, with what made them.
func revisions(k *testkit.Kit, id, query string) (list []string) {
	k.T.Helper()
	for _, row := range k.As(cms.Contributor, "GET", revisionsPath(id)+query).Want(200).List("data") {
		r := row.(map[string]any)
		one := fmt.Sprintf("%v %v", r["n"], r["origin"])
		if r["edition"] != nil {
			one += fmt.Sprintf(" edition %v", r["edition"])
		}
		if r["folds"] != 0.0 {
			one += fmt.Sprintf(" folds %v", r["folds"])
		}
		if r["note"] != nil {
			one += fmt.Sprintf(" %q", r["note"])
		}
		list = append(list, one)
	}
	return list
}

// autosave saves a body as a desk does while somebody writes.
func autosave(k *testkit.Kit, role cms.Role, id, body string) {
	k.T.Helper()
	k.As(role, "PATCH", articlePath(id)).If("*").Header("Masthead-Save", "auto").JSON(map[string]any{"body": body}).Want(200)
}

func TestEverySaveIsARevision(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(map[string]any{"title": "One", "change_note": "Begun."}).Text("id")
	k.Clock.Move(time.Minute)
	revise(k, id, `{"title": "Two", "change_note": "Better."}`)
	revise(k, id, `{"title": "Two", "change_note": "Nothing has changed."}`)
	k.Publish(id)
	revise(k, id, `{"title": "Three"}`)
	verb(k, id, "discard")
	k.As(cms.Editor, "POST", revisionsPath(id)+"/1/restore").If("*").Want(200)
	want := []string{"6 restore", "5 restore", "4 api", "3 api edition 1", `2 api "Better."`, `1 api "Begun."`}
	if diff := cmp.Diff(want, revisions(k, id, "")); diff != "" {
		t.Errorf("revisions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[2:4], revisions(k, id, "?limit=2&page=2")); diff != "" {
		t.Errorf("the second page (-want +got):\n%s", diff)
	}
	r := k.As(cms.Contributor, "GET", revisionsPath(id)+"/2").Want(200)
	if r.Text("article.title") != "Two" || r.Text("by.name") != "The editor" || r.Text("at") != "2026-11-02T08:01:00Z" {
		t.Errorf("the second revision is %s", r.Body)
	}
	draft := draftView(k, id)
	if draft.Text("title") != "One" || draft.Field("has_unpublished_changes") != true {
		t.Errorf("restored, it is %s", draft.Body)
	}
	if strings.Contains(string(draft.Body), "Begun.") {
		t.Errorf("the article has the note: %s", draft.Body)
	}
	wantErrors(t, k.As(cms.Editor, "PATCH", articlePath(id)).If("*").JSON(map[string]any{"change_note": strings.Repeat("a", 201)}).Want(422), "/change_note too_long")
	discarded := verb(k, id, "discard")
	if discarded.Text("title") != "Two" || discarded.Field("has_unpublished_changes") != false {
		t.Errorf("discarded, it is %s", discarded.Body)
	}
	if again := verb(k, id, "discard"); again.ETag() != discarded.ETag() {
		t.Errorf("discarding nothing makes version %s of %s", again.ETag(), discarded.ETag())
	}
}

func TestRevisionsAreForEditorsAndNumbered(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	for _, path := range []string{"", "/1", "/1/diff/current"} {
		wantProblem(t, k.Public("GET", revisionsPath(id)+path).Do(), 401, cms.Unauthenticated, "", "")
		wantProblem(t, k.As(cms.Admin, "GET", revisionsPath(nothing)+path).Do(), 404, cms.NotFound, "", "")
	}
	for _, path := range []string{"/2", "/1/diff/2", "/2/diff/1"} {
		wantProblem(t, k.As(cms.Admin, "GET", revisionsPath(id)+path).Do(), 404, cms.NotFound, "", "")
	}
	for _, path := range []string{"/0", "/-1", "/01", "/a", "/1/diff/0", "/1/diff/draft"} {
		wantProblem(t, k.As(cms.Admin, "GET", revisionsPath(id)+path).Undocumented().Do(), 404, cms.NotFound, "", "")
	}
	wantProblem(t, k.As(cms.Admin, "POST", revisionsPath(id)+"/9/restore").If("*").Do(), 404, cms.NotFound, "", "")
	wantProblem(t, k.As(cms.Admin, "GET", revisionsPath(id)+"/1/diff/live").Do(), 409, cms.WrongState, "", "")
	wantProblem(t, k.As(cms.Admin, "POST", articlePath(id)+"/discard").If("*").Do(), 409, cms.WrongState, "", "")
	wantProblem(t, k.As(cms.Admin, "POST", articlePath(id)+"/discard").Do(), 428, cms.VersionRequired, "", "")
	trash(k, id)
	wantProblem(t, k.As(cms.Admin, "POST", revisionsPath(id)+"/1/restore").If("*").Do(), 409, cms.WrongState, "", "")
	k.As(cms.Admin, "DELETE", articlePath(id)+"?permanent=true").If("*").Want(204)
	wantProblem(t, k.As(cms.Admin, "GET", revisionsPath(id)).Do(), 404, cms.NotFound, "", "")
}

func TestAutosavesOfOnePersonFold(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(map[string]any{"title": "T"}).Text("id")
	for i := range 3 { // within ten minutes
		k.Clock.Move(4 * time.Minute)
		autosave(k, cms.Editor, id, fmt.Sprint("Words ", i))
	}
	k.Clock.Move(2 * time.Minute) // the eleventh minute
	autosave(k, cms.Editor, id, "Words 3")
	autosave(k, cms.Admin, id, "Words 4") // somebody else
	revise(k, id, `{"kicker": "By hand"}`)
	autosave(k, cms.Editor, id, "Words 5")
	want := []string{"8 api", "7 api", "6 api", "5 api", "4 api folds 2", "1 api"}
	if diff := cmp.Diff(want, revisions(k, id, "")); diff != "" {
		t.Errorf("revisions (-want +got):\n%s", diff)
	}
	if all := revisions(k, id, "?all=true&count=exact"); len(all) != 8 {
		t.Errorf("all revisions are %q", all)
	}
	if body := k.As(cms.Editor, "GET", revisionsPath(id)+"/2").Want(200).Text("article.body"); body != "Words 0" {
		t.Errorf("a folded save says %q", body)
	}
	k.Clock.Move(25 * time.Hour)
	if _, err := k.Newsroom.DeleteExpired(t.Context()); err != nil {
		t.Fatal(err)
	}
	folded := k.As(cms.Editor, "GET", revisionsPath(id)+"/2").Want(200)
	if folded.Field("article") != nil || folded.Field("kept") != false || folded.Field("folded") != true {
		t.Errorf("after a day a folded save is %s", folded.Body)
	}
	wantProblem(t, k.As(cms.Editor, "GET", revisionsPath(id)+"/2/diff/current").Do(), 409, cms.WrongState, "", "")
	wantProblem(t, k.As(cms.Editor, "POST", revisionsPath(id)+"/2/restore").If("*").Do(), 409, cms.WrongState, "", "")
	if got := k.As(cms.Editor, "GET", revisionsPath(id)+"/4").Want(200).Text("article.body"); got != "Words 2" {
		t.Errorf("the last of what was folded says %q", got)
	}
	r := k.As(cms.Editor, "PATCH", articlePath(id)).If("*").Header("Masthead-Save", "maybe").JSON(`{"title": "N"}`).Undocumented().Do()
	wantProblem(t, r, 400, cms.InvalidParameter, "header", "Masthead-Save")
}

func TestRevisionsAreKeptAsLongAsIsSet(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, func(o *newsroom.Options, _ *api.Options) { o.Retention.Revisions = 48 * time.Hour })
	id := k.Draft(map[string]any{"title": "One"}).Text("id")
	revise(k, id, `{"title": "Two"}`)
	k.Publish(id)
	revise(k, id, `{"title": "Three"}`)
	revise(k, id, `{"title": "Four"}`)
	k.Clock.Move(49 * time.Hour)
	if _, err := k.Newsroom.DeleteExpired(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"5 api", "3 api edition 1"}, revisions(k, id, "?all=true")); diff != "" {
		t.Errorf("what is left (-want +got):\n%s", diff)
	}
	if title := verb(k, id, "discard").Text("title"); title != "Two" {
		t.Errorf("discarded, it is called %s", title)
	}
}

func TestADiffNamesFieldsAndMarksWords(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(map[string]any{
		"title": "The river rises", "body": "ارتفع النهرُ أمس", "tags": []string{"Water"}, "kicker": "Same",
	}).Text("id")
	k.Publish(id)
	revise(k, id, `{"title": "The lake rises", "body": "ارتفع البحرُ أمس", "tags": [], "source": {"name": "AP"}}`)
	for _, to := range []string{"3", "current"} {
		r := k.As(cms.Contributor, "GET", revisionsPath(id)+"/1/diff/"+to).Want(200)
		piece := func(op, text string) any { return map[string]any{"op": op, "text": text} }
		want := []any{piece("equal", "The "), piece("delete", "river"), piece("insert", "lake"), piece("equal", " rises")}
		if diff := cmp.Diff(want, r.Field("fields.title.words")); diff != "" {
			t.Errorf("the title (-want +got):\n%s", diff)
		}
		want = []any{piece("equal", "ارتفع "), piece("delete", "النهرُ"), piece("insert", "البحرُ"), piece("equal", " أمس")}
		if diff := cmp.Diff(want, r.Field("fields.body.words")); diff != "" {
			t.Errorf("the body (-want +got):\n%s", diff)
		}
		if r.Text("fields.title.old") != "The river rises" || r.Text("fields.title.new") != "The lake rises" ||
			len(r.List("fields.tags.old")) != 1 || len(r.List("fields.tags.new")) != 0 || r.Field("fields.tags.words") != nil ||
			r.Text("fields.source.new.name") != "AP" || r.Field("fields.source.old") != nil {
			t.Errorf("the fields are %s", r.Body)
		}
		if r.Field("fields.kicker") != nil {
			t.Errorf("a field differs that does not: %s", r.Body)
		}
	}
	if r := k.As(cms.Editor, "GET", revisionsPath(id)+"/2/diff/live").Want(200); len(r.Field("fields").(map[string]any)) != 0 {
		t.Errorf("what is live differs from itself: %s", r.Body)
	}
}

// TestAnyRevisionIsRestoredToTheByte makes revisions of odd words and restores some of them.
func TestAnyRevisionIsRestoredToTheByte(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	saves := 60
	if !testing.Short() {
		saves = 1000
	}
	id := k.Draft(map[string]any{"title": "T"}).Text("id")
	r := rand.New(rand.NewPCG(5, 6))
	words := []string{"river", "نهرٌ", "\u2028", "\\u0000", "<b>", "*x*", "\n\n", "\t", " ", "\U0001f30a", "e\u0301", "\u200f", "&amp;", "\"", "水"}
	bodies := map[int]string{}
	for n := 2; n <= saves; n++ {
		var body strings.Builder
		fmt.Fprintf(&body, "%d ", n)
		for range r.IntN(30) {
			body.WriteString(words[r.IntN(len(words))])
		}
		bodies[n] = revise(k, id, map[string]any{"body": body.String(), "kicker": fmt.Sprint("K", n)}).Text("body")
		if bodies[n] != body.String() {
			t.Fatalf("saved is %q, not %q", bodies[n], body.String())
		}
	}
	for range 40 {
		n := 2 + r.IntN(saves-1)
		restored := k.As(cms.Editor, "POST", fmt.Sprint(revisionsPath(id), "/", n, "/restore")).If("*").Want(200)
		if restored.Text("body") != bodies[n] || restored.Text("kicker") != fmt.Sprint("K", n) {
			t.Errorf("revision %d is restored as %q, want %q", n, restored.Text("body"), bodies[n])
		}
	}
}

func TestARestoreLeavesOutWhatIsNotThere(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	picture := k.UploadPicture(1)
	for _, name := range []string{"Water", "Rivers", "Ice"} {
		makeTag(k, fmt.Sprintf(`{"name": %q}`, name))
	}
	id := k.Draft(map[string]any{"title": "T", "tags": []string{"water", "rivers", "ice"}, "image": picture}).Text("id")
	revise(k, id, `{"tags": [], "image": null}`)
	k.As(cms.Editor, "DELETE", "/v1/media/"+picture).If("*").Want(204)
	tagID := func(slug string) string { return k.Public("GET", "/v1/tags/"+slug).Want(200).Text("id") }
	mergeTags(k, tagID("rivers"), "water")
	k.As(cms.Editor, "DELETE", tagPath(tagID("ice"))).Want(204)
	restored := k.As(cms.Editor, "POST", revisionsPath(id)+"/1/restore").If("*").Want(200)
	if len(restored.List("tags")) != 1 || restored.Text("tags.0.slug") != "water" || restored.Field("image") != nil {
		t.Errorf("restored is %s", restored.Body)
	}
}

func TestAStaleVersionIsToldWhatItNeedsToMerge(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(map[string]any{"title": "One", "body": "Words.", "kicker": "Same"}).Text("id")
	k.Clock.Move(time.Minute)
	k.As(cms.Admin, "PATCH", articlePath(id)).If(`"1"`).JSON(`{"title": "Two", "summary": "New."}`).Want(200)
	r := k.As(cms.Editor, "PATCH", articlePath(id)).If(`"1"`).JSON(`{"title": "Mine"}`).Do()
	wantProblem(t, r, 412, cms.VersionMismatch, "header", "If-Match")
	want := map[string]any{
		"title":   map[string]any{"base": "One", "theirs": "Two"},
		"summary": map[string]any{"base": nil, "theirs": "New."},
	}
	if diff := cmp.Diff(want, r.Field("changes")); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if r.Text("changed_by.name") != "The admin" || r.Text("changed_at") != "2026-11-02T08:01:00Z" {
		t.Errorf("it was changed by and at: %s", r.Body)
	}
	for _, call := range []string{"publish", "submit", "kill", "discard"} {
		c := k.As(cms.Editor, "POST", articlePath(id)+"/"+call).If(`"1"`)
		if call == "kill" {
			c.JSON(`{"reason": "R"}`)
		}
		if r := c.Do(); r.Status != 412 || r.Field("changes.title.theirs") != "Two" {
			t.Errorf("%s is answered %d: %s", call, r.Status, r.Body)
		}
	}
	long := strings.Repeat("ä", 400_000)
	revise(k, id, map[string]any{"body": long})
	revise(k, id, map[string]any{"body": long + "b", "kicker": "Other"})
	r = k.As(cms.Editor, "PATCH", articlePath(id)).If(`"3"`).JSON(`{"title": "Mine"}`).Do()
	if len(r.Body) > 1<<20+10_000 || r.Text("changes.kicker.theirs") != "Other" || r.Field("changes.body.base") != nil {
		t.Errorf("a long one is told in %d bytes", len(r.Body))
	}
}

// What a restored body shows may be gone; that keeps nobody from editing the rest.
func TestABodyWhoseMediumIsGoneCanBeRestoredAndEdited(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	medium := k.UploadPicture(1)
	id := k.Draft(map[string]any{"body": "![A](media:" + medium + ")"}).Text("id")
	patch := func(body string) *testkit.Call {
		return k.As(cms.Editor, "PATCH", articlePath(id)).If("*").JSON(body)
	}
	patch(`{"body": "Words."}`).Want(200)
	k.As(cms.Editor, "DELETE", "/v1/media/"+medium).Want(204)
	k.As(cms.Editor, "POST", articlePath(id)+"/revisions/1/restore").If("*").Want(200)
	if got := patch(`{"title": "Another"}`).Want(200).Text("title"); got != "Another" {
		t.Errorf("the title is %q", got)
	}
	wantProblem(t, patch(`{"body": "More. ![A](media:`+medium+`)"}`).Do(), 422, cms.Invalid, "pointer", "/body")
}
