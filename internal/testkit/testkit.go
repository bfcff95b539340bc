// Package testkit is a whole newsroom for a test: a real database, a clock that moves when told,
// staff of every role, and the API in front. It is only for tests.
package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/auth"
	"github.com/masthead-cms/masthead/internal/cache"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/fetch"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit/conform"
)

// Password is everybody's.
const Password = "the-presses-roll-at-nine"

// siteURL is where readers find the site of a kit.
var siteURL = "https://news.example.org"

// Start is where a kit's clock begins.
var Start = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

// Kit is a newsroom for one test.
type Kit struct {
	T        testing.TB
	Newsroom *newsroom.Newsroom
	Server   *api.Server
	Store    *store.Store
	Cache    *cache.Cache
	Clock    *Clock
	Log      *Log

	statements atomic.Int64
	broken     atomic.Pointer[string]
	tokens     sync.Map // by role
}

// Clock is a clock that moves when told.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now returns what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move turns the clock on.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Log keeps what the server logs.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write keeps a line.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String returns all that was logged.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Change changes the options a kit is made of.
type Change func(*newsroom.Options, *api.Options)

// NothingKept makes every answer anew.
func NothingKept(_ *newsroom.Options, o *api.Options) { o.Cache = nil }

// ClosedToThePublic asks for a credential even for what is published.
func ClosedToThePublic(o *newsroom.Options, _ *api.Options) { o.PublicRead = false }

// New makes a newsroom with a user of each role, whose address is the role at example.org.
func New(t testing.TB, changes ...Change) *Kit {
	t.Helper()
	return Open(t, Database(t), changes...)
}

// Open puts a newsroom on a database.
func Open(t testing.TB, databaseURL string, changes ...Change) *Kit {
	t.Helper()
	k := &Kit{T: t, Clock: &Clock{now: Start}, Log: &Log{}}
	var err error
	if k.Store, err = store.Open(t.Context(), databaseURL, k.Clock.Now,
		database.ObserveStatements(k.count)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Store.Close() })
	options := newsroom.Options{
		Store: k.Store, Site: cms.FixedSite{URL: &siteURL},
		Hasher: hasher(t), Signer: signer(t), Clock: k.Clock.Now, PublicRead: true,
		Library: Library(t, k.Clock.Now),
		// The web of a kit is what stands on this machine.
		Fetcher: fetch.NewGuarded(func(string, string, syscall.RawConn) error { return nil }),
	}
	// Nobody else changes the database: what the store tells is all there is to know.
	k.Cache = cache.New(16<<20, k.Clock.Now)
	k.Cache.GoodFor(time.Now(), 24*time.Hour)
	k.Store.SetListener(k.Cache)
	server := api.Options{Log: slog.New(slog.NewJSONHandler(k.Log, nil)), Cache: k.Cache,
		CursorKey: []byte(strings.Repeat("c", 32))}
	for _, change := range changes {
		change(&options, &server)
	}
	k.Newsroom = newsroom.Open(options)
	k.Server = api.New(k.Newsroom, server)
	return k
}

func (k *Kit) count(string) {
	k.statements.Add(1)
	if what := k.broken.Load(); what != nil {
		panic(*what)
	}
}

// Break makes the server panic with these words whenever it has asked the database something, until
// Mend.
func (k *Kit) Break(what string) { k.broken.Store(&what) }

// Mend ends what Break began.
func (k *Kit) Mend() { k.broken.Store(nil) }

// Statements returns how many statements the database has run for this kit so far.
func (k *Kit) Statements() int64 { return k.statements.Load() }

// hasher returns as weak as it can be, so that tests are fast.
func hasher(t testing.TB) *auth.Hasher {
	h, err := auth.NewHasher(auth.Cost{Memory: 8, Time: 1, Threads: 1}, 4)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func signer(t testing.TB) *auth.Signer {
	s, err := auth.NewSigner([]byte(strings.Repeat("s", 32)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Response is an answer of the API.
type Response struct {
	T      testing.TB
	Status int
	Header http.Header
	Body   []byte
}

// Call is a request that is being put together.
type Call struct {
	kit    *Kit
	method string
	target string
	header http.Header
	body   []byte
	from   string
	ctx    context.Context
	beside bool
}

// Public begins a call without a credential.
func (k *Kit) Public(method, target string) *Call {
	return &Call{kit: k, method: method, target: target, header: http.Header{}, from: "192.0.2.1",
		ctx: k.T.Context()}
}

// As begins a call by somebody of a role.
func (k *Kit) As(role cms.Role, method, target string) *Call {
	return k.Public(method, target).Header("Authorization", "Bearer "+k.Token(role))
}

// Token returns an access token of a role, made new when the clock has moved.
func (k *Kit) Token(role cms.Role) string {
	k.T.Helper()
	key := fmt.Sprint(role, k.Clock.Now().Unix()/300)
	if token, ok := k.tokens.Load(key); ok {
		return token.(string)
	}
	token := k.SignIn(string(role) + "@example.org").Field("access_token").(string)
	k.tokens.Store(key, token)
	return token
}

// SignIn signs in with everybody's password.
func (k *Kit) SignIn(email string) *Response {
	k.T.Helper()
	return k.Public("POST", "/v1/auth/login").JSON(
		map[string]string{"email": email, "password": Password}).Want(200)
}

// Header sets a header.
func (c *Call) Header(name, value string) *Call {
	c.header.Set(name, value)
	return c
}

// From sets the address that the call comes from.
func (c *Call) From(address string) *Call {
	c.from = address
	return c
}

// Ask sets the query.
func (c *Call) Ask(query string) *Call {
	path, _, _ := strings.Cut(c.target, "?")
	c.target = path + "?" + query
	return c
}

// Within sets the context that the call is made in.
func (c *Call) Within(ctx context.Context) *Call {
	c.ctx = ctx
	return c
}

// Undocumented says that the call sends what the specification does not know, and is answered all
// the same.
func (c *Call) Undocumented() *Call {
	c.beside = true
	return c
}

// If sets If-Match.
func (c *Call) If(etag string) *Call { return c.Header("If-Match", etag) }

// JSON sets the body; a string is sent as it is.
func (c *Call) JSON(v any) *Call {
	text, ok := v.(string)
	if !ok {
		encoded, err := json.Marshal(v)
		if err != nil {
			c.kit.T.Fatal(err)
		}
		text = string(encoded)
	}
	c.body = []byte(text)
	if c.header.Get("Content-Type") == "" {
		c.header.Set("Content-Type", "application/json")
	}
	return c
}

// Bytes sets the body and its media type; an empty one is not sent.
func (c *Call) Bytes(mediaType string, body []byte) *Call {
	c.body = body
	if mediaType != "" {
		c.header.Set("Content-Type", mediaType)
	}
	return c
}

// Do makes the call.
func (c *Call) Do() *Response {
	c.kit.T.Helper()
	r := httptest.NewRequestWithContext(c.ctx, c.method, "http://masthead.test"+c.target,
		bytes.NewReader(c.body))
	r.RemoteAddr = net.JoinHostPort(c.from, "1234")
	r.Header = c.header
	w := httptest.NewRecorder()
	c.kit.Server.ServeHTTP(w, r)
	answer := w.Result()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		c.kit.T.Fatal(err)
	}
	response := &Response{c.kit.T, answer.StatusCode, answer.Header, body}
	response.check(c.method, c.target)
	if response.Status == 500 && c.kit.broken.Load() == nil {
		c.kit.T.Errorf("%s %s: 500: %s", c.method, c.target, body)
	}
	Conform(c.kit.T, conform.Exchange{
		Request: r, Sent: c.body, Status: response.Status, Header: response.Header, Body: body,
		ResponseOnly: c.beside,
	})
	return response
}

// Want makes the call and wants a status.
func (c *Call) Want(status int) *Response {
	c.kit.T.Helper()
	r := c.Do()
	if r.Status != status {
		c.kit.T.Fatalf("%s %s: status %d, want %d: %s", c.method, c.target, r.Status, status,
			r.Body)
	}
	return r
}

// check holds what every answer promises.
func (r *Response) check(method, target string) {
	r.T.Helper()
	if r.Header.Get("X-Request-Id") == "" ||
		(r.Status != 304 && r.Header.Get("X-Content-Type-Options") != "nosniff") {
		r.T.Errorf("%s %s: the headers of every answer are missing: %v", method, target, r.Header)
	}
	if r.Status < 400 {
		return
	}
	if got := r.Header.Get("Content-Type"); got != "application/problem+json" {
		r.T.Errorf("%s %s: an error of type %q: %s", method, target, got, r.Body)
		return
	}
	if method == "HEAD" {
		return
	}
	if got := r.Field("status"); got != float64(r.Status) {
		r.T.Errorf("%s %s: the problem says status %v, the answer %d", method, target, got,
			r.Status)
	}
	for _, name := range []string{"type", "title", "detail", "instance", "request_id"} {
		if s, _ := r.Field(name).(string); s == "" {
			r.T.Errorf("%s %s: the problem has no %s: %s", method, target, name, r.Body)
		}
	}
}

// Object returns the body as a JSON object.
func (r *Response) Object() map[string]any {
	r.T.Helper()
	var object map[string]any
	if err := json.Unmarshal(r.Body, &object); err != nil {
		r.T.Fatalf("no JSON object: %v: %s", err, r.Body)
	}
	return object
}

// Field returns a value in the body; the path has names and indexes with dots between.
func (r *Response) Field(path string) any {
	r.T.Helper()
	var at any = r.Object()
	for part := range strings.SplitSeq(path, ".") {
		switch v := at.(type) {
		case map[string]any:
			at = v[part]
		case []any:
			i := 0
			if _, err := fmt.Sscan(part, &i); err != nil || i >= len(v) {
				return nil
			}
			at = v[i]
		default:
			return nil
		}
	}
	return at
}

// Text returns a text in the body.
func (r *Response) Text(path string) string {
	r.T.Helper()
	s, ok := r.Field(path).(string)
	if !ok {
		r.T.Fatalf("%s is no text: %s", path, r.Body)
	}
	return s
}

// List returns a list in the body.
func (r *Response) List(path string) []any {
	r.T.Helper()
	list, ok := r.Field(path).([]any)
	if !ok {
		r.T.Fatalf("%s is no list: %s", path, r.Body)
	}
	return list
}

// ETag returns the validator of the answer.
func (r *Response) ETag() string { return r.Header.Get("ETag") }

// Draft writes a draft as the editor, with what is given on top of a title.
func (k *Kit) Draft(fields map[string]any) *Response {
	k.T.Helper()
	article := map[string]any{"title": "The river rises"}
	for name, v := range fields {
		article[name] = v
	}
	return k.As(cms.Editor, "POST", "/v1/articles?create_tags=true").JSON(article).Want(201)
}

// Publish publishes an article as the editor.
func (k *Kit) Publish(id string) *Response {
	k.T.Helper()
	return k.As(cms.Editor, "POST", "/v1/articles/"+id+"/publish").If("*").Want(200)
}

// Published writes an article and publishes it.
func (k *Kit) Published(fields map[string]any) *Response {
	k.T.Helper()
	return k.Publish(k.Draft(fields).Text("id"))
}
