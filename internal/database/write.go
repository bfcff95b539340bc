package database

import (
	"context"
	"fmt"
	"maps"
	"time"

	"gorm.io/gorm"
)

// committer runs writes in transactions: one each (PostgreSQL) or several together (SQLite).
type committer interface {
	// do runs fn as Write says, and returns when what it wrote is as safe as it can be, or is not
	// there.
	do(ctx context.Context, fn func(tx *Tx) error) error
	// close waits for the writes that have come; later ones are refused.
	close()
}

// writeTime bounds one write: the wait for its turn, and then the time from its first statement to
// its last.
const writeTime = 20 * time.Second

// errReadOnly is returned for a write where a database was opened with ReadOnly.
var errReadOnly = fmt.Errorf("%w: it was opened to be read only", ErrUnavailable)

// Write runs fn in a transaction and commits if it returns nil. Fn must have no effects but on tx,
// for it is run again when writes got in each other's way. It runs in the caller's goroutine,
// alone, and what it wrote is taken back, by itself, if it fails or panics. A caller that goes away
// does not stop a write that has begun: it happens whole or not at all. For one that goes away
// while its write waits, Write returns at once, and the write does not happen.
func (d *DB) Write(ctx context.Context, fn func(tx *Tx) error) error {
	if d.committer == nil {
		return errReadOnly
	}
	if ctx.Err() != nil {
		return d.wrapped(context.Cause(ctx))
	}
	return d.wrapped(d.committer.do(ctx, fn))
}

// beforeCommit runs once for all writes that share a transaction, behind the last of them. If it
// fails, none of them happens.
func (d *DB) beforeCommit(session *gorm.DB, writes []*Tx) error {
	tx := d.tx(session)
	if d.hook != nil {
		if err := d.hook(tx, writes); err != nil {
			return err
		}
	}
	return tx.recordChange(d.origin, invalidated(writes))
}

// afterCommit runs when writes that shared a transaction are safe, before any of them returns.
func (d *DB) afterCommit(writes []*Tx) {
	d.checkpoints.wake()
	d.tell(invalidated(writes))
}

// invalidated returns all that writes have invalidated.
func invalidated(writes []*Tx) map[string]bool {
	if len(writes) == 1 {
		return writes[0].invalidated
	}
	all := map[string]bool{}
	for _, tx := range writes {
		maps.Copy(all, tx.invalidated)
	}
	return all
}

// soloCommitter gives each write a transaction of its own.
type soloCommitter struct{ *DB }

func (s soloCommitter) close() {}

func (s soloCommitter) do(ctx context.Context, fn func(tx *Tx) error) error {
	_, hurry := ctx.Deadline()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTime)
	defer cancel()
	ctx, done := s.pinger.watch(ctx, hurry)
	defer done()
	var err error
	for range 4 {
		var tx *Tx
		err = s.Exclusive(ctx, func(began *Tx) error {
			tx = began
			if err := fn(tx); err != nil {
				return err
			}
			return s.beforeCommit(tx.GORM, []*Tx{tx})
		})
		if err == nil {
			s.afterCommit([]*Tx{tx})
			return nil
		}
		if k := s.dialect.classify(err); k != kindTaken && k != kindBusy {
			break
		}
	}
	return withCause(ctx, err)
}
