package rest

import (
	"io"
	"log/slog"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/masthead-cms/masthead/internal/newsroom"
)

// nowhere is a response that nobody reads.
type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n *nowhere) WriteHeader(int)             {}

// BenchmarkMiddleware is what each part of the way to a handler costs alone, in nanoseconds: what it takes above Echo, which
// is routing and writing 5 KB of ready bytes. The parts take turns too short to be interrupted often, and medians count.
func BenchmarkMiddleware(b *testing.B) {
	type part struct {
		name string
		call func()
		took []time.Duration
	}
	parts := []*part{{name: "echo", call: through(b)}}
	for _, m := range middleware() {
		parts = append(parts, &part{name: m.name, call: through(b, m.chain...)})
	}
	const calls = 100
	for b.Loop() {
		for _, p := range parts {
			start := time.Now()
			for range calls {
				p.call()
			}
			p.took = append(p.took, time.Since(start)/calls)
		}
	}
	b.ReportMetric(0, "ns/op")
	median := func(p *part) float64 {
		slices.Sort(p.took)
		return float64(p.took[len(p.took)/2])
	}
	for _, p := range parts[1:] {
		b.ReportMetric(median(p)-median(parts[0]), p.name)
	}
	b.ReportMetric(median(parts[0]), parts[0].name)
}

type named struct {
	name  string
	chain []echo.MiddlewareFunc
}

// middleware is each part alone, and all together as they stand in front of a handler.
func middleware() []named {
	s := &Server{
		newsroom: newsroom.Open(newsroom.Options{PublicRead: true}), metrics: newMetrics(prometheus.NewRegistry()), ids: newRequestIDs(),
		access: &accessLog{out: io.Discard, log: slog.New(slog.DiscardHandler)},
	}
	metered := func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			err := next(c)
			s.metrics.observe(c.Request().Method, c.Path(), c.Response().Status, time.Millisecond)
			return err
		}
	}
	logged := func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := time.Now()
			err := next(c)
			r, w := c.Request(), c.Response()
			s.access.write(r.Context(), &entry{
				id: requestID(c), method: r.Method, path: r.URL.EscapedPath(), route: c.Path(), from: c.RealIP(), status: w.Status, bytes: w.Size, at: start, took: time.Since(start),
			})
			return err
		}
	}
	return []named{
		{"ids", []echo.MiddlewareFunc{s.requestID}},
		{"log", []echo.MiddlewareFunc{logged}},
		{"metrics", []echo.MiddlewareFunc{metered}},
		{"recover", []echo.MiddlewareFunc{s.recover}},
		{"guard", []echo.MiddlewareFunc{s.limits}},
		{"cors", []echo.MiddlewareFunc{s.cors}},
		{"all", []echo.MiddlewareFunc{s.requestID, s.accessLogged, s.recover, s.limits, s.cors}},
	}
}

// through is a call on its way through a chain.
func through(b *testing.B, chain ...echo.MiddlewareFunc) func() {
	b.Helper()
	e, body := echo.New(), make([]byte, 5000)
	e.IPExtractor = (&clientIPs{}).extract
	e.Pre(chain...)
	e.GET("/v1/articles/:ref", func(c echo.Context) error {
		c.Response().WriteHeader(http.StatusOK)
		_, err := c.Response().Write(body)
		return err
	})
	r, err := http.NewRequest("GET", "/v1/articles/how-rivers-are-measured", nil)
	if err != nil {
		b.Fatal(err)
	}
	r.RequestURI, r.RemoteAddr = r.URL.Path, "192.0.2.1:54321"
	return func() { e.ServeHTTP(&nowhere{http.Header{}}, r) }
}
