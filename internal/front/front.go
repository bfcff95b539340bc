// Package front answers requests at the connection from finished bytes, before net/http reads them.
// It knows the plainest form of a request of HTTP/1.1 (RFC 9112), and when a connection stands
// between two requests. net/http gets everything else exactly as it came, so nothing is ever
// refused here. It never knows what the bytes mean.
//
// The package is frozen: what it answers, and the forms of requests that it takes, are not to grow.
package front

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// A Responder sends the finished response to a request by w, if there is one, and reports whether
// it did. It must not block and must keep neither r nor w: while it runs, nobody notices that the
// client has gone. A panic is logged as an error and ends the connection.
type Responder func(r *Request, w *Writer) bool

// Options are what a listener with a front works with.
type Options struct {
	Respond   Responder    // nil: net/http gets every request, and the listener adds nothing
	Delegated func()       // called for each request that net/http could read; may be nil
	Log       *slog.Logger // of panics; required with Respond
}

// Listen returns a listener for server.Serve whose requests are answered by o.Respond where it can.
// The server must have an IdleTimeout and a WriteTimeout. Its ConnState is wrapped, so it must be
// set before. Connections other than plain TCP, such as those of TLS, have no front.
func Listen(l net.Listener, server *http.Server, o Options) *Listener {
	front := &Listener{
		Listener: l, options: o, idleTime: server.IdleTimeout, writeTime: server.WriteTimeout,
	}
	if o.Respond == nil {
		return front
	}
	before := server.ConnState
	server.ConnState = func(c net.Conn, state http.ConnState) {
		if c, ok := c.(*conn); ok {
			c.observe(state)
		}
		if before != nil {
			before(c, state)
		}
	}
	return front
}

// A Listener is a listener whose connections have a front.
type Listener struct {
	net.Listener
	options   Options
	idleTime  time.Duration
	writeTime time.Duration
	closing   sync.WaitGroup // responses on their way over connections that net/http has closed
}

// Accept waits for the next connection.
func (l *Listener) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	if tcp, ok := accepted.(*net.TCPConn); ok && l.options.Respond != nil {
		return l.wrap(tcp), nil
	}
	return accepted, err
}

func (l *Listener) wrap(inner net.Conn) *conn {
	c := &conn{inner: inner, listener: l, state: first}
	c.request.Peer = inner.RemoteAddr().String()
	c.writer.conn = c
	return c
}

// Wait waits until the responses are sent that were on their way when the server was shut down, or
// until ctx ends, whose error it returns. http.Server.Shutdown takes their connections for idle,
// and does not wait for them.
func (l *Listener) Wait(ctx context.Context) error {
	sent := make(chan struct{})
	go func() {
		l.closing.Wait()
		close(sent)
	}()
	select {
	case <-sent:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
