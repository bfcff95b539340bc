package api_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// everyCall begins a call of each operation there is, as an administrator, with all that it needs.
func (s *scene) everyCall() []*testkit.Call {
	bodies := map[string]string{}
	for _, w := range s.writes() {
		bodies[w.method+" "+w.path] = w.body
	}
	for _, path := range []string{"/v1/auth/refresh", "/v1/auth/logout"} {
		bodies["POST "+path] = `{"refresh_token": "` + s.SignIn("editor@example.org").Text("refresh_token") + `"}`
	}
	var calls []*testkit.Call
	for name := range documented(s.Kit) {
		method, template, _ := strings.Cut(name, " ")
		path := s.path(template)
		call := s.As(cms.Admin, method, path)
		switch path {
		case "/v1/suggest":
			call.Ask("q=riv")
		case "/v1/resolve":
			call.Ask("path=/articles/river")
		}
		if body := bodies[method+" "+path]; body != "" {
			call.JSON(body)
		}
		withFile(s.Kit, call, method, path)
		noun, _ := nounAt(template)
		if method != http.MethodGet && !strings.HasPrefix(path, "/v1/auth/") && template != "/v1/articles" && template != noun.list {
			call.If("*")
		}
		calls = append(calls, call)
	}
	return calls
}

func TestAPanicIsAnsweredEverywhereAndTheServerGoesOn(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	before := k.state()
	calls := k.everyCall()
	k.Break("the spring of the clock in room 17 broke")
	for _, c := range calls {
		r := c.Want(500)
		wantProblem(t, r, 500, "internal", "", "")
		for _, secret := range []string{"spring", "room 17", "goroutine", ".go:", "panic"} {
			if strings.Contains(string(r.Body), secret) {
				t.Errorf("the answer tells of %q: %s", secret, r.Body)
			}
		}
		if id := r.Header.Get("X-Request-Id"); !strings.Contains(k.Log.String(), `"request_id":"`+id+`"`) || r.Text("request_id") != id {
			t.Errorf("the log does not tell of %q: %s", id, r.Body)
		}
	}
	if told := strings.Count(k.Log.String(), "room 17"); told != len(calls) {
		t.Errorf("of %d panics the log tells of %d", len(calls), told)
	}
	k.Mend()
	if after := k.state(); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
	k.As(cms.Editor, "POST", "/v1/articles").JSON(`{"title": "On we go"}`).Want(201)
}

func TestWhenTimeIsUpItIsSaidEverywhere(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	before := k.state()
	calls := k.everyCall()
	over, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	for _, c := range calls {
		r := c.Within(over).Do()
		wantProblem(t, r, 503, cms.Unavailable, "", "")
		if after, err := strconv.Atoi(r.Header.Get("Retry-After")); err != nil || after < 1 {
			t.Errorf("Retry-After is %q", r.Header.Get("Retry-After"))
		}
	}
	if after := k.state(); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
}

func TestLongAddressesAndHeadersAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	before := k.state()
	long := strings.Repeat("a", 17<<10)
	for _, c := range k.everyCall() {
		wantProblem(t, c.Ask("q="+long).Do(), 414, "url-too-long", "", "")
	}
	for _, c := range k.everyCall() {
		wantProblem(t, c.Header("Accept-Language", long).Do(), 431, "headers-too-large", "", "")
	}
	if after := k.state(); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
}
