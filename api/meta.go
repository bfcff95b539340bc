package api

import (
	"net/http"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/docs"
	"github.com/masthead-cms/masthead/internal/rest"
)

// Index says where to go from the root of the server.
type Index struct {
	Name     string `json:"name"`
	Site     string `json:"site"`
	Articles string `json:"articles"`
	Tags     string `json:"tags"`
	Sections string `json:"sections"`
	Authors  string `json:"authors"`
	Alerts   string `json:"alerts"`
	Fronts   string `json:"fronts"`
	Explorer string `json:"explorer"`
	OpenAPI  string `json:"openapi"`
}

// home says where to go. A browser is led to the explorer.
func (s *Server) home(c echo.Context) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	c.Response().Header().Add("Vary", "Accept")
	if rest.WantsPage(c) {
		return c.Redirect(http.StatusFound, explorerPage)
	}
	return s.SendLive(c, Index{
		Name:     "Masthead",
		Site:     "/v1/site",
		Articles: "/v1/articles",
		Tags:     "/v1/tags",
		Sections: "/v1/sections",
		Authors:  "/v1/authors",
		Alerts:   "/v1/alerts",
		Fronts:   "/v1/fronts",
		Explorer: "/docs",
		OpenAPI:  "/openapi.yaml",
	})
}

var specYAML = sync.OnceValues(docs.OpenAPIYAML)

func (s *Server) openapiYAML(c echo.Context) error {
	text, err := specYAML()
	if err != nil {
		return err
	}
	return s.SendBytes(c, "application/yaml", text)
}

func (s *Server) openapiJSON(c echo.Context) error {
	return s.SendBytes(c, "application/json", docs.OpenAPIJSON)
}

// llms tells a program that reads what there is and which rules hold.
func (s *Server) llms(c echo.Context) error {
	return s.SendBytes(c, "text/plain; charset=utf-8", docs.LLMs)
}
