package api

import (
	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// authors is how authors travel.
func (s *Server) authors() *rest.Noun[cms.AuthorProfile, cms.AuthorInput, AuthorInput] {
	n := rest.NewNoun(cms.AuthorNoun, s.newAuthor, (*AuthorInput).input, toAuthorInput)
	n.Draft = func(a *cms.AuthorProfile) any { return s.newAuthorDraft(a) }
	return pictured(counted(n, cms.AuthorNoun),
		func(a *cms.AuthorProfile) *cms.Medium { return a.Image })
}

// listAuthors lists authors.
//
// @Description Lists all authors by name, or by when they last changed, or by how many live articles they have a part in.
// @Kind listNouns author
// @Query countedListParams
// @Router /v1/authors [get]
func (s *Server) listAuthors(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readCountedList.Read(q)
	return listNouns(s, c, q, s.authors(), params.nounListParams, rest.ParseSort(params.Sort),
		s.newsroom.Authors.List)
}

// getAuthor shows one author.
//
// @Description Answers an author by its id or slug. A slug it had before, or that of an author merged into it, leads to the present one. With view=draft, which needs a credential, the ETag is its version, for If-Match, and user tells who it is.
// @Kind getNoun author
// @Router /v1/authors/{ref} [get]
func (s *Server) getAuthor(c echo.Context) error {
	return getNoun(s, c, s.authors(), s.newsroom.Authors.Get)
}

// createAuthor makes an author.
//
// @Kind createNoun author
// @Router /v1/authors [post]
func (s *Server) createAuthor(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Create(s.Server, c, repeatable, s.authors(), s.newsroom.Authors.Create)
}

// updateAuthor changes an author.
//
// @Description Changes the named fields of an author (JSON Merge Patch, RFC 7396): null brings a field back to its default. Every page that names the author shows the change at once. A slug it had keeps leading to it.
// @Kind patchNoun author
// @Router /v1/authors/{ref} [patch]
func (s *Server) updateAuthor(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Patch(s.Server, c, repeatable, s.authors(), s.newsroom.Authors.Revise)
}

// deleteAuthor removes an author.
//
// @Description Removes an author that no article refers to, in the trash or as readers see it. With into, another one takes its place: it gets the articles and the slugs, which lead to it.
// @Kind deleteNoun author
// @Query nounRemovalParams
// @Failure 400 {object} rest.Problem "There is no author like the one in into."
// @Failure 409 {object} rest.Problem "Articles refer to it."
// @Router /v1/authors/{ref} [delete]
func (s *Server) deleteAuthor(c echo.Context) error {
	return deleteNoun(s, c, s.newsroom.Authors.Delete)
}

// mergeAuthor merges an author into another one.
//
// @ID mergeAuthor
// @Summary Merge an author into another
// @Description Gives all articles and slugs of the author to another one, which remains and is answered; the author itself is gone, and its slug leads to the other.
// @Tags authors
// @Kind patch author
// @x-acts ["authors:write"]
// @Param body body NounMerge true "The author that remains."
// @Success 200 {object} Author "The author that remains."
// @Router /v1/authors/{id}/merge [post]
func (s *Server) mergeAuthor(c echo.Context, repeatable *newsroom.Idempotency) error {
	return mergeNoun(s, c, repeatable, s.authors(), s.newsroom.Authors.Merge)
}
