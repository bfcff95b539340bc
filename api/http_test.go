package api_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// reads are all addresses that can be read: those of the live view, of the draft view, and around the API.
func (s *scene) reads() (live, draft, around []string) {
	live = []string{
		"/v1/articles", "/v1/articles?limit=1&count=exact", "/v1/articles/" + s.article, "/v1/articles/" + s.slug,
		"/v1/articles/" + s.slug + "?fields=id,title", "/v1/articles/" + s.article + "/related-links", "/v1/related-links",
		"/v1/related-links/" + s.link, "/v1/tags/water",
		"/v1/resolve?path=/articles/" + s.slug, "/v1/resolve?path=/nothing",
	}
	for _, n := range plainNouns {
		live = append(live, n.list, n.list+"/"+s.nouns[n.list])
	}
	draft = []string{
		"/v1/articles?view=draft", "/v1/articles?view=draft&trashed=true", "/v1/articles/" + s.article + "?view=draft",
		"/v1/articles/" + s.article + "/related-links?view=draft", "/v1/related-links?view=draft",
		"/v1/related-links/" + s.link + "?view=draft", "/v1/auth/me",
	}
	around = []string{"/", "/openapi.yaml", "/openapi.json", "/docs", "/livez", "/readyz", "/problems/not-found"}
	return live, draft, around
}

func TestHeadIsGetWithoutTheBody(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	live, draft, around := k.reads()
	for _, target := range slices.Concat(live, draft, around, []string{"/nothing", "/v1/articles/nothing", "/v1/articles?x=1", "/v1/articles//"}) {
		get, head := k.As(cms.Editor, "GET", target).Do(), k.As(cms.Editor, "HEAD", target).Do()
		get.Header.Del("X-Request-Id")
		head.Header.Del("X-Request-Id")
		if length := head.Header.Get("Content-Length"); length != strconv.Itoa(len(get.Body)) && get.Status < 400 {
			t.Errorf("HEAD %s: Content-Length is %q, the body has %d bytes", target, length, len(get.Body))
		}
		if get.Status >= 400 { // a problem carries the id of its request, whose length may differ
			get.Header.Del("Content-Length")
			head.Header.Del("Content-Length")
		}
		if head.Status != get.Status || len(head.Body) != 0 {
			t.Errorf("HEAD %s: status %d, GET has %d, and %d bytes of body", target, head.Status, get.Status, len(head.Body))
		}
		for name := range get.Header {
			if !slices.Equal(head.Header[name], get.Header[name]) {
				t.Errorf("HEAD %s: %s is %q, GET has %q", target, name, head.Header[name], get.Header[name])
			}
		}
		if len(head.Header) != len(get.Header) {
			t.Errorf("HEAD %s: headers %v, GET has %v", target, head.Header, get.Header)
		}
	}
}

func TestEveryAnswerIsSafeToShow(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	live, draft, around := k.reads()
	for _, target := range slices.Concat(live, draft, around, []string{"/nothing", "/v1/articles?x=1", "/metrics"}) {
		h := k.As(cms.Editor, "GET", target).Do().Header
		if h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: a browser may guess what it is: %v", target, h)
		}
		if h.Get("Surrogate-Key") != "" { // JSON that everybody reads
			continue
		}
		if h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: the headers of safety are missing: %v", target, h)
		}
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: Content-Security-Policy is %q", target, policy)
		}
		if script := strings.SplitN(policy, "script-src ", 2); len(script) == 2 && strings.Contains(strings.SplitN(script[1], ";", 2)[0], "unsafe") {
			t.Errorf("%s: scripts are allowed anything: %q", target, policy)
		}
		if h.Get("Set-Cookie") != "" || h.Get("Server") != "" || h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: a header that should not be there: %v", target, h)
		}
	}
}

func TestASaneRequestIDIsEchoedAndAnyOtherReplaced(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, id := range []string{"a", "3f9f3c1d-2a11", "Root=1-67891233-abcdef", "a.b_c:d+e/f", strings.Repeat("x", 128)} {
		r := k.Public("GET", "/v1/nothing").Header("X-Request-Id", id).Want(404)
		if r.Header.Get("X-Request-Id") != id || r.Text("request_id") != id {
			t.Errorf("the id %q comes back as %q and %q", id, r.Header.Get("X-Request-Id"), r.Text("request_id"))
		}
		if !strings.Contains(k.Log.String(), `"request_id":"`+id+`"`) {
			t.Errorf("the id %q is not in the log", id)
		}
	}
	seen := map[string]bool{}
	for _, id := range []string{"", " ", "a b", "<script>", "a\tb", "a\"b", "жук", "a\x7f", "%0d%0a", strings.Repeat("x", 129)} {
		r := k.Public("GET", "/v1/nothing").Header("X-Request-Id", id).Want(404)
		got := r.Header.Get("X-Request-Id")
		if got == id || got != r.Text("request_id") || seen[got] {
			t.Errorf("the id %q comes back as %q and %q", id, got, r.Text("request_id"))
		}
		seen[got] = true
	}
}

func TestWhatReadersCacheIsAskedForByItsBytes(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	live, _, around := k.reads()
	for _, target := range slices.Concat(live, []string{"/", "/openapi.yaml", "/openapi.json", "/docs", "/problems/not-found"}) {
		first := k.Public("GET", target).Want(200)
		again := k.As(cms.Editor, "GET", target).Want(200)
		etag := first.ETag()
		if len(etag) < 12 || strings.HasPrefix(etag, "W/") || again.ETag() != etag || string(again.Body) != string(first.Body) {
			t.Errorf("%s: the ETags are %q and %q", target, etag, again.ETag())
		}
		if got := first.Header.Get("Cache-Control"); got != "public, max-age=0, must-revalidate" {
			t.Errorf("%s: Cache-Control is %q", target, got)
		}
		for _, sent := range []string{etag, "W/" + etag, `"other", W/"another", ` + etag, "*", etag + ` , "other"`} {
			for _, method := range []string{"GET", "HEAD"} {
				r := k.Public(method, target).Header("If-None-Match", sent).Want(304)
				if len(r.Body) != 0 || r.ETag() != etag || r.Header.Get("Content-Type") != "" || r.Header.Get("Content-Length") != "" {
					t.Errorf("%s %s with If-None-Match %s: %v %q", method, target, sent, r.Header, r.Body)
				}
				if r.Header.Get("Cache-Control") != first.Header.Get("Cache-Control") {
					t.Errorf("%s %s: the 304 says Cache-Control %q", method, target, r.Header.Get("Cache-Control"))
				}
			}
		}
		for _, sent := range []string{`"other"`, strings.Trim(etag, `"`), strings.ToLower(etag) + "x", `""`, `"*"`} {
			k.Public("GET", target).Header("If-None-Match", sent).Want(200)
		}
	}
	for _, target := range []string{"/livez", "/readyz"} {
		if r := k.Public("GET", target).Header("If-None-Match", "*").Want(200); r.Header.Get("Cache-Control") != "no-store" || !slices.Contains(around, target) {
			t.Errorf("%s: Cache-Control is %q", target, r.Header.Get("Cache-Control"))
		}
	}
	k.Public("GET", "/v1/articles/nothing").Header("If-None-Match", "*").Want(404)
}

func TestTheBytesChangeWhenReadersSeeAChangeAndOnlyThen(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	etag := func() string { return k.Public("GET", "/v1/articles/"+k.article).Want(200).ETag() }
	was := etag()
	k.As(cms.Editor, "PATCH", "/v1/articles/"+k.article).If("*").JSON(`{"title": "The river falls"}`).Want(200)
	if is := etag(); is != was {
		t.Error("an edit that is not published changed what readers cache")
	}
	for what, change := range map[string]func(){
		"publishing":     func() { k.Publish(k.article) },
		"a renamed tag":  func() { k.As(cms.Editor, "PATCH", "/v1/tags/"+k.tag).JSON(`{"name": "Waters"}`).Want(200) },
		"a changed link": func() { k.As(cms.Editor, "PATCH", "/v1/related-links/"+k.link).JSON(`{"note": "New."}`).Want(200) },
	} {
		was := etag()
		change()
		if is := etag(); is == was {
			t.Errorf("%s did not change what readers cache", what)
		}
	}
}

func TestDraftsAreKeptByNobody(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	_, draft, _ := k.reads()
	wantPrivate := func(r *testkit.Response) {
		t.Helper()
		if got := r.Header.Get("Cache-Control"); got != "private, no-store, no-transform" {
			t.Errorf("Cache-Control is %q: %s", got, r.Body)
		}
		if got := r.Header.Get("Content-Encoding"); got != "" {
			t.Errorf("it is compressed: %q", got)
		}
	}
	for _, target := range draft {
		wantPrivate(k.As(cms.Editor, "GET", target).Header("Accept-Encoding", "gzip, br").Header("If-None-Match", "*").Undocumented().Want(200))
	}
	for _, w := range k.writes() {
		if strings.Contains(w.body, "data") || strings.Contains(w.body, "into") || strings.HasPrefix(w.path, "/v1/auth/") {
			continue // it takes away what others change, or its body is not good as it stands
		}
		r := k.send(w).Header("Accept-Encoding", "gzip").JSON(w.body).Do()
		if r.Status != 200 && r.Status != 201 {
			t.Fatalf("%s %s: %d %s", w.method, w.path, r.Status, r.Body)
		}
		wantPrivate(r)
	}
	wantPrivate(k.Publish(k.article))
	wantPrivate(k.SignIn("editor@example.org"))
	wantPrivate(k.As(cms.Editor, "DELETE", "/v1/articles/"+k.article).If("*").Want(204))
}

func TestAcceptNeverMatters(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	for _, accept := range []string{"text/html", "application/xml;q=0.9", "image/png, */*;q=0", "nonsense", ""} {
		if r := k.Public("GET", "/v1/articles").Header("Accept", accept).Want(200); r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("Accept %q: Content-Type is %q", accept, r.Header.Get("Content-Type"))
		}
		k.Public("GET", "/v1/nothing").Header("Accept", accept).Want(404)
	}
}

func TestAServerThatStopsIsNotReadyButAlive(t *testing.T) {
	t.Parallel()
	draining := make(chan struct{})
	k := testkit.New(t, func(_ *newsroom.Options, o *api.Options) { o.Draining = draining })
	k.Public("GET", "/readyz").Want(200)
	close(draining)
	r := k.Public("GET", "/readyz").Do()
	wantProblem(t, r, 503, cms.Unavailable, "", "")
	if after, err := strconv.Atoi(r.Header.Get("Retry-After")); err != nil || after < 1 {
		t.Errorf("Retry-After is %q", r.Header.Get("Retry-After"))
	}
	k.Public("GET", "/livez").Want(200)
	k.Public("GET", "/v1/articles").Want(200)
}

func TestASiteThatIsNotOpenAsksForACredential(t *testing.T) {
	t.Parallel()
	k := newScene(t, testkit.ClosedToThePublic)
	live, draft, around := k.reads()
	for _, target := range slices.Concat(live, draft) {
		r := k.Public("GET", target).Header("Origin", "https://elsewhere.example").Do()
		wantProblem(t, r, 401, cms.Unauthenticated, "", "")
		if r.Header.Get("WWW-Authenticate") == "" || r.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: headers %v", target, r.Header)
		}
	}
	wantProblem(t, k.Public("GET", "/v1/articles/nothing").Do(), 401, cms.Unauthenticated, "", "") // no telling what is there
	for _, target := range live {
		r := k.As(cms.Contributor, "GET", target).Want(200)
		if !strings.HasPrefix(r.Header.Get("Cache-Control"), "private,") || r.Header.Get("Vary") != "Authorization" {
			t.Errorf("%s: Cache-Control %q and Vary %q", target, r.Header.Get("Cache-Control"), r.Header.Get("Vary"))
		}
		k.As(cms.Contributor, "GET", target).Header("If-None-Match", r.ETag()).Want(304)
		k.Public("GET", target).Header("If-None-Match", r.ETag()).Want(401)
	}
	for _, target := range around {
		k.Public("GET", target).Want(200)
	}
}

func TestTheServerBoundsHowLongAnybodyMayTake(t *testing.T) {
	t.Parallel()
	s := testkit.New(t).Server.HTTP()
	if s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.IdleTimeout <= 0 {
		t.Errorf("a bound is missing: %+v", s)
	}
}

func TestARealServerAnswersWhatThePartsDo(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	server := httptest.NewUnstartedServer(nil)
	server.Config = k.Server.HTTP()
	server.Start()
	defer server.Close()
	client := server.Client()
	client.Transport = testkit.Watch(t, client.Transport)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return errors.New("it leads elsewhere") }
	for _, c := range []struct {
		method, target string
		status         int
		header         int // bytes of a header
	}{
		{"GET", "/v1/articles", 200, 0}, {"HEAD", "/metrics", 200, 0}, {"GET", "//v1/articles", 404, 0}, {"GET", "/v1/../v1/articles", 404, 0},
		{"GET", "/v1/articles", 431, 17 << 10}, {"GET", "/v1/articles", 431, 60 << 10}, {"BREW", "/v1/articles", 405, 0},
	} {
		r, err := http.NewRequestWithContext(t.Context(), c.method, server.URL+c.target, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Cookie", strings.Repeat("a", c.header))
		answer, err := client.Do(r)
		if err != nil {
			t.Fatalf("%s %s: %v", c.method, c.target, err)
		}
		answer.Body.Close()
		problem := answer.Header.Get("Content-Type") == "application/problem+json"
		if answer.StatusCode != c.status || problem != (c.status >= 400) {
			t.Errorf("%s %s: %d %s, want %d", c.method, c.target, answer.StatusCode, answer.Header.Get("Content-Type"), c.status)
		}
	}
}
