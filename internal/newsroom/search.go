package newsroom

import (
	"context"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/search"
	"github.com/masthead-cms/masthead/internal/store"
)

// Articles lists articles.
func (n *Newsroom) Articles(ctx context.Context, actor cms.Actor,
	q cms.ArticleQuery) (cms.ArticleList, error) {
	if err := n.checkRead(actor, q.View); err != nil {
		return cms.ArticleList{}, err
	}
	if err := checkWords(q.Words); err != nil {
		return cms.ArticleList{}, err
	}
	class := questionClass(actor, q.Costly())
	ask := func() (cms.ArticleList, error) {
		return read(ctx, n, class,
			func(db *store.DB) (cms.ArticleList, error) { return db.Articles(q) })
	}
	list, err := ask()
	if list.Unindexed && err == nil {
		switch _, failed := n.indexDrafts(ctx, nil); {
		case failed == nil:
			list, err = ask()
		// where nothing can be written, the index stays as it is
		case !cms.Is(failed, cms.InsufficientStorage) && !cms.Is(failed, cms.Unavailable):
			err = failed
		}
	}
	if q.Highlight {
		highlight(list.Rows, q)
	}
	for i := range list.Rows {
		allowMoves(&list.Rows[i], actor)
	}
	return list, err
}

// maxOpenClauses is how many beginnings of words and excluded words a question may have: each is
// looked up in the whole search index.
const maxOpenClauses = 16

// checkWords returns an error for words of a question that are too many to be looked up.
func checkWords(words string) error {
	n := search.Parse(words).Open()
	if n <= maxOpenClauses {
		return nil
	}
	return cms.ParameterErrorf("q", "too_many", "q takes at most %d beginnings of words (word*) "+
		"and excluded words (-word) together; it has %d.", maxOpenClauses, n)
}

// indexDelay is how long a draft must rest before it is indexed without a search for it, so that
// one being written is not indexed at every save. indexBatch is how many are indexed in one
// transaction, since other writers wait.
const (
	indexDelay = 10 * time.Second
	indexBatch = 20
)

// IndexDrafts adds drafts that have rested to the search index. It returns how many.
func (n *Newsroom) IndexDrafts(ctx context.Context) (int, error) {
	since := n.clock().Add(-indexDelay)
	return n.indexDrafts(ctx, &since)
}

func (n *Newsroom) indexDrafts(ctx context.Context, since *time.Time) (done int, err error) {
	for {
		var ids []cms.ID
		find := func(db *store.DB) error {
			ids, err = db.Unindexed(since, indexBatch)
			return err
		}
		if err := n.store.ReadOne(ctx, store.Internal, find); err != nil || len(ids) == 0 {
			return done, err
		}
		err := n.store.Write(ctx, func(db *store.DB) error {
			if err := find(db); err != nil {
				return err
			}
			return db.IndexDrafts(ids)
		})
		if err != nil {
			return done, err
		}
		done += len(ids)
	}
}

// highlight marks where articles match the words of a query. Texts that were loaded for this alone
// are dropped.
func highlight(stories []cms.ArticleView, q cms.ArticleQuery) {
	find := search.Parse(q.Words)
	for i := range stories {
		s := &stories[i]
		var p *cms.Content
		if s.Article != nil {
			p = &s.Article.Content
		} else {
			p = &s.Edition.Content
		}
		title, snippet := find.Highlight(p.Title, p.Summary, search.Plain(s.Text.HTML))
		s.Highlight = &cms.Highlight{Title: title, Snippet: snippet}
		if !q.With.Text {
			s.Text = nil
		}
	}
}

// Suggest returns the nouns and live articles that somebody who is typing may mean. Nouns come
// first, but leave half of the places to articles if there are that many.
func (n *Newsroom) Suggest(ctx context.Context, actor cms.Actor, typed string,
	limit int) ([]cms.Suggestion, error) {
	if err := n.checkRead(actor, cms.LiveView); err != nil {
		return nil, err
	}
	if err := checkWords(typed); err != nil {
		return nil, err
	}
	return read(ctx, n, questionClass(actor, true), func(db *store.DB) ([]cms.Suggestion, error) {
		nouns, articles, err := db.Suggest(search.ParseTyped(typed), limit)
		places := max(limit-len(articles), (limit+1)/2)
		list := append([]cms.Suggestion{}, nouns[:min(len(nouns), places)]...)
		return append(list, articles[:min(len(articles), limit-len(list))]...), err
	})
}
