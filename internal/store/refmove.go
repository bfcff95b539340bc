package store

import (
	"strings"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// RefersMore reports whether more than n working copies, or more than n live articles, refer to a
// noun.
func (db *DB) RefersMore(id cms.ID, n int) (bool, error) {
	for _, table := range []string{"article_refs", "feed"} {
		found, err := db.referringIn(table, id, n+1)
		if err != nil || len(found) > n {
			return true, err
		}
	}
	return false, nil
}

// referringIn returns the articles that refer to a noun in a table, at most so many.
func (db *DB) referringIn(table string, id cms.ID, limit int) ([]cms.ID, error) {
	rows := database.From(table).Where("ref_id = ?", id).Limit(limit, 0)
	return database.QueryAll(db.Tx, rows.Columns("article_id"), scanID)
}

// MoveRefs lets at most n working copies and n live articles that refer to a noun refer to another
// one instead, or to none if into is empty. It reports whether some may be left.
func (db *DB) MoveRefs(noun cms.Noun, from, into cms.ID, n int) (more bool, err error) {
	db.invalidate(cms.NounChanged(noun, from)...)
	if into != "" {
		db.invalidate(cms.NounChanged(noun, into)...)
	}
	drafts, err := db.referringIn("article_refs", from, n)
	if err != nil {
		return false, err
	}
	if err := db.moveRefsIn(movedDrafts, from, into, drafts); err != nil {
		return false, err
	}
	live, err := db.referringIn("feed", from, n)
	if err != nil {
		return false, err
	}
	before, err := db.countsAmong(noun, live)
	if err != nil {
		return false, err
	}
	if err := db.moveRefsIn(movedFeed, from, into, live); err != nil {
		return false, err
	}
	count, err := db.countsAmong(noun, live)
	for id, n := range before {
		count[id] -= n
	}
	for id := range count {
		db.invalidate(noun.ArticlesCacheTag(id))
	}
	if err != nil {
		return false, err
	}
	return len(drafts) == n || len(live) == n, db.addToCounts(noun, count)
}

// movedRefs is a table in which articles refer to nouns: its columns besides ref_id, and what
// becomes of an article that refers to both nouns.
type movedRefs struct{ table, columns, both string }

// An article that has referred to both refers to the one that is left in the place of the first.
var (
	movedDrafts = movedRefs{"article_refs", "article_id, noun, role, position",
		`(article_id, ref_id) DO UPDATE SET role = excluded.role, position = excluded.position
			WHERE excluded.position < article_refs.position`}
	movedFeed = movedRefs{"feed", "article_id, noun, published_at, edition", "DO NOTHING"}
)

// moveRefsIn does so in one table, for some articles.
func (db *DB) moveRefsIn(m movedRefs, from, into cms.ID, articles []cms.ID) error {
	if len(articles) == 0 {
		return nil
	}
	some := database.OneOf(db.Tx, "article_id", articles)
	if into != "" {
		add := database.SQL("INSERT INTO "+m.table+" (ref_id, "+m.columns+") SELECT t.id, "+
			strings.ReplaceAll(", "+m.columns, ", ", ", x.")[2:]+" FROM "+m.table+
			" AS x CROSS JOIN (SELECT id FROM noun_terms WHERE term = ?) AS t"+
			" WHERE x.ref_id = ? AND ", nounTerm(into), from).
			Plus(some.Text, some.Args...).Plus(" ON CONFLICT " + m.both)
		if err := db.Query(add, nil); err != nil {
			return err
		}
	}
	remove := database.SQL("DELETE FROM "+m.table+" WHERE ref_id = ? AND ", from).
		Plus(some.Text, some.Args...)
	return db.Query(remove, nil)
}
