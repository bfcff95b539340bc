package api

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// getArticle shows one article whole.
//
// @ID getArticle
// @Summary Get an article
// @Description Answers an article by its id or slug with everything that paints its page: body, outline, tags, related links. include=blocks adds the body in parts, for apps that cannot paint HTML, include=collections where it stands in collections, which changes by itself when an item begins or ends. A slug it had before leads to the present one. In draft view the ETag is the version, for If-Match; in live view it is a digest of the answer, for If-None-Match.
// @Tags articles
// @Kind worded get article
// @Query articleParams
// @x-acts ["view=draft articles:read_drafts"]
// @Success 200 {object} Article "The article."
// @Failure 410 {object} rest.Problem "Readers could see it once, and it was taken down for good."
// @Router /v1/articles/{ref} [get]
func (s *Server) getArticle(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readArticle.Read(q)
	view := params.View
	fields := checkArticleFields(q, params.Fields, view)
	if err := q.Done(); err != nil {
		return err
	}
	actor, err := s.Reader(c, view)
	if err != nil {
		return err
	}
	story, moved, err := s.articleOf(c, actor, view)
	if err != nil {
		return err
	}
	if moved != "" {
		return s.SendMoved(c, "/v1/articles/"+url.PathEscape(moved), view)
	}
	var version int64
	if view == cms.DraftView {
		version = story.Article.Version
	}
	article := s.fullArticle(story)
	tags := story.CacheTags()
	until := cms.MediaUntil(story.Media)
	if slices.Contains(append(params.Include, fields...), "blocks") {
		article.Blocks = s.blocks(story)
	}
	if slices.Contains(params.Include, "collections") {
		found, err := s.newsroom.Collections.PlacesOf(
			c.Request().Context(), actor, view, story.ID(),
		)
		if err != nil {
			return err
		}
		article.Collections = s.newArticlePlaces(found.Places, story.Content().Locale)
		tags = append(tags, found.Tags...)
		until = cms.Earlier(until, found.Until)
	}
	fields = withIncluded(fields, params.Include)
	rest.SetLanguage(c, story.Content().Locale)
	return s.SendView(c, view, version, fields, rest.SelectFields(article, fields), until, tags...)
}

// articleOf returns the article that a call is about, or the slug it has now if it has moved.
func (s *Server) articleOf(
	c echo.Context, actor cms.Actor, view cms.View,
) (story *cms.ArticleView, moved string, err error) {
	ref, err := rest.PathParam(c, "ref")
	if err != nil {
		return nil, "", err
	}
	return s.newsroom.Article(c.Request().Context(), actor, view, ref)
}

// withIncluded returns the fields that are wanted (nil: all) with those that include= asks for.
func withIncluded(fields, include []string) []string {
	for _, name := range include {
		if fields != nil && !slices.Contains(fields, name) {
			fields = append(fields, name)
		}
	}
	return fields
}

// createArticle writes a new draft.
//
// @ID createArticle
// @Summary Write an article
// @Description Makes a draft; readers see nothing of it until it is published. A slug that is not sent is made from the title.
// @Tags articles
// @Kind wordedNew create article
// @Query articleWriteParams
// @x-acts ["articles:write", "create_tags=true tags:write"]
// @Param body body ArticleInput true "The article."
// @Success 201 {object} Draft "The draft."
// @Failure 409 {object} rest.Problem "The slug is taken, or there is a translation in this language already."
// @Router /v1/articles [post]
func (s *Server) createArticle(c echo.Context, repeatable *newsroom.Idempotency) error {
	q := rest.NewQuery(c)
	createTags := readArticleWrite.Read(q).CreateTags
	if err := q.Done(); err != nil {
		return err
	}
	call, err := s.Call(c, repeatable)
	if err != nil {
		return err
	}
	var in ArticleInput
	if err := rest.DecodeBody(c, &in); err != nil {
		return err
	}
	return rest.Change(c, call, s.created, func(call newsroom.Call) (*cms.ArticleView, error) {
		return s.newsroom.Write(c.Request().Context(), call, in.input(), createTags)
	})
}

func (s *Server) created(story *cms.ArticleView) rest.Response {
	return rest.Created(
		"/v1/articles/"+string(story.Article.ID), story.Article.Version, s.draft(story),
	).In(story.Article.Locale)
}

func (s *Server) revised(story *cms.ArticleView) rest.Response {
	return rest.DraftResponse(http.StatusOK, story.Article.Version, s.draft(story)).
		In(story.Article.Locale)
}

// updateArticle changes fields of the working copy.
//
// @ID updateArticle
// @Summary Change an article
// @Description Changes the named fields of the working copy (JSON Merge Patch, RFC 7396): null brings a field back to its default. A published article stays as it is for readers until it is published again.
// @Tags articles
// @Kind worded strict patch saved article
// @Query articleWriteParams
// @x-acts ["articles:revise", "create_tags=true tags:write"]
// @Param body body ArticleInput true "What to change."
// @Success 200 {object} Draft "The article as it is now."
// @Failure 409 {object} rest.Problem "The slug is taken, there is a translation in this language already, or the article is in the trash or killed."
// @Failure 412 {object} rest.Problem "The article has changed since that version; changed_fields names what."
// @Router /v1/articles/{ref} [patch]
func (s *Server) updateArticle(c echo.Context, repeatable *newsroom.Idempotency) error {
	return s.revise(c, repeatable, func() (editArticle, error) {
		return rest.ReadPatch(c, toInput, (*ArticleInput).input)
	})
}

// editArticle returns what an editor may set of an article, given what it is.
type editArticle = func(cms.ArticleInput) (cms.ArticleInput, error)

// replaceArticle replaces the working copy.
//
// @ID replaceArticle
// @Summary Replace an article
// @Description Replaces the whole working copy: what is left out gets its default. A published article stays as it is for readers until it is published again.
// @Tags articles
// @Kind worded strict replace saved article
// @Query articleWriteParams
// @x-acts ["articles:revise", "create_tags=true tags:write"]
// @Param body body ArticleInput true "The article."
// @Success 200 {object} Draft "The article as it is now."
// @Failure 409 {object} rest.Problem "The slug is taken, there is a translation in this language already, or the article is in the trash or killed."
// @Failure 412 {object} rest.Problem "The article has changed since that version; changed_fields names what."
// @Router /v1/articles/{ref} [put]
func (s *Server) replaceArticle(c echo.Context) error {
	return s.revise(c, nil, func() (editArticle, error) {
		var in ArticleInput
		if err := rest.DecodeBody(c, &in); err != nil {
			return nil, err
		}
		return func(cms.ArticleInput) (cms.ArticleInput, error) { return in.input(), nil }, nil
	})
}

// revise is what patching and replacing have in common.
func (s *Server) revise(
	c echo.Context, repeatable *newsroom.Idempotency, read func() (editArticle, error),
) error {
	q := rest.NewQuery(c)
	createTags := readArticleWrite.Read(q).CreateTags
	if err := q.Done(); err != nil {
		return err
	}
	call, err := s.Call(c, repeatable)
	if err != nil {
		return err
	}
	if call.Auto, err = rest.HasHeader(c, "Masthead-Save", "auto"); err != nil {
		return err
	}
	id, match, err := rest.Target(c)
	if err != nil {
		return err
	}
	edit, err := read()
	if err != nil {
		return err
	}
	return s.changeArticle(c, call, func(call newsroom.Call) (*cms.ArticleView, error) {
		return s.newsroom.Revise(c.Request().Context(), call, id, match, edit, createTags)
	})
}

// deleteArticle puts an article in the trash, or removes it for good.
//
// @ID deleteArticle
// @Summary Put an article in the trash
// @Description Readers no longer see it; editors find it with view=draft and trashed=true, and can restore it. With permanent=true it is removed for good with its editions and links.
// @Tags articles
// @Kind strict delete article
// @Query articleRemovalParams
// @x-acts ["articles:trash", "permanent=true articles:purge"]
// @Router /v1/articles/{ref} [delete]
func (s *Server) deleteArticle(c echo.Context) error {
	q := rest.NewQuery(c)
	remove := s.newsroom.Trash
	if readRemoval.Read(q).Permanent {
		remove = s.newsroom.Purge
	}
	if err := q.Done(); err != nil {
		return err
	}
	return rest.Remove(s.Server, c, remove)
}
