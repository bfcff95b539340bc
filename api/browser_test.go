package api_test

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// navigation is what browsers accept when somebody opens an address.
const navigation = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"

func TestABrowserIsShownPages(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	navigate := func(target string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), "GET", target, nil)
		r.Header.Set("Accept", navigation)
		w := httptest.NewRecorder()
		k.Server.ServeHTTP(w, r)
		return w
	}
	open := func(target string, status int, wants ...string) {
		t.Helper()
		r := navigate(target)
		if got := r.Header().Get("Content-Type"); r.Code != status ||
			got != "text/html; charset=utf-8" {
			t.Errorf("%s: status %d, want %d; Content-Type is %q", target, r.Code, status, got)
		}
		for _, want := range wants {
			if !strings.Contains(r.Body.String(), want) {
				t.Errorf("%s lacks %q: %s", target, want, r.Body)
			}
		}
		policy := r.Header().Get("Content-Security-Policy")
		if strings.Contains(r.Body.String(), "<script") || !strings.Contains(policy, "default-src 'none'") ||
			!strings.Contains(policy, "style-src 'self'") {
			t.Errorf("%s: a script, or the policy %q", target, policy)
		}
	}
	open("/v1/articles/nothing", 404, "There is nothing here", `href="/problems/not-found"`,
		"Status 404", "<code>/v1/articles/nothing</code>")
	open("/v1/articles?limit=%3Cb%3E", 400, "<code>limit</code>", "&lt;b&gt;")
	open("/nothing/%3Cscript%3E", 404, "<h1>There is nothing here</h1>")
	open("/problems/not-found", 200, "<h1>There is nothing here</h1>", "Calls that change")
	open("/problems/nothing", 404, "nothing")

	home := navigate("/")
	if home.Code != 302 || home.Header().Get("Location") != "/docs" ||
		home.Header().Get("Vary") != "Accept" {
		t.Errorf("/ leads a browser to %q by %d, Vary %q",
			home.Header().Get("Location"), home.Code, home.Header().Get("Vary"))
	}
	for _, target := range []string{"/", "/problems/not-found"} {
		r := k.Public("GET", target).Header("Accept", "text/html, */*").Want(200)
		if r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Vary") != "Accept" {
			t.Errorf("%s to another client: Content-Type %q, Vary %q",
				target, r.Header.Get("Content-Type"), r.Header.Get("Vary"))
		}
	}
	sent := k.Public("POST", "/v1/auth/login").Header("Accept", navigation).JSON(map[string]string{}).Do()
	if got := sent.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("a call that changes something is answered %q", got)
	}
}
