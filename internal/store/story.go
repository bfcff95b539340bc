package store

import (
	"gorm.io/gorm"

	"github.com/masthead-cms/masthead/internal/cms"
)

// A view is read from its own tables: the live one from editions, the draft one from articles. In the queries below
// "a" is the row of the article or edition, whichever it is.
type side struct {
	from   string // with the condition that keeps a view to itself
	id     string
	orders map[string]order
	tags   string // the tags an article has, as a condition on its row, closed by the caller
	refs   string // the tags of many articles
}

var sides = map[cms.View]side{
	cms.LiveView: {
		from: "editions AS a", id: "a.article_id",
		orders: map[string]order{
			"published_at": {column: "a.published_at", id: "a.article_id", value: byTime},
			"updated_at":   {column: "a.updated_at", id: "a.article_id", value: byTime},
			"title":        {column: "a.title_key", id: "a.article_id", value: byText},
		},
		tags: "FROM tag_feed AS f WHERE f.article_id = a.article_id AND ",
		refs: `SELECT x.article_id, t.id, t.slug, t.name FROM edition_tags AS x
			JOIN editions AS a ON a.article_id = x.article_id AND a.number = x.number AND a.live
			JOIN tags AS t ON t.id = x.tag_id WHERE `,
	},
	cms.DraftView: {
		from: "articles AS a", id: "a.id",
		orders: map[string]order{
			"published_at": {column: "a.published_at", id: "a.id", value: byTime, absent: true},
			"updated_at":   {column: "a.updated_at", id: "a.id", value: byTime},
			"title":        {column: "a.title_key", id: "a.id", value: byText},
		},
		tags: "FROM article_tags AS f WHERE f.article_id = a.id AND ",
		refs: "SELECT x.article_id, t.id, t.slug, t.name FROM article_tags AS x JOIN tags AS t ON t.id = x.tag_id WHERE ",
	},
}

const pieceColumns = `a.title, a.title_key, a.slug, a.type, a.locale, a.direction, a.kicker, a.summary, a.dateline, a.byline,
	a.source_name, a.source_url, a.source_license, a.canonical_url, a.meta_title, a.meta_description, a.noindex, a.extra, a.word_count`

const editionColumns = pieceColumns + `, a.article_id, a.number, a.live, a.digest, a.published_at, a.edition_at, a.created_at, a.updated_at`

const articleColumns = pieceColumns + `, a.id, a.version, a.status, a.published_at, a.editions, a.digest, a.live_digest,
	a.created_by, a.created_at, a.updated_at, a.trashed_at, u.name AS creator_name`

type editionRow struct {
	cms.Edition `gorm:"embedded"`
	BodyHTML    string        `gorm:"column:body_html"`
	Outline     []cms.Heading `gorm:"serializer:json"`
}

type articleRow struct {
	cms.Article `gorm:"embedded"`
	CreatorName string
	cms.Text    `gorm:"embedded"`
}

// Stories lists articles in at most six statements, whatever is asked for.
func (db *DB) Stories(q cms.ArticleQuery) (cms.List[cms.Story], error) {
	var list cms.List[cms.Story]
	rows, err := db.conditions(q)
	if err != nil {
		return list, err
	}
	if q.Window.Count {
		if err := rows.Session(&gorm.Session{}).Count(&list.Total).Error; err != nil {
			return list, err
		}
	}
	total := list.Total
	rows = sides[q.View].order(q).window(rows.Session(&gorm.Session{}), q.Sort, q.Window)
	stories, err := read(rows, q.View, q.WithText)
	if err != nil {
		return list, err
	}
	list = trim(stories, q.Window)
	list.Total = total
	return list, db.surround(list.Rows, q.View, q.WithLinks)
}

// order is the order of a query. A list of one tag in publishing order is read from the tag's own feed.
func (s side) order(q cms.ArticleQuery) order {
	o := s.orders[q.Sort.By]
	if fromFeed(q) {
		o.column, o.id = "g.published_at", "g.article_id"
	}
	return o
}

func fromFeed(q cms.ArticleQuery) bool {
	return q.View == cms.LiveView && len(q.TagAny) == 1 && q.Sort.By == "published_at"
}

// Story is one article whole, by its id or by its present slug; ErrNone if the view has none. The draft view also has
// what is in the trash.
func (db *DB) Story(view cms.View, id cms.ID, slug string) (*cms.Story, error) {
	s := sides[view]
	q := db.gorm.Table(s.from)
	if view == cms.LiveView {
		q = q.Where("a.live")
	}
	if id != "" {
		q = q.Where(s.id+" = ?", id)
	} else {
		q = q.Where("a.slug = ?", slug)
	}
	stories, err := read(q.Limit(1), view, true)
	if err != nil {
		return nil, err
	}
	if len(stories) == 0 {
		return nil, ErrNone
	}
	return &stories[0], db.surround(stories, view, true)
}

// conditions are the rows a query asks for, without order or window.
func (db *DB) conditions(q cms.ArticleQuery) (*gorm.DB, error) {
	s := sides[q.View]
	rows := db.gorm.Table(s.from)
	if q.View == cms.LiveView {
		rows = rows.Where("a.live")
	} else {
		trash := "a.trashed_at IS NULL"
		if q.Trashed {
			trash = "a.trashed_at IS NOT NULL"
		}
		rows = rows.Where(trash)
	}
	rows = among(db, rows, s.id, q.IDs)
	rows = among(db, rows, "a.slug", q.Slugs)
	rows = among(db, rows, "a.locale", q.Locales)
	rows = among(db, rows, "a.type", q.Types)
	rows = among(db, rows, "a.status", q.Statuses)
	rows = optional(rows, "a.published_at >= ?", q.PublishedFrom)
	rows = optional(rows, "a.published_at < ?", q.PublishedUntil)
	rows = optional(rows, "a.updated_at >= ?", q.UpdatedFrom)
	return db.tagged(rows, s, q)
}

// among keeps the rows whose column has one of the values; no values keep all rows.
func among[T ~string](db *DB, rows *gorm.DB, column string, values []T) *gorm.DB {
	if values == nil {
		return rows
	}
	if len(values) == 1 {
		return rows.Where(column+" = ?", values[0])
	}
	condition, arg := anyOf(db, column, values)
	return rows.Where(condition, arg)
}

// tagged keeps the rows whose set of tags is as asked for. A tag that does not exist is on no article.
func (db *DB) tagged(rows *gorm.DB, s side, q cms.ArticleQuery) (*gorm.DB, error) {
	if q.TagAny == nil && q.TagAll == nil && q.TagNone == nil {
		return rows, nil
	}
	known, err := db.resolveTags(q.TagAny, q.TagAll, q.TagNone)
	if err != nil {
		return nil, err
	}
	pick := func(refs []string) []cms.ID {
		ids := []cms.ID{}
		for _, ref := range refs {
			if id, ok := known[ref]; ok {
				ids = append(ids, id)
			}
		}
		return ids
	}
	if fromFeed(q) {
		rows = rows.Joins("JOIN tag_feed AS g ON g.article_id = a.article_id AND g.tag_id = ?", append(pick(q.TagAny), nobody)[0])
	} else if q.TagAny != nil {
		condition, arg := anyOf(db, "f.tag_id", pick(q.TagAny))
		rows = rows.Where("EXISTS (SELECT 1 "+s.tags+condition+")", arg)
	}
	if q.TagAll != nil {
		ids := pick(q.TagAll)
		if len(ids) < len(q.TagAll) {
			rows = rows.Where("1 = 0")
		}
		condition, arg := anyOf(db, "f.tag_id", ids)
		rows = rows.Where("(SELECT count(*) "+s.tags+condition+") = ?", arg, distinct(ids))
	}
	if q.TagNone != nil {
		condition, arg := anyOf(db, "f.tag_id", pick(q.TagNone))
		rows = rows.Where("NOT EXISTS (SELECT 1 "+s.tags+condition+")", arg)
	}
	return rows, nil
}

func distinct(ids []cms.ID) int {
	seen := map[cms.ID]bool{}
	for _, id := range ids {
		seen[id] = true
	}
	return len(seen)
}

// read fetches the rows of a query as stories, in one statement.
func read(q *gorm.DB, view cms.View, withText bool) ([]cms.Story, error) {
	if view == cms.LiveView {
		return readEditions(q, withText)
	}
	return readArticles(q, withText)
}

func readEditions(q *gorm.DB, withText bool) ([]cms.Story, error) {
	columns := editionColumns
	if withText {
		columns += ", t.body_html, t.outline"
		q = q.Joins("JOIN edition_texts AS t ON t.article_id = a.article_id AND t.number = a.number")
	}
	var rows []editionRow
	if err := q.Select(columns).Find(&rows).Error; err != nil {
		return nil, err
	}
	stories := make([]cms.Story, len(rows))
	for i := range rows {
		stories[i].Edition = &rows[i].Edition
		if withText {
			stories[i].Text = &cms.Text{HTML: rows[i].BodyHTML, Outline: rows[i].Outline}
		}
	}
	return stories, nil
}

func readArticles(q *gorm.DB, withText bool) ([]cms.Story, error) {
	columns := articleColumns
	q = q.Joins("LEFT JOIN users AS u ON u.id = a.created_by")
	if withText {
		columns += ", t.body, t.body_format, t.body_html, t.outline"
		q = q.Joins("JOIN article_texts AS t ON t.article_id = a.id")
	}
	var rows []articleRow
	if err := q.Select(columns).Find(&rows).Error; err != nil {
		return nil, err
	}
	stories := make([]cms.Story, len(rows))
	for i := range rows {
		stories[i].Article = &rows[i].Article
		if by := rows[i].CreatedBy; by != nil {
			stories[i].Creator = &cms.UserRef{ID: *by, Name: rows[i].CreatorName}
		}
		if withText {
			stories[i].Text = &rows[i].Text
		}
	}
	return stories, nil
}

// surround adds tags, and links if wanted, to stories: one statement each.
func (db *DB) surround(stories []cms.Story, view cms.View, withLinks bool) error {
	at := map[cms.ID]*cms.Story{}
	ids := make([]cms.ID, len(stories))
	for i := range stories {
		s := &stories[i]
		if s.Article != nil {
			ids[i] = s.Article.ID
		} else {
			ids[i] = s.Edition.ArticleID
		}
		s.Tags = []cms.TagRef{}
		if withLinks {
			s.Links = []cms.LinkDetail{}
		}
		at[ids[i]] = s
	}
	if len(ids) == 0 {
		return nil
	}
	var tags []struct {
		ArticleID  cms.ID
		cms.TagRef `gorm:"embedded"`
	}
	condition, arg := anyOf(db, "x.article_id", ids)
	if err := db.gorm.Raw(sides[view].refs+condition+" ORDER BY x.article_id, x.position", arg).Scan(&tags).Error; err != nil {
		return err
	}
	for _, t := range tags {
		at[t.ArticleID].Tags = append(at[t.ArticleID].Tags, t.TagRef)
	}
	if !withLinks {
		return nil
	}
	links, err := db.linksOf(view, ids)
	for _, l := range links {
		at[l.ArticleID].Links = append(at[l.ArticleID].Links, l)
	}
	return err
}
