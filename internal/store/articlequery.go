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
	refs     map[refKey]knownRef // what is not here does not exist
	counters map[string]int64    // the counters
	feeds    []cms.ID            // the nouns whose feeds lead to the rows
	locales  []string            // those of live rows in the languages asked for; nil: no matter
}

// refKey is how a query names a noun: by its kind, and its id or a slug.
type refKey struct {
	noun cms.Noun
	ref  string
}

type knownRef struct {
	id       cms.ID
	below    []cms.ID // itself and, in a tree, all below it
	articles int64    // live ones
	terms    []string // in the search index
}

// Articles returns a page of articles in at most eight statements, whatever is
// asked for.
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
	list.CommonRefs = a.commonRefs()
	list.Unindexed = a.counters[unindexed] > 0
	return list, db.addRelated(list.Rows, q.View, q.With)
}

// newArticleQuery looks up, in one statement, what a query depends on: which nouns are meant, and
// which of them its words name.
func (db *DB) newArticleQuery(q cms.ArticleQuery) (*articleQuery, error) {
	a := &articleQuery{
		db:       db,
		q:        q,
		tables:   viewsTables[q.View],
		words:    search.Parse(q.Words),
		refs:     map[refKey]knownRef{},
		counters: map[string]int64{},
	}
	refs := slices.Concat(q.Refs, filterRefs(q.Filter))
	inLanguage := q.Locales != nil && q.View == cms.LiveView
	if len(refs) == 0 && a.hasNoWords() && !inLanguage && (q.Narrowed() || !q.Page.Count) {
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

// known returns the nouns that a condition names, each once, and whether all of them exist.
func (a *articleQuery) known(c cms.RefCondition) (nouns []knownRef, all bool) {
	all = true
	for _, ref := range c.Refs {
		if id, ok := cms.ParseID(ref); ok {
			ref = string(id)
		}
		n, ok := a.refs[refKey{c.Noun, ref}]
		all = all && ok
		same := func(other knownRef) bool { return other.id == n.id }
		if ok && !slices.ContainsFunc(nouns, same) {
			nouns = append(nouns, n)
		}
	}
	return nouns, all
}

// withBelow returns the ids of nouns and of all below them, each once.
func withBelow(nouns []knownRef) []cms.ID {
	var ids []cms.ID
	for _, noun := range nouns {
		for _, id := range noun.below {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
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
	rows = a.onceAGroup(a.inLocales(rows))
	rows = database.WhereIn(a.db.Tx, rows, "a.type", a.q.Types)
	rows = database.WhereIn(a.db.Tx, rows, "a.status", a.q.Statuses)
	rows = optional(rows, "a.published_at >= ?", a.q.PublishedFrom)
	rows = optional(rows, "a.published_at < ?", a.q.PublishedUntil)
	rows = optional(rows, "a.updated_at >= ?", a.q.UpdatedFrom)
	for _, c := range a.q.Refs {
		condition, args := a.refersTo(c)
		rows = rows.Where(condition, args...)
	}
	rows = a.matching(rows)
	if a.q.Filter != nil {
		condition, args := a.condition(a.q.Filter)
		rows = rows.Where("("+condition+")", args...)
	}
	return rows
}

// from returns the table that the rows come from and, in front of it, what finds them fastest: the
// search index, or the feed of a noun. (CROSS JOIN keeps SQLite from reversing the order.)
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
		return database.From("feed AS g CROSS JOIN "+a.tables.from).
			Where("g.edition = a.rowid AND g.ref_id = ?", a.feeds[0])
	}
	some := database.OneOf(a.db.Tx, "ref_id", a.feeds)
	feeds := "(SELECT DISTINCT edition FROM feed WHERE " + some.Text + ") AS g"
	return database.From(feeds+" CROSS JOIN "+a.tables.from, some.Args...).
		Where("g.edition = a.rowid")
}

// leadingFeeds returns the nouns whose feeds find the rows in the fewest steps, of which a row must
// refer to at least one; none if the order of the list is faster. The feed of one noun is in the
// order of publication.
func (a *articleQuery) leadingFeeds() []cms.ID {
	if a.q.View != cms.LiveView || len(a.words.Want) > 0 {
		return nil
	}
	var best []cms.ID
	steps := int64(-1)
	for _, c := range a.requiredRefs() {
		var n int64
		nouns, _ := a.known(c)
		for _, noun := range nouns {
			n += noun.articles
		}
		ids := withBelow(nouns)
		if len(ids) > 0 && (steps < 0 || n < steps) {
			best, steps = ids, n
		}
	}
	if a.q.Sort.By == "published_at" &&
		(len(best) == 1 || a.q.OneRef() != nil && len(best) <= maxFeeds) {
		return best
	}
	// Reading along the order finds a row with the reference every live/steps rows.
	if wanted := int64(a.q.Page.Limit + a.q.Page.Offset); steps*steps > wanted*a.counters["live"] {
		return nil
	}
	return best
}

// requiredRefs returns the conditions on references that every row meets.
func (a *articleQuery) requiredRefs() []cms.RefCondition {
	var required []cms.RefCondition
	for _, c := range a.q.Refs {
		if !c.Not {
			required = append(required, c)
		}
	}
	return append(required, requiredRefs(a.q.Filter)...)
}

// commonRefs returns the shortest list of nouns to one of which every row refers; nil if there is
// none, or if it names a noun that does not exist yet.
func (a *articleQuery) commonRefs() []cms.RefID {
	var best []cms.RefID
	for _, c := range a.requiredRefs() {
		nouns, all := a.known(c)
		if !all {
			return nil
		}
		refs := make([]cms.RefID, len(nouns))
		for i, noun := range nouns {
			refs[i] = cms.RefID{Noun: c.Noun, ID: noun.id}
		}
		if best == nil || len(refs) < len(best) {
			best = refs
		}
	}
	return best
}

// refersTo returns a condition on references as a condition on a row. No row refers to a noun that
// does not exist.
func (a *articleQuery) refersTo(c cms.RefCondition) (string, []any) {
	not := ""
	if c.Not {
		not = "NOT "
	}
	nouns, _ := a.known(c)
	ids := withBelow(nouns)
	switch {
	case len(ids) == 0:
		return not + "(1 = 0)", nil
	case slices.Equal(a.feeds, ids):
		return not + "(1 = 1)", nil
	}
	some := database.OneOf(a.db.Tx, "f.ref_id", ids)
	return not + "EXISTS (SELECT 1 FROM " + a.tables.refRows + " AS f WHERE f.article_id = " +
			a.tables.id + " AND f.noun = ? AND " + some.Text + ")",
		append([]any{c.Noun.Singular}, some.Args...)
}

// ordered returns a page of the rows in the order of a column.
func (a *articleQuery) ordered() (cms.List[cms.ArticleView], error) {
	w := a.q.Page
	withText := a.q.With.Text || a.q.Highlight
	o := a.tables.orders[a.q.Sort.By]
	ofFeeds := a.q.OneRef() != nil && len(a.feeds) > 0 && o.Column == "a.published_at"
	switch {
	case ofFeeds && withText && len(a.feeds) > 1:
		return a.feedTexts(o)
	case ofFeeds && !withText:
		stories, err := a.db.readViews(a.feedPage(o), a.q.View, false, 0)
		byPublication(stories, a.q.Sort.Descending != w.Backward)
		return pageOf(stories, w), err
	}
	if withText && w.Offset > 0 {
		var err error
		if w.Offset, err = a.numberedOffset(o); err != nil {
			return cms.List[cms.ArticleView]{}, err
		}
		a.q.Page.Offset = w.Offset
	}
	stories, err := a.db.readViews(a.orderedRows(o), a.q.View, withText, cms.MaxPageText)
	if errors.Is(err, errPageFull) {
		w.Limit = len(stories) - 1
		err = nil
	}
	return pageOf(stories, w), err
}

// orderedRows returns the rows of a page in an order.
func (a *articleQuery) orderedRows(o order) database.Select {
	rows := a.rows()
	if o.Column == "a.published_at" && len(a.words.Want) > 0 && a.q.View == cms.LiveView {
		rows = a.withinSeconds(rows, o)
	} else if o.Column == "a.published_at" && len(a.feeds) == 1 {
		o = o.at("g.published_at", "g.article_id")
	}
	return o.page(rows, a.q.Sort, a.q.Page)
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

// maxFeeds bounds the feeds that a page is taken from: a query of SQLite has at most 500 parts.
const maxFeeds = 400

// feedRows returns a page of the articles of a noun, in order, from its feed and those of all below
// it: the articles of pages before it are not looked up.
func (a *articleQuery) feedRows(o order) database.Fragment {
	const columns = "g.published_at, g.article_id, g.edition"
	w := a.q.Page
	o = o.at("g.published_at", "g.article_id")
	if len(a.feeds) == 1 {
		feed := database.From("feed AS g").Where("g.ref_id = ?", a.feeds[0])
		return o.page(feed, a.q.Sort, w).Columns(columns)
	}
	of := w
	of.Limit += w.Offset
	of.Offset = 0
	var all database.Fragment
	for i, id := range a.feeds {
		if i > 0 {
			all = all.Plus(" UNION ") // an article may be in several
		}
		feed := database.From("feed AS g").Where("g.ref_id = ?", id)
		some := o.page(feed, a.q.Sort, of).Columns(columns)
		all = all.Plus("SELECT * FROM ("+some.Text+") AS x", some.Args...)
	}
	w.Cursor = nil
	return o.page(database.From("("+all.Text+") AS g", all.Args...), a.q.Sort, w).Columns(columns)
}

// feedPage returns the rows of such a page, in no order.
func (a *articleQuery) feedPage(o order) database.Select {
	cut := a.feedRows(o)
	rows := database.From("("+cut.Text+") AS g CROSS JOIN "+a.tables.from, cut.Args...)
	return rows.Where("a.live AND a.rowid = g.edition")
}

// feedTexts returns such a page with bodies, as many as a page may have.
func (a *articleQuery) feedTexts(o order) (list cms.List[cms.ArticleView], err error) {
	w := a.q.Page
	found, err := database.QueryAll(a.db.Tx, a.feedRows(o), func(r *database.Row) candidate {
		r.Time()
		return candidate{id: scanID(r)}
	})
	if err != nil {
		return list, err
	}
	page := pageOf(found, w)
	list.Rows, err = a.readRanked(page.Rows, w.Backward)
	cut := len(list.Rows) < len(page.Rows)
	list.HasPrev = page.HasPrev || (cut && w.Backward)
	list.HasNext = page.HasNext || (cut && !w.Backward)
	return list, err
}
