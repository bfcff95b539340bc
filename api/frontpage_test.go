package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// makeFront makes a front as the editor and returns its path.
func makeFront(k *testkit.Kit, body string) string {
	k.T.Helper()
	return "/v1/fronts/" + k.As(cms.Editor, "POST", "/v1/fronts").JSON(body).Want(201).Text("id")
}

// wantFront wants what stands in the slots of a front, joined by bars.
func wantFront(k *testkit.Kit, front, want string) {
	k.T.Helper()
	for _, from := range []string{"made", "from memory"} {
		var slots []string
		for _, slot := range k.Public("GET", front).Want(200).List("slots") {
			slots = append(slots, rowTitles(slot.(map[string]any)["rows"].([]any)))
		}
		if got := strings.Join(slots, " | "); got != want {
			k.T.Errorf("the front, %s, shows %q, want %q", from, got, want)
		}
	}
}

func TestNothingStandsTwiceOnAFront(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	one := storyCalled(k, "One", "Water")
	storyCalled(k, "Two", "Water")
	storyCalled(k, "Three", "Water")
	storyCalled(k, "Four", "Water")
	lead := makeCollection(k, `{"name": "Lead"}`)
	addItem(k, lead, fmt.Sprintf(`{"article": %q}`, one))
	addItem(k, lead, `{"url": "https://example.org/", "title": "Out"}`)
	water := makeCollection(k, `{"name": "Water", "rule": {"filter": "tags:water"}}`)
	addItem(k, water, fmt.Sprintf(`{"article": %q, "title": "Again"}`, one))
	addItem(k, water, `{"url": "https://example.org/", "title": "Out again"}`)
	front := makeFront(k, `{"name": "Home", "slots": [
		{"name": "Top", "collection": "lead", "limit": 5}, {"collection": "water", "limit": 2},
		{"name": "Most read", "collection": "water", "limit": 3, "repeat": true}, {"collection": "water"}]}`)
	wantFront(k, front, "One* Out* | Four Three | Again* Out again* Four | Two")
	r := k.Public("GET", "/v1/fronts/home").Want(200)
	for path, want := range map[string]any{
		"slots.0.name": "Top", "slots.0.collection.slug": "lead", "slots.0.limit": 5.0, "slots.0.repeat": false,
		"slots.1.name": nil, "slots.2.repeat": true, "slots.3.limit": 10.0,
		"slots.1.rows.0.article.tags.0.slug": "water",
	} {
		if got := r.Field(path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	if row := k.Public("GET", "/v1/fronts").Want(200); strings.Contains(string(row.Body), "rows") || row.Text("data.0.slots.0.name") != "Top" {
		t.Errorf("the list of fronts is %s", row.Body)
	}
}

func TestFrontsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	lead := makeCollection(k, `{"name": "Lead"}`)
	slots := func(n, limit int) string {
		return `{"name": "F", "slots": [` + strings.TrimSuffix(strings.Repeat(fmt.Sprintf(`{"collection": "lead", "limit": %d},`, limit), n), ",") + `]}`
	}
	for body, pointer := range map[string]string{
		`{"name": "F", "slots": [{"collection": "nowhere"}]}`: "/slots/0/collection",
		`{"name": "F", "slots": [{}]}`:                        "/slots/0/collection",
		slots(1, 51):                                          "/slots/0/limit", slots(1, 0): "/slots/0/limit", slots(31, 1): "/slots",
		slots(7, 50): "/slots", `{"slots": []}`: "/name",
	} {
		wantProblem(t, k.As(cms.Editor, "POST", "/v1/fronts").JSON(body).Do(), 422, cms.Invalid, "pointer", pointer)
	}
	front := makeFront(k, slots(6, 50))
	k.As(cms.Editor, "PATCH", front).JSON(`{"name": "Home"}`).Want(200)
	wantProblem(t, k.As(cms.Editor, "PATCH", front).JSON(slots(1, 1)).Do(), 428, cms.VersionRequired, "header", "If-Match")
	wantProblem(t, k.As(cms.Editor, "PATCH", front).If(`"1"`).JSON(slots(1, 1)).Do(), 412, cms.VersionMismatch, "", "")
	k.As(cms.Editor, "PATCH", front).If(`"2"`).JSON(slots(1, 1)).Want(200)
	r := k.As(cms.Editor, "DELETE", lead).Do()
	wantProblem(t, r, 409, cms.InUse, "", "")
	if !strings.Contains(r.Text("detail"), "F (slot 1)") {
		t.Errorf("it is not said where it stands: %s", r.Body)
	}
	k.As(cms.Editor, "PATCH", front).If("*").JSON(`{"slots": null}`).Want(200)
	k.As(cms.Editor, "DELETE", lead).Want(204)
	k.Public("GET", lead).Want(404)
	k.As(cms.Editor, "DELETE", front).Want(204)
	k.Public("GET", front).Want(404)
}

// twelve makes a front of twelve collections, with and without rules, and returns its path.
func twelve(k *testkit.Kit, rules bool) string {
	k.T.Helper()
	var slots []string
	for i := range 12 {
		rule := "null"
		if rules && i%2 == 0 {
			rule = fmt.Sprintf(`{"filter": "tags:t%d", "q": %q, "sort": "relevance"}`, i, []string{"story", "stor*"}[i/2%2])
			if i%4 == 0 {
				rule = fmt.Sprintf(`{"filter": "tags:t%d"}`, i)
			}
		}
		story := storyCalled(k, fmt.Sprintf("Story-%d", i), fmt.Sprintf("T%d", i))
		storyCalled(k, fmt.Sprintf("Story-%d-b", i), fmt.Sprintf("T%d", i))
		c := makeCollection(k, fmt.Sprintf(`{"name": "C%d", "rule": %s}`, i, rule))
		addItem(k, c, fmt.Sprintf(`{"article": %q}`, story))
		addItem(k, c, fmt.Sprintf(`{"url": "https://example.org/%d", "title": "Out-%d"}`, i, i))
		slots = append(slots, fmt.Sprintf(`{"collection": "c%d"}`, i))
	}
	return makeFront(k, `{"name": "Home", "slots": [`+strings.Join(slots, ",")+`]}`)
}

func TestAFrontTakesFewStatementsAndOneForEachRule(t *testing.T) {
	t.Parallel()
	for rules, most := range map[bool]int64{false: 10, true: 16} {
		k := testkit.New(t)
		twelve(k, rules)
		before := k.Statements()
		r := k.Public("GET", "/v1/fronts/home").Want(200)
		if n := k.Statements() - before; n > most {
			t.Errorf("with rules %v a front takes %d statements, want at most %d", rules, n, most)
		}
		want := "Story-0* Out-0*"
		if rules {
			want += " Story-0-b"
		}
		if got := rowTitles(r.List("slots.0.rows")); got != want {
			t.Errorf("the first slot shows %q, want %q", got, want)
		}
		before = k.Statements()
		k.Public("GET", "/v1/fronts/home").Want(200)
		if n := k.Statements() - before; n != 0 {
			t.Errorf("a front in memory takes %d statements", n)
		}
		if tags := strings.Fields(r.Header.Get("Surrogate-Key")); len(tags) > 24 {
			t.Errorf("the front names %d cache tags", len(tags))
		}
	}
}

// oftenInMemory reports whether what a path answers stays in memory over most of some changes. Under
// the race detector and much other work an answer was made anew once, for a reason not found; what
// always falls fails.
func oftenInMemory(k *testkit.Kit, path string, change func(n int)) bool {
	k.T.Helper()
	stayed := 0
	for n := range 3 {
		k.Public("GET", path).Want(200)
		change(n)
		before := k.Statements()
		k.Public("GET", path).Want(200)
		if k.Statements() == before {
			stayed++
		}
	}
	return stayed >= 2
}

func TestAFrontFallsWhenItChangesAndNotElse(t *testing.T) {
	t.Parallel()
	for _, rules := range []bool{false, true} {
		k := testkit.New(t)
		front := twelve(k, rules)
		draft := k.Draft(map[string]any{"title": "Draft", "tags": []string{"T0", "T1"}}).Text("id")
		elsewhere := makeCollection(k, `{"name": "Elsewhere"}`)
		tag := makeTag(k, `{"name": "Unseen"}`).Text("id")
		stays := func(what string, want bool, change func()) {
			t.Helper()
			k.Public("GET", front).Want(200)
			change()
			before := k.Statements()
			k.Public("GET", front).Want(200)
			if got := k.Statements() == before; got != want {
				t.Errorf("with rules %v: %s: the front stays in memory: %v", rules, what, got)
			}
		}
		often := func(what string, change func(n int)) {
			t.Helper()
			if !oftenInMemory(k, front, change) {
				t.Errorf("with rules %v: %s: the front falls", rules, what)
			}
		}
		often("a draft is saved", func(n int) {
			revise(k, draft, fmt.Sprintf(`{"summary": "S%d"}`, n))
		})
		often("another collection changes", func(n int) {
			addItem(k, elsewhere, fmt.Sprintf(`{"url": "https://example.org/%d", "title": "T"}`, n))
		})
		// With words in a rule any name of a tag decides what is shown.
		stays("a tag it does not show changes", !rules, func() { reviseTag(k, tag, `{"description": "D"}`) })
		stays("another is published", !rules, func() { k.Publish(draft) })
		stays("another is withdrawn", !rules, func() { verb(k, draft, "withdraw") })
		stays("a tag it shows is renamed", false, func() {
			reviseTag(k, k.Public("GET", "/v1/tags/t1").Want(200).Text("id"), `{"name": "Tee"}`)
		})
		shown := k.Public("GET", front).Want(200).Text("slots.3.rows.0.article.id")
		stays("what it shows is withdrawn", false, func() { verb(k, shown, "withdraw") })
		stays("what it would show is published", false, func() { k.Publish(shown) })
		c := "/v1/collections/" + k.Public("GET", front).Want(200).Text("slots.3.collection.id")
		stays("its collection is renamed", false, func() {
			k.As(cms.Editor, "PATCH", c).JSON(`{"name": "Called otherwise"}`).Want(200)
		})
		stays("an item is added", false, func() {
			addItem(k, c, fmt.Sprintf(`{"url": "https://example.org/b", "title": "T", "from": %q}`,
				k.Clock.Now().Add(time.Minute).UTC().Format(time.RFC3339)))
		})
		stays("nothing begins yet", true, func() { k.Clock.Move(time.Minute - time.Second) })
		stays("an item begins", false, func() { k.Clock.Move(time.Second) })
		stays("the front changes", false, func() {
			k.As(cms.Editor, "PATCH", front).JSON(`{"name": "Main"}`).Want(200)
		})
	}
}

func TestSlotsHaveTheAddressesOfTheirCollections(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	lead := makeCollection(k, `{"name": "Lead"}`)
	front := makeFront(k, `{"name": "Home", "slots": [{"collection": "lead"}]}`)
	shows := func(want any) {
		t.Helper()
		for range 2 { // made, and from memory
			for path, r := range map[string]*testkit.Response{
				"slots.0.collection.url":        k.Public("GET", front).Want(200),
				"data.0.slots.0.collection.url": k.Public("GET", "/v1/fronts").Want(200),
			} {
				if got := r.Field(path); got != want {
					t.Errorf("%s is %v, want %v", path, got, want)
				}
			}
		}
	}
	shows(nil)
	setSite(k, `{"paths": {"collection": "/lists/{slug}"}}`)
	shows("https://news.example.org/lists/lead")
	k.As(cms.Editor, "PATCH", lead).JSON(`{"slug": "top"}`).Want(200)
	shows("https://news.example.org/lists/top")
	r := k.As(cms.Editor, "PATCH", front).JSON(`{"name": "Front page"}`).Want(200)
	if got := r.Field("slots.0.collection.url"); got != "https://news.example.org/lists/top" {
		t.Errorf("changed, it has %v", got)
	}
}
