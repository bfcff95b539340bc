package store

import (
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// Import is how an imported item is known again.
type Import struct {
	Source        string
	Key           string
	ArticleID     cms.ID
	ItemDigest    string // of the item as its source had it
	ArticleDigest string // of the article as the import left it
	ImportedAt    time.Time
}

var importTable = &database.Table[Import]{
	Name: "imports",
	Columns: database.Columns[Import]{
		database.Text("source", func(i *Import) *string { return &i.Source }),
		database.Text("key", func(i *Import) *string { return &i.Key }),
		database.Text("article_id", func(i *Import) *cms.ID { return &i.ArticleID }),
		database.Text("item_digest", func(i *Import) *string { return &i.ItemDigest }),
		database.Text("article_digest", func(i *Import) *string { return &i.ArticleDigest }),
		database.Time("imported_at", func(i *Import) *time.Time { return &i.ImportedAt }),
	},
	Suffix: ` ON CONFLICT (source, key) DO UPDATE SET article_id = excluded.article_id,
		item_digest = excluded.item_digest, article_digest = excluded.article_digest,
		imported_at = excluded.imported_at`,
}

// Imports returns what items became, by their keys; those that are new are not among them.
func (db *DB) Imports(source string, keys []string) (map[string]Import, error) {
	known := make(map[string]Import, len(keys))
	if len(keys) == 0 {
		return known, nil
	}
	rows := database.From("imports AS i").Where("i.source = ?", source)
	rows = database.WhereIn(db.Tx, rows, "i.key", keys)
	err := db.Query(rows.Columns(importTable.Columns.Of("i")), func(r *database.Row) {
		row := importTable.Columns.Value(r)
		known[row.Key] = row
	})
	return known, err
}

// SaveImports records what items became, now.
func (db *DB) SaveImports(list ...Import) error {
	rows := make([]Import, len(list))
	for i, n := range list {
		rows[i] = n
		rows[i].ImportedAt = db.Now()
	}
	return database.Insert(db.Tx, importTable, rows...)
}
