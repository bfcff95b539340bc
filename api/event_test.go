package api_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

const events = "/v1/events"

// verbsOf are the verbs of a list of events.
func verbsOf(r *testkit.Response) string {
	var verbs []string
	for _, e := range r.List("data") {
		verbs = append(verbs, e.(map[string]any)["verb"].(string))
	}
	return strings.Join(verbs, " ")
}

func TestEventsSayWhoDidWhat(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(map[string]any{"title": "One", "tags": []string{"Water"}}).Text("id")
	k.Clock.Move(time.Minute)
	k.As(cms.Editor, "PATCH", articlePath(id)+"?create_tags=true").If("*").Header("X-Request-Id", "morning-1").
		JSON(`{"title": "Two", "meta": {"noindex": true}, "body": "Words of it.", "tags": ["Rivers"]}`).Want(200)
	k.Publish(id)
	r := k.As(cms.Admin, "GET", events+"?subject="+id+"&include=values").Want(200)
	if got := verbsOf(r); got != "article.published article.revised article.created" {
		t.Fatalf("what happened is %s", got)
	}
	for path, want := range map[string]any{
		"data.1.actor.name": k.As(cms.Editor, "GET", "/v1/auth/me").Want(200).Text("name"), "data.1.version": 2.0,
		"data.1.origin": "api", "data.1.request_id": "morning-1", "data.1.erased": false,
		"data.1.before.title": "One", "data.1.after.title": "Two", "data.1.after.meta.noindex": true,
		"data.1.before.body.bytes": 0.0, "data.1.after.body.bytes": 12.0,
		"data.0.before.status": "draft", "data.0.after.status": "published",
		"data.2.before": nil, "data.2.after.title": "One",
	} {
		if got := r.Field(path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	if got := fmt.Sprint(r.Field("data.1.fields")); got != "[title body meta tags]" && !strings.Contains(got, "title") {
		t.Errorf("fields are %s", got)
	}
	if got := r.Text("data.1.address"); got == "" || len(r.Text("data.1.hash")) != 64 {
		t.Errorf("address %q, hash %q", got, r.Text("data.1.hash"))
	}
}

func TestEventsOfNounsHaveTheirValues(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	eachNounOnce(k, func(n plainNoun, id string) {
		k.As(cms.Editor, "PATCH", n.list+"/"+id).JSON(field(n.text, "Other words")).Want(200)
		k.As(cms.Editor, "DELETE", n.list+"/"+id).Want(204)
		r := k.As(cms.Admin, "GET", events+"?sort=seq&include=values&subject="+id).Want(200)
		word := strings.ToLower(n.word)
		if got, want := verbsOf(r), fmt.Sprintf("%[1]s.created %[1]s.revised %[1]s.deleted", word); got != want {
			t.Errorf("what happened is %s, want %s", got, want)
		}
		if got := r.Field("data.1.after." + n.text); got != "Other words" {
			t.Errorf("%s: after the change it is %v", n.word, got)
		}
		if got := r.Field("data.1.before." + n.text); got == "Other words" {
			t.Errorf("%s: before the change it was %v", n.word, got)
		}
	})
	k.As(cms.Admin, "PATCH", "/v1/site").JSON(`{"tagline": "Words"}`).Want(200)
	r := k.As(cms.Admin, "GET", events+"?verb=site.revised&include=values").Want(200)
	if got := r.Text("data.0.after.tagline"); got != "Words" {
		t.Errorf("the tagline is %q", got)
	}
}

// eachNounOnce makes one of each plain noun.
func eachNounOnce(k *testkit.Kit, do func(n plainNoun, id string)) {
	for _, n := range plainNouns {
		do(n, n.create(k, "World"))
	}
}

func TestEventsAreFoundAndFollowed(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, name := range []string{"One", "Two", "Three"} {
		makeTag(k, field("name", name))
		k.Clock.Move(time.Hour)
	}
	list := func(query string) *testkit.Response {
		return k.As(cms.Admin, "GET", events+"?"+query).Want(200)
	}
	me := k.As(cms.Editor, "GET", "/v1/auth/me").Want(200).Text("id")
	from := testkit.Start.Add(time.Hour).Format(time.RFC3339)
	for query, want := range map[string]int{
		"verb=tag.created": 3, "verb=tag.created&actor=" + me: 3, "verb=tag.created&from=" + from: 2,
		"verb=tag.created&until=" + from: 1, "verb=tag.eaten": 0, "count=exact&limit=2&verb=tag.created": 2,
	} {
		if got := len(list(query).List("data")); got != want {
			t.Errorf("%s lists %d, want %d", query, got, want)
		}
	}
	first := list("verb=tag.created&sort=seq&limit=1")
	if got := len(list(fmt.Sprintf("verb=tag.created&sort=seq&after=%v", first.Field("data.0.seq"))).List("data")); got != 2 {
		t.Errorf("after the first are %d", got)
	}
	second := list("verb=tag.created&sort=seq&limit=1&cursor=" + first.Text("page.next"))
	if got, before := second.Text("data.0.subject"), first.Text("data.0.subject"); got == before {
		t.Error("the second page is the first")
	}
	back := list("verb=tag.created&sort=seq&limit=1&cursor=" + second.Text("page.prev"))
	if got := back.Text("data.0.subject"); got != first.Text("data.0.subject") {
		t.Error("the page before the second is not the first")
	}
}

// What happened to an article is seen by whoever works on articles, without addresses; all else by
// administrators.
func TestEventsAreSeenByThoseTheyConcern(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	tag := makeTag(k, `{"name": "Water"}`).Text("id")
	me := k.As(cms.Editor, "GET", "/v1/auth/me").Want(200).Text("id")
	k.Public("GET", events).Want(401)
	for _, role := range []cms.Role{cms.Contributor, cms.Author, cms.Editor} {
		wantProblem(t, k.As(role, "GET", events).Do(), 403, cms.Forbidden, "", "")
		r := k.As(role, "GET", events+"?subject="+id).Want(200)
		if got := verbsOf(r); got != "article.created" || r.Field("data.0.address") != nil {
			t.Errorf("%s sees %s", role, r.Body)
		}
		for _, other := range []string{tag, me} {
			if got := verbsOf(k.As(role, "GET", events+"?subject="+other).Want(200)); got != "" {
				t.Errorf("%s sees %s", role, got)
			}
		}
	}
	if got := verbsOf(k.As(cms.Admin, "GET", events+"?subject="+me+"&verb=user.signed_in").Want(200)); got == "" {
		t.Error("administrators do not see who signed in")
	}
}

// What somebody puts where values were erased is not shown as what was.
func TestErasedEventsShowNothing(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	tag := makeTag(k, `{"name": "Water"}`).Text("id")
	drop := "DROP TRIGGER events_erased"
	if testkit.OnPostgres() {
		drop += " ON events"
	}
	err := k.Store.Write(t.Context(), func(db *store.DB) error {
		forge := `UPDATE events SET salt = NULL, address = '192.0.2.9', after_values = '{"name": "Forged"}' WHERE subject = ?`
		return errors.Join(db.Exec(drop), db.Exec(forge, tag))
	})
	if err != nil {
		t.Fatal(err)
	}
	r := k.As(cms.Admin, "GET", events+"?include=values&subject="+tag).Want(200)
	if r.Field("data.0.erased") != true || r.Field("data.0.address") != nil || r.Field("data.0.after") != nil {
		t.Errorf("it is shown as %s", r.Body)
	}
}

func TestAPurgedArticleLeavesNoWordsInEvents(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(map[string]any{"title": "Zanzibar"}).Text("id")
	k.As(cms.Admin, "DELETE", articlePath(id)).If("*").Want(204)
	k.As(cms.Admin, "DELETE", articlePath(id)+"?permanent=true").If("*").Want(204)
	r := k.As(cms.Admin, "GET", events+"?include=values&subject="+id).Want(200)
	if got := string(r.Body); strings.Contains(got, "Zanzibar") || r.Field("data.2.erased") != true {
		t.Errorf("what is left is %s", got)
	}
	check, err := k.Store.CheckEvents(t.Context(), "")
	if err != nil || len(check.Faults) > 0 || check.Erased == 0 {
		t.Errorf("the chain: %+v, %v", check, err)
	}
}
