package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// sqliteFile opens connections to the file of a URI for database/sql, and so for GORM. The driver
// that comes with the engine cannot be linked beside the one that GORM imports: both register the
// name "sqlite3".
type sqliteFile string

var errUnsupported = errors.New("not supported by this driver")

// Connect opens a connection.
func (f sqliteFile) Connect(ctx context.Context) (driver.Conn, error) {
	return openSQLiteConn(ctx, string(f))
}

// Driver returns nil: connections are opened by Connect.
func (f sqliteFile) Driver() driver.Driver { return nil }

// Prepare is not supported: a connection caches its prepared statements.
func (c *sqliteConn) Prepare(string) (driver.Stmt, error) { return nil, errUnsupported }

// Begin is not supported: the pool begins and ends transactions.
func (c *sqliteConn) Begin() (driver.Tx, error) { return nil, errUnsupported }

// ExecContext runs a statement and returns what it changed.
func (c *sqliteConn) ExecContext(
	ctx context.Context, text string, values []driver.NamedValue,
) (driver.Result, error) {
	if _, err := c.run(ctx, fragmentOf(text, values), nil); err != nil {
		return nil, err
	}
	return sqliteResult{id: c.engine.LastInsertRowID(), rows: c.engine.Changes()}, nil
}

// QueryContext starts a statement, which ends when its rows are closed.
func (c *sqliteConn) QueryContext(
	ctx context.Context, text string, values []driver.NamedValue,
) (driver.Rows, error) {
	s, err := c.start(ctx, fragmentOf(text, values))
	if err != nil {
		return nil, err
	}
	if s.names == nil {
		s.describe()
	}
	return &sqliteRows{ctx: ctx, conn: c, stmt: s}, nil
}

func fragmentOf(text string, values []driver.NamedValue) Fragment {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v.Value
	}
	return Fragment{Text: text, Args: args}
}

// describe sets the names of the columns, and which are declared to hold times.
func (s *sqliteStmt) describe() {
	s.names = make([]string, s.ColumnCount())
	s.times = make([]bool, s.ColumnCount())
	for i := range s.names {
		s.names[i] = s.ColumnName(i)
		s.times[i] = s.ColumnDeclType(i) == "DATETIME"
	}
}

// sqliteResult is what a statement changed.
type sqliteResult struct{ id, rows int64 }

// LastInsertId returns the rowid of the row that the connection inserted last.
func (r sqliteResult) LastInsertId() (int64, error) { return r.id, nil }

// RowsAffected returns how many rows the last INSERT, UPDATE or DELETE of the connection changed.
func (r sqliteResult) RowsAffected() (int64, error) { return r.rows, nil }

// sqliteRows are the rows of a statement that has been started.
type sqliteRows struct {
	ctx  context.Context
	conn *sqliteConn
	stmt *sqliteStmt
}

// Columns returns the names of the columns.
func (r *sqliteRows) Columns() []string { return r.stmt.names }

// Close ends the statement.
func (r *sqliteRows) Close() error {
	r.conn.finish(r.stmt)
	return nil
}

// Next reads the next row into dest. It returns io.EOF after the last.
func (r *sqliteRows) Next(dest []driver.Value) (err error) {
	defer recoverNoMemory(&err)
	if !r.stmt.Step() {
		if err := r.stmt.Err(); err != nil {
			return withInterrupt(r.ctx, err)
		}
		return io.EOF
	}
	for i := range dest {
		dest[i] = r.stmt.value(i)
	}
	return nil
}

// value returns a column of the row that Step has reached.
func (s *sqliteStmt) value(column int) driver.Value {
	switch s.ColumnType(column) {
	case sqlite3.INTEGER:
		n := s.ColumnInt64(column)
		if s.times[column] {
			return time.Unix(n, 0).UTC()
		}
		return n
	case sqlite3.FLOAT:
		return s.ColumnFloat(column)
	case sqlite3.TEXT:
		return s.ColumnText(column)
	case sqlite3.BLOB:
		return s.ColumnBlob(column, []byte{})
	}
	return nil
}
