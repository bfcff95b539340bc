package database

import (
	"context"
	"database/sql"
)

// Query runs a prepared statement and calls fn for each of its rows, one row at a time: fn must not
// keep the row, nor run other statements. A nil fn is for statements that return no rows.
func (tx *Tx) Query(query Fragment, fn func(*Row)) error {
	n, err := tx.run(query, fn)
	session := tx.GORM
	session.Logger.Trace(
		session.Statement.Context,
		tx.now,
		func() (string, int64) { return query.Text, n },
		err,
	)
	return err
}

// Exec runs a statement whose values are bound at question marks.
func (tx *Tx) Exec(statement string, values ...any) error {
	return tx.Query(SQL(statement, values...), nil)
}

// runner is a transaction or connection that runs statements without database/sql.
type runner interface {
	run(ctx context.Context, query Fragment, fn func(*Row)) (rows int64, err error)
}

func (tx *Tx) run(query Fragment, fn func(*Row)) (n int64, err error) {
	ctx, pool := tx.GORM.Statement.Context, tx.GORM.Statement.ConnPool
	if direct, ok := pool.(runner); ok {
		return direct.run(ctx, query, fn)
	}
	statement := tx.dialect.placeholders(query.Text)
	if fn == nil {
		_, err := pool.ExecContext(ctx, statement, query.Args...)
		return 0, err
	}
	rows, err := pool.QueryContext(ctx, statement, query.Args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	r, dest, err := rowOf(rows)
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return n, err
		}
		r.next = 0
		if fn(r); r.err != nil {
			return n, r.err
		}
		n++
	}
	return n, rows.Err()
}

// rowOf returns a row as wide as a result, and where its values are scanned into.
func rowOf(rows *sql.Rows) (*Row, []any, error) {
	names, err := rows.Columns()
	r := &Row{cells: make([]cell, len(names))}
	dest := make([]any, len(names))
	for i := range dest {
		dest[i] = &r.cells[i]
	}
	return r, dest, err
}

// QueryAll returns all rows of a query, as read makes them.
func QueryAll[T any](tx *Tx, query Fragment, read func(*Row) T) ([]T, error) {
	list := []T{}
	err := tx.Query(query, func(r *Row) { list = append(list, read(r)) })
	return list, err
}

// QueryRow returns the one row of a query, ErrNotFound if there is none.
func QueryRow[T any](tx *Tx, query Fragment, read func(*Row) T) (T, error) {
	var found T
	missing := ErrNotFound
	err := tx.Query(query, func(r *Row) { found, missing = read(r), nil })
	if err == nil {
		err = missing
	}
	return found, err
}

// Count returns the number of rows of a selection.
func (tx *Tx) Count(rows Select) (int64, error) {
	return QueryRow(tx, rows.Columns("count(*)"), (*Row).Number)
}

// Damages reads the whole database and says what of it is damaged, a sentence each, at most 100: on
// SQLite. PostgreSQL has no such test at hand; its page checksums are checked at every read.
func (tx *Tx) Damages() ([]string, error) { return tx.dialect.damages(tx) }
