package front_test

import (
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/front"
)

// Who got how many requests: the front, and net/http.
var (
	byFront   = [2]int64{1, 0}
	byNetHTTP = [2]int64{0, 1}
)

func TestAPlainRequestIsAnsweredWithoutNetHTTP(t *testing.T) {
	t.Parallel()
	c := newSite().dial(t)
	for range 3 {
		c.want(byFront, "GET /ready/?a=b HTTP/1.1\r\nHost: example.org:80\r\nAccept: */*\r\n\r\n")
		c.want(byFront, "HEAD /ready HTTP/1.1\r\nhost: [::1]\r\nConnection: Keep-Alive\r\n\r\n")
	}
}

func TestAConnectionComesBackFromNetHTTP(t *testing.T) {
	t.Parallel()
	c := newSite().dial(t)
	for range 3 {
		c.want(byNetHTTP, "GET /other HTTP/1.1\r\nHost: a\r\n\r\n")
		c.want(byFront, plain)
	}
}

func TestARequestWhoseFirstByteNetHTTPHasIsItsOwn(t *testing.T) {
	t.Parallel()
	s := newSite()
	begun, proceed := make(chan bool), make(chan bool)
	s.server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			begun <- true
			<-proceed
		}
		s.serveHTTP(w, r)
	})
	c := s.dial(t)
	for range 3 {
		c.feed("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
		<-begun
		c.feed(plain[:1])
		c.drained() // by net/http, which watches for a client that leaves
		proceed <- true
		if got := c.want([2]int64{0, 2}, plain[1:]); strings.Count(got, "HTTP/1.1 200 OK") != 2 {
			t.Errorf("two requests were answered %q", got)
		}
		c.want(byFront, plain)
	}
}

func TestWhatIsNotPlainIsLeftToNetHTTPForGood(t *testing.T) {
	t.Parallel()
	const length = "Content-Length: 32\r\n\r\n"
	for what, pieces := range map[string][]string{
		"two at once":       {plain + plain},
		"one in two pieces": {plain[:9], plain[9:]},
		"one and a half":    {plain + plain[:9], plain[9:]},
		"a body":            {"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok"},
		"a late body":       {"GET /ready HTTP/1.1\r\nHost: a\r\n" + length, plain},
		"a request as body": {"POST /a HTTP/1.1\r\nHost: a\r\n" + length, plain},
		"chunks": {
			"GET /ready HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
			"2\r\nok\r\n0\r\n\r\n",
		},
		"a request as field": {"GET /a HTTP/1.1\r\nX: ", plain},
		"the end of a name":  {"FOR", plain},
		"the older version":  {"GET /ready HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"},
		"another method":     {"DELETE /ready HTTP/1.1\r\nHost: a\r\n\r\n"},
		"line feeds":         {"GET /ready HTTP/1.1\nHost: a\n\n"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := newSite()
			c := s.dial(t)
			for _, piece := range pieces {
				c.feed(piece)
				c.settle()
			}
			if got := s.counts(); got[0] != 0 || got[1] == 0 {
				t.Errorf("the front and net/http got %v requests", got)
			}
			for range 3 {
				c.want(byNetHTTP, plain)
			}
		})
	}
}

func TestABadRequestIsRefusedByNetHTTP(t *testing.T) {
	t.Parallel()
	for _, request := range []string{
		"GET /ready HTTP/1.1\r\n\r\n",
		"GET /ready HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"GET /ready HTTP/1.1\r\nHost: a b\r\n\r\n",
		"GET /ready HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n",
		"GET /ready HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
		"GET /re ady HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /ready HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n",
	} {
		s := newSite()
		c := s.dial(t)
		c.feed(request)
		if got := c.settle(); !strings.HasPrefix(got, "HTTP/1.1 400 ") || s.answered.Load() > 0 {
			t.Errorf("%q is answered %q", request, got)
		}
	}
}

func TestAPanicIsLoggedAndEndsTheConnection(t *testing.T) {
	t.Parallel()
	s := newSite()
	c := s.dial(t)
	c.want([2]int64{0, 0}, "GET /ready/panic HTTP/1.1\r\nHost: a\r\n\r\n")
	if !c.closed {
		t.Error("the connection is open")
	}
	logged := s.log.String()
	for _, want := range []string{"level=ERROR", "a broken response", "/ready/panic", "stack="} {
		if !strings.Contains(logged, want) {
			t.Errorf("the log does not have %s: %s", want, logged)
		}
	}
}

func TestWithoutAResponderEverythingIsNetHTTPs(t *testing.T) {
	t.Parallel()
	s := newSite()
	s.options.Respond = nil
	addr := s.listen(t)
	for range 2 {
		s.get(t, http.DefaultClient, "http://"+addr+"/ready")
	}
	if got := s.counts(); got != [2]int64{} {
		t.Errorf("a listener without a front counted %v requests", got)
	}
	l := front.Listen(newMemoryListener(), s.server, s.options)
	if err := l.Wait(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTheServersOwnConnStateIsCalled(t *testing.T) {
	t.Parallel()
	s := newSite()
	idle := 0
	s.server.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateIdle {
			idle++
		}
	}
	c := s.dial(t)
	c.want(byNetHTTP, "GET /other HTTP/1.1\r\nHost: a\r\n\r\n")
	if idle != 2 {
		t.Errorf("the server heard of %d idle connections, want 2", idle)
	}
}
