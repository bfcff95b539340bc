package api_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

const (
	desk     = "https://desk.example.org"
	stranger = "https://evil.example"
)

// exposed are the headers that pages of other origins may see.
const exposed = "ETag, Link, Location, Retry-After, X-Request-Id, Idempotent-Replayed, " +
	"Accept-Ranges, Content-Range"

func listsDesk(_ *newsroom.Options, o *api.Options) { o.CORSOrigins = []string{desk + "/"} }

func allowed(r *testkit.Response) string { return r.Header.Get("Access-Control-Allow-Origin") }

func TestPagesOfAnyOriginMayReadWhatIsPublic(t *testing.T) {
	t.Parallel()
	for _, changes := range [][]testkit.Change{nil, {listsDesk}} {
		k := newScene(t, changes...)
		live, _, around := k.reads()
		for _, target := range slices.Concat(live, around, []string{"/v1/articles/nothing", "/v1/articles?x=1"}) {
			for _, origin := range []string{stranger, "null", ""} {
				for _, method := range []string{"GET", "HEAD"} {
					r := k.Public(method, target).Header("Origin", origin).Do()
					if allowed(r) != "*" || r.Header.Get("Access-Control-Expose-Headers") != exposed {
						t.Errorf("%s %s from %q: %v", method, target, origin, r.Header)
					}
				}
			}
			preflight := k.Public("OPTIONS", target).Header("Origin", stranger).Header("Access-Control-Request-Method", "GET").
				Header("Access-Control-Request-Headers", "if-none-match").Want(204)
			if allowed(preflight) != "*" || preflight.Header.Get("Access-Control-Allow-Methods") != "GET, HEAD" ||
				!strings.Contains(preflight.Header.Get("Access-Control-Allow-Headers"), "If-None-Match") {
				t.Errorf("OPTIONS %s: %v", target, preflight.Header)
			}
		}
	}
}

func TestPagesOfOtherOriginsMayDoNothingElse(t *testing.T) {
	t.Parallel()
	for _, changes := range [][]testkit.Change{nil, {listsDesk}} {
		k := newScene(t, changes...)
		_, draft, _ := k.reads()
		for _, origin := range []string{
			stranger, "null", "*", "", desk + ".evil.example", "https://evildesk.example.org", "http://desk.example.org", desk + ":8443",
			"https://DESK.example.org", desk + "/", "https://example.org", desk + " ", desk + ", " + desk,
		} {
			closed := func(r *testkit.Response) {
				t.Helper()
				for name := range r.Header {
					if strings.HasPrefix(name, "Access-Control-") {
						t.Errorf("origin %q: %s is %q", origin, name, r.Header.Get(name))
					}
				}
			}
			for _, target := range append(draft, "/v1/articles?view=%64raft", "/v1/articles?limit=1&%76iew=draft", "/metrics") {
				closed(k.As(cms.Editor, "GET", target).Header("Origin", origin).Do())
				closed(k.Public("GET", target).Header("Origin", origin).Do())
				closed(k.Public("OPTIONS", target).Header("Origin", origin).Header("Access-Control-Request-Method", "GET").Do())
			}
			for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "get", ""} {
				closed(k.Public("OPTIONS", "/v1/articles").Header("Origin", origin).Header("Access-Control-Request-Method", method).Do())
			}
			closed(k.Public("OPTIONS", "/v1/articles").Header("Origin", origin).Header("Access-Control-Request-Method", "GET").
				Header("Access-Control-Request-Headers", "x-request-id, Authorization").Do())
			closed(k.As(cms.Editor, "POST", "/v1/articles").Header("Origin", origin).JSON(`{"title": "x"}`).Want(201))
			closed(k.Public("POST", "/v1/auth/login").Header("Origin", origin).JSON(`{}`).Want(422))
		}
	}
}

func TestPagesOfAListedOriginMayDoEverything(t *testing.T) {
	t.Parallel()
	k := newScene(t, listsDesk)
	live, draft, _ := k.reads()
	for _, r := range []*testkit.Response{
		k.As(cms.Editor, "GET", draft[0]).Header("Origin", desk).Want(200), k.Public("GET", live[0]).Header("Origin", desk).Want(200),
		k.As(cms.Editor, "POST", "/v1/articles").Header("Origin", desk).JSON(`{"title": "x"}`).Want(201),
		k.Public("GET", draft[0]).Header("Origin", desk).Want(401), k.Public("POST", "/v1/auth/login").Header("Origin", desk).JSON(`{}`).Want(422),
	} {
		if allowed(r) != desk || r.Header.Get("Access-Control-Expose-Headers") != exposed || r.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("headers %v", r.Header)
		}
	}
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		r := k.Public("OPTIONS", "/v1/articles/"+k.article).Header("Origin", desk).Header("Access-Control-Request-Method", method).
			Header("Access-Control-Request-Headers", "authorization, content-type, if-match, idempotency-key").Want(204)
		methods, headers := r.Header.Get("Access-Control-Allow-Methods"), strings.ToLower(r.Header.Get("Access-Control-Allow-Headers"))
		if allowed(r) != desk || !slices.Contains(strings.Split(methods, ", "), method) {
			t.Errorf("%s: %v", method, r.Header)
		}
		for _, name := range []string{"authorization", "content-type", "if-match", "if-none-match", "idempotency-key"} {
			if !slices.Contains(strings.Split(headers, ", "), name) {
				t.Errorf("%s may not be sent: %q", name, headers)
			}
		}
	}
}

func TestAnswersThatDependOnTheOriginSaySo(t *testing.T) {
	t.Parallel()
	k := newScene(t, listsDesk)
	live, draft, _ := k.reads()
	for _, target := range slices.Concat(live, draft) {
		for _, origin := range []string{desk, stranger, ""} {
			r := k.As(cms.Editor, "GET", target).Header("Origin", origin).Want(200)
			if !slices.Contains(r.Header.Values("Vary"), "Origin") {
				t.Errorf("%s from %q: Vary is %q", target, origin, r.Header.Values("Vary"))
			}
		}
	}
}

func TestAnswersOfAClosedSiteDependOnTheCredentialToo(t *testing.T) {
	t.Parallel()
	k := newScene(t, listsDesk, testkit.ClosedToThePublic)
	vary := strings.Join(k.As(cms.Editor, "GET", "/v1/articles").Header("Origin", desk).Want(200).Header.Values("Vary"), ", ")
	for _, name := range []string{"Origin", "Authorization"} {
		if !strings.Contains(vary, name) {
			t.Errorf("Vary is %q and lacks %s", vary, name)
		}
	}
}
