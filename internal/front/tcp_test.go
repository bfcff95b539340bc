package front_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/front"
)

// listen serves a site on a port of its own, whose address it returns.
func (s *site) listen(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.server.Serve(front.Listen(l, s.server, s.options))
	t.Cleanup(func() { s.server.Close() })
	return l.Addr().String()
}

func (s *site) get(t *testing.T, client *http.Client, address string) {
	t.Helper()
	r, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if _, err := io.Copy(io.Discard, r.Body); err != nil || r.StatusCode != http.StatusOK {
		t.Fatal(r.Status, err)
	}
}

func TestTLSHasNoFront(t *testing.T) {
	t.Parallel()
	certified := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(certified.Close)
	for what, serve := range map[string]func(s *site, l net.Listener){
		"the front is outside": func(s *site, l net.Listener) {
			inner := tls.NewListener(l, &tls.Config{Certificates: certified.TLS.Certificates})
			_ = s.server.Serve(front.Listen(inner, s.server, s.options))
		},
		"the front is inside": func(s *site, l net.Listener) {
			s.server.TLSConfig = &tls.Config{Certificates: certified.TLS.Certificates}
			_ = s.server.ServeTLS(front.Listen(l, s.server, s.options), "", "")
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := newSite()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			go serve(s, l)
			t.Cleanup(func() { s.server.Close() })
			for range 3 {
				s.get(t, certified.Client(), "https://"+l.Addr().String()+"/ready")
			}
			if got := s.answered.Load(); got != 0 {
				t.Errorf("the front answered %d requests", got)
			}
		})
	}
}

// The connection that net/http gets has no method that reads or writes past the front.
func TestAConnectionHasNoOtherWayToRead(t *testing.T) {
	t.Parallel()
	l := front.Listen(newMemoryListener(), &http.Server{}, front.Options{})
	got := reflect.TypeOf(l.Wrap(newMemoryConn()))
	conn := reflect.TypeFor[net.Conn]()
	for i := range got.NumMethod() {
		name := got.Method(i).Name
		if name == "CloseWrite" || name == "ReadFrom" { // which writes what it reads elsewhere
			continue
		}
		if _, usual := conn.MethodByName(name); !usual {
			t.Errorf("a connection has %s, which net.Conn has not", name)
		}
	}
}

func TestAClientThatLeavesIsNoticed(t *testing.T) {
	t.Parallel()
	s := newSite()
	begun, gone := make(chan bool), make(chan bool)
	s.server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			begun <- true
			<-r.Context().Done()
			close(gone)
			return
		}
		s.serveHTTP(w, r)
	})
	c := s.dial(t)
	c.want(byFront, plain)
	c.feed("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
	<-begun
	c.end()
	<-gone
}

// large is a site whose front has responses of the size that an address says, which no buffer of
// TCP takes whole.
type large struct {
	*site
	listener *front.Listener
	served   chan error
	idle     sync.Map // from the address of a client to a channel
}

func newLarge(t *testing.T, change func(*http.Server)) *large {
	t.Helper()
	s := &large{site: newSite(), served: make(chan error, 1)}
	s.options.Respond = respondLarge
	s.server.ConnState = func(c net.Conn, state http.ConnState) {
		if idle, ok := s.idle.Load(c.RemoteAddr().String()); ok && state == http.StateIdle {
			idle.(chan bool) <- true
		}
	}
	if change != nil {
		change(s.server)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.listener = front.Listen(l, s.server, s.options)
	go func() { s.served <- s.server.Serve(s.listener) }()
	t.Cleanup(func() { s.server.Close() })
	return s
}

func respondLarge(r *front.Request, w *front.Writer) bool {
	size, err := strconv.Atoi(strings.TrimPrefix(string(r.Target), "/large/"))
	if err != nil {
		return false
	}
	w.Buf = fmt.Appendf(w.Buf[:0], "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", size)
	w.Send(w.Buf, make([]byte, size))
	return true
}

// line is a connection to a large site over TCP.
type line struct {
	net.Conn
	t  *testing.T
	in *bufio.Reader
}

// dial opens a connection that the front answers from now on.
func (s *large) dial(t *testing.T) *line {
	t.Helper()
	c, err := net.Dial("tcp", s.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	idle := make(chan bool, 1)
	s.idle.Store(c.LocalAddr().String(), idle)
	l := &line{c, t, bufio.NewReader(c)}
	l.send("/first")
	if _, err := l.receive(); err != nil {
		t.Fatal(err)
	}
	<-idle
	return l
}

func (l *line) send(target string) {
	l.t.Helper()
	if _, err := fmt.Fprintf(l, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", target); err != nil {
		l.t.Fatal(err)
	}
}

// receive reads a response and returns how many bytes its body had.
func (l *line) receive() (int64, error) {
	r, err := http.ReadResponse(l.in, nil)
	if err != nil {
		return 0, err
	}
	return io.Copy(io.Discard, r.Body)
}

func TestAConnectionThatIsIdleIsClosed(t *testing.T) {
	t.Parallel()
	l := newLarge(t, func(s *http.Server) { s.IdleTimeout = 100 * time.Millisecond }).dial(t)
	for range 3 {
		l.send("/large/5")
		if _, err := l.receive(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.in.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("the connection was not closed but %v", err)
	}
}

const size = 16 << 20 // more than any buffer takes

func TestAConnectionThatTakesNothingIsClosed(t *testing.T) {
	t.Parallel()
	s := newLarge(t, func(s *http.Server) { s.WriteTimeout = 100 * time.Millisecond })
	l := s.dial(t)
	l.send("/large/" + strconv.Itoa(size))
	if err := s.shutdown(); err != nil {
		t.Error(err)
	}
	if n, err := io.Copy(io.Discard, l.in); n >= size {
		t.Errorf("a client that took nothing for longer than it may was sent all: %v", err)
	}
}

// shutdown stops the server, and waits until all responses are sent and no connection is open.
func (s *large) shutdown() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return errors.Join(s.server.Shutdown(ctx), s.listener.Wait(ctx))
}

func TestStoppingWaitsForSlowReadersAsLongAsItMay(t *testing.T) {
	t.Parallel()
	s := newLarge(t, nil)
	var readers []*line
	for range 3 {
		l := s.dial(t)
		l.send("/large/" + strconv.Itoa(size))
		if _, err := l.in.Peek(1); err != nil { // the response is on its way
			t.Fatal(err)
		}
		readers = append(readers, l)
	}
	if err := s.server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.listener.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waited for those who read slowly: %v", err)
	}
	for _, l := range readers {
		if n, err := l.receive(); n != size || err != nil {
			t.Errorf("%d bytes, %v; want %d", n, err, size)
		}
		if _, err := l.in.ReadByte(); !errors.Is(err, io.EOF) {
			t.Errorf("the connection was not closed behind the response but %v", err)
		}
	}
	if err := s.listener.Wait(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAServerThatStopsCutsNoResponse(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	for range 8 {
		s := newLarge(t, nil)
		var clients sync.WaitGroup
		busy := make(chan bool, 4)
		for range 4 {
			l := s.dial(t)
			clients.Go(func() { l.readUntilClosed(size, busy) })
		}
		for range 4 {
			<-busy
		}
		if err := s.shutdown(); err != nil {
			t.Error(err)
		}
		clients.Wait()
		if err := <-s.served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}
}

// readUntilClosed asks for responses of a size until the connection is closed, and says when it has
// had some.
func (l *line) readUntilClosed(size int64, busy chan<- bool) {
	for i := 0; ; i++ {
		if _, err := fmt.Fprintf(l, "GET /large/%d HTTP/1.1\r\nHost: a\r\n\r\n", size); err != nil {
			return
		}
		r, err := http.ReadResponse(l.in, nil)
		if err != nil {
			return // closed before the request was answered
		}
		if n, err := io.Copy(io.Discard, r.Body); n != size {
			l.t.Errorf("a response was cut after %d bytes: %v", n, err)
			return
		}
		if i == 2 {
			busy <- true
		}
	}
}
