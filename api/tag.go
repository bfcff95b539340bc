package api

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// listTags lists tags.
//
// @ID listTags
// @Summary List tags
// @Description Lists all tags by name, or by how many live articles carry them.
// @Tags tags
// @Kind list tag
// @Query tagListParams
// @Success 200 {object} rest.Page[Tag] "One page of tags."
// @Router /v1/tags [get]
func (s *Server) listTags(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readTagList.Read(q)
	asked := cms.TagQuery{
		IDs:          params.IDs,
		Slugs:        params.Slugs,
		NameContains: params.NameContains,
		Sort:         rest.ParseSort(params.Sort),
		Page:         s.PageRequest(c, q, params.PageParams),
	}
	fields := q.CheckFields(params.Fields, tagFields, nil)
	if err := q.Done(); err != nil {
		return err
	}
	actor, err := s.Reader(c, cms.LiveView)
	if err != nil {
		return err
	}
	list, err := s.newsroom.Tags(c.Request().Context(), actor, asked)
	if err != nil {
		return err
	}
	mark := func(t *cms.TagDetail) cms.Cursor {
		if asked.Sort.By == "name" {
			return cms.Cursor{ID: t.ID, Text: t.NameKey}
		}
		return cms.Cursor{ID: t.ID, Number: t.ArticleCount}
	}
	page := rest.NewPage(s.Server, c, q, asked.Page, list, mark, newTag)
	return s.SendView(c, cms.LiveView, 0, fields, rest.SelectPageFields(page, fields), cms.AllTags, cms.AllArticles)
}

// getTag shows one tag.
//
// @ID getTag
// @Summary Get a tag
// @Description Answers a tag by its id or slug. A slug it had before, one of an alias, or that of a tag merged into it, leads to the present one. With view=draft, which needs a credential, the ETag is its version, for If-Match.
// @Tags tags
// @Kind get tag
// @Query tagParams
// @x-acts ["view=draft articles:read_drafts"]
// @Success 200 {object} Tag "The tag."
// @Failure 404 {object} rest.Problem "There is no such tag."
// @Router /v1/tags/{ref} [get]
func (s *Server) getTag(c echo.Context) error {
	q := rest.NewQuery(c)
	view := readTag.Read(q).View
	if err := q.Done(); err != nil {
		return err
	}
	ref, err := rest.PathParam(c, "ref")
	if err != nil {
		return err
	}
	actor, err := s.Reader(c, view)
	if err != nil {
		return err
	}
	tag, moved, err := s.newsroom.Tag(c.Request().Context(), actor, view, ref)
	if err != nil {
		return err
	}
	if moved != "" {
		return s.SendMoved(c, "/v1/tags/"+url.PathEscape(moved), s.CacheControl(view))
	}
	if view == cms.LiveView {
		return s.SendLive(c, newTag(tag), cms.AllTags, cms.TagListCacheTag(tag.ID))
	}
	rest.Send(c, tagAnswer(tag))
	return nil
}

func tagAnswer(t *cms.TagDetail) newsroom.Answer {
	return rest.DraftResponse(http.StatusOK, t.Version, newTag(t))
}

// createTag makes a tag.
//
// @ID createTag
// @Summary Make a tag
// @Description Makes a tag; readers can see it at once. A slug that is not sent is made from the name.
// @Tags tags
// @Kind create tag
// @x-acts ["tags:write"]
// @Param body body TagInput true "The tag."
// @Success 201 {object} Tag "The tag."
// @Failure 409 {object} rest.Problem "Another tag has this slug, name or alias."
// @Router /v1/tags [post]
func (s *Server) createTag(c echo.Context) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	actor, err := s.RequireActor(c)
	if err != nil {
		return err
	}
	var in TagInput
	if err := rest.DecodeBody(c, &in); err != nil {
		return err
	}
	return rest.Change(c, func(t *cms.TagDetail) newsroom.Answer {
		a := rest.DraftResponse(http.StatusCreated, t.Version, newTag(t))
		a.Header["Location"] = "/v1/tags/" + string(t.ID)
		return a
	}, func() (*cms.TagDetail, error) { return s.newsroom.MakeTag(c.Request().Context(), actor, in.input()) })
}

// updateTag changes a tag.
//
// @ID updateTag
// @Summary Change a tag
// @Description Changes the named fields of a tag (JSON Merge Patch, RFC 7396): null brings a field back to its default. Every page that shows the tag shows the change at once. A slug it had keeps leading to it.
// @Tags tags
// @Kind patch tag
// @x-acts ["tags:revise"]
// @Param body body TagPatch true "What to change."
// @Success 200 {object} Tag "The tag as it is now."
// @Failure 409 {object} rest.Problem "Another tag has this slug, name or alias."
// @Router /v1/tags/{ref} [patch]
func (s *Server) updateTag(c echo.Context) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	id, actor, match, err := s.Mutation(c, "ref")
	if err != nil {
		return err
	}
	patch, err := rest.ReadPatch[TagInput](c)
	if err != nil {
		return err
	}
	return rest.Change(c, tagAnswer, func() (*cms.TagDetail, error) {
		return s.newsroom.ReviseTag(c.Request().Context(), actor, id, match, func(was cms.TagInput) (cms.TagInput, error) {
			in, err := patch(toTagInput(was))
			return in.input(), err
		})
	})
}

// deleteTag removes a tag.
//
// @ID deleteTag
// @Summary Remove a tag
// @Description Takes the tag from every article and removes it. Tags below it stand at the top then.
// @Tags tags
// @Kind delete tag
// @x-acts ["tags:revise"]
// @Router /v1/tags/{ref} [delete]
func (s *Server) deleteTag(c echo.Context) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	id, actor, match, err := s.Mutation(c, "ref")
	if err != nil {
		return err
	}
	if err := s.newsroom.DeleteTag(c.Request().Context(), actor, id, match); err != nil {
		return err
	}
	rest.Send(c, rest.DraftResponse(http.StatusNoContent, 0, nil))
	return nil
}

// mergeTag merges a tag into another one.
//
// @ID mergeTag
// @Summary Merge a tag into another
// @Description Gives all articles, names and slugs of the tag to another one, which remains and is answered; the tag itself is gone, and its slug leads to the other.
// @Tags tags
// @Kind patch tag
// @x-acts ["tags:revise"]
// @Param body body TagMerge true "The tag that remains."
// @Success 200 {object} Tag "The tag that remains."
// @Router /v1/tags/{id}/merge [post]
func (s *Server) mergeTag(c echo.Context) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	id, actor, match, err := s.Mutation(c, "id")
	if err != nil {
		return err
	}
	var in TagMerge
	if err := rest.DecodeBody(c, &in); err != nil {
		return err
	}
	return rest.Change(c, tagAnswer, func() (*cms.TagDetail, error) {
		return s.newsroom.MergeTag(c.Request().Context(), actor, id, match, in.Into)
	})
}
