package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// file is one thing to be written, its name below the target folder.
type file struct {
	name string
	data []byte
}

// generator is what the passes share: what was read, what is being made, and what was found wrong.
type generator struct {
	dir    string
	source *source     // what the Go files say beyond what swag reads
	base   *openapi3.T // api/base.yaml
	doc    *openapi3.T // the document in the making, in the terms of OpenAPI 3.0
	types  map[string]*goType
	open   map[string]bool // references to components whose examples are being made
	faults faults
}

// generate reads the folder and makes all files. The error lists every fault that was found.
func generate(dir string) ([]file, error) {
	dir, err := filepath.Abs(dir) // swag names files by whole paths; this cuts them short again
	if err != nil {
		return nil, err
	}
	g := &generator{dir: dir, types: map[string]*goType{}, open: map[string]bool{}}
	if g.base, err = readBase(filepath.Join(dir, "api", "base.yaml")); err != nil {
		return nil, err
	}
	if g.source, err = readSource(dir); err != nil {
		return nil, err
	}
	g.checkAnnotations()
	if err := g.readAnnotations(); err != nil {
		g.faults.add("", "%v", err)
		return nil, g.faults.err()
	}
	for _, pass := range []func(){
		g.applyKinds, g.buildSchemas, g.loosenPatches, g.addParameters, g.settleNulls, g.layBase,
		g.completeOperations, g.addPartials, g.closeInputs, g.addLinks, g.addExamples, g.dropUnused,
	} {
		pass()
	}
	return g.render()
}

// render writes the document in its versions and validates each of them.
func (g *generator) render() ([]file, error) {
	data, err := g.doc.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("write OpenAPI 3.0: %w", err)
	}
	g.proveExamples(data)
	if err := g.faults.err(); err != nil {
		return nil, err
	}
	older, err := openapi3.NewLoader().LoadFromData(data) // with all references resolved
	if err != nil {
		return nil, err
	}
	g.say30(older)
	g.say31()
	files, err := g.layOut(older)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := prove(f.data); err != nil {
			g.faults.add("", "%s: %v", f.name, err)
		}
	}
	return files, g.faults.err()
}

// outOfStep lists the files that are not in the folder as they were made from the code.
func outOfStep(dir string, files []file) []file {
	return slices.DeleteFunc(slices.Clone(files), func(f file) bool {
		there, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.name)))
		return err == nil && bytes.Equal(there, f.data)
	})
}

// write puts the files into the folder that are out of step.
func write(dir string, files []file) error {
	for _, f := range outOfStep(dir, files) {
		path := filepath.Join(dir, filepath.FromSlash(f.name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("make the folder: %w", err)
		}
		if err := os.WriteFile(path, f.data, 0o644); err != nil {
			return fmt.Errorf("write the file: %w", err)
		}
	}
	return nil
}
