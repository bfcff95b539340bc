package store

import (
	"cmp"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// Redirects are the rows of redirects.
type Redirects struct {
	Nouns[cms.Redirect, *cms.Redirect]
}

// NewRedirects returns the rows of redirects.
func NewRedirects() *Redirects {
	return &Redirects{Nouns[cms.Redirect, *cms.Redirect]{
		Noun: cms.RedirectNoun,
		Name: "from_path",
		Orders: map[string]order{
			"from":       orderBy("n.from_path", "n.id", byText),
			"updated_at": orderBy("n.updated_at", "n.id", byTime),
		},
	}}
}

// RedirectFrom returns the id of the redirect from a path, ErrNotFound if there is none.
func (db *DB) RedirectFrom(path string) (cms.ID, error) {
	rows := database.From("redirects").Where("from_path = ?", path)
	return database.QueryRow(db.Tx, rows.Columns("id"), scanID)
}

// RedirectChain returns the redirect from a path and those that follow, each from the path that the
// one before leads to: at most most, and none with the id except.
func (db *DB) RedirectChain(path string, most int, except cms.ID) ([]cms.Redirect, error) {
	const columns = "r.from_path, r.to_url, r.to_path, r.status"
	chain := database.SQL(`WITH RECURSIVE chain (from_path, to_url, to_path, status, hop) AS (
			SELECT `+columns+`, 1 FROM redirects AS r WHERE r.from_path = ? AND r.id <> ?
			UNION ALL SELECT `+columns+`, c.hop + 1 FROM chain AS c
				JOIN redirects AS r ON r.from_path = c.to_path WHERE c.hop < ? AND r.id <> ?)
		SELECT from_path, to_url, to_path, status FROM chain ORDER BY hop`,
		path, string(cmp.Or(except, nilID)), most, string(cmp.Or(except, nilID)))
	return database.QueryAll(db.Tx, chain, func(r *database.Row) cms.Redirect {
		return cms.Redirect{
			FromPath: r.Text(),
			ToURL:    r.Text(),
			ToPath:   r.Text(),
			Status:   int(r.Number()),
		}
	})
}
