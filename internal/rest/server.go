// Package rest is the mechanism of an HTTP API: strict queries and bodies, pages and cursors,
// problem documents and the status of each, preconditions, idempotency, the response cache, and
// what every request passes on its way. It knows how HTTP is spoken; it never knows which nouns
// there are, their rules, SQL, or the time of day.
package rest

import (
	"context"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/masthead-cms/masthead/internal/cache"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

// Newsroom is what the mechanism needs of the program behind the calls.
type Newsroom interface {
	// PublicRead reports whether live content can be read without a credential.
	PublicRead() bool
	// Authenticate returns who an access token speaks for, or an Unauthenticated error.
	Authenticate(ctx context.Context, token string) (cms.Actor, error)
	// Ready returns an error if the database does not answer.
	Ready(ctx context.Context) error
	// LookupResponse returns a Replay if a call was answered before.
	LookupResponse(ctx context.Context, i *newsroom.Idempotency) error
	// StoreResponse stores the response to a call that changed nothing.
	StoreResponse(ctx context.Context, i *newsroom.Idempotency, response []byte) error
}

// Server serves the routes that were added to it.
type Server struct {
	newsroom    Newsroom
	log         *slog.Logger
	echo        *echo.Echo
	cursorKey   []byte
	origins     map[string]bool
	private     []string
	liveCaching string
	cdnMaxAge   *time.Duration // for shared caches that are purged; nil: nothing is offered to them
	cache       *cache.Cache   // nil: nothing is cached
	metrics     *metrics
	uploads     chan struct{} // a place for each file that is being received
	tus         Tus           // the calls of uploads in pieces
	running     sync.Map      // the calls with an Idempotency-Key that are being served
	access      *accessLog
	callers     *clientIPs
	budget      *budget
	sending     *sending
	ids         *requestIDs
	date        date
	draining    <-chan struct{}

	frontEnabled bool
	front        frontFunc // answers at the connection; nil: nothing is answered there
}

// Options configure a server.
type Options struct {
	Newsroom       Newsroom
	Log            *slog.Logger
	PublicURL      string          // where the server is reached from outside; empty: not known
	LinesDropped   func() int64    // how many lines of the log were lost; nil: none ever are
	AccessLog      io.Writer       // a line of JSON per call, one Write each; nil: Log
	Cache          *cache.Cache    // of responses, told of changes by the store; nil: none
	CursorKey      []byte          // at least 32 bytes, the same on all servers of a site
	CORSOrigins    []string        // origins whose pages may use the signed-in part of the API
	TrustedProxies []netip.Prefix  // proxies whose X-Forwarded-For or Forwarded is believed
	Private        []string        // beginnings of paths that pages of other origins may not read
	CDNMaxAge      *time.Duration  // for shared caches that are purged; nil: none
	Front          bool            // Listen answers from the cache before net/http reads a request
	Draining       <-chan struct{} // closed when the server is about to stop
}

// New returns a server without routes.
func New(o Options) *Server {
	s := &Server{
		newsroom:    o.Newsroom,
		cache:       o.Cache,
		log:         o.Log,
		echo:        echo.New(),
		cursorKey:   o.CursorKey,
		origins:     map[string]bool{},
		private:     o.Private,
		liveCaching: "public, max-age=0, must-revalidate",
		cdnMaxAge:   o.CDNMaxAge,
		metrics:     newMetrics(prometheus.NewRegistry()),
		ids:         newRequestIDs(),
		access:      &accessLog{out: o.AccessLog, log: o.Log},
		callers:     &clientIPs{o.TrustedProxies},
		budget:      newBudget(),
		sending:     newSending(),
		draining:    o.Draining,
		uploads:     make(chan struct{}, maxUploads),

		frontEnabled: o.Front,
	}
	if o.Cache != nil {
		s.metrics.watch(o.Cache)
	}
	if o.LinesDropped != nil {
		s.metrics.watchLog(o.LinesDropped)
	}
	if !o.Newsroom.PublicRead() {
		s.liveCaching = "private, max-age=0, must-revalidate"
	}
	for _, origin := range o.CORSOrigins {
		s.origins[strings.TrimSuffix(origin, "/")] = true
	}
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.HTTPErrorHandler = s.errorHandler
	s.echo.IPExtractor = s.callers.extract
	s.use(s.layers())
	return s
}

// ServeHTTP serves one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// HTTP returns a server for a listener, with bounds on how long a request may take. The size of
// headers has a lower bound of its own in limits, so that exceeding it is answered with a problem
// document.
func (s *Server) HTTP() *http.Server {
	return &http.Server{
		Handler:           http.HandlerFunc(s.serveNamed),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    4 * maxHeader,
		ErrorLog:          log.New(httpLog{s.log}, "", 0),
	}
}

// serveNamed is ServeHTTP with the names of headers as they are known.
func (s *Server) serveNamed(w http.ResponseWriter, r *http.Request) {
	s.ServeHTTP(namedWriter{w}, r)
}

// namedWriter sends the names of headers as cache.SentNames has them.
type namedWriter struct{ http.ResponseWriter }

// Unwrap returns the writer of net/http, for http.ResponseController.
func (w namedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader sends the head of the response.
func (w namedWriter) WriteHeader(status int) {
	h := w.Header()
	for canonical, sent := range cache.SentNames {
		if values, ok := h[canonical]; ok {
			delete(h, canonical)
			h[sent] = values
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// Routes returns the methods and paths that have a handler.
func (s *Server) Routes() []*echo.Route { return s.echo.Routes() }
