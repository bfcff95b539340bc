package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func TestHomeAndTickerStayAsLongAsTheSiteHasThem(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	ticker := makeCollection(k, `{"name": "Latest"}`)
	front := makeFront(k, `{"name": "Main"}`)
	other := makeFront(k, `{"name": "Other"}`)
	r := setSite(k, `{"home": "main", "ticker": "latest"}`)
	for field, want := range map[string]any{
		"home.slug": "main", "home.url": testSite + "/", "ticker.name": "Latest", "ticker.url": nil,
		"ticker.rows": nil,
	} {
		if got := r.Field(field); got != want {
			t.Errorf("%s is %v, want %v", field, got, want)
		}
	}
	for target, field := range map[string]string{"/v1/fronts/main": "url", "/v1/fronts": "data.0.url"} {
		if got := k.Public("GET", target).Want(200).Text(field); got != testSite+"/" {
			t.Errorf("%s is at %s", target, got)
		}
	}
	for _, used := range []string{ticker, front} {
		wantProblem(t, k.As(cms.Editor, "DELETE", used).Do(), 409, cms.InUse, "", "")
	}
	k.As(cms.Editor, "PATCH", front).JSON(`{"name": "First", "slug": "first"}`).Want(200)
	if got := k.Public("GET", "/v1/site").Want(200).Text("home.slug"); got != "first" {
		t.Errorf("home is %s", got)
	}
	setSite(k, `{"home": "other", "ticker": null}`)
	if got := k.Public("GET", "/v1/fronts/first").Want(200).Field("url"); got != nil {
		t.Errorf("the former home is at %v", got)
	}
	for _, free := range []string{ticker, front} {
		k.As(cms.Editor, "DELETE", free).Want(204)
	}
	setSite(k, `{"home": null}`)
	k.As(cms.Editor, "DELETE", other).Want(204)
	if r := k.Public("GET", "/v1/site").Want(200); r.Field("home") != nil || r.Field("ticker") != nil {
		t.Errorf("the site is %s", r.Body)
	}
}

const wholeSite = "/v1/site?include=alerts,ticker,sections"

// everyPage makes a site with menus, alerts, sections and a ticker of some articles by a rule.
func everyPage(k *testkit.Kit, size int) {
	k.T.Helper()
	siteOfMenus(k)
	makeFront(k, `{"name": "Home"}`)
	makeTag(k, `{"name": "Ice"}`)
	makeCollection(k, `{"name": "Latest", "size": 50, "rule": {"filter": "tags:ice"}}`)
	for i := range size {
		story := storyCalled(k, fmt.Sprintf("Ice-%d", i), "Ice")
		makeAlert(k, fmt.Sprintf(`{"text": "Alert-%d", "article": %q}`, i, story))
		makeSection(k, map[string]any{"name": fmt.Sprintf("Below-%d", i), "parent": "asia"})
	}
	setSite(k, `{"home": "home", "ticker": "latest", "paths": {"article": "/{section_path}/{slug}"}}`)
}

func TestOneCallBringsWhatEveryPageShows(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	everyPage(k, 2)
	bare := k.Public("GET", "/v1/site").Want(200)
	if bare.Field("alerts") != nil || bare.Field("sections") != nil || bare.Field("ticker.rows") != nil {
		t.Errorf("without include there is %s", bare.Body)
	}
	for _, r := range []*testkit.Response{
		k.Public("GET", wholeSite).Want(200), k.As(cms.Editor, "GET", wholeSite+"&view=draft").Want(200),
	} {
		if got := rowTitles(r.List("ticker.rows")); got != "Ice-1 Ice-0" {
			t.Errorf("the ticker has %q", got)
		}
		if got := r.Text("alerts.0.text") + r.Text("alerts.0.article.slug"); got != "Alert-1ice-1" {
			t.Errorf("the first alert is %q", got)
		}
		if got := sectionsOf(r, "sections"); got != "world world/asia world/asia/below-0 world/asia/below-1" {
			t.Errorf("the sections are %q", got)
		}
	}
	one := k.Public("GET", "/v1/site?include=sections").Want(200)
	if one.Field("alerts") != nil || len(one.List("sections")) != 4 {
		t.Errorf("with sections alone there is %s", one.Body)
	}
	wantProblem(t, k.Public("GET", "/v1/site?include=weather").Do(), 400, cms.InvalidParameter, "parameter", "include")
	setSite(k, `{"ticker": null}`)
	if r := k.Public("GET", wholeSite).Want(200); r.Field("ticker") != nil || len(r.List("alerts")) != 2 {
		t.Errorf("without a ticker there is %s", r.Body)
	}
}

func TestTheWholeSiteTakesAsManyStatementsHoweverMuchItHas(t *testing.T) {
	t.Parallel()
	counts := map[int64]int{}
	for _, size := range []int{3, 40} {
		k := testkit.New(t, testkit.NothingKept)
		everyPage(k, size)
		k.Public("GET", wholeSite).Want(200)
		before := k.Statements()
		k.Public("GET", wholeSite).Want(200)
		counts[k.Statements()-before] = size
	}
	for n := range counts {
		if len(counts) > 1 || n > 24 {
			t.Errorf("the site takes %d statements: %v", n, counts)
		}
	}
}

func TestTheWholeSiteFallsWithWhatItShows(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	everyPage(k, 2)
	unseen := makeCollection(k, `{"name": "Unseen"}`)
	draft := k.Draft(map[string]any{"title": "Draft", "tags": []string{"Ice"}}).Text("id")
	alert := "/v1/alerts/" + k.Public("GET", "/v1/alerts").Want(200).Text("data.0.id")
	stays := func(what string, want bool, change func()) {
		t.Helper()
		k.Public("GET", wholeSite).Want(200)
		change()
		before := k.Statements()
		k.Public("GET", wholeSite).Want(200)
		if got := k.Statements() == before; got != want {
			t.Errorf("%s: the site stays in memory: %v", what, got)
		}
	}
	if !oftenInMemory(k, wholeSite, func(n int) {
		revise(k, draft, fmt.Sprintf(`{"summary": "S%d"}`, n))
		addItem(k, unseen, fmt.Sprintf(`{"url": "https://example.org/%d", "title": "T"}`, n))
	}) {
		t.Error("the site falls with a draft or a collection that it does not show")
	}
	stays("an article comes into the ticker", false, func() { k.Publish(draft) })
	stays("an alert is changed", false, func() {
		k.As(cms.Editor, "PATCH", alert).JSON(`{"text": "Other"}`).Want(200)
	})
	stays("a section is made", false, func() { makeSection(k, map[string]any{"name": "New"}) })
	stays("the ticker gets an item", false, func() {
		id := k.Public("GET", "/v1/site").Want(200).Text("ticker.id")
		addItem(k, "/v1/collections/"+id, `{"url": "https://example.org/", "title": "T"}`)
	})
	stays("an author in a menu is renamed", false, func() {
		id := k.Public("GET", "/v1/authors/ada").Want(200).Text("id")
		k.As(cms.Editor, "PATCH", "/v1/authors/"+id).JSON(`{"name": "A"}`).Want(200)
	})
	soon := k.Clock.Now().Add(time.Minute).UTC().Format(time.RFC3339)
	stays("an alert is made", false, func() {
		makeAlert(k, fmt.Sprintf(`{"text": "Soon", "level": "breaking", "starts_at": %q}`, soon))
	})
	stays("it has not begun", true, func() { k.Clock.Move(time.Minute - time.Second) })
	stays("it begins", false, func() { k.Clock.Move(time.Second) })
	r := k.Public("GET", wholeSite).Want(200)
	if r.Text("alerts.0.text") != "Soon" {
		t.Errorf("the alerts are %s", r.Body)
	}
	if tags := strings.Fields(r.Header.Get("Surrogate-Key")); len(tags) > 24 {
		t.Errorf("the site names %d cache tags", len(tags))
	}
}
