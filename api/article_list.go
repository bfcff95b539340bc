package api

import (
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/rest"
)

// articleQuery reads what is asked of the list of articles, and which fields are wanted (nil: all).
func (s *Server) articleQuery(c echo.Context, q *rest.Query) (cms.ArticleQuery, []string) {
	a := cms.ArticleQuery{View: q.View()}
	a.IDs, a.Slugs, a.Locales = q.IDs("id"), q.List("slug"), q.Locales("locale")
	a.TagAny, a.TagAll, a.TagNone = q.List("tag"), q.List("tag_all"), q.List("tag_none")
	a.PublishedFrom, a.PublishedUntil, a.UpdatedFrom = q.Time("published_from"), q.Time("published_until"), q.Time("updated_from")
	for _, t := range q.ListOf("type", rest.Strings(cms.ArticleTypes)) {
		a.Types = append(a.Types, cms.ArticleType(t))
	}
	for _, status := range q.ListOf("status", rest.Strings(cms.Statuses)) {
		a.Statuses = append(a.Statuses, cms.Status(status))
	}
	a.Trashed = q.Bool("trashed")
	if a.View != cms.DraftView && (a.Statuses != nil || a.Trashed) {
		q.Errorf("view", "required", "status and trashed are asked of the draft view only: add view=draft.")
	}
	a.Words, a.Highlight = q.Words("q"), q.Bool("highlight")
	a.Facets = q.SetOf("facets", cms.ArticleFields.Facets())
	a.Filter = filterOf(q, a.View)
	a.Sort = articleSort(q, a.View, a.Words)
	if a.Highlight && a.Words == "" {
		q.Errorf("highlight", "not_allowed", "highlight=true shows where articles answer q: send q as well.")
	}
	fields := queryFields(q, a.View)
	include := q.SetOf("include", cms.ArticleFields.Includes())
	for _, name := range fields {
		f, _ := cms.ArticleField(name)
		include = append(include, f.Include)
	}
	a.WithText, a.WithLinks = slices.Contains(include, "body"), slices.Contains(include, "related_links")
	a.Page = s.PageRequest(c, q)
	return a, fields
}

// filterOf reads the parameter filter.
func filterOf(q *rest.Query, view cms.View) *cms.Filter {
	s, sent := q.Text("filter")
	if !sent {
		return nil
	}
	f, err := cms.ParseFilter(view, s)
	if refusal, ok := err.(*cms.Error); ok {
		q.Add(refusal.Fields...)
	}
	return f
}

// articleSort reads the parameter sort.
func articleSort(q *rest.Query, view cms.View, words string) cms.Sort {
	order := "-published_at"
	switch {
	case words != "":
		order = cms.ByRelevance
	case view == cms.DraftView:
		order = "-updated_at"
	}
	order = q.OneOf("sort", cms.ArticleFields.Sorts(), order)
	if order == cms.ByRelevance && words == "" {
		q.Errorf("sort", "not_allowed", "sort=relevance puts the best answers to q first: send q as well.")
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
// @x-acts ["view=draft articles:read_drafts"]
// @Param view query cms.View false "Which side of the articles: live is what readers see; draft needs a credential." default(live) example(live)
// @Param sort query string false "Order of the list; a minus turns it round. Default: with q relevance, else -published_at, in draft view -updated_at. What has no value comes last. relevance compares the newest 1,000 answers; -published_at goes through all of them." extensions(x-of=sorts) example(-published_at)
// @Param q query string false "Only articles that answer these words, wherever they stand: in title, kicker, summary, body, byline or the names of tags. Words in quotation marks stand together, -word must not be there, begin* is the beginning of a word. Case, accents, vowel marks, singular and plural do not matter. Any text is a question." maxLength(500) example(river "glacier lake" -flood)
// @Param highlight query bool false "With q: show in highlight where each article answers." default(false)
// @Param facets query []string false "Also count these values in the whole list: at most 50 each, the most frequent first." collectionFormat(csv) extensions(x-of=facets)
// @Param filter query string false "Only articles for which this holds (AIP-160). Comparisons: field = value, != < <= > >=, tags:slug, field:* (has a value), title = begin*, title:part; joined by AND, OR, NOT and parentheses, which must be written where AND and OR meet. Values with spaces stand in double quotes." maxLength(4096) extensions(x-of=filters) example(type = "news" AND NOT tags:sport AND published_at >= "2026-01-01T00:00:00Z")
// @Param fields query []string false "Only these fields of each article." collectionFormat(csv) example(id,title,url) extensions(x-of=fields)
// @Param include query []string false "What lists leave out unless asked: body (body_html and outline; in draft view also body and body_format), related_links." collectionFormat(csv) extensions(x-of=includes)
// @Param id query []string false "Only these articles." collectionFormat(csv) format(uuid)
// @Param slug query []string false "Only the articles with these slugs." collectionFormat(csv)
// @Param tag query []string false "Only articles with at least one of these tags (ids or slugs)." collectionFormat(csv)
// @Param tag_all query []string false "Only articles with every one of these tags." collectionFormat(csv)
// @Param tag_none query []string false "Only articles with not one of these tags." collectionFormat(csv)
// @Param type query []cms.ArticleType false "Only these kinds of pieces." collectionFormat(csv)
// @Param locale query []string false "Only articles in these languages (BCP 47; en does not mean en-US)." collectionFormat(csv) extensions(x-form=locale) example(en)
// @Param published_from query string false "Only articles first published at this time or later (RFC 3339 time or date)." example(2026-01-01T00:00:00Z) extensions(x-form=time)
// @Param published_until query string false "Only articles first published before this time." example(2026-07-01T00:00:00Z) extensions(x-form=time)
// @Param updated_from query string false "Only articles whose words changed at this time or later." example(2026-01-01T00:00:00Z) extensions(x-form=time)
// @Param status query []cms.Status false "Draft view only: only articles that stand here." collectionFormat(csv)
// @Param trashed query bool false "Draft view only: true lists the trash instead of the rest."
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
	list, err := s.newsroom.Articles(c.Request().Context(), actor, asked)
	if err != nil {
		return err
	}
	mark := func(story *cms.ArticleView) cms.Cursor { return articleCursor(story, asked.Sort) }
	if fields != nil && asked.Highlight {
		fields = append(fields, "highlight")
	}
	page := rest.NewPage(s.Server, c, q, asked.Page, list.List, mark, s.article)
	return s.SendView(c, asked.View, 0, fields, articlePage{rest.SelectPageFields(page, fields), facets(list.Facets)}, list.CacheTags(asked)...)
}

// articleCursor is the place of an article in an order.
func articleCursor(story *cms.ArticleView, sort cms.Sort) cms.Cursor {
	m := cms.Cursor{Rank: story.Rank}
	var published *time.Time
	var updated time.Time
	if e := story.Edition; e != nil {
		m.ID, m.Text, published, updated = e.ArticleID, e.TitleKey, &e.PublishedAt, e.UpdatedAt
	} else {
		a := story.Article
		m.ID, m.Text, published, updated = a.ID, a.TitleKey, a.PublishedAt, a.UpdatedAt
	}
	switch sort.By {
	case "published_at":
		m.Text, m.Time, m.Missing = "", deref(published), published == nil
	case "updated_at":
		m.Text, m.Time = "", updated
	case cms.ByRelevance:
		m.Text = ""
	}
	return m
}
