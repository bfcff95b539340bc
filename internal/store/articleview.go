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
	refRows string                  // the table of the nouns that articles refer to
	texts   string                  // the join with their bodies, as t
	size    string                  // how many bytes a body has; see textBytes
}

var viewsTables = map[cms.View]viewTables{
	cms.LiveView: {
		from: "editions AS a", id: "a.article_id",
		orders: map[string]order{
			"published_at": orderBy("a.published_at", "a.article_id", byTime),
			"updated_at":   orderBy("a.updated_at", "a.article_id", byTime),
			"title":        orderBy("a.title_key", "a.article_id", byText),
		},
		fields: liveFields, refRows: "feed",
		texts: "JOIN edition_texts AS t ON t.edition = a.rowid",
		size:  "octet_length(t.body_html)",
	},
	cms.DraftView: {
		from: "articles AS a", id: "a.id",
		orders: map[string]order{
			"published_at": nullsLast("a.published_at", "a.id", byTime),
			"updated_at":   orderBy("a.updated_at", "a.id", byTime),
			"title":        orderBy("a.title_key", "a.id", byText),
		},
		fields: draftFields, refRows: "article_refs",
		texts: "JOIN article_texts AS t ON t.article_id = a.id",
		size:  "octet_length(t.body_html) + octet_length(t.body)",
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
	return &stories[0], db.addRelated(stories, view, cms.AllParts)
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
	return stories, db.addRelated(stories, view, cms.Parts{})
}

// viewsByID returns the articles with these ids that a view has, in no order, without links and, in
// the draft view, without references.
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

// textBytes returns how long a body is.
func textBytes(text *cms.Text) int { return len(text.Body) + len(text.HTML) }

func (db *DB) readEditions(
	rows database.Select, withText bool, maxText int,
) ([]cms.ArticleView, error) {
	columns := selectedEdition + ", " + namesVersion + ", " + corrected("a.article_id")
	if withText {
		columns += ", " + selectedReading
		rows = rows.Join(viewsTables[cms.LiveView].texts)
	}
	var names int64
	bound := textBound{maxBytes: maxText}
	stories, err := database.QueryAll(
		db.Tx,
		rows.Columns(columns),
		func(r *database.Row) cms.ArticleView {
			story := cms.ArticleView{Edition: readableColumns.Read(r)}
			names = r.Number()
			scanCorrected(r, &story)
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
	refs := make([][]cms.RefID, len(stories))
	for i := range stories {
		refs[i] = stories[i].Edition.Refs
	}
	if len(stories) > 0 {
		_, siteErr := db.siteAt(names)
		err = cmp.Or(siteErr, db.nameRefs(stories, names, refs), db.addURLs(stories), err)
	}
	return stories, err
}

// readArticles reads drafts without their references, and so without their addresses.

func (db *DB) readArticles(
	rows database.Select, withText bool, maxText int,
) ([]cms.ArticleView, error) {
	bound := textBound{maxBytes: maxText}
	columns := selectedArticle + ", u.name, " + namesVersion + ", " + corrected("a.id")
	rows = rows.Join("LEFT JOIN users AS u ON u.id = a.created_by")
	if withText {
		columns += ", " + selectedText
		rows = rows.Join(viewsTables[cms.DraftView].texts)
	}
	var names int64
	read := func(r *database.Row) cms.ArticleView {
		story := cms.ArticleView{Article: articleColumns.Read(r)}
		name := r.Text()
		names = r.Number()
		scanCorrected(r, &story)
		if by := story.Article.CreatedBy; by != nil {
			story.Creator = &cms.UserRef{ID: *by, Name: name}
		}
		if withText {
			story.Text = textColumns.Read(r)
			bound.add(r, story.Text)
		}
		return story
	}
	stories, err := database.QueryAll(db.Tx, rows.Columns(columns), read)
	if err != nil && !errors.Is(err, errPageFull) {
		return nil, err
	}
	if len(stories) > 0 {
		_, siteErr := db.siteAt(names) // addURLs need not ask for it
		err = cmp.Or(siteErr, err)
	}
	return stories, err
}

// addURLs sets where readers find articles, whose references are set.
func (db *DB) addURLs(stories []cms.ArticleView) error {
	site, err := db.Site()
	if err != nil {
		return err
	}
	for i := range stories {
		stories[i].URL = site.ArticleURL(stories[i].Ref())
	}
	return nil
}

// AddURLs sets where readers will find an article that was not read, and the pages of its
// references.
func (db *DB) AddURLs(story *cms.ArticleView) error {
	site, err := db.Site()
	if err != nil {
		return err
	}
	story.URL = site.ArticleURL(story.Ref())
	for i := range story.Refs {
		ref := &story.Refs[i]
		ref.Ref = ref.Ref.In(story.Article.Locale)
		ref.URL = site.NounURL(ref.Noun, &ref.Ref)
	}
	return nil
}

// addRelated adds the references and addresses of drafts, and the parts that are wanted but for
// bodies, to articles, and the media they show: in one statement each, and one for names that are
// not known yet.
func (db *DB) addRelated(stories []cms.ArticleView, view cms.View, with cms.Parts) error {
	if len(stories) == 0 {
		return nil
	}
	ids := make([]cms.ID, len(stories))
	for i := range stories {
		ids[i] = stories[i].ID()
	}
	if view == cms.DraftView {
		if err := db.addDraftRefs(stories, ids); err != nil {
			return err
		}
	}
	if with.Links {
		if err := db.addLinks(stories, ids, view); err != nil {
			return err
		}
	}
	if with.Corrections {
		if err := db.addCorrections(stories); err != nil {
			return err
		}
	}
	if with.Translations {
		if err := db.addTranslations(stories, view); err != nil {
			return err
		}
	}
	return db.addMedia(stories, view)
}

// addLinks adds their links to articles, which have those ids.
func (db *DB) addLinks(stories []cms.ArticleView, ids []cms.ID, view cms.View) error {
	at := make(map[cms.ID]*cms.ArticleView, len(stories))
	for i := range stories {
		stories[i].Links = []cms.LinkDetail{}
		at[ids[i]] = &stories[i]
	}
	links, err := db.linksOf(view, ids)
	for _, l := range links {
		at[l.ArticleID].Links = append(at[l.ArticleID].Links, l)
	}
	return err
}

// addDraftRefs adds the references of drafts, which have those ids, those of each in order, and
// where readers find them.
func (db *DB) addDraftRefs(stories []cms.ArticleView, ids []cms.ID) error {
	rows := database.WhereIn(db.Tx, database.From("article_refs AS x"), "x.article_id", ids).
		OrderBy("x.article_id, x.position")
	at := make(map[cms.ID]int, len(ids))
	for i, id := range ids {
		at[id] = i
	}
	var names int64
	refs := make([][]cms.RefID, len(ids))
	columns := "x.article_id, " + namesVersion + ", " + refIDColumns.Of("x")
	err := db.Query(rows.Columns(columns), func(r *database.Row) {
		i := at[scanID(r)]
		names = r.Number()
		refs[i] = append(refs[i], refIDColumns.Value(r))
	})
	return cmp.Or(err, db.nameRefs(stories, names, refs), db.addURLs(stories))
}
