package store

import (
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/masthead-cms/masthead/internal/cms"
)

// order is how a list can be sorted: by a column, ties broken by the id in the same direction.
type order struct {
	column string
	id     string
	value  func(cms.Mark) any // of a mark, as the column is compared with it
	absent bool               // the column may be null; such rows come last in either direction
}

func byTime(m cms.Mark) any   { return m.Time }
func byText(m cms.Mark) any   { return m.Text }
func byNumber(m cms.Mark) any { return m.Number }

// window puts an order and a window on a query. It asks for one row more than the limit, which trim takes off again.
func (o order) window(q *gorm.DB, sort cms.Sort, w cms.Window) *gorm.DB {
	down := sort.Down != w.Backward
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
		q = q.Order(o.id + direction)
	} else {
		q = q.Order(o.column + direction + nulls + ", " + o.id + direction)
	}
	if w.Mark != nil {
		q = o.behind(q, *w.Mark, compare(down), w.Backward)
	}
	return q.Limit(w.Limit + 1).Offset(w.Offset)
}

func compare(down bool) string {
	if down {
		return " < "
	}
	return " > "
}

// behind keeps the rows that stand behind a mark, seen in the direction of travel.
func (o order) behind(q *gorm.DB, m cms.Mark, compare string, backward bool) *gorm.DB {
	pair := "(" + o.column + ", " + o.id + ")" + compare + "(?, ?)"
	switch {
	case o.column == o.id:
		return q.Where(o.id+compare+"?", m.ID)
	case !o.absent:
		return q.Where(pair, o.value(m), m.ID)
	case m.Missing && backward:
		return q.Where("("+o.column+" IS NOT NULL OR "+o.id+compare+"?)", m.ID)
	case m.Missing:
		return q.Where(o.column+" IS NULL AND "+o.id+compare+"?", m.ID)
	case backward:
		return q.Where(pair, o.value(m), m.ID)
	default:
		return q.Where("("+pair+" OR "+o.column+" IS NULL)", o.value(m), m.ID)
	}
}

// trim makes a list of the rows a windowed query gave: in reading order, without the extra row.
func trim[T any](rows []T, w cms.Window) cms.List[T] {
	more := len(rows) > w.Limit
	if more {
		rows = rows[:w.Limit]
	}
	list := cms.List[T]{Rows: rows, Behind: more, Before: w.Mark != nil || w.Offset > 0}
	if w.Backward {
		slices.Reverse(rows)
		list.Before, list.Behind = more, w.Mark != nil
	}
	return list
}

// optional is a condition on a time that may not be asked for.
func optional(q *gorm.DB, condition string, at *time.Time) *gorm.DB {
	if at == nil {
		return q
	}
	return q.Where(condition, *at)
}
