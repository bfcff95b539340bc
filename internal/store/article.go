package store

import (
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// contentColumns are those that articles and editions have in common.
var contentColumns = database.Columns[cms.Content]{
	database.Text("title", func(c *cms.Content) *string { return &c.Title }),
	database.Text("title_key", func(c *cms.Content) *string { return &c.TitleKey }),
	database.Text("slug", func(c *cms.Content) *string { return &c.Slug }),
	database.Text("type", func(c *cms.Content) *cms.ArticleType { return &c.Type }),
	database.Text("locale", func(c *cms.Content) *string { return &c.Locale }),
	database.Text("direction", func(c *cms.Content) *string { return &c.Direction }),
	database.Text("kicker", func(c *cms.Content) *string { return &c.Kicker }),
	database.Text("summary", func(c *cms.Content) *string { return &c.Summary }),
	database.Text("dateline", func(c *cms.Content) *string { return &c.Dateline }),
	database.Text("byline", func(c *cms.Content) *string { return &c.Byline }),
	database.Text("source_name", func(c *cms.Content) *string { return &c.Source.Name }),
	database.Text("source_url", func(c *cms.Content) *string { return &c.Source.URL }),
	database.Text("source_license", func(c *cms.Content) *string { return &c.Source.License }),
	database.Text("canonical_url", func(c *cms.Content) *string { return &c.CanonicalURL }),
	database.Text("meta_title", func(c *cms.Content) *string { return &c.Meta.Title }),
	database.Text("meta_description", func(c *cms.Content) *string { return &c.Meta.Description }),
	database.Flag("noindex", func(c *cms.Content) *bool { return &c.Meta.Noindex }),
	database.Text("extra", func(c *cms.Content) *string { return &c.Extra }),
	database.Text("image_id", func(c *cms.Content) *cms.ID { return &c.Image }),
	database.Text("audio_id", func(c *cms.Content) *cms.ID { return &c.Audio }),
	database.Text("video_id", func(c *cms.Content) *cms.ID { return &c.Video }),
	database.Number("word_count", func(c *cms.Content) *int { return &c.WordCount }),
}

var articleColumns = database.Within(contentColumns,
	func(a *cms.Article) *cms.Content { return &a.Content }).And(
	database.Text("id", func(a *cms.Article) *cms.ID { return &a.ID }),
	database.Number("version", func(a *cms.Article) *int64 { return &a.Version }),
	database.Text("status", func(a *cms.Article) *cms.Status { return &a.Status }),
	database.NullTime("published_at", func(a *cms.Article) **time.Time { return &a.PublishedAt }),
	database.Number("editions", func(a *cms.Article) *int { return &a.Editions }),
	database.Text("digest", func(a *cms.Article) *string { return &a.Digest }),
	database.Text("live_digest", func(a *cms.Article) *string { return &a.LiveDigest }),
	database.NullText("group_id", func(a *cms.Article) **cms.ID { return &a.GroupID }),
	database.NullText("created_by", func(a *cms.Article) **cms.ID { return &a.CreatedBy }),
	database.Time("created_at", func(a *cms.Article) *time.Time { return &a.CreatedAt }),
	database.Time("updated_at", func(a *cms.Article) *time.Time { return &a.UpdatedAt }),
	database.NullTime("trashed_at", func(a *cms.Article) **time.Time { return &a.TrashedAt }),
	database.Text("note", func(a *cms.Article) *string { return &a.Note }),
	database.Text("reason", func(a *cms.Article) *string { return &a.Reason }),
	database.Text("notice", func(a *cms.Article) *string { return &a.Notice }),
)

// articleRow is a draft with its row in the search index, nil while no words find it.
type articleRow struct {
	cms.Article
	searchRow *int64
}

var articleTable = &database.Table[articleRow]{
	Name: "articles",
	Columns: database.Within(articleColumns,
		func(a *articleRow) *cms.Article { return &a.Article }).
		And(
			database.NullNumber("search_row", func(a *articleRow) **int64 { return &a.searchRow }),
		),
}

// revisedColumns are the columns of articles that a change may set.
var revisedColumns = articleTable.Columns.Without("id", "search_row", "created_by", "created_at")

var textColumns = database.Columns[cms.Text]{
	database.Text("body", func(t *cms.Text) *string { return &t.Body }),
	database.Text("body_format", func(t *cms.Text) *cms.BodyFormat { return &t.Format }),
	database.Text("body_html", func(t *cms.Text) *string { return &t.HTML }),
	database.List("outline", func(t *cms.Text) *[]cms.Heading { return &t.Outline }),
	database.List("media", func(t *cms.Text) *[]cms.BodyMedium { return &t.Media }),
	database.List("warnings", func(t *cms.Text) *[]cms.Warning { return &t.Warnings }),
}

// articleText is a draft's body, apart from the row that lists read.
type articleText struct {
	articleID cms.ID
	cms.Text
}

var articleTextTable = &database.Table[articleText]{
	Name: "article_texts",
	Columns: database.Within(textColumns, func(t *articleText) *cms.Text { return &t.Text }).And(
		database.Text("article_id", func(t *articleText) *cms.ID { return &t.articleID }),
	),
}

type articleSlug struct {
	slug      string
	articleID cms.ID
	public    bool // readers could use it
}

// A slug stays with its article; one that has been public stays so.
var articleSlugTable = &database.Table[articleSlug]{
	Name: "article_slugs",
	Columns: database.Columns[articleSlug]{
		database.Text("slug", func(s *articleSlug) *string { return &s.slug }),
		database.Text("article_id", func(s *articleSlug) *cms.ID { return &s.articleID }),
		database.Flag("public", func(s *articleSlug) *bool { return &s.public }),
	},
	Suffix: " ON CONFLICT (slug) DO UPDATE SET public = (article_slugs.public OR excluded.public)",
}

// The columns of the tables a and t as queries list them.
var (
	selectedArticle = articleColumns.Of("a")
	selectedText    = textColumns.Of("t")
)

// Article returns a draft, ErrNotFound if there is none. In a write it is the one to base a change
// on.
func (db *DB) Article(id cms.ID) (*cms.Article, error) {
	rows := database.From("articles AS a").Where("a.id = ?", id)
	return database.QueryRow(db.Tx, rows.Columns(selectedArticle), articleColumns.Read)
}

// Text returns the body of a draft.
func (db *DB) Text(id cms.ID) (*cms.Text, error) {
	rows := database.From("article_texts AS t").Where("t.article_id = ?", id)
	return database.QueryRow(db.Tx, rows.Columns(selectedText), textColumns.Read)
}

// NewArticle is an article that is not saved yet, with all that comes with it.
type NewArticle struct {
	Article *cms.Article
	Text    *cms.Text
	Refs    []cms.RefID
	Words   *IndexedWords // of the article and its text; nil: it is indexed later
	// the live one, with the same words and time of publication; nil: none
	Edition  *cms.Edition
	OldSlugs []string           // which lead to it besides its own
	Links    []cms.Link         // its related links, in order
	Origin   cms.RevisionOrigin // of its first revision
	Note     string             // on that
}

// AddArticle saves a new draft with its body and references.
func (db *DB) AddArticle(a *cms.Article, t *cms.Text, refs []cms.RefID) error {
	return db.AddArticles([]NewArticle{{Article: a, Text: t, Refs: refs, Origin: cms.FromAPI}})
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
	rows := newArticleRows{now: db.Now()}
	for i := range list {
		if err := rows.add(&list[i], searchRows[i]); err != nil {
			return err
		}
		if len(list[i].Links) > 0 {
			db.invalidate(cms.LinksChanged(list[i].Article.ID)...)
		}
	}
	if err := rows.insert(db.Tx); err != nil {
		return err
	}
	db.countUp("draft", len(list))
	return db.addEditions(rows.editions)
}

// newArticleRows are the rows of new articles.
type newArticleRows struct {
	now       time.Time
	articles  []articleRow
	texts     []articleText
	refs      []articleRef
	slugs     []articleSlug
	links     []cms.Link
	media     []mediaUse
	editions  []newEdition
	revisions []revisionRow
}

func (rows *newArticleRows) add(n *NewArticle, searchRow *int64) error {
	id := n.Article.ID
	rows.articles = append(rows.articles, articleRow{*n.Article, searchRow})
	rows.texts = append(rows.texts, articleText{id, *n.Text})
	rows.refs = append(rows.refs, articleRefs(id, n.Refs)...)
	rows.links = append(rows.links, n.Links...)
	rows.media = append(rows.media, mediaUses(cms.ArticleKind, id, false,
		cms.MediaRefs(&n.Article.ArticleMedia, n.Text))...)
	if n.Edition != nil {
		rows.editions = append(rows.editions, newEdition{n.Edition, n.Text, *searchRow})
	} else {
		rows.slugs = append(rows.slugs, articleSlug{n.Article.Slug, id, false})
	}
	for _, slug := range n.OldSlugs {
		rows.slugs = append(rows.slugs, articleSlug{slug, id, n.Edition != nil})
	}
	words := cms.InputOf(n.Article, n.Text, n.Refs)
	first, err := newRevisionRow(n.firstRevision(rows.now), &words)
	rows.revisions = append(rows.revisions, first)
	return err
}

// firstRevision returns the revision that a new article begins with.
func (n *NewArticle) firstRevision(now time.Time) *cms.Revision {
	first := &cms.Revision{ArticleID: n.Article.ID, N: n.Article.Version, At: now, Since: now,
		Note: n.Note, Origin: n.Origin}
	if n.Article.CreatedBy != nil {
		first.By = &cms.UserRef{ID: *n.Article.CreatedBy}
	}
	if n.Edition != nil {
		first.Edition = n.Edition.Number
	}
	return first
}

// insert adds the rows, but for those of editions.
func (rows *newArticleRows) insert(tx *database.Tx) error {
	if err := database.Insert(tx, articleTable, rows.articles...); err != nil {
		return err
	}
	if err := database.Insert(tx, articleTextTable, rows.texts...); err != nil {
		return err
	}
	if err := database.Insert(tx, articleRefTable, rows.refs...); err != nil {
		return err
	}
	if err := database.Insert(tx, articleSlugTable, rows.slugs...); err != nil {
		return err
	}
	if err := database.Insert(tx, mediaUseTable, rows.media...); err != nil {
		return err
	}
	if err := database.Insert(tx, revisionTable, rows.revisions...); err != nil {
		return err
	}
	return database.Insert(tx, linkTable, rows.links...)
}

// SaveArticle saves every field of a draft's row.
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
	return database.Update(db.Tx, articleTable, revisedColumns, "id", &articleRow{Article: *a})
}

// SaveText saves the body and the references of a draft, whose words are indexed later, and
// reserves its slug.
func (db *DB) SaveText(a *cms.Article, t *cms.Text, refs []cms.RefID) error {
	set := articleTextTable.Columns.Without("article_id")
	err := database.Update(db.Tx, articleTextTable, set, "article_id", &articleText{a.ID, *t})
	if err != nil {
		return err
	}
	if err := db.Exec("DELETE FROM article_refs WHERE article_id = ?", a.ID); err != nil {
		return err
	}
	if err := database.Insert(db.Tx, articleRefTable, articleRefs(a.ID, refs)...); err != nil {
		return err
	}
	shown := cms.MediaRefs(&a.ArticleMedia, t)
	if err := db.setMediaUses(cms.ArticleKind, a.ID, false, shown); err != nil {
		return err
	}
	if err := db.unindexDraft(a.ID); err != nil {
		return err
	}
	return db.ReserveSlug(a.Slug, a.ID, false)
}

// outOfTrash reports whether a draft is saved and not in the trash.
func (db *DB) outOfTrash(id cms.ID) (bool, error) {
	n, err := db.Count(database.From("articles").Where("id = ? AND trashed_at IS NULL", id))
	return n > 0, err
}

// DeleteArticle removes an article and all that belongs to it. Its edition must have been retired
// before.
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
	if err := db.addGoneArticle(id); err != nil {
		return err
	}
	if err := db.addGoneImports(id); err != nil {
		return err
	}
	if err := db.unlinkAlerts(id); err != nil {
		return err
	}
	if err := db.forgetItems(id); err != nil {
		return err
	}
	if err := db.forgetMediaUses(id); err != nil {
		return err
	}
	return db.Exec("DELETE FROM articles WHERE id = ?", id)
}

// ReserveSlug reserves a slug for an article; one that has been public stays so.
func (db *DB) ReserveSlug(slug string, id cms.ID, public bool) error {
	return database.Insert(db.Tx, articleSlugTable, articleSlug{slug, id, public})
}

// SlugOwner returns the article that a slug is reserved for, ErrNotFound if it is free.
func (db *DB) SlugOwner(slug string) (cms.ID, error) {
	rows := database.From("article_slugs").Where("slug = ?", slug)
	return database.QueryRow(db.Tx, rows.Columns("article_id"), scanID)
}

// SlugOwners returns the articles that slugs are reserved for, by slug; those that are free are not
// among them.
func (db *DB) SlugOwners(slugs []string) (map[string]cms.ID, error) {
	owners := make(map[string]cms.ID, len(slugs))
	if len(slugs) == 0 {
		return owners, nil
	}
	rows := database.WhereIn(db.Tx, database.From("article_slugs"), "slug", slugs)
	err := db.Query(
		rows.Columns("slug, article_id"),
		func(r *database.Row) { owners[r.Text()] = scanID(r) },
	)
	return owners, err
}

// ArticleIDBySlug returns the id of the article that a slug leads to, now or once, in a view;
// ErrNotFound if it leads nowhere. Readers find what readers could once use.
func (db *DB) ArticleIDBySlug(view cms.View, slug string) (cms.ID, error) {
	rows := database.From("article_slugs").Where("slug = ?", slug)
	if view == cms.LiveView {
		rows = rows.Where("public")
	}
	return database.QueryRow(db.Tx, rows.Columns("article_id"), scanID)
}

// TrashedBefore returns articles that have been in the trash since before a time, with their ids
// and versions alone: at most limit.
func (db *DB) TrashedBefore(before time.Time, limit int) ([]cms.Article, error) {
	rows := database.From("articles AS a").
		Where("a.trashed_at IS NOT NULL AND a.updated_at < ? AND a.trashed_at < ?", before, before).
		OrderBy("a.updated_at, a.id").Limit(limit, 0)
	return database.QueryAll(db.Tx, rows.Columns("a.id, a.version"),
		func(r *database.Row) cms.Article {
			return cms.Article{ID: scanID(r), Version: r.Number()}
		})
}
