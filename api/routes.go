package api

// privatePaths are the beginnings of the paths that pages of other origins may not read.
var privatePaths = []string{"/v1/auth/", "/metrics"}

// routes is every address there is. HEAD is answered wherever GET is.
func (s *Server) routes() {
	s.Read("/v1/articles", s.listArticles)
	s.Post("/v1/articles", s.createArticle)
	s.Read("/v1/articles/:ref", s.getArticle)
	s.PatchVersioned("/v1/articles/:ref", s.updateArticle)
	s.Put("/v1/articles/:ref", s.replaceArticle)
	s.Delete("/v1/articles/:ref", s.deleteArticle)
	s.PostVersioned("/v1/articles/:id/restore", s.restoreArticle)
	s.PostVersioned("/v1/articles/:id/publish", s.publishArticle)
	s.PostVersioned("/v1/articles/:id/withdraw", s.withdrawArticle)
	s.Read("/v1/articles/:ref/related", s.listRelatedArticles)
	s.Read("/v1/articles/:id/related-links", s.listArticleLinks)
	s.Post("/v1/articles/:id/related-links", s.createLink)
	s.Put("/v1/articles/:id/related-links", s.replaceLinks)

	s.Read("/v1/suggest", s.listSuggestions)

	s.Read("/v1/related-links", s.listLinks)
	s.Read("/v1/related-links/:id", s.getLink)
	s.Patch("/v1/related-links/:id", s.updateLink)
	s.Delete("/v1/related-links/:id", s.deleteLink)

	s.Read("/v1/tags", s.listTags)
	s.Post("/v1/tags", s.createTag)
	s.Read("/v1/tags/:ref", s.getTag)
	s.Patch("/v1/tags/:ref", s.updateTag)
	s.Delete("/v1/tags/:ref", s.deleteTag)
	s.Post("/v1/tags/:id/merge", s.mergeTag)

	s.Read("/v1/sections", s.listSections)
	s.Post("/v1/sections", s.createSection)
	s.Read("/v1/sections/:ref", s.getSection)
	s.Patch("/v1/sections/:ref", s.updateSection)
	s.Delete("/v1/sections/:ref", s.deleteSection)

	s.PostUnrecorded("/v1/auth/login", s.login)
	s.PostUnrecorded("/v1/auth/refresh", s.refreshToken)
	s.PostUnrecorded("/v1/auth/logout", s.logout)
	s.Get("/v1/auth/me", s.getMe)

	// Around the API: these are not in the specification.
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
	s.Get("/problems/:word", s.ShowProblem)
}
