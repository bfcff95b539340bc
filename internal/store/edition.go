package store

import (
	"time"

	"gorm.io/gorm"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// editionRow is an edition with the number that its text and the feeds of its tags know it by.
type editionRow struct {
	Row         int64 `gorm:"column:rowid;primaryKey;autoIncrement:false"`
	cms.Edition `gorm:"embedded"`
}

// TableName is where editions are.
func (editionRow) TableName() string { return "editions" }

// newEdition is an edition that is not saved yet, with its place in the search index.
type newEdition struct {
	*cms.Edition
	text      *cms.Text
	searchRow int64
}

type editionText struct {
	Edition int64         `gorm:"primaryKey;autoIncrement:false"`
	HTML    string        `gorm:"column:body_html"`
	Outline []cms.Heading `gorm:"serializer:json"`
}

// feedRow is a live edition among those of a tag.
type feedRow struct {
	TagID       cms.ID    `gorm:"primaryKey"`
	PublishedAt time.Time `gorm:"primaryKey"`
	ArticleID   cms.ID    `gorm:"primaryKey"`
	Edition     int64
}

// TableName is where the feeds of tags are.
func (feedRow) TableName() string { return "tag_feed" }

// AddEdition saves an edition, makes it the live one and counts it with its tags. The edition before it must have
// been retired.
func (db *DB) AddEdition(e *cms.Edition, t *cms.Text) error {
	row, err := db.indexEdition(e, t)
	if err != nil {
		return err
	}
	return db.addEditions([]newEdition{{e, t, row}})
}

// addEditions saves editions whose words can be found already. Everything that readers see for the first time comes by
// here.
func (db *DB) addEditions(list []newEdition) error {
	if len(list) == 0 {
		return nil
	}
	last, err := database.QueryRow(db.Tx, database.From("editions").Columns("coalesce(max(rowid), 0)"), (*database.Row).Number)
	if err != nil {
		return err
	}
	var editions, texts, slugs, feed [][]any
	carried := make(map[cms.ID][]cms.ID, len(list))
	for _, e := range list {
		last++
		id := string(e.ArticleID)
		editions = append(editions, editionValues(e.Edition, last, e.searchRow))
		texts = append(texts, []any{last, e.text.HTML, asJSON(e.text.Outline)})
		slugs = append(slugs, []any{e.Slug, id, true})
		for _, tag := range e.Tags {
			feed = append(feed, []any{string(tag), e.PublishedAt, id, last})
		}
		carried[e.ArticleID] = e.Tags
	}
	for _, table := range []struct {
		into database.Table
		rows [][]any
	}{{editionRows, editions}, {editionTextRows, texts}, {articleSlugRows, slugs}, {feedRows, feed}} {
		if err := db.Insert(table.into, table.rows...); err != nil {
			return err
		}
	}
	db.countUp("live", len(list))
	if err := db.invalidateEditions(carried); err != nil {
		return err
	}
	return db.countTags(carried)
}

// RetireEdition takes the live edition of an article from the readers; none is fine.
func (db *DB) RetireEdition(id cms.ID) error {
	tags, err := db.unfeed(id)
	if err != nil {
		return err
	}
	if err := db.unindexEdition(id); err != nil {
		return err
	}
	retired := db.GORM.Model(&cms.Edition{}).Where("article_id = ? AND live", id).UpdateColumn("live", false)
	if retired.Error != nil || retired.RowsAffected == 0 {
		return retired.Error
	}
	if err := db.invalidateEditions(map[cms.ID][]cms.ID{id: tags}); err != nil {
		return err
	}
	db.countUp("live", -1)
	return nil
}

// countTags counts live articles with their tags.
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
		condition, arg := database.AnyOf(db.Tx, "id", tags)
		if err := db.GORM.Exec("UPDATE tags SET article_count = article_count + ? WHERE "+condition, n, arg).Error; err != nil {
			return err
		}
	}
	return nil
}

// unfeed takes an article out of the feeds of its tags, which it answers.
func (db *DB) unfeed(id cms.ID) (tags []cms.ID, err error) {
	err = db.GORM.Model(&cms.Tag{}).Where("id IN (SELECT tag_id FROM tag_feed WHERE article_id = ?)", id).
		UpdateColumn("article_count", gorm.Expr("article_count - 1")).Error
	if err != nil {
		return nil, err
	}
	err = db.GORM.Raw("DELETE FROM tag_feed WHERE article_id = ? RETURNING tag_id", id).Scan(&tags).Error
	return tags, err
}
