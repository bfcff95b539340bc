package store

import (
	"slices"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// order is how a list can be sorted.
type order struct {
	database.Order
	value func(cms.Cursor) any // what the column is compared with; nil: the order is by id
}

func byTime(c cms.Cursor) any   { return c.Time }
func byText(c cms.Cursor) any   { return c.Text }
func byNumber(c cms.Cursor) any { return c.Number }

// orderBy is an order whose column is not null.
func orderBy(column, id string, value func(cms.Cursor) any) order {
	return order{database.Order{Column: column, ID: id}, value}
}

// nullsLast is an order whose column may be null; such rows come last in either direction.
func nullsLast(column, id string, value func(cms.Cursor) any) order {
	return order{database.Order{Column: column, ID: id, Nullable: true}, value}
}

// countedOrders are the orders of nouns n that articles refer to.
func countedOrders() map[string]order {
	return map[string]order{
		"name":          orderBy("n.name_key", "n.id", byText),
		"updated_at":    orderBy("n.updated_at", "n.id", byTime),
		"article_count": orderBy("n.article_count", "n.id", byNumber),
	}
}

// at returns the same order by a column and id that stand elsewhere.
func (o order) at(column, id string) order {
	o.Column, o.ID = column, id
	return o
}

// page puts rows in order and leaves those of a page, and one more, which pageOf takes off again.
func (o order) page(rows database.Select, sort cms.Sort, w cms.PageRequest) database.Select {
	return o.Page(rows, o.pageFor(sort, w))
}

func (o order) pageFor(sort cms.Sort, w cms.PageRequest) database.Page {
	p := database.Page{
		Descending: sort.Descending,
		Backward:   w.Backward,
		Limit:      w.Limit,
		Offset:     w.Offset,
	}
	if c := w.Cursor; c != nil {
		p.After = &database.Position{Null: c.Missing, ID: string(c.ID)}
		if o.value != nil {
			p.After.Value = o.value(*c)
		}
	}
	return p
}

// pageOf makes a list of the rows that a query for a page returned: in reading order, without the
// one more.
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

// optional leaves out the rows for which a condition on a time does not hold, if there is a time.
func optional(rows database.Select, condition string, at *time.Time) database.Select {
	if at == nil {
		return rows
	}
	return rows.Where(condition, *at)
}
