package front

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// state says whom the next bytes of a connection belong to.
type state int

const (
	// To the first request, which net/http always gets: its time for headers begins here.
	first state = iota
	// To the next request.
	idle
	// To net/http, which has one whole request and reads on only to notice that the client has
	// gone.
	delegated
	// To the next request, of which net/http has read the first byte already.
	peeked
	// To net/http for good: what it has may be more than one whole request, or less.
	hijacked
)

// conn is a connection of which net/http reads only what is not answered here. It embeds nothing:
// any other way to read would pass Read by.
type conn struct {
	inner     net.Conn
	listener  *Listener
	state     state
	request   Request
	writer    Writer
	peek      [1]byte   // the byte that net/http read ahead
	deadlines time.Time // when the deadlines were last set here; zero: they are those of net/http

	mu         sync.Mutex
	responding bool
	closed     bool // net/http has closed the connection
}

// observe is told by net/http, from the goroutine that reads requests, how a connection fares.
func (c *conn) observe(s http.ConnState) {
	switch s {
	case http.StateActive:
		if c.listener.options.Delegated != nil {
			c.listener.options.Delegated()
		}
	case http.StateIdle: // a request was answered, and the next is about to be read
		if c.state == delegated {
			c.state = idle
		}
		c.deadlines = time.Time{}
	}
}

// Read reads what net/http must see, and answers what comes before that.
func (c *conn) Read(p []byte) (int, error) {
	for {
		n, err := c.inner.Read(p)
		if n == 0 || c.state == hijacked {
			return n, err
		}
		switch whole := err == nil && c.isWholeRequest(p[:n]); {
		case c.state == delegated && len(p) == 1: // the client is quick, or sends requests ahead
			c.state = peeked
			c.peek[0] = p[0]
		case c.state == delegated || !whole:
			c.state = hijacked
		case c.state != idle || !c.respond():
			c.state = delegated
		case c.writer.err != nil:
			return 0, c.writer.err
		default:
			continue
		}
		return n, err
	}
}

// isWholeRequest reports whether b, behind the byte that net/http read ahead if any, is one whole
// plain request.
func (c *conn) isWholeRequest(b []byte) bool {
	if c.state == peeked {
		b = slices.Concat(c.peek[:], b)
	}
	return c.state != delegated && c.request.parse(b)
}

// respond sends the response to the request if there is one, and reports whether net/http must not
// see the request: it was answered, or the connection is of no use any more, which writer.err says.
func (c *conn) respond() (done bool) {
	if !c.begin() {
		c.writer.err = net.ErrClosed
		return true
	}
	defer c.end()
	defer func() {
		if r := recover(); r != nil {
			c.listener.options.Log.Error("panic at the connection",
				slog.String("target", string(c.request.Target)),
				slog.String("panic", fmt.Sprint(r)), slog.String("stack", string(debug.Stack())))
			c.writer.err = net.ErrClosed
			done = true
		}
	}()
	c.writer.err = nil
	c.request.At = time.Now()
	return c.listener.options.Respond(&c.request, &c.writer)
}

// deadlineAge is how long deadlines stand before they are set anew: setting them costs as much as
// finding a response.
const deadlineAge = time.Second

// extendDeadlines gives the client time to take a response and to send the next request.
func (c *conn) extendDeadlines(now time.Time) error {
	if now.Sub(c.deadlines) < deadlineAge {
		return nil
	}
	c.deadlines = now
	if err := c.inner.SetWriteDeadline(now.Add(deadlineAge + c.listener.writeTime)); err != nil {
		return err
	}
	return c.inner.SetReadDeadline(now.Add(deadlineAge + c.listener.idleTime))
}

// begin reports whether a request may still be answered. If so, end must be called behind the
// response.
func (c *conn) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.responding = !c.closed
	return c.responding
}

// end closes the connection if net/http has asked for that meanwhile.
func (c *conn) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.responding = false
	if c.closed {
		_ = c.inner.Close() // everything that was to be sent has been
		c.listener.closing.Done()
	}
}

// Close closes the connection; while a response is on its way, behind that. net/http closes what it
// takes for idle.
func (c *conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.responding && !c.closed {
		c.closed = true
		c.listener.closing.Add(1)
	}
	if c.responding {
		return nil
	}
	c.closed = true
	return c.inner.Close()
}

// CloseWrite ends the stream to the client, as net/http does where it closes a connection with
// unread input.
func (c *conn) CloseWrite() error {
	if half, ok := c.inner.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

func (c *conn) Write(p []byte) (int, error) { return c.inner.Write(p) }

// ReadFrom sends what a file or another reader has, without a copy in memory where the system knows
// how.
func (c *conn) ReadFrom(r io.Reader) (int64, error) { return io.Copy(c.inner, r) }

func (c *conn) LocalAddr() net.Addr                { return c.inner.LocalAddr() }
func (c *conn) RemoteAddr() net.Addr               { return c.inner.RemoteAddr() }
func (c *conn) SetDeadline(t time.Time) error      { return c.inner.SetDeadline(t) }
func (c *conn) SetReadDeadline(t time.Time) error  { return c.inner.SetReadDeadline(t) }
func (c *conn) SetWriteDeadline(t time.Time) error { return c.inner.SetWriteDeadline(t) }

// A Writer takes the response to a request.
type Writer struct {
	Buf []byte // scratch memory for whoever puts a head together; kept from one request to the next

	conn    *conn
	err     error
	parts   [2][]byte
	buffers net.Buffers
}

// Send sends a response in one system call: its head, from the status line to the empty line, and
// its body, which may be empty. It returns how many bytes of the body were taken.
func (w *Writer) Send(head, body []byte) int {
	if w.err = w.conn.extendDeadlines(time.Now()); w.err != nil {
		return 0
	}
	w.parts = [2][]byte{head, body}
	w.buffers = w.parts[:]
	if len(body) == 0 {
		w.buffers = w.parts[:1]
	}
	var n int64
	n, w.err = w.buffers.WriteTo(w.conn.inner)
	return max(int(n)-len(head), 0)
}
