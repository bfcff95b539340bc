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
	idsColumn("tags", func(e *cms.Edition) *[]cms.ID { return &e.Tags }),
	database.Text("digest", func(e *cms.Edition) *string { return &e.Digest }),
	database.Time("published_at", func(e *cms.Edition) *time.Time { return &e.PublishedAt }),
	database.Time("edition_at", func(e *cms.Edition) *time.Time { return &e.EditionAt }),
	database.Time("created_at", func(e *cms.Edition) *time.Time { return &e.CreatedAt }),
	database.Time("updated_at", func(e *cms.Edition) *time.Time { return &e.UpdatedAt }),
)

// editionRow is an edition with the number that its text and the feeds of its tags refer to, and
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

// feedRow is a live edition in the feed of a tag.
type feedRow struct {
	tagID       cms.ID
	publishedAt time.Time
	articleID   cms.ID
	edition     int64
}

var feedTable = &database.Table[feedRow]{
	Name: "tag_feed",
	Columns: database.Columns[feedRow]{
		database.Text("tag_id", func(f *feedRow) *cms.ID { return &f.tagID }),
		database.Time("published_at", func(f *feedRow) *time.Time { return &f.publishedAt }),
		database.Text("article_id", func(f *feedRow) *cms.ID { return &f.articleID }),
		database.Number("edition", func(f *feedRow) *int64 { return &f.edition }),
	},
}

// The columns that readers are shown, and how queries list them.
var (
	readableColumns = editionColumns.Without("digest")
	readingColumns  = textColumns.Only("body_html", "outline")
	selectedEdition = readableColumns.Of("a")
	selectedReading = readingColumns.Of("t")
)

// newEdition is an edition that is not saved yet, with its place in the search index.
type newEdition struct {
	*cms.Edition
	text      *cms.Text
	searchRow int64
}

// AddEdition saves an edition, makes it the live one and counts it with its tags. The edition
// before it must have been retired.
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
	carried := make(map[cms.ID][]cms.ID, len(list))
	for i, e := range list {
		rows.add(last+1+int64(i), e)
		carried[e.ArticleID] = e.Tags
	}
	if err := rows.insert(db.Tx); err != nil {
		return err
	}
	db.countUp("live", len(list))
	if err := db.invalidateEditions(carried); err != nil {
		return err
	}
	return db.countTags(carried)
}

// newEditionRows are the rows of new editions.
type newEditionRows struct {
	editions []editionRow
	texts    []editionText
	slugs    []articleSlug
	feed     []feedRow
}

func (rows *newEditionRows) add(row int64, e newEdition) {
	rows.editions = append(rows.editions, editionRow{row, *e.Edition, &e.searchRow})
	rows.texts = append(rows.texts, editionText{row, *e.text})
	rows.slugs = append(rows.slugs, articleSlug{e.Slug, e.ArticleID, true})
	for _, tag := range e.Tags {
		rows.feed = append(rows.feed, feedRow{tag, e.PublishedAt, e.ArticleID, row})
	}
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
	return database.Insert(tx, feedTable, rows.feed...)
}

// RetireEdition removes the live edition of an article from what readers see. It does nothing if
// none is live.
func (db *DB) RetireEdition(id cms.ID) error {
	tags, err := db.unfeed(id)
	if err != nil {
		return err
	}
	if err := db.unindexEdition(id); err != nil {
		return err
	}
	const retire = "UPDATE editions SET live = FALSE WHERE article_id = ? AND live RETURNING rowid"
	retired, err := database.QueryAll(db.Tx, database.SQL(retire, id), (*database.Row).Number)
	if err != nil || len(retired) == 0 {
		return err
	}
	if err := db.invalidateEditions(map[cms.ID][]cms.ID{id: tags}); err != nil {
		return err
	}
	db.countUp("live", -1)
	return nil
}

// countTags adds live articles to the counts of their tags.
func (db *DB) countTags(carried map[cms.ID][]cms.ID) error {
	count := map[cms.ID]int{}
	for _, tags := range carried {
		for _, tag := range tags {
			count[tag]++
		}
	}
	equal := map[int][]cms.ID{} // the tags that so many of the articles have
	for tag, n := range count {
		equal[n] = append(equal[n], tag)
	}
	for n, tags := range equal {
		some := database.OneOf(db.Tx, "id", tags)
		args := append([]any{n}, some.Args...)
		const count = "UPDATE tags SET article_count = article_count + ? WHERE "
		err := db.Exec(count+some.Text, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// unfeed removes an article from the feeds of its tags, and returns them.
func (db *DB) unfeed(id cms.ID) ([]cms.ID, error) {
	const uncount = `UPDATE tags SET article_count = article_count - 1
		WHERE id IN (SELECT tag_id FROM tag_feed WHERE article_id = ?)`
	if err := db.Exec(uncount, id); err != nil {
		return nil, err
	}
	const unfeed = "DELETE FROM tag_feed WHERE article_id = ? RETURNING tag_id"
	return database.QueryAll(db.Tx, database.SQL(unfeed, id), scanID)
}
