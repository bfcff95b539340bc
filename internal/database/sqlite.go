package database

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

// sqliteDialect is SQLite, as github.com/ncruces/go-sqlite3 brings it: translated to Go, so without
// a C compiler.
type sqliteDialect struct{}

// How many KiB of pages each connection may cache. The system caches the file as well, so reading a
// page again is quick.
const (
	writerCache = "cache_size(-8000)"
	readerCache = "cache_size(-2000)"
	otherCache  = "cache_size(-100)" // for connections that copy the log, and wait for changes
)

// openSQLite opens one writing connection with immediate transactions, so that writers never
// conflict, and a pool that can only read.
func openSQLite(ctx context.Context, path string, options []Option) (*DB, error) {
	if settingsFrom(options).readOnly {
		return openSQLiteReadOnly(ctx, path, options)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := makeFiles(path); err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	limits := sqliteLimits()
	s := &DB{dialect: sqliteDialect{}, gates: newGates(limits), clock: time.Now}
	var err error
	checkpoint := fmt.Sprintf("wal_autocheckpoint(%d)", logPages)
	if s.writer, err = openPool(path, options, 1, beginWrite, checkpoint, writerCache); err != nil {
		return nil, err
	}
	s.committer = &groupCommitter{db: s, most: settingsFrom(options).maxGroup}
	if err = useLog(ctx, s); err == nil {
		err = s.dialect.check(ctx, s.writer)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	s.reader, err = openPool(path, options, connections(limits), "BEGIN", "query_only(1)",
		readerCache)
	if err != nil {
		s.Close()
		return nil, err
	}
	s.newWatcher = func(context.Context) (watcher, error) { return watchSQLite(path, options) }
	s.newLock = func(ctx context.Context) (func(), error) { return lockSQLite(ctx, path) }
	if s.checkpoints, err = newCheckpointer(ctx, path, options); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// fileURI returns the URI of the database in a file, with the settings that make an acknowledged
// edit safe.
func fileURI(path string, options []Option, pragmas ...string) string {
	settings := settingsFrom(options)
	q := url.Values{"_pragma": append([]string{
		"busy_timeout(10000)", "synchronous(FULL)", "foreign_keys(ON)", "trusted_schema(OFF)",
		"secure_delete(ON)",
		"journal_size_limit(67108864)", otherCache, "temp_store(MEMORY)",
	}, pragmas...)}
	if !settings.readOnly {
		q.Set("modeof", path)
	}
	maps.Copy(q, settings.file)
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// openPool opens connections for GORM.
func openPool(
	path string,
	options []Option,
	size int,
	begin string,
	pragmas ...string,
) (*gorm.DB, error) {
	pool := newSQLitePool(fileURI(path, options, pragmas...), size, begin)
	db, err := gorm.Open(sqlite.New(sqlite.Config{Conn: pool}), gormConfig(options))
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, errors.Join(err, pool.Close()))
	}
	return db, nil
}

func gormConfig(options []Option) *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		QueryFields:            true,
		Logger:                 settingsFrom(options).logger,
	}
}

// check refuses an engine or a file that would not keep what it acknowledged. SQLite before 3.51.3
// could corrupt a database in WAL mode when a write met a checkpoint.
func (sqliteDialect) check(ctx context.Context, db *gorm.DB) error {
	return db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var version string
		if err := tx.Raw("SELECT sqlite_version()").Scan(&version).Error; err != nil {
			return fmt.Errorf("database: %w", err)
		}
		var major, minor, patch int
		fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &patch)
		if major*1_000_000+minor*1_000+patch < 3_051_003 {
			return fmt.Errorf("SQLite %s is too old to be safe; 3.51.3 or later is needed", version)
		}
		for _, want := range []struct{ pragma, value string }{
			{"journal_mode", "wal"},
			{"synchronous", "2"},
			{"foreign_keys", "1"},
			{"trusted_schema", "0"},
		} {
			var got string
			if err := tx.Raw("PRAGMA " + want.pragma).Scan(&got).Error; err != nil {
				return fmt.Errorf("database: PRAGMA %s: %w", want.pragma, err)
			}
			if got != want.value {
				return fmt.Errorf(
					"the database runs with %s=%s where %s is needed for edits to be safe; "+
						"refusing to start",
					want.pragma,
					got,
					want.value,
				)
			}
		}
		return nil
	})
}

func (sqliteDialect) schemaWords() *strings.Replacer {
	return strings.NewReplacer(
		"{id}", "TEXT", "{text}", "TEXT", "{time}", "DATETIME", "{bytes}", "BLOB",
		"{serial}", "INTEGER PRIMARY KEY AUTOINCREMENT", "{clustered}", "WITHOUT ROWID",
		"{rowid}", "INTEGER PRIMARY KEY", "{search}", sqliteSearch,
		"{refusal}", "SELECT 1",
		"{refuse}", "BEGIN SELECT RAISE(ABORT, 'this row is kept as it is'); END",
	)
}

// lock does nothing: an immediate transaction is the lock.
func (sqliteDialect) lock(*gorm.DB) error { return nil }

// snapshot returns nil: the pool of readers begins no other transactions.
func (sqliteDialect) snapshot() *sql.TxOptions { return nil }

func (sqliteDialect) singleConn(
	ctx context.Context,
	pool gorm.ConnPool,
) (gorm.ConnPool, func(), error) {
	p, ok := pool.(*sqlitePool)
	if !ok {
		return nil, nil, gorm.ErrInvalidTransaction
	}
	c, err := p.take(ctx)
	return c, func() { p.put(c) }, err
}

// resume does nothing: SQLite continues after the largest number.
func (sqliteDialect) resumeSerial(*gorm.DB, string, string) error { return nil }

func (sqliteDialect) hasTable(tx *gorm.DB, name string) (bool, error) {
	var n int
	err := tx.Raw("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", name).
		Scan(&n).
		Error
	return n == 1, err
}

func (sqliteDialect) tables(tx *gorm.DB) ([]string, error) {
	var names []string
	const tables = `SELECT name FROM sqlite_schema
		WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	return names, tx.Raw(tables).Scan(&names).Error
}

func (sqliteDialect) anyOf(column string, values []string) (string, any) {
	list, _ := json.Marshal(values) // strings always marshal
	return column + " IN (SELECT value FROM json_each(?))", string(list)
}

func (sqliteDialect) placeholders(statement string) string { return statement }

func (sqliteDialect) contains(column string) string { return "instr(" + column + ", ?) > 0" }

// endsTransaction reports whether SQLite may have rolled back the whole transaction because of an
// error.
func endsTransaction(err error) bool {
	switch sqlite3.ErrorCode(resultCode(err)) {
	case sqlite3.FULL, sqlite3.IOERR, sqlite3.NOMEM, sqlite3.BUSY, sqlite3.INTERRUPT,
		sqlite3.CORRUPT:
		return true
	}
	return false
}

func (sqliteDialect) classify(err error) errorKind {
	code := resultCode(err)
	switch code {
	case sqlite3.CONSTRAINT_UNIQUE, sqlite3.CONSTRAINT_PRIMARYKEY, sqlite3.CONSTRAINT_ROWID:
		return kindTaken
	}
	switch sqlite3.ErrorCode(code) {
	case sqlite3.BUSY, sqlite3.LOCKED:
		return kindBusy
	case sqlite3.FULL:
		return kindFull
	case sqlite3.READONLY:
		return kindReadOnly
	case sqlite3.CANTOPEN, sqlite3.IOERR:
		return kindGone
	case sqlite3.NOTADB, sqlite3.CORRUPT:
		return kindDamaged
	}
	return kindOther
}

func (sqliteDialect) explain(err error) error {
	words := ""
	switch sqlite3.ErrorCode(resultCode(err)) {
	case sqlite3.BUSY, sqlite3.LOCKED:
		words = "another program has locked the database file; end it, or try again when it is done"
	case sqlite3.CORRUPT:
		words = "the database file is damaged; stop what uses it and restore a backup"
	case sqlite3.NOTADB:
		words = "the database file is none of SQLite, or its beginning is damaged"
	case sqlite3.READONLY:
		words = "the database file or its folder may not be written"
	case sqlite3.CANTOPEN:
		words = "the database file, or one that belongs to it, cannot be opened"
	default:
		return err
	}
	return fmt.Errorf("%s: %w", words, err)
}
