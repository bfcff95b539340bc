package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/ext/fts5"
)

// sqliteConn is a connection to a file with its prepared statements. It runs one statement at a
// time and is not safe for concurrent use. Tx.Query calls run; GORM's statements come through
// database/sql, for which it is a driver.Conn.
type sqliteConn struct {
	engine     *sqlite3.Conn
	statements map[string]*sqliteStmt
	busy       bool  // a statement runs, or its rows are being read
	turn       *turn // of that statement
}

// sqliteStmt is a prepared statement, with room for one of its rows.
type sqliteStmt struct {
	*sqlite3.Stmt
	row   Row
	names []string // of its columns; nil until database/sql asks
	times []bool   // which columns are declared to hold times
}

const (
	// maxStatements bounds the prepared statements of a connection. Their texts are few, because
	// values are always bound.
	maxStatements = 500
	// sharedText is the longest text that a row takes over from the one before if it is the same:
	// many columns repeat.
	sharedText = 64
)

// errConnBusy is returned for a statement that is run while the rows of another are being read.
var errConnBusy = errors.New("the connection is still returning the rows of another statement")

// openSQLiteConn opens the file that a URI names.
func openSQLiteConn(ctx context.Context, uri string) (*sqliteConn, error) {
	engine, err := sqlite3.OpenContext(ctx, uri)
	if err != nil {
		return nil, withInterrupt(ctx, err)
	}
	// Without QPSG, SQLite would plan a statement anew whenever other values are bound.
	_, err = engine.Config(sqlite3.DBCONFIG_ENABLE_QPSG, true)
	if err = errors.Join(err, fts5.Register(engine)); err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	return &sqliteConn{engine: engine, statements: map[string]*sqliteStmt{}}, nil
}

// Close closes the connection and its statements.
func (c *sqliteConn) Close() error {
	c.closeStatements()
	return c.engine.Close()
}

func (c *sqliteConn) closeStatements() {
	for text, s := range c.statements {
		_ = s.Close() // repeats the error of the last run
		delete(c.statements, text)
	}
}

// run runs a statement and calls fn for each of its rows. A nil fn is for statements whose rows do
// not matter. The statement is interrupted when ctx ends.
func (c *sqliteConn) run(
	ctx context.Context,
	query Fragment,
	fn func(*Row),
) (rows int64, err error) {
	defer recoverNoMemory(&err)
	s, err := c.start(ctx, query)
	if err != nil {
		return 0, err
	}
	defer c.finish(s)
	for s.Step() {
		if fn == nil {
			continue
		}
		s.read()
		if fn(&s.row); s.row.err != nil {
			return rows, s.row.err
		}
		rows++
	}
	return rows, withInterrupt(ctx, s.Err())
}

// start binds the values of a statement. The connection is busy with it until finish is called.
func (c *sqliteConn) start(ctx context.Context, query Fragment) (s *sqliteStmt, err error) {
	defer recoverNoMemory(&err)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if c.busy {
		return nil, errConnBusy
	}
	if s, err = c.statement(query.Text); err != nil {
		return nil, err
	}
	if err := s.bind(query.Args); err != nil {
		return nil, errors.Join(err, s.ClearBindings())
	}
	if c.turn, err = takeTurn(ctx); err != nil {
		return nil, errors.Join(err, s.ClearBindings())
	}
	c.busy = true
	c.engine.SetInterrupt(c.turn.interruptible(ctx))
	return s, nil
}

// finish ends a statement, whether or not all its rows were read, and frees the values that were
// bound.
func (c *sqliteConn) finish(s *sqliteStmt) {
	c.engine.SetInterrupt(context.Background())
	c.busy = false
	c.turn.give()
	_ = s.reset() // repeats the error of Step
	_ = s.ClearBindings()
	s.row.err = nil
	for i := range s.row.cells {
		if cell := &s.row.cells[i]; len(cell.text) > sharedText {
			cell.text = ""
		}
	}
}

func (s *sqliteStmt) reset() (err error) {
	defer recoverNoMemory(&err)
	return s.Reset()
}

// statement returns the prepared statement of a text.
func (c *sqliteConn) statement(text string) (*sqliteStmt, error) {
	if s := c.statements[text]; s != nil {
		return s, nil
	}
	prepared, rest, err := c.engine.PrepareFlags(text, sqlite3.PREPARE_PERSISTENT)
	if err != nil {
		return nil, err
	}
	if prepared == nil || rest != "" {
		return nil, errors.Join(fmt.Errorf("not a single statement: %q", text), prepared.Close())
	}
	if len(c.statements) >= maxStatements {
		c.closeStatements()
	}
	s := &sqliteStmt{Stmt: prepared, row: Row{cells: make([]cell, prepared.ColumnCount())}}
	c.statements[text] = s
	return s, nil
}

func (s *sqliteStmt) bind(values []any) error {
	if want := s.BindCount(); want != len(values) {
		return fmt.Errorf("a statement of %d values is given %d", want, len(values))
	}
	for i, v := range values {
		v, err := driver.DefaultParameterConverter.ConvertValue(v)
		if err == nil {
			err = s.bindValue(i+1, v)
		}
		if err != nil {
			return fmt.Errorf("value %d: %w", i+1, err)
		}
	}
	return nil
}

// bindValue binds one value, counted from 1. A time is bound as seconds since 1970.
func (s *sqliteStmt) bindValue(i int, v driver.Value) error {
	switch v := v.(type) {
	case string:
		return s.BindText(i, v)
	case int64:
		return s.BindInt64(i, v)
	case bool:
		return s.BindBool(i, v)
	case time.Time:
		return s.BindInt64(i, v.Unix())
	case []byte:
		return s.BindBlob(i, v)
	case float64:
		return s.BindFloat(i, v)
	}
	return s.BindNull(i)
}

// read copies the row that Step has reached.
func (s *sqliteStmt) read() {
	s.row.next = 0
	for i := range s.row.cells {
		cell := &s.row.cells[i]
		switch s.ColumnType(i) {
		case sqlite3.NULL:
			cell.kind = isNull
		case sqlite3.INTEGER:
			cell.kind = isNumber
			cell.number = s.ColumnInt64(i)
		case sqlite3.TEXT:
			cell.kind = isText
			if text := s.ColumnRawText(i); cell.text != string(text) {
				cell.text = string(text)
			}
		case sqlite3.BLOB:
			cell.kind = isBytes
			cell.text = string(s.ColumnRawBlob(i))
		default:
			cell.kind = isOther
		}
	}
}

// withInterrupt adds the error of ctx to that of a statement which was interrupted, or stopped
// waiting for a lock, because ctx ended.
func withInterrupt(ctx context.Context, err error) error {
	ended := ctx.Err()
	if ended != nil && (errors.Is(err, sqlite3.INTERRUPT) || errors.Is(err, sqlite3.BUSY)) {
		return fmt.Errorf("%w: %w", ended, err)
	}
	return err
}

// recoverNoMemory must be deferred. It sets *err if the engine has panicked because the memory of a
// connection is exhausted, of which each may have 256 MiB. The connection remains usable.
func recoverNoMemory(err *error) {
	cause := recover()
	if cause == nil {
		return
	}
	if e, ok := cause.(error); !ok || e.Error() != sqlite3.NOMEM.Error() {
		panic(cause)
	}
	*err = sqlite3.NOMEM
}

// resultCode returns SQLite's extended result code of an error, 0 if the error is not SQLite's.
func resultCode(err error) sqlite3.ExtendedErrorCode {
	var code sqlite3.ExtendedErrorCode
	errors.As(err, &code)
	return code
}
