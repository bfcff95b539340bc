package bench

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

var start = time.Now()

// wall is the time that passes. What waits for the disk is measured by it; all else by cpu.
func wall() time.Duration { return time.Since(start) }

// A lap is one thing done some times over, as often as takes long enough to be measured.
type lap struct {
	what  func()
	times int
	took  []time.Duration
}

const lapTime = 4 * time.Millisecond

func newLap(what func(), now clock) *lap {
	what() // nothing is measured cold
	before := now()
	what()
	once := max(now()-before, time.Microsecond)
	return &lap{what: what, times: int(min(max(lapTime/once, 1), 50))}
}

func (l *lap) run(now clock) {
	before := now()
	for range l.times {
		l.what()
	}
	l.took = append(l.took, (now()-before)/time.Duration(l.times))
}

func (l *lap) median() time.Duration {
	slices.Sort(l.took)
	return l.took[len(l.took)/2]
}

// times measures two things in turn, so that both meet the same weather, and reports by how much the second takes longer
// than the first, medians of each.
func times(b *testing.B, unit string, now clock, first, second func()) {
	b.Helper()
	x, y := newLap(first, now), newLap(second, now)
	for b.Loop() {
		x.run(now)
		y.run(now)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(x.median().Nanoseconds())/1000, "µs")
	b.ReportMetric(float64(y.median())/float64(max(x.median(), 1)), unit)
}
