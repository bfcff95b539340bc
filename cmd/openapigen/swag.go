package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/swaggo/swag"
)

// readAnnotations runs swag on the comments of the handlers and converts its Swagger 2.0 to OpenAPI
// 3.0.
func (g *generator) readAnnotations() error {
	var folders []string
	for _, folder := range packages {
		name := filepath.Join(g.dir, filepath.FromSlash(folder))
		if _, err := os.Stat(name); err == nil {
			folders = append(folders, name)
		}
	}
	if len(g.source.calls) == 0 {
		return fmt.Errorf("no handler with annotations in %s", packages[0])
	}
	// swag looks in it for general annotations; there are none
	anyFile, _, _ := strings.Cut(filepath.Base(g.source.calls[0].at), ":")
	parser := swag.New(swag.SetStrict(true), swag.SetDebugger(log.New(io.Discard, "", 0)))
	if err := parser.ParseAPIMultiSearchDir(folders, anyFile, 1); err != nil {
		return fmt.Errorf("swag: %s", strings.ReplaceAll(err.Error(),
			g.dir+string(filepath.Separator), ""))
	}
	swagger := parser.GetSwagger()
	swagger.Consumes = []string{jsonMedia} // the default
	data, err := json.Marshal(swagger)
	if err != nil {
		return fmt.Errorf("write Swagger 2.0: %w", err)
	}
	var old openapi2.T
	if err := json.Unmarshal(data, &old); err != nil {
		return fmt.Errorf("read Swagger 2.0: %w", err)
	}
	if g.doc, err = openapi2conv.ToV3(&old); err != nil {
		return fmt.Errorf("convert to OpenAPI 3.0: %w", err)
	}
	g.doc.Components = &openapi3.Components{}
	return nil
}
