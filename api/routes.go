package api

import "github.com/masthead-cms/masthead/internal/rest"

// privatePaths are the beginnings of the paths that pages of other origins may not read.
var privatePaths = []string{"/v1/auth/", "/metrics"}

// routes is every address there is. HEAD is answered wherever GET is.
func (s *Server) routes() {
	s.articleRoutes()
	s.nounRoutes()
	s.mediaRoutes()
	s.frontRoutes()
	s.accountRoutes()
	s.otherRoutes()
}

func (s *Server) articleRoutes() {
	s.Read("/v1/articles", s.listArticles)
	s.Post("/v1/articles", s.createArticle)
	s.Read("/v1/articles/:ref", s.getArticle)
	s.PatchVersioned("/v1/articles/:ref", s.updateArticle)
	s.Put("/v1/articles/:ref", s.replaceArticle)
	s.Delete("/v1/articles/:ref", s.deleteArticle)
	s.PostVersioned("/v1/articles/:id/restore", s.restoreArticle)
	s.PostVersioned("/v1/articles/:id/submit", s.submitArticle)
	s.PostVersioned("/v1/articles/:id/return", s.returnArticle)
	s.PostVersioned("/v1/articles/:id/kill", s.killArticle)
	s.PostVersioned("/v1/articles/:id/publish", s.publishArticle)
	s.PostVersioned("/v1/articles/:id/withdraw", s.withdrawArticle)
	s.Read("/v1/articles/:id/revisions", s.listRevisions)
	s.Read("/v1/articles/:id/revisions/:n", s.getRevision)
	s.Read("/v1/articles/:id/revisions/:a/diff/:b", s.diffRevisions)
	s.PostVersioned("/v1/articles/:id/revisions/:n/restore", s.restoreRevision)
	s.PostVersioned("/v1/articles/:id/discard", s.discardChanges)
	s.Read("/v1/articles/:id/uses", s.listArticleUses)
	s.Read("/v1/articles/:ref/related", s.listRelatedArticles)
	s.Read("/v1/articles/:id/related-links", s.listArticleLinks)
	s.Post("/v1/articles/:id/related-links", s.createLink)
	s.Put("/v1/articles/:id/related-links", s.replaceLinks)
	s.Post("/v1/articles/:id/corrections", s.createCorrection)

	s.Read("/v1/suggest", s.listSuggestions)

	s.Read("/v1/related-links", s.listLinks)
	s.Read("/v1/related-links/:id", s.getLink)
	s.Patch("/v1/related-links/:id", s.updateLink)
	s.Delete("/v1/related-links/:id", s.deleteLink)

	s.Read("/v1/corrections", s.listCorrections)
	s.Read("/v1/corrections/:id", s.getCorrection)
	s.Patch("/v1/corrections/:id", s.updateCorrection)
	s.Delete("/v1/corrections/:id", s.deleteCorrection)
}

func (s *Server) nounRoutes() {
	s.Read("/v1/tags", s.listTags)
	s.Post("/v1/tags", s.createTag)
	s.Read("/v1/tags/:ref", s.getTag)
	s.Patch("/v1/tags/:ref", s.updateTag)
	s.Delete("/v1/tags/:ref", s.deleteTag)
	s.Post("/v1/tags/:id/merge", s.mergeTag)

	s.Read("/v1/authors", s.listAuthors)
	s.Post("/v1/authors", s.createAuthor)
	s.Read("/v1/authors/:ref", s.getAuthor)
	s.Patch("/v1/authors/:ref", s.updateAuthor)
	s.Delete("/v1/authors/:ref", s.deleteAuthor)
	s.Post("/v1/authors/:id/merge", s.mergeAuthor)

	s.Read("/v1/sections", s.listSections)
	s.Post("/v1/sections", s.createSection)
	s.Read("/v1/sections/:ref", s.getSection)
	s.Patch("/v1/sections/:ref", s.updateSection)
	s.Delete("/v1/sections/:ref", s.deleteSection)

	s.Read("/v1/alerts", s.listAlerts)
	s.Post("/v1/alerts", s.createAlert)
	s.Read("/v1/alerts/:id", s.getAlert)
	s.Patch("/v1/alerts/:id", s.updateAlert)
	s.Delete("/v1/alerts/:id", s.deleteAlert)

	s.Read("/v1/redirects", s.listRedirects)
	s.Post("/v1/redirects", s.createRedirect)
	s.Read("/v1/redirects/:id", s.getRedirect)
	s.Patch("/v1/redirects/:id", s.updateRedirect)
	s.Delete("/v1/redirects/:id", s.deleteRedirect)
	s.Read("/v1/resolve", s.resolvePath)

	s.Read("/v1/site", s.getSite)
	s.Patch("/v1/site", s.updateSite)
}

func (s *Server) mediaRoutes() {
	s.Read("/v1/media", s.listMedia)
	s.PostFile("/v1/media", s.createMedium)
	s.PostFile("/v1/media/import", s.importMedium)
	s.Read("/v1/media/:id", s.getMedium)
	s.Patch("/v1/media/:id", s.updateMedium)
	s.Delete("/v1/media/:id", s.deleteMedium)
	s.PutFile("/v1/media/:id/file", s.replaceMediumFile)
	s.Read("/v1/media/:id/uses", s.listMediumUses)

	s.AddTus(rest.Tus{
		Path:     "/v1/media/uploads",
		MaxBytes: s.newsroom.Media.MaxBytes,
		Create:   s.createUpload,
		Show:     s.getUpload,
		Append:   s.appendToUpload,
		Delete:   s.deleteUpload,
	})
}

// frontRoutes are about what front pages are made of.
func (s *Server) frontRoutes() {
	s.Read("/v1/collections", s.listCollections)
	s.Post("/v1/collections", s.createCollection)
	s.Read("/v1/collections/:ref", s.getCollection)
	s.Patch("/v1/collections/:ref", s.updateCollection)
	s.Delete("/v1/collections/:ref", s.deleteCollection)
	s.Read("/v1/collections/:ref/articles", s.listCollectionRows)
	s.Put("/v1/collections/:id/items", s.replaceCollectionItems)
	s.Post("/v1/collections/:id/items", s.createCollectionItem)
	s.Patch("/v1/collections/:id/items/:item", s.updateCollectionItem)
	s.Delete("/v1/collections/:id/items/:item", s.deleteCollectionItem)

	s.Read("/v1/fronts", s.listFronts)
	s.Post("/v1/fronts", s.createFront)
	s.Read("/v1/fronts/:ref", s.getFront)
	s.Patch("/v1/fronts/:ref", s.updateFront)
	s.Delete("/v1/fronts/:ref", s.deleteFront)
}

func (s *Server) accountRoutes() {
	s.PostUnrecorded("/v1/auth/login", s.login)
	s.PostUnrecorded("/v1/auth/refresh", s.refreshToken)
	s.PostUnrecorded("/v1/auth/logout", s.logout)
	s.Get("/v1/auth/me", s.getMe)
	s.Read("/v1/events", s.listEvents)
}

// otherRoutes are around the API: they are not in the specification.
func (s *Server) otherRoutes() {
	s.Get("/", s.home)
	s.Get("/livez", s.Livez)
	s.Get("/readyz", s.Readyz)
	s.Get("/metrics", s.ShowMetrics)
	s.Get("/openapi.yaml", s.openapiYAML)
	s.Get("/openapi.json", s.openapiJSON)
	s.Get("/llms.txt", s.llms)
	s.Get(explorerPage, s.showPage)
	s.Get(guidePage, s.showPage)
	s.Get(operationsPage, s.showPage)
	s.Get("/docs/*", s.showAsset)
	s.GetFile("/media/:id/:name", s.getFile)
	s.Get("/problems/:word", s.ShowProblem)
}
