package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// addExamples adds an example to every schema and body: from a file, or composed of the examples of
// fields.
func (g *generator) addExamples() {
	made := map[string]any{}
	for _, name := range sortedKeys(g.doc.Components.Schemas) {
		if example, ok := g.composeComponent(name); ok {
			made[name] = example
		} else {
			g.errorf(g.types[name].at, "the schema %s has no example", name)
		}
	}
	files, used := g.readExamples(), map[string]bool{}
	for _, op := range g.operations() {
		for _, b := range bodies(op.Operation) {
			name := op.OperationID + "." + b.part
			g.exampleBody(op, b, files[name])
			used[name] = true
		}
	}
	for _, name := range sortedKeys(files) {
		if !used[name] {
			g.errorf(nowhere, "%s belongs to no body: "+
				"the name is <operationId>.<request or status>.<name>.json", files[name][0].from)
		}
	}
	for _, name := range sortedKeys(made) {
		g.doc.Components.Schemas[name].Value.Example = made[name]
	}
	for status := http.StatusBadRequest; status < 600; status++ {
		if shared := g.shared(status); shared != nil {
			shared.Content[problemMedia].Example = ordered(g.types[problemSchema].names(),
				g.problem(status))
		}
	}
}

// readExample reads `//openapi:example {...}`, for types whose fields exclude each other.
func (g *generator) readExample(t *goType) {
	if text, ok := t.directive("example"); ok {
		var example json.RawMessage // keeps its order
		if err := json.Unmarshal([]byte(text), &example); err != nil {
			g.errorf(t.at, "the example of %s: %v", t.name, err)
		}
		t.example = example
	}
}

// exampleFile is an example in a file.
type exampleFile struct {
	name, from string
	value      json.RawMessage
}

// exampleName matches a file's name: operation, part, and name of the example.
var exampleName = regexp.MustCompile(`^([A-Za-z0-9]+\.(?:request|[1-5][0-9]{2}))\.([a-z0-9-]+)\.json$`)

// readExamples reads the folder api/examples, which may be absent, by operation and part.
func (g *generator) readExamples() map[string][]exampleFile {
	files := map[string][]exampleFile{}
	names, _ := filepath.Glob(filepath.Join(g.dir, "api", "examples", "*"))
	for _, name := range names {
		from := "api/examples/" + filepath.Base(name)
		match := exampleName.FindStringSubmatch(filepath.Base(name))
		if match == nil {
			g.errorf(nowhere, "%s is not named <operationId>.<request or status>.<name>.json", from)
			continue
		}
		data, err := os.ReadFile(name)
		var value json.RawMessage
		if err == nil {
			err = json.Unmarshal(data, &value)
		}
		if err != nil {
			g.errorf(nowhere, "%s: %v", from, err)
			continue
		}
		files[match[1]] = append(files[match[1]], exampleFile{match[2], from, value})
	}
	return files
}

// exampleBody sets the examples of a body: those of files, or else a composed one.
func (g *generator) exampleBody(op endpoint, b body, files []exampleFile) {
	switch {
	case len(files) > 0:
		b.Examples = openapi3.Examples{}
		for _, file := range files {
			summary := upperFirst(strings.ReplaceAll(file.name, "-", " "))
			b.Examples[file.name] = &openapi3.ExampleRef{Value: &openapi3.Example{Summary: summary,
				Value: file.value}}
		}
	case b.kind == problemMedia:
		b.Example = g.errorExample(op, b.part)
	case b.Example == nil:
		if example, ok := g.compose(b.Schema); ok {
			b.Example = example
		} else {
			g.errorf(op.at, "the body %s (%s) of %s has no example", b.part, b.kind, op.label())
		}
	}
}

// problem returns the example of a shared error response.
func (g *generator) problem(status int) map[string]any {
	if shared := g.shared(status); shared != nil && shared.Content[problemMedia] != nil {
		if given, ok := shared.Content[problemMedia].Example.(map[string]any); ok {
			return given
		}
	}
	g.errorf(nowhere, "base.yaml gives no example of %s for the status %d", problemMedia, status)
	return nil
}

// errorExample returns the shared example of a status with the description and path of this
// operation. Its field errors are left out: they are about another operation.
func (g *generator) errorExample(op endpoint, key string) any {
	status, _ := strconv.Atoi(key)
	problem := maps.Clone(g.problem(status))
	delete(problem, "errors")
	problem["detail"] = *op.Responses.Value(key).Value.Description
	problem["instance"] = g.filledPath(op)
	return ordered(g.types[problemSchema].names(), problem)
}

// filledPath returns the path of an operation with example values.
func (g *generator) filledPath(op endpoint) string {
	path := op.path
	for _, p := range op.Parameters {
		example := p.Value.Example
		if p.Value.Schema.Value.Format == "uuid" {
			example = "019ce07e-a400-7000-8000-3d8a5c1f0b21"
		}
		path = strings.ReplaceAll(path, "{"+p.Value.Name+"}", fmt.Sprint(example))
	}
	return path
}
