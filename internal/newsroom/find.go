package newsroom

import (
	"context"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/search"
	"github.com/masthead-cms/masthead/internal/store"
)

// Articles lists articles.
func (n *Newsroom) Articles(ctx context.Context, actor cms.Actor, q cms.ArticleQuery) (cms.Stories, error) {
	if err := n.mayRead(actor, q.View); err != nil {
		return cms.Stories{}, err
	}
	list, err := read(ctx, n, func(db *store.DB) (cms.Stories, error) { return db.Stories(q) })
	if q.Highlight {
		highlight(list.Rows, q)
	}
	return list, err
}

// highlight shows where articles answer the question in words. Texts that were read for this alone are let go.
func highlight(stories []cms.Story, q cms.ArticleQuery) {
	find := search.Parse(q.Words)
	for i := range stories {
		s := &stories[i]
		var p *cms.Piece
		if s.Article != nil {
			p = &s.Article.Piece
		} else {
			p = &s.Edition.Piece
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
