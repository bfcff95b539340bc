package store

import (
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/search"
)

// Question is a query for articles of which only the ids of the first ones are wanted.
type Question struct {
	articleQuery
}

// Questions looks up, in one statement for all of them, what queries of the live view depend on.
func (db *DB) Questions(queries []cms.ArticleQuery) ([]*Question, error) {
	all := articleQuery{
		db:       db,
		tables:   viewsTables[cms.LiveView],
		refs:     map[refKey]knownRef{},
		counters: map[string]int64{},
	}
	list := make([]*Question, len(queries))
	var refs []cms.RefCondition
	for i, q := range queries {
		a := all
		a.q = q
		a.words = search.Parse(q.Words)
		list[i] = &Question{a}
		refs = slices.Concat(refs, q.Refs, filterRefs(q.Filter))
		all.words.Want = slices.Concat(all.words.Want, a.words.Want, a.words.Without)
	}
	if len(refs) == 0 && all.hasNoWords() {
		return list, nil
	}
	if err := all.lookUp(refs); err != nil {
		return nil, err
	}
	clauses := all.words.Want
	for _, q := range list {
		clauses = clauses[copy(q.words.Want, clauses):]
		clauses = clauses[copy(q.words.Without, clauses):]
	}
	return list, nil
}

// IDs returns the ids of the first articles, in one statement.
func (a *Question) IDs(limit int) ([]cms.ID, error) {
	a.q.Page.Limit = limit
	a.feeds = a.leadingFeeds()
	if a.q.Sort.By == cms.ByRelevance {
		found, err := a.candidates()
		slices.SortFunc(found, better)
		ids := make([]cms.ID, min(limit, len(found)))
		for i := range ids {
			ids[i] = found[i].id
		}
		return ids, err
	}
	rows := a.orderedRows(a.tables.orders[a.q.Sort.By])
	ids, err := database.QueryAll(a.db.Tx, rows.Columns(a.tables.id), scanID)
	return ids[:min(limit, len(ids))], err
}

// Refs returns the nouns that the queries it was looked up with name, as they are now.
func (a *Question) Refs() []cms.RefID {
	refs := make([]cms.RefID, 0, len(a.refs))
	for key, known := range a.refs {
		refs = append(refs, cms.RefID{Noun: key.noun, ID: known.id})
	}
	return refs
}

// LiveAmong returns which of some articles are live, in one statement.
func (db *DB) LiveAmong(ids []cms.ID) (map[cms.ID]bool, error) {
	live := make(map[cms.ID]bool, len(ids))
	if len(ids) == 0 {
		return live, nil
	}
	rows := database.WhereIn(db.Tx, database.From("editions AS a").Where("a.live"), "a.article_id",
		ids)
	err := db.Query(rows.Columns("a.article_id"), func(r *database.Row) { live[scanID(r)] = true })
	return live, err
}

// LiveArticles returns live articles in the order of their ids, with the parts that are wanted. If
// the bodies have more than cms.MaxPageText bytes, it returns the first ones only.
func (db *DB) LiveArticles(ids []cms.ID, with cms.Parts) ([]cms.ArticleView, error) {
	a := articleQuery{
		db:     db,
		q:      cms.ArticleQuery{View: cms.LiveView, With: with},
		tables: viewsTables[cms.LiveView],
	}
	chosen := make([]candidate, len(ids))
	for i, id := range ids {
		chosen[i].id = id
	}
	stories, err := a.readRanked(chosen, false)
	if err != nil {
		return nil, err
	}
	return stories, db.addRelated(stories, cms.LiveView, with)
}
