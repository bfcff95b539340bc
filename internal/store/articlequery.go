package store

import (
	"cmp"
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/search"
)

// articleQuery is a question for articles, with what had to be looked up to ask it.
type articleQuery struct {
	db   *DB
	q    cms.ArticleQuery
	side viewTables
	find search.Query
	tags map[string]tagFound // by id and slug; what is not here does not exist
	kept map[string]int64    // the counters
	lead []cms.ID            // the tags whose feeds lead to the rows
}

type tagFound struct {
	id       cms.ID
	articles int64    // live ones
	terms    []string // in the search index
}

// Articles lists articles in at most six statements, whatever is asked for.
func (db *DB) Articles(q cms.ArticleQuery) (cms.ArticleList, error) {
	var list cms.ArticleList
	a, err := db.ask(q)
	if err != nil {
		return list, err
	}
	total, facets, err := a.counted()
	if err != nil {
		return list, err
	}
	if q.Sort.By == cms.ByRelevance {
		list.List, err = a.ranked()
	} else {
		list.List, err = a.ordered()
	}
	if err != nil {
		return list, err
	}
	list.Total, list.Facets, list.CommonTags, list.Unindexed = total, facets, a.within(), a.kept[unindexed] > 0
	return list, db.surround(list.Rows, q.View, q.WithLinks)
}

// ask looks up, in one statement, what a question needs to know: which tags are meant, and which of them the words name.
func (db *DB) ask(q cms.ArticleQuery) (*articleQuery, error) {
	a := &articleQuery{db: db, q: q, side: sides[q.View], find: search.Parse(q.Words), tags: map[string]tagFound{}, kept: map[string]int64{}}
	refs := slices.Concat(q.TagAny, q.TagAll, q.TagNone, filterTags(q.Filter))
	if len(refs) == 0 && a.none() && (q.Narrowed() || !q.Page.Count) {
		return a, nil
	}
	if err := a.lookUp(refs); err != nil {
		return nil, err
	}
	a.lead = a.feed()
	return a, nil
}

// none tells whether there is nothing in the words to look for or to leave out.
func (a *articleQuery) none() bool { return len(a.find.Want)+len(a.find.Without) == 0 }

// tag is the tag that an id or slug means, and whether there is one.
func (a *articleQuery) tag(ref string) (tagFound, bool) {
	if id, ok := cms.ParseID(ref); ok {
		ref = string(id)
	}
	t, ok := a.tags[ref]
	return t, ok
}

// rows are the rows that are asked for, without order or window.
func (a *articleQuery) rows() database.Select {
	rows, s := a.from(), a.side
	if a.q.View == cms.LiveView {
		rows = rows.Where("a.live")
	} else if a.q.Trashed {
		rows = rows.Where("a.trashed_at IS NOT NULL")
	} else {
		rows = rows.Where("a.trashed_at IS NULL")
	}
	rows = database.WhereIn(a.db.Tx, rows, s.id, a.q.IDs)
	rows = database.WhereIn(a.db.Tx, rows, "a.slug", a.q.Slugs)
	rows = database.WhereIn(a.db.Tx, rows, "a.locale", a.q.Locales)
	rows = database.WhereIn(a.db.Tx, rows, "a.type", a.q.Types)
	rows = database.WhereIn(a.db.Tx, rows, "a.status", a.q.Statuses)
	rows = optional(rows, "a.published_at >= ?", a.q.PublishedFrom)
	rows = optional(rows, "a.published_at < ?", a.q.PublishedUntil)
	rows = optional(rows, "a.updated_at >= ?", a.q.UpdatedFrom)
	rows = a.tagged(rows)
	rows = a.found(rows)
	if a.q.Filter != nil {
		condition, args := a.condition(a.q.Filter)
		rows = rows.Where("("+condition+")", args...)
	}
	return rows
}

// from is the table the rows come from and, in front of it, what they are best found by: the search index, or the feed of
// a tag. (CROSS JOIN keeps SQLite from turning that round.)
func (a *articleQuery) from() database.Select {
	if len(a.find.Want) > 0 {
		index, _ := a.db.TextIndex(false)
		return database.From(index + " AS s CROSS JOIN " + a.side.from).Where("s.rowid = a.search_row")
	}
	switch len(a.lead) {
	case 0:
		return database.From(a.side.from)
	case 1:
		return database.From("tag_feed AS g CROSS JOIN "+a.side.from).Where("g.edition = a.rowid AND g.tag_id = ?", a.lead[0])
	}
	some := database.OneOf(a.db.Tx, "tag_id", a.lead)
	return database.From("(SELECT DISTINCT edition FROM tag_feed WHERE "+some.Text+") AS g CROSS JOIN "+a.side.from, some.Args...).
		Where("g.edition = a.rowid")
}

// feed is the tags whose feeds lead to what is asked for with the fewest steps, none if the order of the list does: a row
// must carry at least one of them. The feed of one tag stands in the order of publication.
func (a *articleQuery) feed() []cms.ID {
	if a.q.View != cms.LiveView || len(a.find.Want) > 0 {
		return nil
	}
	var best []cms.ID
	steps := int64(-1)
	for _, anyOf := range a.musts() {
		var ids []cms.ID
		var n int64
		for _, ref := range anyOf {
			if t, ok := a.tag(ref); ok && !slices.Contains(ids, t.id) {
				ids, n = append(ids, t.id), n+t.articles
			}
		}
		if len(ids) > 0 && (steps < 0 || n < steps) {
			best, steps = ids, n
		}
	}
	if len(best) == 1 && a.q.Sort.By == "published_at" {
		return best
	}
	// Going along the order meets a row with the tag every live/steps rows.
	if wanted := int64(a.q.Page.Limit + a.q.Page.Offset); steps*steps > wanted*a.kept["live"] {
		return nil
	}
	return best
}

// musts are the lists of tags of which a row must carry one each.
func (a *articleQuery) musts() [][]string {
	var musts [][]string
	if a.q.TagAny != nil {
		musts = append(musts, a.q.TagAny)
	}
	for _, ref := range a.q.TagAll {
		musts = append(musts, []string{ref})
	}
	for _, ref := range requiredTags(a.q.Filter) {
		musts = append(musts, []string{ref})
	}
	return musts
}

// within is the shortest list of tags of which every row carries one, nil if there is none, or if a tag is asked for that is
// not there yet.
func (a *articleQuery) within() []cms.ID {
	var best []cms.ID
	for _, anyOf := range a.musts() {
		ids := make([]cms.ID, 0, len(anyOf))
		for _, ref := range anyOf {
			t, ok := a.tag(ref)
			if !ok {
				return nil
			}
			ids = append(ids, t.id)
		}
		if best == nil || len(ids) < len(best) {
			best = ids
		}
	}
	return best
}

// tagged keeps the rows whose set of tags is as asked for.
func (a *articleQuery) tagged(rows database.Select) database.Select {
	keep := func(refs []string, not string) {
		condition, args := a.carries(refs)
		rows = rows.Where(not+condition, args...)
	}
	if a.q.TagAny != nil {
		keep(a.q.TagAny, "")
	}
	for _, ref := range a.q.TagAll {
		keep([]string{ref}, "")
	}
	if a.q.TagNone != nil {
		keep(a.q.TagNone, "NOT ")
	}
	return rows
}

// carries is the condition that a row carries one of the tags. A tag that does not exist is on no article.
func (a *articleQuery) carries(refs []string) (string, []any) {
	var ids []cms.ID
	for _, ref := range refs {
		if t, ok := a.tag(ref); ok {
			ids = append(ids, t.id)
		}
	}
	exists := "EXISTS (SELECT 1 FROM " + a.side.tagRows + " AS f WHERE f.article_id = " + a.side.id + " AND "
	switch len(ids) {
	case 0:
		return "(1 = 0)", nil
	case 1:
		if len(a.lead) == 1 && a.lead[0] == ids[0] {
			return "(1 = 1)", nil
		}
		return exists + "f.tag_id = ?)", []any{ids[0]}
	}
	some := database.OneOf(a.db.Tx, "f.tag_id", ids)
	return exists + some.Text + ")", some.Args
}

// ordered is a window of the rows in the order of a column.
func (a *articleQuery) ordered() (cms.List[cms.ArticleView], error) {
	w := a.q.Page
	withText := a.q.WithText || a.q.Highlight
	o := a.side.orders[a.q.Sort.By]
	if a.q.OneTag() != "" && len(a.lead) == 1 && o.Column == "a.published_at" {
		stories, err := a.db.read(a.page(o), a.q.View, withText)
		byPublication(stories, a.q.Sort.Descending != w.Backward)
		return pageOf(stories, w), err
	}
	rows := a.rows()
	if o.Column == "a.published_at" && len(a.find.Want) > 0 && a.q.View == cms.LiveView {
		rows = a.bounded(rows, o)
	} else if o.Column == "a.published_at" && len(a.lead) == 1 {
		o = o.at("g.published_at", "g.article_id")
	}
	rows = o.page(rows, a.q.Sort, w)
	stories, err := a.db.read(rows, a.q.View, withText)
	return pageOf(stories, w), err
}

// byPublication puts editions in the order of their publication. SQLite would copy all their columns for it.
func byPublication(stories []cms.ArticleView, down bool) {
	slices.SortFunc(stories, func(x, y cms.ArticleView) int {
		if down {
			x, y = y, x
		}
		return cmp.Or(x.Edition.PublishedAt.Compare(y.Edition.PublishedAt), cmp.Compare(x.Edition.ArticleID, y.Edition.ArticleID))
	})
}

// page is a window of one tag's articles, in no order, which is cut out of its feed: what is passed over is not looked up.
func (a *articleQuery) page(o order) database.Select {
	feed := database.From("tag_feed AS g").Where("g.tag_id = ?", a.lead[0])
	o = o.at("g.published_at", "g.article_id")
	feed = o.page(feed, a.q.Sort, a.q.Page)
	cut := feed.Columns(o.Column + ", " + o.ID + ", g.edition")
	rows := database.From("("+cut.Text+") AS g CROSS JOIN "+a.side.from, cut.Args...)
	return rows.Where("a.live AND a.rowid = g.edition")
}
