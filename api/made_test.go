package api_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"testing"

	"github.com/masthead-cms/masthead/internal/front"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func TestTheFrontMakesAnswersToQuickQuestionsOnly(t *testing.T) {
	t.Parallel()
	quick := []string{
		"/v1/articles", "/v1/articles?limit=1", "/v1/articles?tag=water&fields=id,title&include=body&limit=1", "/v1/articles?slug=none", "/v1/articles?id=" + nothing, "/v1/articles?limit=0", "/v1/articles?cursor=x",
		"/v1/articles/none", "/v1/articles/" + nothing, "/v1/articles/none?fields=id", "/v1/articles/", "/v1/articles/%D9%86%D9%87%D8%B1", "/v1/tags", "/v1/tags?limit=2", "/v1/tags/water", "/v1/tags/none",
	}
	others := []string{
		"/v1/articles?q=river", "/v1/articles?limit=1&%71=river", "/v1/articles?filter=type=news", "/v1/articles?count=exact", "/v1/articles?page=2", "/v1/articles?facets=tag", "/v1/articles?q=river&highlight=true",
		"/v1/articles?sort=title&type=news", "/v1/articles?view=draft", "/v1/articles/none?view=draft", "/v1/articles?", "/v1/articles?limit=1&", "/v1/tags?q=water", "/v1/tags?sort=-article_count",
		"/v1/suggest?q=riv", "/v1/articles/none/related", "/v1/articles/none/related?limit=1", "/v1/auth/me", "/v1/related-links", "/", "/livez", "/metrics", "/docs", "/v1/nothing", "//v1/articles", "/v1//articles",
	}
	for what, change := range map[string]testkit.Change{"nothing is kept": testkit.NothingKept, "all is forgotten": nil} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := openStreet(t, slices.DeleteFunc([]testkit.Change{change}, func(c testkit.Change) bool { return c == nil })...)
			story(s.kit)
			s.log.forget()
			ask := func(want int64, target string, headers ...string) {
				t.Helper()
				l := s.atTheFront(t, "/v1/tags")
				s.kit.Cache.Clear()
				l.ask("GET", target, headers...)
				if asked := s.asked.Load(); asked != want {
					t.Errorf("net/http was asked %d times for %s %q, want %d", asked, target, headers, want)
				}
			}
			for _, target := range quick {
				ask(0, target)
				ask(0, target, "If-None-Match", "*", "Accept-Encoding", "br", "Origin", "https://desk.example")
				ask(1, target, "authorization", "Bearer x")
			}
			for _, target := range others {
				ask(1, target)
			}
		})
	}
}

func TestAnAddressThatCannotBeReadIsNetHTTPs(t *testing.T) {
	t.Parallel()
	s := openStreet(t, testkit.NothingKept)
	l := s.atTheFront(t, "/v1/tags")
	if _, err := io.WriteString(l, "GET /v1/tags/%zz HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	r, err := http.ReadResponse(l.in, nil)
	if err != nil || r.StatusCode != http.StatusBadRequest || !r.Close || s.asked.Load() != 0 {
		t.Errorf("%v, %v, and a handler was asked %d times", r, err, s.asked.Load())
	}
}

func TestAPanicIsAnsweredAlikeByBothDoors(t *testing.T) {
	t.Parallel()
	s := openStreet(t, testkit.NothingKept)
	front, bare := s.atTheFront(t, "/v1/tags"), s.dial(t, s.bare)
	s.kit.Break("the spring of the clock broke")
	for range 2 { // the connection goes on
		wantStatus, want, wantBody := bare.ask("GET", "/v1/articles")
		status, got, body := front.ask("GET", "/v1/articles")
		if status != http.StatusInternalServerError || status != wantStatus || !maps.EqualFunc(got, want, slices.Equal) || string(body) != string(wantBody) {
			t.Errorf("%d %v %s; by the other door %d %v %s", status, got, body, wantStatus, want, wantBody)
		}
	}
	if asked := s.asked.Load(); asked != 0 {
		t.Errorf("net/http was asked %d times", asked)
	}
}

// ways are handlers that answer in every way there is.
var ways = map[string]http.HandlerFunc{
	"nothing":                func(http.ResponseWriter, *http.Request) {},
	"a body":                 func(w http.ResponseWriter, _ *http.Request) { write(w, "", 0, "ab") },
	"a body in pieces":       func(w http.ResponseWriter, _ *http.Request) { write(w, "", 0, "a", "", "b") },
	"with its length":        func(w http.ResponseWriter, _ *http.Request) { write(w, "2", 404, "ab") },
	"in pieces, with length": func(w http.ResponseWriter, _ *http.Request) { write(w, "2", 500, "a", "b") },
	"empty, with length":     func(w http.ResponseWriter, _ *http.Request) { write(w, "0", 308, "") },
	"only the length":        func(w http.ResponseWriter, _ *http.Request) { write(w, "2", 200) },
	"shorter than it says":   func(w http.ResponseWriter, _ *http.Request) { write(w, "3", 200, "ab") },
	"longer than it says":    func(w http.ResponseWriter, _ *http.Request) { write(w, "1", 200, "ab") },
	"no content":             func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) },
	"not modified": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(304)
		w.WriteHeader(200)
		if _, err := io.WriteString(w, "ab"); !errors.Is(err, http.ErrBodyNotAllowed) {
			panic(http.ErrAbortHandler)
		}
	},
	"of the request": func(w http.ResponseWriter, r *http.Request) {
		w.Header()["X-Many"] = []string{"a", "b\r\nX-Other: c", ""}
		write(w, "", 200, fmt.Sprintf("%s %+v %q %q %v %s %d %v %v", r.Method, r.URL, r.RequestURI, r.Host, r.Header, r.Proto, r.ContentLength, r.Close, r.TransferEncoding))
	},
	"abort": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
}

// write answers with the length it is told to say, if any, a status, if any, and a body in pieces.
func write(w http.ResponseWriter, length string, status int, pieces ...string) {
	w.Header().Set("Content-Type", "text/plain")
	if length != "" {
		w.Header().Set("Content-Length", length)
	}
	if status != 0 {
		w.WriteHeader(status)
	}
	for _, piece := range pieces {
		_, _ = io.WriteString(w, piece)
	}
}

func TestAHandlerAnswersAtTheFrontAsItDoesInNetHTTP(t *testing.T) {
	t.Parallel()
	kit := testkit.New(t)
	for what, way := range ways {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			for _, method := range []string{"GET", "HEAD"} {
				want := outcome(t, kit, way, method, false)
				if got := outcome(t, kit, way, method, true); got != want {
					t.Errorf("%s is answered %q; by net/http %q", method, got, want)
				}
			}
		})
	}
}

// outcome is what a caller gets whom a handler answers, at the front or in net/http, without the date.
func outcome(t *testing.T, kit *testkit.Kit, way http.HandlerFunc, method string, atTheFront bool) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := kit.Server.HTTP()
	server.Handler = way
	t.Cleanup(func() { server.Close() })
	ready := make(chan bool, 1) // the front answers from now on
	if atTheFront {
		server.Handler = http.NotFoundHandler()
		l = front.Listen(l, server, func(r *front.Request, w *front.Writer) bool {
			if string(r.Target) == "/ready" {
				ready <- true
				return kit.Server.Reply(http.NotFoundHandler(), r, w)
			}
			return kit.Server.Reply(way, r, w)
		})
	} else {
		ready <- true
	}
	go server.Serve(l)
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	in := bufio.NewReader(c)
	ask := func(method, target string) string {
		fmt.Fprintf(c, "%s %s HTTP/1.1\r\nHost: a:1\r\nx-many: 1\r\nX-MANY:  2 \r\nX-None:\r\n\r\n", method, target)
		r, err := http.ReadResponse(in, &http.Request{Method: method})
		if err != nil {
			return "cut"
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return "cut"
		}
		if r.Header.Get("Date") == "" {
			t.Error("no date")
		}
		r.Header.Del("Date")
		return fmt.Sprintln(r.Status, r.Header, string(body))
	}
	for len(ready) == 0 {
		ask("GET", "/ready")
	}
	return ask(method, "/a%20b?c=d") + ask(method, "/again")
}
