package store

import (
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

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
	return database.QueryRow(db.Tx, database.From("articles AS a").Where("a.id = ?", id).Columns(articleColumns), scanArticle)
}

// Text is the body of a working copy.
func (db *DB) Text(id cms.ID) (*cms.Text, error) {
	return database.QueryRow(db.Tx, database.From("article_texts AS t").Where("t.article_id = ?", id).Columns(textColumns), scanText)
}

// TagsOf are the ids of a working copy's tags, in order.
func (db *DB) TagsOf(id cms.ID) ([]cms.ID, error) {
	return database.QueryAll(db.Tx, database.From("article_tags").Where("article_id = ?", id).OrderBy("position").Columns("tag_id"), scanID)
}

// NewArticle is an article that is not saved yet, with all that comes with it.
type NewArticle struct {
	Article  *cms.Article
	Text     *cms.Text
	Tags     []cms.ID
	Words    *IndexedWords // of the article and its text; nil: it is indexed later
	Edition  *cms.Edition  // the live one, with the same words and published when the article says; nil: none
	OldSlugs []string      // which lead to it besides its own
	Links    []cms.Link    // its related links, in order
}

// AddArticle saves a new working copy with its body and tags.
func (db *DB) AddArticle(a *cms.Article, t *cms.Text, tags []cms.ID) error {
	return db.AddArticles([]NewArticle{{Article: a, Text: t, Tags: tags}})
}

// AddArticles saves new articles as they stand, in a few statements for all of them.
func (db *DB) AddArticles(list []NewArticle) error {
	if len(list) == 0 {
		return nil
	}
	searchRows, err := db.indexNew(list)
	if err != nil {
		return err
	}
	var articles, bodies, tags, slugs, links [][]any
	var editions []newEdition
	for i, n := range list {
		id := string(n.Article.ID)
		articles = append(articles, articleValues(n.Article, searchRows[i]))
		bodies = append(bodies, []any{id, n.Text.Body, string(n.Text.Format), n.Text.HTML, asJSON(n.Text.Outline)})
		tags = append(tags, articleTagValues(n.Article.ID, n.Tags)...)
		if n.Edition != nil {
			editions = append(editions, newEdition{n.Edition, n.Text, *searchRows[i]})
		} else {
			slugs = append(slugs, []any{n.Article.Slug, id, false})
		}
		for _, slug := range n.OldSlugs {
			slugs = append(slugs, []any{slug, id, n.Edition != nil})
		}
		for k := range n.Links {
			links = append(links, linkValues(&n.Links[k]))
			db.invalidate(cms.AllLinks, cms.ArticleCacheTag(n.Article.ID))
		}
	}
	for _, table := range []struct {
		into database.Table
		rows [][]any
	}{{articleRows, articles}, {articleTextRows, bodies}, {articleTagRows, tags}, {articleSlugRows, slugs}, {linkRows, links}} {
		if err := db.Insert(table.into, table.rows...); err != nil {
			return err
		}
	}
	db.countUp("draft", len(list))
	return db.addEditions(editions)
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
		db.countUp("draft", by)
	}
	return db.GORM.Select("*").Omit("id", "created_by", "created_at").Where("id = ?", a.ID).Updates(a).Error
}

// SaveText saves the body and the tags of a working copy, whose words are indexed later, and keeps its slug for it.
func (db *DB) SaveText(a *cms.Article, t *cms.Text, tags []cms.ID) error {
	if err := db.GORM.Select("*").Where("article_id = ?", a.ID).Updates(&articleText{a.ID, *t}).Error; err != nil {
		return err
	}
	if err := db.GORM.Where("article_id = ?", a.ID).Delete(&articleTag{}).Error; err != nil {
		return err
	}
	if err := db.Insert(articleTagRows, articleTagValues(a.ID, tags)...); err != nil {
		return err
	}
	if err := db.unindexDraft(a.ID); err != nil {
		return err
	}
	return db.ReserveSlug(a.Slug, a.ID, false)
}

// outOfTrash tells whether a working copy is saved and not in the trash.
func (db *DB) outOfTrash(id cms.ID) (bool, error) {
	var n int64
	err := db.GORM.Model(&cms.Article{}).Where("id = ? AND trashed_at IS NULL", id).Count(&n).Error
	return n > 0, err
}

func articleTagValues(id cms.ID, tags []cms.ID) [][]any {
	rows := make([][]any, len(tags))
	for i, tag := range tags {
		rows[i] = []any{string(id), string(tag), int64(i)}
	}
	return rows
}

// DeleteArticle removes an article and all that belongs to it. Its edition must have been retired before.
func (db *DB) DeleteArticle(id cms.ID) error {
	counted, err := db.outOfTrash(id)
	if err != nil {
		return err
	}
	if counted {
		db.countUp("draft", -1)
	}
	if err := db.unindexDraft(id); err != nil {
		return err
	}
	return db.GORM.Where("id = ?", id).Delete(&cms.Article{}).Error
}

// ReserveSlug keeps a slug for an article; one that has been public stays so.
func (db *DB) ReserveSlug(slug string, id cms.ID, public bool) error {
	return db.Insert(articleSlugRows, []any{slug, string(id), public})
}

// SlugOwner is the article that a slug is kept for, ErrNone if it is free.
func (db *DB) SlugOwner(slug string) (cms.ID, error) {
	return database.QueryRow(db.Tx, database.From("article_slugs").Where("slug = ?", slug).Columns("article_id"), scanID)
}

// SlugOwners are the articles that slugs are kept for; those that are free are not among them.
func (db *DB) SlugOwners(slugs []string) (map[string]cms.ID, error) {
	condition, arg := database.AnyOf(db.Tx, "slug", slugs)
	var rows []articleSlug
	if err := db.GORM.Where(condition, arg).Find(&rows).Error; err != nil {
		return nil, err
	}
	owners := make(map[string]cms.ID, len(rows))
	for _, row := range rows {
		owners[row.Slug] = row.ArticleID
	}
	return owners, nil
}

// ArticleIDBySlug is the id of the article that a slug led or leads to in a view, ErrNone if it leads nowhere. Readers find what
// readers could once use.
func (db *DB) ArticleIDBySlug(view cms.View, slug string) (cms.ID, error) {
	rows := database.From("article_slugs").Where("slug = ?", slug)
	if view == cms.LiveView {
		rows = rows.Where("public")
	}
	return database.QueryRow(db.Tx, rows.Columns("article_id"), scanID)
}
