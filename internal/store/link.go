package store

import (
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/masthead-cms/masthead/internal/cms"
)

type linkRow struct {
	cms.Link          `gorm:"embedded"`
	TargetSlug        string
	TargetTitle       string
	TargetType        cms.ArticleType
	TargetLocale      string
	TargetPublishedAt *time.Time
	FromSlug          string
	FromTitle         string
	FromType          cms.ArticleType
	FromLocale        string
	FromPublishedAt   *time.Time
}

const linkColumns = `l.id, l.article_id, l.version, l.position, l.rel, l.target_id, l.title, l.url, l.host, l.source, l.note,
	l.created_at, l.updated_at, t.slug AS target_slug, t.title AS target_title, t.type AS target_type, t.locale AS target_locale,
	t.published_at AS target_published_at`

const fromColumns = `, o.slug AS from_slug, o.title AS from_title, o.type AS from_type, o.locale AS from_locale,
	o.published_at AS from_published_at`

// links are links with their targets. Readers get those whose target, if it is an article here, is live.
func (db *DB) links(view cms.View) *gorm.DB {
	q := db.gorm.Table("links AS l")
	if view == cms.LiveView {
		return q.Joins("LEFT JOIN editions AS t ON t.article_id = l.target_id AND t.live").
			Where("(l.target_id IS NULL OR t.article_id IS NOT NULL)")
	}
	return q.Joins("LEFT JOIN articles AS t ON t.id = l.target_id")
}

// owned adds the articles that links belong to. Readers get links of live articles only.
func owned(q *gorm.DB, view cms.View) *gorm.DB {
	if view == cms.LiveView {
		return q.Joins("JOIN editions AS o ON o.article_id = l.article_id AND o.live")
	}
	return q.Joins("JOIN articles AS o ON o.id = l.article_id")
}

func (db *DB) linksOf(view cms.View, articles []cms.ID) ([]cms.LinkDetail, error) {
	condition, arg := anyOf(db, "l.article_id", articles)
	var rows []linkRow
	err := db.links(view).Where(condition, arg).Select(linkColumns).Order("l.article_id, l.position").Find(&rows).Error
	if view == cms.LiveView { // readers must not learn from a gap that there is a link they cannot see
		for i := range rows {
			rows[i].Position = 1
			if i > 0 && rows[i].ArticleID == rows[i-1].ArticleID {
				rows[i].Position = rows[i-1].Position + 1
			}
		}
	}
	return linkDetails(rows), err
}

// placeShown is a link's position among the links of its article that readers can see.
const placeShown = `, (SELECT count(*) FROM links AS m LEFT JOIN editions AS n ON n.article_id = m.target_id AND n.live
	WHERE m.article_id = l.article_id AND m.position <= l.position AND (m.target_id IS NULL OR n.article_id IS NOT NULL)) AS position`

// linkColumnsOf are the columns of links with the articles that carry them, in a view.
func linkColumnsOf(view cms.View) string {
	if view == cms.LiveView {
		return strings.Replace(linkColumns, "l.position, ", "", 1) + fromColumns + placeShown
	}
	return linkColumns + fromColumns
}

// LinksOf are the links of an article, in order, in a view.
func (db *DB) LinksOf(view cms.View, article cms.ID) ([]cms.LinkDetail, error) {
	return db.linksOf(view, []cms.ID{article})
}

// Links lists links of many articles, the newest first.
func (db *DB) Links(q cms.LinkQuery, article, target cms.ID) (cms.List[cms.LinkDetail], error) {
	rows := owned(db.links(q.View), q.View)
	if article != "" {
		rows = rows.Where("l.article_id = ?", article)
	}
	if target != "" {
		rows = rows.Where("l.target_id = ?", target)
	}
	if q.Host != "" {
		rows = rows.Where("l.host = ?", q.Host)
	}
	var total int64
	if q.Window.Count {
		if err := rows.Session(&gorm.Session{}).Count(&total).Error; err != nil {
			return cms.List[cms.LinkDetail]{}, err
		}
	}
	o := order{column: "l.id", id: "l.id"}
	var found []linkRow
	err := o.window(rows.Session(&gorm.Session{}), cms.Sort{Down: true}, q.Window).Select(linkColumnsOf(q.View)).Find(&found).Error
	list := trim(linkDetails(found), q.Window)
	list.Total = total
	return list, err
}

// Link is one link with the articles at both its ends, ErrNone if the view has none.
func (db *DB) Link(view cms.View, id cms.ID) (*cms.LinkDetail, error) {
	var row linkRow
	if err := first(owned(db.links(view), view).Where("l.id = ?", id).Select(linkColumnsOf(view)), &row); err != nil {
		return nil, err
	}
	return &linkDetails([]linkRow{row})[0], nil
}

func linkDetails(rows []linkRow) []cms.LinkDetail {
	out := make([]cms.LinkDetail, len(rows))
	for i, r := range rows {
		out[i].Link = r.Link
		if r.TargetID != nil && r.TargetSlug != "" {
			out[i].Target = &cms.ArticleRef{ID: *r.TargetID, Slug: r.TargetSlug, Title: r.TargetTitle, Type: r.TargetType,
				Locale: r.TargetLocale, PublishedAt: r.TargetPublishedAt}
		}
		if r.FromSlug != "" {
			out[i].From = &cms.ArticleRef{ID: r.ArticleID, Slug: r.FromSlug, Title: r.FromTitle, Type: r.FromType,
				Locale: r.FromLocale, PublishedAt: r.FromPublishedAt}
		}
	}
	return out
}

// BareLinks are an article's links as they are stored, in order.
func (db *DB) BareLinks(article cms.ID) ([]cms.Link, error) {
	var links []cms.Link
	err := db.gorm.Where("article_id = ?", article).Order("position, id").Find(&links).Error
	return links, err
}

// LinkingTo are the articles that have a link to an article.
func (db *DB) LinkingTo(target cms.ID) ([]cms.ID, error) {
	var ids []cms.ID
	err := db.gorm.Model(&cms.Link{}).Where("target_id = ?", target).Distinct().Order("article_id").Pluck("article_id", &ids).Error
	return ids, err
}

// SaveLinks makes links all the links of an article. Those whose version is as it was are left alone.
func (db *DB) SaveLinks(was, links []cms.Link) error {
	before := map[cms.ID]int64{}
	db.touch(cms.AllLinks)
	for _, l := range was {
		before[l.ID] = l.Version
		db.touch(cms.ArticleSubject(l.ArticleID))
	}
	for _, l := range links {
		db.touch(cms.ArticleSubject(l.ArticleID))
		version, known := before[l.ID]
		delete(before, l.ID)
		var err error
		switch {
		case !known:
			err = db.gorm.Create(&l).Error
		case version != l.Version:
			err = db.gorm.Select("*").Omit("id", "article_id", "created_at").Where("id = ?", l.ID).Updates(&l).Error
		}
		if err != nil {
			return err
		}
	}
	for id := range before {
		if err := db.gorm.Where("id = ?", id).Delete(&cms.Link{}).Error; err != nil {
			return err
		}
	}
	return nil
}
