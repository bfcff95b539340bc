package database

import (
	"io/fs"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"
)

// testSchema has the tables that the package needs, and some to write into.
const testSchema = `
CREATE TABLE changes (
	seq {serial}, at {time} NOT NULL, origin {text} NOT NULL, subjects {text} NOT NULL
);
CREATE TABLE search_docs (rowid {rowid}, fields {text} NOT NULL);
{search};
CREATE TABLE notes (seq {serial}, subject {text} NOT NULL);
CREATE TABLE papers (key {text} PRIMARY KEY, size BIGINT NOT NULL, body {bytes} NOT NULL);
CREATE TABLE counters (name {text} PRIMARY KEY, n BIGINT NOT NULL) {clustered};
`

// Schema returns the files of the schema of tests.
func Schema() fs.FS {
	return fstest.MapFS{"0001_tests.sql": &fstest.MapFile{Data: []byte(testSchema)}}
}

var noon = time.Date(2026, 11, 2, 12, 0, 0, 999, time.UTC)

func newDB(t *testing.T) *DB {
	t.Helper()
	return openDB(t, filepath.Join(t.TempDir(), "masthead.db"))
}

func openDB(t *testing.T, path string, options ...Option) *DB {
	t.Helper()
	d, err := Open(t.Context(), "sqlite:"+path, func() time.Time { return noon }, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Migrate(t.Context(), Schema()); err != nil {
		t.Fatal(err)
	}
	return d
}

// note writes a row.
func note(tx *Tx) error { return subject("x")(tx) }

// subject returns a write of a row that can be told from others.
func subject(name string) func(tx *Tx) error {
	return func(tx *Tx) error { return tx.Exec("INSERT INTO notes (subject) VALUES (?)", name) }
}

// paper writes a row of many bytes.
func paper(tx *Tx, key string, body []byte) error {
	return tx.GORM.Exec(
		"INSERT INTO papers (key, size, body) VALUES (?, ?, ?)",
		key,
		len(body),
		body,
	).Error
}
