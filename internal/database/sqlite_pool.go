package database

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"gorm.io/gorm"
)

// sqlitePool is a pool of connections for GORM and for Tx.Query. It begins transactions as readers
// or the writer need, and hands out whole connections, which database/sql does only through further
// locks and a goroutine for each transaction.
type sqlitePool struct {
	db     *sql.DB
	tokens chan struct{} // one for each connection that may be open
	begin  string        // the statement that begins a transaction
	writes bool

	mu   sync.Mutex
	idle []*pooledConn // the last used is the last
}

// pooledConn is a connection as database/sql knows it, for GORM, and as it is. One caller uses it
// at a time.
type pooledConn struct {
	*sql.Conn
	engine *sqliteConn
}

// run runs a statement of Tx.Query.
func (c *pooledConn) run(ctx context.Context, query Fragment, fn func(*Row)) (int64, error) {
	return c.engine.run(ctx, query, fn)
}

// beginWrite begins a transaction with the lock that only one can have.
const beginWrite = "BEGIN IMMEDIATE"

func newSQLitePool(uri string, size int, begin string) *sqlitePool {
	p := &sqlitePool{
		db:     sql.OpenDB(sqliteFile(uri)),
		tokens: make(chan struct{}, size),
		begin:  begin,
		writes: begin == beginWrite,
	}
	for range size {
		p.tokens <- struct{}{}
	}
	return p
}

// Close closes all connections; it waits for those in use.
func (p *sqlitePool) Close() error {
	for range cap(p.tokens) {
		<-p.tokens
	}
	var errs []error
	for _, c := range p.idle {
		errs = append(errs, c.Conn.Close())
	}
	p.idle = nil
	errs = append(errs, p.db.Close())
	for range cap(p.tokens) {
		p.tokens <- struct{}{} // later callers get the error of a closed sql.DB
	}
	return errors.Join(errs...)
}

// take returns a connection, which must be put back.
func (p *sqlitePool) take(ctx context.Context) (*pooledConn, error) {
	select {
	case <-p.tokens:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if c := p.lastUsed(); c != nil {
		return c, nil
	}
	c, err := p.open(ctx)
	if err != nil {
		p.tokens <- struct{}{}
	}
	return c, err
}

// lastUsed returns the idle connection that was used last, nil if there is none.
func (p *sqlitePool) lastUsed() *pooledConn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		return nil
	}
	c := p.idle[len(p.idle)-1]
	p.idle = p.idle[:len(p.idle)-1]
	return c
}

// put puts a connection back.
func (p *sqlitePool) put(c *pooledConn) {
	p.mu.Lock()
	p.idle = append(p.idle, c)
	p.mu.Unlock()
	p.tokens <- struct{}{}
}

func (p *sqlitePool) open(ctx context.Context) (*pooledConn, error) {
	conn, err := p.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c := &pooledConn{Conn: conn}
	err = conn.Raw(func(opened any) error {
		c.engine = opened.(*sqliteConn)
		return nil
	})
	return c, err
}

// BeginTx begins a transaction on a connection of its own. To begin a write may have to wait for
// another process.
func (p *sqlitePool) BeginTx(ctx context.Context, _ *sql.TxOptions) (gorm.ConnPool, error) {
	c, err := p.take(ctx)
	if err != nil {
		return nil, err
	}
	t := &sqliteTx{pooledConn: c, pool: p}
	if _, err := c.run(ctx, SQL(p.begin), nil); err != nil {
		t.undo() // an interrupt as BEGIN ends is returned for a transaction that has begun
		p.put(c)
		return nil, err
	}
	return t, nil
}

var errOutside = errors.New("a statement outside a transaction")

// PrepareContext, ExecContext and QueryContext are for GORM; all work is done in transactions.
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

// QueryRowContext is called once, by GORM at the start, for the version of the engine.
func (p *sqlitePool) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return p.db.QueryRowContext(ctx, query, args...)
}
