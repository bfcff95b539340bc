package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// linkRow links responses to operations whose parameters can be taken from them.
type linkRow struct {
	From       []string       // responses, as "createArticle 201"
	To         []string       // operations
	Parameters map[string]any // of the operations, with runtime expressions
}

// addLinks adds the links of base.yaml to responses.
func (g *generator) addLinks() {
	known := map[string]*openapi3.Operation{}
	for _, op := range g.operations() {
		known[op.OperationID] = op.Operation
	}
	for _, row := range g.own.Links {
		for _, from := range row.From {
			id, status, _ := strings.Cut(from, " ")
			for _, to := range row.To {
				if err := row.link(known[id], status, known[to]); err != nil {
					g.errorf(nowhere, "x-links of base.yaml: from %s to %s: %v", from, to, err)
				}
			}
		}
	}
}

// link adds one link.
func (row linkRow) link(from *openapi3.Operation, status string, to *openapi3.Operation) error {
	if from == nil || to == nil {
		return errors.New("there is no such operation")
	}
	response := from.Responses.Value(status)
	if response == nil || response.Ref != "" {
		return errors.New("there is no such response of its own")
	}
	for name := range row.Parameters {
		if !slices.ContainsFunc(to.Parameters,
			func(p *openapi3.ParameterRef) bool { return p.Value.Name == name }) {
			return fmt.Errorf("there is no parameter %s", name)
		}
	}
	if response.Value.Links[to.OperationID] != nil {
		return errors.New("it is there already")
	}
	link := &openapi3.Link{OperationID: to.OperationID, Description: to.Summary + ".",
		Parameters: row.Parameters}
	response.Value.Links = merged(response.Value.Links,
		openapi3.Links{to.OperationID: {Value: link}})
	return nil
}
