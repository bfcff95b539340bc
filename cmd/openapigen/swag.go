package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"path/filepath"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/swaggo/swag"
)

// readAnnotations runs swag on the comments of the handlers and takes the operations of its Swagger
// 2.0, converted to OpenAPI 3.0.
func (g *generator) readAnnotations() error {
	var folders []string
	for _, folder := range packages {
		there, _ := filepath.Glob(filepath.Join(g.dir, filepath.FromSlash(folder)))
		folders = append(folders, there...)
	}
	if len(g.source.calls) == 0 {
		return fmt.Errorf("no handler with annotations in %s", packages[0])
	}
	// swag looks in it for general annotations; there are none
	anyFile := filepath.Base(g.source.calls[0].at.Filename)
	parser := swag.New(swag.SetStrict(true), swag.SetDebugger(log.New(io.Discard, "", 0)))
	if err := parser.ParseAPIMultiSearchDir(folders, anyFile, 1); err != nil {
		return fmt.Errorf("swag: %s", strings.ReplaceAll(err.Error(),
			g.dir+string(filepath.Separator), ""))
	}
	swagger := parser.GetSwagger()
	swagger.Consumes = []string{jsonMedia} // the default
	var old openapi2.T
	var converted *openapi3.T
	data, err := json.Marshal(swagger)
	if err == nil {
		err = json.Unmarshal(data, &old)
	}
	if err == nil {
		converted, err = openapi2conv.ToV3(&old)
	}
	if err != nil {
		return fmt.Errorf("convert to OpenAPI 3.0: %w", err)
	}
	if g.doc.Paths = converted.Paths; g.source.byPublic(problemSchema) == nil {
		return fmt.Errorf("no type has the name %s, which errors have", problemSchema)
	}
	return nil
}
