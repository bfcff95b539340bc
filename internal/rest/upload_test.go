package rest

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/labstack/echo/v4"
)

// pipes is a listener for connections in memory.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// received is what a handler has received of a body.
type received struct {
	bytes int64
	err   error
	after time.Duration
}

// receivePaced sends a body in parts of a size, with a pause before each, to a handler that takes a
// file, and returns what it received. Time passes at once.
func receivePaced(t *testing.T, parts, size int, pause time.Duration, whole bool) received {
	t.Helper()
	got := make(chan received, 1)
	s := &Server{uploads: make(chan struct{}, 1)}
	e := echo.New()
	e.POST("/", s.receiving(func(c echo.Context) error {
		start := time.Now()
		n, err := io.Copy(io.Discard, c.Request().Body)
		got <- received{n, err, time.Since(start)}
		return c.NoContent(http.StatusNoContent)
	}))
	server := &http.Server{Handler: e, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute}
	listener := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	var running sync.WaitGroup
	running.Go(func() { _ = server.Serve(listener) })
	client, conn := net.Pipe()
	listener.conns <- conn
	running.Go(func() { _, _ = io.Copy(io.Discard, client) })
	running.Go(func() {
		length := parts * size
		if !whole {
			length++
		}
		fmt.Fprintf(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", length)
		part := make([]byte, size)
		for range parts {
			time.Sleep(pause)
			if _, err := client.Write(part); err != nil {
				return
			}
		}
	})
	r := <-got
	_ = client.Close()
	_ = server.Close()
	running.Wait()
	time.Sleep(time.Minute) // the server lets its connection end
	return r
}

func TestABodyMayTakeLongAsLongAsItKeepsComing(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]struct {
		parts, size int
		pause       time.Duration
		whole       bool
		after       time.Duration // when it is broken off; 0: never
	}{
		"an hour, a megabyte in ten seconds":  {360, 1 << 20, 10 * time.Second, true, 0},
		"a byte in twenty seconds":            {100, 1, 20 * time.Second, true, 30 * time.Second},
		"a pause of over thirty seconds":      {100, 1 << 20, 31 * time.Second, true, 30 * time.Second},
		"much at once, and then nothing more": {64, 1 << 20, 0, false, 30 * time.Second},
		"a little less than the pace":         {1000, 70 << 10, 10 * time.Second, true, 3 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				got := receivePaced(t, body.parts, body.size, body.pause, body.whole)
				if body.after == 0 {
					if got.err != nil || got.bytes != int64(body.parts*body.size) {
						t.Errorf("received were %+v", got)
					}
				} else if got.err != errBrokenBody || (got.after-body.after).Abs() > body.after/10 {
					t.Errorf("received were %+v, want it broken off after %s", got, body.after)
				}
			})
		})
	}
}
