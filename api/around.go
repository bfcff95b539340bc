package api

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
	"github.com/swaggest/swgui/v5/static"

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

//go:embed explorer
var explorerFiles embed.FS

// explorerPolicy lets the explorer use what this server hands out, and nothing else. Its styles are set in attributes.
const explorerPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// explorer shows the page of the explorer.
func (s *Server) explorer(c echo.Context) error {
	page, err := explorerFiles.ReadFile("explorer/index.html")
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Security-Policy", explorerPolicy)
	return s.answerBytes(c, "text/html; charset=utf-8", page)
}

// explorerFile hands out what the explorer is made of: our own files and those of Swagger UI, which are kept compressed.
func (s *Server) explorerFile(c echo.Context) error {
	name := c.Param("*")
	if !fs.ValidPath(name) || strings.Contains(name, "/") {
		return nothingHere()
	}
	mediaType := mime.TypeByExtension(path.Ext(name))
	if file, err := explorerFiles.ReadFile("explorer/" + name); err == nil {
		return s.answerBytes(c, mediaType, file)
	}
	if file, err := static.FS.ReadFile(name); err == nil {
		return s.answerBytes(c, mediaType, file)
	}
	packed, err := static.FS.ReadFile(name + ".gz")
	if err != nil {
		return nothingHere()
	}
	c.Response().Header().Add("Vary", "Accept-Encoding")
	if strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		c.Response().Header().Set("Content-Encoding", "gzip")
		return s.answerBytes(c, mediaType, packed)
	}
	unpacker, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	file, err := io.ReadAll(unpacker)
	if err != nil {
		return err
	}
	return s.answerBytes(c, mediaType, file)
}
