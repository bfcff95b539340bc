package api_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// story is a long article with all that a page shows.
func story(k *testkit.Kit) (id, slug string) {
	other := k.Published(map[string]any{"title": "Another river"}).Text("id")
	r := k.Published(map[string]any{
		"title": "The river rises", "summary": "By two metres.", "body": strings.Repeat("The river rose by two metres.\n\n", 40), "tags": []string{"water", "weather"},
	})
	id, slug = r.Text("id"), r.Text("slug")
	k.As(cms.Editor, "POST", "/v1/articles/"+id+"/related-links").JSON(map[string]any{"article_id": other}).Want(201)
	return id, slug
}

func TestWhatWasReadOnceIsReadFromMemory(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id, slug := story(k)
	for _, target := range []string{
		"/v1/articles", "/v1/articles?limit=1&count=exact", "/v1/articles?tag=water&fields=id,title", "/v1/articles?q=river&highlight=true&facets=tag", "/v1/articles/" + slug,
		"/v1/articles/" + id, "/v1/articles/" + slug + "/related", "/v1/articles/" + id + "/related-links", "/v1/suggest?q=riv", "/v1/related-links", "/v1/tags", "/v1/tags/water",
	} {
		first := k.Public("GET", target).Want(200)
		before := k.Statements()
		for range 3 {
			again := k.Public("GET", target).Want(200)
			first.Header.Set("X-Request-Id", again.Header.Get("X-Request-Id"))
			if !bytes.Equal(first.Body, again.Body) || fmt.Sprint(first.Header) != fmt.Sprint(again.Header) {
				t.Errorf("%s: answered otherwise from memory: %v, then %v", target, first.Header, again.Header)
			}
		}
		if head := k.Public("HEAD", target).Want(200); len(head.Body) > 0 || head.Header.Get("Content-Length") != first.Header.Get("Content-Length") {
			t.Errorf("HEAD %s: %d bytes, Content-Length %s", target, len(head.Body), head.Header.Get("Content-Length"))
		}
		if not := k.Public("GET", target).Header("If-None-Match", first.ETag()).Want(304); len(not.Body) > 0 || not.ETag() != first.ETag() ||
			not.Header.Get("Cache-Control") != first.Header.Get("Cache-Control") || not.Header.Get("Vary") != "Accept-Encoding" || not.Header.Get("Content-Length") != "" {
			t.Errorf("%s: 304 with %v", target, not.Header)
		}
		if asked := k.Statements() - before; asked != 0 {
			t.Errorf("%s: %d statements for what was in memory", target, asked)
		}
	}
}

func TestOnlyCachesThatCanBePurgedAreOfferedStaleness(t *testing.T) {
	t.Parallel()
	const browsers = "public, max-age=0, must-revalidate"
	const offered = "max-age=3600, stale-while-revalidate=30, stale-if-error=3600"
	hour := time.Hour
	withCDN := func(_ *newsroom.Options, o *api.Options) { o.CDNMaxAge = &hour }
	for what, c := range map[string]struct {
		change testkit.Change
		want   string
	}{
		"by default":                {func(*newsroom.Options, *api.Options) {}, ""},
		"where the operator purges": {withCDN, offered},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			k := testkit.New(t, c.change)
			id, slug := story(k)
			check := func(r *testkit.Response, control, cdn string) {
				t.Helper()
				if got := r.Header.Get("Cache-Control"); got != control {
					t.Errorf("Cache-Control is %q", got)
				}
				for _, name := range []string{"CDN-Cache-Control", "Surrogate-Control"} {
					if got := r.Header.Get(name); got != cdn {
						t.Errorf("%s is %q, want %q", name, got, cdn)
					}
				}
			}
			for _, target := range []string{"/v1/articles", "/v1/articles/" + slug, "/v1/tags/water"} {
				for range 2 { // made, and from memory
					check(k.Public("GET", target).Want(200), browsers, c.want)
				}
				etag := k.Public("GET", target).Want(200).ETag()
				check(k.Public("GET", target).Header("If-None-Match", etag).Want(304), browsers, c.want)
			}
			draft := k.As(cms.Editor, "GET", "/v1/articles/"+id+"?view=draft").Want(200)
			check(draft, "private, no-store, no-transform", "")
			check(k.Public("GET", "/docs").Want(200), browsers, "") // it has no name to purge it by
			if r := k.Public("GET", "/v1/articles/none").Want(404); r.Header.Get("CDN-Cache-Control") != "" {
				t.Errorf("a refusal may be used by caches: %v", r.Header)
			}
		})
	}
}

func TestDraftsAndRefusalsAreNotKept(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id, _ := story(k)
	for _, target := range []string{"/v1/articles?view=draft", "/v1/articles/" + id + "?view=draft", "/v1/articles?vie%77=dr%61ft", "/v1/tags/water?view=draft", "/v1/related-links?view=draft"} {
		k.As(cms.Editor, "GET", target).Want(200)
		if r := k.Public("GET", target).Want(401); r.Header.Get("Surrogate-Key") != "" {
			t.Errorf("%s: %v", target, r.Header)
		}
		if r := k.As(cms.Editor, "GET", target).Want(200); r.Header.Get("Cache-Control") != "private, no-store, no-transform" || r.Header.Get("Cache-Tag") != "" {
			t.Errorf("%s: %v", target, r.Header)
		}
	}
	k.Public("GET", "/v1/articles/to-come").Want(404)
	k.Published(map[string]any{"title": "To come", "slug": "to-come"})
	k.Public("GET", "/v1/articles/to-come").Want(200)
}

func TestAClosedSiteKeepsNothing(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.ClosedToThePublic)
	k.Published(map[string]any{"title": "For members"})
	r := k.As(cms.Editor, "GET", "/v1/articles").Want(200)
	if got := r.Header.Get("Cache-Control"); got != "private, max-age=0, must-revalidate" || r.Header.Get("Surrogate-Key") != "" {
		t.Errorf("%v", r.Header)
	}
	k.Public("GET", "/v1/articles").Want(401)
}

func TestEachCodingHasItsOwnTag(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	_, slug := story(k)
	plain := k.Public("GET", "/v1/articles/"+slug).Want(200)
	tags := map[string]string{plain.ETag(): "identity"}
	for coding, open := range map[string]func(io.Reader) (io.Reader, error){
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
	} {
		r := raw(k, "/v1/articles/"+slug, "Accept-Encoding", coding)
		if r.Header().Get("Content-Encoding") != coding || r.Header().Get("Content-Length") != fmt.Sprint(r.Body.Len()) || r.Header().Get("Vary") != "Accept-Encoding" || r.Body.Len() > len(plain.Body)/2 {
			t.Fatalf("%s: %d bytes with %v", coding, r.Body.Len(), r.Header())
		}
		etag := r.Header().Get("ETag")
		if other, taken := tags[etag]; taken {
			t.Errorf("%s and %s share the tag %s", coding, other, etag)
		}
		tags[etag] = coding
		text, err := open(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(text); err != nil || !bytes.Equal(got, plain.Body) {
			t.Errorf("%s says something else: %v", coding, err)
		}
		if r := raw(k, "/v1/articles/"+slug, "Accept-Encoding", coding, "If-None-Match", etag); r.Code != 304 || r.Body.Len() > 0 || r.Header().Get("ETag") != etag {
			t.Errorf("%s: If-None-Match was answered %d with %v", coding, r.Code, r.Header())
		}
		if r := raw(k, "/v1/articles/"+slug, "Accept-Encoding", coding, "If-None-Match", plain.ETag()); r.Code != 200 {
			t.Errorf("%s: the tag of the plain bytes was answered %d", coding, r.Code)
		}
	}
}

func TestTheCodingIsTheOneTheCallerLikesBest(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	_, slug := story(k)
	for accepted, want := range map[string]string{
		"": "", "gzip": "gzip", "gzip, deflate, br, zstd": "br", "gzip, deflate": "gzip", "deflate": "", "identity": "", "GZIP": "gzip", "x-gzip": "gzip", "br;q=0.5, gzip;q=0.8": "gzip",
		"br;q=0, gzip;q=0": "", "br; q=0.1": "br", "zstd, gzip": "zstd", "gzip;q=0.5, identity": "", "gzip;q=high": "", ",,": "", "br;q=1.0;x=y": "", "*": "",
	} {
		if got := raw(k, "/v1/articles/"+slug, "Accept-Encoding", accepted).Header().Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q was answered in %q, want %q", accepted, got, want)
		}
	}
}

// raw calls without holding the answer against the specification, which describes it uncoded.
func raw(k *testkit.Kit, target string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	k.Server.ServeHTTP(w, r)
	return w
}

func TestSubjectsAreNamedForCachesOnTheWay(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id, slug := story(k)
	water := k.Public("GET", "/v1/tags/water").Want(200).Text("id")
	weather := k.Public("GET", "/v1/tags/weather").Want(200).Text("id")
	for target, want := range map[string][]string{
		"/v1/articles/" + slug:                          {"article:" + id, "site", "tag:" + water, "tag:" + weather},
		"/v1/articles/" + slug + "?fields=title":        {"article:" + id, "site", "tag:" + water, "tag:" + weather},
		"/v1/articles/" + id + "/related-links":         {"article:" + id, "site"},
		"/v1/articles":                                  {"list:tags", "list:sections", "list:authors", "site", "list:articles"},
		"/v1/articles?tag=water":                        {"list:tags", "list:sections", "list:authors", "site", "list:tag:" + water},
		"/v1/articles?tag=water,weather":                {"list:tags", "list:sections", "list:authors", "site", "list:tag:" + water, "list:tag:" + weather},
		"/v1/articles?tag_all=water,weather":            {"list:tags", "list:sections", "list:authors", "site", "list:tag:" + water},
		"/v1/articles?tag=water,nothing":                {"list:tags", "list:sections", "list:authors", "site", "list:articles"},
		"/v1/articles?tag=water&include=related_links":  {"list:tags", "list:sections", "list:authors", "site", "list:tag:" + water, "list:articles", "list:links"},
		"/v1/articles?filter=tags:water%20OR%20tags:xy": {"list:tags", "list:sections", "list:authors", "site", "list:articles"},
		"/v1/tags/water":                                {"list:tags", "site", "list:tag:" + water},
		"/v1/related-links":                             {"list:links", "list:articles", "site"},
	} {
		h := k.Public("GET", target).Want(200).Header
		if got := h.Get("Surrogate-Key"); got != strings.Join(want, " ") {
			t.Errorf("%s: Surrogate-Key: %s, want %v", target, got, want)
		}
		if got := h.Get("Cache-Tag"); got != strings.Join(want, ",") {
			t.Errorf("%s: Cache-Tag: %s, want %v", target, got, want)
		}
		if got := h.Get("Cache-Groups"); got != `"`+strings.Join(want, `", "`)+`"` {
			t.Errorf("%s: Cache-Groups: %s, want %v", target, got, want)
		}
	}
}

// bareServer has the same newsroom, and keeps nothing.
func bareServer(k *testkit.Kit) *api.Server {
	return api.New(k.Newsroom, api.Options{Log: slog.New(slog.DiscardHandler), CursorKey: []byte(strings.Repeat("c", 32))})
}

func TestAServerThatKeepsNothingAnswersAlike(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	_, slug := story(k)
	bare := bareServer(k)
	for _, target := range []string{"/v1/articles/" + slug, "/v1/articles?limit=1", "/v1/articles?fields=title", "/v1/tags/water"} {
		etag := raw(k, target).Header().Get("ETag")
		for _, call := range []struct{ method, match string }{{"GET", ""}, {"HEAD", ""}, {"GET", etag}, {"GET", `"other", W/` + etag}} {
			ask := func(s http.Handler) *httptest.ResponseRecorder {
				r := httptest.NewRequest(call.method, target, nil)
				r.Header.Set("If-None-Match", call.match)
				w := httptest.NewRecorder()
				s.ServeHTTP(w, r)
				return w
			}
			now, kept := ask(bare), ask(k.Server)
			if now.Code != kept.Code || !bytes.Equal(now.Body.Bytes(), kept.Body.Bytes()) {
				t.Errorf("%v %s: %d, %d bytes; from memory %d, %d bytes", call, target, now.Code, now.Body.Len(), kept.Code, kept.Body.Len())
			}
			for _, name := range []string{"Content-Type", "Content-Length", "ETag", "Cache-Control", "Link", "X-Content-Type-Options"} {
				if got, want := now.Header().Get(name), kept.Header().Get(name); got != want {
					t.Errorf("%v %s: %s: %q; from memory %q", call, target, name, got, want)
				}
			}
		}
	}
}

// TestWhatIsKeptIsWhatWouldBeReadNow does all that can be done to articles, tags and links, at random, and after each step holds
// what a server with a cache answers against one without.
func TestWhatIsKeptIsWhatWouldBeReadNow(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	bare := bareServer(k)
	w := &world{k: k, chance: rand.New(rand.NewPCG(6, 1))}
	for i := range 4 {
		w.tags = append(w.tags, k.As(cms.Editor, "POST", "/v1/tags").JSON(map[string]any{"name": fmt.Sprintf("Tag %d", i)}).Want(201).Text("id"))
	}
	for range 4 {
		w.write()
	}
	targets := w.targets()
	steps := 120
	if testing.Short() {
		steps = 12
	}
	for i := range steps {
		k.Clock.Move(time.Second)
		did := w.step()
		if i%20 == 0 {
			targets = w.targets()
		}
		wantKept(k, bare, targets, fmt.Sprintf("step %d, %s", i, did))
	}
	if s := k.Cache.Stats(); s.Hits < s.Misses {
		t.Errorf("%d of %d answers came from memory: this proves little", s.Hits, s.Hits+s.Misses)
	}
}

// wantKept wants what readers get of some targets, now and then from memory, to be what a server that keeps nothing answers.
func wantKept(k *testkit.Kit, bare *api.Server, targets []string, why string) {
	k.T.Helper()
	for _, target := range targets {
		r := httptest.NewRequest("GET", target, nil)
		now := httptest.NewRecorder()
		bare.ServeHTTP(now, r)
		for range 2 {
			got := raw(k, target)
			if got.Code != now.Code || got.Code == 200 && (got.Body.String() != now.Body.String() || got.Header().Get("ETag") != now.Header().Get("ETag")) || got.Header().Get("Location") != now.Header().Get("Location") {
				k.T.Fatalf("%s: GET %s answers\n%d %s\nand reads\n%d %s", why, target, got.Code, got.Body, now.Code, now.Body)
			}
		}
	}
}

// world is a newsroom to which things happen.
type world struct {
	k        *testkit.Kit
	chance   *rand.Rand
	articles []string
	links    []string
	tags     []string
}

func (w *world) one(of []string) string {
	if len(of) == 0 {
		return "01a2096c-ce5d-70a9-9726-6746ff3bbaf7"
	}
	return of[w.chance.IntN(len(of))]
}

func (w *world) write() string {
	id := w.k.Draft(map[string]any{"title": fmt.Sprint("Article ", len(w.articles)), "body": "Some words.", "tags": []string{w.one(w.tags)}}).Text("id")
	w.articles = append(w.articles, id)
	return id
}

// step does something, which may be refused, and tells what.
func (w *world) step() string {
	admin := func(method, target string, body any) *testkit.Response {
		c := w.k.As(cms.Admin, method, target).If("*")
		if body != nil {
			c.JSON(body)
		}
		return c.Do()
	}
	article, tag, link := "/v1/articles/"+w.one(w.articles), w.one(w.tags), w.one(w.links)
	number := w.chance.IntN(1000)
	switch what := w.chance.IntN(16); what {
	case 0:
		return "wrote " + w.write()
	case 1, 2, 3:
		return fmt.Sprint("published ", article, admin("POST", article+"/publish", nil).Status)
	case 4:
		return fmt.Sprint("withdrew ", article, admin("POST", article+"/withdraw", nil).Status)
	case 5:
		return fmt.Sprint("trashed ", article, admin("DELETE", article, nil).Status, admin("POST", article+"/restore", nil).Status)
	case 6:
		if w.chance.IntN(4) > 0 {
			return "nothing"
		}
		return fmt.Sprint("purged ", article, admin("DELETE", article+"?permanent=true", nil).Status)
	case 7, 8:
		change := map[string]any{"title": fmt.Sprint("Title ", number), "tags": []string{tag, w.one(w.tags)}}
		return fmt.Sprint("revised ", article, admin("PATCH", article, change).Status)
	case 9:
		return fmt.Sprint("slug ", article, admin("PATCH", article, map[string]any{"slug": fmt.Sprint("slug-", number)}).Status, admin("POST", article+"/publish", nil).Status)
	case 10, 11:
		r := admin("POST", article+"/related-links", map[string]any{"article_id": w.one(w.articles)})
		if r.Status == 201 {
			w.links = append(w.links, r.Text("id"))
		}
		return fmt.Sprint("linked ", article, r.Status)
	case 12:
		return fmt.Sprint("changed the link ", link, admin("PATCH", "/v1/related-links/"+link, map[string]any{"note": fmt.Sprint(number)}).Status)
	case 13:
		if w.chance.IntN(2) > 0 {
			return "nothing"
		}
		return fmt.Sprint("removed the link ", link, admin("DELETE", "/v1/related-links/"+link, nil).Status)
	case 14:
		return fmt.Sprint("renamed ", tag, admin("PATCH", "/v1/tags/"+tag, map[string]any{"name": fmt.Sprint("Name ", number), "aliases": []string{fmt.Sprint("Alias ", w.chance.IntN(5))}}).Status)
	default:
		if w.chance.IntN(5) > 0 {
			return "nothing"
		}
		r := admin("POST", "/v1/tags/"+tag+"/merge", map[string]any{"into": w.one(w.tags)})
		if r.Status == 200 {
			w.tags = slices.DeleteFunc(w.tags, func(id string) bool { return id == tag })
		}
		w.tags = append(w.tags, w.k.As(cms.Editor, "POST", "/v1/tags").JSON(map[string]any{"name": fmt.Sprint("New ", number, len(w.tags), w.k.Clock.Now())}).Want(201).Text("id"))
		return fmt.Sprint("merged ", tag, r.Status)
	}
}

// targets are what readers ask of such a newsroom.
func (w *world) targets() []string {
	targets := []string{
		"/v1/articles", "/v1/articles?limit=2&count=exact", "/v1/articles?sort=title&include=related_links", "/v1/articles?tag=alias-1,alias-2", "/v1/articles?tag_none=alias-3",
		"/v1/articles?filter=tags:alias-1%20AND%20NOT%20tags:alias-2", "/v1/articles?q=title&facets=tag,month", "/v1/articles?fields=title,tags", "/v1/tags", "/v1/tags?sort=-article_count",
		"/v1/related-links", "/v1/suggest?q=ti", "/v1/suggest?q=al", "/v1/tags/alias-1",
	}
	for _, id := range w.articles[max(0, len(w.articles)-8):] {
		targets = append(targets, "/v1/articles/"+id, "/v1/articles/"+id+"/related-links", "/v1/articles/"+id+"/related", "/v1/related-links?article="+id)
		if r := w.k.Public("GET", "/v1/articles/"+id).Do(); r.Status == 200 {
			targets = append(targets, "/v1/articles/"+r.Text("slug"), "/v1/articles/"+r.Text("slug")+"/related")
		}
	}
	for _, id := range w.tags {
		targets = append(targets, "/v1/tags/"+id, "/v1/articles?tag="+id, "/v1/articles?include=related_links&count=exact&tag_all="+id)
	}
	for _, id := range w.links[max(0, len(w.links)-4):] {
		targets = append(targets, "/v1/related-links/"+id)
	}
	return targets
}

// TestAReaderWhoKnowsOfAChangeIsNotShownWhatWasBefore has editors publish as fast as they can while readers read.
func TestAReaderWhoKnowsOfAChangeIsNotShownWhatWasBefore(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	const articles = 4
	publishings := 40
	if testing.Short() || testkit.OnPostgres() {
		publishings = 5
	}
	var known [articles]atomic.Int64 // the edition whose publishing has been answered
	ids := make([]string, articles)
	for i := range ids {
		ids[i] = k.Published(map[string]any{"title": "Edition 0"}).Text("id")
		known[i].Store(1)
	}
	var over atomic.Bool
	var reads atomic.Int64
	var writing, reading sync.WaitGroup
	for i, id := range ids {
		writing.Go(func() {
			for n := range publishings {
				k.As(cms.Editor, "PATCH", "/v1/articles/"+id).If("*").JSON(map[string]any{"summary": fmt.Sprint(n)}).Want(200)
				known[i].Store(int64(k.Publish(id).Field("edition").(float64)))
			}
		})
	}
	for r := range 3 {
		reading.Go(func() {
			chance := rand.New(rand.NewPCG(uint64(r), 1))
			for !over.Load() {
				i := chance.IntN(articles)
				before := known[i].Load()
				got := raw(k, "/v1/articles/"+ids[i]+"?fields=edition").Body.String()
				var edition int64
				if _, err := fmt.Sscanf(got, `{"edition":%d}`, &edition); err != nil || edition < before {
					t.Errorf("after edition %d was published a reader was shown %s", before, got)
				}
				reads.Add(1)
				time.Sleep(100 * time.Microsecond) // a database in another process wants its turn too
			}
		})
	}
	writing.Wait()
	over.Store(true)
	reading.Wait()
	if hits := k.Cache.Stats().Hits; hits == 0 {
		t.Errorf("none of %d reads came from memory: this proves nothing", reads.Load())
	}
}

func TestHeadersOfSafetyStandOnWhatIsKept(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, func(_ *newsroom.Options, o *api.Options) { o.CORSOrigins = []string{"https://desk.example.org"} })
	story(k)
	for range 2 {
		h := raw(k, "/v1/articles", "Origin", "https://anywhere.example").Header()
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*", "Vary": "Origin",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if got := http.Header(h).Values("Vary"); !slices.Equal(got, []string{"Origin", "Accept-Encoding"}) {
			t.Errorf("Vary: %v", got)
		}
	}
}
