package api_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
	"github.com/masthead-cms/masthead/internal/testkit/conform"
)

// slugsOf are titles and the slugs that are made of them.
var slugsOf = map[string]string{
	"How rivers are measured":           "how-rivers-are-measured",
	"  “Rivers & Seas”: don't panic!  ": "rivers-seas-dont-panic",
	"Über Flüsse & Seen":                "uber-flusse-seen",
	"Ελλάδα: ποτάμια":                   "ελλάδα-ποτάμια",
	"Река поднимается":                  "река-поднимается",
	"Об дар дарё":                       "об-дар-дарё",
	"ارتفاع منسوب النهر":                "ارتفاع-منسوب-النهر",
	"رودخانه\u200cها بالا آمد":          "رودخانه-ها-بالا-آمد",
	"הנהר עולה":                         "הנהר-עולה",
	"नदी का जलस्तर":                     "नदी-का-जलस्तर",
	"แม่น้ำสูงขึ้น":                     "\u0e41\u0e21\u0e48\u0e19\u0e49\u0e4d\u0e32\u0e2a\u0e39\u0e07\u0e02\u0e36\u0e49\u0e19", // in NFKC
	"河水上涨":                              "河水上涨",
	"川の水位が上がる":                          "川の水位が上がる",
	"강물이 불어난다":                          "강물이-불어난다",
	"მდინარე იზრდება":                   "მდინარე-იზრდება",
	"የወንዝ ውሃ":                           "የወንዝ-ውሃ",
	"🎉🎉":                                "news",
}

// spellings are the ways a client may write a slug in a path.
func spellings(slug string) []string {
	upper := url.PathEscape(slug)
	lower := strings.ToLower(upper)
	var mixed strings.Builder
	for i, r := range upper {
		if i%2 == 0 {
			mixed.WriteString(strings.ToLower(string(r)))
		} else {
			mixed.WriteRune(r)
		}
	}
	return []string{upper, lower, mixed.String(), slug}
}

func TestSlugsInEveryScript(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for title, want := range slugsOf {
		r := k.Published(map[string]any{"title": title})
		if r.Text("slug") != want || !utf8.ValidString(r.Text("slug")) {
			t.Errorf("%q has the slug %q, want %q", title, r.Text("slug"), want)
			continue
		}
		if got := "https://news.example.org/articles/" + url.PathEscape(want); r.Text("url") != got {
			t.Errorf("%q has the url %q, want %q", title, r.Text("url"), got)
		}
		for _, spelt := range spellings(want) {
			if got := k.Public("GET", articlePath(spelt)).Want(200).Text("id"); got != r.Text("id") {
				t.Errorf("%s leads to %s", spelt, got)
			}
		}
		if got := k.Public("GET", "/v1/articles?slug="+url.QueryEscape(want)).Want(200).Text("data.0.id"); got != r.Text("id") {
			t.Errorf("slug=%s lists %s", want, got)
		}
	}
}

// rawGet asks a real server with a request line written by hand.
func rawGet(t *testing.T, address, method, target string) *http.Response {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: news.example.org\r\nConnection: close\r\n\r\n", method, target)
	r, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	testkit.Conform(t, conform.Exchange{Request: httptest.NewRequest(method, target, nil), Status: r.StatusCode, Header: r.Header, Body: body})
	r.Body = io.NopCloser(bytes.NewReader(body))
	return r
}

func TestAnArabicSlugOverTheWire(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(map[string]any{"title": "ارتفاع منسوب النهر"}).Text("id")
	revise(k, id, `{"slug": "نهر"}`)
	k.Publish(id)
	server := httptest.NewServer(k.Server)
	t.Cleanup(server.Close)
	for _, method := range []string{"GET", "HEAD"} {
		for _, spelt := range spellings("نهر") {
			r := rawGet(t, server.Listener.Addr().String(), method, articlePath(spelt)+"?fields=id")
			body, _ := io.ReadAll(r.Body)
			if want := map[string]string{"GET": `{"id":"` + id + `"}`}[method]; r.StatusCode != 200 || strings.TrimSpace(string(body)) != want {
				t.Errorf("%s %s: %d %s", method, spelt, r.StatusCode, body)
			}
		}
		for _, spelt := range spellings("ارتفاع-منسوب-النهر") {
			r := rawGet(t, server.Listener.Addr().String(), method, articlePath(spelt)+"?fields=id,title")
			if got := r.Header.Get("Location"); r.StatusCode != 308 || got != "/v1/articles/%D9%86%D9%87%D8%B1?fields=id,title" {
				t.Errorf("%s %s: %d to %q", method, spelt, r.StatusCode, got)
			}
		}
	}
}

func TestASlugOfATitleGetsANumberWhereItIsTaken(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for i, want := range []string{"the-river-rises", "the-river-rises-2", "the-river-rises-3", "the-river-rises-4"} {
		if got := k.Draft(nil).Text("slug"); got != want {
			t.Errorf("article %d has the slug %q, want %q", i+1, got, want)
		}
	}
	var all sync.WaitGroup
	k.Token(cms.Editor)
	slugs := make([]string, 20)
	for i := range slugs {
		all.Go(func() {
			if r := k.As(cms.Editor, "POST", "/v1/articles").JSON(`{"title": "At once"}`).Do(); r.Status == 201 {
				slugs[i], _ = r.Field("slug").(string)
			}
		})
	}
	all.Wait()
	seen := map[string]bool{"": true}
	for _, slug := range slugs {
		if seen[slug] {
			t.Errorf("written at once: %q", slugs)
			break
		}
		seen[slug] = true
	}
}

func TestASlugThatIsTakenIsRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	first := k.Draft(map[string]any{"slug": "river"}).Text("id")
	second := k.Draft(map[string]any{"title": "Second"}).Text("id")
	for _, c := range []*testkit.Call{
		k.As(cms.Editor, "POST", "/v1/articles").JSON(`{"title": "T", "slug": "river"}`),
		k.As(cms.Editor, "PATCH", articlePath(second)).If("*").JSON(`{"slug": "river"}`),
		k.As(cms.Editor, "PUT", articlePath(second)).If("*").JSON(`{"title": "T", "slug": "river"}`),
	} {
		r := c.Want(409)
		wantErrors(t, r, "/slug taken")
		if !strings.Contains(string(r.Body), "river-2") {
			t.Errorf("no free slug is named: %s", r.Body)
		}
	}
	revise(k, first, `{"slug": "stream"}`)
	k.As(cms.Editor, "PATCH", articlePath(second)).If("*").JSON(`{"slug": "river"}`).Want(409)
	if got := k.Draft(map[string]any{"title": "River"}).Text("slug"); got != "river-2" {
		t.Errorf("an old slug is not kept: %q", got)
	}
	if got := revise(k, first, `{"slug": "river"}`).Text("slug"); got != "river" {
		t.Errorf("an article cannot have its own old slug back: %q", got)
	}
	trash(k, first)
	r := k.As(cms.Editor, "PATCH", articlePath(second)).If("*").JSON(`{"slug": "river"}`).Want(409)
	if detail := r.Text("errors.0.detail"); !strings.Contains(detail, "in the trash") || !strings.Contains(detail, first) {
		t.Errorf("the article in the trash is not named: %q", detail)
	}
	k.As(cms.Admin, "DELETE", articlePath(first)+"?permanent=true").If("*").Want(204)
	revise(k, second, `{"slug": "river"}`)
}

func TestSlugsThatAreNone(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, slug := range []string{
		"Upper", "a b", "a--b", "-a", "a-", "a/b", "..", "a.b", "a%20b", "e\u0301", "a\u200bb", "---", strings.Repeat("a", 241),
		"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a13",
	} {
		r := k.As(cms.Editor, "POST", "/v1/articles").JSON(map[string]string{"title": "T", "slug": slug}).Want(422)
		wantErrors(t, r, "/slug invalid")
	}
	for _, title := range []string{"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a13", "019CD8C2 5A00 7C3E 8F00 3F9F3C1D2A13"} {
		r := k.Published(map[string]any{"title": title})
		if _, isID := cms.ParseID(r.Text("slug")); isID {
			t.Errorf("the slug %q could be an id", r.Text("slug"))
		}
		k.Public("GET", articlePath(r.Text("slug"))).Want(200)
	}
}

func TestSlugsHave240BytesAtMost(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	longest := strings.Repeat("ن", 120)
	id := k.Published(map[string]any{"slug": longest}).Text("id")
	if got := k.Public("GET", articlePath(url.PathEscape(longest))).Want(200).Text("id"); got != id {
		t.Errorf("the longest slug leads to %s", got)
	}
	for i := range 12 {
		slug := k.Draft(map[string]any{"title": strings.Repeat("نهر كبير ", 33)}).Text("slug")
		if len(slug) > 240 || !utf8.ValidString(slug) || strings.HasSuffix(slug, "-") {
			t.Errorf("slug %d of a long title has %d bytes: %q", i, len(slug), slug)
		}
	}
}

func TestOldSlugsLeadToThePresentOne(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(map[string]any{"slug": "one"}).Text("id")
	revise(k, id, `{"slug": "never-public"}`)
	revise(k, id, `{"slug": "two"}`)
	leads := func(ref, query, to string) {
		t.Helper()
		for _, method := range []string{"GET", "HEAD"} {
			r := k.As(cms.Author, method, articlePath(ref)+query).Want(308)
			if got := r.Header.Get("Location"); got != articlePath(to)+query || len(r.Body) > 0 {
				t.Errorf("%s %s%s leads to %q, want %s", method, ref, query, got, to)
			}
		}
	}
	k.Public("GET", articlePath("one")).Want(200)
	k.Public("GET", articlePath("two")).Want(404)
	k.Public("GET", articlePath("never-public")).Want(404)
	leads("one", "?view=draft", "two")
	leads("never-public", "?view=draft&fields=id", "two")
	k.Publish(id)
	leads("one", "", "two")
	leads("one", "?fields=id,title&view=live", "two")
	k.Public("GET", articlePath("never-public")).Want(404)
	revise(k, id, `{"slug": "three"}`)
	k.Publish(id)
	leads("one", "", "three")
	leads("two", "", "three")
	if got := k.Public("GET", articlePath("one")).Want(308).Header.Get("Cache-Control"); got != "public, max-age=0, must-revalidate" {
		t.Errorf("a redirect may be kept: %q", got)
	}
	verb(k, id, "withdraw")
	for _, ref := range []string{"one", "two", "three", id} {
		k.Public("GET", articlePath(ref)).Want(404)
	}
	k.As(cms.Author, "GET", articlePath("three")+"?view=draft").Want(200)
	k.Publish(id)
	revise(k, id, `{"slug": "one"}`)
	k.Publish(id)
	leads("three", "", "one")
	k.Public("GET", articlePath("one")).Want(200)
}

func TestARenamedTitleKeepsItsSlug(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	if got := revise(k, id, `{"title": "Another title"}`).Text("slug"); got != "the-river-rises" {
		t.Errorf("a new title changed the slug to %q", got)
	}
	if got := revise(k, id, `{"slug": null}`).Text("slug"); got != "another-title" {
		t.Errorf("the default slug is %q", got)
	}
}

func TestAnIDIsReadInEitherCase(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(nil).Text("id")
	k.Public("GET", articlePath(strings.ToUpper(id))).Want(200)
	k.As(cms.Editor, "PATCH", articlePath("the-river-rises")).If("*").JSON(`{}`).Want(404)
}

func TestASlugSpelledAnotherWayLeadsToTheArticle(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Published(map[string]any{"title": "Привет мир", "tags": []string{"Café"}})
	for target, want := range map[string]string{
		"/v1/articles/" + url.PathEscape("Привет-Мир"): "/v1/articles/" + url.PathEscape("привет-мир"),
		"/v1/tags/" + url.PathEscape("Café"):           "/v1/tags/cafe",
	} {
		if got := k.Public("GET", target).Want(308).Header.Get("Location"); got != want {
			t.Errorf("%s leads to %s, want %s", target, got, want)
		}
	}
	k.Draft(map[string]any{"title": "Hidden"})
	k.Public("GET", "/v1/articles/HIDDEN").Want(404)
}
