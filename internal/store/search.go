package store

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/search"
)

// indexText is what the search index is given of a text.
type indexText struct {
	row          int64
	title, words string
	gone         bool // dropped again before it was given
}

// IndexedWords are what the search index is given of an article and its body. Making them takes
// longer than storing them, and needs no database.
type IndexedWords struct{ title, kicker, byline, summary, body string }

// WordsOf returns the words of an article with a body.
func WordsOf(p *cms.Content, html string) IndexedWords {
	return IndexedWords{
		title: search.Stream(
			p.Title,
		), kicker: search.Stream(p.Kicker), byline: search.Stream(p.Byline),
		summary: search.Stream(p.Summary), body: search.Stream(search.Plain(html)),
	}
}

// document is a text that is to be found.
type document struct {
	words IndexedWords
	refs  []cms.RefID
	at    time.Time // when it was published, or shall seem to be
}

// fieldWeights are how much it counts that a word is in a line of searchDoc.fields: title, kicker,
// references, byline and summary. A word that is in none of them is in the body.
var fieldWeights = [...]int{8, 4, 4, 4, 3}

// searchDoc is a row of the search index, with the fields that the ranking looks at, a line each.
type searchDoc struct {
	row    int64
	fields string
}

var searchDocTable = &database.Table[searchDoc]{
	Name: "search_docs",
	Columns: database.Columns[searchDoc]{
		database.Number("rowid", func(d *searchDoc) *int64 { return &d.row }),
		database.Text("fields", func(d *searchDoc) *string { return &d.fields }),
	},
}

// A row of the search index is numbered by the second its text was published in and, after that, by
// the order of insertion: so the newest are found first, and many may share a second.
const (
	searchShift = 20
	searchMask  = 1<<searchShift - 1
)

// searchRow returns the first row of a second.
func searchRow(at time.Time) int64 { return at.Unix() << searchShift }

// searchTime returns the time that a draft is numbered by.
func searchTime(a *cms.Article) time.Time {
	if a.PublishedAt != nil {
		return *a.PublishedAt
	}
	return a.UpdatedAt
}

// indexNew adds new articles with words to the search index. It returns their rows, nil for those
// without words.
func (db *DB) indexNew(list []NewArticle) ([]*int64, error) {
	var texts []document
	for _, n := range list {
		if n.Words != nil {
			texts = append(texts, document{*n.Words, n.Refs, searchTime(n.Article)})
		}
	}
	numbers, err := db.addSearchRows(texts)
	rows := make([]*int64, len(list))
	for i, n := range list {
		if n.Words != nil && err == nil {
			rows[i], numbers = &numbers[0], numbers[1:]
		}
	}
	return rows, err
}

// Unindexed returns drafts that no words find yet, since they were created or changed: at most so
// many of those that were last changed before a time (nil: of all).
func (db *DB) Unindexed(since *time.Time, most int) ([]cms.ID, error) {
	rows := optional(
		database.From("articles").Where("search_row IS NULL"),
		"updated_at <= ?",
		since,
	).OrderBy("updated_at, id").
		Limit(most, 0)
	return database.QueryAll(db.Tx, rows.Columns("id"), scanID)
}

// IndexDrafts lets drafts that no words find yet be found.
func (db *DB) IndexDrafts(ids []cms.ID) error {
	for _, id := range ids {
		if _, _, err := db.indexDraft(id); err != nil {
			return err
		}
	}
	return nil
}

// indexDraft adds the draft of an article, which is not in it, to the search index. It returns the
// draft and its text.
func (db *DB) indexDraft(id cms.ID) (*cms.Article, *cms.Text, error) {
	a, err := db.Article(id)
	if err != nil {
		return nil, nil, err
	}
	text, err := db.Text(id)
	if err != nil {
		return nil, nil, err
	}
	refs, err := db.RefsOf(id)
	if err != nil {
		return nil, nil, err
	}
	row, err := db.addSearchRow(document{WordsOf(&a.Content, text.HTML), refs, searchTime(a)})
	if err != nil {
		return nil, nil, err
	}
	return a, text, db.moveDraft(id, row)
}

// moveDraft gives a draft another row of the search index.
func (db *DB) moveDraft(id cms.ID, row int64) error {
	was, err := db.searchRowOf("articles", "id = ?", id)
	if err != nil {
		return err
	}
	if err := db.Exec("UPDATE articles SET search_row = ? WHERE id = ?", row, id); err != nil {
		return err
	}
	return db.dropSearchRow(was)
}

// indexEdition returns the row that a new edition has in the search index. It has the words of the
// draft, and so its row, unless that is numbered by another time.
func (db *DB) indexEdition(e *cms.Edition, t *cms.Text) (int64, error) {
	row, err := db.searchRowOf("articles", "id = ?", e.ArticleID)
	if err != nil {
		return 0, err
	}
	if row != nil && *row>>searchShift == e.PublishedAt.Unix() {
		return *row, nil
	}
	made, err := db.addSearchRow(document{WordsOf(&e.Content, t.HTML), e.Refs, e.PublishedAt})
	if err != nil {
		return 0, err
	}
	return made, db.moveDraft(e.ArticleID, made)
}

// unindexEdition removes the live edition from what readers can find.
func (db *DB) unindexEdition(id cms.ID) error {
	row, err := db.searchRowOf("editions", "article_id = ? AND live", id)
	if err != nil || row == nil {
		return err
	}
	err = db.Exec("UPDATE editions SET search_row = NULL WHERE article_id = ? AND live", id)
	if err != nil {
		return err
	}
	return db.dropSearchRow(row)
}

// unindexDraft removes a draft from the search index.
func (db *DB) unindexDraft(id cms.ID) error {
	row, err := db.searchRowOf("articles", "id = ?", id)
	if err != nil || row == nil {
		return err
	}
	if err := db.Exec("UPDATE articles SET search_row = NULL WHERE id = ?", id); err != nil {
		return err
	}
	return db.dropSearchRow(row)
}

// searchRowOf returns the row in the index of a draft or an edition, nil if it has none or
// does not exist.
func (db *DB) searchRowOf(table, condition string, id cms.ID) (*int64, error) {
	rows := database.From(table).Where(condition, id).Where("search_row IS NOT NULL")
	row, err := database.QueryRow(db.Tx, rows.Columns("search_row"), (*database.Row).Number)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return &row, err
}

// addSearchRow adds the words of a text to the index and returns its row.
func (db *DB) addSearchRow(t document) (int64, error) {
	rows, err := db.addSearchRows([]document{t})
	if err != nil {
		return 0, err
	}
	return rows[0], nil
}

// addSearchRows adds the words of texts to the index and returns their rows.
func (db *DB) addSearchRows(texts []document) ([]int64, error) {
	if err := db.loadSearchRows(texts); err != nil {
		return nil, err
	}
	numbers, docs := make([]int64, len(texts)), make([]searchDoc, len(texts))
	for i, t := range texts {
		first := searchRow(t.at)
		db.pending.searchRows[first]++
		numbers[i] = db.pending.searchRows[first]
		fields := t.fields()
		docs[i] = searchDoc{numbers[i], fields}
		words := strings.ReplaceAll(
			fields,
			"\n",
			" "+search.Barrier+" ",
		) + " " + search.Barrier + " " + t.words.body
		db.pending.texts = append(
			db.pending.texts,
			indexText{row: numbers[i], title: t.words.title, words: words},
		)
	}
	return numbers, database.Insert(db.Tx, searchDocTable, docs...)
}

// fields returns the lines of a searchDoc.
func (t *document) fields() string {
	terms := make([]string, len(t.refs))
	for i, ref := range t.refs {
		terms[i] = nounTerm(ref.ID)
	}
	return strings.Join(
		[]string{
			t.words.title,
			t.words.kicker,
			strings.Join(terms, " "),
			t.words.byline,
			t.words.summary,
		},
		"\n",
	)
}

// secondsAtOnce is how many seconds are looked up in one statement.
const secondsAtOnce = 64

// loadSearchRows looks up the last row in use of each second that texts are numbered by and that
// the transaction has not looked up before.
func (db *DB) loadSearchRows(texts []document) error {
	var seconds []int64
	last := map[int64]int64{}
	for _, t := range texts {
		first := searchRow(t.at)
		_, known := db.pending.searchRows[first]
		if _, asked := last[first]; !known && !asked {
			last[first] = first - 1
			seconds = append(seconds, first)
		}
	}
	const one = `SELECT n FROM (SELECT rowid AS n FROM search_docs
		WHERE rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT 1) AS last`
	for some := range slices.Chunk(seconds, secondsAtOnce) {
		var bounds []any
		for _, first := range some {
			bounds = append(bounds, first, first+searchMask)
		}
		query := database.Fragment{
			Text: strings.Repeat(one+" UNION ALL ", len(some)-1) + one,
			Args: bounds,
		}
		err := db.Query(query, func(r *database.Row) {
			n := r.Number()
			last[n&^searchMask] = n
		})
		if err != nil {
			return err
		}
	}
	maps.Copy(db.pending.searchRows, last)
	return nil
}

// dropSearchRow removes a row from the index that neither a draft nor a live edition uses.
func (db *DB) dropSearchRow(row *int64) error {
	if row == nil {
		return nil
	}
	const unused = `DELETE FROM search_docs WHERE rowid = ?
		AND NOT EXISTS (SELECT 1 FROM articles WHERE search_row = search_docs.rowid)
		AND NOT EXISTS (SELECT 1 FROM editions WHERE search_row = search_docs.rowid AND live)
		RETURNING rowid`
	dropped, err := database.QueryAll(db.Tx, database.SQL(unused, *row), (*database.Row).Number)
	if err != nil || len(dropped) == 0 {
		return err
	}
	pending := func(t indexText) bool { return t.row == *row && !t.gone }
	if i := slices.IndexFunc(db.pending.texts, pending); i >= 0 {
		db.pending.texts[i].gone = true
		return nil
	}
	return db.UnindexText(*row)
}

// indexTexts adds the texts of the transaction to the search index, all at once and in the order of
// their rows: FTS5 writes what it has collected to the disk at each savepoint, and whenever a row
// is not larger than the one before.
func (db *DB) indexTexts() error {
	slices.SortFunc(db.pending.texts, func(a, b indexText) int { return cmp.Compare(a.row, b.row) })
	for _, t := range db.pending.texts {
		if t.gone {
			continue
		}
		if err := db.IndexText(t.row, t.title, t.words); err != nil {
			return err
		}
	}
	db.pending.texts = nil
	return nil
}

// reindexAll builds the search index from all articles and live editions; it must be empty.
func (db *DB) reindexAll() error {
	// Rows of the index that was there before could be taken by other articles in the new one.
	for _, table := range []string{"articles", "editions"} {
		if err := db.Exec("UPDATE " + table + " SET search_row = NULL"); err != nil {
			return err
		}
	}
	after := nilID
	for {
		rows := database.From("articles").Where("id > ?", after).OrderBy("id").Limit(copyBatch, 0)
		ids, err := database.QueryAll(db.Tx, rows.Columns("id"), scanID)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := db.reindex(id); err != nil {
				return err
			}
		}
		if err := db.indexTexts(); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

// reindex adds an article, and its live edition if there is one, to the search index.
func (db *DB) reindex(id cms.ID) error {
	a, text, err := db.indexDraft(id)
	if err != nil || a.LiveDigest == "" {
		return err
	}
	live := database.From("editions AS a").Where("a.article_id = ? AND a.live", id)
	e, err := database.QueryRow(
		db.Tx,
		live.Columns(editionTable.Columns.Of("a")),
		editionTable.Columns.Read,
	)
	if err != nil {
		return err
	}
	row, err := db.reindexEdition(a, e, text)
	if err != nil {
		return err
	}
	return db.Exec("UPDATE editions SET search_row = ? WHERE rowid = ?", row, e.row)
}

// reindexEdition returns the row of the live edition of an article, whose draft has that text.
func (db *DB) reindexEdition(a *cms.Article, e *editionRow, text *cms.Text) (int64, error) {
	if !a.HasUnpublishedChanges() {
		return db.indexEdition(&e.Edition, text)
	}
	rows := database.From("edition_texts AS t").Where("t.edition = ?", e.row)
	body, err := database.QueryRow(db.Tx, rows.Columns(selectedReading), readingColumns.Read)
	if err != nil {
		return 0, err
	}
	return db.addSearchRow(document{WordsOf(&e.Content, body.HTML), e.Refs, e.PublishedAt})
}
