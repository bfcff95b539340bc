package api_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// occupy takes all connections of a class until the returned function is called.
func occupy(k *testkit.Kit, class store.Class) (release func()) {
	const more = 64 // than any class has
	var settled, done sync.WaitGroup
	hold := make(chan struct{})
	for range more {
		settled.Add(1)
		done.Go(func() {
			arrived := sync.OnceFunc(settled.Done)
			defer arrived()
			_ = k.Store.Read(context.Background(), class, func(*store.DB) error {
				arrived()
				<-hold
				return nil
			})
		})
	}
	settled.Wait() // each holds a connection, or was refused one
	return sync.OnceFunc(func() { close(hold); done.Wait() })
}

// costly are the questions of readers whose cost depends on what they ask.
var costly = []string{
	"/v1/articles?q=words",
	"/v1/articles?count=exact&locale=en",
	"/v1/articles?facets=tag",
	"/v1/articles?tag_none=water",
	"/v1/articles?tag_all=water,rivers",
	"/v1/articles?filter=title:water",
	"/v1/articles?sort=title",
	"/v1/articles?type=news",
	"/v1/articles?page=100&limit=100",
	"/v1/tags?q=wat",
	"/v1/suggest?q=wat",
	"/v1/related-links?count=exact",
}

func TestQuestionsOfStrangersHoldUpNobodyElse(t *testing.T) {
	t.Parallel()
	s := newScene(t, testkit.NothingKept)
	release := occupy(s.Kit, store.Slow)
	defer release()
	var asking sync.WaitGroup
	for _, target := range costly {
		asking.Go(func() {
			r := s.Public("GET", target).Do()
			if r.Status != 503 || r.Header.Get("Retry-After") == "" {
				t.Errorf("GET %s is answered %d, Retry-After %q", target, r.Status, r.Header.Get("Retry-After"))
			}
		})
	}
	asking.Wait()
	for _, target := range []string{
		"/v1/articles", "/v1/articles?count=exact", "/v1/articles?tag=water", "/v1/articles?tag=water&count=exact",
		"/v1/articles?id=" + s.article, "/v1/articles/" + s.slug, "/v1/tags", "/v1/tags/water", "/v1/sections",
		"/v1/related-links?target=" + s.article, "/readyz",
	} {
		s.Public("GET", target).Want(200)
	}
	for _, target := range []string{
		"/v1/articles?view=draft&q=words&count=exact&facets=tag", "/v1/articles/" + s.article + "?view=draft",
	} {
		s.As(cms.Editor, "GET", target).Want(200)
	}
	s.As(cms.Editor, "PATCH", "/v1/articles/"+s.article).If("*").JSON(map[string]any{"title": "Another"}).Want(200)
	s.SignIn("editor@example.org")
	release()
	for _, target := range costly {
		s.Public("GET", target).Want(200)
	}
}

func TestNoReadersHoldUpEditorsOrTheServer(t *testing.T) {
	t.Parallel()
	s := newScene(t, testkit.NothingKept)
	defer occupy(s.Kit, store.Quick)()
	s.Public("GET", "/readyz").Want(200)
	s.SignIn("editor@example.org")
	s.As(cms.Editor, "GET", "/v1/articles?view=draft").Want(200)
	s.As(cms.Editor, "POST", "/v1/articles").JSON(map[string]any{"title": "New"}).Want(201)
}

func TestEditorsHoldUpNeitherReadersNorTheServer(t *testing.T) {
	t.Parallel()
	s := newScene(t, testkit.NothingKept)
	defer occupy(s.Kit, store.Editorial)()
	s.Public("GET", "/readyz").Want(200)
	s.Public("GET", "/v1/articles").Want(200)
	s.Public("GET", "/v1/articles?q=words").Want(200)
	s.SignIn("editor@example.org")
}

// forever is a query that takes hours.
const forever = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT (i + 1) % 1000000 FROM n) SELECT count(*) FROM n"

func TestAQuestionThatTakesTooLongSaysWhatToDo(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	err := k.Store.Read(t.Context(), store.Slow, func(db *store.DB) error { return db.Exec(forever) })
	var refusal *cms.Error
	if !errors.As(err, &refusal) || refusal.Code != cms.Unavailable || refusal.RetryAfter < time.Second ||
		!strings.Contains(refusal.Detail, "Ask for less") {
		t.Errorf("it is answered %v", err)
	}
}

func TestWordsThatAreTooManyAreRefusedBeforeAnyWork(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.NothingKept)
	words := func(n int, form string) string {
		var list []string
		for i := range n {
			list = append(list, strings.ReplaceAll(form, "?", string(rune('a'+i%26))+string(rune('a'+i/26))))
		}
		return strings.Join(list, "%20")
	}
	for _, form := range []string{"?*", "-?", "-?*", "-%22?%20x%22"} {
		k.Public("GET", "/v1/articles?q=river%20"+words(16, form)).Want(200)
		before := k.Statements()
		for _, path := range []string{"/v1/articles?q=river%20", "/v1/suggest?q=river%20"} {
			r := k.Public("GET", path+words(17, form)).Want(400)
			if got := r.Text("errors.0.parameter"); got != "q" {
				t.Errorf("%s is refused for %s", form, got)
			}
		}
		if n := k.Statements() - before; n != 0 {
			t.Errorf("%s: %d statements", form, n)
		}
	}
}

func TestACallerWhoLeavesTheQueueIsForgotten(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.NothingKept)
	defer occupy(k, store.Editorial)()
	token := k.Token(cms.Editor)
	var answered atomic.Bool
	ctx, leave := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		k.Public("GET", "/v1/articles?view=draft").Header("Authorization", "Bearer "+token).Within(ctx).Undocumented().Do()
		answered.Store(true)
	}()
	time.Sleep(20 * time.Millisecond)
	if answered.Load() {
		t.Error("it did not wait")
	}
	leave()
	select {
	case <-done:
	case <-time.After(3 * time.Second): // less than it may wait
		t.Error("it waits on for a caller who has gone")
	}
}
