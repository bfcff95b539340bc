package newsroom

import (
	"context"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/search"
	"github.com/masthead-cms/masthead/internal/store"
)

// Articles lists articles.
func (n *Newsroom) Articles(ctx context.Context, actor cms.Actor, q cms.ArticleQuery) (cms.ArticleList, error) {
	if err := n.mayRead(actor, q.View); err != nil {
		return cms.ArticleList{}, err
	}
	ask := func() (cms.ArticleList, error) {
		return read(ctx, n, func(db *store.DB) (cms.ArticleList, error) { return db.Articles(q) })
	}
	list, err := ask()
	if list.Unindexed && err == nil {
		switch _, failed := n.indexCopies(ctx, nil); {
		case failed == nil:
			list, err = ask()
		case !cms.Is(failed, cms.InsufficientStorage) && !cms.Is(failed, cms.Unavailable): // where nothing can be written, this is all there is
			err = failed
		}
	}
	if q.Highlight {
		highlight(list.Rows, q)
	}
	return list, err
}

// How long a working copy is left alone before its words are indexed without anybody asking for it, so that one that is being
// written is not indexed each time it is saved; and how many are in one transaction, for others want to write.
const (
	copyRest   = 10 * time.Second
	copiesOnce = 20
)

// IndexCopies lets working copies that nobody has changed for a while be found by their words. It tells how many.
func (n *Newsroom) IndexCopies(ctx context.Context) (int, error) {
	since := n.clock().Add(-copyRest)
	return n.indexCopies(ctx, &since)
}

func (n *Newsroom) indexCopies(ctx context.Context, since *time.Time) (done int, err error) {
	for {
		var ids []cms.ID
		find := func(db *store.DB) error {
			ids, err = db.Unindexed(since, copiesOnce)
			return err
		}
		if err := n.store.ReadOne(ctx, find); err != nil || len(ids) == 0 {
			return done, err
		}
		err := n.store.Write(ctx, func(db *store.DB) error {
			if err := find(db); err != nil {
				return err
			}
			return db.IndexCopies(ids)
		})
		if err != nil {
			return done, err
		}
		done += len(ids)
	}
}

// highlight shows where articles answer the question in words. Texts that were read for this alone are let go.
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
		if !q.WithText {
			s.Text = nil
		}
	}
}

// Suggest finds the tags and live articles that somebody may mean who is still typing. Tags come first, but leave half of
// the places to articles, if there are as many.
func (n *Newsroom) Suggest(ctx context.Context, actor cms.Actor, typed string, limit int) ([]cms.Suggestion, error) {
	if err := n.mayRead(actor, cms.LiveView); err != nil {
		return nil, err
	}
	return read(ctx, n, func(db *store.DB) ([]cms.Suggestion, error) {
		tags, articles, err := db.Suggest(search.ParseTyped(typed), limit)
		places := max(limit-len(articles), (limit+1)/2)
		list := append([]cms.Suggestion{}, tags[:min(len(tags), places)]...)
		return append(list, articles[:min(len(articles), limit-len(list))]...), err
	})
}
