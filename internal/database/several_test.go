package database_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func clock() time.Time { return testkit.Start }

func open(t *testing.T, databaseURL string) *database.DB {
	t.Helper()
	d, err := database.Open(t.Context(), databaseURL, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Migrate(t.Context(), database.Schema()); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestManyServersThatStartTogetherMakeOneSchema(t *testing.T) {
	t.Parallel()
	databaseURL := testkit.EmptyDatabase(t)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			d, err := database.Open(t.Context(), databaseURL, clock)
			if err != nil {
				t.Error(err)
				return
			}
			err = errors.Join(d.Migrate(t.Context(), database.Schema()), d.Close())
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	steps, err := open(t, databaseURL).Steps(t.Context(), database.Schema())
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
func note(s *database.DB, noted chan<- struct{}, hold <-chan struct{}) error {
	return s.Write(context.Background(), func(tx *database.Tx) error {
		err := tx.Exec("INSERT INTO notes (subject) VALUES (?)", "x")
		if noted != nil {
			close(noted)
		}
		if hold != nil {
			<-hold
		}
		return err
	})
}

// TestEventsAreNumberedInTheOrderTheyAreCommitted has one server note an event and commit it late,
// while another notes one too. A reader that asks for what is behind the last event it saw must
// meet both.
func TestEventsAreNumberedInTheOrderTheyAreCommitted(t *testing.T) {
	t.Parallel()
	databaseURL := testkit.EmptyDatabase(t)
	slow, quick, reader := open(t, databaseURL), open(t, databaseURL), open(t, databaseURL)
	noted, hold, done := make(chan struct{}), make(chan struct{}), make(chan error, 2)
	go func() { done <- note(slow, noted, hold) }()
	<-noted
	go func() { done <- note(quick, nil, nil) }()
	seen, err := reader.Notes(t.Context(), 0)
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
		more, err := reader.Notes(t.Context(), last)
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
	databaseURL := testkit.EmptyDatabase(t)
	slow, quick, reader := open(t, databaseURL), open(t, databaseURL), open(t, databaseURL)
	slow.Unlock()
	quick.Unlock()
	noted, hold, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() { done <- note(slow, noted, hold) }()
	<-noted
	if err := note(quick, nil, nil); err != nil {
		t.Fatal(err)
	}
	seen, err := reader.Notes(t.Context(), 0)
	if err != nil || len(seen) != 1 {
		t.Fatalf("seen %v, %v", seen, err)
	}
	close(hold)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if more, err := reader.Notes(t.Context(), seen[0]); err != nil || len(more) != 0 {
		t.Errorf(
			"the reader saw %v too: the lock is not needed, or this test no longer shows why; %v",
			more,
			err,
		)
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
			for what, err := range map[string]error{
				"read":  s.Ping(ctx),
				"write": note(s, nil, nil),
			} {
				if !errors.Is(err, database.ErrUnavailable) {
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
	seen, err := s.Notes(t.Context(), 0)
	if err != nil || len(seen) != 3 {
		t.Errorf("%d events were kept of 3 acknowledged, %v", len(seen), err)
	}
}

// TestADatabaseThatHangsIsGivenUpByThoseInAHurry has one caller with a deadline, and one who waits
// until it is back.
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
		if err := s.Ping(ctx); !errors.Is(err, database.ErrUnavailable) || ctx.Err() != nil {
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
	if err := s.Write(ctx, func(*database.Tx) error { return nil }); err != nil {
		t.Errorf("a write that waited for another: %v", err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestACallerWhoHasGoneIsNoMistakeOfOurs(t *testing.T) {
	t.Parallel()
	s := open(t, testkit.EmptyDatabase(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Ping(ctx); !errors.Is(err, database.ErrUnavailable) {
		t.Errorf("a read whose caller has gone: %v", err)
	}
	ran := false
	if err := s.Write(ctx, func(*database.Tx) error { ran = true; return nil }); !errors.Is(
		err,
		database.ErrUnavailable,
	) ||
		ran {
		t.Errorf("a write whose caller had gone before it began: %v; it ran: %v", err, ran)
	}
}
