package rest

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cache"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

const (
	fileLifetime = 365 * 24 * time.Hour // for caches; the address of other bytes is another one
	leastRate    = 32 << 10             // bytes of a file that a client must take in a second
	maxRanges    = 8                    // of one request; a request for more gets the whole file
)

// File is what a response is sent from.
type File struct {
	io.ReadSeekCloser
	MIMEType string
	Bytes    int64
	Digest   string    // of the bytes, in hexadecimal
	Until    time.Time // from when nobody may see it; zero: it stays
	Left     time.Duration
	Name     string // what it is to be saved as; empty: it is shown
	Sandbox  bool   // it is no picture, so browsers must not trust it
	Tags     []cms.CacheTag
}

// GetFile adds a read of files, which find returns. It has no more time than other handlers to find
// one; reading it takes as long as the client needs, within bounds.
func (s *Server) GetFile(path string, find func(c echo.Context) (*File, error)) {
	s.getHead(path, func(c echo.Context) error {
		securityHeaders(c.Response().Header())
		whole := c.Request()
		from, _ := netip.ParseAddr(c.RealIP())
		c.SetRequest(whole.WithContext(newsroom.From(whole.Context(), from)))
		file, err := find(c)
		if err != nil {
			return err
		}
		defer file.Close()
		return s.sendFile(c, file)
	})
}

// WithHandlerTime returns a context that ends when a handler must have answered.
func WithHandlerTime(c echo.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(c.Request().Context(), handlerTime)
}

// renderTime is how long a rendition may be waited for: nobody asks again for a picture of a page.
const renderTime = 50 * time.Second

// WithRenderTime returns a context for making a rendition.
func WithRenderTime(c echo.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(c.Request().Context(), renderTime)
}

// sendFile sends a file, or the parts of it that are asked for (RFC 9110, section 14).
func (s *Server) sendFile(c echo.Context, f *File) error {
	h := c.Response().Header()
	h["Content-Type"] = []string{f.MIMEType}
	h["Etag"] = []string{`"` + f.Digest + `"`}
	h["Cache-Control"] = []string{s.fileCaching(f)}
	h["Cross-Origin-Resource-Policy"] = []string{"cross-origin"}
	if !f.Until.IsZero() {
		h["Expires"] = expires(f.Until)
	}
	if f.Sandbox {
		h["Content-Security-Policy"] = []string{"sandbox; default-src 'none'"}
	}
	setTagHeaders(h, tagNames(f.Tags))
	if f.Name != "" {
		h["Content-Disposition"] = []string{attachment(f.Name)}
	}
	r := c.Request()
	setRange(r.Header)
	control := http.NewResponseController(c.Response())
	slowest := time.Duration(f.Bytes/leastRate) * time.Second
	_ = control.SetWriteDeadline(time.Now().Add(time.Minute + slowest)) // none in some tests
	w := &fileWriter{Response: c.Response()}
	http.ServeContent(w, r, "", time.Time{}, f.ReadSeekCloser)
	if w.unsatisfiable {
		delete(h, "Content-Type")
		return httpErrorf(http.StatusRequestedRangeNotSatisfiable,
			"The file has %d bytes; none of the ranges that were asked for lies in it.", f.Bytes)
	}
	return nil
}

// setRange leaves the ranges of a request as net/http reads them, or takes them away.
func setRange(h http.Header) {
	ranges := strings.ToLower(h.Get("Range"))
	h.Del("Range")
	if byteRanges.MatchString(ranges) && !backwards(ranges) &&
		strings.Count(ranges, ",") < maxRanges {
		h.Set("Range", ranges)
	}
}

// byteRanges is the form of ranges of bytes (RFC 9110, section 14.1.1). A server ignores what it
// does not understand.
var byteRanges = regexp.MustCompile(
	`^bytes=[ \t,]*(?:\d+-\d*|-\d+)(?:[ \t]*,[ \t]*(?:\d+-\d*|-\d+)|[ \t]*,)*[ \t]*$`)

// backwards reports whether a range ends before it begins, which makes all of them invalid.
func backwards(ranges string) bool {
	for r := range strings.SplitSeq(ranges[strings.IndexByte(ranges, '=')+1:], ",") {
		first, last, _ := strings.Cut(strings.TrimSpace(r), "-")
		from, errFrom := strconv.ParseUint(first, 10, 64)
		to, errTo := strconv.ParseUint(last, 10, 64)
		if errFrom == nil && errTo == nil && to < from {
			return true
		}
	}
	return false
}

// attachment returns the Content-Disposition of a file that is saved under a name (RFC 6266): as
// ASCII, and as it is (RFC 8187) if that is something else.
func attachment(name string) string {
	ascii := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%`, r) {
			return '_'
		}
		return r
	}, name)
	value := `attachment; filename="` + ascii + `"`
	if ascii != name {
		value += "; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	}
	return value
}

// Accepts reports whether the client names a media type among those that it takes, and does not
// refuse it (RFC 9110, section 12.5.1).
func Accepts(r *http.Request, mediaType string) bool {
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept"), ","), ",") {
		name, params, err := mime.ParseMediaType(part)
		if err != nil || name != mediaType {
			continue
		}
		q, err := strconv.ParseFloat(cmp.Or(params["q"], "1"), 64)
		return err != nil || q > 0
	}
	return false
}

// fileCaching returns the Cache-Control of a file.
func (s *Server) fileCaching(f *File) string {
	lifetime := fileLifetime
	if !f.Until.IsZero() {
		lifetime = max(0, min(lifetime, f.Left))
	}
	whose := "public"
	if !s.newsroom.PublicRead() {
		whose = "private"
	}
	return whose + ", max-age=" + strconv.FormatInt(seconds(lifetime), 10) + ", immutable"
}

// fileWriter leaves it to the server to say that a range cannot be satisfied, and lets net/http
// send files, which Echo's response does not.
type fileWriter struct {
	*echo.Response
	unsatisfiable bool
}

// WriteHeader sends the head of the response.
func (w *fileWriter) WriteHeader(status int) {
	if status == http.StatusRequestedRangeNotSatisfiable {
		w.unsatisfiable = true
		return
	}
	w.Response.WriteHeader(status)
}

// Write sends a part of the body.
func (w *fileWriter) Write(b []byte) (int, error) {
	if w.unsatisfiable {
		return len(b), nil
	}
	return w.Response.Write(b)
}

// ReadFrom sends a part of the body. The head must have been sent.
func (w *fileWriter) ReadFrom(r io.Reader) (int64, error) {
	inner := w.Response.Writer
	for {
		if sender, ok := inner.(io.ReaderFrom); ok {
			n, err := sender.ReadFrom(r)
			w.Size += n
			return n, err
		}
		wrapper, ok := inner.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return io.Copy(struct{ io.Writer }{w}, r)
		}
		inner = wrapper.Unwrap()
	}
}

// Remembered returns what read returns, which is read once and then remembered until one of the
// tags changes or a moment comes; a zero moment never does. It must be representable as JSON. The
// key is the kind of thing and what names it.
func Remembered[T any](
	s *Server, key string, read func() (v T, until time.Time, tags []cms.CacheTag, err error),
) (T, error) {
	if s.cache == nil {
		v, _, _, err := read()
		return v, err
	}
	var v T
	a := s.cache.Get(key)
	if a == nil {
		var err error
		a, _, err = s.cache.Fill(key, func() (*cache.Response, error) {
			v, until, tags, err := read()
			if err != nil {
				return nil, err
			}
			b, err := json.Marshal(v)
			if err != nil {
				return nil, err
			}
			a := cache.NewResponse(b, nil, nil, tagNames(tags))
			a.Until = until
			return a, nil
		})
		if err != nil {
			return v, err
		}
	}
	if a == nil { // its moment came while it was read
		v, _, _, err := read()
		return v, err
	}
	return v, json.Unmarshal(a.Plain().Body, &v)
}
