package database

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// ask answers one value.
func ask(t *testing.T, tx *Tx, query string) string {
	t.Helper()
	var answer string
	if err := tx.GORM.Raw(query).Scan(&answer).Error; err != nil {
		t.Errorf("%s: %v", query, err)
	}
	return answer
}

// events is how many facts are recorded.
func events(t *testing.T, s *DB) string {
	t.Helper()
	var n string
	err := s.Read(t.Context(), Quick, func(tx *Tx) error {
		n = ask(t, tx, "SELECT count(*) FROM notes")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEveryConnectionKeepsWhatItAcknowledges(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	check := func(tx *Tx, queryOnly string) {
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1",
			"trusted_schema": "0", "busy_timeout": "10000",
			"query_only": queryOnly,
		} {
			if got := ask(t, tx, "PRAGMA "+pragma); got != want {
				t.Errorf("%s is %s, want %s", pragma, got, want)
			}
		}
	}
	if err := s.Write(t.Context(), func(tx *Tx) error { check(tx, "0"); return nil }); err != nil {
		t.Fatal(err)
	}
	var all, met sync.WaitGroup
	const readers = 8
	met.Add(readers)
	for range readers {
		all.Go(func() {
			err := s.Read(t.Context(), Quick, func(tx *Tx) error {
				met.Done()
				met.Wait() // so that each has a connection of its own
				check(tx, "1")
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestTheFileIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("there are no such modes here")
	}
	path := filepath.Join(t.TempDir(), "new", "masthead.db")
	s := openDB(t, path)
	if err := s.Write(t.Context(), note); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{
		filepath.Dir(path): 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600,
	} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", filepath.Base(name), got, want)
		}
	}
}

func TestAReadCannotChangeAnything(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	if err := s.Read(t.Context(), Quick, note); err == nil {
		t.Error("it could")
	}
	if n := events(t, s); n != "0" {
		t.Errorf("%s facts are recorded", n)
	}
}

func TestAReadSeesOneMoment(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	err := s.Read(t.Context(), Quick, func(tx *Tx) error {
		before := ask(t, tx, "SELECT count(*) FROM notes")
		if err := s.Write(t.Context(), note); err != nil {
			return err
		}
		if after := ask(t, tx, "SELECT count(*) FROM notes"); after != before {
			t.Errorf("there were %s facts and are %s", before, after)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := events(t, s); n != "1" {
		t.Errorf("%s facts are recorded", n)
	}
}

// A glance has no transaction that would give its connection back.
func TestGlancesSeeWhatIsThereAndUseUpNothing(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	trouble := errors.New("trouble")
	for i := range 20 { // more than there are connections
		if err := s.Write(t.Context(), note); err != nil {
			t.Fatal(err)
		}
		err := s.ReadOne(t.Context(), Quick, func(tx *Tx) error {
			if got := ask(t, tx, "SELECT count(*) FROM notes"); got != fmt.Sprint(i+1) {
				t.Errorf("%s facts are seen, %d are there", got, i+1)
			}
			return trouble
		})
		if !errors.Is(err, trouble) {
			t.Fatal(err)
		}
		func() {
			defer func() { _ = recover() }()
			_ = s.ReadOne(t.Context(), Quick, func(*Tx) error { panic("trouble") })
		}()
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.ReadOne(gone, Quick, func(tx *Tx) error { _, err := tx.HasTable("notes"); return err })
	if !errors.Is(err, ErrUnavailable) {
		t.Errorf("who has gone is told %v", err)
	}
}

func TestAWriteThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	trouble := errors.New("trouble")
	err := s.Write(t.Context(), func(tx *Tx) error { return errors.Join(note(tx), trouble) })
	if !errors.Is(err, trouble) {
		t.Errorf("the error is %v", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = s.Write(t.Context(), func(tx *Tx) error { _ = note(tx); panic("trouble") })
	}()
	if n := events(t, s); n != "0" {
		t.Errorf("%s facts are recorded", n)
	}
	if err := s.Write(t.Context(), note); err != nil {
		t.Errorf("the next write: %v", err)
	}
}

func TestAPartThatFailsDoesNoHarmToTheRest(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	err := s.Write(t.Context(), func(tx *Tx) error {
		if err := note(tx); err != nil {
			return err
		}
		err := tx.Savepoint(func() error { return errors.Join(note(tx), errors.New("trouble")) })
		if err == nil {
			t.Error("the part did not fail")
		}
		return tx.Savepoint(func() error { return note(tx) })
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := events(t, s); n != "2" {
		t.Errorf("%s facts are recorded, want 2", n)
	}
}

func TestACallerThatGoesAwayDoesNotStopAWrite(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	ctx, cancel := context.WithCancel(t.Context())
	if err := s.Write(ctx, func(tx *Tx) error { cancel(); return note(tx) }); err != nil {
		t.Fatal(err)
	}
	if n := events(t, s); n != "1" {
		t.Errorf("%s facts are recorded", n)
	}
	if err := s.Read(ctx, Quick, func(*Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a read for nobody: %v", err)
	}
}

func TestManyWritersAtOnceAllSucceed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "masthead.db")
	databases := []*DB{openDB(t, path), openDB(t, path)} // as two processes would
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if err := databases[i%2].Write(t.Context(), note); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := events(t, databases[0]); n != "20" {
		t.Errorf("%s facts are recorded", n)
	}
}

func TestATransactionHasOneTimeInWholeSeconds(t *testing.T) {
	t.Parallel()
	err := newDB(t).Write(t.Context(), func(tx *Tx) error {
		if want := noon.Truncate(time.Second); !tx.Now().Equal(want) ||
			tx.Now().Location() != time.UTC {
			t.Errorf("it is %v, want %v", tx.Now(), want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAStoreMayBeClosedTwice(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := s.Ping(t.Context()); err == nil {
		t.Error("a closed store answers")
	}
}

func TestWhatIsNoDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	text := filepath.Join(folder, "letter.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("Dear editor, ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{
		"", "sqlite:", "mysql://x", folder, "sqlite:" + folder, "sqlite:" + text,
		"sqlite:" + text + "/inside.db",
	} {
		if s, err := Open(t.Context(), url, time.Now); err == nil {
			s.Close()
			t.Errorf("%q was opened", url)
		}
	}
	if kept, err := os.ReadFile(text); err != nil ||
		!strings.HasPrefix(string(kept), "Dear editor, ") {
		t.Errorf("the letter was changed: %v", err)
	}
}

func TestARefusalOfAURLKeepsItsPassword(t *testing.T) {
	t.Parallel()
	_, err := Open(t.Context(), "mysql://root:hunter2@db.example.org/news", time.Now)
	if err == nil || strings.Contains(err.Error(), "hunter2") ||
		!strings.Contains(err.Error(), "db.example.org") {
		t.Errorf("the error is %v", err)
	}
}
