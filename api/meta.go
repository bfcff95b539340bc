package api

import (
	"net/http"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/docs"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

// Index says where to go from the root of the server.
type Index struct {
	Name     string `json:"name"`
	Articles string `json:"articles"`
	Tags     string `json:"tags"`
	Explorer string `json:"explorer"`
	OpenAPI  string `json:"openapi"`
}

// home says where to go.
func (s *Server) home(c echo.Context) error {
	if err := noQuery(c); err != nil {
		return err
	}
	return s.answerLive(c, Index{"Masthead", "/v1/articles", "/v1/tags", "/docs", "/openapi.yaml"})
}

// livez tells that the process answers.
func (s *Server) livez(c echo.Context) error { return health(c, nil) }

// readyz tells whether calls should be sent here: the database answers and the server is not stopping.
func (s *Server) readyz(c echo.Context) error { return health(c, s.ready(c.Request().Context())) }

func health(c echo.Context, err error) error {
	if err != nil {
		return err
	}
	send(c, newsroom.Answer{Status: http.StatusOK, Body: []byte(`{"status":"ok"}` + "\n"), Header: map[string]string{
		"Content-Type": "application/json", "Cache-Control": "no-store",
	}})
	return nil
}

var specYAML = sync.OnceValues(docs.OpenAPIYAML)

func (s *Server) openapiYAML(c echo.Context) error {
	text, err := specYAML()
	if err != nil {
		return err
	}
	return s.answerBytes(c, "application/yaml", text)
}

func (s *Server) openapiJSON(c echo.Context) error {
	return s.answerBytes(c, "application/json", docs.OpenAPIJSON)
}

// llms tells a program that reads what there is and which rules hold.
func (s *Server) llms(c echo.Context) error {
	return s.answerBytes(c, "text/plain; charset=utf-8", docs.LLMs)
}
