package store

import (
	"gorm.io/gorm"

	"github.com/masthead-cms/masthead/internal/cms"
)

// A view is read from its own tables: the live one from editions, the draft one from articles. In the queries below
// "a" is the row of the article or edition, whichever it is.
type side struct {
	from    string // with the condition that keeps a view to itself
	id      string
	orders  map[string]order
	fields  map[string]column // what a filter can ask of a row, by name
	tagRows string            // the table of the tags that articles have
	refs    string            // the tags of many articles
}

var sides = map[cms.View]side{
	cms.LiveView: {
		from: "editions AS a", id: "a.article_id",
		orders: map[string]order{
			"published_at": {column: "a.published_at", id: "a.article_id", value: byTime},
			"updated_at":   {column: "a.updated_at", id: "a.article_id", value: byTime},
			"title":        {column: "a.title_key", id: "a.article_id", value: byText},
		},
		fields: liveFields, tagRows: "tag_feed",
		refs: `SELECT x.article_id, t.id, t.slug, t.name, t.article_count AS articles FROM edition_tags AS x
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
		fields: draftFields, tagRows: "article_tags",
		refs: "SELECT x.article_id, t.id, t.slug, t.name, t.article_count AS articles FROM article_tags AS x JOIN tags AS t ON t.id = x.tag_id WHERE ",
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

// StoriesOf are the articles with these ids that a view has, as lists show them, in no order.
func (db *DB) StoriesOf(view cms.View, ids []cms.ID) ([]cms.Story, error) {
	stories, err := db.storiesOf(view, ids, false)
	if err != nil {
		return nil, err
	}
	return stories, db.surround(stories, view, false)
}

// storiesOf are the articles with these ids that a view has, in no order and without what surrounds them.
func (db *DB) storiesOf(view cms.View, ids []cms.ID, withText bool) ([]cms.Story, error) {
	s := sides[view]
	q := db.gorm.Table(s.from)
	if view == cms.LiveView {
		q = q.Where("a.live")
	}
	return read(among(db, q, s.id, ids), view, withText)
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
		ids[i] = s.ID()
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
