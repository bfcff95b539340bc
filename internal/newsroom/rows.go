package newsroom

import (
	"context"
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// place is a collection of which the first rows are shown.
type place struct {
	collection *cms.Collection
	limit      int
	repeat     bool // shows what stands in places before it, too
}

// rowsOf returns what readers see in places: the items that are live and in their time, then what
// the rule of the collection finds. Nothing stands twice in a place, nor in two, unless the later
// one repeats.
func (n *Newsroom) rowsOf(ctx context.Context, actor cms.Actor, places []place,
	with cms.Parts) (rows [][]cms.Row, shown cms.Shown, err error) {
	queries := make([]*cms.ArticleQuery, len(places))
	costly := with.Text
	for i, p := range places {
		if p.collection.Rule == nil {
			continue
		}
		asked, err := p.collection.Rule.Query(p.limit)
		if err != nil {
			return nil, shown, err
		}
		queries[i] = &asked
		costly = costly || asked.Costly()
	}
	err = n.store.Read(ctx, questionClass(actor, costly), func(db *store.DB) error {
		rows, shown, err = fillPlaces(db, places, queries, with)
		return err
	})
	return rows, shown, err
}

// fillPlaces returns rowsOf in a transaction: in one statement for each query, and at most five
// more.
func fillPlaces(db *store.DB, places []place, queries []*cms.ArticleQuery,
	with cms.Parts) (rows [][]cms.Row, shown cms.Shown, err error) {
	f := filler{db: db, placed: map[string]bool{}}
	if err := f.load(places, queries); err != nil {
		return nil, shown, err
	}
	rows = make([][]cms.Row, len(places))
	var ids []cms.ID
	for i, p := range places {
		if rows[i], err = f.fill(p, f.questions[i]); err != nil {
			return nil, shown, err
		}
		for _, row := range rows[i] {
			if row.ArticleID != "" && !slices.Contains(ids, row.ArticleID) {
				ids = append(ids, row.ArticleID)
			}
		}
	}
	articles, err := db.LiveArticles(ids, with)
	if err != nil {
		return nil, shown, err
	}
	for _, items := range f.items {
		shown.ShowItems(items, db.Now())
	}
	shown.ShowArticles(articles)
	for i, p := range places {
		rows[i] = withArticles(rows[i], articles)
		var refs []cms.RefID
		if rule := f.questions[i]; rule != nil {
			refs = rule.Refs()
		}
		shown.ShowCollection(p.collection, refs)
	}
	return rows, shown, nil
}

// filler fills places one after the other.
type filler struct {
	db        *store.DB
	items     map[cms.ID][]cms.Item // by collection
	live      map[cms.ID]bool       // of the articles of items
	questions []*store.Question     // by place; nil: there is no rule
	placed    map[string]bool       // the subjects that stand somewhere
}

// load reads the items of the places, which of their articles are live, and what the queries need.
func (f *filler) load(places []place, queries []*cms.ArticleQuery) error {
	f.items = map[cms.ID][]cms.Item{}
	collections := make([]cms.ID, len(places))
	for i, p := range places {
		collections[i] = p.collection.ID
	}
	items, err := f.db.Items(collections...)
	if err != nil {
		return err
	}
	var articles []cms.ID
	for _, item := range items {
		f.items[item.CollectionID] = append(f.items[item.CollectionID], item)
		if item.ArticleID != nil {
			articles = append(articles, *item.ArticleID)
		}
	}
	if f.live, err = f.db.LiveAmong(articles); err != nil {
		return err
	}
	var asked []cms.ArticleQuery
	for _, q := range queries {
		if q != nil {
			asked = append(asked, *q)
		}
	}
	ready, err := f.db.Questions(asked)
	f.questions = make([]*store.Question, len(places))
	for i, q := range queries {
		if q != nil && err == nil {
			f.questions[i], ready = ready[0], ready[1:]
		}
	}
	return err
}

// fill returns the rows of a place, without their articles.
func (f *filler) fill(p place, rule *store.Question) ([]cms.Row, error) {
	rows := make([]cms.Row, 0, p.limit)
	here := map[string]bool{}
	add := func(row cms.Row) {
		subject := row.Subject()
		if len(rows) < p.limit && !here[subject] && (p.repeat || !f.placed[subject]) {
			here[subject] = true
			rows = append(rows, row)
		}
	}
	items := f.items[p.collection.ID]
	for i := range items {
		id := items[i].ArticleID
		switch {
		case !items[i].ShownAt(f.db.Now()), id != nil && !f.live[*id]:
		case id != nil:
			add(cms.Row{Item: &items[i], ArticleID: *id})
		default:
			add(cms.Row{Item: &items[i]})
		}
	}
	if rule != nil && len(rows) < p.limit {
		known := len(here)
		if !p.repeat {
			known += len(f.placed)
		}
		ids, err := rule.IDs(p.limit - len(rows) + known)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			add(cms.Row{ArticleID: id})
		}
	}
	for subject := range here {
		f.placed[subject] = true
	}
	return rows, nil
}

// withArticles sets the articles of rows. Rows end before one whose article was not read.
func withArticles(rows []cms.Row, articles []cms.ArticleView) []cms.Row {
	for i := range rows {
		id := rows[i].ArticleID
		if id == "" {
			continue
		}
		at := slices.IndexFunc(articles, func(a cms.ArticleView) bool { return a.ID() == id })
		if at < 0 {
			return rows[:i]
		}
		rows[i].Article = &articles[at]
	}
	return rows
}
