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

// runSwag makes Swagger 2.0 out of the annotations, under the title of base.yaml.
func runSwag(dir string, info *openapi3.Info) ([]byte, error) {
	var folders []string
	for _, folder := range packages {
		name := filepath.Join(dir, filepath.FromSlash(folder))
		if _, err := os.Stat(name); err == nil {
			folders = append(folders, name)
		}
	}
	if len(folders) == 0 {
		return nil, fmt.Errorf("no package in %s", dir)
	}
	general, err := anyGoFile(folders[0])
	if err != nil {
		return nil, err
	}
	parser := swag.New(swag.SetStrict(true), swag.SetDebugger(log.New(io.Discard, "", 0)))
	if err := parser.ParseAPIMultiSearchDir(folders, general, 1); err != nil {
		return nil, err
	}
	swagger := parser.GetSwagger()
	swagger.Consumes = []string{jsonMedia} // unless an operation says otherwise; that answers are JSON needs no words
	swagger.Info.Title = info.Title
	swagger.Info.Version = info.Version
	swagger.Info.Description = info.Description
	data, err := json.MarshalIndent(swagger, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write Swagger 2.0: %w", err)
	}
	return append(data, '\n'), nil
}

// anyGoFile gives the name of a file for swag to look for general annotations in; there are none, base.yaml has them.
func anyGoFile(folder string) (string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return "", fmt.Errorf("list %s: %w", folder, err)
	}
	for _, entry := range entries {
		if name := entry.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			return name, nil
		}
	}
	return "", fmt.Errorf("no Go file in %s", folder)
}

// convert turns Swagger 2.0 into the document that the other passes work on.
func (g *generator) convert(swagger []byte) error {
	var old openapi2.T
	if err := json.Unmarshal(swagger, &old); err != nil {
		return fmt.Errorf("read Swagger 2.0: %w", err)
	}
	doc, err := openapi2conv.ToV3(&old)
	if err != nil {
		return fmt.Errorf("convert to OpenAPI 3.0: %w", err)
	}
	g.doc = doc
	if g.doc.Paths == nil {
		g.doc.Paths = openapi3.NewPaths()
	}
	if g.doc.Components == nil {
		g.doc.Components = &openapi3.Components{}
	}
	return nil
}
