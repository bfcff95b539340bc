package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// makeFiles creates the file and the index of its log for their owner alone unless they are there,
// because the file holds password hashes. The log gets the mode of the file (modeof in fileURI),
// but the engine would create the index with the mode of any new file.
func makeFiles(path string) error {
	err := makeFile(path)
	if errors.Is(err, fs.ErrExist) {
		err = refuseEmpty(path)
	}
	if err != nil {
		return err
	}
	if err := makeFile(path + "-shm"); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

func makeFile(name string) error {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// makingTime is more than a process takes from making a file to writing its first page.
const makingTime = 2 * time.Second

// refuseEmpty returns an error if a file stays empty: nobody is just making it, so it has lost what
// it held.
func refuseEmpty(path string) error {
	for begun := time.Now(); time.Since(begun) < makingTime; time.Sleep(10 * time.Millisecond) {
		info, err := os.Stat(path)
		if err != nil || info.Size() > 0 {
			return err
		}
	}
	return fmt.Errorf("the file %s is empty, and no database ever is: restore a backup, "+
		"or remove the file if there is nothing to lose", path)
}

// busyTime is how long a file is waited for that another process has locked.
const busyTime = 10 * time.Second

// useLog lets the file have a write-ahead log, unless it is another program's: it is left as it is.
func useLog(ctx context.Context, s *DB) error {
	err := s.Exclusive(ctx, func(tx *Tx) error { return tx.refuseForeign() })
	if err != nil {
		return err
	}
	pool := s.writer.ConnPool.(*sqlitePool)
	conn, err := pool.take(ctx)
	if err != nil {
		return err
	}
	defer pool.put(conn)
	// SQLite returns busy at once where two processes do this with a new file.
	for begun := time.Now(); time.Since(begun) < busyTime; time.Sleep(20 * time.Millisecond) {
		_, err = conn.run(ctx, SQL("PRAGMA journal_mode = WAL"), nil)
		if !errors.Is(err, sqlite3.BUSY) {
			return err
		}
	}
	return err
}

// openSQLiteReadOnly opens a pool that can only read. The file must be there; neither it nor its
// folder needs to be writable.
func openSQLiteReadOnly(ctx context.Context, path string, options []Option) (*DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	limits := sqliteLimits()
	s := &DB{dialect: sqliteDialect{}, gates: newGates(limits), clock: time.Now}
	open := func(settings ...Option) (err error) {
		options := slices.Concat(options, settings)
		s.reader, err = openPool(path, options, connections(limits), "BEGIN", "query_only(1)",
			readerCache)
		if err != nil {
			return err
		}
		return s.readTx(ctx, selectOne)
	}
	err := open(engineSetting("mode", "ro"))
	switch s.dialect.classify(err) {
	case kindGone, kindReadOnly: // the index of the log can neither be found nor made
		if info, missing := os.Stat(path + "-wal"); missing == nil && info.Size() > 0 {
			err = fmt.Errorf("the folder of %s cannot be written, and the last changes stand in "+
				"%[1]s-wal alone: copy both files to a folder that can be: %w", path, err)
			break
		}
		s.Close()
		err = open(engineSetting("mode", "ro"), engineSetting("immutable", "1"))
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, closeToOthers(path)
}

// closeToOthers gives the files beside the database, which the engine makes with the mode of any
// new file where it can write, the mode of the database. Those of somebody else have it.
func closeToOthers(path string) error {
	file, err := os.Stat(path)
	if err != nil {
		return err
	}
	for _, name := range []string{path + "-wal", path + "-shm"} {
		beside, err := os.Stat(name)
		if err == nil && beside.Mode().Perm()&^file.Mode().Perm() != 0 {
			_ = os.Chmod(name, file.Mode().Perm())
		}
	}
	return nil
}

// lockSQLite locks a file beside the database, which stays there: were it removed, two processes
// could lock two files of its name.
func lockSQLite(ctx context.Context, path string) (unlock func(), err error) {
	path += "-lock"
	if err := makeFile(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	conn, err := openSQLiteConn(ctx,
		fileURI(path, nil, "busy_timeout(60000)", "journal_mode(MEMORY)"))
	if err != nil {
		return nil, err
	}
	if _, err := conn.run(ctx, SQL("BEGIN EXCLUSIVE"), nil); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() { _ = conn.Close() }, nil // which ends the transaction
}

func (sqliteDialect) damages(tx *Tx) ([]string, error) {
	found, err := QueryAll(tx, SQL("PRAGMA quick_check(100)"), (*Row).Text)
	return slices.DeleteFunc(found, func(line string) bool { return line == "ok" }), err
}
