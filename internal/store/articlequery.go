package store

import (
	"cmp"
	"errors"
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/search"
)

// articleQuery is a query for articles, with what had to be looked up to run it.
type articleQuery struct {
	db       *DB
	q        cms.ArticleQuery
	tables   viewTables
	words    search.Query
	tags     map[string]knownTag // by id and slug; what is not here does not exist
	counters map[string]int64    // the counters
	feeds    []cms.ID            // the tags whose feeds lead to the rows
}

type knownTag struct {
	id       cms.ID
	articles int64    // live ones
	terms    []string // in the search index
}

// Articles returns a page of articles in at most six statements, whatever is asked for.
func (db *DB) Articles(q cms.ArticleQuery) (cms.ArticleList, error) {
	var list cms.ArticleList
	a, err := db.newArticleQuery(q)
	if err != nil {
		return list, err
	}
	total, facets, err := a.counts()
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
	list.Total = total
	list.Facets = facets
	list.CommonTags = a.commonTags()
	list.Unindexed = a.counters[unindexed] > 0
	return list, db.addRelated(list.Rows, q.View, q.WithLinks)
}

// newArticleQuery looks up, in one statement, what a query depends on: which tags are meant, and
// which of them its words name.
func (db *DB) newArticleQuery(q cms.ArticleQuery) (*articleQuery, error) {
	a := &articleQuery{
		db:       db,
		q:        q,
		tables:   viewsTables[q.View],
		words:    search.Parse(q.Words),
		tags:     map[string]knownTag{},
		counters: map[string]int64{},
	}
	refs := slices.Concat(q.TagAny, q.TagAll, q.TagNone, filterTags(q.Filter))
	if len(refs) == 0 && a.hasNoWords() && (q.Narrowed() || !q.Page.Count) {
		return a, nil
	}
	if err := a.lookUp(refs); err != nil {
		return nil, err
	}
	a.feeds = a.leadingFeeds()
	return a, nil
}

// hasNoWords reports whether there are no words to look for or to leave out.
func (a *articleQuery) hasNoWords() bool { return len(a.words.Want)+len(a.words.Without) == 0 }

// tag returns the tag that an id or slug means, and whether there is one.
func (a *articleQuery) tag(ref string) (knownTag, bool) {
	if id, ok := cms.ParseID(ref); ok {
		ref = string(id)
	}
	t, ok := a.tags[ref]
	return t, ok
}

// rows returns the rows that match, without order or page.
func (a *articleQuery) rows() database.Select {
	rows, s := a.from(), a.tables
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
	rows = a.withTags(rows)
	rows = a.matching(rows)
	if a.q.Filter != nil {
		condition, args := a.condition(a.q.Filter)
		rows = rows.Where("("+condition+")", args...)
	}
	return rows
}

// from returns the table that the rows come from and, in front of it, what finds them fastest: the
// search index, or the feed of a tag. (CROSS JOIN keeps SQLite from reversing the order.)
func (a *articleQuery) from() database.Select {
	if len(a.words.Want) > 0 {
		index, _ := a.db.TextIndex(false)
		return database.From(index + " AS s CROSS JOIN " + a.tables.from).
			Where("s.rowid = a.search_row")
	}
	switch len(a.feeds) {
	case 0:
		return database.From(a.tables.from)
	case 1:
		return database.From("tag_feed AS g CROSS JOIN "+a.tables.from).
			Where("g.edition = a.rowid AND g.tag_id = ?", a.feeds[0])
	}
	some := database.OneOf(a.db.Tx, "tag_id", a.feeds)
	feeds := "(SELECT DISTINCT edition FROM tag_feed WHERE " + some.Text + ") AS g"
	return database.From(feeds+" CROSS JOIN "+a.tables.from, some.Args...).
		Where("g.edition = a.rowid")
}

// leadingFeeds returns the tags whose feeds find the rows in the fewest steps, of which a row must
// have at least one; none if the order of the list is faster. The feed of one tag is in the order
// of publication.
func (a *articleQuery) leadingFeeds() []cms.ID {
	if a.q.View != cms.LiveView || len(a.words.Want) > 0 {
		return nil
	}
	var best []cms.ID
	steps := int64(-1)
	for _, anyOf := range a.requiredTagSets() {
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
	// Reading along the order finds a row with the tag every live/steps rows.
	if wanted := int64(a.q.Page.Limit + a.q.Page.Offset); steps*steps > wanted*a.counters["live"] {
		return nil
	}
	return best
}

// requiredTagSets returns lists of tags: a row must have a tag of each list.
func (a *articleQuery) requiredTagSets() [][]string {
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

// commonTags returns the shortest list of tags of which every row has one; nil if there is none, or
// if it names a tag that does not exist yet.
func (a *articleQuery) commonTags() []cms.ID {
	var best []cms.ID
	for _, anyOf := range a.requiredTagSets() {
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

// withTags leaves out the rows whose tags do not match.
func (a *articleQuery) withTags(rows database.Select) database.Select {
	keep := func(refs []string, not string) {
		condition, args := a.hasTagIn(refs)
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

// hasTagIn returns the condition that a row has one of the tags. No row has a tag that does not
// exist.
func (a *articleQuery) hasTagIn(refs []string) (string, []any) {
	var ids []cms.ID
	for _, ref := range refs {
		if t, ok := a.tag(ref); ok {
			ids = append(ids, t.id)
		}
	}
	exists := "EXISTS (SELECT 1 FROM " + a.tables.tagRows + " AS f WHERE f.article_id = " +
		a.tables.id + " AND "
	switch len(ids) {
	case 0:
		return "(1 = 0)", nil
	case 1:
		if len(a.feeds) == 1 && a.feeds[0] == ids[0] {
			return "(1 = 1)", nil
		}
		return exists + "f.tag_id = ?)", []any{ids[0]}
	}
	some := database.OneOf(a.db.Tx, "f.tag_id", ids)
	return exists + some.Text + ")", some.Args
}

// ordered returns a page of the rows in the order of a column.
func (a *articleQuery) ordered() (cms.List[cms.ArticleView], error) {
	w := a.q.Page
	withText := a.q.WithText || a.q.Highlight
	o := a.tables.orders[a.q.Sort.By]
	if a.q.OneTag() != "" && len(a.feeds) == 1 && o.Column == "a.published_at" && !withText {
		stories, err := a.db.readViews(a.feedPage(o), a.q.View, false, 0)
		byPublication(stories, a.q.Sort.Descending != w.Backward)
		return pageOf(stories, w), err
	}
	rows := a.rows()
	if o.Column == "a.published_at" && len(a.words.Want) > 0 && a.q.View == cms.LiveView {
		rows = a.withinSeconds(rows, o)
	} else if o.Column == "a.published_at" && len(a.feeds) == 1 {
		o = o.at("g.published_at", "g.article_id")
	}
	rows = o.page(rows, a.q.Sort, w)
	stories, err := a.db.readViews(rows, a.q.View, withText, cms.MaxPageText)
	if errors.Is(err, errPageFull) {
		w.Limit = len(stories) - 1
		err = nil
	}
	return pageOf(stories, w), err
}

// byPublication sorts editions by their publication. SQLite would copy all their columns to do so.
func byPublication(stories []cms.ArticleView, down bool) {
	slices.SortFunc(stories, func(x, y cms.ArticleView) int {
		if down {
			x, y = y, x
		}
		return cmp.Or(
			x.Edition.PublishedAt.Compare(y.Edition.PublishedAt),
			cmp.Compare(x.Edition.ArticleID, y.Edition.ArticleID),
		)
	})
}

// feedPage returns a page of one tag's articles, in no order, taken from its feed: the articles of
// pages before it are not looked up.
func (a *articleQuery) feedPage(o order) database.Select {
	feed := database.From("tag_feed AS g").Where("g.tag_id = ?", a.feeds[0])
	o = o.at("g.published_at", "g.article_id")
	feed = o.page(feed, a.q.Sort, a.q.Page)
	cut := feed.Columns(o.Column + ", " + o.ID + ", g.edition")
	rows := database.From("("+cut.Text+") AS g CROSS JOIN "+a.tables.from, cut.Args...)
	return rows.Where("a.live AND a.rowid = g.edition")
}
