package database

import (
	"context"
	"os"
	"sync"
	"time"
)

// checkpointer copies the write-ahead log into the database beside the writer, which would
// otherwise stop for it in the middle of a commit. It sleeps while nothing is written. Where it
// cannot keep up, or does not run, the writer copies by itself once the log has logPages.
type checkpointer struct {
	mu    sync.Mutex
	conn  *sqliteConn // of mu
	log   string      // the log's file
	every time.Duration
	woken chan struct{} // holds one
	stop  chan struct{}
	ended sync.WaitGroup
	once  sync.Once
}

// A log is not truncated when it has been copied but overwritten from its beginning: syncing what
// was overwritten takes a tenth of the time that a growing file takes. A log longer than maxIdleLog
// is truncated when nothing is written.
const (
	logPages   = 8192 // after which the writer itself runs a checkpoint, in pages of 4 KiB
	maxIdleLog = logPages << 12
)

func newCheckpointer(ctx context.Context, path string, options []Option) (*checkpointer, error) {
	conn, err := openSQLiteConn(ctx, fileURI(path, options))
	if err != nil {
		return nil, err
	}
	c := &checkpointer{
		conn:  conn,
		log:   path + "-wal",
		every: settingsFrom(options).checkpoint,
		woken: make(chan struct{}, 1),
		stop:  make(chan struct{}),
	}
	c.wake() // a crash may have left a log
	c.ended.Go(c.run)
	return c, nil
}

// wake must be called when something was written.
func (c *checkpointer) wake() {
	if c == nil {
		return
	}
	select {
	case c.woken <- struct{}{}:
	default:
	}
}

// close copies what is left, if other processes have the database open; for the last one SQLite
// does it.
func (c *checkpointer) close() error {
	if c == nil {
		return nil
	}
	var err error
	c.once.Do(func() {
		close(c.stop)
		c.ended.Wait()
		if c.size() > 0 {
			_, _ = c.checkpoint("PASSIVE") // if it fails, the next process does it
		}
		err = c.conn.Close()
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

// pass copies what it can without making anybody wait, and reports whether there is more to do.
func (c *checkpointer) pass() bool {
	complete, err := c.checkpoint("PASSIVE")
	if err != nil || !complete {
		return true
	}
	select {
	case <-c.woken: // something is written all the time
		return true
	default:
	}
	if c.size() > maxIdleLog {
		complete, err = c.checkpoint("TRUNCATE")
	}
	return err != nil || !complete
}

// checkpoint runs one and reports whether all of the log is in the database afterwards. It does
// not wait for readers or the writer.
func (c *checkpointer) checkpoint(mode string) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ctx := context.Background()
	if _, err := c.conn.run(ctx, SQL("PRAGMA busy_timeout = 0"), nil); err != nil {
		return false, err
	}
	complete := false
	_, err := c.conn.run(ctx, SQL("PRAGMA wal_checkpoint("+mode+")"), func(r *Row) {
		busy := r.Number()
		logged := r.Number()
		copied := r.Number()
		complete = busy == 0 && logged == copied
	})
	return complete, err
}

func (c *checkpointer) size() int64 {
	info, err := os.Stat(c.log)
	if err != nil {
		return 0
	}
	return info.Size()
}
