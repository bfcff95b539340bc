package front_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/front"
)

// house is a server with a front that has "ready" at every address that begins with /ready, or as many bytes as the address
// says; at /ready/late when it is told to go on, and at /ready/panic never. The server itself tells what it was asked.
type house struct {
	t      *testing.T
	door   *front.Listener
	server *http.Server
	served chan error
	ready  atomic.Int64 // answers of the front
	asked  atomic.Int64 // calls that net/http was given
	begun  chan bool    // an answer that comes late has been begun
	goOn   chan bool
}

func open(t *testing.T, change func(*http.Server)) *house {
	t.Helper()
	h := &house{t: t, served: make(chan error, 1), begun: make(chan bool), goOn: make(chan bool)}
	h.server = &http.Server{
		Handler: http.HandlerFunc(h.answer), IdleTimeout: time.Minute, WriteTimeout: time.Minute, ReadTimeout: time.Minute,
	}
	if change != nil {
		change(h.server)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.door = front.Listen(l, h.server, h.remember)
	go func() { h.served <- h.server.Serve(h.door) }()
	t.Cleanup(func() { h.server.Close() })
	return h
}

func (h *house) answer(w http.ResponseWriter, r *http.Request) {
	h.asked.Add(1)
	body, _ := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.Path, body)
}

func (h *house) remember(r *front.Request, w *front.Writer) bool {
	if !bytes.HasPrefix(r.Target, []byte("/ready")) {
		return false
	}
	h.ready.Add(1)
	switch string(r.Target) {
	case "/ready/late":
		h.begun <- true
		<-h.goOn
	case "/ready/panic":
		panic(http.ErrAbortHandler)
	}
	body := []byte("ready")
	if size, err := strconv.Atoi(string(bytes.TrimPrefix(r.Target, []byte("/ready/")))); err == nil {
		body = make([]byte, size)
	}
	w.Room = fmt.Appendf(w.Room[:0], "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", len(body))
	if r.Head {
		body = nil
	}
	w.Send(w.Room, body)
	return true
}

// line is a connection to a house.
type line struct {
	net.Conn
	t  *testing.T
	in *bufio.Reader
}

const plain = "GET /ready HTTP/1.1\r\nHost: a\r\n\r\n"

// call opens a connection and asks until the front has answered. The first request is net/http's in any case, and another
// may be that came before net/http had seen that it was done.
func (h *house) call() *line {
	h.t.Helper()
	c, err := net.Dial("tcp", h.door.Addr().String())
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { c.Close() })
	l := &line{c, h.t, bufio.NewReader(c)}
	for body := ""; body != "ready"; {
		l.send(plain)
		r, err := http.ReadResponse(l.in, nil)
		if err != nil {
			h.t.Fatal(err)
		}
		body = bodyOf(h.t, r)
	}
	h.ready.Store(0)
	h.asked.Store(0)
	return l
}

func (l *line) send(text string) {
	l.t.Helper()
	if _, err := io.WriteString(l, text); err != nil {
		l.t.Fatal(err)
	}
}

// want sends requests and wants answers with these bodies, in this order.
func (l *line) want(requests string, bodies ...string) {
	l.t.Helper()
	l.send(requests)
	method, _, _ := strings.Cut(requests, " ")
	for _, body := range bodies {
		r, err := http.ReadResponse(l.in, &http.Request{Method: method})
		if err != nil {
			l.t.Fatalf("%q: %v", requests, err)
		}
		got, err := io.ReadAll(r.Body)
		if err != nil || string(got) != body {
			l.t.Fatalf("%q: %q, %v; want %q", requests, got, err, body)
		}
	}
}

func TestWhatIsReadyIsAnsweredWithoutNetHTTP(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	l := h.call()
	for range 3 {
		l.want("GET /ready/?a=b HTTP/1.1\r\nHost: example.org:80\r\nAccept: */*\r\n\r\n", "ready")
		l.want("HEAD /ready HTTP/1.1\r\nhost: [::1]\r\nConnection: Keep-Alive\r\n\r\n", "")
	}
	if ready, asked := h.ready.Load(), h.asked.Load(); ready != 6 || asked != 0 {
		t.Errorf("%d answers were ready, net/http was asked %d times", ready, asked)
	}
}

func TestAConnectionComesBackFromNetHTTP(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	l := h.call()
	for range 20 {
		for range 3 {
			l.want("GET /other HTTP/1.1\r\nHost: a\r\n\r\n", "GET /other ") // at once: net/http has often read ahead
		}
		for h.ready.Swap(0) == 0 {
			l.send(plain)
			r, err := http.ReadResponse(l.in, nil)
			if err != nil {
				t.Fatal(err)
			}
			if body := bodyOf(t, r); body != "ready" && body != "GET /ready " {
				t.Fatal(body)
			}
		}
	}
}

func bodyOf(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestWhatIsNotPlainIsLeftToNetHTTPForGood(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		pieces []string
		bodies []string
	}{
		"two at once":               {[]string{plain + plain}, []string{"GET /ready ", "GET /ready "}},
		"one in two pieces":         {[]string{plain[:9], plain[9:]}, []string{"GET /ready "}},
		"one and a half":            {[]string{plain + plain[:9], plain[9:]}, []string{"GET /ready ", "GET /ready "}},
		"a body":                    {[]string{"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok"}, []string{"POST /a ok"}},
		"a body that comes later":   {[]string{"GET /ready HTTP/1.1\r\nHost: a\r\nContent-Length: 32\r\n\r\n", plain}, []string{"GET /ready " + plain}},
		"a request as a body":       {[]string{"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 32\r\n\r\n", plain}, []string{"POST /a " + plain}},
		"chunks":                    {[]string{"GET /ready HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "2\r\nok\r\n0\r\n\r\n"}, []string{"GET /ready ok"}},
		"a request as a field":      {[]string{"GET /a HTTP/1.1\r\nX: ", plain}, []string{"GET /a "}},
		"a method that ends in GET": {[]string{"FOR", plain}, []string{"FORGET /ready "}},
		"the older version":         {[]string{"GET /ready HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"}, []string{"GET /ready "}},
		"another method":            {[]string{"DELETE /ready HTTP/1.1\r\nHost: a\r\n\r\n"}, []string{"DELETE /ready "}},
		"line feeds":                {[]string{"GET /ready HTTP/1.1\nHost: a\n\n"}, []string{"GET /ready "}},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			h := open(t, nil)
			l := h.call()
			for _, piece := range c.pieces[:len(c.pieces)-1] {
				l.send(piece)
				time.Sleep(5 * time.Millisecond) // most likely it is read by itself then
			}
			l.want(c.pieces[len(c.pieces)-1], c.bodies...)
			if len(c.pieces) > 1 { // pieces that were read together may have been a plain request
				return
			}
			for range 3 {
				time.Sleep(time.Millisecond) // until the front could answer, if it did
				l.want(plain, "GET /ready ")
			}
		})
	}
}

func TestARefusalIsNetHTTPs(t *testing.T) {
	t.Parallel()
	for _, request := range []string{
		"GET /ready HTTP/1.1\r\n\r\n", "GET /ready HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET /ready HTTP/1.1\r\nHost: a b\r\n\r\n", "GET /ready HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n",
		"GET /ready HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n", "GET /re ady HTTP/1.1\r\nHost: a\r\n\r\n", "GET /ready HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n",
	} {
		h := open(t, nil)
		l := h.call()
		l.send(request)
		r, err := http.ReadResponse(l.in, nil)
		if err != nil || r.StatusCode != http.StatusBadRequest {
			t.Errorf("%q: %v, %v", request, r, err)
		}
	}
}

func TestACallerThatGoesAwayIsNoticed(t *testing.T) {
	t.Parallel()
	gone := make(chan bool)
	h := open(t, func(s *http.Server) {
		s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/slow" {
				<-r.Context().Done()
				close(gone)
				return
			}
			fmt.Fprintf(w, "GET %s ", r.URL.Path)
		})
	})
	l := h.call()
	l.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
	l.Close()
	<-gone
}

func TestAConnectionThatIsIdleOrSlowIsClosed(t *testing.T) {
	t.Parallel()
	const bound = 100 * time.Millisecond
	t.Run("idle", func(t *testing.T) {
		t.Parallel()
		l := open(t, func(s *http.Server) { s.IdleTimeout = bound }).call()
		for range 3 {
			l.want(plain, "ready")
		}
		if _, err := l.in.ReadByte(); !errors.Is(err, io.EOF) {
			t.Errorf("the connection was not closed but %v", err)
		}
	})
	t.Run("slow", func(t *testing.T) {
		t.Parallel()
		h := open(t, func(s *http.Server) { s.WriteTimeout = bound })
		l := h.call()
		const size = 16 << 20 // more than any buffer takes
		l.send(fmt.Sprintf("GET /ready/%d HTTP/1.1\r\nHost: a\r\n\r\n", size))
		if err := h.closed(); err != nil {
			t.Error(err)
		}
		if n, err := io.Copy(io.Discard, l.in); n >= size {
			t.Errorf("a caller that took nothing for longer than it may was sent all: %v", err)
		}
	})
}

// closed stops the server, and waits until all answers are sent and no connection is open.
func (h *house) closed() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return errors.Join(h.server.Shutdown(ctx), h.door.Wait(ctx))
}

func TestStoppingWaitsForReadersAsLongAsItMay(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	const size = 16 << 20 // more than any buffer takes
	var readers []*line
	for range 3 {
		l := h.call()
		l.send(fmt.Sprintf("GET /ready/%d HTTP/1.1\r\nHost: a\r\n\r\n", size))
		if _, err := l.in.Peek(1); err != nil { // the answer is on its way
			t.Fatal(err)
		}
		readers = append(readers, l)
	}
	if err := h.server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	given, giveUp := context.WithCancel(t.Context())
	giveUp()
	if err := h.door.Wait(given); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waited for those who read slowly: %v", err)
	}
	for _, l := range readers {
		r, err := http.ReadResponse(l.in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(bodyOf(t, r)); n != size {
			t.Errorf("%d bytes, want %d", n, size)
		}
	}
	if err := h.door.Wait(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestStoppingWaitsForAnAnswerThatIsBeingMade(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	l := h.call()
	l.send("GET /ready/late HTTP/1.1\r\nHost: a\r\n\r\n")
	<-h.begun
	if err := h.server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	given, giveUp := context.WithCancel(t.Context())
	giveUp()
	if err := h.door.Wait(given); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waited for the answer: %v", err)
	}
	close(h.goOn)
	l.want("", "ready")
	if err := h.door.Wait(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := l.in.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("the connection was not closed behind the answer but %v", err)
	}
}

func TestAPanicEndsTheConnectionAndNoOther(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	l, other := h.call(), h.call()
	l.send("GET /ready/panic HTTP/1.1\r\nHost: a\r\n\r\n")
	if _, err := l.in.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("the connection was not closed but %v", err)
	}
	other.want(plain, "ready")
	if err := h.closed(); err != nil {
		t.Error(err)
	}
}

func TestAServerThatStopsLosesNoAnswer(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	for range 8 {
		h := open(t, nil)
		var callers sync.WaitGroup
		begun := make(chan bool, 8)
		for range 4 {
			l := h.call()
			callers.Go(func() {
				defer func() { begun <- true }()
				for i := 0; ; i++ {
					if _, err := fmt.Fprintf(l, "GET /ready/%d HTTP/1.1\r\nHost: a\r\n\r\n", size); err != nil {
						return
					}
					r, err := http.ReadResponse(l.in, nil)
					if err != nil {
						return // closed before it was answered
					}
					if n, err := io.Copy(io.Discard, r.Body); n != size {
						t.Errorf("an answer was cut after %d bytes: %v", n, err)
						return
					}
					if i == 2 {
						begun <- true
					}
				}
			})
		}
		for range 4 {
			<-begun
		}
		if err := h.closed(); err != nil {
			t.Error(err)
		}
		callers.Wait()
		if err := <-h.served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}
}
