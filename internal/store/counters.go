package store

import (
	"maps"
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// counter is a number that is stored so that nobody has to count: "live" editions, and drafts
// ("draft") that are not in the trash. The counter "names" is the version of the names of all
// nouns.
type counter struct {
	name string
	n    int64
}

// What is inserted is added to what was counted before.
var counterTable = &database.Table[counter]{
	Name: "counters",
	Columns: database.Columns[counter]{
		database.Text("name", func(c *counter) *string { return &c.name }),
		database.Number("n", func(c *counter) *int64 { return &c.n }),
	},
	Suffix: " ON CONFLICT (name) DO UPDATE SET n = counters.n + excluded.n",
}

// countUp adds to a counter when the transaction is committed.
func (db *DB) countUp(name string, by int) { db.pending.counts[name] += int64(by) }

// saveCounts saves the counters that change.
func (db *DB) saveCounts() error {
	var rows []counter
	for _, name := range slices.Sorted(maps.Keys(db.pending.counts)) {
		rows = append(rows, counter{name, db.pending.counts[name]})
	}
	return database.Insert(db.Tx, counterTable, rows...)
}

// facet returns the query for the values of a facet in r, the rows of a list.
func (a *articleQuery) facet(name string) string {
	if name == "month" {
		return facetOf("month", a.db.Month("r.published_at"), "WHERE r.published_at IS NOT NULL ")
	}
	if ref, ok := cms.ReferenceTo(name); ok {
		return a.refFacet(ref)
	}
	return facetOf(name, "r."+name, "")
}

// refFacet returns the query for how many of the articles in r refer to each noun of a kind.
func (a *articleQuery) refFacet(ref cms.Reference) string {
	rows := "r CROSS JOIN " + a.tables.refRows + " AS f"
	where := " WHERE f.article_id = r.id AND f.noun = '" + ref.Noun.Singular + "'"
	counted := "f.ref_id AS id, count(*)"
	if ref.Tree {
		rows += " CROSS JOIN noun_tree AS c"
		where += " AND c.id = f.ref_id"
		counted = "c.above AS id, count(DISTINCT r.id)"
	}
	return "SELECT '" + ref.Noun.Singular + `' AS facet, t.slug AS value, t.name AS label, g.n
		FROM (SELECT ` + counted + " AS n FROM " + rows + where + ` GROUP BY 1) AS g
		JOIN ` + ref.Noun.Plural + ` AS t ON t.id = g.id`
}

func facetOf(name, value, where string) string {
	return "SELECT '" + name + "' AS facet, " + value + " AS value, " + value +
		" AS label, count(*) AS n FROM r " + where + "GROUP BY " + value
}

// counts returns, from one statement, how many rows the whole list has and the values of facets in
// it, if they were asked for.
func (a *articleQuery) counts() (total int64, facets []cms.Facet, err error) {
	if len(a.q.Facets) == 0 {
		total, err = a.total()
		return total, nil, err
	}
	rows := a.rows().Columns(a.tables.id + " AS id, a.type, a.locale, a.published_at")
	query := database.Fragment{
		Text: "WITH r AS MATERIALIZED (" + rows.Text + `)
			SELECT 'total' AS facet, '' AS value, '' AS label, count(*) AS n FROM r`,
		Args: rows.Args,
	}
	for _, name := range a.q.Facets {
		query = query.Plus(
			" UNION ALL SELECT * FROM ("+a.facet(name)+" ORDER BY n DESC, value LIMIT ?) AS x",
			cms.MaxFacetValues,
		)
	}
	found := map[string][]cms.FacetValue{}
	err = a.db.Query(query, func(r *database.Row) {
		name := r.Text()
		found[name] = append(
			found[name],
			cms.FacetValue{Value: r.Text(), Label: r.Text(), Count: r.Number()},
		)
	})
	if err != nil {
		return 0, nil, err
	}
	for _, name := range a.q.Facets {
		facets = append(facets, cms.Facet{Name: name, Values: found[name]})
	}
	return found["total"][0].Count, facets, nil
}

// total returns how many rows the whole list has, if that was asked for: from a counter where there
// is one.
func (a *articleQuery) total() (int64, error) {
	switch {
	case !a.q.Page.Count:
		return 0, nil
	case !a.q.Narrowed():
		return a.counters[string(a.q.View)], nil
	case a.q.View == cms.LiveView && a.q.OneRef() != nil:
		nouns, _ := a.known(*a.q.OneRef())
		if len(nouns) == 0 {
			return 0, nil
		}
		return nouns[0].articles, nil
	}
	return a.db.Count(a.rows())
}
