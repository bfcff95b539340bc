package rest

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cache"
	"github.com/masthead-cms/masthead/internal/front"
)

// A layer is something that every request passes on its way to a handler. It says what it does in
// Echo, and what it does with a request that is answered from the response cache at the connection.
// Echo and the front are made of the same list. If a layer has no part for the front, the front is
// off, so that it never sends a response that lacks what the layer would have added or refused.
type layer struct {
	echo  echo.MiddlewareFunc
	front func(next frontFunc) frontFunc
}

// frontFunc answers a call at the connection and reports whether it did. If it returns false,
// nothing was sent, and the call goes through net/http and Echo.
type frontFunc func(c *frontCall) bool

// layers returns every layer, the outermost first.
func (s *Server) layers() []layer {
	return []layer{
		{s.requestID, s.requestIDFront},
		{s.accessLogged, s.accessLoggedFront},
		{s.recover, passFront}, // the front logs panics itself
		{s.limits, limitsFront},
		{s.cors, s.corsFront},
	}
}

// use puts layers around all handlers, in Echo and at the connection.
func (s *Server) use(layers []layer) {
	for _, l := range layers {
		s.echo.Pre(l.echo)
	}
	s.front = s.sendAtFront
	for _, l := range slices.Backward(layers) {
		if l.front == nil {
			s.front = nil
			return
		}
		s.front = l.front(s.front)
	}
}

// Listen returns a listener whose requests are answered from the response cache at the connection
// where that is possible. Every other request is left to server, which must come from HTTP. Both
// send the same bytes. Whoever shuts the server down must call Wait on the listener, too. If
// Options.Front is false, there is no cache, or reading is not public, net/http gets every request.
func (s *Server) Listen(l net.Listener, server *http.Server) *front.Listener {
	o := front.Options{Log: s.log, Delegated: s.metrics.delegated.Inc}
	if s.frontEnabled && s.front != nil && s.cache != nil && s.newsroom.PublicRead() {
		o.Respond = s.respond
	}
	return front.Listen(l, server, o)
}

// frontCall is a call that the response cache has a response to.
type frontCall struct {
	request  *front.Request
	writer   *front.Writer
	response *cache.Response
	fields   []responseField // what the layers add to the response
	entry    entry
}

type responseField struct{ name, value string }

// frontCalls has the frontCalls that are not in use.
var frontCalls = sync.Pool{New: func() any { return new(frontCall) }}

// respond is a front.Responder.
func (s *Server) respond(r *front.Request, w *front.Writer) bool {
	cached := s.cache.Get(string(r.Target))
	if cached == nil {
		return false
	}
	c := frontCalls.Get().(*frontCall)
	*c = frontCall{request: r, writer: w, response: cached, fields: c.fields[:0]}
	answered := s.front(c)
	c.request = nil
	c.writer = nil
	c.response = nil
	frontCalls.Put(c)
	if answered {
		s.metrics.answered.Inc()
	}
	return answered
}

// add adds a field to the response.
func (c *frontCall) add(name, value string) {
	c.fields = append(c.fields, responseField{name, value})
}

// values appends the values of the request's fields of a name, which is in lower case, to buf.
func (c *frontCall) values(name string, buf []string) []string {
	for _, f := range c.request.Fields {
		if string(f.Name) == name {
			buf = append(buf, string(f.Value))
		}
	}
	return buf
}

// has reports whether the request has a field of a name, which is in lower case.
func (c *frontCall) has(name string) bool {
	return slices.ContainsFunc(c.request.Fields, func(f front.Field) bool {
		return string(f.Name) == name
	})
}

// passFront is the front's part of a layer that does nothing there.
func passFront(next frontFunc) frontFunc { return next }

func (s *Server) requestIDFront(next frontFunc) frontFunc {
	return func(c *frontCall) bool {
		var buf [1]string // as many as most requests have
		sent := ""
		if ids := c.values("x-request-id", buf[:0]); len(ids) > 0 {
			sent = ids[0]
		}
		c.entry.id = s.ids.choose(sent)
		c.add(requestIDHeader, c.entry.id)
		return next(c)
	}
}

func (s *Server) accessLoggedFront(next frontFunc) frontFunc {
	return func(c *frontCall) bool {
		if !next(c) {
			return false
		}
		e := &c.entry
		e.method = http.MethodGet
		if c.request.Head {
			e.method = http.MethodHead
		}
		e.path, _, _ = strings.Cut(string(c.request.Target), "?")
		e.route = c.response.Route
		var forwardedFor, forwarded [1]string
		e.from = s.callers.address(c.request.Peer,
			c.values("x-forwarded-for", forwardedFor[:0]), c.values("forwarded", forwarded[:0]))
		e.at = c.request.At
		e.took = time.Since(e.at)
		s.note(context.Background(), e)
		return true
	}
}

// limitsFront has no limits to hold: a request that the front takes is smaller than they are.
func limitsFront(next frontFunc) frontFunc {
	return func(c *frontCall) bool {
		c.add("X-Content-Type-Options", noSniffing[0])
		return next(c)
	}
}

// corsFront leaves to Echo what depends on the origin or asks for permission.
func (s *Server) corsFront(next frontFunc) frontFunc {
	return func(c *frontCall) bool {
		switch {
		case len(s.origins) > 0 && c.has("origin"):
			return false
		case c.has("access-control-request-headers") || c.has("access-control-request-method"):
			return false
		}
		c.add("Access-Control-Allow-Origin", anyOrigin[0])
		c.add("Access-Control-Expose-Headers", exposed[0])
		return next(c)
	}
}

// sendAtFront sends the cached response, in the coding that the client likes best, or 304. Large
// ones, which are counted, it leaves to Echo.
func (s *Server) sendAtFront(c *frontCall) bool {
	var codings, tags [1]string
	v := s.variant(string(c.request.Target), c.response, c.values("accept-encoding", codings[:0]))
	if len(v.Body) >= largeBody {
		return false
	}
	c.entry.status = http.StatusOK
	if matchesETag(c.values("if-none-match", tags[:0]), v.ETag) {
		c.entry.status = http.StatusNotModified
	}
	if lifetime := s.lifetime(c.response); lifetime != "" {
		for _, name := range cdnHeaders {
			c.add(name, lifetime)
		}
	}
	c.writer.Buf = c.appendHead(c.writer.Buf[:0], v)
	c.writer.Buf = append(append(c.writer.Buf, s.date.line(c.request.At)...), "\r\n"...)
	var body []byte
	if c.entry.status == http.StatusOK && !c.request.Head {
		body = v.Body
	}
	c.entry.bytes = int64(c.writer.Send(c.writer.Buf, body))
	return true
}

// appendHead appends the head of a response as HTTP/1.1 sends it, up to the date.
func (c *frontCall) appendHead(b []byte, v *cache.Variant) []byte {
	if c.entry.status == http.StatusNotModified {
		b = append(b, "HTTP/1.1 304 Not Modified\r\n"...)
		b = append(append(append(b, c.response.Lines.NotModified...), "ETag: "...), v.ETag...)
		b = append(b, "\r\n"...)
	} else {
		b = append(b, "HTTP/1.1 200 OK\r\n"...)
		b = append(append(b, c.response.Lines.Header...), v.Lines...)
	}
	for _, f := range c.fields {
		if c.entry.status == http.StatusNotModified && slices.Contains(onlyWithBody, f.name) {
			continue
		}
		b = append(append(append(append(b, f.name...), ": "...), f.value...), "\r\n"...)
	}
	return b
}

// date makes the header of that name, which changes once a second.
type date struct{ last atomic.Pointer[dateLine] }

type dateLine struct {
	second int64
	line   []byte
}

func (d *date) line(now time.Time) []byte {
	last := d.last.Load()
	if last == nil || last.second != now.Unix() {
		line := now.UTC().AppendFormat([]byte("Date: "), http.TimeFormat+"\r\n")
		last = &dateLine{now.Unix(), line}
		d.last.Store(last)
	}
	return last.line
}
