package database

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
	leave  chan struct{} // to have a connection; one for each there may be
	begin  string        // how a transaction begins
	writes bool

	mu   sync.Mutex
	idle []*sqliteConn // the last used is used next: it remembers most
}

// sqliteConn is one connection with its statements, used by one caller at a time.
type sqliteConn struct {
	*sql.Conn
	statements map[string]*sql.Stmt
	short      *shortcut
}

// beginWrite begins a transaction with the lock that only one can have.
const beginWrite = "BEGIN IMMEDIATE"

// maxStatements bounds the statements a connection keeps; the texts are few, for values are always bound.
const maxStatements = 500

func newSQLitePool(db *sql.DB, size int, begin string) *sqlitePool {
	p := &sqlitePool{db: db, leave: make(chan struct{}, size), begin: begin, writes: begin == beginWrite}
	for range size {
		p.leave <- struct{}{}
	}
	return p
}

// Close closes all connections; it waits for those in use.
func (p *sqlitePool) Close() error {
	for range cap(p.leave) {
		<-p.leave
	}
	for _, c := range p.idle {
		for _, s := range c.statements {
			s.Close()
		}
		c.short.close()
		c.Conn.Close()
	}
	p.idle = nil
	err := p.db.Close()
	for range cap(p.leave) {
		p.leave <- struct{}{} // who asks now is told that it is closed
	}
	return err
}

func (p *sqlitePool) take(ctx context.Context) (*sqliteConn, error) {
	select {
	case <-p.leave:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if c := p.lastUsed(); c != nil {
		return c, nil
	}
	c, err := p.open(ctx)
	if err != nil {
		p.leave <- struct{}{}
	}
	return c, err
}

// lastUsed is the connection that was used last, of those that are not in use; nil if there is none.
func (p *sqlitePool) lastUsed() *sqliteConn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		return nil
	}
	c := p.idle[len(p.idle)-1]
	p.idle = p.idle[:len(p.idle)-1]
	return c
}

func (p *sqlitePool) give(c *sqliteConn) {
	p.mu.Lock()
	p.idle = append(p.idle, c)
	p.mu.Unlock()
	p.leave <- struct{}{}
}

func (p *sqlitePool) open(ctx context.Context) (*sqliteConn, error) {
	conn, err := p.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	short, err := shortcutOf(conn)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &sqliteConn{conn, map[string]*sql.Stmt{}, short}, nil
}

// BeginTx begins a transaction on a connection of its own.
func (p *sqlitePool) BeginTx(ctx context.Context, _ *sql.TxOptions) (gorm.ConnPool, error) {
	c, err := p.take(ctx)
	if err != nil {
		return nil, err
	}
	t := &sqliteTx{sqliteConn: c, pool: p}
	if p.writes {
		_, err = c.ExecContext(ctx, p.begin) // which may wait for another process: the driver stops waiting when ctx ends
	} else {
		_, err = c.short.ask(ctx, Fragment{Text: p.begin}, nil)
	}
	if err != nil {
		t.undo() // it may have begun all the same, just before its time was up
		p.give(c)
		return nil, err
	}
	return t, nil
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

// ask runs a query of the transaction and hands its rows on.
func (t *sqliteTx) ask(ctx context.Context, query Fragment, meet func(*Row)) (int64, error) {
	ctx, err := t.ready(ctx)
	if err != nil {
		return 0, err
	}
	n, err := t.short.ask(ctx, query, meet)
	return n, t.met(err)
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
			err = t.end("COMMIT")
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
func (t *sqliteTx) undo() { _ = t.end("ROLLBACK") }

// end runs the statement that ends the transaction.
func (t *sqliteTx) end(statement string) error {
	_, err := t.short.ask(context.Background(), Fragment{Text: statement}, nil)
	return err
}

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
