// Package front has requests answered at the connection, before net/http reads them. It knows the plainest form of a
// request of HTTP/1.1 (RFC 9112), and when a connection stands between two requests. Whatever is not of that form, or is
// not answered, net/http is given as it came; so nothing is ever refused here. It never knows what the bytes say.
package front

import (
	"context"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Answer sends the answer to a request by w, if it has one, and tells whether it did. It keeps nothing of either. While it
// works nobody learns whether the caller has gone, so it should be quick. If it panics, net/http ends the connection as
// after a handler's panic.
type Answer func(r *Request, w *Writer) bool

// Listen has the requests that reach a listener answered, if there is an answer. The server is the one that will serve the listener;
// it must have bounds of time for being idle and for writing, and its ConnState is taken.
func Listen(l net.Listener, server *http.Server, answer Answer) *Listener {
	server.ConnState = func(c net.Conn, state http.ConnState) {
		if c, ok := c.(*conn); ok && state == http.StateIdle {
			c.idle()
		}
	}
	return &Listener{Listener: l, idleTime: server.IdleTimeout, writeTime: server.WriteTimeout, answer: answer}
}

// Listener is a listener with a front.
type Listener struct {
	net.Listener
	idleTime, writeTime time.Duration
	answer              Answer
	late                sync.WaitGroup // requests being answered on connections that net/http has closed
}

// Wait waits until the requests are answered that were being answered when the server was shut down, but no longer than the
// context lasts: http.Server.Shutdown takes their connections to be idle, and does not wait for them.
func (l *Listener) Wait(ctx context.Context) error {
	sent := make(chan struct{})
	go func() {
		l.late.Wait()
		close(sent)
	}()
	select {
	case <-sent:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Accept waits for the next connection.
func (l *Listener) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	tcp, ok := accepted.(*net.TCPConn)
	if !ok {
		return accepted, err
	}
	c := &conn{TCPConn: tcp, from: l}
	c.request.Peer = tcp.RemoteAddr().String()
	c.writer.conn = c
	return c, nil
}

// turn says whose the next bytes of a connection are.
type turn int

const (
	opening turn = iota // the first request's: net/http, which begins to count time here, is given it in any case
	between             // the next request's
	handed              // net/http's, which was given one whole request and reads on only to learn whether the caller has gone
	ahead               // the next request's, of which net/http has the first byte: it read that instead
	left                // net/http's, for good: what it was given may be more than one whole request, or less
)

// conn is a connection of which net/http reads only what cannot be answered at once.
type conn struct {
	*net.TCPConn
	from    *Listener
	turn    turn
	request Request
	writer  Writer
	early   [1]byte   // what was read ahead
	renewed time.Time // when the bounds of time were last set; zero: they are as net/http set them

	mu        sync.Mutex
	answering bool // a request is being answered: its answer is made, or on its way
	closed    bool // net/http has closed the connection
}

// idle is told by net/http when it has answered a request and is about to wait for the next.
func (c *conn) idle() {
	if c.turn == handed {
		c.turn = between
	}
	c.renewed = time.Time{}
}

// Read reads what net/http has to see, and answers what comes before that.
func (c *conn) Read(p []byte) (int, error) {
	for {
		n, err := c.TCPConn.Read(p)
		if n == 0 || c.turn == left {
			return n, err
		}
		switch whole := err == nil && c.whole(p[:n]); {
		case c.turn == handed && len(p) == 1: // a caller who is quick, or sends requests ahead
			c.turn, c.early[0] = ahead, p[0]
		case c.turn == handed || !whole:
			c.turn = left
		case c.turn != between || !c.answered():
			c.turn = handed
		case c.writer.err != nil:
			return 0, c.writer.err
		default:
			continue
		}
		return n, err
	}
}

// whole tells whether bytes, with what was read ahead of them, are one whole plain request.
func (c *conn) whole(b []byte) bool {
	if c.turn == ahead {
		b = slices.Concat(c.early[:], b)
	}
	return c.turn != handed && c.request.read(b)
}

// answered has a request answered, if that can be done, and tells whether it was, or cannot be any more.
func (c *conn) answered() bool {
	if !c.begin() {
		c.writer.err = net.ErrClosed
		return true
	}
	defer c.end()
	c.request.At = time.Now()
	return c.from.answer(&c.request, &c.writer)
}

// renewal is how long bounds of time stand before they are set anew: setting them costs as much as finding an answer.
const renewal = time.Second

// renew gives the caller time for taking an answer, and until the next request.
func (c *conn) renew(now time.Time) error {
	if now.Sub(c.renewed) < renewal {
		return nil
	}
	c.renewed = now
	if err := c.SetWriteDeadline(now.Add(renewal + c.from.writeTime)); err != nil {
		return err
	}
	return c.SetReadDeadline(now.Add(renewal + c.from.idleTime))
}

// Close closes the connection; if a request is being answered, behind the answer. net/http closes what it takes to be idle.
func (c *conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answering && !c.closed {
		c.closed = true
		c.from.late.Add(1)
	}
	if c.answering {
		return nil
	}
	c.closed = true
	return c.TCPConn.Close()
}

// begin tells whether a request may still be answered.
func (c *conn) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answering = !c.closed
	return c.answering
}

// end ends what begin began, and closes the connection if that was asked for meanwhile.
func (c *conn) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answering = false; c.closed {
		_ = c.TCPConn.Close() // all that was to be sent has been
		c.from.late.Done()
	}
}

// Writer takes the answer to a request.
type Writer struct {
	Room []byte // for whoever puts a head together, to be used again for the next

	conn    *conn
	err     error
	parts   [2][]byte
	buffers net.Buffers
}

// Send sends an answer: its head, from the status line to the empty line, and its body, at once. It tells how many bytes of the
// body were taken.
func (w *Writer) Send(head, body []byte) int {
	c := w.conn
	if w.err = c.renew(time.Now()); w.err != nil {
		return 0
	}
	w.parts = [2][]byte{head, body}
	w.buffers = w.parts[:]
	if len(body) == 0 {
		w.buffers = w.parts[:1]
	}
	var n int64
	n, w.err = w.buffers.WriteTo(c.TCPConn)
	return max(int(n)-len(head), 0)
}
