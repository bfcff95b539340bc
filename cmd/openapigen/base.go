package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// readBase reads what is written by hand: title, security, tags, and the answers and headers that operations share.
func readBase(name string) (*openapi3.T, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read base.yaml: %w", err)
	}
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		return nil, fmt.Errorf("read base.yaml: %w", err)
	}
	data, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("read base.yaml: %w", err)
	}
	base := &openapi3.T{}
	if err := json.Unmarshal(data, base); err != nil {
		return nil, fmt.Errorf("read base.yaml: %w", err)
	}
	switch {
	case base.Info == nil:
		return nil, fmt.Errorf("base.yaml has no info")
	case base.Components == nil || base.Components.Headers[requestID] == nil:
		return nil, fmt.Errorf("base.yaml does not define the header %s", requestID)
	}
	return base, nil
}

// layBase puts the document on what base.yaml says; of security, only that counts.
func (g *generator) layBase() {
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
		g.faults.add("", "no annotation names the type %s, which every error has as its body", problemSchema)
	}
}

// pointer is a reference to one component in the JSON of a document.
var pointer = regexp.MustCompile(`"#/components/(headers|responses)/([^"]+)"`)

// dropUnused takes away the shared answers and then the headers that no operation refers to, and the tags that are
// on none.
func (g *generator) dropUnused() {
	for range 2 { // an answer that goes may have been the last to use a header
		data, err := g.doc.MarshalJSON()
		if err != nil {
			g.faults.add("", "write OpenAPI 3.0: %v", err)
			return
		}
		used := map[string]bool{}
		for _, match := range pointer.FindAllSubmatch(data, -1) {
			used[string(match[1])+"/"+string(match[2])] = true
		}
		for _, name := range sortedKeys(g.doc.Components.Responses) {
			if !used["responses/"+name] {
				delete(g.doc.Components.Responses, name)
			}
		}
		for _, name := range sortedKeys(g.doc.Components.Headers) {
			if !used["headers/"+name] {
				delete(g.doc.Components.Headers, name)
			}
		}
	}
	worn := map[string]bool{}
	for _, op := range g.operations() {
		for _, tag := range op.Tags {
			worn[tag] = true
		}
	}
	var tags openapi3.Tags
	for _, tag := range g.doc.Tags {
		if worn[tag.Name] {
			tags = append(tags, tag)
		}
	}
	g.doc.Tags = tags
}
