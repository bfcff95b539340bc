package store

import (
	"maps"
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// counter counts something, so that nobody has to: "live" editions, and working copies ("draft") that are not in the
// trash. The counter "tags" counts changes: its value tells states of the tags apart.
type counter struct {
	name string
	n    int64
}

// What is inserted is added to what was counted.
var counterTable = &database.Table[counter]{
	Name: "counters",
	Columns: database.Columns[counter]{
		database.Text("name", func(c *counter) *string { return &c.name }),
		database.Number("n", func(c *counter) *int64 { return &c.n }),
	},
	Suffix: " ON CONFLICT (name) DO UPDATE SET n = counters.n + excluded.n",
}

// countUp changes a counter when the transaction is committed.
func (db *DB) countUp(name string, by int) { db.pending.counts[name] += int64(by) }

// saveCounts changes the counters.
func (db *DB) saveCounts() error {
	var rows []counter
	for _, name := range slices.Sorted(maps.Keys(db.pending.counts)) {
		rows = append(rows, counter{name, db.pending.counts[name]})
	}
	return database.Insert(db.Tx, counterTable, rows...)
}

// facet is the query for the values of a facet, in r, the rows of a list.
func (a *articleQuery) facet(name string) string {
	switch name {
	case "tag":
		return "SELECT 'tag' AS facet, t.slug AS value, t.name AS label, g.n FROM (SELECT f.tag_id, count(*) AS n FROM r CROSS JOIN " +
			a.side.tagRows + " AS f WHERE f.article_id = r.id GROUP BY f.tag_id) AS g JOIN tags AS t ON t.id = g.tag_id"
	case "month":
		month := a.db.Month("r.published_at")
		return "SELECT 'month' AS facet, " + month + " AS value, " + month + " AS label, count(*) AS n FROM r WHERE r.published_at IS NOT NULL GROUP BY " + month
	}
	return "SELECT '" + name + "' AS facet, r." + name + " AS value, r." + name + " AS label, count(*) AS n FROM r GROUP BY r." + name
}

// counted counts what was asked to be counted, in one statement: how many rows the whole list has, and the values of
// facets in it.
func (a *articleQuery) counted() (total int64, facets []cms.Facet, err error) {
	if len(a.q.Facets) == 0 {
		total, err = a.total()
		return total, nil, err
	}
	rows := a.rows().Columns(a.side.id + " AS id, a.type, a.locale, a.published_at")
	query := database.Fragment{Text: "WITH r AS MATERIALIZED (" + rows.Text + ") SELECT 'total' AS facet, '' AS value, '' AS label, count(*) AS n FROM r", Args: rows.Args}
	for _, name := range a.q.Facets {
		query = query.Plus(" UNION ALL SELECT * FROM ("+a.facet(name)+" ORDER BY n DESC, value LIMIT ?) AS x", cms.MaxFacetValues)
	}
	found := map[string][]cms.FacetValue{}
	err = a.db.Query(query, func(r *database.Row) {
		name := r.Text()
		found[name] = append(found[name], cms.FacetValue{Value: r.Text(), Label: r.Text(), Count: r.Number()})
	})
	if err != nil {
		return 0, nil, err
	}
	for _, name := range a.q.Facets {
		facets = append(facets, cms.Facet{Name: name, Values: found[name]})
	}
	return found["total"][0].Count, facets, nil
}

// total is how many rows the whole list has, if that was asked: kept numbers where there are any.
func (a *articleQuery) total() (int64, error) {
	switch {
	case !a.q.Page.Count:
		return 0, nil
	case !a.q.Narrowed():
		return a.kept[string(a.q.View)], nil
	case a.q.View == cms.LiveView && a.q.OneTag() != "":
		t, _ := a.tag(a.q.OneTag())
		return t.articles, nil
	}
	return a.db.Count(a.rows())
}
