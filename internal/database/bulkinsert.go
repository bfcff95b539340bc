package database

import "strings"

// Table is a table whose rows are inserted several with a statement. The columns and the values of a row stand in the same
// order.
type Table struct {
	Name, Columns string
	Suffix        string // of the statement
}

// maxValues bounds the values of one statement.
const maxValues = 256

// Insert adds rows to a table, several with a statement. How many is a power of two, so that few different statements are
// prepared.
func (tx *Tx) Insert(into Table, rows ...[]any) error {
	for len(rows) > 0 {
		n := 1
		for n*2 <= len(rows) && n*2*len(rows[0]) <= maxValues {
			n *= 2
		}
		values := make([]any, 0, n*len(rows[0]))
		for _, row := range rows[:n] {
			values = append(values, row...)
		}
		if err := tx.Exec(insertion(into, n, len(rows[0])), values...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// insertion is the statement that adds so many rows to a table.
func insertion(into Table, rows, columns int) string {
	row := "(" + strings.Repeat("?,", columns-1) + "?)"
	return "INSERT INTO " + into.Name + " (" + into.Columns + ") VALUES " + strings.Repeat(row+",", rows-1) + row + into.Suffix
}
