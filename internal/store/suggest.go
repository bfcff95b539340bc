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
	err = db.gorm.Table(index+" AS s CROSS JOIN editions AS a").Where("a.search_row = s.rowid AND a.live").
		Where(matches, db.dialect.question(q, true)).Select("'article' AS kind, a.article_id AS id, a.slug, a.title AS text").
		Order("s.rowid DESC").Limit(limit).Find(&articles).Error
	return tags, articles, err
}

// suggestTags looks at tags that have a word of each clause and leaves out those without its whole phrase.
func (db *DB) suggestTags(q search.Query, limit int) ([]cms.Suggestion, error) {
	rows := db.gorm.Table("tags AS t CROSS JOIN tag_names AS n")
	for _, c := range q.Want {
		condition, args := wordIn(db, []search.Clause{c})
		rows = rows.Where("t.id IN (SELECT w.tag_id FROM tag_words AS w WHERE "+condition+")", args...)
	}
	var names []struct{ ID, Slug, Name, Known string }
	err := rows.Where("n.tag_id = t.id").Select("t.id, t.slug, t.name, n.name AS known").
		Order("t.article_count DESC, t.id, n.position").Limit(maxTagsMeant).Find(&names).Error
	var tags []cms.Suggestion
	for _, n := range names {
		tag := cms.Suggestion{Kind: cms.SuggestTag, ID: cms.ID(n.ID), Slug: n.Slug, Text: n.Name}
		if len(tags) < limit && !slices.Contains(tags, tag) && hasAll(n.Known, q.Want) && !hasAny(n.Known, q.Without) {
			tags = append(tags, tag)
		}
	}
	return tags, err
}

func hasAll(name string, clauses []search.Clause) bool {
	return !slices.ContainsFunc(clauses, func(c search.Clause) bool { return !c.In(name) })
}

func hasAny(name string, clauses []search.Clause) bool {
	return slices.ContainsFunc(clauses, func(c search.Clause) bool { return c.In(name) })
}
