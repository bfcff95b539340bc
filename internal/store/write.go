package store

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"
)

// committer is how writes come by a transaction: each by one of its own, or several by one.
type committer interface {
	// do runs fn as Write says, and answers when what it wrote is as safe as it can be, or is not there.
	do(ctx context.Context, fn func(db *DB) error) error
	// close waits for the writes that have come; later ones are refused.
	close()
}

// writeTime bounds one write: the wait for its turn, and then the time from its first statement to its last.
const writeTime = 20 * time.Second

// Write runs fn in a transaction and commits if it returns nil. Fn must have no effects but on db, for it is run again
// when writes got in each other's way. It runs in the caller's goroutine, alone, and what it wrote is taken back, by
// itself, if it fails or panics. A caller that goes away does not stop a write that has begun: it either happens whole or not
// at all, and a retry with the same Idempotency-Key tells which. One that goes away while its write waits is answered at
// once, and the write does not happen.
func (s *Store) Write(ctx context.Context, fn func(db *DB) error) error {
	if ctx.Err() != nil {
		return s.refusal(context.Cause(ctx))
	}
	return s.refusal(s.writes.do(ctx, fn))
}

// beforeCommit is done once for all writes that share a transaction, behind the last of them. It can fail, and then none
// of them happens.
func (s *Store) beforeCommit(tx *gorm.DB, done []*DB) error {
	db := s.db(tx)
	db.texts = done[len(done)-1].texts // each went on from those of the one before
	for _, d := range done {
		maps.Copy(db.invalidated, d.invalidated)
		for name, by := range d.counts {
			db.counts[name] += by
		}
	}
	if err := db.indexTexts(); err != nil {
		return err
	}
	if err := db.saveCounts(); err != nil {
		return err
	}
	return db.recordInvalidated(s.origin)
}

// afterCommit is done when writes that shared a transaction are safe, before anybody is told.
func (s *Store) afterCommit(done []*DB) {
	s.checkpoints.wake()
	touched := map[string]bool{}
	for _, d := range done {
		maps.Copy(touched, d.invalidated)
	}
	s.tell(touched)
}

// soloCommitter gives each write a transaction of its own.
type soloCommitter struct{ *Store }

func (s soloCommitter) close() {}

func (s soloCommitter) do(ctx context.Context, fn func(db *DB) error) error {
	_, hurry := ctx.Deadline()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTime)
	defer cancel()
	ctx, done := s.pulse.watch(ctx, hurry)
	defer done()
	var err error
	for range 4 {
		var db *DB
		err = s.writer.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			if err := s.dialect.lock(tx); err != nil {
				return err
			}
			db = s.db(tx)
			if err := fn(db); err != nil {
				return err
			}
			return s.beforeCommit(tx, []*DB{db})
		})
		if err == nil {
			s.afterCommit([]*DB{db})
			return nil
		}
		if k := s.dialect.fault(err); k != kindTaken && k != kindBusy {
			break
		}
	}
	return withCause(ctx, err)
}

// Savepoint runs fn so that what it wrote is taken back if it fails, without harm to the rest of the transaction.
func (db *DB) Savepoint(fn func(db *DB) error) error {
	if err := db.exec("SAVEPOINT part"); err != nil {
		return err
	}
	texts, counts := slices.Clone(db.texts), maps.Clone(db.counts)
	failed := fn(db)
	if failed != nil {
		db.texts, db.counts = texts, counts
		if err := db.exec("ROLLBACK TO SAVEPOINT part"); err != nil {
			return errors.Join(failed, err)
		}
	}
	return errors.Join(failed, db.exec("RELEASE SAVEPOINT part"))
}
