package api

import (
	"context"
	"reflect"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// tags is how tags travel.
var tags = &rest.Noun[cms.TagDetail, cms.TagInput, TagInput]{
	Path:    "/v1/tags",
	Fields:  rest.FieldNames(reflect.TypeFor[Tag]()),
	Head:    func(t *cms.TagDetail) (cms.ID, int64) { return t.ID, t.Version },
	Wire:    func(t *cms.TagDetail) any { return newTag(t) },
	Parse:   (*TagInput).input,
	Format:  toTagInput,
	OneTags: (*cms.TagDetail).CacheTags,
	AllTags: cms.TagLists,
}

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
	asked := cms.NounQuery{
		IDs:          params.IDs,
		Slugs:        params.Slugs,
		NameContains: params.NameContains,
		Sort:         rest.ParseSort(params.Sort),
	}
	return rest.List(s.Server, c, q, tags, rest.Listing[cms.TagDetail]{
		View:   cms.LiveView,
		Fields: params.Fields,
		Page:   params.PageParams,
		Cursor: func(t *cms.TagDetail) cms.Cursor {
			if asked.Sort.By == "name" {
				return cms.Cursor{ID: t.ID, Text: t.NameKey}
			}
			return cms.Cursor{ID: t.ID, Number: t.ArticleCount}
		},
		Do: func(
			ctx context.Context, actor cms.Actor, page cms.PageRequest,
		) (cms.List[cms.TagDetail], error) {
			asked.Page = page
			return s.newsroom.Tags.List(ctx, actor, asked)
		},
	})
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
	return rest.Get(s.Server, c, q, readTag.Read(q).View, tags, s.newsroom.Tags.Get)
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
func (s *Server) createTag(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Create(s.Server, c, repeatable, tags, s.newsroom.Tags.Create)
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
func (s *Server) updateTag(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Patch(s.Server, c, repeatable, tags, s.newsroom.Tags.Revise)
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
	return rest.Delete(s.Server, c, s.newsroom.Tags.Delete)
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
func (s *Server) mergeTag(c echo.Context, repeatable *newsroom.Idempotency) error {
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
	var in TagMerge
	if err := rest.DecodeBody(c, &in); err != nil {
		return err
	}
	return rest.Change(c, call, tags.Response, func(call newsroom.Call) (*cms.TagDetail, error) {
		return s.newsroom.Tags.Merge(c.Request().Context(), call, id, match, in.Into)
	})
}
