package api

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
	"github.com/swaggest/swgui/v5/static"

	"github.com/masthead-cms/masthead/docs"
	"github.com/masthead-cms/masthead/internal/rest"
)

// The pages for people, each under an address of its own.
const (
	explorerPage   = "/docs"
	guidePage      = "/docs/guide"
	operationsPage = "/docs/operations"
)

// What the pages may use: files of this server, and nothing else. Only the explorer has scripts;
// data: is for the pictures in its style sheet. It signs in by a script: a form may not be sent, so
// that no password gets into an address.
const (
	manualPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; " +
		"base-uri 'none'; form-action 'none'; " +
		"frame-ancestors 'none'"
	explorerPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; " +
		"img-src 'self' data:; " +
		"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

//go:embed explorer
var explorerFiles embed.FS

// docLink is a page in the head of every page.
type docLink struct{ Name, Address string }

// docPage is what the templates tell of.
type docPage struct {
	Title, Address string
	Pages          []docLink
	Explores       bool // whether it is the explorer
	Chapters       []chapter
	Body           template.HTML
}

// pages are the pages as they are sent, by address. They are drawn once, when the first is asked
// for.
var pages = sync.OnceValues(drawPages)

func drawPages() (map[string][]byte, error) {
	frame, err := template.ParseFS(explorerFiles, "explorer/pages/*.html")
	if err != nil {
		return nil, err
	}
	places := []docLink{{"Explorer", explorerPage}}
	for _, m := range manuals {
		places = append(places, docLink{m.title(), m.address})
	}
	shown := []docPage{{Title: "Explorer", Address: explorerPage, Explores: true}}
	for _, m := range manuals {
		p, err := m.page()
		if err != nil {
			return nil, fmt.Errorf("draw %s: %w", m.address, err)
		}
		shown = append(shown, p)
	}
	drawn := map[string][]byte{}
	for _, p := range shown {
		name := "manual"
		if p.Explores {
			name = "explorer"
		}
		p.Pages = places
		var b bytes.Buffer
		if err := frame.ExecuteTemplate(&b, name, p); err != nil {
			return nil, fmt.Errorf("draw %s: %w", p.Address, err)
		}
		drawn[p.Address] = b.Bytes()
	}
	return drawn, nil
}

// showPage shows the page of the route's address.
func (s *Server) showPage(c echo.Context) error {
	drawn, err := pages()
	if err != nil {
		return err
	}
	policy := manualPolicy
	if c.Path() == explorerPage {
		policy = explorerPolicy
	}
	c.Response().Header().Set("Content-Security-Policy", policy)
	return s.SendBytes(c, "text/html; charset=utf-8", drawn[c.Path()])
}

// asset is a file beside the pages. Without data it is one of ours in the folder explorer, or else
// one of Swagger UI.
type asset struct {
	mediaType string
	data      []byte
}

// assets are all files there are under /docs/, by name: what the pages are made of, and what may be
// taken away.
var assets = map[string]asset{
	"explorer.css":         {"text/css; charset=utf-8", nil},
	"explorer.js":          {"text/javascript; charset=utf-8", nil},
	"swagger.css":          {"text/css; charset=utf-8", nil},
	"swagger-ui.css":       {"text/css; charset=utf-8", nil},
	"swagger-ui-bundle.js": {"text/javascript; charset=utf-8", nil},
	"favicon-32x32.png":    {"image/png", nil},
	"guide.md":             {"text/markdown; charset=utf-8", docs.Guide},
	"operations.md":        {"text/markdown; charset=utf-8", docs.Operations},
}

// showAsset hands out a file beside the pages. Those of Swagger UI are kept compressed.
func (s *Server) showAsset(c echo.Context) error {
	name := c.Param("*")
	if name == "" {
		return c.Redirect(http.StatusPermanentRedirect, explorerPage)
	}
	p, ok := assets[name]
	if !ok {
		return rest.NothingHere()
	}
	if p.data != nil {
		return s.SendBytes(c, p.mediaType, p.data)
	}
	for _, read := range []func(string) ([]byte, error){ownFile, static.FS.ReadFile} {
		if file, err := read(name); err == nil {
			return s.SendBytes(c, p.mediaType, file)
		}
	}
	packed, err := static.FS.ReadFile(name + ".gz")
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	c.Response().Header().Add("Vary", "Accept-Encoding")
	if acceptsGzip(c.Request()) {
		c.Response().Header().Set("Content-Encoding", "gzip")
		return s.SendBytes(c, p.mediaType, packed)
	}
	file, err := gunzip(packed)
	if err != nil {
		return fmt.Errorf("unpack %s: %w", name, err)
	}
	return s.SendBytes(c, p.mediaType, file)
}

func ownFile(
	name string,
) ([]byte, error) {
	return explorerFiles.ReadFile(path.Join("explorer", name))
}

func acceptsGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}

func gunzip(packed []byte) ([]byte, error) {
	unpacker, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(unpacker)
}
