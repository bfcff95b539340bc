package database

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
)

// Tx is one transaction, or in ReadOne one statement outside any. It carries one time, is used by
// one goroutine, and must not be used after the function that it was given to has returned.
type Tx struct {
	// GORM runs statements in the transaction.
	GORM *gorm.DB
	// State is for the package that runs the transaction: what it leaves for the commit.
	State any

	dialect     dialect
	now         time.Time
	invalidated map[string]bool
	prior       *Tx
}

// Now returns the time of the transaction, UTC, in whole seconds.
func (tx *Tx) Now() time.Time { return tx.now }

// Prior returns the last write that has succeeded in the same transaction, nil if there is none.
func (tx *Tx) Prior() *Tx { return tx.prior }

// Read runs fn in a transaction that sees the database as it is at one moment and cannot change it.
// It returns ErrCrowded if too many reads of the class wait, and ErrTooSlow if the read took longer
// than one of its class may.
func (d *DB) Read(ctx context.Context, class Class, fn func(tx *Tx) error) error {
	return d.admitted(ctx, class, fn, d.readTx)
}

// ReadOne is Read for one statement, which sees one moment by itself: there is no transaction,
// whose beginning and end take longer than a short statement.
func (d *DB) ReadOne(ctx context.Context, class Class, fn func(tx *Tx) error) error {
	return d.admitted(ctx, class, fn, d.readOne)
}

// admitted reads within the bounds of a class. It gives up if the database does not answer.
func (d *DB) admitted(
	ctx context.Context,
	class Class,
	fn func(tx *Tx) error,
	read func(context.Context, func(tx *Tx) error) error,
) error {
	_, hurry := ctx.Deadline()
	ctx, done := d.pinger.watch(ctx, hurry) // also while it waits: others may hang before it
	defer done()
	g := d.gates[class]
	leave, err := g.enter(ctx)
	if err != nil {
		return d.wrapped(withCause(ctx, err))
	}
	defer leave()
	ctx, cancel := g.bounded(ctx)
	defer cancel()
	return d.wrapped(withCause(ctx, read(g.processor.within(ctx), fn)))
}

// readTx runs fn in a transaction of the readers, which is begun and ended without what GORM does
// around it: that costs more than a short statement.
func (d *DB) readTx(ctx context.Context, fn func(tx *Tx) error) (err error) {
	session := d.reader.Session(&gorm.Session{NewDB: true, Context: ctx})
	switch pool := session.Statement.ConnPool.(type) {
	case gorm.ConnPoolBeginner:
		session.Statement.ConnPool, err = pool.BeginTx(ctx, d.dialect.snapshot())
	case gorm.TxBeginner:
		session.Statement.ConnPool, err = pool.BeginTx(ctx, d.dialect.snapshot())
	default:
		err = gorm.ErrInvalidTransaction
	}
	if err != nil {
		return err
	}
	begun := session.Statement.ConnPool.(gorm.TxCommitter)
	defer begun.Rollback() // does nothing once it has ended
	if err := fn(d.tx(session)); err != nil {
		return err
	}
	return begun.Commit()
}

// readOne runs fn on a connection of the readers, as it is.
func (d *DB) readOne(ctx context.Context, fn func(tx *Tx) error) error {
	session := d.reader.Session(&gorm.Session{NewDB: true, Context: ctx})
	pool, done, err := d.dialect.singleConn(ctx, session.Statement.ConnPool)
	if err != nil {
		return err
	}
	defer done()
	session.Statement.ConnPool = pool
	return fn(d.tx(session))
}

func (d *DB) tx(session *gorm.DB) *Tx {
	return &Tx{GORM: session, dialect: d.dialect, now: d.clock().UTC().Truncate(time.Second)}
}

// Exclusive runs fn in a transaction that no other write runs beside, on any server. It is neither
// bounded in time nor run again, shares no commit, and leaves nothing for it: it is for what is
// done before a database is used.
func (d *DB) Exclusive(ctx context.Context, fn func(tx *Tx) error) error {
	if d.writer == nil {
		return errReadOnly
	}
	return d.writer.WithContext(ctx).Transaction(func(session *gorm.DB) error {
		if err := d.dialect.lock(session); err != nil {
			return err
		}
		return fn(d.tx(session))
	})
}

// Savepoint runs fn so that what it wrote is taken back if it fails, without harm to the rest of
// the transaction. What fn has invalidated stays so.
func (tx *Tx) Savepoint(fn func() error) error {
	if err := tx.Exec("SAVEPOINT part"); err != nil {
		return err
	}
	failed := fn()
	if failed != nil {
		if err := tx.Exec("ROLLBACK TO SAVEPOINT part"); err != nil {
			return errors.Join(failed, err)
		}
	}
	return errors.Join(failed, tx.Exec("RELEASE SAVEPOINT part"))
}

// HasTable reports whether there is a table of that name.
func (tx *Tx) HasTable(name string) (bool, error) { return tx.dialect.hasTable(tx.GORM, name) }

// ResumeSerial lets the numbers that a {serial} column hands out go on behind the largest in the
// table, after rows with numbers of their own were added.
func (tx *Tx) ResumeSerial(table, column string) error {
	return tx.dialect.resumeSerial(tx.GORM, table, column)
}
