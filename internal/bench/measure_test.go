package main

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"
)

// sink is a response that goes nowhere.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
func (s *sink) WriteHeader(int)             {}

// ask makes a request without a credential.
func ask(h http.Handler, target string, header http.Header) {
	r := httptest.NewRequest("GET", target, nil)
	r.Header = header
	h.ServeHTTP(&sink{http.Header{}}, r)
}

// clock is a time that goes on.
type clock func() time.Duration

var loaded = time.Now()

// wall is the time that passes. What waits for the disk is measured by it; all else by cpu.
func wall() time.Duration { return time.Since(loaded) }

// A turn is one thing done some times over, as often as takes long enough to be measured.
type turn struct {
	what  func()
	times int
	took  []time.Duration
}

const turnTime = 4 * time.Millisecond

func newTurn(what func(), now clock) *turn {
	what() // nothing is measured cold
	before := now()
	what()
	once := max(now()-before, time.Microsecond)
	return &turn{what: what, times: int(min(max(turnTime/once, 1), 50))}
}

func (t *turn) run(now clock) {
	before := now()
	for range t.times {
		t.what()
	}
	t.took = append(t.took, (now()-before)/time.Duration(t.times))
}

func (t *turn) median() time.Duration {
	slices.Sort(t.took)
	return t.took[len(t.took)/2]
}

// times measures two things in turn, so that both meet the same weather, and reports by how much
// the second takes longer than the first, medians of each.
func times(b *testing.B, unit string, now clock, first, second func()) {
	b.Helper()
	x, y := newTurn(first, now), newTurn(second, now)
	for b.Loop() {
		x.run(now)
		y.run(now)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(x.median().Nanoseconds())/1000, "µs")
	b.ReportMetric(float64(y.median())/float64(max(x.median(), 1)), unit)
}
