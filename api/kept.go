package api

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cache"
	"github.com/masthead-cms/masthead/internal/cms"
)

// filling is a call whose answer is wanted for all who ask the same.
type filling struct{ answer *cache.Answer }

const fillingKey = "filling"

// kept answers a read from finished bytes, if there are some that are surely good, and keeps those that the handler makes.
// Only what everybody may see is ever made into them: see answerLive.
func (s *Server) kept(next echo.HandlerFunc) echo.HandlerFunc {
	if s.cache == nil || !s.newsroom.PublicRead() {
		return next
	}
	return func(c echo.Context) error {
		key := c.Request().RequestURI
		if a := s.cache.Get(key); a != nil {
			return s.sendLive(c, key, a)
		}
		if strings.Contains(key, "view=draft") { // nothing of it will be kept: nobody need wait for another's answer
			return next(c)
		}
		a, made, err := s.cache.Fill(key, func() (*cache.Answer, error) {
			f := &filling{}
			c.Set(fillingKey, f)
			err := next(c)
			return f.answer, err
		})
		switch {
		case a != nil && err == nil:
			return s.sendLive(c, key, a)
		case !made: // what the other call was answered is not for all
			err = next(c)
		}
		return s.orLast(c, key, err)
	}
}

// orLast answers what was last known where the database cannot answer now.
func (s *Server) orLast(c echo.Context, key string, err error) error {
	var refusal *cms.Error
	if !errors.As(err, &refusal) || refusal.Word != cms.Unavailable {
		return err
	}
	if a := s.cache.GetLast(key); a != nil {
		return s.sendLive(c, key, a)
	}
	return err
}

// answerLive sends JSON that readers see. The subjects are what it was made of; without any it is not kept.
func (s *Server) answerLive(c echo.Context, v any, subjects ...cms.Subject) error {
	return s.answerBytes(c, "application/json", encode(v), subjects...)
}

// answerBytes sends bytes that everybody may see who may read at all, with a digest of them for the caches of readers.
func (s *Server) answerBytes(c echo.Context, mediaType string, body []byte, subjects ...cms.Subject) error {
	header := http.Header{"Content-Type": {mediaType}, "Cache-Control": {s.liveCaching}}
	if links := c.Response().Header()["Link"]; links != nil {
		header["Link"] = links
	}
	names := make([]string, len(subjects))
	for i, subject := range subjects {
		names[i] = string(subject)
	}
	f, filling := c.Get(fillingKey).(*filling)
	if filling && len(subjects) > 0 {
		nameSubjects(header, names)
	}
	a := cache.NewAnswer(body, header, names)
	if filling && len(subjects) > 0 {
		f.answer = a
		return nil
	}
	if !s.newsroom.PublicRead() {
		c.Response().Header().Add("Vary", "Authorization")
	}
	return sendVariant(c, a, a.Plain())
}

// nameSubjects tells caches on the way what an answer was made of, in the words of each, so that they can let go of it when that
// changes: Surrogate-Key and Cache-Tag by custom, Cache-Groups by RFC 9875.
func nameSubjects(header http.Header, subjects []string) {
	header["Surrogate-Key"] = []string{strings.Join(subjects, " ")}
	header["Cache-Tag"] = []string{strings.Join(subjects, ",")}
	header["Cache-Groups"] = []string{`"` + strings.Join(subjects, `", "`) + `"`}
	header["Vary"] = []string{"Accept-Encoding"}
}

// sendLive sends an answer that is kept, in the coding the caller likes best.
func (s *Server) sendLive(c echo.Context, key string, a *cache.Answer) error {
	v := a.Plain()
	delete(c.Response().Header(), "Referrer-Policy") // see seal
	delete(c.Response().Header(), "Content-Security-Policy")
	if coding := likedCoding(c.Request().Header["Accept-Encoding"]); coding != cache.Identity {
		v = s.cache.Variant(key, a, coding)
	}
	return sendVariant(c, a, v)
}

// sendVariant sends an answer, or says that the caller has it already. The values of headers are shared, not copied.
func sendVariant(c echo.Context, a *cache.Answer, v *cache.Variant) error {
	h := c.Response().Header()
	for name, values := range a.Header {
		if before := h[name]; before != nil && name == "Vary" {
			values = append(before[:len(before):len(before)], values...)
		}
		h[name] = values
	}
	if noneMatch(c.Request().Header["If-None-Match"], v.ETag) {
		for _, name := range onlyWithBody {
			delete(h, name)
		}
		h["Etag"] = v.Header["Etag"]
		c.Response().WriteHeader(http.StatusNotModified)
		return nil
	}
	for name, values := range v.Header {
		h[name] = values
	}
	c.Response().WriteHeader(http.StatusOK)
	if c.Request().Method != http.MethodHead {
		_, _ = c.Response().Write(v.Body) // a caller that has gone away misses nothing
	}
	return nil
}

// onlyWithBody are headers that the caller has already, from the answer it has (RFC 9110, section 15.4.5).
var onlyWithBody = []string{
	"Content-Type", "Link", "Surrogate-Key", "Cache-Tag", "Cache-Groups", "X-Content-Type-Options", "Access-Control-Expose-Headers",
}

// noneMatch tells whether the caller has these bytes already (RFC 9110, section 13.1.2: compared weakly).
func noneMatch(fields []string, etag string) bool {
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

// likedCoding is the coding a caller likes best (RFC 9110, section 12.5.3); of several liked alike, the smallest.
func likedCoding(fields []string) cache.Coding {
	best, liking := cache.Identity, 0.0
	for _, field := range fields {
		for item := range strings.SplitSeq(field, ",") {
			name, parameters, _ := strings.Cut(item, ";")
			weight := 1.0
			if q, ok := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(parameters), " ", ""), "q="); ok {
				var err error
				if weight, err = strconv.ParseFloat(q, 64); err != nil {
					continue
				}
			}
			coding, known := codings[strings.ToLower(strings.TrimSpace(name))]
			if known && (weight > liking || weight == liking && coding < best && weight > 0) {
				best, liking = coding, weight
			}
		}
	}
	return best
}

// codings are the content codings there are, by their names.
var codings = map[string]cache.Coding{
	"br": cache.Brotli, "zstd": cache.Zstandard, "gzip": cache.Gzip, "x-gzip": cache.Gzip, "identity": cache.Identity,
}
