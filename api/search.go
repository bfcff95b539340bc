package api

import (
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/rest"
)

// RelatedArticle is an article that has to do with another one, with what they have in common.
type RelatedArticle struct {
	ArticleRow
	// Why it is here: link:<rel> (its editors linked it), tag:<slug>, section:<slug> and
	// author:<slug> (both have it), words (both have rare words).
	Reasons []string `json:"reasons" minItems:"1" maxItems:"100" itemLength:"244" example:"tag:central-asia,words"`
} // @name RelatedArticle

// SuggestionList is what somebody may mean who is still typing.
type SuggestionList struct {
	// The suggestions, articles last.
	Data []Suggestion `json:"data" maxItems:"20"`
} // @name SuggestionList

// Suggestion is a tag, a section, an author or an article that somebody may mean.
type Suggestion struct {
	// What it is.
	Kind cms.SuggestionKind `json:"kind" example:"tag"`
	// Identifier of what it is.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a11"`
	// Slug of what it is.
	Slug string `json:"slug" minLength:"1" maxLength:"240" example:"central-asia"`
	// Its name, or the title of the article.
	Text string `json:"text" minLength:"1" maxLength:"300" example:"Central Asia"`
} // @name Suggestion

// listSuggestions suggests tags, sections, authors and articles.
//
// @ID listSuggestions
// @Summary Suggest tags, sections, authors and articles
// @Description Answers while somebody is typing: tags, sections and authors by the words of their names and aliases, those with the most articles first, then live articles by the words of their titles, the newest first. The last word may be unfinished.
// @Tags articles
// @Kind cached suggestion
// @Query suggestParams
// @Success 200 {object} SuggestionList "The suggestions."
// @Failure 400 {object} rest.Problem "q is missing, or a parameter is not known here, stands twice or cannot have that value."
// @Router /v1/suggest [get]
func (s *Server) listSuggestions(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readSuggest.Read(q)
	if err := q.Done(); err != nil {
		return err
	}
	actor, err := s.Reader(c, cms.LiveView)
	if err != nil {
		return err
	}
	found, err := s.newsroom.Suggest(c.Request().Context(), actor, params.Words, params.Limit)
	if err != nil {
		return err
	}
	list := SuggestionList{Data: make([]Suggestion, len(found))}
	for i, f := range found {
		list.Data[i] = Suggestion{f.Kind, string(f.ID), f.Slug, f.Text}
	}
	return s.SendLive(c, list, cms.Suggesting...)
}

// listRelatedArticles lists articles that have to do with one.
//
// @ID listRelatedArticles
// @Summary List related articles
// @Description Lists live articles that have to do with a live one: first those its editors linked it to, in their order, then those that share the rarest tags and words with it and are near in time. Never the article itself, and none twice. The same articles give the same list.
// @Tags articles
// @Kind get article
// @Query relatedParams
// @Success 200 {object} rest.Page[RelatedArticle] "The articles; there is one page of them."
// @Failure 410 {object} rest.Problem "Readers could see it once, and it was taken down for good."
// @Router /v1/articles/{ref}/related [get]
func (s *Server) listRelatedArticles(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readRelated.Read(q)
	asked := cms.RelatedQuery{Mode: params.Mode, Limit: params.Limit}
	fields := q.CheckFields(params.Fields, relatedFields, draftOnlyFields)
	if err := q.Done(); err != nil {
		return err
	}
	ref, err := rest.PathParam(c, "ref")
	if err != nil {
		return err
	}
	actor, err := s.Reader(c, cms.LiveView)
	if err != nil {
		return err
	}
	related, moved, err := s.newsroom.Related(c.Request().Context(), actor, ref, asked)
	if err != nil {
		return err
	}
	if moved != "" {
		return s.SendMoved(c, "/v1/articles/"+url.PathEscape(moved)+"/related", cms.LiveView)
	}
	page := rest.Page[any]{Data: make([]any, len(related)), Page: rest.PageInfo{Limit: asked.Limit}}
	tags := append([]cms.CacheTag{cms.ShownMedia}, cms.RelatedLists...)
	var until time.Time
	for i := range related {
		until = cms.Earlier(until, cms.MediaUntil(related[i].Media))
		row := RelatedArticle{s.article(&related[i].ArticleView), related[i].Reasons}
		page.Data[i] = rest.SelectFields(&row, fields)
	}
	return s.SendView(c, cms.LiveView, 0, fields, page, until, tags...)
}
