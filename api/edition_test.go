package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// machine is where each verb leads from each state; "" is a refusal (409), "trashed" the trash.
var machine = map[string]map[string]string{
	"publish": {
		"draft": "published", "in_review": "published", "scheduled": "published", "published": "published", "withdrawn": "published",
		"killed": "", "trashed": "",
	},
	"withdraw": {"draft": "", "in_review": "", "scheduled": "", "published": "withdrawn", "withdrawn": "", "killed": "", "trashed": ""},
	"restore":  {"draft": "", "in_review": "", "scheduled": "", "published": "", "withdrawn": "", "killed": "draft", "trashed": "draft"},
	"trash": {
		"draft": "trashed", "in_review": "trashed", "scheduled": "trashed", "published": "trashed", "withdrawn": "trashed",
		"killed": "trashed", "trashed": "trashed",
	},
	"revise": {
		"draft": "draft", "in_review": "in_review", "scheduled": "scheduled", "published": "published", "withdrawn": "withdrawn",
		"killed": "", "trashed": "",
	},
	"link": {
		"draft": "draft", "in_review": "in_review", "scheduled": "scheduled", "published": "published", "withdrawn": "withdrawn",
		"killed": "", "trashed": "",
	},
}

// sendVerb sends what a row of the machine names.
func sendVerb(k *testkit.Kit, id, name string) *testkit.Response {
	switch name {
	case "trash":
		return k.As(cms.Editor, "DELETE", articlePath(id)).If("*").Do()
	case "revise":
		return k.As(cms.Editor, "PATCH", articlePath(id)).If("*").JSON(`{"kicker": "K"}`).Do()
	case "link":
		return k.As(cms.Editor, "POST", articlePath(id)+"/related-links").JSON(`{"url": "https://example.org", "title": "E"}`).Do()
	}
	return k.As(cms.Editor, "POST", articlePath(id)+"/"+name).If("*").Do()
}

func TestEachVerbFromEachStatus(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for name, from := range machine {
		for state, want := range from {
			id := k.Draft(nil).Text("id")
			stand(k, id, state)
			before := draftView(k, id)
			r := sendVerb(k, id, name)
			now := draftView(k, id)
			if want == "" {
				if r.Status != 409 || r.Field("type") != "/problems/wrong-state" {
					t.Errorf("%s from %s: %d, want 409: %s", name, state, r.Status, r.Body)
				}
				if diff := cmp.Diff(before.Object(), now.Object()); diff != "" {
					t.Errorf("%s from %s was refused and changed something:\n%s", name, state, diff)
				}
				continue
			}
			stands := now.Text("status")
			if now.Field("trashed_at") != nil {
				stands = "trashed"
			}
			if r.Status >= 300 || stands != want {
				t.Errorf("%s from %s: %d and %s, want %s: %s", name, state, r.Status, stands, want, r.Body)
			}
			seen := k.Public("GET", articlePath(id)).Do().Status
			if (seen == 200) != (want == "published") {
				t.Errorf("%s from %s: readers are answered %d", name, state, seen)
			}
		}
	}
}

func TestReadersSeeARevisionOnlyWhenItIsPublished(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(everyField()).Text("id")
	paths := []string{articlePath(id), "/v1/articles", "/v1/articles?include=body,related_links", "/v1/articles?sort=title", "/v1/tags"}
	seen := func() (bodies []string) {
		for _, path := range paths {
			r := k.Public("GET", path).Want(200)
			bodies = append(bodies, r.ETag()+string(r.Body))
		}
		return bodies
	}
	before := seen()
	k.Clock.Move(time.Hour)
	revised := revise(k, id, map[string]any{
		"title": "New", "slug": "new", "type": "news", "locale": "ar", "kicker": "N", "summary": "N", "body": "New", "dateline": "N",
		"byline": "N", "tags": []string{"asia"}, "source": nil, "canonical_url": nil, "meta": nil, "extra": map[string]any{"n": 1},
		"published_at": "2025-01-01T00:00:00Z",
	})
	if revised.Field("has_unpublished_changes") != true || revised.Field("status") != "published" {
		t.Errorf("revised: %s", revised.Body)
	}
	if diff := cmp.Diff(before, seen()); diff != "" {
		t.Errorf("a revision shows before it is published:\n%s", diff)
	}
	k.Publish(id)
	live := k.Public("GET", articlePath("new")).Want(200)
	if live.Text("title") != "New" || !strings.Contains(live.Text("body_html"), "<p>New</p>") || live.Field("edition") != 2.0 || len(live.List("tags")) != 1 {
		t.Errorf("published: %s", live.Body)
	}
	if live.Field("published_at") != "2025-01-01T00:00:00Z" || live.Field("edition_at") != "2026-11-02T09:00:00Z" {
		t.Errorf("times of the second edition: %s", live.Body)
	}
}

func TestUnpublishedChangesAreToldByWhatDiffers(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	draft := k.Draft(nil)
	id := draft.Text("id")
	want := func(step string, r *testkit.Response, changes bool) {
		t.Helper()
		if got := r.Field("has_unpublished_changes"); got != changes {
			t.Errorf("%s: has_unpublished_changes is %v", step, got)
		}
	}
	want("draft", draft, false)
	want("published", k.Publish(id), false)
	want("revised", revise(k, id, `{"kicker": "K"}`), true)
	want("revised back", revise(k, id, `{"kicker": null}`), false)
	link := k.As(cms.Editor, "POST", articlePath(id)+"/related-links").JSON(`{"url": "https://example.org", "title": "E"}`).Want(201)
	want("linked", draftView(k, id), false)
	k.As(cms.Editor, "DELETE", "/v1/related-links/"+link.Text("id")).Want(204)
	want("body", revise(k, id, `{"body": "B"}`), true)
	want("published again", k.Publish(id), false)
	want("tagged", k.As(cms.Editor, "PATCH", articlePath(id)+"?create_tags=true").If("*").JSON(`{"tags": ["Water"]}`).Want(200), true)
	want("withdrawn", verb(k, id, "withdraw"), false)
}

func TestPublishingTwiceIsPublishingOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	first := k.Publish(id)
	live := k.Public("GET", articlePath(id)).Want(200)
	k.Clock.Move(time.Hour)
	again := k.Publish(id)
	if diff := cmp.Diff(first.Object(), again.Object()); diff != "" || first.ETag() != again.ETag() {
		t.Errorf("the second time changed something:\n%s", diff)
	}
	if now := k.Public("GET", articlePath(id)).Want(200); now.ETag() != live.ETag() || string(now.Body) != string(live.Body) {
		t.Errorf("readers see another edition: %s", now.Body)
	}
	k.As(cms.Editor, "POST", articlePath(id)+"/publish").If(`"1"`).Want(412)
}

func TestEditionsAreNumbered(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	at := func(step string, edition any, version float64) {
		t.Helper()
		if d := draftView(k, id); d.Field("edition") != edition || d.Field("version") != version {
			t.Errorf("%s: edition %v and version %v, want %v and %v", step, d.Field("edition"), d.Field("version"), edition, version)
		}
	}
	at("draft", nil, 1)
	k.Publish(id)
	at("published", 1.0, 2)
	revise(k, id, `{"kicker": "K"}`)
	at("revised", 1.0, 3)
	k.Publish(id)
	at("published again", 2.0, 4)
	verb(k, id, "withdraw")
	at("withdrawn", 2.0, 5)
	k.Publish(id)
	at("published after a withdrawal", 3.0, 6)
	if got := k.Public("GET", articlePath(id)).Want(200).Field("edition"); got != 3.0 {
		t.Errorf("readers see edition %v", got)
	}
}

func TestPublishedAtIsWhenReadersFirstSawIt(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	k.Clock.Move(time.Hour)
	times := func(step, published, edition, updated string) {
		t.Helper()
		live := k.Public("GET", articlePath(id)).Want(200)
		got := []any{live.Field("published_at"), live.Field("edition_at"), live.Field("created_at"), live.Field("updated_at")}
		want := []any{published, edition, "2026-11-02T08:00:00Z", updated}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: published, edition, created, updated (-want +got):\n%s", step, diff)
		}
	}
	k.Publish(id)
	times("published", "2026-11-02T09:00:00Z", "2026-11-02T09:00:00Z", "2026-11-02T09:00:00Z")
	k.Clock.Move(time.Hour)
	revise(k, id, `{"kicker": "K"}`)
	k.Publish(id)
	times("published again", "2026-11-02T09:00:00Z", "2026-11-02T10:00:00Z", "2026-11-02T10:00:00Z")
	verb(k, id, "withdraw")
	k.Clock.Move(time.Hour)
	k.Publish(id)
	times("after a withdrawal", "2026-11-02T09:00:00Z", "2026-11-02T11:00:00Z", "2026-11-02T11:00:00Z")
	k.As(cms.Editor, "PUT", articlePath(id)).If("*").JSON(`{"title": "New"}`).Want(200)
	k.Publish(id)
	times("after a PUT without it", "2026-11-02T09:00:00Z", "2026-11-02T11:00:00Z", "2026-11-02T11:00:00Z")
	revise(k, id, `{"published_at": "2020-02-29T23:30:00.7+02:00"}`)
	k.Publish(id)
	times("moved by the editor", "2020-02-29T21:30:00Z", "2026-11-02T11:00:00Z", "2026-11-02T11:00:00Z")
	revise(k, id, `{"published_at": null}`)
	if got := draftView(k, id).Field("published_at"); got != "2020-02-29T21:30:00Z" {
		t.Errorf("published_at was taken away: %v", got)
	}
}

func TestADraftMayHaveADayOfPublishing(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	draft := k.Draft(map[string]any{"published_at": "2026-03-12T01:30:00+03:00"})
	id := draft.Text("id")
	if got := draft.Field("published_at"); got != "2026-03-11T22:30:00Z" {
		t.Errorf("a time of another zone is read as %v", got)
	}
	if got := revise(k, id, `{"published_at": null}`).Field("published_at"); got != nil {
		t.Errorf("a draft keeps %v", got)
	}
	revise(k, id, `{"published_at": "2026-11-02T08:00:00Z"}`)
	for _, future := range []string{"2026-11-02T08:00:01Z", "2026-11-02T08:30:00+00:15", "9999-01-01T00:00:00Z"} {
		r := k.As(cms.Editor, "PATCH", articlePath(id)).If("*").JSON(map[string]any{"published_at": future}).Want(422)
		wantErrors(t, r, "/published_at in_future")
		r = k.As(cms.Editor, "POST", "/v1/articles").JSON(map[string]any{"title": "T", "published_at": future}).Want(422)
		wantErrors(t, r, "/published_at in_future")
	}
	if got := k.Publish(id).Field("published_at"); got != "2026-11-02T08:00:00Z" {
		t.Errorf("published_at %v", got)
	}
}

// TestAMergedTagIsNoChangeOfTheArticles: the digest of an article that was published with a tag
// which another one has taken in since is computed anew before the two are compared.
func TestAMergedTagIsNoChangeOfTheArticles(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"merged", "deleted"} {
		k := testkit.New(t)
		one := makeTag(k, `{"name": "One"}`).Text("id")
		makeTag(k, `{"name": "Two"}`)
		id := k.Published(map[string]any{"title": "As it was", "tags": []string{"one"}}).Text("id")
		if end == "merged" {
			mergeTags(k, one, "two")
		} else {
			k.As(cms.Editor, "DELETE", tagPath(one)).Want(204)
		}
		r := k.As(cms.Editor, "PATCH", articlePath(id)).If("*").
			JSON(map[string]any{"title": "Otherwise"}).Want(200)
		if got := r.Field("has_unpublished_changes"); got != true {
			t.Errorf("%s, with another title: has_unpublished_changes is %v", end, got)
		}
		r = k.As(cms.Editor, "PATCH", articlePath(id)).If("*").
			JSON(map[string]any{"title": "As it was"}).Want(200)
		if got := r.Field("has_unpublished_changes"); got != false {
			t.Errorf("%s, with the title it had: has_unpublished_changes is %v", end, got)
		}
	}
}
