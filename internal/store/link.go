package store

import (
	"strings"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

var linkTable = &database.Table[cms.Link]{
	Name: "links",
	Columns: database.Columns[cms.Link]{
		database.Text("id", func(l *cms.Link) *cms.ID { return &l.ID }),
		database.Text("article_id", func(l *cms.Link) *cms.ID { return &l.ArticleID }),
		database.Number("version", func(l *cms.Link) *int64 { return &l.Version }),
		database.Text("rel", func(l *cms.Link) *cms.Rel { return &l.Rel }),
		database.NullText("target_id", func(l *cms.Link) **cms.ID { return &l.TargetID }),
		database.Text("title", func(l *cms.Link) *string { return &l.Title }),
		database.Text("url", func(l *cms.Link) *string { return &l.URL }),
		database.Text("host", func(l *cms.Link) *string { return &l.Host }),
		database.Text("source", func(l *cms.Link) *string { return &l.Source }),
		database.Text("note", func(l *cms.Link) *string { return &l.Note }),
		database.Time("created_at", func(l *cms.Link) *time.Time { return &l.CreatedAt }),
		database.Time("updated_at", func(l *cms.Link) *time.Time { return &l.UpdatedAt }),
		linkPosition,
	},
}

// linkPosition comes last, because the live view computes another.
var linkPosition = database.Number("position", func(l *cms.Link) *int { return &l.Position })

// The columns of links as queries list them, with their own position and without any.
var (
	selectedLink      = linkTable.Columns.Of("l")
	selectedLinkStart = linkTable.Columns.Without("position").Of("l")
)

// movedColumns are the columns of links that a change may set.
var movedColumns = linkTable.Columns.Without("id", "article_id", "created_at")

// refsOf are the references of articles in each view; of those of drafts only the main section.
var refsOf = map[cms.View]string{
	cms.LiveView: "x.refs",
	cms.DraftView: "(SELECT '" + sectionEntry + "' || r.ref_id || '\"' FROM article_refs AS r " +
		"WHERE r.article_id = x.id AND r.noun = '" + cms.SectionNoun.Singular +
		"' ORDER BY r.position LIMIT 1)",
}

// articleRefColumns returns the columns that scanArticleRef reads of a table of articles in a view,
// behind others.
func articleRefColumns(view cms.View, table string) string {
	columns := ", x.slug, x.title, x.type, x.locale, x.published_at, " + refsOf[view]
	return strings.ReplaceAll(columns, "x.", table+".")
}

// scanArticleRef reads an article as others show it, without its address; nil if there is none.
func scanArticleRef(r *database.Row, id *cms.ID) *cms.ArticleRef {
	ref := cms.ArticleRef{
		Slug:        r.Text(),
		Title:       r.Text(),
		Type:        cms.ArticleType(r.Text()),
		Locale:      r.Text(),
		PublishedAt: r.MaybeTime(),
		Sections:    sectionIDs(r.Text()),
	}
	if id == nil || ref.Slug == "" {
		return nil
	}
	ref.ID = *id
	return &ref
}

// sectionEntry is what a section begins with in a column of references.
var sectionEntry = `"` + cms.SectionNoun.Singular + " "

// sectionIDs returns the sections in a column of references.
func sectionIDs(refs string) []cms.ID {
	var ids []cms.ID
	for i, entry := range strings.Split(refs, sectionEntry) {
		if id, _, ok := strings.Cut(entry, `"`); ok && i > 0 {
			ids = append(ids, cms.ID(id))
		}
	}
	return ids
}

// links are links with their targets. Readers get those whose target, if it is an article here, is
// live.
var links = map[cms.View]database.Select{
	cms.LiveView: database.From("links AS l").
		Join("LEFT JOIN editions AS t ON t.article_id = l.target_id AND t.live").
		Where("(l.target_id IS NULL OR t.article_id IS NOT NULL)"),
	cms.DraftView: database.From("links AS l LEFT JOIN articles AS t ON t.id = l.target_id"),
}

// withOwners adds the articles that links belong to. Readers get links of live articles only.
func withOwners(rows database.Select, view cms.View) database.Select {
	if view == cms.LiveView {
		return rows.Join("JOIN editions AS o ON o.article_id = l.article_id AND o.live")
	}
	return rows.Join("JOIN articles AS o ON o.ID = l.article_id")
}

func (db *DB) linksOf(view cms.View, articles []cms.ID) ([]cms.LinkDetail, error) {
	rows := database.WhereIn(db.Tx, links[view], "l.article_id", articles).
		OrderBy("l.article_id, l.position")
	var names int64
	list, err := database.QueryAll(
		db.Tx,
		rows.Columns(selectedLink+articleRefColumns(view, "t")+", "+namesVersion),
		func(r *database.Row) cms.LinkDetail {
			link := linkTable.Columns.Value(r)
			detail := cms.LinkDetail{Link: link, Target: scanArticleRef(r, link.TargetID)}
			names = r.Number()
			return detail
		},
	)
	if err != nil {
		return nil, err
	}
	if view == cms.LiveView { // a gap would show readers that there is a link they cannot see
		for i := range list {
			list[i].Position = 1
			if i > 0 && list[i].ArticleID == list[i-1].ArticleID {
				list[i].Position = list[i-1].Position + 1
			}
		}
	}
	return list, db.addLinkURLs(list, names)
}

// addLinkURLs sets where readers find the articles at the ends of links.
func (db *DB) addLinkURLs(list []cms.LinkDetail, names int64) error {
	var ends []*cms.ArticleRef
	for _, l := range list {
		for _, end := range []*cms.ArticleRef{l.Target, l.From} {
			if end != nil {
				ends = append(ends, end)
			}
		}
	}
	return db.addRefURLs(ends, names)
}

// addRefURLs sets where readers find articles that others show, on the site in a version of the
// names: in one statement if their sections are not known yet.
func (db *DB) addRefURLs(list []*cms.ArticleRef, names int64) error {
	if len(list) == 0 {
		return nil
	}
	site, err := db.siteAt(names)
	if err != nil {
		return err
	}
	named := map[cms.ID]cms.NamedRef{}
	if site.HasSections() {
		var ids []cms.ID
		for _, a := range list {
			ids = append(ids, a.Sections...)
		}
		if named, err = db.named(names, ids); err != nil {
			return err
		}
	}
	for _, a := range list {
		for _, id := range a.Sections {
			if a.Section.ID == "" {
				a.Section = named[id].Ref
			}
		}
		a.URL = site.ArticleURL(a)
	}
	return nil
}

// positions are the columns for the position of a link: for readers it is that among the links of
// its article that they can see.
var positions = map[cms.View]string{
	cms.DraftView: ", l.position",
	cms.LiveView: `, (SELECT count(*) FROM links AS m
		LEFT JOIN editions AS n ON n.article_id = m.target_id AND n.live
		WHERE m.article_id = l.article_id AND m.position <= l.position
			AND (m.target_id IS NULL OR n.article_id IS NOT NULL))`,
}

// readLinks reads links with the articles at both their ends.
func (db *DB) readLinks(rows database.Select, view cms.View) ([]cms.LinkDetail, error) {
	columns := selectedLinkStart + positions[view] + articleRefColumns(view, "t") +
		articleRefColumns(view, "o")
	var names int64
	list, err := database.QueryAll(
		db.Tx,
		rows.Columns(columns+", "+namesVersion),
		func(r *database.Row) cms.LinkDetail {
			link := linkTable.Columns.Value(r)
			detail := cms.LinkDetail{
				Link:   link,
				Target: scanArticleRef(r, link.TargetID),
				From:   scanArticleRef(r, &link.ArticleID),
			}
			names = r.Number()
			return detail
		},
	)
	if err != nil {
		return nil, err
	}
	return list, db.addLinkURLs(list, names)
}

// LinksOf returns the links of an article, in order, in a view.
func (db *DB) LinksOf(view cms.View, article cms.ID) ([]cms.LinkDetail, error) {
	return db.linksOf(view, []cms.ID{article})
}

// Links returns a page of links of many articles, the newest first.
func (db *DB) Links(q cms.LinkQuery, article, target cms.ID) (cms.List[cms.LinkDetail], error) {
	rows := withOwners(links[q.View], q.View)
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
	var err error
	if q.Page.Count {
		if total, err = db.Count(rows); err != nil {
			return cms.List[cms.LinkDetail]{}, err
		}
	}
	o := orderBy("l.id", "l.id", nil)
	found, err := db.readLinks(o.page(rows, cms.Sort{Descending: true}, q.Page), q.View)
	list := pageOf(found, q.Page)
	list.Total = total
	return list, err
}

// Link returns one link with the articles at both its ends, ErrNotFound if the view has none.
func (db *DB) Link(view cms.View, id cms.ID) (*cms.LinkDetail, error) {
	found, err := db.readLinks(withOwners(links[view], view).Where("l.id = ?", id), view)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}

// BareLinks returns an article's links as they are stored, in order.
func (db *DB) BareLinks(article cms.ID) ([]cms.Link, error) {
	rows := database.From("links AS l").
		Where("l.article_id = ?", article).
		OrderBy("l.position, l.id")
	return database.QueryAll(db.Tx, rows.Columns(selectedLink), linkTable.Columns.Value)
}

// LinkingTo returns the articles that have a link to one of some articles.
func (db *DB) LinkingTo(targets ...cms.ID) ([]cms.ID, error) {
	rows := database.WhereIn(db.Tx, database.From("links"), "target_id", targets).
		OrderBy("article_id")
	return database.QueryAll(db.Tx, rows.Columns("DISTINCT article_id"), scanID)
}

// SaveLinks makes links all the links of an article. Those whose version is as it was are not
// written.
func (db *DB) SaveLinks(was, links []cms.Link) error {
	before := map[cms.ID]int64{}
	for _, l := range was {
		before[l.ID] = l.Version
		db.invalidate(cms.LinksChanged(l.ArticleID)...)
	}
	for _, l := range links {
		db.invalidate(cms.LinksChanged(l.ArticleID)...)
		version, known := before[l.ID]
		delete(before, l.ID)
		var err error
		switch {
		case !known:
			err = database.Insert(db.Tx, linkTable, l)
		case version != l.Version:
			err = database.Update(db.Tx, linkTable, movedColumns, "id", &l)
		}
		if err != nil {
			return err
		}
	}
	for id := range before {
		if err := db.Exec("DELETE FROM links WHERE id = ?", id); err != nil {
			return err
		}
	}
	return nil
}
