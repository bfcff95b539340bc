// Package docs holds the specification of the HTTP API and what people and programs read beside it, so that the server
// can serve what the repository shows. It knows the bytes and never what they say; cmd/openapigen writes those of the
// specification, people the rest.
package docs

import (
	_ "embed"

	"github.com/masthead-cms/masthead/internal/specfile"
)

// OpenAPIJSON is the specification in OpenAPI 3.1, as JSON.
//
//go:embed openapi.json
var OpenAPIJSON []byte

// Guide is the guide for those who use the API or run the server, in Markdown under one heading of the first level.
//
//go:embed guide.md
var Guide []byte

// Operations is how to run the server for good, in Markdown under one heading of the first level.
//
//go:embed operations.md
var Operations []byte

// LLMs is what a program that reads needs to know first, in the form of llmstxt.org.
//
//go:embed llms.txt
var LLMs []byte

// OpenAPIYAML gives the specification as YAML: the bytes of openapi.yaml. It reads and writes the whole document, so
// keep what it gives.
func OpenAPIYAML() ([]byte, error) {
	document, err := specfile.Parse(OpenAPIJSON)
	if err != nil {
		return nil, err
	}
	return specfile.YAML(document)
}
