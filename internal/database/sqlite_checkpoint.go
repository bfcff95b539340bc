package database

import (
	"context"
	"database/sql"
	"os"
	"sync"
	"time"
)

// checkpointer copies the write-ahead log into the database beside the writer, which would otherwise stop for it in the
// midst of a commit. It sleeps while nothing is written. Where it cannot keep up, or is not there, the writer copies by
// itself once the log has logPages.
type checkpointer struct {
	db    *sql.DB
	log   string // the log's file
	every time.Duration
	woken chan struct{} // holds one
	stop  chan struct{}
	ended sync.WaitGroup
	once  sync.Once
}

// A log is written over from its beginning once it has been copied, so it is not cut off: to sync what was written over takes a
// tenth of the time that a file which grows takes. One of more bytes than logKept gives them back when nothing is written.
const (
	logPages = 8192 // how long the log may become, in pages of 4 KiB
	logKept  = logPages << 12
)

func newCheckpointer(path string, options []Option) (*checkpointer, error) {
	db, err := openFile(path, options)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	c := &checkpointer{
		db: db, log: path + "-wal", every: settingsFrom(options).checkpoint, woken: make(chan struct{}, 1), stop: make(chan struct{}),
	}
	c.wake() // a crash may have left a log
	c.ended.Go(c.run)
	return c, nil
}

// wake says that something was written.
func (c *checkpointer) wake() {
	if c == nil {
		return
	}
	select {
	case c.woken <- struct{}{}:
	default:
	}
}

// close copies what is left, if other processes have the database open; for the last one SQLite does it.
func (c *checkpointer) close() error {
	if c == nil {
		return nil
	}
	var err error
	c.once.Do(func() {
		close(c.stop)
		c.ended.Wait()
		if c.size() > 0 {
			_, _ = c.copy("PASSIVE") // what fails here the next process does
		}
		err = c.db.Close()
	})
	return err
}

func (c *checkpointer) run() {
	for {
		select {
		case <-c.woken:
		case <-c.stop:
			return
		}
		for due := true; due; due = c.pass() {
			select {
			case <-time.After(c.every):
			case <-c.stop:
				return
			}
		}
	}
}

// pass copies what it can without anybody waiting for it, and tells whether there is more to do.
func (c *checkpointer) pass() bool {
	whole, err := c.copy("PASSIVE")
	if err != nil || !whole {
		return true
	}
	select {
	case <-c.woken: // something is written all the time
		return true
	default:
	}
	if c.size() > logKept {
		whole, err = c.copy("TRUNCATE")
	}
	return err != nil || !whole
}

// copy checkpoints, and tells whether all of the log is in the database now. It waits for nobody.
func (c *checkpointer) copy(mode string) (bool, error) {
	if _, err := c.db.ExecContext(context.Background(), "PRAGMA busy_timeout = 0"); err != nil {
		return false, err
	}
	var busy, logged, copied int
	err := c.db.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &logged, &copied)
	return busy == 0 && logged == copied, err
}

func (c *checkpointer) size() int64 {
	info, err := os.Stat(c.log)
	if err != nil {
		return 0
	}
	return info.Size()
}
