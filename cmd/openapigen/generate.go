package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// file is a generated file; its name is relative to the target folder.
type file struct {
	name string
	data []byte
}

// generator is the state that the passes share.
type generator struct {
	dir    string
	source *source     // the Go files: swag passes on only a part of them
	doc    *openapi3.T // the document, as OpenAPI 3.0 until it is written
	own    ownKeys     // of api/base.yaml
	types  map[string]*goType
	open   map[string]bool // references to components whose examples are being composed
	diagnostics
}

// generate reads the folder and returns all files. The error lists every mistake that was found.
func generate(dir string) ([]file, error) {
	dir, err := filepath.Abs(dir) // swag reports absolute paths, which are shortened
	if err != nil {
		return nil, err
	}
	g := &generator{dir: dir, types: map[string]*goType{}, open: map[string]bool{}}
	if err := g.readBase(); err != nil {
		return nil, err
	}
	if g.source, err = readSource(dir); err != nil {
		return nil, err
	}
	g.checkAnnotations()
	if err := g.readAnnotations(); err != nil {
		g.errorf(nowhere, "%v", err)
		return nil, g.err()
	}
	for _, pass := range []func(){
		g.applyKinds, g.checkOperations, g.buildSchemas, g.addPatches, g.addParameters,
		g.hoistNulls, g.completeShared, g.completeOperations, g.addPartials, g.closeInputs,
		g.addLinks, g.addExamples, g.dropUnused,
	} {
		pass()
	}
	return g.render()
}

// render encodes the document in its versions and validates each of them.
func (g *generator) render() ([]file, error) {
	data, err := g.doc.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("write OpenAPI 3.0: %w", err)
	}
	g.validateExamples(data)
	if err := g.err(); err != nil {
		return nil, err
	}
	older, err := openapi3.NewLoader().LoadFromData(data) // with all references resolved
	if err != nil {
		return nil, err
	}
	g.adaptTo30(older)
	g.convertTo31()
	files, err := g.encode(older)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := validate(f.data); err != nil {
			g.errorf(nowhere, "%s: %v", f.name, err)
		}
	}
	return files, g.err()
}

// outOfStep returns the files that differ from those in the folder.
func outOfStep(dir string, files []file) []file {
	return slices.DeleteFunc(slices.Clone(files), func(f file) bool {
		there, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.name)))
		return err == nil && bytes.Equal(there, f.data)
	})
}

// write writes the files that are out of step.
func write(dir string, files []file) error {
	for _, f := range outOfStep(dir, files) {
		to := filepath.Join(dir, filepath.FromSlash(f.name))
		err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, f.data, 0o644))
		if err != nil {
			return err
		}
	}
	return nil
}
