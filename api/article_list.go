package api

import (
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/rest"
)

// articleQuery returns what is asked of the list of articles, and which fields are wanted (nil:
// all).
func (s *Server) articleQuery(c echo.Context, q *rest.Query) (cms.ArticleQuery, []string) {
	p := readArticleList.Read(q)
	if p.View != cms.DraftView && (p.Statuses != nil || p.Trashed) {
		q.Errorf(
			"view", "required",
			"status and trashed are asked of the draft view only: add view=draft.",
		)
	}
	if p.Highlight && p.Words == "" {
		q.Errorf(
			"highlight", "not_allowed",
			"highlight=true shows where articles answer q: send q as well.",
		)
	}
	fields := checkArticleFields(q, p.Fields, p.View)
	include := p.Include
	for _, name := range fields {
		f, _ := cms.ArticleField(name)
		include = append(include, f.Include)
	}
	return cms.ArticleQuery{
		View:           p.View,
		IDs:            p.IDs,
		Slugs:          p.Slugs,
		TagAny:         p.TagAny,
		TagAll:         p.TagAll,
		TagNone:        p.TagNone,
		Types:          p.Types,
		Locales:        p.Locales,
		PublishedFrom:  p.PublishedFrom,
		PublishedUntil: p.PublishedUntil,
		UpdatedFrom:    p.UpdatedFrom,
		Statuses:       p.Statuses,
		Trashed:        p.Trashed,
		Words:          p.Words,
		Highlight:      p.Highlight,
		Facets:         p.Facets,
		Filter:         parseFilter(q, p),
		Sort:           parseArticleSort(q, p),
		WithText:       slices.Contains(include, "body"),
		WithLinks:      slices.Contains(include, "related_links"),
		Page:           s.PageRequest(c, q, p.PageParams),
	}, fields
}

// parseFilter returns the filter that was sent, nil if none was.
func parseFilter(q *rest.Query, p articleListParams) *cms.Filter {
	if p.Filter == "" {
		return nil
	}
	f, err := cms.ParseFilter(p.View, p.Filter)
	if refusal, ok := err.(*cms.Error); ok {
		q.Add(refusal.Fields...)
	}
	return f
}

// parseArticleSort returns the order that was sent, or else that of the view.
func parseArticleSort(q *rest.Query, p articleListParams) cms.Sort {
	order := p.Sort
	switch {
	case order == cms.ByRelevance && p.Words == "":
		q.Errorf(
			"sort", "not_allowed",
			"sort=relevance puts the best answers to q first: send q as well.",
		)
	case order != "":
	case p.Words != "":
		order = cms.ByRelevance
	case p.View == cms.DraftView:
		order = "-updated_at"
	default:
		order = "-published_at"
	}
	by := rest.ParseSort(order)
	by.Descending = by.Descending || by.By == cms.ByRelevance
	return by
}

// listArticles lists articles.
//
// @ID listArticles
// @Summary List articles
// @Description Lists what readers see, the newest first, or with view=draft the working copies, the last changed first. All parameters can be combined; each narrows the list. A cursor is good for the question it came from: change no other parameter while paging.
// @Tags articles
// @Kind list article
// @Query articleListParams
// @x-acts ["view=draft articles:read_drafts"]
// @Success 200 {object} ArticlePage "One page of articles."
// @Failure 400 {object} rest.Problem "A parameter is not known here, stands twice or cannot have that value, the filter cannot be read, or the cursor is of another question."
// @Router /v1/articles [get]
func (s *Server) listArticles(c echo.Context) error {
	q := rest.NewQuery(c)
	asked, fields := s.articleQuery(c, q)
	if err := q.Done(); err != nil {
		return err
	}
	actor, err := s.Reader(c, asked.View)
	if err != nil {
		return err
	}
	if asked.WithText || asked.Highlight {
		if err := s.Reserve(c, 4*cms.MaxPageText); err != nil { // rows, JSON, and copies of it
			return err
		}
	}
	list, err := s.newsroom.Articles(c.Request().Context(), actor, asked)
	if err != nil {
		return err
	}
	mark := func(story *cms.ArticleView) cms.Cursor { return articleCursor(story, asked.Sort) }
	if fields != nil && asked.Highlight {
		fields = append(fields, "highlight")
	}
	row := func(story *cms.ArticleView) any {
		a := s.article(story)
		return rest.SelectFields(&a, fields)
	}
	page := articlePage{
		rest.NewPage(s.Server, c, q, asked.Page, list.List, mark, row),
		facets(list.Facets),
	}
	return s.SendView(c, asked.View, 0, fields, page, list.CacheTags(asked)...)
}

// articleCursor returns the place of an article in an order.
func articleCursor(story *cms.ArticleView, sort cms.Sort) cms.Cursor {
	m := cms.Cursor{Rank: story.Rank}
	var published *time.Time
	var updated time.Time
	if e := story.Edition; e != nil {
		m.ID = e.ArticleID
		m.Text = e.TitleKey
		published = &e.PublishedAt
		updated = e.UpdatedAt
	} else {
		a := story.Article
		m.ID = a.ID
		m.Text = a.TitleKey
		published = a.PublishedAt
		updated = a.UpdatedAt
	}
	switch sort.By {
	case "published_at":
		m.Text = ""
		m.Time = deref(published)
		m.Missing = published == nil
	case "updated_at":
		m.Text, m.Time = "", updated
	case cms.ByRelevance:
		m.Text = ""
	}
	return m
}
