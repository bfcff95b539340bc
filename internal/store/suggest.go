package store

import (
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/search"
)

// Suggest returns what somebody who is still typing may mean: nouns that articles refer to by the
// words of their names, those with the most articles first, and live articles by the words of their
// titles, the newest first; at most limit of each.
func (db *DB) Suggest(
	q search.Query, limit int,
) (nouns, articles []cms.Suggestion, err error) {
	if len(q.Want) == 0 {
		return nil, nil, nil
	}
	if nouns, err = db.suggestNouns(q, limit); err != nil {
		return nil, nil, err
	}
	index, matches := db.TextIndex(true)
	found := database.From(index+" AS s CROSS JOIN editions AS a").
		Where("a.search_row = s.rowid AND a.live").
		Where(matches, db.TextQuery(q, true)).
		OrderBy("s.rowid DESC").
		Limit(limit, 0)
	articles, err = database.QueryAll(
		db.Tx,
		found.Columns("a.article_id, a.slug, a.title"),
		func(r *database.Row) cms.Suggestion {
			return cms.Suggestion{
				Kind: cms.SuggestArticle,
				ID:   scanID(r),
				Slug: r.Text(),
				Text: r.Text(),
			}
		},
	)
	return nouns, articles, err
}

// suggestNouns returns nouns that have each clause in a name. Nouns that have a word of each are
// looked at.
func (db *DB) suggestNouns(q search.Query, limit int) ([]cms.Suggestion, error) {
	var query database.Fragment
	for i, ref := range cms.References {
		if i > 0 {
			query = query.Plus(" UNION ALL ")
		}
		rows := database.From(ref.Noun.Plural + " AS t CROSS JOIN noun_names AS n").
			Where("n.id = t.id")
		for _, c := range q.Want {
			words := hasNameWords(db, ref.Noun, c)
			rows = rows.Where(words.Text, words.Args...)
		}
		rows = rows.OrderBy("t.article_count DESC, t.id, n.position").Limit(maxNamedNouns, 0)
		some := rows.Columns("n.noun, t.id, t.slug, t.name, n.name AS known, t.article_count, n.position")
		query = query.Plus("SELECT * FROM ("+some.Text+") AS x", some.Args...)
	}
	query = query.Plus(" ORDER BY article_count DESC, id, position")
	var nouns []cms.Suggestion
	err := db.Query(query, func(r *database.Row) {
		noun := cms.Suggestion{
			Kind: cms.SuggestionKind(r.Text()),
			ID:   scanID(r),
			Slug: r.Text(),
			Text: r.Text(),
		}
		known := r.Text()
		if len(nouns) < limit && !slices.Contains(nouns, noun) && hasAllClauses(known, q.Want) &&
			!hasAnyClause(known, q.Without) {
			nouns = append(nouns, noun)
		}
	})
	return nouns, err
}

func hasAllClauses(name string, clauses []search.Clause) bool {
	return !slices.ContainsFunc(clauses, func(c search.Clause) bool { return !c.In(name) })
}

func hasAnyClause(name string, clauses []search.Clause) bool {
	return slices.ContainsFunc(clauses, func(c search.Clause) bool { return c.In(name) })
}
