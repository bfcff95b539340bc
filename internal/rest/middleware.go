package rest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/newsroom"
)

// Limits of a request, apart from its body.
const (
	maxURL      = 16 << 10 // bytes: a whole filter fits, percent-encoded
	maxHeader   = 16 << 10 // bytes, all headers together
	handlerTime = 15 * time.Second
)

// Every call passes what is in this file, so it is made cheap: header values that are the same for
// all calls are shared, and nothing is allocated that a cached response does not need.

// requestIDs generates request ids that are unique across restarts.
type requestIDs struct {
	start string
	count atomic.Uint64
}

func newRequestIDs() *requestIDs {
	return &requestIDs{start: strconv.FormatUint(rand.Uint64(), 36)}
}

func (r *requestIDs) next() string {
	var room [32]byte
	b := append(append(room[:0], r.start...), '-')
	n := r.count.Add(1)
	for pad := uint64(100_000); pad > n; pad /= 10 {
		b = append(b, '0')
	}
	return string(strconv.AppendUint(b, n, 10))
}

// choose returns the id of a call: the one the client sent, if it is valid.
func (r *requestIDs) choose(sent string) string {
	if validID(sent) {
		return sent
	}
	return r.next()
}

// requestID gives the call its id.
func (s *Server) requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header()[requestIDHeader] = []string{
			s.ids.choose(c.Request().Header.Get(requestIDHeader)),
		}
		return next(c)
	}
}

const requestIDHeader = "X-Request-Id"

// validID reports whether an id is safe in a log and a header.
func validID(id string) bool {
	return len(id) > 0 && len(id) <= 128 &&
		strings.Trim(
			id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:+/=",
		) == ""
}

func requestID(c echo.Context) string {
	return c.Response().Header().Get(requestIDHeader)
}

// statusClientClosedRequest is what is logged and counted, as nginx does it, for a call whose
// caller left before it was answered. It is never sent.
const statusClientClosedRequest = 499

const callerLeftKey = "caller left"

// callerLeft reports whether a call failed because its caller has gone.
func callerLeft(c echo.Context, err error) bool {
	return errors.Is(err, context.Canceled) &&
		errors.Is(c.Request().Context().Err(), context.Canceled)
}

// accessLogged logs and counts each call, after errors have been answered.
func (s *Server) accessLogged(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		if err := next(c); err != nil {
			s.errorHandler(err, c)
		}
		r, w := c.Request(), c.Response()
		status := w.Status
		if c.Get(callerLeftKey) != nil {
			status = statusClientClosedRequest
		}
		s.note(r.Context(), &entry{
			id:     requestID(c),
			method: r.Method,
			path:   r.URL.EscapedPath(),
			route:  cmp.Or(c.Path(), "none"),
			from:   c.RealIP(),
			status: status,
			bytes:  w.Size,
			at:     start,
			took:   time.Since(start),
		})
		return nil
	}
}

// note counts a call and logs it.
func (s *Server) note(ctx context.Context, e *entry) {
	s.metrics.observe(e.method, e.route, e.status, e.took)
	s.access.write(ctx, e)
}

// recover turns a panic into an error.
func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if r := recover(); r != nil {
				if r == http.ErrAbortHandler {
					panic(r)
				}
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
		}()
		return next(c)
	}
}

// limits bounds the URL and headers of every request, and forbids browsers to guess media types.
func (s *Server) limits(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h, r := c.Response().Header(), c.Request()
		h["X-Content-Type-Options"] = noSniffing
		if len(r.RequestURI) > maxURL {
			return httpErrorf(
				http.StatusRequestURITooLong, "The address has %d bytes; %d are allowed.",
				len(r.RequestURI), maxURL,
			)
		}
		size := 0
		for name, values := range r.Header {
			for _, v := range values {
				size += len(name) + len(v) + 4
			}
		}
		if size > maxHeader {
			return httpErrorf(
				http.StatusRequestHeaderFieldsTooLarge,
				"The headers have %d bytes; %d are allowed.", size, maxHeader,
			)
		}
		return next(c)
	}
}

// Header values that are the same for all calls.
var (
	noSniffing = []string{"nosniff"}
	noReferrer = []string{"no-referrer"}
	noContent  = []string{"default-src 'none'; frame-ancestors 'none'"}
	anyOrigin  = []string{"*"}
	exposed    = []string{"ETag, Link, Location, Retry-After, X-Request-Id, Idempotent-Replayed, " +
		"Accept-Ranges, Content-Range"}
)

// securityHeaders forbids browsers to show a response as a page or in a frame. Cached JSON, which
// is sent most, does without: it holds nothing to run, and nothing private.
func securityHeaders(h http.Header) {
	h["Referrer-Policy"], h["Content-Security-Policy"] = noReferrer, noContent
}

// withTimeout bounds the time of a call that is not answered from the cache, and says where the
// call comes from.
func (s *Server) withTimeout(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		securityHeaders(c.Response().Header())
		whole := c.Request()
		from, _ := netip.ParseAddr(c.RealIP())
		ctx, cancel := context.WithTimeout(newsroom.From(whole.Context(), from), handlerTime)
		defer cancel()
		defer c.SetRequest(whole) // whose context tells whether the caller has left
		c.SetRequest(whole.WithContext(ctx))
		return next(c)
	}
}

// cors allows pages of any site to read what is public, and pages of the listed origins everything.
func (s *Server) cors(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r, h := c.Request(), c.Response().Header()
		origin := r.Header.Get("Origin")
		listed := s.origins[origin]
		switch {
		case listed:
			h.Add("Vary", "Origin")
			h.Set("Access-Control-Allow-Origin", origin)
			h["Access-Control-Expose-Headers"] = exposed
		case len(s.origins) > 0:
			h.Add("Vary", "Origin")
		}
		if !listed && s.isPublicRead(r) {
			h["Access-Control-Allow-Origin"] = anyOrigin
			h["Access-Control-Expose-Headers"] = exposed
		}
		if r.Method == http.MethodOptions && h.Get("Access-Control-Allow-Origin") != "" {
			preflight(h, listed)
		}
		s.discoverTus(r, h, listed)
		return next(c)
	}
}

// isPublicRead reports whether a call, or the one that a preflight asks about, is a read that needs
// no credential.
func (s *Server) isPublicRead(r *http.Request) bool {
	method, wanted := r.Method, r.Header.Get("Access-Control-Request-Headers")
	if method == http.MethodOptions {
		method = r.Header.Get("Access-Control-Request-Method")
	}
	if method != http.MethodGet && method != http.MethodHead {
		return false
	}
	if !s.newsroom.PublicRead() && strings.HasPrefix(r.URL.Path, "/v1/") {
		return false
	}
	private := slices.ContainsFunc(
		s.private, func(beginning string) bool { return strings.HasPrefix(r.URL.Path, beginning) },
	)
	private = private || (r.URL.RawQuery != "" && r.URL.Query().Get("view") == "draft") ||
		strings.Contains(strings.ToLower(wanted), "authorization")
	return !private
}

// preflight sets the headers that say what a page of another origin may send.
func preflight(h http.Header, listed bool) {
	h.Set("Access-Control-Max-Age", "600")
	if listed {
		h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE")
		h.Set(
			"Access-Control-Allow-Headers",
			"Authorization, Content-Type, If-Match, If-None-Match, If-Range, Idempotency-Key, "+
				"Masthead-Save, Range, X-Request-Id",
		)
		return
	}
	h.Set("Access-Control-Allow-Methods", "GET, HEAD")
	h.Set("Access-Control-Allow-Headers", "If-None-Match, If-Range, Range, X-Request-Id")
}
