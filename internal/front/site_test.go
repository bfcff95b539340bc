package front_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/front"
)

// site is a server whose front has a response at every address that begins with /ready. Both
// net/http and the front repeat what they were asked, in the same bytes.
type site struct {
	server    *http.Server
	options   front.Options
	answered  atomic.Int64 // requests answered by the front
	delegated atomic.Int64 // requests that net/http got
	log       bytes.Buffer
}

// newSite returns a site that is not served yet.
func newSite() *site {
	s := &site{}
	s.server = &http.Server{
		Handler:      http.HandlerFunc(s.serveHTTP),
		IdleTimeout:  time.Minute,
		WriteTimeout: time.Minute,
		ReadTimeout:  time.Minute,
		ErrorLog:     slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	s.options = front.Options{
		Respond:   s.respond,
		Delegated: func() { s.delegated.Add(1) },
		Log:       slog.New(slog.NewTextHandler(&s.log, nil)),
	}
	return s
}

// description is a request in words, whoever has read it.
func description(method, target string, header http.Header, body []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s %q", method, target, body)
	for name, values := range header {
		header[name] = slices.Clone(values)
	}
	_ = header.Write(&b) // sorted by name; a buffer takes all
	return b.Bytes()
}

const date = "Mon, 02 Nov 2026 07:00:00 GMT"

func (s *site) serveHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	text := description(r.Method, r.RequestURI, r.Header, body)
	w.Header().Set("Content-Length", fmt.Sprint(len(text)))
	w.Header().Set("Content-Type", "text/plain")
	w.Header().Set("Date", date)
	_, _ = w.Write(text)
}

func (s *site) respond(r *front.Request, w *front.Writer) bool {
	if !bytes.HasPrefix(r.Target, []byte("/ready")) {
		return false
	}
	if string(r.Target) == "/ready/panic" {
		panic("a broken response")
	}
	s.answered.Add(1)
	method, header := "GET", http.Header{}
	if r.Head {
		method = "HEAD"
	}
	for _, f := range r.Fields {
		if string(f.Name) != "host" {
			header.Add(string(f.Name), string(f.Value))
		}
	}
	text := description(method, string(r.Target), header, nil)
	w.Buf = fmt.Appendf(w.Buf[:0], "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n"+
		"Content-Type: text/plain\r\nDate: %s\r\n\r\n", len(text), date)
	if r.Head {
		text = nil
	}
	w.Send(w.Buf, text)
	return true
}

const plain = "GET /ready HTTP/1.1\r\nHost: a\r\n\r\n"

// counts returns how many requests the front and net/http got since it was last called.
func (s *site) counts() [2]int64 { return [2]int64{s.answered.Swap(0), s.delegated.Swap(0)} }

// client is a connection to a site that is used as clients do: a request, its response, the next
// request.
type client struct {
	*memoryConn
	t    *testing.T
	site *site
}

// dial serves a site in memory and opens a connection that has had its first request.
func (s *site) dial(t *testing.T) *client {
	t.Helper()
	memory := serveMemory(s.server, s.options)
	t.Cleanup(func() { s.server.Close() })
	c := &client{memory.dial(), t, s}
	c.want([2]int64{0, 1}, plain)
	return c
}

// want sends requests in pieces, and wants so many requests answered by the front and by net/http.
// It returns what was sent back.
func (c *client) want(counts [2]int64, pieces ...string) string {
	c.t.Helper()
	var sent strings.Builder
	for _, piece := range pieces {
		c.feed(piece)
		sent.WriteString(c.settle())
	}
	if got := c.site.counts(); got != counts {
		c.t.Errorf("%q: the front and net/http got %v requests, want %v", pieces, got, counts)
	}
	return sent.String()
}
