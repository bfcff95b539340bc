package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// heard is what a listener hears, in its order. That nothing has been missed is said so often that
// it is put aside.
type heard struct {
	changes chan string
	good    chan time.Duration
}

func listen(s *store.Store) heard {
	h := heard{make(chan string, 100), make(chan time.Duration, 1)}
	s.SetListener(h)
	return h
}

func (h heard) Changed(subjects []string) {
	slices.Sort(subjects)
	h.changes <- strings.Join(subjects, " ")
}

func (h heard) Clear() { h.changes <- "everything" }

func (h heard) GoodFor(since time.Time, d time.Duration) {
	select {
	case h.good <- d:
	default:
	}
}

// want waits for the next thing to be heard.
func (h heard) want(t *testing.T, want string) {
	t.Helper()
	select {
	case got := <-h.changes:
		if got != want {
			t.Fatalf("heard %q, want %q", got, want)
		}
	case <-time.After(time.Minute):
		t.Fatalf("heard nothing, want %q", want)
	}
}

func makeTag(t *testing.T, s *store.Store, n int) string {
	t.Helper()
	id := cms.ID(fmt.Sprintf("01a2096c-ce5d-70a9-9726-6746ff3bba%02x", n))
	err := s.Write(t.Context(), func(db *store.DB) error {
		name := fmt.Sprint("tag-", n)
		return store.Tags{}.Create(db, newTag(db, id, name))
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("list:tag:%s list:tags tag:%s", id, id)
}

func TestAChangeIsHeardHereBeforeItIsAnsweredAndElsewhereSoon(t *testing.T) {
	t.Parallel()
	database := testkit.EmptyDatabase(t)
	here, there := open(t, database), open(t, database)
	atHome, elsewhere := listen(here), listen(there)
	ctx, stop := context.WithCancel(t.Context())
	followed := make(chan bool)
	go func() { there.Follow(ctx); close(followed) }()
	elsewhere.want(t, "everything") // what came before is not known
	if d := <-elsewhere.good; d <= 0 || d >= 500*time.Millisecond {
		t.Errorf("nothing is missed for %v, want less than half a second", d)
	}
	for n := range 5 {
		subjects := makeTag(t, here, n)
		if len(atHome.changes) != 1 {
			t.Errorf("%d changes were heard when the change was answered", len(atHome.changes))
		}
		atHome.want(t, subjects)
		elsewhere.want(t, subjects)
	}
	elsewhere.want(t, makeTag(t, there, 5)) // its own, once
	elsewhere.want(t, makeTag(t, here, 6))  // and then the next of the other
	refused := fmt.Errorf("refused")
	if err := here.Write(t.Context(), func(db *store.DB) error {
		return fmt.Errorf("%w: %v", refused, store.Tags{}.Create(db, newTag(db, firstID, "x")))
	}); err == nil {
		t.Fatal("nothing was refused")
	}
	elsewhere.want(t, makeTag(t, here, 7)) // of what was refused nothing is heard
	stop()
	<-followed
}

func TestWhoLosesTheConnectionForgetsEverything(t *testing.T) {
	t.Parallel()
	database := testkit.EmptyDatabase(t)
	if !testkit.OnPostgres() {
		t.Skip("a file has no connection to lose")
	}
	here, there := open(t, database), open(t, database)
	elsewhere := listen(there)
	listen(here)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go there.Follow(ctx)
	elsewhere.want(t, "everything")
	<-elsewhere.good
	if n, err := here.Number(ctx, `SELECT count(pg_terminate_backend(pid))
		FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
			AND query LIKE '%FROM changes%'`); err != nil ||
		n == 0 {
		t.Fatalf("%d connections were ended: %v", n, err)
	}
	elsewhere.want(t, "everything")
	elsewhere.want(t, makeTag(t, here, 1))
}
