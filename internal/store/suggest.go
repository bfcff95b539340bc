package store

import (
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/search"
)

// Suggest returns what somebody who is still typing may mean: tags by the words of their names,
// those with the most articles first, and live articles by the words of their titles, the newest
// first; at most limit of each.
func (db *DB) Suggest(q search.Query, limit int) (tags, articles []cms.Suggestion, err error) {
	if len(q.Want) == 0 {
		return nil, nil, nil
	}
	if tags, err = db.suggestTags(q, limit); err != nil {
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
	return tags, articles, err
}

// suggestTags returns tags that have each clause in a name. Tags that have a word of each are
// looked at.
func (db *DB) suggestTags(q search.Query, limit int) ([]cms.Suggestion, error) {
	rows := database.From("tags AS t CROSS JOIN tag_names AS n").Where("n.tag_id = t.id")
	for _, c := range q.Want {
		words := hasTagWords(db, c)
		rows = rows.Where(words.Text, words.Args...)
	}
	rows = rows.OrderBy("t.article_count DESC, t.id, n.position").Limit(maxNamedTags, 0)
	var tags []cms.Suggestion
	err := db.Query(rows.Columns("t.id, t.slug, t.name, n.name"), func(r *database.Row) {
		tag := cms.Suggestion{
			Kind: cms.SuggestTag,
			ID:   scanID(r),
			Slug: r.Text(),
			Text: r.Text(),
		}
		known := r.Text()
		if len(tags) < limit && !slices.Contains(tags, tag) && hasAllClauses(known, q.Want) &&
			!hasAnyClause(known, q.Without) {
			tags = append(tags, tag)
		}
	})
	return tags, err
}

func hasAllClauses(name string, clauses []search.Clause) bool {
	return !slices.ContainsFunc(clauses, func(c search.Clause) bool { return !c.In(name) })
}

func hasAnyClause(name string, clauses []search.Clause) bool {
	return slices.ContainsFunc(clauses, func(c search.Clause) bool { return c.In(name) })
}
