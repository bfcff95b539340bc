package database

import "github.com/masthead-cms/masthead/internal/search"

// IndexText adds a text to the full-text index under the number of a row of search_docs, which must
// be there: the words of its title, and all its words, which begin with those of the title. Both
// are streams as search.Stream returns them.
func (tx *Tx) IndexText(row int64, title, words string) error {
	return tx.dialect.indexText(tx, row, title, words)
}

// UnindexText takes the text with a number out of the index. Its row of search_docs must be gone.
func (tx *Tx) UnindexText(row int64) error { return tx.dialect.unindexText(tx.GORM, row) }

// EraseDeletedText removes from the full-text index the words of texts that are no longer in it,
// which stay there unseen: about so many pages are rewritten at once. It is called first to begin,
// and then again as long as it reports that there is more to do.
func (tx *Tx) EraseDeletedText(begin bool, pages int) (more bool, err error) {
	return tx.dialect.eraseDeletedText(tx, begin, pages)
}

// TextIndex returns the index of whole texts, or of their titles, as a table that has a rowid and
// must be called s, and the condition that a row of it matches a TextQuery, which is to be bound.
func (tx *Tx) TextIndex(titles bool) (table, matches string) { return tx.dialect.textIndex(titles) }

// TextQuery returns the query for texts, or titles, with all that is wanted in q and nothing that
// is not.
func (tx *Tx) TextQuery(
	q search.Query,
	titles bool,
) string {
	return tx.dialect.textQuery(q, titles)
}
