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

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

// sqliteDialect is SQLite, as modernc.org/sqlite brings it: no C compiler, full-text search inside.
type sqliteDialect struct{}

// How many KiB of pages each connection may keep. The engine makes one cache of it for all connections of the process, in
// which those take the room that use it, and an allocator that knows only powers of two needs twice as much for pages with
// their headers: this is 33 MiB in all. The system keeps the file in memory as well, so a page that is not here is soon had.
const (
	writerCache = "cache_size(-8000)"
	readerCache = "cache_size(-1000)"
	otherCache  = "cache_size(-100)" // of connections that copy the log, and wait for changes
)

// openSQLite opens one writing connection with immediate transactions, so that no writer ever meets another, and a
// pool that can only read.
func openSQLite(ctx context.Context, path string, options []Option) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	// The file holds password hashes: it is made for its owner alone, and SQLite gives its other files the same mode.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	file.Close()
	// A commit waits for what was written, not for the time at which it was; where the system cannot say so, for both.
	_, _ = driver.Fdatasync(true)
	s := &DB{dialect: sqliteDialect{}}
	if s.writer, err = openPool(path, options, 1, beginWrite, fmt.Sprintf("wal_autocheckpoint(%d)", logPages), writerCache); err != nil {
		return nil, err
	}
	s.writes = &groupCommitter{db: s, most: settingsFrom(options).together}
	if err := s.dialect.check(ctx, s.writer); err != nil {
		s.Close()
		return nil, err
	}
	if s.reader, err = openPool(path, options, 8, "BEGIN", "query_only(1)", readerCache); err != nil {
		s.Close()
		return nil, err
	}
	s.watch = func(context.Context) (watcher, error) { return watchSQLite(path, options) }
	if s.checkpoints, err = newCheckpointer(path, options); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// openFile opens the database in a file, with the settings that make an acknowledged edit safe.
func openFile(path string, options []Option, pragmas ...string) (*sql.DB, error) {
	q := url.Values{"_time_integer_format": {"unix"}, "_inttotime": {"1"}, "_pragma": append([]string{
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)", "trusted_schema(OFF)",
		"journal_size_limit(67108864)", otherCache, "temp_store(MEMORY)",
	}, pragmas...)}
	maps.Copy(q, settingsFrom(options).file)
	connections, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return connections, nil
}

// openPool opens connections for GORM.
func openPool(path string, options []Option, size int, begin string, pragmas ...string) (*gorm.DB, error) {
	connections, err := openFile(path, options, pragmas...)
	if err != nil {
		return nil, err
	}
	pool := newSQLitePool(connections, size, begin)
	db, err := gorm.Open(sqlite.New(sqlite.Config{Conn: pool}), gormConfig(options))
	// SQLite does not wait where two make a new file's journal at once.
	for tries := 0; err != nil && tries < 100 && (sqliteDialect{}).fault(err) == kindBusy; tries++ {
		time.Sleep(20 * time.Millisecond)
		db, err = gorm.Open(sqlite.New(sqlite.Config{Conn: pool}), gormConfig(options))
	}
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

// check refuses an engine or a file that would not keep what it acknowledged. SQLite before 3.51.3 could corrupt a
// database in WAL mode when a write met a checkpoint.
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
			{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}, {"trusted_schema", "0"},
		} {
			var got string
			if err := tx.Raw("PRAGMA " + want.pragma).Scan(&got).Error; err != nil {
				return fmt.Errorf("database: PRAGMA %s: %w", want.pragma, err)
			}
			if got != want.value {
				return fmt.Errorf("the database runs with %s=%s where %s is needed for edits to be safe; refusing to start", want.pragma, got, want.value)
			}
		}
		return nil
	})
}

func (sqliteDialect) words() *strings.Replacer {
	return strings.NewReplacer("{id}", "TEXT", "{text}", "TEXT", "{time}", "DATETIME", "{bytes}", "BLOB",
		"{serial}", "INTEGER PRIMARY KEY AUTOINCREMENT", "{clustered}", "WITHOUT ROWID", "{rowid}", "INTEGER PRIMARY KEY",
		"{search}", sqliteSearch)
}

// lock does nothing: an immediate transaction is the lock.
func (sqliteDialect) lock(*gorm.DB) error { return nil }

// snapshot needs nothing said: the pool of readers can do nothing else.
func (sqliteDialect) snapshot() *sql.TxOptions { return nil }

func (sqliteDialect) single(ctx context.Context, pool gorm.ConnPool) (gorm.ConnPool, func(), error) {
	p, ok := pool.(*sqlitePool)
	if !ok {
		return nil, nil, gorm.ErrInvalidTransaction
	}
	c, err := p.take(ctx)
	return c, func() { p.give(c) }, err
}

// resume has nothing to do: SQLite goes on behind the largest number.
func (sqliteDialect) resume(*gorm.DB, string, string) error { return nil }

func (sqliteDialect) hasTable(tx *gorm.DB, name string) (bool, error) {
	var n int
	err := tx.Raw("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", name).Scan(&n).Error
	return n == 1, err
}

func (sqliteDialect) anyOf(column string, values []string) (string, any) {
	list, _ := json.Marshal(values) // strings always marshal
	return column + " IN (SELECT value FROM json_each(?))", string(list)
}

func (sqliteDialect) bound(statement string) string { return statement }

func (sqliteDialect) contains(column string) string { return "instr(" + column + ", ?) > 0" }

// endsTransaction tells of an error after which SQLite may have taken back the whole transaction.
func endsTransaction(err error) bool {
	switch resultCode(err) & 0xff {
	case codes.SQLITE_FULL, codes.SQLITE_IOERR, codes.SQLITE_NOMEM, codes.SQLITE_BUSY, codes.SQLITE_INTERRUPT, codes.SQLITE_CORRUPT:
		return true
	}
	return false
}

func (sqliteDialect) fault(err error) errorKind {
	code := resultCode(err)
	switch code {
	case codes.SQLITE_CONSTRAINT_UNIQUE, codes.SQLITE_CONSTRAINT_PRIMARYKEY, codes.SQLITE_CONSTRAINT_ROWID:
		return kindTaken
	}
	switch code & 0xff {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return kindBusy
	case codes.SQLITE_FULL:
		return kindFull
	case codes.SQLITE_READONLY:
		return kindReadOnly
	case codes.SQLITE_CANTOPEN, codes.SQLITE_IOERR, codes.SQLITE_NOTADB, codes.SQLITE_CORRUPT:
		return kindGone
	}
	return kindOther
}
