package api

import "net/http"

// list answers with the articles that match.
//
// @ID listArticles
// @Summary List articles
// @Description The newest first.
// @Description
// @Description Cursors are opaque.
// @Tags articles
// @Kind list article
// @Query articleListParams
// @Success 200 {object} Page[Article] "The articles."
// @Router /v1/articles [get]
func list(w http.ResponseWriter, r *http.Request) {}

// create makes a draft.
//
// @ID createArticle
// @Summary Write an article
// @Description It starts as a draft.
// @Tags articles
// @Accept json
// @Produce json
// @Kind create article
// @Param body body ArticleCreate true "The new article."
// @Success 201 {object} Article "The draft."
// @Failure 409 {object} Problem "The slug is taken."
// @Router /v1/articles [post]
func create(w http.ResponseWriter, r *http.Request) {}

// patch changes the working copy.
//
// @ID updateArticle
// @x-acts ["articles:read_drafts"]
// @Summary Change an article
// @Description A JSON Merge Patch.
// @Tags articles
// @Kind patch article
// @Param body body ArticleInput true "What to change."
// @Success 200 {object} Article "The article as it is now."
// @Failure 412 {object} Problem "The version has moved on."
// @Router /v1/articles/{id} [patch]
func patch(w http.ResponseWriter, r *http.Request) {}

// remove puts the article in the trash.
//
// @ID deleteArticle
// @x-acts ["articles:trash", "permanent=true articles:purge"]
// @Summary Put an article in the trash
// @Description Readers no longer see it.
// @Tags articles
// @Kind identified article
// @Success 204 "It is in the trash."
// @Router /v1/articles/{id} [delete]
func remove(w http.ResponseWriter, r *http.Request) {}

// outline answers with the blocks of a body.
//
// @ID listBlocks
// @Summary List the blocks of an article
// @Description As they stand in the body.
// @Tags articles
// @Produce json
// @Kind placed article
// @Success 200 {object} Page[Tag] "The blocks."
// @Failure 429 {object} Problem
// @Router /v1/articles/{id}/blocks [get]
// @x-public true
func outline(w http.ResponseWriter, r *http.Request) {}

// createTag leaves everything to its kind.
//
// @Kind createNoun tag
// @Router /v1/tags [post]
func createTag() {}
