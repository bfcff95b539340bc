// Package docs holds the specification of the HTTP API, so that the server can hand out what the repository shows. It
// knows the bytes and never what they say; cmd/openapigen writes them.
package docs

import (
	_ "embed"

	"github.com/masthead-cms/masthead/internal/specfile"
)

// OpenAPIJSON is the specification in OpenAPI 3.1, as JSON.
//
//go:embed openapi.json
var OpenAPIJSON []byte

// OpenAPIYAML gives the specification as YAML: the bytes of openapi.yaml. It reads and writes the whole document, so
// keep what it gives.
func OpenAPIYAML() ([]byte, error) {
	document, err := specfile.Parse(OpenAPIJSON)
	if err != nil {
		return nil, err
	}
	return specfile.YAML(document)
}
