package store

import (
	"gorm.io/gorm"

	"github.com/masthead-cms/masthead/internal/cms"
)

// newEdition is an edition that is not saved yet, with its place in the search index.
type newEdition struct {
	*cms.Edition
	text      *cms.Text
	tags      []cms.ID
	searchRow int64
}

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
	return db.addEditions([]newEdition{{e, t, tags, row}})
}

// addEditions saves editions whose words can be found already. Everything that readers see for the first time comes by
// here.
func (db *DB) addEditions(list []newEdition) error {
	if len(list) == 0 {
		return nil
	}
	var editions, texts, slugs, tags [][]any
	for _, e := range list {
		id, number := string(e.ArticleID), int64(e.Number)
		editions = append(editions, editionValues(e.Edition, e.searchRow))
		texts = append(texts, []any{id, number, e.text.HTML, asJSON(e.text.Outline)})
		slugs = append(slugs, []any{e.Slug, id, true})
		for i, tag := range e.tags {
			tags = append(tags, []any{id, number, string(tag), int64(i)})
		}
	}
	for _, table := range []struct {
		into hot
		rows [][]any
	}{{editionRows, editions}, {editionTextRows, texts}, {articleSlugRows, slugs}, {editionTagRows, tags}} {
		if err := db.insert(table.into, table.rows...); err != nil {
			return err
		}
	}
	db.countUp("live", len(list))
	touched := make(map[cms.ID][]cms.ID, len(list))
	for _, e := range list {
		touched[e.ArticleID] = e.tags
	}
	if err := db.touchEditions(touched); err != nil {
		return err
	}
	return db.feed(list)
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
	if err := db.touchEditions(map[cms.ID][]cms.ID{id: tags}); err != nil {
		return err
	}
	db.countUp("live", -1)
	return nil
}

// feed puts live editions into the feeds of their tags and counts them there.
func (db *DB) feed(list []newEdition) error {
	var rows [][]any
	count := map[cms.ID]int{}
	for _, e := range list {
		for _, tag := range e.tags {
			rows = append(rows, []any{string(tag), e.PublishedAt, string(e.ArticleID)})
			count[tag]++
		}
	}
	if err := db.insert(feedRows, rows...); err != nil {
		return err
	}
	equal := map[int][]cms.ID{} // the tags that so many of the editions have
	for tag, n := range count {
		equal[n] = append(equal[n], tag)
	}
	for n, tags := range equal {
		condition, arg := anyOf(db, "id", tags)
		if err := db.gorm.Exec("UPDATE tags SET article_count = article_count + ? WHERE "+condition, n, arg).Error; err != nil {
			return err
		}
	}
	return nil
}

// unfeed takes an article out of the feeds of its tags, which it answers.
func (db *DB) unfeed(id cms.ID) (tags []cms.ID, err error) {
	err = db.gorm.Model(&cms.Tag{}).Where("id IN (SELECT tag_id FROM tag_feed WHERE article_id = ?)", id).
		UpdateColumn("article_count", gorm.Expr("article_count - 1")).Error
	if err != nil {
		return nil, err
	}
	err = db.gorm.Raw("DELETE FROM tag_feed WHERE article_id = ? RETURNING tag_id", id).Scan(&tags).Error
	return tags, err
}
