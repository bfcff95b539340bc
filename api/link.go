package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

// listArticleLinks lists the related links of an article.
//
// @ID listArticleLinks
// @Summary List the related links of an article
// @Description Lists them in the order the editor gave them. Readers get links to articles here only while those are live. In draft view the ETag is the version of the article.
// @Tags related links
// @x-acts ["view=draft articles:read_drafts"]
// @Produce json
// @x-optional-auth true
// @Param id path string true "Id of the article." format(uuid)
// @Param view query cms.View false "Which side of the article: live is what readers see; draft needs a credential." default(live) example(live)
// @Success 200 {object} RelatedLinkList "The links."
// @Header 200 {string} ETag "In draft view the version of the article; in live view a digest of the answer."
// @Header 200 {string} Cache-Control "Who may keep it."
// @Failure 404 {object} Problem "There is no such article, or readers cannot see it."
// @Success 304 "The caller has it already (If-None-Match)."
// @Router /v1/articles/{id}/related-links [get]
func (s *Server) listArticleLinks(c echo.Context) error {
	q := queryOf(c)
	view := q.view()
	if err := q.done(); err != nil {
		return err
	}
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	actor, err := s.reader(c, view)
	if err != nil {
		return err
	}
	links, version, err := s.newsroom.LinksOf(c.Request().Context(), actor, view, id)
	if err != nil {
		return err
	}
	list := RelatedLinkList{s.relatedLinks(links)}
	if view == cms.LiveView {
		return s.answerLive(c, list, cms.ArticleCacheTag(id))
	}
	send(c, draftAnswer(http.StatusOK, version, list))
	return nil
}

// createLink adds a related link to an article.
//
// @ID createRelatedLink
// @Summary Add a related link
// @Description Adds a link to another article here (article_id) or to a page elsewhere (title and url). Readers see it at once. The version of the article rises; the ETag is that of the link.
// @Tags related links
// @x-acts ["articles:revise"]
// @Accept json
// @Produce json
// @Param id path string true "Id of the article." format(uuid)
// @Param If-Match header string false "The version of the article the change is based on, or *." example("7")
// @Param Idempotency-Key header string false "Makes the call safe to repeat: the same key and body are answered the same within 24 hours." minLength(1) maxLength(255) extensions(x-form=key)
// @Param body body RelatedLinkInput true "The link."
// @Success 201 {object} CollectedLink "The link."
// @Header 201 {string} Location "Its address."
// @Header 201 {string} ETag "Its version."
// @Header 201 {string} Idempotent-Replayed "true when this is the answer of an earlier call with the same Idempotency-Key."
// @Failure 404 {object} Problem "There is no such article."
// @Failure 409 {object} Problem "The article is in the trash."
// @Failure 412 {object} Problem "The article has changed since that version."
// @Router /v1/articles/{id}/related-links [post]
func (s *Server) createLink(c echo.Context) error {
	if err := noQuery(c); err != nil {
		return err
	}
	id, actor, match, err := s.mutation(c, "id")
	if err != nil {
		return err
	}
	var in RelatedLinkInput
	if err := decode(c, &in); err != nil {
		return err
	}
	return change(c, func(l *cms.LinkDetail) newsroom.Answer {
		a := draftAnswer(http.StatusCreated, l.Version, s.collectedLink(l))
		a.Header["Location"] = "/v1/related-links/" + string(l.ID)
		return a
	}, func() (*cms.LinkDetail, error) {
		return s.newsroom.AddLink(c.Request().Context(), actor, id, match, in.input())
	})
}

// replaceLinks replaces all related links of an article.
//
// @ID replaceRelatedLinks
// @Summary Replace and reorder the related links of an article
// @Description The list becomes all the links of the article, in its order. An entry with the id of a link the article has keeps that link; others are new. Readers see it at once. The version of the article rises, and is the ETag.
// @Tags related links
// @x-acts ["articles:revise"]
// @Accept json
// @Produce json
// @Param id path string true "Id of the article." format(uuid)
// @Param If-Match header string false "The version of the article the change is based on, or *." example("7")
// @Param body body RelatedLinkListInput true "The links."
// @Success 200 {object} RelatedLinkList "The links as they are now."
// @Header 200 {string} ETag "The version of the article."
// @Failure 404 {object} Problem "There is no such article."
// @Failure 409 {object} Problem "The article is in the trash."
// @Failure 412 {object} Problem "The article has changed since that version."
// @Router /v1/articles/{id}/related-links [put]
func (s *Server) replaceLinks(c echo.Context) error {
	if err := noQuery(c); err != nil {
		return err
	}
	id, actor, match, err := s.mutation(c, "id")
	if err != nil {
		return err
	}
	var in RelatedLinkListInput
	if err := decode(c, &in); err != nil {
		return err
	}
	copies, err := linkInputs(in.Data)
	if err != nil {
		return err
	}
	return change(c, func(story *cms.ArticleView) newsroom.Answer {
		return draftAnswer(http.StatusOK, story.Article.Version, RelatedLinkList{s.relatedLinks(story.Links)})
	}, func() (*cms.ArticleView, error) {
		return s.newsroom.SetLinks(c.Request().Context(), actor, id, match, copies)
	})
}

// listLinks lists related links of many articles.
//
// @ID listRelatedLinks
// @Summary List related links
// @Description Lists the related links of all articles, the newest first, each with the article that carries it: which pages link to an article, or to a site.
// @Tags related links
// @x-acts ["view=draft articles:read_drafts"]
// @Produce json
// @x-optional-auth true
// @Param view query cms.View false "live: links of live articles as readers see them; draft: all, and needs a credential." default(live) example(live)
// @Param article query string false "Only links of this article (id or slug)."
// @Param target query string false "Only links to this article (id or slug)."
// @Param host query string false "Only links to pages on this host." example(www.unesco.org)
// @Param fields query []string false "Only these fields of each row." collectionFormat(csv) example(title,url) extensions(x-of=fields)
// @Param limit query int false "How many rows a page has at most." minimum(1) maximum(100) default(20) example(20)
// @Param cursor query string false "Where to go on: page.next or page.prev of an earlier answer." extensions(x-form=cursor)
// @Param page query int false "Number of the page, from 1, at most 10,000 rows deep; instead of cursor." minimum(1) maximum(10001) example(1)
// @Param count query string false "exact: also count the whole list." Enums(exact)
// @Success 200 {object} Page[CollectedLink] "One page of links."
// @Header 200 {string} Link "The pages around this one."
// @Header 200 {string} ETag "Digest of the answer; live view only."
// @Header 200 {string} Cache-Control "Who may keep it."
// @Success 304 "The caller has it already (If-None-Match)."
// @Failure 400 {object} Problem "A parameter is not known here, stands twice or cannot have that value, or the cursor is of another question."
// @Router /v1/related-links [get]
func (s *Server) listLinks(c echo.Context) error {
	q := queryOf(c)
	asked := cms.LinkQuery{View: q.view()}
	asked.Article, _ = q.text("article")
	asked.Target, _ = q.text("target")
	asked.Host, _ = q.text("host")
	asked.Host = strings.ToLower(asked.Host)
	fields := q.fields(linkFields, nil)
	asked.Page = s.pageRequest(c, q)
	if err := q.done(); err != nil {
		return err
	}
	actor, err := s.reader(c, asked.View)
	if err != nil {
		return err
	}
	list, err := s.newsroom.Links(c.Request().Context(), actor, asked)
	if err != nil {
		return err
	}
	mark := func(l *cms.LinkDetail) cms.Cursor { return cms.Cursor{ID: l.ID} }
	page := pageOf(s, c, q, asked.Page, list, mark, s.collectedLink)
	return s.answerView(c, asked.View, 0, fields, selectPageFields(page, fields), cms.AllLinks, cms.AllArticles)
}

// getLink shows one related link.
//
// @ID getRelatedLink
// @Summary Get a related link
// @Description Answers one link with the article that carries it. In draft view the ETag is its version.
// @Tags related links
// @x-acts ["view=draft articles:read_drafts"]
// @Produce json
// @x-optional-auth true
// @Param id path string true "Id of the link." format(uuid)
// @Param view query cms.View false "live: as readers see it; draft needs a credential." default(live) example(live)
// @Success 200 {object} CollectedLink "The link."
// @Header 200 {string} ETag "In draft view the version of the link; in live view a digest of the answer."
// @Header 200 {string} Cache-Control "Who may keep it."
// @Failure 404 {object} Problem "There is no such link, or readers cannot see it."
// @Success 304 "The caller has it already (If-None-Match)."
// @Router /v1/related-links/{id} [get]
func (s *Server) getLink(c echo.Context) error {
	q := queryOf(c)
	view := q.view()
	if err := q.done(); err != nil {
		return err
	}
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	actor, err := s.reader(c, view)
	if err != nil {
		return err
	}
	link, err := s.newsroom.Link(c.Request().Context(), actor, view, id)
	if err != nil {
		return err
	}
	if view == cms.LiveView {
		return s.answerLive(c, s.collectedLink(link), cms.AllLinks, cms.AllArticles)
	}
	send(c, draftAnswer(http.StatusOK, link.Version, s.collectedLink(link)))
	return nil
}

// updateLink changes a related link.
//
// @ID updateRelatedLink
// @Summary Change a related link
// @Description Changes the named fields of a link (JSON Merge Patch, RFC 7396), or its position. Readers see it at once; the version of the article rises too.
// @Tags related links
// @x-acts ["articles:revise"]
// @Accept json,application/merge-patch+json
// @Produce json
// @Param id path string true "Id of the link." format(uuid)
// @Param If-Match header string false "The version of the link the change is based on, or *." example("2")
// @Param Idempotency-Key header string false "Makes the call safe to repeat: the same key and body are answered the same within 24 hours." minLength(1) maxLength(255) extensions(x-form=key)
// @Param body body RelatedLinkPatch true "What to change."
// @Success 200 {object} CollectedLink "The link as it is now."
// @Header 200 {string} ETag "Its version."
// @Header 200 {string} Idempotent-Replayed "true when this is the answer of an earlier call with the same Idempotency-Key."
// @Failure 404 {object} Problem "There is no such link."
// @Failure 409 {object} Problem "The article is in the trash."
// @Failure 412 {object} Problem "The link has changed since that version."
// @Router /v1/related-links/{id} [patch]
func (s *Server) updateLink(c echo.Context) error {
	if err := noQuery(c); err != nil {
		return err
	}
	id, actor, match, err := s.mutation(c, "id")
	if err != nil {
		return err
	}
	patch, err := patcher[RelatedLinkInput](c)
	if err != nil {
		return err
	}
	return change(c, func(l *cms.LinkDetail) newsroom.Answer {
		return draftAnswer(http.StatusOK, l.Version, s.collectedLink(l))
	}, func() (*cms.LinkDetail, error) {
		return s.newsroom.ReviseLink(c.Request().Context(), actor, id, match, func(was cms.LinkInput) (cms.LinkInput, error) {
			in, err := patch(toLinkInput(was))
			return in.input(), err
		})
	})
}

// deleteLink removes a related link.
//
// @ID deleteRelatedLink
// @Summary Remove a related link
// @Description Takes the link from its article; those behind it move up. Readers see it at once; the version of the article rises.
// @Tags related links
// @x-acts ["articles:revise"]
// @Param id path string true "Id of the link." format(uuid)
// @Param If-Match header string false "The version of the link, or *." example("2")
// @Success 204 "It is done."
// @Failure 404 {object} Problem "There is no such link."
// @Failure 409 {object} Problem "The article is in the trash."
// @Failure 412 {object} Problem "The link has changed since that version."
// @Router /v1/related-links/{id} [delete]
func (s *Server) deleteLink(c echo.Context) error {
	if err := noQuery(c); err != nil {
		return err
	}
	id, actor, match, err := s.mutation(c, "id")
	if err != nil {
		return err
	}
	if err := s.newsroom.RemoveLink(c.Request().Context(), actor, id, match); err != nil {
		return err
	}
	send(c, draftAnswer(http.StatusNoContent, 0, nil))
	return nil
}
