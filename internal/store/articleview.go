package store

import (
	"cmp"
	"errors"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// viewTables are the tables that a view is read from: editions for the live view, articles for the
// draft view. In queries "a" is the row of the edition or article.
type viewTables struct {
	from    string // with the condition that keeps a view to itself
	id      string
	orders  map[string]order
	fields  map[string]filterColumn // what a filter can ask of a row, by name
	tagRows string                  // the table of the tags that articles have
}

var viewsTables = map[cms.View]viewTables{
	cms.LiveView: {
		from: "editions AS a", id: "a.article_id",
		orders: map[string]order{
			"published_at": orderBy("a.published_at", "a.article_id", byTime),
			"updated_at":   orderBy("a.updated_at", "a.article_id", byTime),
			"title":        orderBy("a.title_key", "a.article_id", byText),
		},
		fields: liveFields, tagRows: "tag_feed",
	},
	cms.DraftView: {
		from: "articles AS a", id: "a.id",
		orders: map[string]order{
			"published_at": nullsLast("a.published_at", "a.id", byTime),
			"updated_at":   orderBy("a.updated_at", "a.id", byTime),
			"title":        orderBy("a.title_key", "a.id", byText),
		},
		fields: draftFields, tagRows: "article_tags",
	},
}

// ArticleView returns one article whole, by its id or by its present slug; ErrNotFound if the view
// has none. The draft view also has what is in the trash.
func (db *DB) ArticleView(view cms.View, id cms.ID, slug string) (*cms.ArticleView, error) {
	rows := rowsOfView[view]
	if id != "" {
		rows = rows.Where(viewsTables[view].id+" = ?", id)
	} else {
		rows = rows.Where("a.slug = ?", slug)
	}
	stories, err := db.readViews(rows, view, true, 0)
	if err != nil {
		return nil, err
	}
	if len(stories) == 0 {
		return nil, ErrNotFound
	}
	return &stories[0], db.addRelated(stories, view, true)
}

// rowsOfView are all rows of each view, the trash included.
var rowsOfView = map[cms.View]database.Select{
	cms.LiveView:  database.From(viewsTables[cms.LiveView].from).Where("a.live"),
	cms.DraftView: database.From(viewsTables[cms.DraftView].from),
}

// ArticlesByID returns the articles with these ids that a view has, as lists show them, in no
// order.
func (db *DB) ArticlesByID(view cms.View, ids []cms.ID) ([]cms.ArticleView, error) {
	stories, err := db.viewsByID(view, ids, false)
	if err != nil {
		return nil, err
	}
	return stories, db.addRelated(stories, view, false)
}

// viewsByID returns the articles with these ids that a view has, in no order, without links and, in
// the draft view, without tags.
func (db *DB) viewsByID(view cms.View, ids []cms.ID, withText bool) ([]cms.ArticleView, error) {
	return db.readViews(
		database.WhereIn(db.Tx, rowsOfView[view], viewsTables[view].id, ids),
		view,
		withText,
		0,
	)
}

// errPageFull is that the bodies of the rows that were read are over the bound of a page. The last
// row is the one that is too much.
var errPageFull = errors.New("a page is full")

// readViews reads the rows of a selection as articles, in one statement. If the bodies of several
// have more than maxText bytes, it reads no further and returns errPageFull; 0 is no bound.
func (db *DB) readViews(
	rows database.Select,
	view cms.View,
	withText bool,
	maxText int,
) ([]cms.ArticleView, error) {
	if view == cms.LiveView {
		return db.readEditions(rows, withText, maxText)
	}
	return db.readArticles(rows, withText, maxText)
}

// textBound stops a query when the bodies that it has read are over a bound.
type textBound struct {
	rows     int
	bytes    int
	maxBytes int
}

func (b *textBound) add(r *database.Row, text *cms.Text) {
	b.rows++
	b.bytes += textBytes(text)
	if b.maxBytes > 0 && b.rows > 1 && b.bytes > b.maxBytes {
		r.Fail(errPageFull)
	}
}

// textBytes returns about how long a body is in a response.
func textBytes(text *cms.Text) int {
	n := len(text.Body) + len(text.HTML)
	for _, h := range text.Outline {
		n += len(h.Text) + len(h.ID) + 40 // for the names of its fields
	}
	return n
}

func (db *DB) readEditions(
	rows database.Select, withText bool, maxText int,
) ([]cms.ArticleView, error) {
	columns := selectedEdition + ", " + namesVersion
	if withText {
		columns += ", " + selectedReading
		rows = rows.Join("JOIN edition_texts AS t ON t.edition = a.rowid")
	}
	var tags int64
	bound := textBound{maxBytes: maxText}
	stories, err := database.QueryAll(
		db.Tx,
		rows.Columns(columns),
		func(r *database.Row) cms.ArticleView {
			story := cms.ArticleView{Edition: readableColumns.Read(r)}
			tags = r.Number()
			if withText {
				story.Text = readingColumns.Read(r)
				bound.add(r, story.Text)
			}
			return story
		},
	)
	if err != nil && !errors.Is(err, errPageFull) {
		return nil, err
	}
	return stories, cmp.Or(db.nameTags(stories, tags), err)
}

func (db *DB) readArticles(
	rows database.Select, withText bool, maxText int,
) ([]cms.ArticleView, error) {
	bound := textBound{maxBytes: maxText}
	columns := selectedArticle + ", u.name"
	rows = rows.Join("LEFT JOIN users AS u ON u.id = a.created_by")
	if withText {
		columns += ", " + selectedText
		rows = rows.Join("JOIN article_texts AS t ON t.article_id = a.id")
	}
	return database.QueryAll(db.Tx, rows.Columns(columns), func(r *database.Row) cms.ArticleView {
		story := cms.ArticleView{Article: articleColumns.Read(r)}
		name := r.Text()
		if by := story.Article.CreatedBy; by != nil {
			story.Creator = &cms.UserRef{ID: *by, Name: name}
		}
		if withText {
			story.Text = textColumns.Read(r)
			bound.add(r, story.Text)
		}
		return story
	})
}

// addRelated adds the tags of drafts, and links if wanted, to articles: one statement each.
func (db *DB) addRelated(stories []cms.ArticleView, view cms.View, withLinks bool) error {
	if len(stories) == 0 {
		return nil
	}
	at := make(map[cms.ID]*cms.ArticleView, len(stories))
	ids := make([]cms.ID, len(stories))
	for i := range stories {
		s := &stories[i]
		ids[i] = s.ID()
		at[ids[i]] = s
	}
	if view == cms.DraftView {
		if err := db.addTags(at, ids); err != nil {
			return err
		}
	}
	if !withLinks {
		return nil
	}
	for i := range stories {
		stories[i].Links = []cms.LinkDetail{}
	}
	links, err := db.linksOf(view, ids)
	for _, l := range links {
		at[l.ArticleID].Links = append(at[l.ArticleID].Links, l)
	}
	return err
}

// addTags adds the tags of drafts, those of each in order.
func (db *DB) addTags(at map[cms.ID]*cms.ArticleView, ids []cms.ID) error {
	for _, story := range at {
		story.Tags = []cms.Ref{}
	}
	rows := database.WhereIn(db.Tx, database.From("article_tags AS x"), "x.article_id", ids).
		Join("JOIN tags AS t ON t.id = x.tag_id")
	return db.Query(
		rows.OrderBy("x.article_id, x.position, t.id").Columns("x.article_id, "+refColumns),
		func(r *database.Row) {
			story := at[scanID(r)]
			story.Tags = append(story.Tags, scanTagRef(r))
		},
	)
}
