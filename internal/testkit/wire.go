package testkit

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// Wire stands between a program and a database that is reached over TCP, and takes the database
// away when it is told. A test uses it from its own goroutine and any others.
type Wire struct {
	listener net.Listener
	target   string
	url      string

	mu     sync.Mutex
	cut    bool
	silent bool
	mended *sync.Cond // of mu: silent is over
	conns  map[net.Conn]bool
}

// NewWire lays a wire to the database of a URL. It is gone, with all connections over it, when the
// test ends.
func NewWire(t testing.TB, databaseURL string) *Wire {
	t.Helper()
	at, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &Wire{listener: listener, target: at.Host, conns: map[net.Conn]bool{}}
	w.mended = sync.NewCond(&w.mu)
	at.Host = listener.Addr().String()
	w.url = at.String()
	t.Cleanup(func() { listener.Close(); w.Cut() })
	go w.accept()
	return w
}

// URL returns the database's at the near end of the wire.
func (w *Wire) URL() string { return w.url }

// Cut breaks every connection and every one that is tried, as a database that was stopped does.
func (w *Wire) Cut() { w.set(true, false) }

// Silence keeps connections open, and lets new ones be made, but nothing comes through: a database
// that hangs, or a network that drops what is sent.
func (w *Wire) Silence() { w.set(false, true) }

// Mend makes the wire whole. What was held up by a silence comes through.
func (w *Wire) Mend() { w.set(false, false) }

func (w *Wire) set(cut, silent bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut, w.silent = cut, silent
	if cut {
		for c := range w.conns {
			c.Close()
		}
		clear(w.conns)
	}
	w.mended.Broadcast()
}

func (w *Wire) accept() {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		go w.join(near)
	}
}

// join hands on between one who has come and the database, which hears of nobody while the wire is
// cut.
func (w *Wire) join(near net.Conn) {
	defer near.Close()
	if !w.keep(near) {
		return
	}
	defer w.forget(near)
	far, err := net.Dial("tcp", w.target)
	if err != nil {
		return
	}
	defer far.Close()
	if !w.keep(far) {
		return
	}
	defer w.forget(far)
	go w.pass(far, near)
	w.pass(near, far)
}

// keep remembers a connection for when the wire is cut, and tells whether it is whole now.
func (w *Wire) keep(c net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.cut {
		w.conns[c] = true
	}
	return !w.cut
}

func (w *Wire) forget(c net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.conns, c)
}

// pass hands on what comes until one side has gone.
func (w *Wire) pass(to io.WriteCloser, from io.Reader) {
	defer to.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		w.mu.Lock()
		for w.silent {
			w.mended.Wait()
		}
		w.mu.Unlock()
		if _, failed := to.Write(buffer[:n]); err != nil || failed != nil {
			return
		}
	}
}
