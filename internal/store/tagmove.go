package store

import (
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// IsOnMore reports whether more than n working copies, or more than n live articles, carry a tag.
func (db *DB) IsOnMore(tag cms.ID, n int) (bool, error) {
	for _, table := range []string{"article_tags", "tag_feed"} {
		found, err := db.taggedIn(table, tag, n+1)
		if err != nil || len(found) > n {
			return true, err
		}
	}
	return false, nil
}

// taggedIn returns the articles that carry a tag in a table, at most so many.
func (db *DB) taggedIn(table string, tag cms.ID, limit int) ([]cms.ID, error) {
	rows := database.From(table).Where("tag_id = ?", tag).Limit(limit, 0)
	return database.QueryAll(db.Tx, rows.Columns("article_id"), scanID)
}

// MoveTag takes a tag off at most n working copies and n live articles, and gives them another one
// instead unless into is empty. It reports whether some may be left.
func (db *DB) MoveTag(from, into cms.ID, n int) (more bool, err error) {
	db.invalidate(cms.TagChanged(from)...)
	if into != "" {
		db.invalidate(cms.TagChanged(into)...)
	}
	drafts, err := db.taggedIn("article_tags", from, n)
	if err != nil {
		return false, err
	}
	const draftColumns = "article_id, position"
	if _, _, err := db.moveTagIn("article_tags", draftColumns, from, into, drafts); err != nil {
		return false, err
	}
	live, err := db.taggedIn("tag_feed", from, n)
	if err != nil {
		return false, err
	}
	const feedColumns = "article_id, published_at, edition"
	added, removed, err := db.moveTagIn("tag_feed", feedColumns, from, into, live)
	if err != nil {
		return false, err
	}
	const count = "UPDATE tags SET article_count = article_count + ? WHERE id = ?"
	if err := db.Exec(count, -removed, from); err != nil {
		return false, err
	}
	if into != "" {
		err = db.Exec(count, added, into)
	}
	return len(drafts) == n || len(live) == n, err
}

// moveTagIn does so in one table, for some articles. It returns how many rows into has got, and how
// many from has lost.
func (db *DB) moveTagIn(
	table, columns string, from, into cms.ID, articles []cms.ID,
) (added, removed int, err error) {
	if len(articles) == 0 {
		return 0, 0, nil
	}
	some := database.OneOf(db.Tx, "article_id", articles)
	if into != "" {
		add := database.SQL("INSERT INTO "+table+" (tag_id, "+columns+") SELECT t.id, "+columns+
			" FROM "+table+" AS x CROSS JOIN tags AS t WHERE t.id = ? AND x.tag_id = ? AND ", into, from).
			Plus(some.Text, some.Args...).Plus(" ON CONFLICT DO NOTHING RETURNING article_id")
		rows, err := database.QueryAll(db.Tx, add, scanID)
		if err != nil {
			return 0, 0, err
		}
		added = len(rows)
	}
	remove := database.SQL("DELETE FROM "+table+" WHERE tag_id = ? AND ", from).
		Plus(some.Text, some.Args...).Plus(" RETURNING article_id")
	rows, err := database.QueryAll(db.Tx, remove, scanID)
	return added, len(rows), err
}
