package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"time"
	"unsafe"

	"modernc.org/libc"
	codes "modernc.org/sqlite/lib"
)

// shortcut is a connection as SQLite itself knows it. What a short statement costs is mostly what the driver and database/sql
// do around it (the names and types of its columns, a box for every value, goroutines that wait for the end of a context),
// so queries whose rows are read column by column and rows that are written by hand go past both. All else, GORM's
// statements among it, takes the usual way, over the same connection and in the same transaction.
type shortcut struct {
	tls        *libc.TLS
	db         uintptr
	statements map[string]*shortStatement
	asked      context.Context // of the statement that runs; nil: none does
	watch      func(tls *libc.TLS, _ uintptr) int32
	values     []driver.Value // of the statement that runs
	texts      texts          // that are among them
}

// shortStatement is a prepared statement, with room for one of its rows.
type shortStatement struct {
	handle uintptr
	row    Row
}

// sqliteError is what SQLite says is wrong.
type sqliteError struct {
	code int
	said string
}

// Error is the words of SQLite.
func (e *sqliteError) Error() string { return fmt.Sprintf("%s (%d)", e.said, e.code) }

// Code is SQLite's extended result code.
func (e *sqliteError) Code() int { return e.code }

// watchSteps is after how many of its steps, some ten nanoseconds each, a query looks whether anybody still waits.
const watchSteps = 1000

// reusedText is the longest text of a row that the next one shares if it has the same. Many columns say the same in every row.
const reusedText = 64

// shortcutOf is the shortcut to a connection. What SQLite calls it by the driver keeps to itself.
func shortcutOf(conn *sql.Conn) (*shortcut, error) {
	c := &shortcut{statements: map[string]*shortStatement{}}
	c.watch = func(*libc.TLS, uintptr) int32 {
		if c.asked != nil && c.asked.Err() != nil {
			return 1
		}
		return 0
	}
	err := conn.Raw(func(conn any) error {
		handle := reflect.Indirect(reflect.ValueOf(conn)).FieldByName("db")
		if handle.Kind() != reflect.Uintptr || handle.IsZero() {
			return fmt.Errorf("SQLite's driver is another than was expected: %T", conn)
		}
		c.db = uintptr(handle.Uint())
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.tls = libc.NewTLS()
	return c, nil
}

// close lets go of the statements. The connection is the driver's, and stays open.
func (c *shortcut) close() {
	c.forget()
	c.texts.free(c.tls)
	c.tls.Close()
}

func (c *shortcut) forget() {
	for text, s := range c.statements {
		codes.Xsqlite3_finalize(c.tls, s.handle)
		delete(c.statements, text)
	}
}

// errWithin is a statement that is run while the rows of another are handed on.
var errWithin = errors.New("the connection is asked while it answers")

// ask runs a statement and hands its rows on, if there is somebody to meet them. It ends when its context does.
func (c *shortcut) ask(ctx context.Context, query Fragment, meet func(*Row)) (n int64, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if c.asked != nil {
		return 0, errWithin
	}
	s, err := c.statement(query.Text)
	if err != nil {
		return 0, err
	}
	c.asked = ctx
	defer c.rest(s)
	if err := c.bind(s, query.Args); err != nil {
		return 0, err
	}
	if ctx.Done() != nil { // the driver, too, sets who watches, and then nobody
		codes.Xsqlite3_progress_handler(c.tls, c.db, watchSteps, *(*uintptr)(unsafe.Pointer(&c.watch)), 0)
	}
	for {
		switch rc := codes.Xsqlite3_step(c.tls, s.handle); rc {
		case codes.SQLITE_ROW:
		case codes.SQLITE_DONE:
			return n, nil
		default:
			return n, c.fault(rc)
		}
		if meet == nil {
			continue
		}
		c.read(s)
		if meet(&s.row); s.row.fault != nil {
			return n, s.row.fault
		}
		n++
	}
}

// rest ends a statement, wherever it stands. What is bound stays bound, to texts that are not there for long: before it runs
// again, all of it is bound anew.
func (c *shortcut) rest(s *shortStatement) {
	codes.Xsqlite3_reset(c.tls, s.handle) // which says once more what has been said
	clear(c.values)
	c.asked, c.values, s.row.fault = nil, c.values[:0], nil
	for i := range s.row.cells {
		if read := &s.row.cells[i]; len(read.text) > reusedText {
			read.text = ""
		}
	}
}

// statement is the prepared statement of a text.
func (c *shortcut) statement(query string) (*shortStatement, error) {
	if s := c.statements[query]; s != nil {
		return s, nil
	}
	text, err := libc.CString(query)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, text)
	out := libc.Xcalloc(c.tls, 1, codes.Tsize_t(unsafe.Sizeof(text)))
	if out == 0 {
		return nil, c.fault(codes.SQLITE_NOMEM)
	}
	defer libc.Xfree(c.tls, out)
	rc := codes.Xsqlite3_prepare_v3(c.tls, c.db, text, -1, codes.SQLITE_PREPARE_PERSISTENT, out, 0)
	if rc != codes.SQLITE_OK {
		return nil, c.fault(rc)
	}
	if len(c.statements) >= maxStatements {
		c.forget()
	}
	s := &shortStatement{handle: libc.AtomicLoadPUintptr(out)}
	s.row.cells = make([]cell, codes.Xsqlite3_column_count(c.tls, s.handle))
	c.statements[query] = s
	return s, nil
}

// bind gives a statement its values.
func (c *shortcut) bind(s *shortStatement, values []any) error {
	if want := int(codes.Xsqlite3_bind_parameter_count(c.tls, s.handle)); want != len(values) {
		return fmt.Errorf("a statement of %d values is given %d", want, len(values))
	}
	size := 0
	for i, v := range values {
		v, err := driver.DefaultParameterConverter.ConvertValue(v)
		if err != nil {
			return fmt.Errorf("value %d: %w", i+1, err)
		}
		if text, ok := v.(string); ok {
			size += len(text) + 1
		}
		c.values = append(c.values, v)
	}
	if !c.texts.empty(c.tls, size) {
		return c.fault(codes.SQLITE_NOMEM)
	}
	for i, v := range c.values {
		if rc := c.bindOne(s.handle, int32(i+1), v); rc != codes.SQLITE_OK {
			return c.fault(rc)
		}
	}
	return nil
}

func (c *shortcut) bindOne(statement uintptr, at int32, v driver.Value) int32 {
	switch v := v.(type) {
	case string:
		return codes.Xsqlite3_bind_text64(c.tls, statement, at, c.texts.put(v), codes.Tsqlite3_uint64(len(v)), codes.SQLITE_STATIC, codes.SQLITE_UTF8_ZT)
	case int64:
		return codes.Xsqlite3_bind_int64(c.tls, statement, at, v)
	case bool:
		return codes.Xsqlite3_bind_int(c.tls, statement, at, libc.Bool32(v))
	case time.Time:
		return codes.Xsqlite3_bind_int64(c.tls, statement, at, v.Unix())
	case nil:
		return codes.Xsqlite3_bind_null(c.tls, statement, at)
	}
	return codes.SQLITE_MISMATCH
}

// read takes over the row that a query stands at.
func (c *shortcut) read(s *shortStatement) {
	s.row.next = 0
	for i := range s.row.cells {
		into := &s.row.cells[i]
		// One call finds the value, and nobody else uses the connection: what is asked of it then needs no lock.
		v := codes.Xsqlite3_column_value(c.tls, s.handle, int32(i))
		switch codes.Xsqlite3_value_type(c.tls, v) {
		case codes.SQLITE_NULL:
			into.kind = isNull
		case codes.SQLITE_INTEGER:
			into.kind, into.number = isNumber, codes.Xsqlite3_value_int64(c.tls, v)
		case codes.SQLITE_TEXT:
			into.kind = isText
			text := codes.Xsqlite3_value_text(c.tls, v) // before its length is asked
			bytes := libc.GoBytes(text, int(codes.Xsqlite3_value_bytes(c.tls, v)))
			if into.text != string(bytes) {
				into.text = string(bytes)
			}
		default:
			into.kind = isOther
		}
	}
}

// fault is what SQLite says of a result.
func (c *shortcut) fault(rc int32) error {
	if rc != codes.SQLITE_NOMEM && codes.Xsqlite3_extended_errcode(c.tls, c.db) == rc {
		return &sqliteError{int(rc), libc.GoString(codes.Xsqlite3_errmsg(c.tls, c.db))}
	}
	return &sqliteError{int(rc), libc.GoString(codes.Xsqlite3_errstr(c.tls, rc))}
}

// resultCode is the code that SQLite, or its driver, reports with an error, 0 if it is none of theirs.
func resultCode(err error) int {
	var e interface {
		error
		Code() int
	}
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}
