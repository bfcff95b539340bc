package store

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

	"github.com/masthead-cms/masthead/internal/cms"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 999, time.UTC)

func newStore(t *testing.T) *Store {
	t.Helper()
	return openStore(t, filepath.Join(t.TempDir(), "masthead.db"))
}

func openStore(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), "sqlite:"+path, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// ask answers one value.
func ask(t *testing.T, db *DB, query string) string {
	t.Helper()
	var answer string
	if err := db.gorm.Raw(query).Scan(&answer).Error; err != nil {
		t.Errorf("%s: %v", query, err)
	}
	return answer
}

// events is how many facts are recorded.
func events(t *testing.T, s *Store) string {
	t.Helper()
	var n string
	if err := s.Read(t.Context(), func(db *DB) error { n = ask(t, db, "SELECT count(*) FROM events"); return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func note(db *DB) error { return db.Append(&cms.Event{Verb: cms.TagCreated, Subject: "x", Version: 1}) }

func TestEveryConnectionKeepsWhatItAcknowledges(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	check := func(db *DB, queryOnly string) {
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "trusted_schema": "0", "busy_timeout": "10000",
			"query_only": queryOnly,
		} {
			if got := ask(t, db, "PRAGMA "+pragma); got != want {
				t.Errorf("%s is %s, want %s", pragma, got, want)
			}
		}
	}
	if err := s.Write(t.Context(), func(db *DB) error { check(db, "0"); return nil }); err != nil {
		t.Fatal(err)
	}
	var all, met sync.WaitGroup
	const readers = 8
	met.Add(readers)
	for range readers {
		all.Go(func() {
			err := s.Read(t.Context(), func(db *DB) error {
				met.Done()
				met.Wait() // so that each has a connection of its own
				check(db, "1")
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
	s := openStore(t, path)
	if err := s.Write(t.Context(), note); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{filepath.Dir(path): 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600} {
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
	s := newStore(t)
	if err := s.Read(t.Context(), note); err == nil {
		t.Error("it could")
	}
	if n := events(t, s); n != "0" {
		t.Errorf("%s facts are recorded", n)
	}
}

func TestAReadSeesOneMoment(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	err := s.Read(t.Context(), func(db *DB) error {
		before := ask(t, db, "SELECT count(*) FROM events")
		if err := s.Write(t.Context(), note); err != nil {
			return err
		}
		if after := ask(t, db, "SELECT count(*) FROM events"); after != before {
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
	s := newStore(t)
	trouble := errors.New("trouble")
	for i := range 20 { // more than there are connections
		if err := s.Write(t.Context(), note); err != nil {
			t.Fatal(err)
		}
		err := s.ReadOne(t.Context(), func(db *DB) error {
			if got := ask(t, db, "SELECT count(*) FROM events"); got != fmt.Sprint(i+1) {
				t.Errorf("%s facts are seen, %d are there", got, i+1)
			}
			return trouble
		})
		if !errors.Is(err, trouble) {
			t.Fatal(err)
		}
		func() {
			defer func() { _ = recover() }()
			_ = s.ReadOne(t.Context(), func(*DB) error { panic("trouble") })
		}()
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.ReadOne(gone, func(db *DB) error { _, err := db.SessionUser(nobody, nobody); return err })
	if !cms.Is(err, cms.Unavailable) {
		t.Errorf("who has gone is told %v", err)
	}
}

func TestAWriteThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	trouble := errors.New("trouble")
	if err := s.Write(t.Context(), func(db *DB) error { return errors.Join(note(db), trouble) }); !errors.Is(err, trouble) {
		t.Errorf("the error is %v", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = s.Write(t.Context(), func(db *DB) error { _ = note(db); panic("trouble") })
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
	s := newStore(t)
	err := s.Write(t.Context(), func(db *DB) error {
		if err := note(db); err != nil {
			return err
		}
		if err := db.Savepoint(func(db *DB) error { return errors.Join(note(db), errors.New("trouble")) }); err == nil {
			t.Error("the part did not fail")
		}
		return db.Savepoint(note)
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
	s := newStore(t)
	ctx, cancel := context.WithCancel(t.Context())
	if err := s.Write(ctx, func(db *DB) error { cancel(); return note(db) }); err != nil {
		t.Fatal(err)
	}
	if n := events(t, s); n != "1" {
		t.Errorf("%s facts are recorded", n)
	}
	if err := s.Read(ctx, func(*DB) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a read for nobody: %v", err)
	}
}

func TestManyWritersAtOnceAllSucceed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "masthead.db")
	stores := []*Store{openStore(t, path), openStore(t, path)} // as two processes would
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if err := stores[i%2].Write(t.Context(), note); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := events(t, stores[0]); n != "20" {
		t.Errorf("%s facts are recorded", n)
	}
}

func TestATransactionHasOneTimeInWholeSeconds(t *testing.T) {
	t.Parallel()
	err := newStore(t).Write(t.Context(), func(db *DB) error {
		if want := noon.Truncate(time.Second); !db.Now().Equal(want) || db.Now().Location() != time.UTC {
			t.Errorf("it is %v, want %v", db.Now(), want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAStoreMayBeClosedTwice(t *testing.T) {
	t.Parallel()
	s := newStore(t)
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
	for _, url := range []string{"", "sqlite:", "mysql://x", folder, "sqlite:" + folder, "sqlite:" + text, "sqlite:" + text + "/inside.db"} {
		if s, err := Open(t.Context(), url, time.Now); err == nil {
			s.Close()
			t.Errorf("%q was opened", url)
		}
	}
	if kept, err := os.ReadFile(text); err != nil || !strings.HasPrefix(string(kept), "Dear editor, ") {
		t.Errorf("the letter was changed: %v", err)
	}
}

func TestARefusalOfAURLKeepsItsPassword(t *testing.T) {
	t.Parallel()
	_, err := Open(t.Context(), "mysql://root:hunter2@db.example.org/news", time.Now)
	if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "db.example.org") {
		t.Errorf("the error is %v", err)
	}
}
