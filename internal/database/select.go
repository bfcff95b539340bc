package database

import "slices"

// Fragment is a piece of SQL with the values that are bound in it, one for each question mark. What
// comes from outside is always bound, so the texts of statements are few.
type Fragment struct {
	Text string
	Args []any
}

// SQL returns a fragment.
func SQL(text string, args ...any) Fragment { return Fragment{Text: text, Args: args} }

// Plus returns the fragment with another behind it. The fragment itself stays as it is.
func (f Fragment) Plus(text string, args ...any) Fragment {
	f.Text += text
	f.Args = append(f.Args[:len(f.Args):len(f.Args)], args...)
	return f
}

// Select is a query being built: where its rows come from, which of them are wanted, and in what
// order. It is a value: what is made of it leaves it as it was.
type Select struct {
	tables, wanted, rest Fragment
}

// From returns the selection of all the rows of tables.
func From(tables string, args ...any) Select {
	return Select{tables: SQL(tables, args...)}
}

// Join adds another table behind those the rows come from.
func (s Select) Join(table string) Select {
	s.tables = s.tables.Plus(" " + table)
	return s
}

// Where leaves out the rows for which a condition does not hold. A condition with OR in it must
// stand in parentheses.
func (s Select) Where(condition string, args ...any) Select {
	word := " AND "
	if s.wanted.Text == "" {
		word = " WHERE "
	}
	s.wanted = s.wanted.Plus(word+condition, args...)
	return s
}

// WhereIn leaves out the rows whose column has none of the values. Nil values leave out nothing;
// empty ones everything.
func WhereIn[T ~string](tx *Tx, rows Select, column string, values []T) Select {
	if values == nil {
		return rows
	}
	some := OneOf(tx, column, values)
	return rows.Where(some.Text, some.Args...)
}

// OneOf returns the condition that a column has one of the values. Its text does not depend on
// their number, but for a single one, which is found sooner.
func OneOf[T ~string](tx *Tx, column string, values []T) Fragment {
	if len(values) == 1 {
		return SQL(column+" = ?", string(values[0]))
	}
	condition, arg := AnyOf(tx, column, values)
	return SQL(condition, arg)
}

// AnyOf returns the condition that a column has one of the values, and all of them as the one value
// to be bound.
func AnyOf[T ~string](tx *Tx, column string, values []T) (condition string, arg any) {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return tx.dialect.anyOf(column, list)
}

// Contains returns the condition that a column contains a text, which is to be bound. No character
// of the text means anything.
func (tx *Tx) Contains(column string) string { return tx.dialect.contains(column) }

// Month returns the expression for the month of a time in a column, in UTC, as 2026-03.
func (tx *Tx) Month(column string) string { return tx.dialect.month(column) }

// OrderBy puts the rows in order.
func (s Select) OrderBy(by string) Select {
	s.rest = s.rest.Plus(" ORDER BY " + by)
	return s
}

// Limit bounds how many rows there are, behind those that are passed over. It comes last.
func (s Select) Limit(n, offset int) Select {
	s.rest = s.rest.Plus(" LIMIT ? OFFSET ?", n, offset)
	return s
}

// Columns returns the whole query, for these columns.
func (s Select) Columns(list string, args ...any) Fragment {
	return Fragment{
		Text: "SELECT " + list + " FROM " + s.tables.Text + s.wanted.Text + s.rest.Text,
		Args: slices.Concat(args, s.tables.Args, s.wanted.Args, s.rest.Args),
	}
}
