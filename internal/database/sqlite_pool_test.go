package database

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"
)

func TestWhoWaitsForTheWriterOfAnotherProcessWaitsNoLongerThanItsTime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "masthead.db")
	s, other := openDB(t, path), openDB(t, path)
	release, held := hold(t, other)
	defer release()
	soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	before := time.Now()
	if err := s.writer.WithContext(soon).Begin().Error; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it was told %v", err)
	}
	if waited := time.Since(before); waited > 5*time.Second {
		t.Errorf("it waited %v", waited)
	}
	release()
	if err := errors.Join(<-held, s.Write(t.Context(), note)); err != nil {
		t.Error(err)
	}
}

func TestAWriteWaitsForTheWriterOfAnotherProcessAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "masthead.db")
	s, other := openDB(t, path), openDB(t, path)
	impatient(t, s)
	release, held := hold(t, other)
	time.AfterFunc(100*time.Millisecond, release)
	if err := errors.Join(s.Write(t.Context(), note), <-held); err != nil {
		t.Error(err)
	}
}

// endingContext has ended once Err has been called some times.
type endingContext struct {
	context.Context
	calls int
}

func (c *endingContext) Err() error {
	if c.calls == 0 {
		return context.Canceled
	}
	c.calls--
	return nil
}

// SQLite checks for interrupts after every thousand steps of a statement, at its end too. A BEGIN
// that is interrupted there has begun a transaction, which must not remain.
func TestATransactionThatIsInterruptedAsItBeginsIsRolledBack(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	const beforeItRuns = 2 // calls of Err
	interrupted := 0
	for i := range 2000 {
		pool := s.writer.ConnPool.(*sqlitePool)
		tx, err := pool.BeginTx(&endingContext{t.Context(), beforeItRuns}, nil)
		switch {
		case err == nil:
			err = tx.(*sqliteTx).Rollback()
		case errors.Is(err, context.Canceled):
			interrupted++
			err = nil
		}
		if err != nil {
			t.Fatalf("after %d: %v", i, err)
		}
	}
	if interrupted == 0 {
		t.Error("none was interrupted")
	}
	if err := s.Write(t.Context(), note); err != nil {
		t.Error(err)
	}
}

// impatient has SQLite wait for another process for a moment only.
func impatient(t *testing.T, s *DB) {
	t.Helper()
	pool := s.writer.ConnPool.(*sqlitePool)
	c, err := pool.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer pool.put(c)
	if _, err := c.ExecContext(t.Context(), "PRAGMA busy_timeout = 1"); err != nil {
		t.Fatal(err)
	}
}
