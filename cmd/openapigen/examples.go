package main

import (
	"fmt"
	"go/ast"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/masthead-cms/masthead/internal/specfile"
)

// addExamples gives every schema and every body an example: one from a file, or one made of the examples of fields.
func (g *generator) addExamples() {
	made := map[string]any{}
	for _, name := range sortedKeys(g.doc.Components.Schemas) {
		c := &composer{g: g, open: map[string]bool{}}
		if example, ok := c.named(name); ok {
			made[name] = example
		} else {
			g.faults.add(g.placeOf(name), "the schema %s has no example", name)
		}
	}
	files := g.readExamples()
	g.exampleErrors(made[problemSchema])
	for _, op := range g.operations() {
		if op.RequestBody != nil && op.RequestBody.Value != nil {
			g.exampleContent(op, "request", op.RequestBody.Value.Content, files)
		}
		for _, status := range sortedKeys(op.Responses.Map()) {
			if response := op.Responses.Value(status).Value; response != nil {
				g.exampleContent(op, status, response.Content, files)
			}
		}
	}
	for _, name := range sortedKeys(files) {
		g.faults.add("", "%s belongs to no body: the name is <operationId>.<request or status>.<name>.json", files[name][0].from)
	}
	for _, name := range sortedKeys(made) {
		g.doc.Components.Schemas[name].Value.Example = made[name]
	}
	g.proveExamples()
}

// exampleMark starts the comment that gives a type an example of the whole, as JSON: for types of whose fields some leave no
// room for others.
const exampleMark = "//openapi:example "

func (s *source) readExample(t *goType, doc *ast.CommentGroup) {
	if doc == nil {
		return
	}
	for _, line := range doc.List {
		text, ok := strings.CutPrefix(line.Text, exampleMark)
		if !ok {
			continue
		}
		var err error
		if t.example, err = specfile.Parse([]byte(text)); err != nil {
			t.faults.add(s.at(line.Pos()), "the example of %s: %v", t.name, err)
		}
	}
}

// placeOf says where the type behind a schema is declared.
func (g *generator) placeOf(schema string) string {
	if t := g.types[schema]; t != nil {
		return t.at
	}
	return ""
}

// exampleFile is an example that was written by hand.
type exampleFile struct {
	name, from string
	value      any
}

// exampleName is the form of a file's name: operation, part, and what the example shows.
var exampleName = regexp.MustCompile(`^([A-Za-z0-9]+\.(?:request|[1-5][0-9]{2}))\.([a-z0-9-]+)\.json$`)

// readExamples reads api/examples, by operation and part. No folder means no examples.
func (g *generator) readExamples() map[string][]exampleFile {
	files := map[string][]exampleFile{}
	entries, err := os.ReadDir(filepath.Join(g.dir, "api", "examples"))
	if err != nil && !os.IsNotExist(err) {
		g.faults.add("", "list api/examples: %v", err)
	}
	for _, entry := range entries {
		from := "api/examples/" + entry.Name()
		match := exampleName.FindStringSubmatch(entry.Name())
		if match == nil {
			g.faults.add("", "%s is not named <operationId>.<request or status>.<name>.json", from)
			continue
		}
		data, err := os.ReadFile(filepath.Join(g.dir, filepath.FromSlash(from)))
		if err != nil {
			g.faults.add("", "read an example: %v", err)
			continue
		}
		value, err := specfile.Parse(data)
		if err != nil {
			g.faults.add("", "%s: %v", from, err)
			continue
		}
		files[match[1]] = append(files[match[1]], exampleFile{match[2], from, value})
	}
	return files
}

// exampleContent gives a body its examples, and takes the files it has used off the list.
func (g *generator) exampleContent(op endpoint, part string, content openapi3.Content, files map[string][]exampleFile) {
	key := op.OperationID + "." + part
	for _, kind := range sortedKeys(content) {
		media := content[kind]
		switch {
		case len(files[key]) > 0:
			media.Examples = openapi3.Examples{}
			for _, file := range files[key] {
				words := strings.ReplaceAll(file.name, "-", " ")
				media.Examples[file.name] = &openapi3.ExampleRef{Value: &openapi3.Example{
					Summary: strings.ToUpper(words[:1]) + words[1:], Value: file.value,
				}}
			}
		case kind == problemMedia:
			media.Example = g.errorExample(op, part)
		case media.Example == nil:
			c := &composer{g: g, open: map[string]bool{}}
			if example, ok := c.of(media.Schema); ok {
				media.Example = example
			} else {
				g.faults.add(g.source.where(op.OperationID), "the body %s (%s) of %s has no example", part, kind, op.label())
			}
		}
	}
	delete(files, key)
}

// exampleErrors fits the example of the Problem type to each shared answer that base.yaml gives none.
func (g *generator) exampleErrors(problem any) {
	general, ok := problem.(*specfile.Object)
	t := g.types[problemSchema]
	if !ok || t == nil {
		return
	}
	for status := http.StatusBadRequest; status < 600; status++ {
		shared := g.shared(status)
		if shared == nil || shared.Content[problemMedia] == nil {
			continue
		}
		media := shared.Content[problemMedia]
		if given, ok := media.Example.(map[string]any); ok {
			media.Example = inOrder(given, t)
		} else {
			media.Example = g.fitProblem(general, status, *shared.Description)
		}
	}
}

// errorExample is the example of the shared answer, else of the general problem, with the words of this one.
func (g *generator) errorExample(op endpoint, key string) any {
	status, err := strconv.Atoi(key)
	if err != nil {
		return nil
	}
	words := *op.Responses.Value(key).Value.Description
	c := &composer{g: g, open: map[string]bool{}}
	general, _ := c.named(problemSchema)
	problem, ok := general.(*specfile.Object)
	if !ok {
		return nil
	}
	if shared := g.shared(status); shared != nil && shared.Content[problemMedia] != nil {
		if given, ok := shared.Content[problemMedia].Example.(*specfile.Object); ok {
			problem = &specfile.Object{Members: slices.Clone(given.Members)}
		}
	} else {
		problem = g.fitProblem(problem, status, words)
	}
	if f, _ := g.types[problemSchema].field("errors"); f.optional {
		problem.Delete("errors") // those of the shared example are about another call
	}
	if problem.Has("detail") {
		problem.Set("detail", words)
	}
	if problem.Has("instance") {
		problem.Set("instance", g.filledPath(op))
	}
	return problem
}

// fitProblem makes a problem of that status out of the general one, with the fields that one has.
func (g *generator) fitProblem(general *specfile.Object, status int, detail string) *specfile.Object {
	text := http.StatusText(status)
	words := map[string]any{
		"type": "/problems/" + strings.ToLower(strings.ReplaceAll(text, " ", "-")), "title": text,
		"status": status, "detail": detail, "errors": []any{},
	}
	fitted := &specfile.Object{}
	for _, member := range general.Members {
		if value, ok := words[member.Key]; ok {
			member.Value = value
		}
		if f, _ := g.types[problemSchema].field(member.Key); member.Key != "errors" || !f.optional {
			fitted.Set(member.Key, member.Value)
		}
	}
	return fitted
}

// inOrder gives an example from base.yaml the order of the Go type.
func inOrder(given map[string]any, t *goType) *specfile.Object {
	object := &specfile.Object{}
	for _, f := range t.fields {
		if value, ok := given[f.name]; ok {
			object.Set(f.name, value)
		}
	}
	for _, name := range sortedKeys(given) {
		object.Set(name, given[name])
	}
	return object
}

// filledPath is the operation's path with an example for each parameter.
func (g *generator) filledPath(op endpoint) string {
	path := op.path
	for _, parameter := range op.Parameters {
		if parameter.Value == nil || parameter.Value.In != openapi3.ParameterInPath {
			continue
		}
		example := "rain-at-last"
		if parameter.Value.Schema.Value != nil && parameter.Value.Schema.Value.Format == "uuid" {
			example = "019ce07e-a400-7000-8000-3d8a5c1f0b21"
		}
		if parameter.Value.Example != nil {
			example = fmt.Sprint(parameter.Value.Example)
		}
		path = strings.ReplaceAll(path, "{"+parameter.Value.Name+"}", example)
	}
	return path
}
