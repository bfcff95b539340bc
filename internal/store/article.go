package store

import (
	"github.com/masthead-cms/masthead/internal/cms"
)

// newArticle is a working copy with its place in the search index.
type newArticle struct {
	cms.Article `gorm:"embedded"`
	SearchRow   int64
}

// TableName is where working copies are.
func (newArticle) TableName() string { return "articles" }

// articleText is a working copy's body, apart from the row that lists read.
type articleText struct {
	ArticleID cms.ID `gorm:"primaryKey"`
	cms.Text  `gorm:"embedded"`
}

type articleTag struct {
	ArticleID cms.ID `gorm:"primaryKey"`
	TagID     cms.ID `gorm:"primaryKey"`
	Position  int
}

type articleSlug struct {
	Slug      string `gorm:"primaryKey"`
	ArticleID cms.ID
	Public    bool
}

// Article is a working copy, ErrNone if there is none. In a write it is the one to base a change on.
func (db *DB) Article(id cms.ID) (*cms.Article, error) {
	return one(db, from("articles AS a").where("a.id = ?", id).short().columns(articleColumns), (*row).article)
}

// Text is the body of a working copy.
func (db *DB) Text(id cms.ID) (*cms.Text, error) {
	return one(db, from("article_texts AS t").where("t.article_id = ?", id).short().columns(textColumns), (*row).body)
}

// TagsOf are the ids of a working copy's tags, in order.
func (db *DB) TagsOf(id cms.ID) ([]cms.ID, error) {
	return all(db, from("article_tags").where("article_id = ?", id).order("position").short().columns("tag_id"), (*row).id)
}

// AddArticle saves a new working copy with its body and tags.
func (db *DB) AddArticle(a *cms.Article, t *cms.Text, tags []cms.ID) error {
	row, err := db.addSearchRow(&a.Piece, t.HTML, tags, searchTime(a))
	if err != nil {
		return err
	}
	if err := db.gorm.Create(&newArticle{*a, row}).Error; err != nil {
		return err
	}
	if err := db.gorm.Create(&articleText{a.ID, *t}).Error; err != nil {
		return err
	}
	if err := db.addTags(a.ID, tags); err != nil {
		return err
	}
	if err := db.countUp("draft", 1); err != nil {
		return err
	}
	return db.ReserveSlug(a.Slug, a.ID, false)
}

// SaveArticle saves every field of a working copy's row.
func (db *DB) SaveArticle(a *cms.Article) error {
	was, err := db.outOfTrash(a.ID)
	if err != nil {
		return err
	}
	if is := a.TrashedAt == nil; is != was {
		by := -1
		if is {
			by = 1
		}
		if err := db.countUp("draft", by); err != nil {
			return err
		}
	}
	return db.gorm.Select("*").Omit("id", "created_by", "created_at").Where("id = ?", a.ID).Updates(a).Error
}

// SaveText saves the body and the tags of a working copy and keeps its slug for it.
func (db *DB) SaveText(a *cms.Article, t *cms.Text, tags []cms.ID) error {
	if err := db.gorm.Select("*").Where("article_id = ?", a.ID).Updates(&articleText{a.ID, *t}).Error; err != nil {
		return err
	}
	if err := db.gorm.Where("article_id = ?", a.ID).Delete(&articleTag{}).Error; err != nil {
		return err
	}
	if err := db.addTags(a.ID, tags); err != nil {
		return err
	}
	if err := db.indexCopy(a, t, tags); err != nil {
		return err
	}
	return db.ReserveSlug(a.Slug, a.ID, false)
}

// outOfTrash tells whether a working copy is saved and not in the trash.
func (db *DB) outOfTrash(id cms.ID) (bool, error) {
	var n int64
	err := db.gorm.Model(&cms.Article{}).Where("id = ? AND trashed_at IS NULL", id).Count(&n).Error
	return n > 0, err
}

func (db *DB) addTags(id cms.ID, tags []cms.ID) error {
	if len(tags) == 0 {
		return nil
	}
	rows := make([]articleTag, len(tags))
	for i, tag := range tags {
		rows[i] = articleTag{id, tag, i}
	}
	return db.gorm.Create(&rows).Error
}

// DeleteArticle removes an article and all that belongs to it. Its edition must have been retired before.
func (db *DB) DeleteArticle(id cms.ID) error {
	counted, err := db.outOfTrash(id)
	if err != nil {
		return err
	}
	if counted {
		if err := db.countUp("draft", -1); err != nil {
			return err
		}
	}
	if err := db.unindexCopy(id); err != nil {
		return err
	}
	return db.gorm.Where("id = ?", id).Delete(&cms.Article{}).Error
}

// ReserveSlug keeps a slug for an article; one that has been public stays so.
func (db *DB) ReserveSlug(slug string, id cms.ID, public bool) error {
	return db.gorm.Exec(`INSERT INTO article_slugs (slug, article_id, public) VALUES (?, ?, ?)
		ON CONFLICT (slug) DO UPDATE SET public = (article_slugs.public OR excluded.public)`, slug, id, public).Error
}

// SlugOwner is the article that a slug is kept for, ErrNone if it is free.
func (db *DB) SlugOwner(slug string) (cms.ID, error) {
	return one(db, from("article_slugs").where("slug = ?", slug).short().columns("article_id"), (*row).id)
}

// Find is the id of the article that a slug led or leads to in a view, ErrNone if it leads nowhere. Readers find what
// readers could once use.
func (db *DB) Find(view cms.View, slug string) (cms.ID, error) {
	rows := from("article_slugs").where("slug = ?", slug)
	if view == cms.LiveView {
		rows = rows.where("public")
	}
	return one(db, rows.short().columns("article_id"), (*row).id)
}
