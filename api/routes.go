package api

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// routes is every address there is. HEAD is answered wherever GET is.
func (s *Server) routes() {
	s.read("/v1/articles", s.listArticles)
	s.post("/v1/articles", s.createArticle)
	s.read("/v1/articles/:ref", s.getArticle)
	s.patch("/v1/articles/:ref", s.updateArticle)
	s.put("/v1/articles/:ref", s.replaceArticle)
	s.delete("/v1/articles/:ref", s.deleteArticle)
	s.post("/v1/articles/:id/restore", s.restoreArticle)
	s.post("/v1/articles/:id/publish", s.publishArticle)
	s.post("/v1/articles/:id/withdraw", s.withdrawArticle)
	s.read("/v1/articles/:ref/related", s.listRelatedArticles)
	s.read("/v1/articles/:id/related-links", s.listArticleLinks)
	s.post("/v1/articles/:id/related-links", s.createLink)
	s.put("/v1/articles/:id/related-links", s.replaceLinks)

	s.read("/v1/suggest", s.listSuggestions)

	s.read("/v1/related-links", s.listLinks)
	s.read("/v1/related-links/:id", s.getLink)
	s.patch("/v1/related-links/:id", s.updateLink)
	s.delete("/v1/related-links/:id", s.deleteLink)

	s.read("/v1/tags", s.listTags)
	s.post("/v1/tags", s.createTag)
	s.read("/v1/tags/:ref", s.getTag)
	s.patch("/v1/tags/:ref", s.updateTag)
	s.delete("/v1/tags/:ref", s.deleteTag)
	s.post("/v1/tags/:id/merge", s.mergeTag)

	s.authRoute("/v1/auth/login", s.login)
	s.authRoute("/v1/auth/refresh", s.refreshToken)
	s.authRoute("/v1/auth/logout", s.logout)
	s.get("/v1/auth/me", s.getMe)

	// Around the API: these are not in the specification.
	s.get("/", s.home)
	s.get("/livez", s.livez)
	s.get("/readyz", s.readyz)
	s.get("/metrics", s.showMetrics)
	s.get("/openapi.yaml", s.openapiYAML)
	s.get("/openapi.json", s.openapiJSON)
	s.get("/llms.txt", s.llms)
	s.get(explorerPage, s.showPage)
	s.get(guidePage, s.showPage)
	s.get(operationsPage, s.showPage)
	s.get("/docs/*", s.showPart)
	s.get("/problems/:word", s.getProblem)
}

// read is a read of what readers may see.
func (s *Server) read(path string, h echo.HandlerFunc) { s.getHead(path, s.cached(s.withTimeout(h))) }

func (s *Server) get(path string, h echo.HandlerFunc) { s.getHead(path, s.withTimeout(h)) }
func (s *Server) post(path string, h echo.HandlerFunc) {
	s.echo.POST(path, s.withTimeout(s.idempotent(h)))
}
func (s *Server) patch(path string, h echo.HandlerFunc) {
	s.echo.PATCH(path, s.withTimeout(s.idempotent(h)))
}
func (s *Server) put(path string, h echo.HandlerFunc)    { s.echo.PUT(path, s.withTimeout(h)) }
func (s *Server) delete(path string, h echo.HandlerFunc) { s.echo.DELETE(path, s.withTimeout(h)) }

// authRoute is a call about signing in, where a key that makes calls safe to repeat would keep secrets.
func (s *Server) authRoute(path string, h echo.HandlerFunc) { s.echo.POST(path, s.withTimeout(h)) }

func (s *Server) getHead(path string, h echo.HandlerFunc) {
	s.echo.Match([]string{http.MethodGet, http.MethodHead}, path, h)
}
