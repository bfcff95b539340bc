package store

import (
	"github.com/masthead-cms/masthead/internal/cms"
)

const linkColumns = `l.id, l.article_id, l.version, l.rel, l.target_id, l.title, l.url, l.host, l.source, l.note, l.created_at,
	l.updated_at`

// The columns of the articles at the ends of a link, its target t and its owner o.
const (
	targetColumns = ", t.slug, t.title, t.type, t.locale, t.published_at"
	fromColumns   = ", o.slug, o.title, o.type, o.locale, o.published_at"
)

// link reads the columns of linkColumns and, behind them, the position.
func (r *row) link() (l cms.Link) {
	l.ID, l.ArticleID, l.Version, l.Rel, l.TargetID = r.id(), r.id(), r.number(), cms.Rel(r.text()), r.maybeID()
	l.Title, l.URL, l.Host, l.Source, l.Note = r.text(), r.text(), r.text(), r.text(), r.text()
	l.CreatedAt, l.UpdatedAt, l.Position = r.time(), r.time(), int(r.number())
	return l
}

// articleRef reads the article at an end of a link, nil if there is none.
func (r *row) articleRef(id *cms.ID) *cms.ArticleRef {
	ref := cms.ArticleRef{Slug: r.text(), Title: r.text(), Type: cms.ArticleType(r.text()), Locale: r.text(), PublishedAt: r.maybeTime()}
	if id == nil || ref.Slug == "" {
		return nil
	}
	ref.ID = *id
	return &ref
}

// links are links with their targets. Readers get those whose target, if it is an article here, is live.
var links = map[cms.View]selectQuery{
	cms.LiveView: from("links AS l LEFT JOIN editions AS t ON t.article_id = l.target_id AND t.live").
		where("(l.target_id IS NULL OR t.article_id IS NOT NULL)"),
	cms.DraftView: from("links AS l LEFT JOIN articles AS t ON t.id = l.target_id"),
}

// owned adds the articles that links belong to. Readers get links of live articles only.
func owned(rows selectQuery, view cms.View) selectQuery {
	if view == cms.LiveView {
		return rows.join("JOIN editions AS o ON o.article_id = l.article_id AND o.live")
	}
	return rows.join("JOIN articles AS o ON o.id = l.article_id")
}

func (db *DB) linksOf(view cms.View, articles []cms.ID) ([]cms.LinkDetail, error) {
	rows := whereIn(db, links[view], "l.article_id", articles).order("l.article_id, l.position")
	list, err := queryAll(db, rows.columns(linkColumns+", l.position"+targetColumns), func(r *row) cms.LinkDetail {
		link := r.link()
		return cms.LinkDetail{Link: link, Target: r.articleRef(link.TargetID)}
	})
	if view == cms.LiveView { // readers must not learn from a gap that there is a link they cannot see
		for i := range list {
			list[i].Position = 1
			if i > 0 && list[i].ArticleID == list[i-1].ArticleID {
				list[i].Position = list[i-1].Position + 1
			}
		}
	}
	return list, err
}

// positions are where the position of a link is found: for readers it is that among the links of its article that they
// can see.
var positions = map[cms.View]string{
	cms.DraftView: ", l.position",
	cms.LiveView: `, (SELECT count(*) FROM links AS m LEFT JOIN editions AS n ON n.article_id = m.target_id AND n.live
		WHERE m.article_id = l.article_id AND m.position <= l.position AND (m.target_id IS NULL OR n.article_id IS NOT NULL))`,
}

// readLinks reads links with the articles at both their ends.
func (db *DB) readLinks(rows selectQuery, view cms.View) ([]cms.LinkDetail, error) {
	return queryAll(db, rows.columns(linkColumns+positions[view]+targetColumns+fromColumns), func(r *row) cms.LinkDetail {
		link := r.link()
		return cms.LinkDetail{Link: link, Target: r.articleRef(link.TargetID), From: r.articleRef(&link.ArticleID)}
	})
}

// LinksOf are the links of an article, in order, in a view.
func (db *DB) LinksOf(view cms.View, article cms.ID) ([]cms.LinkDetail, error) {
	return db.linksOf(view, []cms.ID{article})
}

// Links lists links of many articles, the newest first.
func (db *DB) Links(q cms.LinkQuery, article, target cms.ID) (cms.List[cms.LinkDetail], error) {
	rows := owned(links[q.View], q.View)
	if article != "" {
		rows = rows.where("l.article_id = ?", article)
	}
	if target != "" {
		rows = rows.where("l.target_id = ?", target)
	}
	if q.Host != "" {
		rows = rows.where("l.host = ?", q.Host)
	}
	var total int64
	var err error
	if q.Page.Count {
		if total, err = db.count(rows); err != nil {
			return cms.List[cms.LinkDetail]{}, err
		}
	}
	o := order{column: "l.id", id: "l.id"}
	found, err := db.readLinks(o.window(rows, cms.Sort{Descending: true}, q.Page), q.View)
	list := pageOf(found, q.Page)
	list.Total = total
	return list, err
}

// Link is one link with the articles at both its ends, ErrNone if the view has none.
func (db *DB) Link(view cms.View, id cms.ID) (*cms.LinkDetail, error) {
	found, err := db.readLinks(owned(links[view], view).where("l.id = ?", id), view)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}

// BareLinks are an article's links as they are stored, in order.
func (db *DB) BareLinks(article cms.ID) ([]cms.Link, error) {
	rows := from("links AS l").where("l.article_id = ?", article).order("l.position, l.id")
	return queryAll(db, rows.columns(linkColumns+", l.position"), (*row).link)
}

// LinkingTo are the articles that have a link to one of some articles.
func (db *DB) LinkingTo(targets ...cms.ID) ([]cms.ID, error) {
	rows := whereIn(db, from("links"), "target_id", targets).order("article_id")
	return queryAll(db, rows.columns("DISTINCT article_id"), (*row).id)
}

// SaveLinks makes links all the links of an article. Those whose version is as it was are left alone.
func (db *DB) SaveLinks(was, links []cms.Link) error {
	before := map[cms.ID]int64{}
	db.invalidate(cms.AllLinks)
	for _, l := range was {
		before[l.ID] = l.Version
		db.invalidate(cms.ArticleCacheTag(l.ArticleID))
	}
	for _, l := range links {
		db.invalidate(cms.ArticleCacheTag(l.ArticleID))
		version, known := before[l.ID]
		delete(before, l.ID)
		var err error
		switch {
		case !known:
			err = db.insert(linkRows, linkValues(&l))
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
