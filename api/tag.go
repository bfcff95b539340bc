package api

import (
	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// tags is how tags travel. They count articles, and lists of articles by tag show them.
var tags = counted(
	rest.NewNoun(cms.TagNoun, newTag, (*TagInput).input, toTagInput),
	cms.TagNoun,
)

// listTags lists tags.
//
// @Description Lists all tags by name, or by when they last changed, or by how many live articles carry them.
// @Kind listNouns tag
// @Query countedListParams
// @Router /v1/tags [get]
func (s *Server) listTags(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readCountedList.Read(q)
	return listNouns(s, c, q, tags, params.nounListParams, rest.ParseSort(params.Sort),
		s.newsroom.Tags.List)
}

// getTag shows one tag.
//
// @Description Answers a tag by its id or slug. A slug it had before, one of an alias, or that of a tag merged into it, leads to the present one. With view=draft, which needs a credential, the ETag is its version, for If-Match.
// @Kind getNoun tag
// @Router /v1/tags/{ref} [get]
func (s *Server) getTag(c echo.Context) error {
	return getNoun(s, c, tags, s.newsroom.Tags.Get)
}

// createTag makes a tag.
//
// @Kind createNoun tag
// @Failure 409 {object} rest.Problem "Another tag has this slug, name or alias."
// @Router /v1/tags [post]
func (s *Server) createTag(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Create(s.Server, c, repeatable, tags, s.newsroom.Tags.Create)
}

// updateTag changes a tag.
//
// @Description Changes the named fields of a tag (JSON Merge Patch, RFC 7396): null brings a field back to its default. Every page that shows the tag shows the change at once. A slug it had keeps leading to it.
// @Kind patchNoun tag
// @x-acts ["tags:revise"]
// @Failure 409 {object} rest.Problem "Another tag has this slug, name or alias."
// @Router /v1/tags/{ref} [patch]
func (s *Server) updateTag(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Patch(s.Server, c, repeatable, tags, s.newsroom.Tags.Revise)
}

// deleteTag removes a tag.
//
// @Description Takes the tag from every article and removes it. Tags below it stand at the top then.
// @Kind deleteNoun tag
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
// @Param body body NounMerge true "The tag that remains."
// @Success 200 {object} Tag "The tag that remains."
// @Router /v1/tags/{id}/merge [post]
func (s *Server) mergeTag(c echo.Context, repeatable *newsroom.Idempotency) error {
	return mergeNoun(s, c, repeatable, tags, s.newsroom.Tags.Merge)
}
