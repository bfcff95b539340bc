package database

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Column says how a field of T is stored: what its column is called, how it is read from a row, and
// what is bound for it.
type Column[T any] struct {
	name string
	scan func(r *Row, to *T)
	bind func(from *T) any
}

// Field returns a column that is read and bound by functions of its own.
func Field[T any](name string, scan func(r *Row, to *T), bind func(from *T) any) Column[T] {
	return Column[T]{name, scan, bind}
}

// Text returns the column of a text.
func Text[T any, S ~string](name string, field func(*T) *S) Column[T] {
	return Field(name,
		func(r *Row, to *T) { *field(to) = S(r.Text()) },
		func(from *T) any { return string(*field(from)) })
}

// NullText returns the column of a text that may be null.
func NullText[T any, S ~string](name string, field func(*T) **S) Column[T] {
	scan := func(r *Row, to *T) {
		if text, ok := r.maybeText(); ok {
			value := S(text)
			*field(to) = &value
		}
	}
	return Field(name, scan, func(from *T) any {
		if value := *field(from); value != nil {
			return string(*value)
		}
		return nil
	})
}

// Bytes returns the column of bytes; nil is null.
func Bytes[T any](name string, field func(*T) *[]byte) Column[T] {
	return Field(name,
		func(r *Row, to *T) { *field(to) = r.Bytes() },
		func(from *T) any {
			if value := *field(from); value != nil {
				return value
			}
			return nil
		})
}

// Number returns the column of a whole number.
func Number[T any, N ~int | ~int64](name string, field func(*T) *N) Column[T] {
	return Field(name,
		func(r *Row, to *T) { *field(to) = N(r.Number()) },
		func(from *T) any { return int64(*field(from)) })
}

// NullNumber returns the column of a whole number that may be null.
func NullNumber[T any](name string, field func(*T) **int64) Column[T] {
	scan := func(r *Row, to *T) {
		if n, ok := r.maybeNumber(); ok {
			*field(to) = &n
		}
	}
	return Field(name, scan, func(from *T) any { return nullable(*field(from)) })
}

// Flag returns the column of a boolean.
func Flag[T any](name string, field func(*T) *bool) Column[T] {
	return Field(name,
		func(r *Row, to *T) { *field(to) = r.Flag() },
		func(from *T) any { return *field(from) })
}

// Time returns the column of a time.
func Time[T any](name string, field func(*T) *time.Time) Column[T] {
	return Field(name,
		func(r *Row, to *T) { *field(to) = r.Time() },
		func(from *T) any { return *field(from) })
}

// NullTime returns the column of a time that may be null.
func NullTime[T any](name string, field func(*T) **time.Time) Column[T] {
	return Field(name,
		func(r *Row, to *T) { *field(to) = r.MaybeTime() },
		func(from *T) any { return nullable(*field(from)) })
}

func nullable[V any](value *V) any {
	if value == nil {
		return nil
	}
	return *value
}

// List returns the column of a list, which is stored as JSON and never read as nil.
func List[T, E any](name string, field func(*T) *[]E) Column[T] {
	scan := func(r *Row, to *T) {
		list := []E{}
		if text := r.Text(); text != "[]" {
			if err := json.Unmarshal([]byte(text), &list); err != nil {
				r.Fail(fmt.Errorf("%s: %w", name, err))
			}
		}
		*field(to) = list
	}
	return Field(name, scan, func(from *T) any {
		if len(*field(from)) == 0 {
			return "[]"
		}
		text, err := json.Marshal(*field(from))
		if err != nil {
			return err // cannot be bound, so the statement fails
		}
		return string(text)
	})
}

// Columns are columns in the order in which they are selected and bound.
type Columns[T any] []Column[T]

// Within returns the columns of a struct T that is part of a struct W.
func Within[W, T any](columns Columns[T], part func(*W) *T) Columns[W] {
	list := make(Columns[W], len(columns))
	for i, c := range columns {
		list[i] = Field(c.name,
			func(r *Row, to *W) { c.scan(r, part(to)) },
			func(from *W) any { return c.bind(part(from)) })
	}
	return list
}

// And returns the columns with others behind them.
func (c Columns[T]) And(others ...Column[T]) Columns[T] { return slices.Concat(c, others) }

// Only returns the columns of these names.
func (c Columns[T]) Only(names ...string) Columns[T] {
	return slices.DeleteFunc(
		slices.Clone(c),
		func(c Column[T]) bool { return !slices.Contains(names, c.name) },
	)
}

// Without returns the columns but for those of these names.
func (c Columns[T]) Without(names ...string) Columns[T] {
	return slices.DeleteFunc(
		slices.Clone(c),
		func(c Column[T]) bool { return slices.Contains(names, c.name) },
	)
}

// Names returns the names of the columns.
func (c Columns[T]) Names() []string {
	names := make([]string, len(c))
	for i := range c {
		names[i] = c[i].name
	}
	return names
}

// Of returns the columns as SELECT lists them, of the table with an alias.
func (c Columns[T]) Of(alias string) string {
	return alias + "." + strings.Join(c.Names(), ", "+alias+".")
}

// Scan reads the columns from a row, which goes on behind them.
func (c Columns[T]) Scan(r *Row, to *T) {
	for i := range c {
		c[i].scan(r, to)
	}
}

// Read reads the columns as a new T.
func (c Columns[T]) Read(r *Row) *T {
	to := new(T)
	c.Scan(r, to)
	return to
}

// Value reads the columns as a T.
func (c Columns[T]) Value(r *Row) (to T) {
	c.Scan(r, &to)
	return to
}

func (c Columns[T]) appendValues(values []any, from *T) []any {
	for i := range c {
		values = append(values, c[i].bind(from))
	}
	return values
}

// Table is a table whose columns are said once: SELECT, INSERT and UPDATE follow from them.
type Table[T any] struct {
	Name    string
	Columns Columns[T]
	Suffix  string // of INSERT: what becomes of a row whose key is taken; empty: an error
}

// maxValues bounds the values of one statement.
const maxValues = 256

// Insert adds rows to a table, several with a statement. How many is a power of two, so that few
// different statements are prepared.
func Insert[T any](tx *Tx, into *Table[T], rows ...T) error {
	width := len(into.Columns)
	for len(rows) > 0 {
		n := 1
		for n*2 <= len(rows) && n*2*width <= maxValues {
			n *= 2
		}
		values := make([]any, 0, n*width)
		for i := range rows[:n] {
			values = into.Columns.appendValues(values, &rows[i])
		}
		if err := tx.Exec(into.insertion(n), values...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// insertion returns the statement that adds so many rows.
func (t *Table[T]) insertion(rows int) string {
	row := "(" + strings.Repeat("?,", len(t.Columns)-1) + "?)"
	return "INSERT INTO " + t.Name + " (" + strings.Join(t.Columns.Names(), ", ") + ") VALUES " +
		strings.Repeat(row+",", rows-1) + row + t.Suffix
}

// Update sets columns of the row that has the key of from, which is the column of that name.
func Update[T any](tx *Tx, table *Table[T], set Columns[T], key string, from *T) error {
	keys := table.Columns.Only(key)
	values := keys.appendValues(set.appendValues(make([]any, 0, len(set)+1), from), from)
	return tx.Exec(
		"UPDATE "+table.Name+" SET "+strings.Join(set.Names(), " = ?, ")+" = ? WHERE "+key+" = ?",
		values...)
}
