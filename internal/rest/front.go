package rest

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/masthead-cms/masthead/internal/cache"
	"github.com/masthead-cms/masthead/internal/front"
)

// Listen returns a listener that answers from the response cache at the connection what it can, and leaves every other
// request to server, which must come from HTTP. Both send the same bytes. Whoever shuts the server down must call Wait on
// the listener, too.
func (s *Server) Listen(l net.Listener, server *http.Server) *front.Listener {
	return front.Listen(l, server, s.answerKept)
}

// wanted is what a plain request says that an answer from memory depends on.
type wanted struct {
	id                                 string
	named                              bool // it has an id, maybe an empty one
	codings, tags, forwarded           []string
	codingRoom, tagRoom, forwardedRoom [1]string // for what most requests have once
}

// read tells whether the fields say nothing that only the way through Echo can answer.
func (w *wanted) read(fields []front.Field, anyOrigin bool) bool {
	w.codings, w.tags, w.forwarded = w.codingRoom[:0], w.tagRoom[:0], w.forwardedRoom[:0]
	for _, f := range fields {
		switch string(f.Name) {
		case "accept-encoding":
			w.codings = append(w.codings, string(f.Value))
		case "if-none-match":
			w.tags = append(w.tags, string(f.Value))
		case "x-forwarded-for":
			w.forwarded = append(w.forwarded, string(f.Value))
		case "x-request-id":
			if !w.named {
				w.id, w.named = string(f.Value), true
			}
		case "origin":
			if !anyOrigin {
				return false
			}
		case "access-control-request-headers", "access-control-request-method":
			return false
		}
	}
	return true
}

// answerKept answers a request from finished bytes that are known to be current, as kept does, and reports whether it did.
func (s *Server) answerKept(r *front.Request, w *front.Writer) bool {
	if s.cache == nil || !s.newsroom.PublicRead() {
		return false
	}
	key := string(r.Target)
	a := s.cache.Get(key)
	if a == nil {
		return false
	}
	var want wanted
	if !want.read(r.Fields, len(s.origins) == 0) {
		return false
	}
	path, _, _ := strings.Cut(key, "?")
	e := entry{
		id: s.ids.of(want.id), method: http.MethodGet, path: path, route: a.Route, from: s.callers.address(r.Peer, want.forwarded),
		status: http.StatusOK, at: r.At,
	}
	if r.Head {
		e.method = http.MethodHead
	}
	v := s.variant(key, a, want.codings)
	if noneMatch(want.tags, v.ETag) {
		e.status = http.StatusNotModified
	}
	w.Room = s.headOf(w.Room[:0], a, v, &e)
	var body []byte
	if e.status == http.StatusOK && !r.Head {
		body = v.Body
	}
	e.bytes = int64(w.Send(w.Room, body))
	e.took = time.Since(r.At)
	s.note(context.Background(), &e)
	return true
}

// headOf appends the head of an answer as HTTP/1.1 sends it.
func (s *Server) headOf(b []byte, a *cache.Response, v *cache.Variant, e *entry) []byte {
	if e.status == http.StatusNotModified {
		b = append(b, "HTTP/1.1 304 Not Modified\r\nAccess-Control-Allow-Origin: *\r\n"...)
		b = append(append(append(b, a.Lines.NotModified...), "Etag: "...), v.ETag...)
		b = append(b, "\r\n"...)
	} else {
		b = append(b, "HTTP/1.1 200 OK\r\n"...)
		b = append(append(append(b, readersLines...), a.Lines.Header...), v.Lines...)
	}
	b = append(append(append(b, requestIDHeader+": "...), e.id...), "\r\n"...)
	return append(append(b, s.date.line(e.at)...), "\r\n"...)
}

// readersLines are what the way through Echo adds to every answer for readers.
var readersLines = slices.Concat(
	headerLine("Access-Control-Allow-Origin", anyOrigin), headerLine("Access-Control-Expose-Headers", exposed), headerLine("X-Content-Type-Options", noSniffing),
)

func headerLine(name string, values []string) []byte { return []byte(name + ": " + values[0] + "\r\n") }

// date makes the header of that name, which changes once a second.
type date struct{ last atomic.Pointer[dated] }

type dated struct {
	second int64
	line   []byte
}

func (d *date) line(now time.Time) []byte {
	last := d.last.Load()
	if last == nil || last.second != now.Unix() {
		last = &dated{now.Unix(), now.UTC().AppendFormat([]byte("Date: "), http.TimeFormat+"\r\n")}
		d.last.Store(last)
	}
	return last.line
}
