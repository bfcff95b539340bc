package store

import (
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/search"
)

// Suggest finds what somebody may mean who is still typing: tags by the words of their names, those with the most
// articles first, and live articles by the words of their titles, the newest first; at most limit of each.
func (db *DB) Suggest(q search.Query, limit int) (tags, articles []cms.Suggestion, err error) {
	if len(q.Want) == 0 {
		return nil, nil, nil
	}
	if tags, err = db.suggestTags(q, limit); err != nil {
		return nil, nil, err
	}
	index, matches := db.dialect.searched(true)
	found := from(index+" AS s CROSS JOIN editions AS a").where("a.search_row = s.rowid AND a.live").
		where(matches, db.dialect.question(q, true)).order("s.rowid DESC").limit(limit, 0)
	articles, err = queryAll(db, found.columns("a.article_id, a.slug, a.title"), func(r *row) cms.Suggestion {
		return cms.Suggestion{Kind: cms.SuggestArticle, ID: r.id(), Slug: r.text(), Text: r.text()}
	})
	return tags, articles, err
}

// suggestTags looks at tags that have a word of each clause and leaves out those without its whole phrase.
func (db *DB) suggestTags(q search.Query, limit int) ([]cms.Suggestion, error) {
	rows := from("tags AS t CROSS JOIN tag_names AS n").where("n.tag_id = t.id")
	for _, c := range q.Want {
		words := hasWords(db, c)
		rows = rows.where(words.text, words.args...)
	}
	rows = rows.order("t.article_count DESC, t.id, n.position").limit(maxTagsMeant, 0)
	var tags []cms.Suggestion
	err := db.query(rows.columns("t.id, t.slug, t.name, n.name"), func(r *row) {
		tag, known := cms.Suggestion{Kind: cms.SuggestTag, ID: r.id(), Slug: r.text(), Text: r.text()}, r.text()
		if len(tags) < limit && !slices.Contains(tags, tag) && hasAll(known, q.Want) && !hasAny(known, q.Without) {
			tags = append(tags, tag)
		}
	})
	return tags, err
}

func hasAll(name string, clauses []search.Clause) bool {
	return !slices.ContainsFunc(clauses, func(c search.Clause) bool { return !c.In(name) })
}

func hasAny(name string, clauses []search.Clause) bool {
	return slices.ContainsFunc(clauses, func(c search.Clause) bool { return c.In(name) })
}
