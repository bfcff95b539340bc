// Package api is the HTTP of a newsroom: routes, the shapes that travel, status codes, caching headers. It never knows
// SQL, the rules of the house, or the time of day.
package api

import (
	"context"
	"io"
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

// Server answers the calls of the API.
type Server struct {
	newsroom    *newsroom.Newsroom
	log         *slog.Logger
	echo        *echo.Echo
	cursorKey   []byte
	origins     map[string]bool
	liveCaching string
	cache       *cache.Cache // nil: nothing is kept
	metrics     *metrics
	running     sync.Map // the calls with an Idempotency-Key that have not been answered yet
	access      *accessLog
	callers     *clientIPs
	ids         *requestIDs
	date        date
	draining    <-chan struct{}
}

// Options are what a server is made of.
type Options struct {
	Newsroom       *newsroom.Newsroom
	Log            *slog.Logger
	AccessLog      io.Writer       // takes a line of JSON for each call, in one Write; nil: calls are logged like the rest
	Cache          *cache.Cache    // of finished answers; nil: each is made anew. It hears of changes from the store
	CursorKey      []byte          // at least 32 bytes; cursors of one key are good on every server that has it
	CORSOrigins    []string        // origins whose pages may use the signed-in part of the API
	TrustedProxies []netip.Prefix  // whose word on the caller's address is believed
	Draining       <-chan struct{} // closed when the server is about to stop: it is not ready any more
}

// New makes a server.
func New(o Options) *Server {
	s := &Server{
		newsroom: o.Newsroom, cache: o.Cache, log: o.Log, echo: echo.New(), cursorKey: o.CursorKey, origins: map[string]bool{},
		liveCaching: "public, max-age=0, stale-while-revalidate=30, stale-if-error=3600", metrics: newMetrics(prometheus.NewRegistry()), ids: newRequestIDs(),
		draining: o.Draining,
	}
	s.access = &accessLog{out: o.AccessLog, log: o.Log}
	if o.Cache != nil {
		s.metrics.watch(o.Cache)
	}
	if !o.Newsroom.PublicRead() {
		s.liveCaching = "private, max-age=0, must-revalidate"
	}
	for _, origin := range o.CORSOrigins {
		s.origins[strings.TrimSuffix(origin, "/")] = true
	}
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.HTTPErrorHandler = s.errorHandler
	s.callers = &clientIPs{o.TrustedProxies}
	s.echo.IPExtractor = s.callers.extract
	s.echo.Pre(s.requestID, s.accessLogged, s.recover, s.limits, s.cors)
	s.routes()
	return s
}

// ServeHTTP answers one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// HTTP is a server for a listener, with bounds on how long anybody may take. Headers have a bound of our own in guard,
// so that going over it is answered with a problem document.
func (s *Server) HTTP() *http.Server {
	return &http.Server{
		Handler: s, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second,
		IdleTimeout: 60 * time.Second, MaxHeaderBytes: 4 * maxHeader,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}

// user is who is signed in, nil if no credential came, a refusal if a bad one did. It is looked up once a call.
func (s *Server) user(c echo.Context) (*cms.User, error) {
	if known, ok := c.Get("user").(*cms.User); ok {
		return known, nil
	}
	header := c.Request().Header.Get("Authorization")
	if header == "" {
		return nil, nil
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, cms.Errorf(cms.Unauthenticated, "The credential is of a scheme this server does not know; send Authorization: Bearer <token>.")
	}
	u, err := s.newsroom.Who(c.Request().Context(), strings.TrimSpace(token))
	if err != nil {
		return nil, err
	}
	c.Set("user", u)
	return u, nil
}

// actor is who asks: the public if no credential came.
func (s *Server) actor(c echo.Context) (cms.Actor, error) {
	u, err := s.user(c)
	if u == nil || err != nil {
		return cms.Actor{}, err
	}
	return u.Actor(), nil
}

// reader is who asks to see a view. What is published looks the same to everybody, so nobody is looked up for it where
// reading is open.
func (s *Server) reader(c echo.Context, view cms.View) (cms.Actor, error) {
	if view == cms.LiveView && s.newsroom.PublicRead() {
		return cms.Actor{}, nil
	}
	return s.actor(c)
}

// Routes are the methods and paths that are answered, for holding against the specification.
func (s *Server) Routes() []*echo.Route { return s.echo.Routes() }

func (s *Server) ready(ctx context.Context) error {
	select {
	case <-s.draining:
		return cms.Errorf(cms.Unavailable, "The server is stopping.")
	default:
		return s.newsroom.Ready(ctx)
	}
}
