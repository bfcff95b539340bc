package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// redirect makes a redirect and returns its path in the API.
func redirect(k *testkit.Kit, body string) string {
	k.T.Helper()
	return "/v1/redirects/" + k.As(cms.Editor, "POST", "/v1/redirects").JSON(body).Want(201).Text("id")
}

// resolved returns where an address leads to: its status, what is there, and its location without the site's own address.
func resolved(k *testkit.Kit, address string) string {
	k.T.Helper()
	r := k.Public("GET", "/v1/resolve?path="+url.QueryEscape(address)).Want(200)
	got := fmt.Sprint(r.Field("status"))
	if kind := r.Field("kind"); kind != nil {
		got += fmt.Sprintf(" %s %s", kind, r.Text("slug"))
	}
	if location := r.Field("location"); location != nil {
		got += " " + strings.TrimPrefix(r.Text("location"), "https://news.example.org")
	}
	return got
}

// leads wants addresses to lead somewhere.
func leads(k *testkit.Kit, want map[string]string) {
	k.T.Helper()
	for address, place := range want {
		for range 2 { // made, and from memory
			if got := resolved(k, address); got != place {
				k.T.Errorf("%s leads to %q, want %q", address, got, place)
			}
		}
	}
}

func TestARedirectIsKeptAsPathsAreCompared(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for sent, kept := range map[string]string{
		"/2019/rivers.html":                "/2019/rivers.html",
		"/a/b//":                           "/a/b",
		"/old/?p=1#top":                    "/old",
		"/%D9%86%D9%87%D8%B1":              "/نهر",
		"/cafe\u0301":                      "/caf\u00e9",
		"/100%":                            "/100%25",
		"/a%3Fb%23c%2fd":                   "/a%3Fb%23c/d",
		"/%ff":                             "/%ff",
		"/%00":                             "/%00",
		"/two words":                       "/two words",
		"/CamelCase":                       "/CamelCase",
		"/":                                "/",
		"/x" + strings.Repeat("/y", 1_000): "/x" + strings.Repeat("/y", 1_000),
	} {
		r := k.As(cms.Editor, "POST", "/v1/redirects").JSON(map[string]any{"from": sent, "to": "/z"}).Want(201)
		if got := r.Text("from"); got != kept {
			t.Errorf("%q is kept as %q, want %q", sent, got, kept)
		}
		path := "/v1/redirects/" + r.Text("id")
		again := k.As(cms.Editor, "PATCH", path).JSON(map[string]any{"from": kept}).Want(200)
		if again.ETag() != `"1"` {
			t.Errorf("%q is another when it is sent back: %s", kept, again.Body)
		}
		r = k.As(cms.Editor, "POST", "/v1/redirects").JSON(map[string]any{"from": sent, "to": "/z"}).Do()
		wantProblem(t, r, 409, cms.Duplicate, "pointer", "/from")
	}
	for sent, kept := range map[string]string{
		"https://news.example.org/x?y#z": "/x?y#z", "HTTPS://NEWS.example.org:443": "/", "/x/": "/x/",
		"https://elsewhere.example/news.example.org": "https://elsewhere.example/news.example.org",
	} {
		r := k.As(cms.Editor, "POST", "/v1/redirects").JSON(map[string]any{"from": "/to" + url.PathEscape(sent), "to": sent}).Want(201)
		if got := r.Text("to"); got != kept {
			t.Errorf("%q is kept as %q, want %q", sent, got, kept)
		}
	}
}

func TestWhatCannotBeARedirectIsRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Published(map[string]any{"title": "Here"})
	k.Draft(map[string]any{"title": "There"})
	redirect(k, `{"from": "/a", "to": "/b"}`)
	redirect(k, `{"from": "/b", "to": "https://news.example.org/c/?x"}`)
	for i := range 10 {
		redirect(k, fmt.Sprintf(`{"from": "/hop/%d", "to": "/hop/%d"}`, i, i+1))
	}
	before := string(k.Public("GET", "/v1/redirects?limit=100").Want(200).Body)
	for body, c := range map[string]struct {
		status int
		at     string
		code   string
	}{
		`{"to": "/x"}`:                                       {422, "/from", "required"},
		`{"from": "", "to": "/x"}`:                           {422, "/from", "required"},
		`{"from": "x", "to": "/x"}`:                          {422, "/from", "invalid"},
		`{"from": "//example.org", "to": "/x"}`:              {422, "/from", "invalid"},
		`{"from": "/\\x", "to": "/x"}`:                       {422, "/from", "invalid"},
		`{"from": "/a\u2028b", "to": "/x"}`:                  {422, "/from", "invalid"},
		`{"from": "https://news.example.org/y", "to": "/x"}`: {422, "/from", "invalid"},
		`{"from": "/x"}`:                                     {422, "/to", "required"},
		`{"from": "/x", "to": null}`:                         {422, "/to", "required"},
		`{"from": "/x", "to": "y"}`:                          {422, "/to", "invalid_url"},
		`{"from": "/x", "to": "//example.org"}`:              {422, "/to", "invalid"},
		`{"from": "/x", "to": "javascript:alert(1)"}`:        {422, "/to", "invalid_url"},
		`{"from": "/x", "to": "/y", "status": 410}`:          {422, "/to", "not_allowed"},
		`{"from": "/x", "to": "/y", "status": 307}`:          {422, "/status", "not_allowed"},
		`{"from": "/x", "to": "/y", "status": "301"}`:        {422, "/status", "wrong_type"},
		`{"from": "/x", "to": "/X/../x/", "note": "a\nb"}`:   {422, "/note", "line_break"},
		`{"from": "/x", "to": "/x/?y"}`:                      {422, "/to", "loop"},
		`{"from": "/x", "to": "https://news.example.org/x"}`: {422, "/to", "loop"},
		`{"from": "/c", "to": "/a"}`:                         {422, "/to", "loop"},
		`{"from": "/x", "to": "/hop/0"}`:                     {422, "/to", "too_deep"},
		`{"from": "/a/", "to": "/x"}`:                        {409, "/from", "taken"},
		`{"from": "/articles/here", "to": "/x"}`:             {409, "/from", "taken"},
	} {
		call := k.As(cms.Editor, "POST", "/v1/redirects").JSON(body)
		r := call.Undocumented().Do()
		word := cms.Invalid
		if c.status == 409 {
			word = cms.Duplicate
		}
		wantProblem(t, r, c.status, word, "pointer", c.at)
		if got := r.Text("errors.0.code"); got != c.code {
			t.Errorf("%s: %s, want %s", body, got, c.code)
		}
	}
	id := k.Public("GET", "/v1/redirects?q=/b&fields=id").Want(200).Text("data.0.id")
	for patch, at := range map[string]string{
		`{"to": "/a"}`: "/to", `{"from": "/articles/here"}`: "/from", `{"status": 410}`: "/to", `{"to": null}`: "/to",
	} {
		r := k.As(cms.Editor, "PATCH", "/v1/redirects/"+id).JSON(patch).Do()
		if r.Status < 409 || r.Text("errors.0.pointer") != at {
			t.Errorf("%s: %d %s", patch, r.Status, r.Body)
		}
	}
	if after := string(k.Public("GET", "/v1/redirects?limit=100").Want(200).Body); after != before {
		t.Errorf("what was refused has changed something: %s", after)
	}
	redirect(k, `{"from": "/articles/there", "to": "/x"}`) // readers find no draft
}

func TestNotesOfRedirectsAreForEditors(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	noted := redirect(k, `{"from": "/b", "to": "/x", "note": "Canary"}`)
	redirect(k, `{"from": "/a", "to": "/x"}`)
	for _, target := range []string{noted, "/v1/redirects"} {
		if r := k.Public("GET", target).Want(200); strings.Contains(string(r.Body), "note") {
			t.Errorf("readers see %s", r.Body)
		}
		k.Public("GET", target+"?view=draft").Want(401)
	}
	r := k.As(cms.Contributor, "GET", noted+"?view=draft").Want(200)
	if r.Text("note") != "Canary" || r.ETag() != `"1"` {
		t.Errorf("editors see %s", r.Body)
	}
	r = k.As(cms.Contributor, "GET", "/v1/redirects?view=draft").Want(200)
	if r.Field("data.0.note") != nil || r.Text("data.1.note") != "Canary" || r.Text("data.0.from") != "/a" {
		t.Errorf("editors see %s", r.Body)
	}
	r = k.As(cms.Contributor, "GET", "/v1/redirects?view=draft&sort=-from&fields=note,from&limit=1&count=exact").Want(200)
	if r.Text("data.0.note") != "Canary" || r.Field("page.total") != 2.0 {
		t.Errorf("they are %s", r.Body)
	}
	wantProblem(t, k.Public("GET", "/v1/redirects?fields=note").Do(), 400, cms.InvalidParameter, "parameter", "fields")
}

func TestRedirectsAreFollowedToTheEnd(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Published(map[string]any{"title": "Here"})
	moved := k.Published(map[string]any{"title": "Moved", "slug": "once"}).Text("id")
	revise(k, moved, `{"slug": "now"}`)
	k.Publish(moved)
	makeTag(k, `{"name": "Water"}`)
	gone := k.Published(map[string]any{"title": "Gone"}).Text("id")
	k.As(cms.Admin, "DELETE", articlePath(gone)+"?permanent=true").If("*").Want(204)
	for _, body := range []string{
		`{"from": "/a", "to": "/b", "status": 302}`, `{"from": "/b", "to": "/c", "status": 308}`,
		`{"from": "/c", "to": "/articles/once"}`, `{"from": "/d", "to": "/tags/water?x=1#y"}`,
		`{"from": "/e", "to": "https://example.org/نهر?q=é#a"}`, `{"from": "/f", "status": 410}`, `{"from": "/g", "to": "/f"}`,
		`{"from": "/h", "to": "/static/page/?x=ن"}`, `{"from": "/i", "to": "/articles/gone"}`, `{"from": "/j", "to": "/i", "status": 308}`,
	} {
		redirect(k, body)
	}
	leads(k, map[string]string{
		"/a": "302 article now /articles/now", "/b": "308 article now /articles/now", "/c": "301 article now /articles/now",
		"/d": "301 tag water /tags/water?x=1#y",
		"/e": "301 https://example.org/%D9%86%D9%87%D8%B1?q=%C3%A9#a", "/f": "410", "/g": "410",
		"/h": "301 /static/page/?x=%D9%86", "/i": "410", "/j": "410", "/k": "404",
		"https://news.example.org/a?x": "302 article now /articles/now", "/A": "404",
	})
	for i := range 14 { // made from the beginning, so that no chain was too long
		redirect(k, fmt.Sprintf(`{"from": "/hop/%d", "to": "/hop/%d"}`, i, i+1))
	}
	leads(k, map[string]string{"/hop/0": "301 /hop/10", "/hop/13": "301 /hop/14"})
}

func TestAPageComesBeforeARedirectThatWasMadeBefore(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	path := redirect(k, `{"from": "/articles/here", "to": "/x"}`)
	leads(k, map[string]string{"/articles/here": "301 /x"})
	id := k.Published(map[string]any{"title": "Here"}).Text("id")
	leads(k, map[string]string{"/articles/here": "200 article here /articles/here"})
	k.As(cms.Editor, "PATCH", path).JSON(`{"note": "N"}`).Want(200)
	verb(k, id, "withdraw")
	leads(k, map[string]string{"/articles/here": "301 /x"})
	k.As(cms.Editor, "PATCH", path).JSON(`{"to": "/y"}`).Want(200)
	leads(k, map[string]string{"/articles/here": "301 /y"})
	k.As(cms.Editor, "DELETE", path).Want(204)
	leads(k, map[string]string{"/articles/here": "404"})
}

func TestARedirectToWhatReadersDoNotSeeLeadsNowhere(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Draft(map[string]any{"title": "Draft"})
	withdrawn := k.Published(map[string]any{"title": "Withdrawn"}).Text("id")
	verb(k, withdrawn, "withdraw")
	trashed := k.Published(map[string]any{"title": "Trashed"}).Text("id")
	k.As(cms.Editor, "DELETE", articlePath(trashed)).If("*").Want(204)
	for _, slug := range []string{"draft", "withdrawn", "trashed", "none"} {
		redirect(k, fmt.Sprintf(`{"from": "/z/%s", "to": "/articles/%s?x"}`, slug, slug))
	}
	redirect(k, `{"from": "/z/chain", "to": "/z/withdrawn", "status": 302}`)
	redirect(k, `{"from": "/z/id", "to": "/static/page"}`)
	leads(k, map[string]string{
		"/z/draft": "404", "/z/withdrawn": "404", "/z/trashed": "404", "/z/none": "404", "/z/chain": "404",
		"/z/id": "301 /static/page",
	})
	setSite(k, `{"paths": {"article": "/stories/{slug}"}}`)
	leads(k, map[string]string{"/z/withdrawn": "404", "/z/trashed": "404"}) // by a former pattern
	setSite(k, `{"paths": {"article": "/articles/{slug}"}}`)
	k.Publish(withdrawn)
	leads(k, map[string]string{"/z/chain": "302 article withdrawn /articles/withdrawn?x"})
	want := fmt.Sprintf("%q:%q", "to", "/articles/draft?x") // what was typed, and nothing of the draft
	list := k.Public("GET", "/v1/redirects?q=draft&fields=from,to").Want(200)
	if body := string(list.Body); !strings.Contains(body, want) || strings.Contains(body, "Draft") {
		t.Errorf("readers see %s", body)
	}
}

func TestPagesOfTheFrontEndCanStandBesideArticlesAtTheRoot(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	setSite(k, `{"paths": {"article": "/{slug}"}}`)
	redirect(k, `{"from": "/who-we-are", "to": "/about"}`)
	withdrawn := k.Published(map[string]any{"title": "Once"}).Text("id")
	redirect(k, `{"from": "/old", "to": "/once"}`)
	verb(k, withdrawn, "withdraw")
	leads(k, map[string]string{"/who-we-are": "301 /about", "/old": "404"})
}

func TestARedirectByURLIsOfTheSiteOnceThatIsThere(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, nothingFixed)
	k.Published(map[string]any{"title": "Here"})
	for from, to := range map[string]string{
		"/o": "https://me.example/o", "/a": "https://me.example/b", "/b": "http://me.example/a?x",
		"/c": "https://me.example/articles/here#x", "/d": "/c", "/e": "https://me.example/d", "/f": "https://you.example/f",
		"/g": "https://me.example/h",
	} {
		redirect(k, fmt.Sprintf(`{"from": %q, "to": %q}`, from, to))
	}
	leads(k, map[string]string{"/o": "301 https://me.example/o", "/d": "301 https://me.example/articles/here#x"})
	setSite(k, `{"url": "https://me.example"}`)
	here := " article here https://me.example/articles/here"
	leads(k, map[string]string{
		"/o": "404", "/a": "404", "/b": "404", "/c": "301" + here + "#x", "/d": "301" + here + "#x", "/e": "301" + here + "#x",
		"/f": "301 https://you.example/f",
	})
	for body, refused := range map[string]string{
		`{"from": "/h", "to": "/g"}`: "/to loop", `{"from": "/i", "to": "/a"}`: "/to too_deep",
	} {
		wantErrors(t, k.As(cms.Editor, "POST", "/v1/redirects").JSON(body).Want(422), refused)
	}
	setSite(k, `{"url": "https://you.example"}`)
	leads(k, map[string]string{"/o": "301 https://me.example/o", "/f": "404"})
}
