package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// linksKey is where base.yaml defines links from responses to operations.
const linksKey = "x-links"

// linkRow links responses to operations whose parameters can be taken from them.
type linkRow struct {
	From       []string       // responses, as "createArticle 201"
	To         []string       // operations
	Parameters map[string]any // of the operations, with runtime expressions
}

// addLinks adds the links of base.yaml to responses.
func (g *generator) addLinks() {
	var rows []linkRow
	g.extension(linksKey, &rows)
	known := map[string]endpoint{}
	for _, op := range g.operations() {
		known[op.OperationID] = op
	}
	for _, row := range rows {
		for _, from := range row.From {
			for _, to := range row.To {
				if err := row.link(known, from, to); err != nil {
					g.errorf("", "%s of base.yaml: from %s to %s: %v", linksKey, from, to, err)
				}
			}
		}
	}
}

// link adds one link.
func (row linkRow) link(known map[string]endpoint, from, to string) error {
	id, status, _ := strings.Cut(from, " ")
	for _, name := range []string{id, to} {
		if _, ok := known[name]; !ok {
			return fmt.Errorf("there is no operation %s", name)
		}
	}
	response := known[id].Responses.Value(status)
	if response == nil || response.Ref != "" {
		return fmt.Errorf("%s has no response %q of its own", id, status)
	}
	for name := range row.Parameters {
		if !slices.ContainsFunc(known[to].Parameters,
			func(p *openapi3.ParameterRef) bool { return p.Value.Name == name }) {
			return fmt.Errorf("%s has no parameter %s", to, name)
		}
	}
	if response.Value.Links == nil {
		response.Value.Links = openapi3.Links{}
	}
	if response.Value.Links[to] != nil {
		return fmt.Errorf("it is there already")
	}
	link := openapi3.Link{OperationID: to, Description: known[to].Summary + ".",
		Parameters: row.Parameters}
	response.Value.Links[to] = &openapi3.LinkRef{Value: &link}
	return nil
}
