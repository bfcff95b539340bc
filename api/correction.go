package api

import (
	"context"
	"reflect"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// ArticleCorrection tells readers what was wrong with an article, or has changed since.
type ArticleCorrection struct {
	// Identifier of the correction.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51"`
	// What it does: correction of what was wrong, clarification of what could be misunderstood,
	// update of what has happened since, retraction of the whole article.
	Type cms.CorrectionType `json:"type" example:"correction"`
	// What readers are told, as plain text.
	Text string `json:"text" minLength:"1" maxLength:"2000" example:"An earlier version said that the river has nine gauges. It has seven."`
	// Number of the edition that was the latest when it was made.
	Edition int `json:"edition" minimum:"1" maximum:"2147483647" example:"1"`
	// When readers were told.
	PublishedAt time.Time `json:"published_at" format:"date-time" example:"2026-03-12T09:30:00Z"`
} // @name ArticleCorrection

// Correction is a correction with the article that it is about.
type Correction struct {
	ArticleCorrection
	// The article that it is about.
	Article CorrectedArticle `json:"article"`
	NounTimes
} // @name Correction

// CorrectedArticle is the article that a correction is about. It is a type of its own, as an
// ArticleLink may be null.
type CorrectedArticle struct {
	ArticleLink
} // @name CorrectedArticle

// CorrectionInput is a correction as it is written.
type CorrectionInput struct {
	// What it does. Default: correction.
	Type *cms.CorrectionType `json:"type,omitempty" extensions:"x-nullable" example:"correction"`
	// What readers shall be told, as plain text.
	Text string `json:"text" minLength:"1" maxLength:"2000" example:"An earlier version said that the river has nine gauges. It has seven."`
	// When readers were told; never in the future. Default: when it is made.
	PublishedAt *time.Time `json:"published_at,omitempty" format:"date-time" extensions:"x-nullable" example:"2026-03-12T09:30:00Z"`
} // @name CorrectionInput

// corrections is how corrections travel. Their version is that of the article.
func (s *Server) corrections() *rest.Noun[
	cms.CorrectionDetail, cms.CorrectionInput, CorrectionInput,
] {
	live, draftOnly := rest.FieldsByView(reflect.TypeFor[Correction]())
	return &rest.Noun[cms.CorrectionDetail, cms.CorrectionInput, CorrectionInput]{
		Path:        "/v1/corrections",
		Fields:      live,
		DraftFields: draftOnly,
		Head:        func(c *cms.CorrectionDetail) (cms.ID, int64) { return c.ID, c.Version },
		Wire:        func(c *cms.CorrectionDetail) any { return s.newCorrection(c) },
		Draft:       func(c *cms.CorrectionDetail) any { return s.newCorrectionDraft(c) },
		Parse:       (*CorrectionInput).input,
		Format:      toCorrectionInput,
		OneTags:     (*cms.CorrectionDetail).CacheTags,
		AllTags:     cms.CorrectionLists,
	}
}

// newCorrection returns a correction as callers see it.
func (s *Server) newCorrection(c *cms.CorrectionDetail) Correction {
	return Correction{
		ArticleCorrection: newArticleCorrection(&c.Correction),
		Article:           CorrectedArticle{*s.articleLink(c.Article)},
		NounTimes:         NounTimes{CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt},
	}
}

// newCorrectionDraft returns a correction as editors see it.
func (s *Server) newCorrectionDraft(c *cms.CorrectionDetail) Correction {
	correction := s.newCorrection(c)
	correction.SetVersion(c.Version)
	return correction
}

func newArticleCorrection(c *cms.Correction) ArticleCorrection {
	return ArticleCorrection{string(c.ID), c.Type, c.Text, c.Edition, c.PublishedAt}
}

// articleCorrections returns corrections as their article shows them.
func articleCorrections(list []cms.Correction) []ArticleCorrection {
	out := make([]ArticleCorrection, len(list))
	for i := range list {
		out[i] = newArticleCorrection(&list[i])
	}
	return out
}

// input returns what the body of a correction sets.
func (in *CorrectionInput) input() cms.CorrectionInput {
	out := cms.CorrectionInput{
		Type:        cms.CorrectionTypes[0],
		Text:        in.Text,
		PublishedAt: in.PublishedAt,
	}
	if in.Type != nil {
		out.Type = *in.Type
	}
	return out
}

// toCorrectionInput returns the inverse of input.
func toCorrectionInput(in cms.CorrectionInput) CorrectionInput {
	return CorrectionInput{&in.Type, in.Text, in.PublishedAt}
}

// createCorrection adds a correction to an article.
//
// @ID createCorrection
// @Summary Correct an article
// @Description Adds a correction to an article that readers have seen: they are told at once, whichever edition is live. A retraction marks the article as retracted, and leaves it to readers; withdraw it to take it from them. The version of the article rises, and is the ETag.
// @Tags corrections
// @Kind versioned create article
// @x-acts ["corrections:write"]
// @Param body body CorrectionInput true "The correction."
// @Success 201 {object} Correction "The correction."
// @Failure 409 {object} rest.Problem "Readers have never seen the article, or it is in the trash."
// @Router /v1/articles/{id}/corrections [post]
func (s *Server) createCorrection(c echo.Context, repeatable *newsroom.Idempotency) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	call, err := s.Call(c, repeatable)
	if err != nil {
		return err
	}
	id, match, err := rest.Target(c)
	if err != nil {
		return err
	}
	var in CorrectionInput
	if err := rest.DecodeBody(c, &in); err != nil {
		return err
	}
	created := func(d *cms.CorrectionDetail) rest.Response {
		return rest.Created("/v1/corrections/"+string(d.ID), d.Version, s.newCorrectionDraft(d))
	}
	return rest.Change(c, call, created, func(call newsroom.Call) (*cms.CorrectionDetail, error) {
		return s.newsroom.Correct(c.Request().Context(), call, id, match, in.input())
	})
}

// listCorrections lists corrections of many articles.
//
// @ID listCorrections
// @Summary List corrections
// @Description Lists the corrections of all live articles, the newest first, each with its article. With view=draft, which needs a credential, those of all articles.
// @Tags corrections
// @Kind list correction
// @Query correctionListParams
// @x-acts ["view=draft articles:read_drafts"]
// @Success 200 {object} rest.Page[Correction] "One page of corrections."
// @Router /v1/corrections [get]
func (s *Server) listCorrections(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readCorrectionList.Read(q)
	asked := cms.CorrectionQuery{
		View:    params.View,
		Article: params.Article,
		Types:   params.Types,
	}
	return rest.List(s.Server, c, q, s.corrections(), rest.Listing[cms.CorrectionDetail]{
		View:   params.View,
		Fields: params.Fields,
		Page:   params.PageParams,
		Cursor: func(d *cms.CorrectionDetail) cms.Cursor {
			return cms.Cursor{ID: d.ID, Time: d.PublishedAt}
		},
		Do: func(
			ctx context.Context, actor cms.Actor, page cms.PageRequest,
		) (cms.List[cms.CorrectionDetail], error) {
			asked.Page = page
			return s.newsroom.Corrections(ctx, actor, asked)
		},
	})
}

// getCorrection shows one correction.
//
// @ID getCorrection
// @Summary Get a correction
// @Description Answers a correction with its article, to readers while that is live. In draft view the ETag is the version of the article, for If-Match.
// @Tags corrections
// @Kind read correction
// @Query viewParams
// @x-acts ["view=draft articles:read_drafts"]
// @Success 200 {object} Correction "The correction."
// @Router /v1/corrections/{id} [get]
func (s *Server) getCorrection(c echo.Context) error {
	q := rest.NewQuery(c)
	view := readView.Read(q).View
	return rest.GetByID(s.Server, c, q, view, s.corrections(), s.newsroom.Correction)
}

// updateCorrection changes a correction.
//
// @ID updateCorrection
// @Summary Change a correction
// @Description Changes the named fields of a correction (JSON Merge Patch, RFC 7396): null brings a field back to its default. Readers see it at once. The version of the article rises; it is the ETag, and the version that If-Match names.
// @Tags corrections
// @Kind patch correction
// @x-acts ["corrections:write"]
// @Param body body CorrectionInput true "What to change."
// @Success 200 {object} Correction "The correction as it is now."
// @Failure 409 {object} rest.Problem "The article is in the trash."
// @Router /v1/corrections/{id} [patch]
func (s *Server) updateCorrection(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Patch(s.Server, c, repeatable, s.corrections(), s.newsroom.ReviseCorrection)
}

// deleteCorrection removes a correction.
//
// @ID deleteCorrection
// @Summary Remove a correction
// @Description Takes the correction from its article for good. Readers see it at once; the version of the article rises, and is the one that If-Match names.
// @Tags corrections
// @Kind delete correction
// @x-acts ["corrections:write"]
// @Failure 409 {object} rest.Problem "The article is in the trash."
// @Router /v1/corrections/{id} [delete]
func (s *Server) deleteCorrection(c echo.Context) error {
	return rest.Delete(s.Server, c, s.newsroom.RemoveCorrection)
}
