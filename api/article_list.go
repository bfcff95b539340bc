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
	checkTogether(q, p)
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
		Refs:           refConditions(p),
		Types:          p.Types,
		Locales:        p.Locales,
		Fallback:       p.Fallback,
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
		With:           parts(include),
		Page:           s.PageRequest(c, q, p.PageParams),
	}, fields
}

// checkTogether refuses parameters that need others.
func checkTogether(q *rest.Query, p articleListParams) {
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
	if p.Fallback && (p.Locales == nil || p.View == cms.DraftView) {
		q.Errorf(
			"fallback", "not_allowed",
			"fallback=true shows each article in the first language of locale in which it is "+
				"live: send locale as well, and no view=draft.",
		)
	}
}

// parts returns what articles shall come with, as include says it.
func parts(include []string) cms.Parts {
	html, blocks := slices.Contains(include, "body"), slices.Contains(include, "blocks")
	return cms.Parts{
		Text:         html || blocks,
		HTML:         html,
		Blocks:       blocks,
		Links:        slices.Contains(include, "related_links"),
		Corrections:  slices.Contains(include, "corrections"),
		Translations: slices.Contains(include, "translations"),
	}
}

// refConditions returns what is asked of the references of articles.
func refConditions(p articleListParams) []cms.RefCondition {
	var list []cms.RefCondition
	anyOf := func(noun cms.Noun, refs []string) {
		if refs != nil {
			list = append(list, cms.RefCondition{Noun: noun, Refs: refs})
		}
	}
	anyOf(cms.TagNoun, p.TagAny)
	anyOf(cms.SectionNoun, p.Sections)
	anyOf(cms.AuthorNoun, p.Authors)
	for _, ref := range p.TagAll {
		anyOf(cms.TagNoun, []string{ref})
	}
	if p.TagNone != nil {
		list = append(list, cms.RefCondition{Noun: cms.TagNoun, Refs: p.TagNone, Not: true})
	}
	return list
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
	if asked.With.Text || asked.Highlight {
		if err := s.reserveBodies(c, asked.With); err != nil {
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
		a := s.articleIn(story, asked.With)
		return rest.SelectFields(&a, fields)
	}
	page := articlePage{
		rest.NewPage(s.Server, c, q, asked.Page, list.List, mark, row),
		facets(list.Facets),
	}
	until := list.Until
	for i := range list.Rows {
		until = cms.Earlier(until, cms.MediaUntil(list.Rows[i].Media))
	}
	return s.SendView(c, asked.View, 0, fields, page, until, list.CacheTags(asked)...)
}

// reserveBodies reserves the memory for a page of bodies: rows, JSON, and copies of it. That of
// blocks is several times as large.
func (s *Server) reserveBodies(c echo.Context, with cms.Parts) error {
	if with.Blocks {
		return s.Reserve(c, 12*cms.MaxPageText)
	}
	return s.Reserve(c, 4*cms.MaxPageText)
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
