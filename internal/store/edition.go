package store

import (
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

var editionColumns = database.Within(contentColumns,
	func(e *cms.Edition) *cms.Content { return &e.Content }).And(
	database.Text("article_id", func(e *cms.Edition) *cms.ID { return &e.ArticleID }),
	database.Number("number", func(e *cms.Edition) *int { return &e.Number }),
	database.Flag("live", func(e *cms.Edition) *bool { return &e.Live }),
	database.NullText("group_id", func(e *cms.Edition) **cms.ID { return &e.GroupID }),
	refsColumn("refs", func(e *cms.Edition) *[]cms.RefID { return &e.Refs }),
	database.Text("digest", func(e *cms.Edition) *string { return &e.Digest }),
	database.Time("published_at", func(e *cms.Edition) *time.Time { return &e.PublishedAt }),
	database.Time("edition_at", func(e *cms.Edition) *time.Time { return &e.EditionAt }),
	database.NullTime("retired_at", func(e *cms.Edition) **time.Time { return &e.RetiredAt }),
	database.Time("created_at", func(e *cms.Edition) *time.Time { return &e.CreatedAt }),
	database.Time("updated_at", func(e *cms.Edition) *time.Time { return &e.UpdatedAt }),
)

// editionRow is an edition with the number that its text and the feeds refer to, and
// its row in the search index, nil once it is not live.
type editionRow struct {
	row int64
	cms.Edition
	searchRow *int64
}

var editionTable = &database.Table[editionRow]{
	Name: "editions",
	Columns: database.Within(editionColumns,
		func(e *editionRow) *cms.Edition { return &e.Edition }).
		And(
			database.Number("rowid", func(e *editionRow) *int64 { return &e.row }),
			database.NullNumber("search_row", func(e *editionRow) **int64 { return &e.searchRow }),
		),
}

// editionText is the part of an edition's body that readers see.
type editionText struct {
	edition int64
	cms.Text
}

var editionTextTable = &database.Table[editionText]{
	Name: "edition_texts",
	Columns: database.Within(readingColumns, func(t *editionText) *cms.Text { return &t.Text }).And(
		database.Number("edition", func(t *editionText) *int64 { return &t.edition }),
	),
}

// The columns that readers are shown, and how queries list them.
var (
	readableColumns = editionColumns.Without("digest", "retired_at")
	readingColumns  = textColumns.Only("body_html", "outline", "media")
	selectedEdition = readableColumns.Of("a")
	selectedReading = readingColumns.Of("t")
)

// newEdition is an edition that is not saved yet, with its place in the search index.
type newEdition struct {
	*cms.Edition
	text      *cms.Text
	searchRow int64
}

// AddEdition saves an edition, makes it the live one and counts it with what it refers to. The
// edition before it must have been retired.
func (db *DB) AddEdition(e *cms.Edition, t *cms.Text) error {
	row, err := db.indexEdition(e, t)
	if err != nil {
		return err
	}
	return db.addEditions([]newEdition{{e, t, row}})
}

// addEditions saves editions whose words are indexed already. Everything that readers see for the
// first time is saved here.
func (db *DB) addEditions(list []newEdition) error {
	if len(list) == 0 {
		return nil
	}
	last, err := database.QueryRow(
		db.Tx,
		database.From("editions").Columns("coalesce(max(rowid), 0)"),
		(*database.Row).Number,
	)
	if err != nil {
		return err
	}
	var rows newEditionRows
	refs := make(map[cms.ID][]cms.RefID, len(list))
	for i, e := range list {
		rows.add(last+1+int64(i), e)
		refs[e.ArticleID] = e.Refs
	}
	if err := rows.insert(db.Tx); err != nil {
		return err
	}
	db.countUp("live", len(list))
	refs, err = db.withAbove(refs)
	if err != nil {
		return err
	}
	if err := db.invalidateEditions(refs); err != nil {
		return err
	}
	return db.countRefs(1, refs)
}

// newEditionRows are the rows of new editions.
type newEditionRows struct {
	editions []editionRow
	texts    []editionText
	slugs    []articleSlug
	feed     []feedRow
	media    []mediaUse
}

func (rows *newEditionRows) add(row int64, e newEdition) {
	rows.editions = append(rows.editions, editionRow{row, *e.Edition, &e.searchRow})
	rows.texts = append(rows.texts, editionText{row, *e.text})
	rows.slugs = append(rows.slugs, articleSlug{e.Slug, e.ArticleID, true})
	for _, ref := range e.Refs {
		rows.feed = append(rows.feed,
			feedRow{ref.Noun, ref.ID, e.PublishedAt, e.ArticleID, row})
	}
	rows.media = append(rows.media, mediaUses(cms.ArticleKind, e.ArticleID, true,
		cms.MediaRefs(&e.ArticleMedia, e.text))...)
}

func (rows *newEditionRows) insert(tx *database.Tx) error {
	if err := database.Insert(tx, editionTable, rows.editions...); err != nil {
		return err
	}
	if err := database.Insert(tx, editionTextTable, rows.texts...); err != nil {
		return err
	}
	if err := database.Insert(tx, articleSlugTable, rows.slugs...); err != nil {
		return err
	}
	if err := database.Insert(tx, mediaUseTable, rows.media...); err != nil {
		return err
	}
	return database.Insert(tx, feedTable, rows.feed...)
}

// RetireEdition removes the live edition of an article from what readers see. It does nothing if
// none is live.
func (db *DB) RetireEdition(id cms.ID) error {
	articles, err := db.unfeed(id)
	if err != nil {
		return err
	}
	if err := db.unindexEdition(id); err != nil {
		return err
	}
	if err := db.setMediaUses(cms.ArticleKind, id, true, nil); err != nil {
		return err
	}
	retire := database.SQL("UPDATE editions SET live = FALSE, retired_at = ? "+
		"WHERE article_id = ? AND live RETURNING rowid", db.Now(), id)
	retired, err := database.QueryAll(db.Tx, retire, (*database.Row).Number)
	if err != nil || len(retired) == 0 {
		return err
	}
	if err := db.invalidateEditions(articles); err != nil {
		return err
	}
	db.countUp("live", -1)
	return nil
}

// InvalidateArticle makes answers fall that were made of an article, or of that it is not there.
func (db *DB) InvalidateArticle(id cms.ID) { db.invalidate(cms.ArticleCacheTag(id)) }
