package database

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

// steps are schema steps of texts.
func steps(t *testing.T, texts ...string) []migration {
	t.Helper()
	files := fstest.MapFS{}
	for i, text := range texts {
		files["000"+string(rune('1'+i))+"_step.sql"] = &fstest.MapFile{Data: []byte(text)}
	}
	list, err := migrations(files)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// emptyStore is a store whose database has no schema yet.
func emptyStore(t *testing.T) *DB {
	t.Helper()
	s, err := openSQLite(t.Context(), filepath.Join(t.TempDir(), "masthead.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.clock = func() time.Time { return noon }
	return s
}

// tables are the tables there are, but for SQLite's own.
func tables(t *testing.T, s *DB) string {
	t.Helper()
	var names string
	err := s.Read(t.Context(), Quick, func(tx *Tx) error {
		names = ask(
			t,
			tx,
			`SELECT coalesce(group_concat(name, ' '), '') FROM (SELECT name FROM sqlite_schema
				WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name)`,
		)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func wantRefused(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Error("it was not refused")
		return
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%v: it does not say %q", err, word)
		}
	}
}

const (
	firstStep  = "-- a; comment;\nCREATE TABLE a (id {id} PRIMARY KEY, at {time} NOT NULL);\n"
	secondStep = "CREATE TABLE b (id {serial}, x {text} NOT NULL);\nCREATE INDEX b_x ON b (x);\n"
)

func TestStepsAreTakenOnceInOrder(t *testing.T) {
	t.Parallel()
	s := emptyStore(t)
	one, two := steps(t, firstStep), steps(t, firstStep, secondStep)
	for _, list := range [][]migration{one, one, two, two} {
		if err := s.migrateTo(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
	if got := tables(t, s); got != "a b schema_migrations" {
		t.Errorf("tables: %s", got)
	}
	err := s.Read(t.Context(), Quick, func(tx *Tx) error {
		done, err := tx.applied()
		if err != nil {
			return err
		}
		if len(done) != 2 || done[0].Version != 1 || done[1].Version != 2 ||
			!done[1].AppliedAt.Equal(noon.Truncate(time.Second)) {
			t.Errorf("taken: %+v", done)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestADatabaseOfANewerProgramIsRefused(t *testing.T) {
	t.Parallel()
	s := emptyStore(t)
	if err := s.migrateTo(t.Context(), steps(t, firstStep, secondStep)); err != nil {
		t.Fatal(err)
	}
	wantRefused(
		t,
		s.migrateTo(t.Context(), steps(t, firstStep)),
		"step 2",
		"knows only 1",
		"newer masthead",
	)
}

func TestADatabaseOfAnotherLineIsRefused(t *testing.T) {
	t.Parallel()
	s := emptyStore(t)
	if err := s.migrateTo(t.Context(), steps(t, firstStep)); err != nil {
		t.Fatal(err)
	}
	wantRefused(
		t,
		s.migrateTo(t.Context(), steps(t, firstStep+"\n-- changed\n", secondStep)),
		"step 1",
		"differs",
	)
	if got := tables(t, s); got != "a schema_migrations" {
		t.Errorf("tables: %s", got)
	}
}

func TestAStepThatFailsLeavesNothingOfItself(t *testing.T) {
	t.Parallel()
	s := emptyStore(t)
	broken := secondStep + "CREATE TABLE a (id {id});\n"
	wantRefused(
		t,
		s.migrateTo(t.Context(), steps(t, firstStep, broken)),
		"step 2",
		"nothing of it was kept",
	)
	if got := tables(t, s); got != "a schema_migrations" {
		t.Errorf("tables: %s", got)
	}
	if err := s.migrateTo(t.Context(), steps(t, firstStep, secondStep)); err != nil {
		t.Errorf("once it is mended: %v", err)
	}
}

func TestManyStartsAtOnceTakeEachStepOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "masthead.db")
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			d, err := Open(t.Context(), "sqlite:"+path, time.Now)
			if err != nil {
				t.Error(err)
				return
			}
			if err := errors.Join(d.Migrate(t.Context(), Schema()), d.Close()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s := openDB(t, path)
	if got := tables(t, s); !strings.Contains(got, "notes") ||
		!strings.Contains(got, "search_index") {
		t.Errorf("tables: %s", got)
	}
}

func TestSchemaFilesAreNumberedWithoutGaps(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"0002_x.sql", "x.sql", "0000_x.sql"} {
		folder := fstest.MapFS{name: &fstest.MapFile{Data: []byte("SELECT 1;\n")}}
		if _, err := migrations(folder); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
