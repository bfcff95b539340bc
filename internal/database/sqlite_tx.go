package database

import (
	"context"
	"database/sql"
	"sync"
)

// sqliteTx is a transaction. It puts its connection back when it ends.
type sqliteTx struct {
	*pooledConn
	pool   *sqlitePool
	once   sync.Once
	broken error // SQLite may have rolled back the transaction: nothing more may be written in it
}

// ExecContext runs a statement of the transaction.
func (t *sqliteTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	ctx, err := t.statementContext(ctx)
	if err != nil {
		return nil, err
	}
	result, err := t.pooledConn.ExecContext(ctx, query, args...)
	return result, t.noteBroken(err)
}

// QueryContext runs a statement of the transaction.
func (t *sqliteTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	ctx, err := t.statementContext(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := t.pooledConn.QueryContext(ctx, query, args...)
	return rows, t.noteBroken(err)
}

// run runs a statement of the transaction.
func (t *sqliteTx) run(ctx context.Context, query Fragment, fn func(*Row)) (int64, error) {
	ctx, err := t.statementContext(ctx)
	if err != nil {
		return 0, err
	}
	n, err := t.pooledConn.run(ctx, query, fn)
	return n, t.noteBroken(err)
}

// statementContext returns the context for a statement of the transaction. A statement of a write
// is not interrupted, because SQLite would roll back the whole transaction, which may hold other
// writes. Instead a write ends between two statements.
func (t *sqliteTx) statementContext(ctx context.Context) (context.Context, error) {
	if t.broken != nil {
		return nil, t.broken
	}
	if !t.pool.writes {
		return ctx, nil
	}
	return context.WithoutCancel(ctx), ctx.Err()
}

// noteBroken returns err and remembers it if SQLite may have rolled back the transaction because of
// it.
func (t *sqliteTx) noteBroken(err error) error {
	if err != nil && t.pool.writes && endsTransaction(err) {
		t.broken = err
	}
	return err
}

// Commit commits the transaction, or rolls it back if it cannot be committed.
func (t *sqliteTx) Commit() error {
	err := sql.ErrTxDone
	t.once.Do(func() {
		if err = t.broken; err == nil {
			err = t.end("COMMIT")
		}
		if err != nil {
			t.undo()
		}
		t.pool.put(t.pooledConn)
	})
	return err
}

// Rollback rolls the transaction back.
func (t *sqliteTx) Rollback() error {
	err := sql.ErrTxDone
	t.once.Do(func() {
		t.undo()
		err = nil
		t.pool.put(t.pooledConn)
	})
	return err
}

// undo rolls the transaction back, even if the caller has gone. It only fails where SQLite has done
// so by itself, as when the disk is full.
func (t *sqliteTx) undo() { _ = t.end("ROLLBACK") }

// end runs the statement that ends the transaction.
func (t *sqliteTx) end(statement string) error {
	_, err := t.pooledConn.run(context.Background(), SQL(statement), nil)
	return err
}
