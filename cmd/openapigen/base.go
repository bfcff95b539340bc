package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// readBase reads what is written by hand: title, security, tags, kinds, and shared responses and
// headers.
func readBase(name string) (*openapi3.T, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read base.yaml: %w", err)
	}
	var value any
	base := &openapi3.T{}
	err = yaml.Unmarshal(text, &value)
	if err == nil {
		text, err = json.Marshal(value)
	}
	if err == nil {
		err = json.Unmarshal(text, base)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("read base.yaml: %w", err)
	case base.Info == nil:
		return nil, errors.New("base.yaml has no info")
	case base.Components == nil || base.Components.Headers[requestID] == nil:
		return nil, fmt.Errorf("base.yaml does not define the header %s", requestID)
	}
	return base, nil
}

// extension decodes an x- key of base.yaml.
func (g *generator) extension(key string, into any) {
	data, err := json.Marshal(g.base.Extensions[key])
	if err == nil && string(data) != "null" {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		g.errorf("", "read %s of base.yaml: %v", key, err)
	}
}

// applyBase copies base.yaml into the document.
func (g *generator) applyBase() {
	g.doc.Info = g.base.Info
	g.doc.Servers = g.base.Servers
	g.doc.Security = g.base.Security
	g.doc.Tags = g.base.Tags
	g.doc.Components.SecuritySchemes = g.base.Components.SecuritySchemes
	g.doc.Components.Headers = g.base.Components.Headers
	g.doc.Components.Responses = g.base.Components.Responses
	for status := http.StatusBadRequest; status < 600; status++ {
		if shared := g.shared(status); shared != nil {
			g.addUsualHeaders(shared, status, true)
		}
	}
	if g.doc.Components.Schemas[problemSchema] == nil {
		g.doc.Components.Schemas[problemSchema] = openapi3.NewSchemaRef("", &openapi3.Schema{})
		g.types[problemSchema] = &goType{}
		g.errorf("", "no annotation names the type %s, which every error has as its body",
			problemSchema)
	}
}

// pointer is a reference to one component in the JSON of a document.
var pointer = regexp.MustCompile(`"#/components/((?:headers|responses)/[^"]+)"`)

// dropUnused removes shared responses, then headers, that nothing refers to, and tags that no
// operation has.
func (g *generator) dropUnused() {
	for range 2 { // a removed response may have been the last to use a header
		data, err := g.doc.MarshalJSON()
		if err != nil {
			g.errorf("", "write OpenAPI 3.0: %v", err)
			return
		}
		used := map[string]bool{}
		for _, match := range pointer.FindAllSubmatch(data, -1) {
			used[string(match[1])] = true
		}
		maps.DeleteFunc(g.doc.Components.Responses, func(name string,
			_ *openapi3.ResponseRef) bool {
			return !used["responses/"+name]
		})
		maps.DeleteFunc(g.doc.Components.Headers, func(name string, _ *openapi3.HeaderRef) bool {
			return !used["headers/"+name]
		})
	}
	g.doc.Tags = slices.DeleteFunc(g.doc.Tags, func(tag *openapi3.Tag) bool {
		return !slices.ContainsFunc(g.operations(),
			func(op endpoint) bool { return slices.Contains(op.Tags, tag.Name) })
	})
}
