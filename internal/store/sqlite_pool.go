package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"gorm.io/gorm"
)

// sqlitePool is a pool of connections for GORM that keeps each connection's prepared statements. The standard library
// prepares a statement anew in each transaction on a connection that has not met it, which costs more than running it.
type sqlitePool struct {
	db     *sql.DB
	idle   chan *sqliteConn // nil stands for one that is not open yet
	begin  string           // how a transaction begins
	writes bool
}

// sqliteConn is one connection with its statements, used by one caller at a time.
type sqliteConn struct {
	*sql.Conn
	statements map[string]*sql.Stmt
}

// beginWrite begins a transaction with the lock that only one can have.
const beginWrite = "BEGIN IMMEDIATE"

// maxStatements bounds the statements a connection keeps; the texts are few, for values are always bound.
const maxStatements = 500

func newSQLitePool(db *sql.DB, size int, begin string) *sqlitePool {
	p := &sqlitePool{db: db, idle: make(chan *sqliteConn, size), begin: begin, writes: begin == beginWrite}
	for range size {
		p.idle <- nil
	}
	return p
}

// Close closes all connections; it waits for those in use.
func (p *sqlitePool) Close() error {
	for range cap(p.idle) {
		c := <-p.idle
		if c == nil {
			continue
		}
		for _, s := range c.statements {
			s.Close()
		}
		c.Conn.Close()
	}
	err := p.db.Close()
	for range cap(p.idle) {
		p.idle <- nil // who asks now is told that it is closed
	}
	return err
}

func (p *sqlitePool) take(ctx context.Context) (*sqliteConn, error) {
	select {
	case c := <-p.idle:
		if c != nil {
			return c, nil
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	conn, err := p.db.Conn(ctx)
	if err != nil {
		p.idle <- nil
		return nil, err
	}
	return &sqliteConn{conn, map[string]*sql.Stmt{}}, nil
}

func (p *sqlitePool) give(c *sqliteConn) { p.idle <- c }

// BeginTx begins a transaction on a connection of its own.
func (p *sqlitePool) BeginTx(ctx context.Context, _ *sql.TxOptions) (gorm.ConnPool, error) {
	c, err := p.take(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := c.ExecContext(ctx, p.begin); err != nil {
		p.give(c)
		return nil, err
	}
	return &sqliteTx{sqliteConn: c, pool: p}, nil
}

var errOutside = errors.New("the database is asked outside a transaction")

// PrepareContext, ExecContext, QueryContext and QueryRowContext are for GORM; all work is done in transactions.
func (p *sqlitePool) PrepareContext(context.Context, string) (*sql.Stmt, error) {
	return nil, errOutside
}

// ExecContext refuses.
func (p *sqlitePool) ExecContext(context.Context, string, ...any) (sql.Result, error) {
	return nil, errOutside
}

// QueryContext refuses.
func (p *sqlitePool) QueryContext(context.Context, string, ...any) (*sql.Rows, error) {
	return nil, errOutside
}

// QueryRowContext is asked once, by GORM at the start, for the version of the engine.
func (p *sqlitePool) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return p.db.QueryRowContext(ctx, query, args...)
}

// sqliteTx is a transaction. It gives its connection back when it ends.
type sqliteTx struct {
	*sqliteConn
	pool   *sqlitePool
	done   sync.Once
	broken error // SQLite may have taken back all that was written: nothing may be written behind it
}

// ExecContext runs a statement of the transaction.
func (t *sqliteTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	ctx, err := t.ready(ctx)
	if err != nil {
		return nil, err
	}
	result, err := t.sqliteConn.ExecContext(ctx, query, args...)
	return result, t.met(err)
}

// QueryContext runs a statement of the transaction.
func (t *sqliteTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	ctx, err := t.ready(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := t.sqliteConn.QueryContext(ctx, query, args...)
	return rows, t.met(err)
}

// ready is the context for a statement of the transaction. A statement that writes is not interrupted: SQLite would take
// back the whole transaction, of which it may be a small part, and to watch over a statement costs more than most take.
// So the time of a write is looked at between its statements.
func (t *sqliteTx) ready(ctx context.Context) (context.Context, error) {
	if t.broken != nil {
		return nil, t.broken
	}
	if !t.pool.writes {
		return ctx, nil
	}
	return context.WithoutCancel(ctx), ctx.Err()
}

// met notes an error that may have ended the transaction.
func (t *sqliteTx) met(err error) error {
	if err != nil && t.pool.writes && endsTransaction(err) {
		t.broken = err
	}
	return err
}

// Commit ends the transaction. One that cannot be committed is taken back.
func (t *sqliteTx) Commit() error {
	err := sql.ErrTxDone
	t.done.Do(func() {
		if err = t.broken; err == nil {
			_, err = t.sqliteConn.ExecContext(context.Background(), "COMMIT")
		}
		if err != nil {
			t.undo()
		}
		t.pool.give(t.sqliteConn)
	})
	return err
}

// Rollback takes the transaction back.
func (t *sqliteTx) Rollback() error {
	err := sql.ErrTxDone
	t.done.Do(func() {
		t.undo()
		err = nil
		t.pool.give(t.sqliteConn)
	})
	return err
}

// undo takes back what was done, also when the caller has gone. It fails only where SQLite has taken it back by itself,
// as it does when the disk is full.
func (t *sqliteTx) undo() { _, _ = t.sqliteConn.ExecContext(context.Background(), "ROLLBACK") }

// statement is a prepared statement of this connection.
func (c *sqliteConn) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := c.statements[query]; ok {
		return s, nil
	}
	s, err := c.Conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if len(c.statements) >= maxStatements {
		for query, old := range c.statements {
			old.Close()
			delete(c.statements, query)
		}
	}
	c.statements[query] = s
	return s, nil
}

// ExecContext runs a statement, prepared once per connection.
func (c *sqliteConn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// QueryContext runs a statement, prepared once per connection.
func (c *sqliteConn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// QueryRowContext runs a statement, prepared once per connection.
func (c *sqliteConn) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := c.statement(ctx, query)
	if err != nil {
		return c.Conn.QueryRowContext(ctx, query, args...) // which answers the error
	}
	return s.QueryRowContext(ctx, args...)
}
