package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// linksKey is where base.yaml says which call can follow on which.
const linksKey = "x-links"

// linkRow says that some answers know what some operations ask for.
type linkRow struct {
	From       []string       `json:"from"`       // answers, as "createArticle 201"
	To         []string       `json:"to"`         // operations
	Parameters map[string]any `json:"parameters"` // of the operations, with where the answer has each
}

// addLinks declares on each answer which operations can follow, and where it has what they ask for.
func (g *generator) addLinks() {
	data, err := json.Marshal(g.base.Extensions[linksKey])
	if err != nil {
		g.faults.add("", "read %s of base.yaml: %v", linksKey, err)
		return
	}
	var rows []linkRow
	if err := json.Unmarshal(data, &rows); err != nil {
		g.faults.add("", "read %s of base.yaml: %v", linksKey, err)
		return
	}
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
	source, ok := known[id]
	if !ok {
		return fmt.Errorf("there is no operation %s", id)
	}
	answer := source.Responses.Value(status)
	if answer == nil || answer.Value == nil || answer.Ref != "" {
		return fmt.Errorf("%s has no answer %q of its own", id, status)
	}
	target, ok := known[to]
	if !ok {
		return fmt.Errorf("there is no operation %s", to)
	}
	for _, name := range sortedKeys(row.Parameters) {
		if !asks(target, name) {
			return fmt.Errorf("%s has no parameter %s", to, name)
		}
	}
	if answer.Value.Links == nil {
		answer.Value.Links = openapi3.Links{}
	}
	if answer.Value.Links[to] != nil {
		return fmt.Errorf("it is there already")
	}
	answer.Value.Links[to] = &openapi3.LinkRef{Value: &openapi3.Link{
		OperationID: to, Description: target.Summary + ".", Parameters: row.Parameters,
	}}
	return nil
}

// asks says whether an operation has a parameter of that name, whatever it stands in.
func asks(op endpoint, name string) bool {
	for _, p := range op.Parameters {
		if p.Value != nil && p.Value.Name == name {
			return true
		}
	}
	return false
}
