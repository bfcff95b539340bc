package store

import (
	"slices"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
)

// order is how a list can be sorted: by a column, ties broken by the id in the same direction.
type order struct {
	column string
	id     string
	value  func(cms.Cursor) any // of a mark, as the column is compared with it
	absent bool                 // the column may be null; such rows come last in either direction
}

func byTime(m cms.Cursor) any   { return m.Time }
func byText(m cms.Cursor) any   { return m.Text }
func byNumber(m cms.Cursor) any { return m.Number }

// window puts an order and a window on rows. It asks for one row more than the limit, which trim takes off again.
func (o order) window(rows selectQuery, sort cms.Sort, w cms.PageRequest) selectQuery {
	if w.Cursor != nil {
		rows = o.behind(rows, *w.Cursor, compare(sort.Descending != w.Backward), w.Backward)
	}
	return rows.order(o.by(sort, w)).limit(w.Limit+1, w.Offset)
}

// by is the order in the direction of travel.
func (o order) by(sort cms.Sort, w cms.PageRequest) string {
	down := sort.Descending != w.Backward
	direction := " ASC"
	if down {
		direction = " DESC"
	}
	nulls := ""
	if o.absent {
		nulls = " NULLS LAST"
		if w.Backward {
			nulls = " NULLS FIRST"
		}
	}
	if o.column == o.id {
		return o.id + direction
	}
	return o.column + direction + nulls + ", " + o.id + direction
}

func compare(down bool) string {
	if down {
		return " < "
	}
	return " > "
}

// behind keeps the rows that stand behind a mark, seen in the direction of travel.
func (o order) behind(rows selectQuery, m cms.Cursor, compare string, backward bool) selectQuery {
	pair := "(" + o.column + ", " + o.id + ")" + compare + "(?, ?)"
	switch {
	case o.column == o.id:
		return rows.where(o.id+compare+"?", m.ID)
	case !o.absent:
		return rows.where(pair, o.value(m), m.ID)
	case m.Missing && backward:
		return rows.where("("+o.column+" IS NOT NULL OR "+o.id+compare+"?)", m.ID)
	case m.Missing:
		return rows.where(o.column+" IS NULL AND "+o.id+compare+"?", m.ID)
	case backward:
		return rows.where(pair, o.value(m), m.ID)
	default:
		return rows.where("("+pair+" OR "+o.column+" IS NULL)", o.value(m), m.ID)
	}
}

// pageOf makes a list of the rows a windowed query gave: in reading order, without the extra row.
func pageOf[T any](rows []T, w cms.PageRequest) cms.List[T] {
	more := len(rows) > w.Limit
	if more {
		rows = rows[:w.Limit]
	}
	list := cms.List[T]{Rows: rows, HasNext: more, HasPrev: w.Cursor != nil || w.Offset > 0}
	if w.Backward {
		slices.Reverse(rows)
		list.HasPrev, list.HasNext = more, w.Cursor != nil
	}
	return list
}

// optional is a condition on a time that may not be asked for.
func optional(rows selectQuery, condition string, at *time.Time) selectQuery {
	if at == nil {
		return rows
	}
	return rows.where(condition, *at)
}
