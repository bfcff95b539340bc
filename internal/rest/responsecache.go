package rest

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cache"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/wire"
)

// cacheFill collects the response of a handler that runs on behalf of several identical requests.
type cacheFill struct{ answer *cache.Response }

const fillingKey = "filling"

// cached serves a read from the cache if a current response is there, and caches those that the
// handler sends with SendLive or SendBytes, which everybody may see.
func (s *Server) cached(next echo.HandlerFunc) echo.HandlerFunc {
	if s.cache == nil || !s.newsroom.PublicRead() {
		return next
	}
	return func(c echo.Context) error {
		key := c.Request().RequestURI
		if a := s.cache.Get(key); a != nil {
			return s.sendCached(c, key, a)
		}
		if strings.Contains(
			key, "view=draft",
		) { // never cached: nobody waits for another's response
			return next(c)
		}
		a, made, err := s.cache.Fill(key, func() (*cache.Response, error) {
			f := &cacheFill{}
			c.Set(fillingKey, f)
			err := next(c)
			return f.answer, err
		})
		switch {
		case a != nil && err == nil:
			return s.sendCached(c, key, a)
		case !made: // the response of the other call is not for everybody
			err = next(c)
		}
		return s.orStale(c, key, err)
	}
}

// orStale sends the last known response if the database is unavailable.
func (s *Server) orStale(c echo.Context, key string, err error) error {
	var refusal *cms.Error
	if !errors.As(err, &refusal) || refusal.Code != cms.Unavailable {
		return err
	}
	if a := s.cache.GetStale(key); a != nil {
		return s.sendCached(c, key, a)
	}
	return err
}

// SendLive sends JSON of the live view, which no time changes. The tags are what it was made of;
// without any it is not cached.
func (s *Server) SendLive(c echo.Context, v any, subjects ...cms.CacheTag) error {
	return s.sendLive(c, "application/json", wire.JSON(v), time.Time{}, subjects)
}

// SendBytes sends bytes that all readers may see and that are never cached here.
func (s *Server) SendBytes(c echo.Context, mediaType string, body []byte) error {
	return s.sendLive(c, mediaType, body, time.Time{}, nil)
}

// sendLive sends bytes that all readers may see, with a digest as ETag. They are good until one of
// the tags changes, and no longer than until a moment; if that is zero, no time changes them.
func (s *Server) sendLive(
	c echo.Context, mediaType string, body []byte, until time.Time, subjects []cms.CacheTag,
) error {
	h := c.Response().Header()
	if !s.newsroom.PublicRead() {
		h.Add("Vary", "Authorization")
	}
	if f, filling := c.Get(fillingKey).(*cacheFill); filling && len(subjects) > 0 {
		f.answer = s.cacheable(c, mediaType, body, until, subjects)
		return nil
	}
	etag := cache.ETag(body)
	return s.counted(c, body, func() error {
		h["Cache-Control"], h["Etag"] = []string{s.liveCaching}, []string{etag}
		if !until.IsZero() {
			h["Expires"] = expires(until)
		}
		if matchesETag(c.Request().Header["If-None-Match"], etag) {
			return notModified(c)
		}
		h["Content-Type"] = []string{mediaType}
		h["Content-Length"] = []string{strconv.Itoa(len(body))}
		return sendBody(c, body)
	})
}

// cacheable returns a response to be cached, with all headers that depend on the URL alone.
func (s *Server) cacheable(
	c echo.Context, mediaType string, body []byte, until time.Time, subjects []cms.CacheTag,
) *cache.Response {
	h, names := c.Response().Header(), tagNames(subjects)
	brief := http.Header{
		"Cache-Control": {s.liveCaching},
		"Vary":          append(slices.Clone(h["Vary"]), "Accept-Encoding"),
	}
	switch {
	case !until.IsZero(): // lifetimes are counted when it is sent
		brief["Expires"] = expires(until)
	case s.cdnMaxAge != nil: // only here: what has no names of its tags cannot be purged
		for _, name := range cdnHeaders {
			brief[name] = []string{cdnLifetime(*s.cdnMaxAge, forever)}
		}
	}
	header := http.Header{"Content-Type": {mediaType}}
	for _, name := range []string{"Link", contentLanguage} {
		if values := h[name]; values != nil {
			header[name] = values
		}
	}
	setTagHeaders(header, tagNames(cms.BroadCacheTags(subjects)))
	maps.Copy(header, brief)
	a := cache.NewResponse(body, header, brief, names)
	a.Route = c.Path()
	a.Until = until
	return a
}

// expires returns the value of the header of that name.
func expires(at time.Time) []string { return []string{at.UTC().Format(http.TimeFormat)} }

// cdnHeaders are the headers with what shared caches may do that are purged.
var cdnHeaders = []string{"Cdn-Cache-Control", "Surrogate-Control"}

// How long shared caches may use what they have while they ask anew, and while nobody answers.
const (
	staleRevalidating = 30 * time.Second
	staleOnError      = time.Hour
	forever           = time.Duration(math.MaxInt64)
)

// cdnLifetime returns what shared caches may do with a response that is good for some time more:
// nothing of it goes beyond that.
func cdnLifetime(maxAge, left time.Duration) string {
	left = max(left, 0)
	maxAge = min(maxAge, left)
	left -= maxAge
	return fmt.Sprintf("max-age=%d, stale-while-revalidate=%d, stale-if-error=%d", seconds(maxAge),
		seconds(min(staleRevalidating, left)), seconds(min(staleOnError, left)))
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// lifetime returns the value of cdnHeaders for a response whose lifetime is counted when it is
// sent, "" for others.
func (s *Server) lifetime(a *cache.Response) string {
	if a.Until.IsZero() || s.cdnMaxAge == nil {
		return ""
	}
	return cdnLifetime(*s.cdnMaxAge, s.cache.Left(a))
}

func tagNames(subjects []cms.CacheTag) []string {
	names := make([]string, len(subjects))
	for i, subject := range subjects {
		names[i] = string(subject)
	}
	return names
}

// setTagHeaders sets the headers by which shared caches purge what was made of a tag: Surrogate-Key
// and Cache-Tag by custom, Cache-Groups by RFC 9875.
func setTagHeaders(header http.Header, names []string) {
	header["Surrogate-Key"] = []string{strings.Join(names, " ")}
	header["Cache-Tag"] = []string{strings.Join(names, ",")}
	header["Cache-Groups"] = []string{`"` + strings.Join(names, `", "`) + `"`}
}

// sendCached sends a cached response in the coding that the client prefers.
func (s *Server) sendCached(c echo.Context, key string, a *cache.Response) error {
	delete(c.Response().Header(), "Referrer-Policy") // see securityHeaders
	delete(c.Response().Header(), "Content-Security-Policy")
	v := s.variant(key, a, c.Request().Header["Accept-Encoding"])
	return s.counted(c, v.Body, func() error {
		if lifetime := s.lifetime(a); lifetime != "" {
			for _, name := range cdnHeaders {
				c.Response().Header()[name] = []string{lifetime}
			}
		}
		return sendVariant(c, a, v)
	})
}

// variant returns a cached response in the preferred coding.
func (s *Server) variant(key string, a *cache.Response, accepted []string) *cache.Variant {
	if coding := preferredCoding(accepted); coding != cache.Identity {
		return s.cache.Variant(key, a, coding)
	}
	return a.Plain()
}

// sendVariant sends a cached response, or 304 if the client has it. The values of headers are
// shared, not copied.
func sendVariant(c echo.Context, a *cache.Response, v *cache.Variant) error {
	h := c.Response().Header()
	if matchesETag(c.Request().Header["If-None-Match"], v.ETag) {
		maps.Copy(h, a.NotModifiedHeader)
		h["Etag"] = v.Header["Etag"]
		return notModified(c)
	}
	maps.Copy(h, a.Header)
	maps.Copy(h, v.Header)
	return sendBody(c, v.Body)
}

// sendBody sends the body of a GET; HEAD gets the headers only.
func sendBody(c echo.Context, body []byte) error {
	c.Response().WriteHeader(http.StatusOK)
	if c.Request().Method != http.MethodHead {
		_, _ = c.Response().Write(body) // the client may be gone
	}
	return nil
}

// notModified sends 304.
func notModified(c echo.Context) error {
	for _, name := range onlyWithBody {
		delete(c.Response().Header(), name)
	}
	c.Response().WriteHeader(http.StatusNotModified)
	return nil
}

// onlyWithBody are headers that a 304 does not repeat (RFC 9110, section 15.4.5).
var onlyWithBody = []string{
	"Link", contentLanguage, "X-Content-Type-Options", "Access-Control-Expose-Headers",
}

// matchesETag reports whether If-None-Match has an entity tag, compared weakly (RFC 9110, section
// 13.1.2).
func matchesETag(fields []string, etag string) bool {
	for _, field := range fields {
		for tag := range strings.SplitSeq(field, ",") {
			tag = strings.TrimSpace(tag)
			if tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
				return true
			}
		}
	}
	return false
}

// preferredCoding returns the content coding that a client prefers (RFC 9110, section 12.5.3); of
// several with equal weight, the smallest.
func preferredCoding(fields []string) cache.Coding {
	best, liking := cache.Identity, 0.0
	for _, field := range fields {
		for item := range strings.SplitSeq(field, ",") {
			name, parameters, _ := strings.Cut(item, ";")
			coding, known := codingNamed(strings.TrimSpace(name))
			if !known {
				continue
			}
			weight := 1.0
			parameters = strings.ReplaceAll(strings.ToLower(parameters), " ", "")
			if q, ok := strings.CutPrefix(parameters, "q="); ok {
				var err error
				if weight, err = strconv.ParseFloat(q, 64); err != nil {
					continue
				}
			}
			if weight > liking || weight == liking && coding < best && weight > 0 {
				best, liking = coding, weight
			}
		}
	}
	return best
}

func codingNamed(name string) (coding cache.Coding, known bool) {
	for coding := range cache.Identity + 1 {
		if strings.EqualFold(name, coding.String()) {
			return coding, true
		}
	}
	return cache.Gzip, strings.EqualFold(name, "x-gzip")
}
