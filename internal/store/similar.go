package store

import (
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/search"
)

// Similar is that a live article shares a reference or a word with another one.
type Similar struct {
	ID          cms.ID
	PublishedAt time.Time
	Noun        cms.Noun // the kind of the noun that both refer to; none: they share a word
	Slug        string   // of the noun
	Word        string   // its plain form
	Titled      bool     // the word stands in the title
	Known       int64    // how many live articles refer to it; of a word how many there are at all
}

// How many articles that share one thing are looked at, for a noun on each side in time.
const (
	similarByRef  = 40
	SimilarByWord = 100
)

// Similar returns live articles that share a reference or a word with one that was published at a
// time: for each noun those nearest to it in time, for each word the newest. It is one statement,
// and the result may include the article itself.
func (db *DB) Similar(
	at time.Time, refs []cms.NamedRef, words []search.Clause,
) ([]Similar, error) {
	var query database.Fragment
	add := func(part string, values ...any) {
		if query.Text != "" {
			query.Text += " UNION ALL "
		}
		query = query.Plus("SELECT * FROM ("+part+") AS x", values...)
	}
	for _, ref := range refs {
		for _, side := range []string{
			"<= ? ORDER BY g.published_at DESC, g.article_id DESC",
			"> ? ORDER BY g.published_at, g.article_id",
		} {
			add(`SELECT g.article_id AS id, g.published_at, g.noun, t.slug, '' AS word,
					FALSE AS titled, t.article_count AS known
				FROM feed AS g JOIN `+ref.Noun.Plural+` AS t ON t.id = g.ref_id
				WHERE g.ref_id = ? AND g.published_at `+side+" LIMIT ?", ref.ID, at, similarByRef)
		}
	}
	for _, c := range words {
		for _, titled := range []bool{true, false} {
			index, matches := db.TextIndex(titled)
			q := search.Query{Want: []search.Clause{c}}
			add(`SELECT a.article_id AS id, a.published_at, '' AS noun, '' AS slug,
					CAST(? AS TEXT) AS word,
					CAST(? AS BOOLEAN) AS titled,
					(SELECT n FROM counters WHERE name = 'live') AS known
				FROM `+index+` AS s CROSS JOIN editions AS a
				WHERE `+matches+` AND a.search_row = s.rowid AND a.live
				ORDER BY s.rowid DESC LIMIT ?`,
				c.Words[0].Forms[0], titled, db.TextQuery(q, titled), SimilarByWord)
		}
	}
	if query.Text == "" {
		return nil, nil
	}
	return database.QueryAll(db.Tx, query, scanSimilar)
}

// scanSimilar scans a row of Similar.
func scanSimilar(r *database.Row) Similar {
	return Similar{
		ID:          scanID(r),
		PublishedAt: r.Time(),
		Noun:        scanNoun(r),
		Slug:        r.Text(),
		Word:        r.Text(),
		Titled:      r.Flag(),
		Known:       r.Number(),
	}
}
