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
	"sync/atomic"
	"testing"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// street is a newsroom's server with its two doors: one has a front, the other has not.
type street struct {
	kit     *testkit.Kit
	log     accessLines
	fronted string
	bare    string
	asked   atomic.Int64 // calls that the server with the front was given
}

func openStreet(t *testing.T, changes ...testkit.Change) *street {
	t.Helper()
	s := &street{log: make(accessLines, 1000)}
	s.kit = testkit.New(t, append(changes, func(_ *newsroom.Options, o *api.Options) { o.AccessLog = s.log })...)
	open := func(front bool) string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		server := s.kit.Server.HTTP()
		t.Cleanup(func() { server.Close() })
		if front {
			server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				s.asked.Add(1)
				s.kit.Server.ServeHTTP(w, r)
			})
			l = s.kit.Server.Listen(l, server)
		}
		go server.Serve(l)
		return l.Addr().String()
	}
	s.fronted, s.bare = open(true), open(false)
	return s
}

// line is a connection that stays open.
type line struct {
	net.Conn
	t      *testing.T
	in     *bufio.Reader
	log    accessLines
	logged map[string]any // of the last call, without what differs between any two
}

func (s *street) dial(t *testing.T, addr string) *line {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &line{Conn: c, t: t, in: bufio.NewReader(c), log: s.log}
}

// ask sends a request with some headers and reads its answer; what differs between any two answers is left out.
func (l *line) ask(method, target string, headers ...string) (status int, header http.Header, body []byte) {
	l.t.Helper()
	var request strings.Builder
	fmt.Fprintf(&request, "%s %s HTTP/1.1\r\nHost: masthead.test\r\n", method, target)
	for i := 0; i < len(headers); i += 2 {
		fmt.Fprintf(&request, "%s: %s\r\n", headers[i], headers[i+1])
	}
	if _, err := io.WriteString(l, request.String()+"\r\n"); err != nil { // at once, as clients do
		l.t.Fatal(err)
	}
	r, err := http.ReadResponse(l.in, &http.Request{Method: method})
	if err != nil {
		l.t.Fatalf("%s %s: %v", method, target, err)
	}
	if body, err = io.ReadAll(r.Body); err != nil {
		l.t.Fatalf("%s %s: %v", method, target, err)
	}
	r.Header.Del("Date")
	if id := r.Header.Get("X-Request-Id"); !slices.Contains(headers, id) {
		if id == "" {
			l.t.Errorf("%s %s: no id", method, target)
		}
		r.Header.Del("X-Request-Id")
		body = bytes.ReplaceAll(body, []byte(id), []byte("id"))
	}
	l.logged = l.log.next(l.t)
	return r.StatusCode, r.Header, body
}

// atTheFront returns a connection to the server with the front, which answers from now on what it can. The target must be
// one that it can answer.
func (s *street) atTheFront(t *testing.T, target string) *line {
	t.Helper()
	l := s.dial(t, s.fronted)
	s.asked.Store(0)
	for i := int64(1); i < 100 && s.asked.Load() == i-1; i++ { // net/http gets the first request, and those sent too early
		l.ask("GET", target)
	}
	s.asked.Store(0)
	return l
}

// rename has an article leave the slug "an-old-one", and a tag "aqua".
func rename(k *testkit.Kit) {
	id := k.Published(map[string]any{"title": "An old one"}).Text("id")
	revise(k, id, `{"slug": "a-new-one"}`)
	verb(k, id, "publish")
	reviseTag(k, makeTag(k, `{"name": "Aqua"}`).Text("id"), `{"slug": "eau"}`)
}

// mostHeaders are sets of headers that an answer may depend on.
func mostHeaders(etag, packedTag string) [][]string {
	return [][]string{
		{}, {"Accept-Encoding", "gzip"}, {"Accept-Encoding", "gzip, deflate, br, zstd"}, {"Accept-Encoding", "zstd;q=0.5, br;q=0.1"}, {"Accept-Encoding", "identity"},
		{"accept-encoding", "gzip;q=0", "ACCEPT-ENCODING", "zstd"}, {"If-None-Match", etag}, {"If-None-Match", `"x", W/` + etag}, {"If-None-Match", "*"}, {"If-None-Match", `"x"`},
		{"If-None-Match", `"x"`, "If-None-Match", etag}, {"If-None-Match", packedTag, "Accept-Encoding", "gzip"}, {"If-None-Match", packedTag}, {"X-Request-Id", "abc-1"},
		{"X-Request-Id", "no spaces"}, {"X-Request-Id", "one", "X-Request-Id", "two"}, {"X-Request-Id", "", "X-Request-Id", "two"}, {"Origin", "https://reader.example"}, {"Origin", "https://desk.example"}, {"Origin", ""},
		{"Authorization", "Bearer nonsense"}, {"Cookie", "a=b"}, {"Access-Control-Request-Headers", "authorization"}, {"Range", "bytes=0-9"}, {"If-Match", `"1"`}, {"Connection", "keep-alive"},
		{"Accept", "text/html"}, {"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-For", "nonsense", "X-Forwarded-For", "203.0.113.9, 127.0.0.1"}, {"Cache-Control", "no-cache"},
		{"X-HTTP-Method-Override", "DELETE"}, {"TE", "trailers"}, {"Content-Length", "0"}, // after which the front answers no more
	}
}

func TestBothDoorsAnswerAlike(t *testing.T) {
	t.Parallel()
	for what, change := range map[string]testkit.Change{
		"any origin":        func(*newsroom.Options, *api.Options) {},
		"an origin by name": func(_ *newsroom.Options, o *api.Options) { o.CORSOrigins = []string{"https://desk.example"} },
		"behind a proxy": func(_ *newsroom.Options, o *api.Options) {
			o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		},
		"closed to everyone": testkit.ClosedToThePublic,
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := openStreet(t, change)
			_, slug := story(s.kit)
			rename(s.kit)
			s.log.forget()
			targets := []string{
				"/v1/articles/" + slug, "/v1/articles?tag=water&limit=1", "/v1/articles?limit=0&fields=a,b", "/v1/articles/none", "/v1/articles/an%20old%2Fone", "/v1/articles/an-old-one?fields=id",
				"/v1/tags/water", "/v1/tags/water?fields=id", "/v1/tags/aqua", "/livez",
			}
			for _, target := range targets {
				front, bare := s.atTheFront(t, "/v1/tags"), s.dial(t, s.bare)
				_, header, _ := bare.ask("GET", target)
				_, packed, _ := bare.ask("GET", target, "Accept-Encoding", "gzip")
				for _, headers := range mostHeaders(header.Get("ETag"), packed.Get("ETag")) {
					for _, method := range []string{"GET", "HEAD"} {
						wantStatus, want, wantBody := bare.ask(method, target, headers...)
						status, got, body := front.ask(method, target, headers...)
						if status != wantStatus || !maps.EqualFunc(got, want, slices.Equal) || !bytes.Equal(body, wantBody) {
							t.Errorf("%s %s with %q: %d %v, %d bytes; by the other door %d %v, %d bytes", method, target, headers, status, got, len(body), wantStatus, want, len(wantBody))
						}
						if !reflect.DeepEqual(front.logged, bare.logged) {
							t.Errorf("%s %s with %q: logged as %v; by the other door %v", method, target, headers, front.logged, bare.logged)
						}
					}
				}
			}
		})
	}
}

func TestTheFrontAnswersWhatIsKept(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	id, slug := story(s.kit)
	s.log.forget()
	target := "/v1/articles/" + slug
	l := s.atTheFront(t, target)
	_, header, _ := l.ask("GET", target)
	for _, headers := range [][]string{{}, {"Accept-Encoding", "br"}, {"If-None-Match", header.Get("ETag")}, {"Origin", "https://reader.example"}, {"Authorization", "Bearer x"}} {
		l.ask("GET", target, headers...)
		l.ask("HEAD", target, headers...)
	}
	if asked := s.asked.Load(); asked != 0 {
		t.Errorf("the server was asked %d times for what is kept", asked)
	}
	for range 3 { // net/http notices a caller who leaves, so whatever has to be read from the database is left to it
		s.kit.Cache.Clear()
		l.ask("GET", target)
	}
	if asked := s.asked.Swap(0); asked != 3 {
		t.Errorf("net/http was asked %d of 3 times for what had to be made", asked)
	}
	s.kit.As(cms.Editor, "POST", "/v1/articles/"+id+"/withdraw").If("*").Want(200)
	s.log.forget()
	if status, _, _ := l.ask("GET", target); status == 200 {
		t.Error("an article that was withdrawn is answered")
	}
	metrics := string(s.kit.Public("GET", "/metrics").Want(200).Body)
	if want := `masthead_http_requests_total{method="GET",route="/v1/articles/:ref",status="304"} 1`; !strings.Contains(metrics, want) {
		t.Errorf("the metrics say nothing of what the front answered: %s", want)
	}
}

// accessLines are the lines of the access log that nobody has read.
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

// next is the next line, without what differs between any two calls. It is written when the answer has been sent.
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
