package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// links is how related links travel.
func (s *Server) links() *rest.Noun[cms.LinkDetail, cms.LinkInput, RelatedLinkInput] {
	return &rest.Noun[cms.LinkDetail, cms.LinkInput, RelatedLinkInput]{
		Path:    "/v1/related-links",
		Fields:  linkFields,
		Head:    func(l *cms.LinkDetail) (cms.ID, int64) { return l.ID, l.Version },
		Wire:    func(l *cms.LinkDetail) any { return s.collectedLink(l) },
		Parse:   (*RelatedLinkInput).input,
		Format:  toLinkInput,
		OneTags: (*cms.LinkDetail).CacheTags,
		AllTags: cms.LinkLists,
	}
}

// listArticleLinks lists the related links of an article.
//
// @ID listArticleLinks
// @Summary List the related links of an article
// @Description Lists them in the order the editor gave them. Readers get links to articles here only while those are live. In draft view the ETag is the version of the article.
// @Tags related links
// @Kind read article
// @Query viewParams
// @x-acts ["view=draft articles:read_drafts"]
// @Success 200 {object} RelatedLinkList "The links."
// @Failure 410 {object} rest.Problem "Readers could see it once, and it was taken down for good."
// @Router /v1/articles/{id}/related-links [get]
func (s *Server) listArticleLinks(c echo.Context) error {
	q := rest.NewQuery(c)
	view := readView.Read(q).View
	if err := q.Done(); err != nil {
		return err
	}
	id, err := rest.PathID(c, "id")
	if err != nil {
		return err
	}
	actor, err := s.Reader(c, view)
	if err != nil {
		return err
	}
	links, version, err := s.newsroom.LinksOf(c.Request().Context(), actor, view, id)
	if err != nil {
		return err
	}
	list := RelatedLinkList{s.relatedLinks(links)}
	if view == cms.LiveView {
		return s.SendLive(c, list, cms.ArticleCacheTag(id), cms.SiteCacheTag)
	}
	rest.Send(c, rest.DraftResponse(http.StatusOK, version, list))
	return nil
}

// createLink adds a related link to an article.
//
// @ID createRelatedLink
// @Summary Add a related link
// @Description Adds a link to another article here (article_id) or to a page elsewhere (title and url). Readers see it at once. The version of the article rises; the ETag is that of the link.
// @Tags related links
// @Kind versioned create article
// @x-acts ["articles:revise"]
// @Param body body RelatedLinkInput true "The link."
// @Success 201 {object} CollectedLink "The link."
// @Failure 409 {object} rest.Problem "The article is in the trash."
// @Router /v1/articles/{id}/related-links [post]
func (s *Server) createLink(c echo.Context, repeatable *newsroom.Idempotency) error {
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
	var in RelatedLinkInput
	if err := rest.DecodeBody(c, &in); err != nil {
		return err
	}
	created := func(l *cms.LinkDetail) rest.Response {
		return rest.Created("/v1/related-links/"+string(l.ID), l.Version, s.collectedLink(l))
	}
	return rest.Change(c, call, created, func(call newsroom.Call) (*cms.LinkDetail, error) {
		return s.newsroom.AddLink(c.Request().Context(), call, id, match, in.input())
	})
}

// replaceLinks replaces all related links of an article.
//
// @ID replaceRelatedLinks
// @Summary Replace and reorder the related links of an article
// @Description The list becomes all the links of the article, in its order. An entry with the id of a link the article has keeps that link; others are new. Readers see it at once. The version of the article rises, and is the ETag.
// @Tags related links
// @Kind replace article
// @x-acts ["articles:revise"]
// @Param body body RelatedLinkListInput true "The links."
// @Success 200 {object} RelatedLinkList "The links as they are now."
// @Failure 409 {object} rest.Problem "The article is in the trash."
// @Router /v1/articles/{id}/related-links [put]
func (s *Server) replaceLinks(c echo.Context) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	call, err := s.Call(c, nil)
	if err != nil {
		return err
	}
	id, match, err := rest.Target(c)
	if err != nil {
		return err
	}
	var in RelatedLinkListInput
	if err := rest.DecodeBody(c, &in); err != nil {
		return err
	}
	links, err := linkInputs(in.Data)
	if err != nil {
		return err
	}
	return rest.Change(c, call, func(story *cms.ArticleView) rest.Response {
		return rest.DraftResponse(
			http.StatusOK, story.Article.Version, RelatedLinkList{s.relatedLinks(story.Links)},
		)
	}, func(call newsroom.Call) (*cms.ArticleView, error) {
		return s.newsroom.SetLinks(c.Request().Context(), call, id, match, links)
	})
}

// listLinks lists related links of many articles.
//
// @ID listRelatedLinks
// @Summary List related links
// @Description Lists the related links of all articles, the newest first, each with the article that carries it: which pages link to an article, or to a site.
// @Tags related links
// @Kind list link
// @Query linkListParams
// @x-acts ["view=draft articles:read_drafts"]
// @Success 200 {object} rest.Page[CollectedLink] "One page of links."
// @Router /v1/related-links [get]
func (s *Server) listLinks(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readLinkList.Read(q)
	asked := cms.LinkQuery{
		View:    params.View,
		Article: params.Article,
		Target:  params.Target,
		Host:    strings.ToLower(params.Host),
	}
	return rest.List(s.Server, c, q, s.links(), rest.Listing[cms.LinkDetail]{
		View:   params.View,
		Fields: params.Fields,
		Page:   params.PageParams,
		Cursor: func(l *cms.LinkDetail) cms.Cursor { return cms.Cursor{ID: l.ID} },
		Do: func(
			ctx context.Context, actor cms.Actor, page cms.PageRequest,
		) (cms.List[cms.LinkDetail], error) {
			asked.Page = page
			return s.newsroom.Links(ctx, actor, asked)
		},
	})
}

// getLink shows one related link.
//
// @ID getRelatedLink
// @Summary Get a related link
// @Description Answers one link with the article that carries it. In draft view the ETag is its version.
// @Tags related links
// @Kind read link
// @Query viewParams
// @x-acts ["view=draft articles:read_drafts"]
// @Success 200 {object} CollectedLink "The link."
// @Router /v1/related-links/{id} [get]
func (s *Server) getLink(c echo.Context) error {
	q := rest.NewQuery(c)
	return rest.GetByID(s.Server, c, q, readView.Read(q).View, s.links(), s.newsroom.Link)
}

// updateLink changes a related link.
//
// @ID updateRelatedLink
// @Summary Change a related link
// @Description Changes the named fields of a link (JSON Merge Patch, RFC 7396), or its position. Readers see it at once; the version of the article rises too.
// @Tags related links
// @Kind patch link
// @x-acts ["articles:revise"]
// @Param body body RelatedLinkInput true "What to change."
// @Success 200 {object} CollectedLink "The link as it is now."
// @Failure 409 {object} rest.Problem "The article is in the trash."
// @Router /v1/related-links/{id} [patch]
func (s *Server) updateLink(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Patch(s.Server, c, repeatable, s.links(), s.newsroom.ReviseLink)
}

// deleteLink removes a related link.
//
// @ID deleteRelatedLink
// @Summary Remove a related link
// @Description Takes the link from its article; those behind it move up. Readers see it at once; the version of the article rises.
// @Tags related links
// @Kind delete link
// @x-acts ["articles:revise"]
// @Failure 409 {object} rest.Problem "The article is in the trash."
// @Router /v1/related-links/{id} [delete]
func (s *Server) deleteLink(c echo.Context) error {
	return rest.Delete(s.Server, c, s.newsroom.RemoveLink)
}
