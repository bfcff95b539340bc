package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// nothingFixed leaves the whole site to its administrators.
func nothingFixed(o *newsroom.Options, _ *api.Options) { o.Site = cms.FixedSite{} }

// setSite changes the site as the administrator.
func setSite(k *testkit.Kit, patch string) *testkit.Response {
	k.T.Helper()
	return k.As(cms.Admin, "PATCH", "/v1/site").JSON(patch).Want(200)
}

func TestAFreshSiteHasDefaults(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, nothingFixed)
	r := k.Public("GET", "/v1/site").Want(200)
	for field, want := range map[string]any{
		"name": "Masthead", "url": nil, "locale": "en", "locales.0": "en", "time_zone": "UTC",
		"paths.article": "/articles/{slug}", "paths.section": "/sections/{slug}",
		"paths.tag": "/tags/{slug}", "paths.author": "/authors/{slug}", "paths.front": nil,
		"rules.alt": "refuse", "tagline": nil, "publisher.legal_name": nil,
	} {
		if got := r.Field(field); got != want {
			t.Errorf("%s is %v, want %v", field, got, want)
		}
	}
	if r.Object()["version"] != nil || r.Object()["fixed"] != nil {
		t.Errorf("readers see %s", r.Body)
	}
	draft := k.As(cms.Contributor, "GET", "/v1/site?view=draft").Want(200)
	if draft.ETag() != `"1"` || draft.Field("version") != 1.0 || len(draft.List("fixed")) != 0 {
		t.Errorf("version %s: %s", draft.ETag(), draft.Body)
	}
}

func TestTheSiteIsChanged(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, nothingFixed)
	patch := `{"name": " The Star ", "tagline": "Since 1926", "description": "A daily.",
		"url": "https://star.example.org/", "locale": "ar", "locales": ["ar", "en-us"],
		"time_zone": "Africa/Cairo", "paths": {"section": "/{section_path}", "tag": null},
		"social": [{"name": "Fedi", "url": "https://fedi.example.org/@star"}],
		"contact": {"email": "desk@example.org", "phone": "1", "address": "A\nB"},
		"publisher": {"legal_name": "Star Ltd", "founded": "1926-11", "same_as": ["https://x.example/"]},
		"policies": {"corrections": "https://star.example.org/c"},
		"preview_url": "https://star.example.org/p/{token}",
		"rules": {"require": ["summary"], "lengths": {"title": [30, 70]}, "alt": "warn"},
		"extra": {"theme": "sepia"}}`
	r := k.As(cms.Admin, "PATCH", "/v1/site").If(`"1"`).JSON(patch).Want(200)
	live := k.Public("GET", "/v1/site").Want(200)
	for field, want := range map[string]any{
		"name": "The Star", "tagline": "Since 1926", "url": "https://star.example.org",
		"locale": "ar", "locales.1": "en-US", "time_zone": "Africa/Cairo",
		"paths.section": "/{section_path}", "paths.tag": nil, "paths.article": "/articles/{slug}",
		"social.0.name": "Fedi", "contact.address": "A\nB", "publisher.founded": "1926-11",
		"publisher.same_as.0": "https://x.example/", "policies.privacy": nil,
		"policies.corrections": "https://star.example.org/c",
		"preview_url":          "https://star.example.org/p/{token}", "rules.require.0": "summary",
		"rules.lengths.title.1": 70.0, "rules.alt": "warn", "extra.theme": "sepia",
	} {
		if got := r.Field(field); got != want {
			t.Errorf("%s is %v, want %v", field, got, want)
		}
		if got := live.Field(field); got != want {
			t.Errorf("readers see %s as %v, want %v", field, got, want)
		}
	}
	if r.ETag() != `"2"` {
		t.Errorf("it is version %s", r.ETag())
	}
	if same := setSite(k, `{"name": "The Star", "tagline": "Since 1926"}`); same.ETag() != `"2"` {
		t.Errorf("a patch that changes nothing makes version %s", same.ETag())
	}
	stale := k.As(cms.Admin, "PATCH", "/v1/site").If(`"1"`).JSON(`{"name": "X"}`).Do()
	wantProblem(t, stale, 412, cms.VersionMismatch, "header", "If-Match")
	if changed := stale.List("changed_fields"); len(changed) < 10 {
		t.Errorf("changed are %v", changed)
	}
	r = k.As(cms.Admin, "PATCH", "/v1/site").Undocumented().
		JSON(`{"tagline": null, "paths": null, "rules": {"lengths": {"title": null}}}`).Want(200)
	if r.Field("tagline") != nil || r.Text("paths.tag") != "/tags/{slug}" ||
		r.Field("rules.lengths.title") != nil || r.Text("rules.alt") != "warn" {
		t.Errorf("null leaves %s", r.Body)
	}
}

func TestOnlyAdministratorsChangeTheSite(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, role := range []cms.Role{cms.Contributor, cms.Author, cms.Editor} {
		r := k.As(role, "PATCH", "/v1/site").JSON(`{"name": "X"}`).Do()
		wantProblem(t, r, 403, cms.Forbidden, "", "")
	}
	r := k.Public("PATCH", "/v1/site").JSON(`{"name": "X"}`).Do()
	wantProblem(t, r, 401, cms.Unauthenticated, "", "")
	r = k.Public("GET", "/v1/site?view=draft").Do()
	wantProblem(t, r, 401, cms.Unauthenticated, "", "")
	if got := k.Public("GET", "/v1/site").Want(200).Text("name"); got != "Masthead" {
		t.Errorf("the site is called %s", got)
	}
}

func TestASiteThatBreaksARuleIsRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, nothingFixed)
	for patch, pointer := range map[string]string{
		`{"name": null}`:                            "/name",
		`{"name": ""}`:                              "/name",
		`{"url": "star"}`:                           "/url",
		`{"locales": ["e!"]}`:                       "/locales/0",
		`{"time_zone": "Cairo"}`:                    "/time_zone",
		`{"paths": {"article": "/x"}}`:              "/paths/article",
		`{"paths": {"tag": "/articles/{slug}"}}`:    "/paths/tag",
		`{"paths": {"article": "/a/./{slug}"}}`:     "/paths/article",
		`{"paths": {"article": "/{slug}/../{id}"}}`: "/paths/article",
		`{"paths": {"article": "/{locale}/{slug}", "tag": "/en/{slug}"}}`: "/paths/tag",
		`{"paths": {"page": "/x"}}`:                                       "/paths/page",
		`{"contact": {"email": "nobody"}}`:                                "/contact/email",
		`{"publisher": {"founded": "long ago"}}`:                          "/publisher/founded",
		`{"policies": {"ethics": "javascript:x"}}`:                        "/policies/ethics",
		`{"preview_url": "https://x.example/"}`:                           "/preview_url",
		`{"social": [{"name": "X", "url": ""}]}`:                          "/social/0/url",
		`{"rules": {"require": ["nothing"]}}`:                             "/rules/require/0",
		`{"rules": {"lengths": {"title": [9, 1]}}}`:                       "/rules/lengths/title",
		`{"rules": {"lengths": {"title": "x"}}}`:                          "/rules/lengths/title",
		`{"rules": {"lengths": {"nose": [1, 2]}}}`:                        "/rules/lengths",
		`{"rules": {"alt": "hide"}}`:                                      "/rules/alt",
		`{"extra": {"x": "` + strings.Repeat("x", 17<<10) + `"}}`:         "/extra",
		`{"tagline": "` + strings.Repeat("x", cms.MaxTagline) + `x"}`:     "/tagline",
	} {
		call := k.As(cms.Admin, "PATCH", "/v1/site").JSON(patch).Undocumented()
		wantProblem(t, call.Do(), 422, cms.Invalid, "pointer", pointer)
	}
	if got := k.As(cms.Admin, "GET", "/v1/site?view=draft").Want(200).ETag(); got != `"1"` {
		t.Errorf("the site is version %s", got)
	}
}

func TestWhatIsFixedIsNotChanged(t *testing.T) {
	t.Parallel()
	zone := "Africa/Cairo"
	k := testkit.New(t, func(o *newsroom.Options, _ *api.Options) { o.Site.TimeZone = &zone })
	r := k.As(cms.Editor, "GET", "/v1/site?view=draft").Want(200)
	if got := fmt.Sprint(r.List("fixed")); got != "[url time_zone]" ||
		r.Text("time_zone") != zone || r.Text("url") != "https://news.example.org" {
		t.Errorf("fixed are %s: %s", got, r.Body)
	}
	for field, patch := range map[string]string{
		"/url": `{"name": "X", "url": "https://other.example.org"}`, "/time_zone": `{"time_zone": "UTC"}`,
	} {
		r := k.As(cms.Admin, "PATCH", "/v1/site").JSON(patch).Do()
		wantProblem(t, r, 409, cms.Fixed, "pointer", field)
	}
	r = setSite(k, `{"name": "Star", "url": "https://news.example.org/"}`)
	if r.Text("name") != "Star" || r.Text("time_zone") != zone {
		t.Errorf("it is %s", r.Body)
	}
}

// Every page has another address at once, wherever it is shown, though nothing is written to it.
func TestAChangedPathShowsEverywhereAtOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	section := k.As(cms.Editor, "POST", "/v1/sections").JSON(`{"name": "World"}`).Want(201)
	below := fmt.Sprintf(`{"name": "Asia", "parent": %q}`, section.Text("id"))
	k.As(cms.Editor, "POST", "/v1/sections").JSON(below).Want(201)
	target := k.Published(map[string]any{"title": "Target", "tags": []string{"Asia"}})
	from := k.Published(map[string]any{"title": "From"})
	link := fmt.Sprintf(`{"article_id": %q}`, target.Text("id"))
	k.As(cms.Editor, "POST", "/v1/articles/"+from.Text("id")+"/related-links").If("*").JSON(link).Want(201)
	places := []struct{ target, field, article, tag string }{
		{"/v1/articles/target", "url", "/a/target", ""},
		{"/v1/articles/target", "tags.0.url", "", "/t/asia"},
		{"/v1/articles?slug=target", "data.0.url", "/a/target", ""},
		{"/v1/articles?q=target", "data.0.tags.0.url", "", "/t/asia"},
		{"/v1/articles?tag=asia", "data.0.url", "/a/target", ""},
		{"/v1/articles/from", "related_links.0.url", "/a/target", ""},
		{"/v1/articles/" + from.Text("id") + "/related-links", "data.0.article.url", "/a/target", ""},
		{"/v1/related-links", "data.0.from.url", "/a/from", ""},
		{"/v1/articles/from/related", "data.0.url", "/a/target", ""},
		{"/v1/tags", "data.0.url", "", "/t/asia"},
		{"/v1/tags/asia", "url", "", "/t/asia"},
		{"/v1/sections", "data.1.url", "", "/world/asia"},
		{"/v1/sections/asia", "parent.url", "", "/world"},
		{"/v1/sections/asia", "url", "", "/world/asia"},
	}
	for _, p := range places { // so that the answers are kept
		if got := k.Public("GET", p.target).Want(200).Text(p.field); strings.Contains(got, "/a/") {
			t.Errorf("%s has %s at %s", p.target, p.field, got)
		}
	}
	before := k.Statements()
	k.Public("GET", "/v1/articles/target").Want(200)
	if n := k.Statements() - before; n != 0 {
		t.Errorf("the answer was not kept: %d statements", n)
	}
	setSite(k, `{"paths": {"article": "/a/{slug}", "tag": "/t/{slug}", "section": "/{section_path}"}}`)
	for _, p := range places {
		want := "https://news.example.org" + p.article + p.tag
		if got := k.Public("GET", p.target).Want(200).Text(p.field); got != want {
			t.Errorf("%s has %s at %s, want %s", p.target, p.field, got, want)
		}
		draft := p.target + "?view=draft"
		if strings.Contains(p.target, "?") {
			draft = p.target + "&view=draft"
		}
		if strings.HasPrefix(p.target, "/v1/articles/from/related") {
			continue
		}
		if got := k.As(cms.Editor, "GET", draft).Want(200).Text(p.field); got != want {
			t.Errorf("%s has %s at %s, want %s", draft, p.field, got, want)
		}
	}
	setSite(k, `{"paths": {"tag": null, "section": null}}`)
	for _, target := range []string{"/v1/tags/asia", "/v1/sections/asia"} {
		if got := k.Public("GET", target).Want(200).Field("url"); got != nil {
			t.Errorf("%s is at %v", target, got)
		}
	}
}

// The site is read with what shows it: it costs no statement.
func TestAddressesCostNoStatement(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.NothingKept)
	k.Published(map[string]any{"title": "Target", "tags": []string{"Asia"}})
	statements := func(target string) int64 {
		k.Public("GET", target).Want(200)
		before := k.Statements()
		k.Public("GET", target).Want(200)
		return k.Statements() - before
	}
	for target, want := range map[string]int64{
		"/v1/articles/target": 2, "/v1/articles": 1, "/v1/tags": 2, "/v1/sections": 1, "/v1/site": 1,
	} {
		if got := statements(target); got != want {
			t.Errorf("%s takes %d statements, want %d", target, got, want)
		}
	}
}

func TestTheSiteOfANewArticle(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, nothingFixed)
	setSite(k, `{"locale": "ar", "time_zone": "Pacific/Kiritimati", "paths": {"article": "/{year}/{month}/{day}/{slug}"}}`)
	made := k.Draft(map[string]any{"title": "One", "tags": []string{"Asia"}})
	if made.Text("locale") != "ar" || made.Text("url") != "/0000/00/00/one" ||
		made.Text("tags.0.url") != "/tags/asia" {
		t.Errorf("it is %s", made.Body)
	}
	k.Clock.Move(4 * 3600 * 1e9) // in Kiritimati it is the next day
	if got := k.Publish(made.Text("id")).Text("url"); got != "/2026/11/03/one" {
		t.Errorf("it is at %s", got)
	}
}

func TestASiteRequiresFieldsOfWhatIsPublished(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	setSite(k, `{"rules": {"require": ["summary", "tags"]}}`)
	draft := k.Draft(map[string]any{"title": "One", "tags": []string{"Asia"}}).Text("id")
	r := k.As(cms.Editor, "POST", "/v1/articles/"+draft+"/publish").If("*").Do()
	wantProblem(t, r, 422, cms.Invalid, "pointer", "/summary")
	k.Public("GET", "/v1/articles/one").Want(404)
	k.As(cms.Editor, "PATCH", "/v1/articles/"+draft).If("*").JSON(`{"summary": "S"}`).Want(200)
	k.Publish(draft)
}

func TestARequiredBylineMayBeMadeOfTheAuthors(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.As(cms.Editor, "POST", "/v1/authors").JSON(`{"name": "Ada"}`).Want(201)
	setSite(k, `{"rules": {"require": ["byline"]}}`)
	publish := func(authors string) *testkit.Response {
		draft := k.As(cms.Editor, "POST", "/v1/articles").
			JSON(`{"title": "One", "authors": ` + authors + `}`).Want(201).Text("id")
		return k.As(cms.Editor, "POST", articlePath(draft)+"/publish").If("*").Do()
	}
	for authors, shown := range map[string]string{
		`[{"author": "ada"}]`: "Ada", `[{"author": "ada", "role": "reporter"}]`: "Ada",
		`[{"author": "ada", "role": "photographer"}]`: "", `[]`: "",
	} {
		r := publish(authors)
		if shown == "" {
			wantErrors(t, r, "/byline required")
		} else if r.Status != 200 || r.Text("byline_shown") != shown {
			t.Errorf("by %s: %d %s", authors, r.Status, r.Body)
		}
	}
}

func TestASiteRequiresSectionsAndAuthors(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.As(cms.Editor, "POST", "/v1/authors").JSON(`{"name": "Ada"}`).Want(201)
	k.As(cms.Editor, "POST", "/v1/sections").JSON(`{"name": "World"}`).Want(201)
	setSite(k, `{"rules": {"require": ["sections", "authors"]}}`)
	draft := k.Draft(map[string]any{"title": "One"}).Text("id")
	r := k.As(cms.Editor, "POST", articlePath(draft)+"/publish").If("*").Do()
	wantErrors(t, r, "/sections required", "/authors required")
	revise(k, draft, `{"sections": ["world"], "authors": [{"author": "ada"}]}`)
	k.Publish(draft)
	again := k.As(cms.Admin, "PATCH", "/v1/site").JSON(`{"rules": {"require": ["sections", "tags", "sections"]}}`).Do()
	wantErrors(t, again, "/rules/require/2 repeated")
}

func TestTheSiteIsNotSentTwiceAndTakesOnlySmallJSON(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	etag := k.Public("GET", "/v1/site").Want(200).Header.Get("ETag")
	k.Public("GET", "/v1/site").Header("If-None-Match", etag).Want(304)
	k.As(cms.Admin, "PATCH", "/v1/site").Bytes("text/plain", []byte("x")).Want(415)
	large := `{"tagline": "` + strings.Repeat("a", 2<<20) + `"}`
	k.As(cms.Admin, "PATCH", "/v1/site").JSON(large).Want(413)
	if after := k.Public("GET", "/v1/site").Want(200).Header.Get("ETag"); after != etag {
		t.Error("what was refused has changed the site")
	}
}
