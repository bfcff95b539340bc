package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// ownKeys are the parts of base.yaml that OpenAPI does not know.
type ownKeys struct {
	Kinds map[string]json.RawMessage `json:"x-kinds"`
	Slugs map[string]string          `json:"x-slugs"` // an example of a slug for each noun
	Links []linkRow                  `json:"x-links"`
}

// readBase begins the document with what is written by hand: title, security, tags, and shared
// responses and headers; and reads kinds and links.
func (g *generator) readBase() error {
	g.doc = &openapi3.T{}
	text, err := os.ReadFile(filepath.Join(g.dir, "api", "base.yaml"))
	var value any
	if err == nil {
		err = yaml.Unmarshal(text, &value)
	}
	if err == nil {
		text, err = json.Marshal(value)
	}
	if err == nil {
		err = errors.Join(json.Unmarshal(text, g.doc), json.Unmarshal(text, &g.own))
	}
	switch {
	case err != nil:
	case g.doc.Info == nil:
		err = errors.New("it has no info")
	case g.doc.Components == nil || g.doc.Components.Headers[requestID] == nil:
		err = fmt.Errorf("it does not define the header %s", requestID)
	}
	if err != nil {
		return fmt.Errorf("read base.yaml: %w", err)
	}
	g.doc.OpenAPI = "3.0.3"
	g.doc.Extensions = nil
	return nil
}

// completeShared adds headers to the shared responses.
func (g *generator) completeShared() {
	for status := http.StatusBadRequest; status < 600; status++ {
		if shared := g.shared(status); shared != nil {
			g.addUsualHeaders(shared, status, true)
		}
	}
}

// pointer is a reference to one component in the JSON of a document.
var pointer = regexp.MustCompile(`"#/components/((?:headers|responses|schemas)/[^"]+)"`)

// dropUnused removes shared responses, schemas and headers that nothing refers to, and tags that no
// operation has. What only removed components referred to is removed as well.
func (g *generator) dropUnused() {
	shared := g.doc.Components
	for dropped := true; dropped; {
		data, _ := g.doc.MarshalJSON() // has been encoded before
		used := map[string]bool{}
		for _, match := range pointer.FindAllSubmatch(data, -1) {
			used[string(match[1])] = true
		}
		dropped = dropFrom(shared.Responses, "responses/", used) ||
			dropFrom(shared.Schemas, "schemas/", used) || dropFrom(shared.Headers, "headers/", used)
	}
	g.doc.Tags = slices.DeleteFunc(g.doc.Tags, func(tag *openapi3.Tag) bool {
		return !slices.ContainsFunc(g.operations(),
			func(op endpoint) bool { return slices.Contains(op.Tags, tag.Name) })
	})
}

// dropFrom removes the components that are not used, and reports whether there were any.
func dropFrom[M ~map[string]V, V any](components M, prefix string, used map[string]bool) bool {
	before := len(components)
	maps.DeleteFunc(components, func(name string, _ V) bool { return !used[prefix+name] })
	return len(components) < before
}
