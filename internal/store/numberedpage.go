package store

import (
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// A numbered page of articles with their bodies begins where the page before it ends, which may be
// early. So the sizes of the bodies on all pages before it are looked up.

// numberedOffset returns how many rows stand before the page, in an order.
func (a *articleQuery) numberedOffset(o order) (int, error) {
	before := *a
	before.q.Page = cms.PageRequest{Limit: a.q.Page.Offset}
	rows := before.orderedRows(o).Join(a.tables.texts)
	sizes, err := database.QueryAll(a.db.Tx, rows.Columns(a.tables.size), (*database.Row).Number)
	return offsetBehind(sizes, a.q.Page), err
}

// rankedOffset returns how many rows stand before the page, of those that are ranked before it if
// no page ends early.
func (a *articleQuery) rankedOffset(ranked []candidate) (int, error) {
	ids := make([]cms.ID, len(ranked))
	at := make(map[cms.ID]int, len(ranked))
	for i, c := range ranked {
		ids[i] = c.id
		at[c.id] = i
	}
	sizes := make([]int64, len(ranked))
	rows := database.WhereIn(a.db.Tx, rowsOfView[a.q.View], a.tables.id, ids).Join(a.tables.texts)
	err := a.db.Query(rows.Columns(a.tables.id+", "+a.tables.size), func(r *database.Row) {
		sizes[at[scanID(r)]] = r.Number()
	})
	return offsetBehind(sizes, a.q.Page), err
}

// offsetBehind returns how many rows the pages before a numbered one have, given the sizes of the
// bodies of all that they can have.
func offsetBehind(sizes []int64, w cms.PageRequest) int {
	at := 0
	for range w.Offset / w.Limit {
		rows, bytes := 0, int64(0)
		for ; at < len(sizes) && rows < w.Limit; at++ {
			bytes += sizes[at]
			if rows > 0 && bytes > cms.MaxPageText {
				break
			}
			rows++
		}
	}
	return at
}
