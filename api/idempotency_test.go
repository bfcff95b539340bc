package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

const river = `{"title": "The river rises"}`

// keyed is a new article by the editor, with an Idempotency-Key.
func keyed(k *testkit.Kit, key, body string) *testkit.Call {
	return k.As(cms.Editor, "POST", "/v1/articles").Header("Idempotency-Key", key).JSON(body)
}

// articles is how many articles there are.
func articles(k *testkit.Kit) int {
	return int(k.As(cms.Editor, "GET", "/v1/articles?view=draft&count=exact&limit=1").Want(200).Field("page.total").(float64))
}

// wantReplay holds an answer to be the kept one: the same in all but the id of the call.
func wantReplay(t *testing.T, first, again *testkit.Response) {
	t.Helper()
	if first.Header.Get("Idempotent-Replayed") != "" {
		t.Error("the first answer says that it is a replay")
	}
	if again.Header.Get("Idempotent-Replayed") != "true" || again.Status != first.Status || string(again.Body) != string(first.Body) {
		t.Errorf("first %d %s\nthen %d %v %s", first.Status, first.Body, again.Status, again.Header, again.Body)
	}
	for name := range first.Header {
		if name != "X-Request-Id" && first.Header.Get(name) != again.Header.Get(name) {
			t.Errorf("%s was %q and is %q", name, first.Header.Get(name), again.Header.Get(name))
		}
	}
}

func keyedWrite(k *scene, w toInput) *testkit.Response {
	call := k.send(w).Header("Idempotency-Key", "a-key")
	if w.body != "" {
		call.JSON(w.body)
	}
	return call.Do()
}

func TestTheSameKeyAndBodyAreAnsweredTheSame(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	for _, w := range append(k.writes(), toInput{"POST", "/v1/articles/" + k.article + "/publish", "", ""},
		toInput{"POST", "/v1/articles/" + k.article + "/withdraw", "", ""}) {
		if w.method == "PUT" || strings.HasPrefix(w.path, "/v1/auth/") || strings.HasSuffix(w.path, "/merge") {
			continue
		}
		before := k.state()
		first := keyedWrite(k, w)
		if first.Status != 200 && first.Status != 201 {
			t.Fatalf("%s %s: %d %s", w.method, w.path, first.Status, first.Body)
		}
		done := k.state()
		if done == before {
			t.Errorf("%s %s changed nothing", w.method, w.path)
		}
		wantReplay(t, first, keyedWrite(k, w))
		if k.state() != done {
			t.Errorf("%s %s was done twice", w.method, w.path)
		}
	}
}

func TestTheFirstAnswerIsKeptWhateverHappenedSince(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	first := keyed(k, "k", river).Want(201)
	k.As(cms.Editor, "PATCH", "/v1/articles/"+first.Text("id")).If("*").JSON(`{"title": "Another"}`).Want(200)
	k.As(cms.Editor, "DELETE", "/v1/articles/"+first.Text("id")).If("*").Want(204)
	wantReplay(t, first, keyed(k, "k", river).Do())
	if first.Header.Get("Location") == "" || first.ETag() == "" {
		t.Errorf("headers %v", first.Header)
	}
}

func TestTheSameKeyWithAnotherBodyIsRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	first := keyed(k, "k", river).Want(201)
	for _, body := range []string{`{"title": "Another"}`, river + " ", `{}`, `[`} {
		wantProblem(t, keyed(k, "k", body).Do(), 422, cms.KeyReused, "header", "Idempotency-Key")
	}
	wantReplay(t, first, keyed(k, "k", river).Do())
	if n := articles(k); n != 1 {
		t.Errorf("there are %d articles", n)
	}
}

func TestAKeyBelongsToItsCallerMethodAndPath(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	first := keyed(k, "k", river).Want(201)
	for _, r := range []*testkit.Response{
		k.As(cms.Author, "POST", "/v1/articles").Header("Idempotency-Key", "k").JSON(river).Want(201),
		k.As(cms.Editor, "POST", "/v1/tags").Header("Idempotency-Key", "k").JSON(`{"name": "Water"}`).Want(201),
		k.As(cms.Editor, "PATCH", "/v1/articles/"+first.Text("id")).If("*").Header("Idempotency-Key", "k").JSON(river).Want(200),
		keyed(k, "K", river).Want(201),
		keyed(k, "k2", river).Want(201),
	} {
		if r.Header.Get("Idempotent-Replayed") != "" {
			t.Errorf("replayed: %s", r.Body)
		}
	}
	if n := articles(k); n != 4 {
		t.Errorf("there are %d articles, want 4", n)
	}
}

func TestOfManyCallsWithOneKeyOneIsDone(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Token(cms.Editor)
	answers := make([]*testkit.Response, 50)
	var wait sync.WaitGroup
	for i := range answers {
		wait.Go(func() { answers[i] = keyed(k, "k", river).Do() })
	}
	wait.Wait()
	done := 0
	for _, r := range answers {
		switch {
		case r.Status == 201 && r.Header.Get("Idempotent-Replayed") == "":
			done++
		case r.Status == 201:
		default:
			wantProblem(t, r, 409, cms.RequestInProgress, "", "")
		}
	}
	if n := articles(k); n != 1 || done != 1 {
		t.Errorf("%d were done and %d articles are there", done, n)
	}
	if r := keyed(k, "k", river).Do(); r.Status != 201 || r.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("afterwards: %d %s", r.Status, r.Body)
	}
}

func TestARefusalIsKeptUnlessItMayPass(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	refused := func(status int, key string, call func() *testkit.Call) {
		t.Helper()
		first := call().Header("Idempotency-Key", key).Want(status)
		wantReplay(t, first, call().Header("Idempotency-Key", key).Do())
	}
	refused(422, "invalid", func() *testkit.Call { return k.As(cms.Editor, "POST", "/v1/articles").JSON(`{"titel": "x"}`) })
	refused(400, "malformed", func() *testkit.Call { return k.As(cms.Editor, "POST", "/v1/articles").JSON(`{`) })
	refused(409, "duplicate", func() *testkit.Call { return k.As(cms.Editor, "POST", "/v1/tags").JSON(`{"name": "Water"}`) })
	refused(403, "forbidden", func() *testkit.Call { return k.As(cms.Contributor, "POST", "/v1/tags").JSON(`{"name": "Steel"}`) })
	refused(412, "stale", func() *testkit.Call {
		return k.As(cms.Editor, "PATCH", "/v1/articles/"+k.article).If(`"99"`).JSON(river)
	})

	unknown := k.Public("POST", "/v1/articles").Header("Authorization", "Bearer x").Header("Idempotency-Key", "who").JSON(river)
	wantRefused(t, "an unknown caller", unknown.Do())
	if r := keyed(k.Kit, "who", river).Do(); r.Status != 201 || r.Header.Get("Idempotent-Replayed") != "" {
		t.Errorf("a 401 was kept: %d %s", r.Status, r.Body)
	}
	wantRefused(t, "nobody", k.Public("POST", "/v1/articles").Header("Idempotency-Key", "k").JSON(river).Do())
}

func TestAKeyIsGoodForADay(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	first := keyed(k, "k", river).Want(201)
	k.Clock.Move(24*time.Hour - time.Second)
	wantReplay(t, first, keyed(k, "k", river).Do())
	k.Clock.Move(time.Second)
	if r := keyed(k, "k", `{"title": "Another day"}`).Do(); r.Status != 201 || r.Header.Get("Idempotent-Replayed") != "" {
		t.Errorf("after a day: %d %s", r.Status, r.Body)
	}
	if n := articles(k); n != 2 {
		t.Errorf("there are %d articles, want 2", n)
	}
}

func TestAKeyIsVisibleASCIIAndTakenVerbatim(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, key := range []string{"", " ", "a b", "a\tb", "ключ", "a\x7f", "caf\xe9", strings.Repeat("k", 256)} {
		wantProblem(t, keyed(k, key, river).Do(), 400, cms.InvalidParameter, "header", "Idempotency-Key")
	}
	if n := articles(k); n != 0 {
		t.Errorf("there are %d articles", n)
	}
	for _, key := range []string{"!", "~", `"quoted"`, "quoted", `'; DROP TABLE idempotency_records; --`, "%00", strings.Repeat("k", 255)} {
		key = strings.ReplaceAll(key, " ", "+")
		first := keyed(k, key, river).Want(201)
		wantReplay(t, first, keyed(k, key, river).Do())
	}
}

func TestTwoKeysAreRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	r := httptest.NewRequest("POST", "/v1/articles", strings.NewReader(river))
	r.Header = http.Header{"Idempotency-Key": {"a", "b"}, "Content-Type": {"application/json"}, "Authorization": {"Bearer " + k.Token(cms.Editor)}}
	w := httptest.NewRecorder()
	k.Server.ServeHTTP(w, r)
	if w.Code != 400 || articles(k) != 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestSigningInIsNeverReplayed(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	first := login(k, "editor@example.org", testkit.Password).Header("Idempotency-Key", "k").Undocumented().Want(200)
	again := login(k, "editor@example.org", testkit.Password).Header("Idempotency-Key", "k").Undocumented().Want(200)
	if again.Header.Get("Idempotent-Replayed") != "" || again.Text("refresh_token") == first.Text("refresh_token") {
		t.Errorf("%v %s", again.Header, again.Body)
	}
}

// hangsUp is a caller that is gone when the answer comes.
type hangsUp struct{ http.ResponseWriter }

func (hangsUp) WriteHeader(int) { panic(http.ErrAbortHandler) }

func TestAnAnswerThatNeverArrivedIsGivenAgain(t *testing.T) {
	t.Parallel()
	database := testkit.EmptyDatabase(t)
	k := testkit.Open(t, database)
	if _, err := k.Newsroom.AddUser(t.Context(), "editor@example.org", "Editor", cms.Editor, testkit.Password); err != nil {
		t.Fatal(err)
	}
	func() {
		defer func() {
			if r := recover(); r != http.ErrAbortHandler {
				t.Errorf("recovered %v", r)
			}
		}()
		r := httptest.NewRequest("POST", "/v1/articles", strings.NewReader(river))
		r.Header = http.Header{"Idempotency-Key": {"k"}, "Content-Type": {"application/json"}, "Authorization": {"Bearer " + k.Token(cms.Editor)}}
		k.Server.ServeHTTP(hangsUp{httptest.NewRecorder()}, r)
	}()
	if n := articles(k); n != 1 {
		t.Fatalf("there are %d articles", n)
	}
	// The caller sends the same again, to a server that was started anew.
	if err := k.Store.Close(); err != nil {
		t.Fatal(err)
	}
	k = testkit.Open(t, database)
	r := keyed(k, "k", river).Want(201)
	if r.Header.Get("Idempotent-Replayed") != "true" || r.Text("title") != "The river rises" || !strings.HasSuffix(r.Header.Get("Location"), r.Text("id")) {
		t.Errorf("%v %s", r.Header, r.Body)
	}
	if n := articles(k); n != 1 {
		t.Errorf("there are %d articles", n)
	}
}
