package database

import (
	"fmt"
	"time"
)

// cell is a value in a row, from whichever database.
type cell struct {
	kind   kind
	text   string // bytes, too
	number int64  // 0 and 1 are false and true, too
	at     time.Time
}

// kind is what a cell holds.
type kind int

const (
	isNull kind = iota
	isText
	isNumber
	isTime
	isBytes
	isOther // no column is read as it
)

// Scan sets the cell to a value of database/sql.
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
	case []byte:
		c.kind, c.text = isBytes, string(v)
	case nil:
		c.kind = isNull
	default:
		c.kind = isOther
	}
	return nil
}

// Row is one row of a result, read column by column from the left. Reading a column as what it is
// not makes the query fail.
type Row struct {
	cells []cell
	next  int
	err   error
}

func (r *Row) cell() *cell {
	if r.next >= len(r.cells) {
		r.err = fmt.Errorf("a row of %d columns is read further", len(r.cells))
		return &cell{}
	}
	r.next++
	return &r.cells[r.next-1]
}

// Fail makes the query that the row belongs to return err.
func (r *Row) Fail(err error) { r.err = err }

// wrong records that a column is not what it is read as.
func (r *Row) wrong(want string) { r.err = fmt.Errorf("column %d is not %s", r.next, want) }

// Text reads a text; null is "".
func (r *Row) Text() string {
	text, _ := r.maybeText()
	return text
}

// maybeText reads a text and reports whether it is not null.
func (r *Row) maybeText() (text string, ok bool) {
	switch c := r.cell(); c.kind {
	case isText:
		return c.text, true
	case isNull:
	default:
		r.wrong("a text")
	}
	return "", false
}

// Bytes reads bytes, nil if they are null.
func (r *Row) Bytes() []byte {
	switch c := r.cell(); c.kind {
	case isBytes:
		return []byte(c.text)
	case isNull:
	default:
		r.wrong("bytes")
	}
	return nil
}

// Number reads a whole number; null is 0.
func (r *Row) Number() int64 {
	n, _ := r.maybeNumber()
	return n
}

// maybeNumber reads a whole number and reports whether it is not null.
func (r *Row) maybeNumber() (n int64, ok bool) {
	switch c := r.cell(); c.kind {
	case isNumber:
		return c.number, true
	case isNull:
	default:
		r.wrong("a whole number")
	}
	return 0, false
}

// Flag reads a boolean, which must not be null.
func (r *Row) Flag() bool {
	c := r.cell()
	if c.kind != isNumber {
		r.wrong("true or false")
	}
	return c.number != 0
}

// when reads a time and reports whether there is one. SQLite stores it in seconds.
func (r *Row) when() (at time.Time, is bool) {
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

// Time reads a time; null is the zero time.
func (r *Row) Time() time.Time {
	at, _ := r.when()
	return at
}

// MaybeTime reads a time, nil if it is null.
func (r *Row) MaybeTime() *time.Time {
	if at, is := r.when(); is {
		return &at
	}
	return nil
}
