package store

import (
	"gorm.io/gorm"

	"github.com/masthead-cms/masthead/internal/cms"
)

// newEdition is an edition with its place in the search index.
type newEdition struct {
	cms.Edition `gorm:"embedded"`
	SearchRow   int64
}

// TableName is where editions are.
func (newEdition) TableName() string { return "editions" }

type editionText struct {
	ArticleID cms.ID        `gorm:"primaryKey"`
	Number    int           `gorm:"primaryKey"`
	HTML      string        `gorm:"column:body_html"`
	Outline   []cms.Heading `gorm:"serializer:json"`
}

type editionTag struct {
	ArticleID cms.ID `gorm:"primaryKey"`
	Number    int    `gorm:"primaryKey"`
	TagID     cms.ID `gorm:"primaryKey"`
	Position  int
}

// AddEdition saves an edition, makes it the live one and counts it with its tags. The edition before it must have
// been retired.
func (db *DB) AddEdition(e *cms.Edition, t *cms.Text, tags []cms.ID) error {
	row, err := db.indexEdition(e, t, tags)
	if err != nil {
		return err
	}
	if err := db.gorm.Create(&newEdition{*e, row}).Error; err != nil {
		return err
	}
	if err := db.gorm.Create(&editionText{e.ArticleID, e.Number, t.HTML, t.Outline}).Error; err != nil {
		return err
	}
	if err := db.countUp("live", 1); err != nil {
		return err
	}
	if err := db.touchEdition(e.ArticleID, tags); err != nil {
		return err
	}
	if err := db.ReserveSlug(e.Slug, e.ArticleID, true); err != nil || len(tags) == 0 {
		return err
	}
	rows := make([]editionTag, len(tags))
	for i, tag := range tags {
		rows[i] = editionTag{e.ArticleID, e.Number, tag, i}
	}
	if err := db.gorm.Create(&rows).Error; err != nil {
		return err
	}
	return db.feed(e.ArticleID)
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
	retired := db.gorm.Model(&cms.Edition{}).Where("article_id = ? AND live", id).UpdateColumn("live", false)
	if retired.Error != nil || retired.RowsAffected == 0 {
		return retired.Error
	}
	if err := db.touchEdition(id, tags); err != nil {
		return err
	}
	return db.countUp("live", -1)
}

// feed puts the live edition of an article into the feeds of its tags and counts it there.
func (db *DB) feed(id cms.ID) error {
	err := db.gorm.Exec(`INSERT INTO tag_feed (tag_id, published_at, article_id)
		SELECT et.tag_id, e.published_at, e.article_id FROM editions e
		JOIN edition_tags et ON et.article_id = e.article_id AND et.number = e.number
		WHERE e.article_id = ? AND e.live`, id).Error
	if err != nil {
		return err
	}
	return db.count(id, "article_count + 1")
}

// unfeed takes an article out of the feeds of its tags, which it answers.
func (db *DB) unfeed(id cms.ID) (tags []cms.ID, err error) {
	if err := db.count(id, "article_count - 1"); err != nil {
		return nil, err
	}
	err = db.gorm.Raw("DELETE FROM tag_feed WHERE article_id = ? RETURNING tag_id", id).Scan(&tags).Error
	return tags, err
}

func (db *DB) count(id cms.ID, expr string) error {
	return db.gorm.Model(&cms.Tag{}).Where("id IN (SELECT tag_id FROM tag_feed WHERE article_id = ?)", id).
		UpdateColumn("article_count", gorm.Expr(expr)).Error
}
