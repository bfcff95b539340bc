package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// answering is a side that asks a handler for addresses.
func answering(t *testing.T, h http.HandlerFunc, targets ...string) *side {
	t.Helper()
	listening := httptest.NewServer(h)
	t.Cleanup(listening.Close)
	s := &side{server: &server{addr: listening.Listener.Addr().String()}, callers: 1}
	for _, target := range targets {
		s.requests = append(s.requests, get(target))
	}
	return s
}

func TestAnswersAreReadToTheirEnd(t *testing.T) {
	t.Parallel()
	s := answering(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/whole":
			w.Header().Set("Content-Length", "5000")
			fmt.Fprint(w, strings.Repeat("x", 5000))
		case "/parts":
			for range 5 {
				fmt.Fprint(w, strings.Repeat("y", 3000))
				w.(http.Flusher).Flush()
			}
		case "/same":
			w.WriteHeader(http.StatusNotModified)
		}
	}, "/whole", "/parts", "/same", "/whole")
	s.requests[2].status = http.StatusNotModified
	if err := s.learn(); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{5000, 15000, 0, 5000} {
		if got := s.requests[i].length; got != want {
			t.Errorf("%s has %d bytes, want %d", &s.requests[i], got, want)
		}
	}
}

func TestAnAnswerThatIsNotWhatItWasEndsTheRun(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]http.HandlerFunc{
		"status 503": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "not now", http.StatusServiceUnavailable) },
		"4 bytes":    func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "four") },
	} {
		asked := 0
		s := answering(t, func(w http.ResponseWriter, r *http.Request) {
			if asked++; asked > 10 {
				spoil(w, r)
				return
			}
			fmt.Fprint(w, "three")
		}, "/")
		if err := s.learn(); err != nil {
			t.Fatal(err)
		}
		if _, err := s.run(time.Minute); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("the error is %v, want one that says %q", err, name)
		}
	}
}

func TestEveryAnswerIsCountedAndTimed(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 1<<20)
	s := answering(
		t,
		func(w http.ResponseWriter, r *http.Request) { asked <- r.URL.Path },
		"/a",
		"/b",
		"/c",
	)
	l, err := s.run(20 * time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if l.answers != len(asked) || len(l.waits) != l.answers {
		t.Errorf(
			"%d answers with %d times; the server was asked %d times",
			l.answers,
			len(l.waits),
			len(asked),
		)
	}
}
