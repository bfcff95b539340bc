package database

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestADatabaseOfAnotherProgramIsLeftAlone(t *testing.T) {
	t.Parallel()
	d, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "other.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	err = d.Exclusive(t.Context(), func(tx *Tx) error {
		return tx.GORM.Exec("CREATE TABLE recipes (name TEXT)").Error
	})
	if err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{"0001_first.sql": {Data: []byte("CREATE TABLE ours (name TEXT);\n")}}
	if err := d.Migrate(context.Background(), folder); err == nil ||
		!strings.Contains(err.Error(), `"recipes"`) {
		t.Errorf("migrating it: %v, want a refusal that names a table", err)
	}
	err = d.Read(t.Context(), Quick, func(tx *Tx) error {
		names, err := tx.dialect.tables(tx.GORM)
		if len(names) != 1 {
			t.Errorf("it has the tables %q afterwards", names)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// A table of steps that is another program's does not make a database ours.
func TestAForeignDatabaseIsNotEvenOpened(t *testing.T) {
	t.Parallel()
	folder := fstest.MapFS{"0001_first.sql": {Data: []byte("CREATE TABLE ours (name TEXT);\n")}}
	for _, table := range []string{"recipes (name TEXT)", "schema_migrations (version TEXT)"} {
		path := filepath.Join(t.TempDir(), "other.db")
		conn, err := openSQLiteConn(t.Context(), "file:"+path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.run(t.Context(), SQL("CREATE TABLE "+table), nil); err != nil {
			t.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), "sqlite:"+path, time.Now); err == nil ||
			!strings.Contains(err.Error(), "belongs to another program") {
			t.Errorf("%s: opening it: %v", table, err)
		}
		d, err := Open(t.Context(), "sqlite:"+path, time.Now, ReadOnly())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Steps(t.Context(), folder); err == nil ||
			!strings.Contains(err.Error(), "belongs to another program") {
			t.Errorf("%s: its steps: %v", table, err)
		}
		if err := d.Write(t.Context(), func(*Tx) error { return nil }); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: a write to what is read only: %v", table, err)
		}
		d.Close()
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s: the file was changed, %v", table, err)
		}
	}
}
