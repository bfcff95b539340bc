package api

import (
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/docs"
	"github.com/masthead-cms/masthead/internal/rest"
)

// Index says where to go from the root of the server.
type Index struct {
	Name     string `json:"name"`
	Articles string `json:"articles"`
	Tags     string `json:"tags"`
	Sections string `json:"sections"`
	Explorer string `json:"explorer"`
	OpenAPI  string `json:"openapi"`
}

// home says where to go.
func (s *Server) home(c echo.Context) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	return s.SendLive(c, Index{
		Name:     "Masthead",
		Articles: "/v1/articles",
		Tags:     "/v1/tags",
		Sections: "/v1/sections",
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
