package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// linksKey is where base.yaml says which call can follow on which.
const linksKey = "x-links"

// linkRow says that some answers know what some operations ask for.
type linkRow struct {
	From       []string       // answers, as "createArticle 201"
	To         []string       // operations
	Parameters map[string]any // of the operations, with where the answer has each
}

// addLinks declares on each answer which operations can follow, and where it has what they ask for.
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
					g.faults.add("", "%s of base.yaml: from %s to %s: %v", linksKey, from, to, err)
				}
			}
		}
	}
}

// link declares one link.
func (row linkRow) link(known map[string]endpoint, from, to string) error {
	id, status, _ := strings.Cut(from, " ")
	for _, name := range []string{id, to} {
		if _, ok := known[name]; !ok {
			return fmt.Errorf("there is no operation %s", name)
		}
	}
	answer := known[id].Responses.Value(status)
	if answer == nil || answer.Ref != "" {
		return fmt.Errorf("%s has no answer %q of its own", id, status)
	}
	for name := range row.Parameters {
		if !slices.ContainsFunc(known[to].Parameters, func(p *openapi3.ParameterRef) bool { return p.Value.Name == name }) {
			return fmt.Errorf("%s has no parameter %s", to, name)
		}
	}
	if answer.Value.Links == nil {
		answer.Value.Links = openapi3.Links{}
	}
	if answer.Value.Links[to] != nil {
		return fmt.Errorf("it is there already")
	}
	link := openapi3.Link{OperationID: to, Description: known[to].Summary + ".", Parameters: row.Parameters}
	answer.Value.Links[to] = &openapi3.LinkRef{Value: &link}
	return nil
}
