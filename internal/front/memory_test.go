package front_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/masthead-cms/masthead/internal/front"
)

// memoryConn is the server's end of a connection in memory. Each Read returns at most one of the
// pieces that were fed, and settle tells when the server has nothing left to do: so a test decides
// what the server reads, and when.
type memoryConn struct {
	mu      sync.Mutex
	changed *sync.Cond
	pieces  [][]byte
	eof     bool
	expired bool // the deadline for reading is in the past
	waiting bool // the server wants a request or more of a body, and there is none
	closed  bool // the server will send no more
	sent    bytes.Buffer
}

func newMemoryConn() *memoryConn {
	c := &memoryConn{}
	c.changed = sync.NewCond(&c.mu)
	return c
}

// feed gives the server bytes to read by one Read, if its buffer is large enough.
func (c *memoryConn) feed(piece string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pieces = append(c.pieces, []byte(piece))
	c.changed.Broadcast()
}

// end lets the server read the end of the stream behind what it was fed.
func (c *memoryConn) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.eof = true
	c.changed.Broadcast()
}

// settle waits until the server waits for more than it was fed, or has closed the connection. It
// returns what the server has sent since it was last called.
func (c *memoryConn) settle() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.closed && (!c.waiting || len(c.pieces) > 0) {
		c.changed.Wait()
	}
	defer c.sent.Reset()
	return c.sent.String()
}

// drained waits until the server has read all that it was fed, whatever it does meanwhile.
func (c *memoryConn) drained() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.pieces) > 0 {
		c.changed.Wait()
	}
}

// untilClosed waits until the server has closed the connection.
func (c *memoryConn) untilClosed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.closed {
		c.changed.Wait()
	}
}

// Read reads a piece. A Read of a single byte is how net/http watches for a client that leaves
// while a handler runs.
func (c *memoryConn) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		switch {
		case c.closed:
			return 0, net.ErrClosed
		case c.expired:
			return 0, os.ErrDeadlineExceeded
		case len(c.pieces) > 0:
			n := copy(p, c.pieces[0])
			if c.pieces[0] = c.pieces[0][n:]; len(c.pieces[0]) == 0 {
				c.pieces = c.pieces[1:]
			}
			c.changed.Broadcast()
			return n, nil
		case c.eof:
			return 0, io.EOF
		}
		c.waiting = len(p) > 1
		c.changed.Broadcast()
		c.changed.Wait()
		c.waiting = false
	}
}

func (c *memoryConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return 0, net.ErrClosed
	}
	return c.sent.Write(p)
}

func (c *memoryConn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.changed.Broadcast()
	return nil
}

// CloseWrite ends what the client sees; net/http calls it before it closes a connection with unread
// input.
func (c *memoryConn) CloseWrite() error { return c.Close() }

func (c *memoryConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expired = !t.IsZero() && t.Before(time.Now())
	c.changed.Broadcast()
	return nil
}

func (c *memoryConn) SetDeadline(t time.Time) error    { return c.SetReadDeadline(t) }
func (c *memoryConn) SetWriteDeadline(time.Time) error { return nil }
func (c *memoryConn) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (c *memoryConn) RemoteAddr() net.Addr             { return &net.TCPAddr{} }

// memoryListener hears connections that are made in memory.
type memoryListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newMemoryListener() *memoryListener {
	return &memoryListener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *memoryListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *memoryListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *memoryListener) Addr() net.Addr { return &net.TCPAddr{} }

// memoryServer serves connections in memory, with a front or without.
type memoryServer struct {
	listener *memoryListener
	front    *front.Listener // nil: net/http alone
	server   *http.Server
}

// serveMemory starts a server; Respond is nil for net/http alone.
func serveMemory(server *http.Server, o front.Options) *memoryServer {
	s := &memoryServer{listener: newMemoryListener(), server: server}
	if o.Respond != nil {
		s.front = front.Listen(s.listener, server, o)
	}
	go server.Serve(s.listener)
	return s
}

func (s *memoryServer) dial() *memoryConn {
	c := newMemoryConn()
	if s.front != nil {
		s.listener.conns <- s.front.Wrap(c)
	} else {
		s.listener.conns <- c
	}
	return c
}
