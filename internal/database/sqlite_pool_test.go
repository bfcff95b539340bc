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

// A BEGIN that is interrupted must not leave a transaction behind.
func TestAWriteWhoseTimeEndsAsItBeginsLeavesTheWriterFree(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	for i := range 2000 {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Duration(i%60)*time.Microsecond/2, cancel)
		tx := s.writer.WithContext(ctx).Begin()
		if tx.Error == nil {
			tx.Rollback()
		} else if !errors.Is(tx.Error, context.Canceled) {
			t.Fatalf("after %d: %v", i, tx.Error)
		}
		cancel()
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
