package database

import (
	"strings"

	"gorm.io/gorm"

	"github.com/masthead-cms/masthead/internal/search"
)

// sqliteSearch creates the search index of SQLite (FTS5). It stores no texts and splits at spaces
// only: the texts have been split and folded before. Titles have an index of their own, with
// prefixes. A transaction may collect 8 MiB before it writes a segment, so that an import makes few
// of them.
const sqliteSearch = `CREATE VIRTUAL TABLE search_index USING fts5
	(words, content = '', contentless_delete = 1, tokenize = 'ascii');
CREATE VIRTUAL TABLE search_titles USING fts5
	(title, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '1 2 3 4');
INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 8388608)`

func (sqliteDialect) month(column string) string {
	return "strftime('%Y-%m', " + column + ", 'unixepoch')"
}

func (sqliteDialect) indexText(tx *Tx, row int64, title, words string) error {
	err := tx.Exec("INSERT INTO search_index (rowid, words) VALUES (?, ?)", row, words)
	if err != nil {
		return err
	}
	return tx.Exec("INSERT INTO search_titles (rowid, title) VALUES (?, ?)", row, title)
}

func (sqliteDialect) unindexText(tx *gorm.DB, row int64) error {
	if err := tx.Exec("DELETE FROM search_index WHERE rowid = ?", row).Error; err != nil {
		return err
	}
	return tx.Exec("DELETE FROM search_titles WHERE rowid = ?", row).Error
}

// eraseDeletedText merges the segments of the index: a deleted text is left out of what is written.
// A negative number begins a merge of all of them, a positive one goes on with it. FTS5 writes at
// least two rows if there was something to do.
func (sqliteDialect) eraseDeletedText(tx *Tx, begin bool, pages int) (more bool, err error) {
	if begin {
		pages = -pages
	}
	for _, index := range []string{"search_index", "search_titles"} {
		before, err := totalChanges(tx)
		if err != nil {
			return false, err
		}
		err = tx.Exec("INSERT INTO "+index+" ("+index+", rank) VALUES ('merge', ?)", pages)
		if err != nil {
			return false, err
		}
		after, err := totalChanges(tx)
		if err != nil {
			return false, err
		}
		more = more || after-before >= 2
	}
	return more, nil
}

// totalChanges returns how many rows the connection has written.
func totalChanges(tx *Tx) (int64, error) {
	return QueryRow(tx, SQL("SELECT total_changes()"), (*Row).Number)
}

func (sqliteDialect) textIndex(titles bool) (table, matches string) {
	if titles {
		return "search_titles", "s.search_titles MATCH ?"
	}
	return "search_index", "s.search_index MATCH ?"
}

// question returns a query in the language of FTS5. Every term is quoted, so nothing in it is an
// operator.
func (sqliteDialect) textQuery(q search.Query, _ bool) string {
	var b strings.Builder
	for i, c := range q.Want {
		if i > 0 {
			b.WriteString(" AND ")
		}
		b.WriteString("(" + ftsClause(c) + ")")
	}
	for _, c := range q.Without {
		b.WriteString(" NOT (" + ftsClause(c) + ")")
	}
	return b.String()
}

func ftsClause(c search.Clause) string {
	var ways []string
	for _, phrase := range c.Phrases() {
		way := `"` + strings.Join(phrase, " ") + `"`
		if c.Words[len(c.Words)-1].Prefix {
			way += "*"
		}
		ways = append(ways, way)
	}
	for _, tag := range c.Tags {
		ways = append(ways, `"`+tag+`"`)
	}
	return strings.Join(ways, " OR ")
}
