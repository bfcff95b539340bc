package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/masthead-cms/masthead/internal/cms"
)

// readTx runs fn in a transaction of the readers, which is begun and ended without GORM's ceremonies: they cost more than a
// short statement.
func (s *Store) readTx(ctx context.Context, fn func(db *DB) error) (err error) {
	tx := s.reader.Session(&gorm.Session{NewDB: true, Context: ctx})
	switch pool := tx.Statement.ConnPool.(type) {
	case gorm.ConnPoolBeginner:
		tx.Statement.ConnPool, err = pool.BeginTx(ctx, s.dialect.snapshot())
	case gorm.TxBeginner:
		tx.Statement.ConnPool, err = pool.BeginTx(ctx, s.dialect.snapshot())
	default:
		err = gorm.ErrInvalidTransaction
	}
	if err != nil {
		return err
	}
	begun := tx.Statement.ConnPool.(gorm.TxCommitter)
	defer begun.Rollback() // which does nothing once it has ended
	db := s.db(tx)
	db.names = &s.names
	if err := fn(db); err != nil {
		return err
	}
	return begun.Commit()
}

// readOne runs fn on a connection of the readers, as it is.
func (s *Store) readOne(ctx context.Context, fn func(db *DB) error) error {
	tx := s.reader.Session(&gorm.Session{NewDB: true, Context: ctx})
	pool, done, err := s.dialect.single(ctx, tx.Statement.ConnPool)
	if err != nil {
		return err
	}
	defer done()
	tx.Statement.ConnPool = pool
	return fn(s.db(tx))
}

// A part is a piece of SQL with the values that are bound in it, one for each question mark. What comes from outside
// is always bound, so the texts of statements are few.
type sqlFragment struct {
	text string
	args []any
}

// plus is the part with another behind it. The part itself stays as it is.
func (p sqlFragment) plus(text string, args ...any) sqlFragment {
	p.text += text
	p.args = append(p.args[:len(p.args):len(p.args)], args...)
	return p
}

// A selection is a query in the making: where its rows come from, which of them are kept, and in what order. It is a
// value: what is made of it leaves it as it was.
type selectQuery struct {
	tables, kept, rest sqlFragment
}

// from begins a selection with all the rows of tables.
func from(tables string, args ...any) selectQuery {
	return selectQuery{tables: sqlFragment{text: tables, args: args}}
}

// join puts another table behind those the rows come from.
func (s selectQuery) join(table string) selectQuery {
	s.tables = s.tables.plus(" " + table)
	return s
}

// where keeps the rows for which a condition holds. One with OR in it comes in parentheses.
func (s selectQuery) where(condition string, args ...any) selectQuery {
	word := " AND "
	if s.kept.text == "" {
		word = " WHERE "
	}
	s.kept = s.kept.plus(word+condition, args...)
	return s
}

// whereIn keeps the rows whose column has one of the values; no values (nil) keep all rows.
func whereIn[T ~string](db *DB, rows selectQuery, column string, values []T) selectQuery {
	if values == nil {
		return rows
	}
	some := oneOf(db, column, values)
	return rows.where(some.text, some.args...)
}

// oneOf is the condition that a column has one of the values. Its text does not depend on their number, but for a single
// one, which is found sooner.
func oneOf[T ~string](db *DB, column string, values []T) sqlFragment {
	if len(values) == 1 {
		return sqlFragment{text: column + " = ?", args: []any{string(values[0])}}
	}
	condition, arg := anyOf(db, column, values)
	return sqlFragment{text: condition, args: []any{arg}}
}

// order puts the rows in order.
func (s selectQuery) order(by string) selectQuery {
	s.rest = s.rest.plus(" ORDER BY " + by)
	return s
}

// limit is the last thing said of the rows: how many, and how many of them are passed over.
func (s selectQuery) limit(n, offset int) selectQuery {
	s.rest = s.rest.plus(" LIMIT ? OFFSET ?", n, offset)
	return s
}

// columns is the whole query, for these columns.
func (s selectQuery) columns(list string, args ...any) sqlFragment {
	return sqlFragment{
		text: "SELECT " + list + " FROM " + s.tables.text + s.kept.text + s.rest.text,
		args: slices.Concat(args, s.tables.args, s.kept.args, s.rest.args),
	}
}

// A cell is a value in a row, from whichever database.
type cell struct {
	kind   kind
	text   string
	number int64 // 0 and 1 are false and true, too
	at     time.Time
}

// kind is what a cell holds.
type kind int

const (
	isNull kind = iota
	isText
	isNumber
	isTime
	isOther // what nothing here is read as
)

// Scan takes a value over from database/sql.
func (c *cell) Scan(v any) error {
	switch v := v.(type) {
	case string:
		c.kind, c.text = isText, v
	case int64:
		c.kind, c.number = isNumber, v
	case bool:
		c.kind, c.number = isNumber, 0
		if v {
			c.number = 1
		}
	case time.Time:
		c.kind, c.at = isTime, v
	case nil:
		c.kind = isNull
	default:
		c.kind = isOther
	}
	return nil
}

// A row is one row of an answer, read column by column from the left. What is wrong with one comes out of the query.
type row struct {
	cells []cell
	next  int
	fault error
}

func (r *row) cell() *cell {
	if r.next >= len(r.cells) {
		r.fault = fmt.Errorf("a row of %d columns is read further", len(r.cells))
		return &cell{}
	}
	r.next++
	return &r.cells[r.next-1]
}

// wrong notes that a column holds something else than what it is read as.
func (r *row) wrong(want string) { r.fault = fmt.Errorf("column %d is not %s", r.next, want) }

// text reads a text; null is the empty one.
func (r *row) text() string {
	switch c := r.cell(); c.kind {
	case isText:
		return c.text
	case isNull:
	default:
		r.wrong("a text")
	}
	return ""
}

// number reads a whole number; null is 0.
func (r *row) number() int64 {
	switch c := r.cell(); c.kind {
	case isNumber:
		return c.number
	case isNull:
	default:
		r.wrong("a whole number")
	}
	return 0
}

// flag reads what is true or false.
func (r *row) flag() bool {
	c := r.cell()
	if c.kind != isNumber {
		r.wrong("true or false")
	}
	return c.number != 0
}

// when reads a time, and whether there is one. SQLite has seconds for it.
func (r *row) when() (at time.Time, is bool) {
	switch c := r.cell(); c.kind {
	case isTime:
		return c.at, true
	case isNumber:
		return time.Unix(c.number, 0).UTC(), true
	case isNull:
	default:
		r.wrong("a time")
	}
	return at, false
}

// time reads a time; null is none at all.
func (r *row) time() time.Time {
	at, _ := r.when()
	return at
}

// maybeTime reads a time, nil if it is null.
func (r *row) maybeTime() *time.Time {
	if at, is := r.when(); is {
		return &at
	}
	return nil
}

// id reads an id; null is the empty one.
func (r *row) id() cms.ID { return cms.ID(r.text()) }

// ids reads a list of ids, which is kept as JSON.
func (r *row) ids() []cms.ID {
	text := strings.Trim(r.text(), `[]"`)
	if text == "" {
		return nil
	}
	list := make([]cms.ID, 0, 1+strings.Count(text, ","))
	for id := range strings.SplitSeq(text, `","`) {
		list = append(list, cms.ID(id))
	}
	return list
}

// maybeID reads an id, nil if it is null.
func (r *row) maybeID() *cms.ID {
	if id := r.id(); id != "" {
		return &id
	}
	return nil
}

// query runs a query as the prepared statement of its text and hands its rows on. Nobody meets those of a statement that has
// none.
func (db *DB) query(query sqlFragment, meet func(*row)) error {
	n, err := db.run(query, meet)
	db.gorm.Logger.Trace(db.gorm.Statement.Context, db.now, func() (string, int64) { return query.text, n }, err)
	return err
}

// asker is a transaction that has a shorter way to the database than database/sql.
type asker interface {
	ask(ctx context.Context, query sqlFragment, meet func(*row)) (int64, error)
}

func (db *DB) run(query sqlFragment, meet func(*row)) (n int64, err error) {
	ctx, pool := db.gorm.Statement.Context, db.gorm.Statement.ConnPool
	if short, ok := pool.(asker); ok {
		return short.ask(ctx, query, meet)
	}
	statement := db.dialect.bound(query.text)
	if meet == nil {
		_, err := pool.ExecContext(ctx, statement, query.args...)
		return 0, err
	}
	rows, err := pool.QueryContext(ctx, statement, query.args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	r, into, err := rowOf(rows)
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
		r.next = 0
		if meet(r); r.fault != nil {
			return n, r.fault
		}
		n++
	}
	return n, rows.Err()
}

// rowOf is a row as wide as the answer, and where its values are scanned into.
func rowOf(rows *sql.Rows) (*row, []any, error) {
	names, err := rows.Columns()
	r := &row{cells: make([]cell, len(names))}
	into := make([]any, len(names))
	for i := range into {
		into[i] = &r.cells[i]
	}
	return r, into, err
}

// queryAll are the rows of an answer.
func queryAll[T any](db *DB, query sqlFragment, read func(*row) T) ([]T, error) {
	list := []T{}
	err := db.query(query, func(r *row) { list = append(list, read(r)) })
	return list, err
}

// queryRow is the one row of an answer, ErrNone if there is none.
func queryRow[T any](db *DB, query sqlFragment, read func(*row) T) (T, error) {
	var found T
	none := ErrNotFound
	err := db.query(query, func(r *row) { found, none = read(r), nil })
	if err == nil {
		err = none
	}
	return found, err
}

// count counts the rows of a selection.
func (db *DB) count(rows selectQuery) (int64, error) {
	return queryRow(db, rows.columns("count(*)"), (*row).number)
}
