package api_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// twoServers serve the same newsroom: one with a front, the other by net/http alone.
type twoServers struct {
	kit       *testkit.Kit
	log       accessLines
	fronted   string       // address
	bare      string       // address
	delegated atomic.Int64 // requests that net/http got on the server with the front
	idle      sync.Map     // from the address of a client's end to a channel
}

func openTwoServers(t *testing.T, changes ...testkit.Change) *twoServers {
	t.Helper()
	s := &twoServers{log: make(accessLines, 1000)}
	s.kit = testkit.New(t, append(changes, func(_ *newsroom.Options, o *api.Options) {
		o.AccessLog = s.log
		o.Front = true
	})...)
	s.bare = s.open(t, s.kit.Server.HTTP(), func(l net.Listener, _ *http.Server) net.Listener {
		return l
	})
	server := s.kit.Server.HTTP()
	handler := server.Handler
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.delegated.Add(1)
		handler.ServeHTTP(w, r)
	})
	server.ConnState = func(c net.Conn, state http.ConnState) {
		if idle, ok := s.idle.Load(c.RemoteAddr().String()); ok && state == http.StateIdle {
			idle.(chan bool) <- true
		}
	}
	s.fronted = s.open(t, server, func(l net.Listener, server *http.Server) net.Listener {
		return s.kit.Server.Listen(l, server)
	})
	return s
}

// open serves on a port of its own, whose address it returns.
func (s *twoServers) open(
	t *testing.T, server *http.Server, wrap func(net.Listener, *http.Server) net.Listener,
) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	l = wrap(l, server)
	go server.Serve(l)
	return l.Addr().String()
}

// connection is a connection that stays open.
type connection struct {
	net.Conn
	t         *testing.T
	in        *bufio.Reader
	log       accessLines
	logged    map[string]any // of the last request, without what differs between any two
	delegated *atomic.Int64  // nil without a front
	idle      chan bool
}

func (s *twoServers) dialBare(t *testing.T) *connection {
	t.Helper()
	return s.dial(t, s.bare)
}

// dialFronted opens a connection whose requests are answered by the front from now on, if it can.
func (s *twoServers) dialFronted(t *testing.T) *connection {
	t.Helper()
	c := s.dial(t, s.fronted)
	c.delegated = &s.delegated
	s.idle.Store(c.LocalAddr().String(), c.idle)
	c.ask("GET", "/v1/tags") // the first request is net/http's
	s.delegated.Store(0)
	return c
}

func (s *twoServers) dial(t *testing.T, addr string) *connection {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &connection{Conn: c, t: t, in: bufio.NewReader(c), log: s.log, idle: make(chan bool, 1)}
}

// ask sends a request with some headers and reads its response, without what differs between any
// two.
func (c *connection) ask(method, target string, headers ...string) (int, http.Header, []byte) {
	c.t.Helper()
	var request strings.Builder
	fmt.Fprintf(&request, "%s %s HTTP/1.1\r\nHost: masthead.test\r\n", method, target)
	for i := 0; i < len(headers); i += 2 {
		fmt.Fprintf(&request, "%s: %s\r\n", headers[i], headers[i+1])
	}
	before := c.delegatedSoFar()
	if _, err := io.WriteString(c, request.String()+"\r\n"); err != nil { // at once, as clients do
		c.t.Fatal(err)
	}
	r, err := http.ReadResponse(c.in, &http.Request{Method: method})
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, target, err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, target, err)
	}
	r.Header.Del("Date")
	if id := r.Header.Get("X-Request-Id"); !slices.Contains(headers, id) {
		if id == "" {
			c.t.Errorf("%s %s: no id", method, target)
		}
		r.Header.Del("X-Request-Id")
		body = bytes.ReplaceAll(body, []byte(id), []byte("id"))
	}
	c.logged = c.log.next(c.t)
	if c.delegatedSoFar() > before && !r.Close {
		<-c.idle // only now can the front answer
	}
	return r.StatusCode, r.Header, body
}

func (c *connection) delegatedSoFar() int64 {
	if c.delegated == nil {
		return 0
	}
	return c.delegated.Load()
}

// rename changes the slug "an-old-one" of an article, and "aqua" of a tag.
func rename(k *testkit.Kit) {
	id := k.Published(map[string]any{"title": "An old one"}).Text("id")
	revise(k, id, `{"slug": "a-new-one"}`)
	verb(k, id, "publish")
	reviseTag(k, makeTag(k, `{"name": "Aqua"}`).Text("id"), `{"slug": "eau"}`)
}

// headerSets are sets of headers that a response may depend on.
func headerSets(etag, gzipTag string) [][]string {
	return [][]string{
		{}, {"Accept-Encoding", "gzip"}, {"Accept-Encoding", "gzip, deflate, br, zstd"},
		{"Accept-Encoding", "zstd;q=0.5, br;q=0.1"}, {"Accept-Encoding", "identity"},
		{"accept-encoding", "gzip;q=0", "ACCEPT-ENCODING", "zstd"},
		{"If-None-Match", etag}, {"If-None-Match", `"x", W/` + etag}, {"If-None-Match", "*"},
		{"If-None-Match", `"x"`}, {"If-None-Match", `"x"`, "If-None-Match", etag},
		{"If-None-Match", gzipTag, "Accept-Encoding", "gzip"}, {"If-None-Match", gzipTag},
		{"X-Request-Id", "abc-1"}, {"X-Request-Id", "no spaces"},
		{"X-Request-Id", "one", "X-Request-Id", "two"}, {"X-Request-Id", "", "X-Request-Id", "two"},
		{"Origin", "https://reader.example"}, {"Origin", "https://desk.example"}, {"Origin", ""},
		{"Authorization", "Bearer nonsense"}, {"Cookie", "a=b"}, {"Range", "bytes=0-9"},
		{"Access-Control-Request-Headers", "authorization"}, {"If-Match", `"1"`},
		{"Connection", "keep-alive"}, {"Accept", "text/html"}, {"Cache-Control", "no-cache"},
		{"X-Forwarded-For", "203.0.113.9:4711"}, {"Forwarded", `for="[2001:db8::9]:4711"`},
		{"Forwarded", "for=203.0.113.9", "X-Forwarded-For", "203.0.113.9"},
		{"X-Forwarded-For", "nonsense", "X-Forwarded-For", "203.0.113.9, 127.0.0.1"},
		{"X-HTTP-Method-Override", "DELETE"}, {"TE", "trailers"},
		{"Content-Length", "0"}, // after which the front answers no more
	}
}

func TestResponsesAreTheSameWithAFrontAndWithout(t *testing.T) {
	t.Parallel()
	for what, change := range map[string]testkit.Change{
		"any origin": func(*newsroom.Options, *api.Options) {},
		"an origin by name": func(_ *newsroom.Options, o *api.Options) {
			o.CORSOrigins = []string{"https://desk.example"}
		},
		"behind a proxy": func(_ *newsroom.Options, o *api.Options) {
			o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		},
		"closed to everyone": testkit.ClosedToThePublic,
		"with a lifetime for shared caches": func(_ *newsroom.Options, o *api.Options) {
			age := time.Minute
			o.CDNMaxAge = &age
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := openTwoServers(t, change)
			_, slug := story(s.kit)
			rename(s.kit)
			makeAlert(s.kit, `{"text": "T"}`)
			s.log.forget()
			for _, target := range []string{
				"/v1/articles/" + slug, "/v1/articles?tag=water&limit=1", "/livez",
				"/v1/articles?limit=0&fields=a,b", "/v1/articles/none", "/v1/articles/an%20old%2Fone",
				"/v1/articles/an-old-one?fields=id", "/v1/tags/water", "/v1/tags/water?fields=id",
				"/v1/tags/aqua", "/v1/alerts",
			} {
				s.compare(t, target)
			}
		})
	}
}

// compare asks both servers for an address with all sets of headers.
func (s *twoServers) compare(t *testing.T, target string) {
	t.Helper()
	fronted, bare := s.dialFronted(t), s.dialBare(t)
	_, header, _ := bare.ask("GET", target)
	_, gzipped, _ := bare.ask("GET", target, "Accept-Encoding", "gzip")
	for _, headers := range headerSets(header.Get("ETag"), gzipped.Get("ETag")) {
		for _, method := range []string{"GET", "HEAD"} {
			wantStatus, want, wantBody := bare.ask(method, target, headers...)
			status, got, body := fronted.ask(method, target, headers...)
			same := status == wantStatus && bytes.Equal(body, wantBody)
			if !same || !maps.EqualFunc(got, want, slices.Equal) {
				t.Errorf("%s %s with %q: %d %v %s; without a front %d %v %s",
					method, target, headers, status, got, body, wantStatus, want, wantBody)
			}
			if !reflect.DeepEqual(fronted.logged, bare.logged) {
				t.Errorf("%s %s with %q: logged as %v; without a front %v",
					method, target, headers, fronted.logged, bare.logged)
			}
		}
	}
}

func TestTheFrontAnswersFromTheCache(t *testing.T) {
	t.Parallel()
	s := openTwoServers(t)
	id, slug := story(s.kit)
	s.log.forget()
	target := "/v1/articles/" + slug
	c := s.dialFronted(t)
	_, header, _ := c.ask("GET", target)
	s.delegated.Store(0)
	for _, headers := range [][]string{
		{}, {"Accept-Encoding", "br"}, {"If-None-Match", header.Get("ETag")},
		{"Origin", "https://reader.example"}, {"Authorization", "Bearer x"},
	} {
		c.ask("GET", target, headers...)
		c.ask("HEAD", target, headers...)
	}
	if n := s.delegated.Load(); n != 0 {
		t.Errorf("net/http got %d requests for what is cached", n)
	}
	for range 3 { // net/http notices a client that leaves, so what needs the database is left to it
		s.kit.Cache.Clear()
		c.ask("GET", target)
	}
	if n := s.delegated.Swap(0); n != 3 {
		t.Errorf("net/http got %d of 3 requests for what is not cached", n)
	}
	s.kit.As(cms.Editor, "POST", "/v1/articles/"+id+"/withdraw").If("*").Want(200)
	s.log.forget()
	if status, _, _ := c.ask("GET", target); status == 200 {
		t.Error("an article that was withdrawn is answered")
	}
	metrics := string(s.kit.Public("GET", "/metrics").Want(200).Body)
	for _, want := range []string{
		`masthead_http_requests_total{method="GET",route="/v1/articles/:ref",status="304"} 1`,
		`masthead_front_requests_total{outcome="answered"} 10`,
		`masthead_front_requests_total{outcome="delegated"} 6`,
	} {
		if !strings.Contains(metrics, want+"\n") {
			t.Errorf("the metrics lack %s", want)
		}
	}
}

// accessLines are the lines of the access log that were not read yet.
type accessLines chan []byte

func (l accessLines) Write(line []byte) (int, error) {
	l <- bytes.Clone(line)
	return len(line), nil
}

func (l accessLines) forget() {
	for len(l) > 0 {
		<-l
	}
}

// next returns the next line, without what differs between any two requests. It is written when the
// response was sent.
func (l accessLines) next(t *testing.T) (line map[string]any) {
	t.Helper()
	if err := json.Unmarshal(<-l, &line); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"time", "ms", "request_id"} {
		if line[name] == nil {
			t.Errorf("%s is missing in %v", name, line)
		}
		delete(line, name)
	}
	return line
}
