package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func clock() time.Time { return testkit.Start }

func open(t *testing.T, databaseURL string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), databaseURL, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestManyServersThatStartTogetherMakeOneSchema(t *testing.T) {
	t.Parallel()
	database := testkit.EmptyDatabase(t)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			s, err := store.Open(t.Context(), database, clock)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	steps, err := open(t, database).Steps(t.Context())
	if err != nil || len(steps) == 0 {
		t.Fatalf("steps %v, error %v", steps, err)
	}
	for _, s := range steps {
		if s.AppliedAt == nil {
			t.Errorf("step %d was not applied", s.Version)
		}
	}
}

// note appends an event, holding the transaction open until hold is closed.
func note(s *store.Store, noted chan<- struct{}, hold <-chan struct{}) error {
	return s.Write(context.Background(), func(db *store.DB) error {
		err := db.Append(&cms.Event{Verb: cms.ArticleCreated, Subject: "01a2096c-ce5d-70a9-9726-6746ff3bbaf7", Version: 1})
		if noted != nil {
			close(noted)
		}
		if hold != nil {
			<-hold
		}
		return err
	})
}

// TestEventsAreNumberedInTheOrderTheyAreCommitted has one server note an event and commit it late, while another notes
// one too. A reader that asks for what is behind the last event it saw must meet both.
func TestEventsAreNumberedInTheOrderTheyAreCommitted(t *testing.T) {
	t.Parallel()
	database := testkit.EmptyDatabase(t)
	slow, quick, reader := open(t, database), open(t, database), open(t, database)
	noted, hold, done := make(chan struct{}), make(chan struct{}), make(chan error, 2)
	go func() { done <- note(slow, noted, hold) }()
	<-noted
	go func() { done <- note(quick, nil, nil) }()
	seen, err := reader.Events(t.Context(), 0)
	if err != nil || len(seen) > 0 {
		t.Fatalf("seen before any commit: %v, %v", seen, err)
	}
	close(hold)
	for range 2 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		last := int64(0)
		if len(seen) > 0 {
			last = seen[len(seen)-1]
		}
		more, err := reader.Events(t.Context(), last)
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, more...)
	}
	if len(seen) != 2 || !slices.IsSorted(seen) {
		t.Errorf("the reader saw the events %v", seen)
	}
}

// TestWithoutTheLockAReaderMissesAnEvent shows what the lock is for.
func TestWithoutTheLockAReaderMissesAnEvent(t *testing.T) {
	t.Parallel()
	if !testkit.OnPostgres() {
		t.Skip("SQLite cannot have two writers")
	}
	database := testkit.EmptyDatabase(t)
	slow, quick, reader := open(t, database), open(t, database), open(t, database)
	slow.Unlock()
	quick.Unlock()
	noted, hold, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() { done <- note(slow, noted, hold) }()
	<-noted
	if err := note(quick, nil, nil); err != nil {
		t.Fatal(err)
	}
	seen, err := reader.Events(t.Context(), 0)
	if err != nil || len(seen) != 1 {
		t.Fatalf("seen %v, %v", seen, err)
	}
	close(hold)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if more, err := reader.Events(t.Context(), seen[0]); err != nil || len(more) != 0 {
		t.Errorf("the reader saw %v too: the lock is not needed, or this test no longer shows why; %v", more, err)
	}
}

func TestADatabaseThatGoesAwayIsSaidToBeAwayAndIsFoundAgain(t *testing.T) {
	t.Parallel()
	if !testkit.OnPostgres() {
		t.Skip("a file does not go away")
	}
	w := testkit.NewWire(t, testkit.EmptyDatabase(t))
	s := open(t, w.URL())
	for round := range 3 {
		if err := note(s, nil, nil); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		w.Cut()
		for range 4 {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			for what, err := range map[string]error{"read": s.Ping(ctx), "write": note(s, nil, nil)} {
				var refusal *cms.Error
				if !errors.As(err, &refusal) || refusal.Code != cms.Unavailable || refusal.RetryAfter <= 0 {
					t.Errorf("round %d: a %s without a database: %v", round, what, err)
				}
			}
			cancel()
		}
		w.Mend()
		if err := s.Ping(t.Context()); err != nil {
			t.Errorf("round %d: the database is back, but: %v", round, err)
		}
	}
	seen, err := s.Events(t.Context(), 0)
	if err != nil || len(seen) != 3 {
		t.Errorf("%d events were kept of 3 acknowledged, %v", len(seen), err)
	}
}

// TestADatabaseThatHangsIsGivenUpByThoseInAHurry has one caller with a deadline, and one who waits until it is back.
func TestADatabaseThatHangsIsGivenUpByThoseInAHurry(t *testing.T) {
	t.Parallel()
	if !testkit.OnPostgres() {
		t.Skip("a file does not hang")
	}
	w := testkit.NewWire(t, testkit.EmptyDatabase(t))
	s := open(t, w.URL())
	for range 2 {
		w.Silence()
		patient := make(chan error, 1)
		go func() { patient <- s.Ping(context.Background()) }()
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
		var refusal *cms.Error
		if err := s.Ping(ctx); !errors.As(err, &refusal) || refusal.Code != cms.Unavailable || ctx.Err() != nil {
			t.Errorf("a read without an answer: %v", err)
		}
		cancel()
		w.Mend()
		if err := <-patient; err != nil {
			t.Errorf("who waited until the database was back was told: %v", err)
		}
	}
}

func TestWorkThatTakesLongIsNotGivenUpWhileTheDatabaseAnswers(t *testing.T) {
	t.Parallel()
	s := open(t, testkit.EmptyDatabase(t))
	noted, hold, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() { done <- note(s, noted, hold) }()
	<-noted
	time.AfterFunc(1200*time.Millisecond, func() { close(hold) })
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	if err := s.Write(ctx, func(*store.DB) error { return nil }); err != nil {
		t.Errorf("a write that waited for another: %v", err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestANewsroomIsCopiedWholeAndOnlyIntoAnEmptyOne(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	parent := k.As(cms.Editor, "POST", "/v1/tags").JSON(`{"name": "Zone", "aliases": ["Belt"]}`).Want(201).Text("slug")
	k.As(cms.Editor, "POST", "/v1/tags").JSON(fmt.Sprintf(`{"name": "Area", "parent": %q}`, parent)).Want(201)
	first := k.Published(map[string]any{"title": "نهر يرتفع", "body": "## One\n\nText", "tags": []string{"area"}, "extra": map[string]any{"b": 1.50, "a": nil}}).Text("id")
	second := k.Published(map[string]any{"title": "Second"}).Text("id")
	k.As(cms.Editor, "POST", "/v1/articles/"+first+"/related-links").JSON(fmt.Sprintf(`{"article_id": %q}`, second)).Want(201)

	database := testkit.EmptyDatabase(t)
	tell := func(store.TransferredTable) {}
	if err := store.Transfer(t.Context(), k.Store, open(t, database), tell); err != nil {
		t.Fatal(err)
	}
	there := testkit.Open(t, database)
	for _, target := range []string{"/v1/articles?include=body,related_links&sort=title", "/v1/tags", "/v1/articles/" + first, "/v1/related-links"} {
		if a, b := k.Public("GET", target).Want(200), there.Public("GET", target).Want(200); string(a.Body) != string(b.Body) {
			t.Errorf("%s\nhere  %s\nthere %s", target, a.Body, b.Body)
		}
	}
	there.Published(map[string]any{"title": "It goes on"})
	if err := store.Transfer(t.Context(), k.Store, there.Store, tell); !errors.Is(err, store.ErrNotEmpty) {
		t.Errorf("copied onto a newsroom that is not empty: %v", err)
	}
}

func TestACallerWhoHasGoneIsNoMistakeOfOurs(t *testing.T) {
	t.Parallel()
	s := open(t, testkit.EmptyDatabase(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Ping(ctx); !cms.Is(err, cms.Unavailable) {
		t.Errorf("a read whose caller has gone: %v", err)
	}
	ran := false
	if err := s.Write(ctx, func(*store.DB) error { ran = true; return nil }); !cms.Is(err, cms.Unavailable) || ran {
		t.Errorf("a write whose caller had gone before it began: %v; it ran: %v", err, ran)
	}
}
