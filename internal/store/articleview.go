package store

import (
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// A view is read from its own tables: the live one from editions, the draft one from articles. In the queries below
// "a" is the row of the article or edition, whichever it is.
type viewTables struct {
	from    string // with the condition that keeps a view to itself
	id      string
	orders  map[string]order
	fields  map[string]column // what a filter can ask of a row, by name
	tagRows string            // the table of the tags that articles have
}

var sides = map[cms.View]viewTables{
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

// ArticleView is one article whole, by its id or by its present slug; ErrNone if the view has none. The draft view also has
// what is in the trash.
func (db *DB) ArticleView(view cms.View, id cms.ID, slug string) (*cms.ArticleView, error) {
	rows := inView[view]
	if id != "" {
		rows = rows.Where(sides[view].id+" = ?", id)
	} else {
		rows = rows.Where("a.slug = ?", slug)
	}
	stories, err := db.read(rows, view, true)
	if err != nil {
		return nil, err
	}
	if len(stories) == 0 {
		return nil, ErrNotFound
	}
	return &stories[0], db.surround(stories, view, true)
}

// inView are all the rows of each view, with the trash.
var inView = map[cms.View]database.Select{
	cms.LiveView:  database.From(sides[cms.LiveView].from).Where("a.live"),
	cms.DraftView: database.From(sides[cms.DraftView].from),
}

// ArticlesByID are the articles with these ids that a view has, as lists show them, in no order.
func (db *DB) ArticlesByID(view cms.View, ids []cms.ID) ([]cms.ArticleView, error) {
	stories, err := db.storiesOf(view, ids, false)
	if err != nil {
		return nil, err
	}
	return stories, db.surround(stories, view, false)
}

// storiesOf are the articles with these ids that a view has, in no order and without what surrounds them.
func (db *DB) storiesOf(view cms.View, ids []cms.ID, withText bool) ([]cms.ArticleView, error) {
	return db.read(database.WhereIn(db.Tx, inView[view], sides[view].id, ids), view, withText)
}

// read fetches the rows of a selection as stories, in one statement.
func (db *DB) read(rows database.Select, view cms.View, withText bool) ([]cms.ArticleView, error) {
	if view == cms.LiveView {
		return db.readEditions(rows, withText)
	}
	return db.readArticles(rows, withText)
}

func (db *DB) readEditions(rows database.Select, withText bool) ([]cms.ArticleView, error) {
	columns := selectedEdition + ", " + namesVersion
	if withText {
		columns += ", " + selectedReading
		rows = rows.Join("JOIN edition_texts AS t ON t.edition = a.rowid")
	}
	var tags int64
	stories, err := database.QueryAll(db.Tx, rows.Columns(columns), func(r *database.Row) cms.ArticleView {
		story := cms.ArticleView{Edition: readableColumns.Read(r)}
		tags = r.Number()
		if withText {
			story.Text = readingColumns.Read(r)
		}
		return story
	})
	if err != nil {
		return nil, err
	}
	return stories, db.nameTags(stories, tags)
}

func (db *DB) readArticles(rows database.Select, withText bool) ([]cms.ArticleView, error) {
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
		}
		return story
	})
}

// surround adds the tags of working copies, and links if wanted, to stories: one statement each.
func (db *DB) surround(stories []cms.ArticleView, view cms.View, withLinks bool) error {
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

// addTags adds the tags of working copies, those of each in order.
func (db *DB) addTags(at map[cms.ID]*cms.ArticleView, ids []cms.ID) error {
	for _, story := range at {
		story.Tags = []cms.Ref{}
	}
	rows := database.WhereIn(db.Tx, database.From("article_tags AS x"), "x.article_id", ids).Join("JOIN tags AS t ON t.id = x.tag_id")
	return db.Query(rows.OrderBy("x.article_id, x.position, t.id").Columns("x.article_id, "+refColumns), func(r *database.Row) {
		story := at[scanID(r)]
		story.Tags = append(story.Tags, scanTagRef(r))
	})
}
