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

	Permalink      string // the path of the item at its source, empty if not known
	TranslationKey string // the same for all translations of an item, empty if not known
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
		database.Text("permalink", func(i *Import) *string { return &i.Permalink }),
		database.Text("translation_key", func(i *Import) *string { return &i.TranslationKey }),
	},
	Suffix: ` ON CONFLICT (source, key) DO UPDATE SET article_id = excluded.article_id,
		item_digest = excluded.item_digest, article_digest = excluded.article_digest,
		imported_at = excluded.imported_at, permalink = excluded.permalink,
		translation_key = excluded.translation_key`,
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

// ImportsAt returns what items became that have one of the paths at their source, whichever it is.
func (db *DB) ImportsAt(permalinks []string) ([]Import, error) {
	if len(permalinks) == 0 {
		return nil, nil
	}
	// The condition lets the partial index be used.
	rows := database.From("imports AS i").Where("i.permalink <> ''")
	rows = database.WhereIn(db.Tx, rows, "i.permalink", permalinks)
	query := rows.OrderBy("i.source, i.key").Columns(importTable.Columns.Of("i"))
	var found []Import
	err := db.Query(query, func(r *database.Row) {
		found = append(found, importTable.Columns.Value(r))
	})
	return found, err
}

// Translations returns what was imported from a source with one of some translation keys, by that,
// those of each in the order of their articles.
func (db *DB) Translations(source string, keys []string) (map[string][]cms.ID, error) {
	// The condition lets the partial index be used. One on the source would lead along all of it.
	rows := database.From("imports AS i").Where("i.translation_key <> ''")
	rows = database.WhereIn(db.Tx, rows, "i.translation_key", keys).OrderBy("i.article_id")
	found := map[string][]cms.ID{}
	columns := rows.Columns("i.source, i.translation_key, i.article_id")
	err := db.Query(columns, func(r *database.Row) {
		from := r.Text()
		key := r.Text()
		if id := scanID(r); from == source {
			found[key] = append(found[key], id)
		}
	})
	return found, err
}

// EachImport calls fn for everything that was imported from a source, in order of the keys.
func (db *DB) EachImport(source string, fn func(Import)) error {
	rows := database.From("imports AS i").Where("i.source = ?", source).OrderBy("i.key")
	return db.Query(rows.Columns(importTable.Columns.Of("i")), func(r *database.Row) {
		fn(importTable.Columns.Value(r))
	})
}

// DeleteImport forgets an item. Its article stays.
func (db *DB) DeleteImport(source, key string) error {
	return db.Exec("DELETE FROM imports WHERE source = ? AND key = ?", source, key)
}

// ImportAlias is a path that an imported article had at its source.
type ImportAlias struct {
	Path      string // decoded, in NFC, with a slash in front and none behind
	ArticleID cms.ID
	Source    string
	CreatedAt time.Time
}

var importAliasTable = &database.Table[ImportAlias]{
	Name: "import_aliases",
	Columns: database.Columns[ImportAlias]{
		database.Text("path", func(a *ImportAlias) *string { return &a.Path }),
		database.Text("article_id", func(a *ImportAlias) *cms.ID { return &a.ArticleID }),
		database.Text("source", func(a *ImportAlias) *string { return &a.Source }),
		database.Time("created_at", func(a *ImportAlias) *time.Time { return &a.CreatedAt }),
	},
	Suffix: " ON CONFLICT (path) DO NOTHING",
}

// ImportAliases returns the articles that have had the paths; paths nobody has had are not among
// them.
func (db *DB) ImportAliases(paths []string) (map[string]cms.ID, error) {
	owners := make(map[string]cms.ID, len(paths))
	if len(paths) == 0 {
		return owners, nil
	}
	rows := database.WhereIn(db.Tx, database.From("import_aliases AS a"), "a.path", paths)
	query := rows.Columns(importAliasTable.Columns.Of("a"))
	err := db.Query(query, func(r *database.Row) {
		alias := importAliasTable.Columns.Value(r)
		owners[alias.Path] = alias.ArticleID
	})
	return owners, err
}

// SaveImportAliases records paths. One that another article has had stays with it.
func (db *DB) SaveImportAliases(list ...ImportAlias) error {
	rows := make([]ImportAlias, len(list))
	for i, alias := range list {
		rows[i] = alias
		rows[i].CreatedAt = db.Now()
	}
	return database.Insert(db.Tx, importAliasTable, rows...)
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
