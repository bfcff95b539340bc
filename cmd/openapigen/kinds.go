package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	kindsKey  = "x-kinds" // in base.yaml: what operations of a kind have in common, and in a kind the kinds it builds on
	kindLine  = "Kind"    // the annotation that names the kinds of an operation, and last the noun it is about
	slugsKey  = "x-slugs" // in base.yaml: an example of a slug for each noun
	nounToken = "{noun}"  // stands for the noun in what a kind says
	slugToken = "{slug}"  // stands for the slug of the noun
)

// kind is a part of an operation, as JSON so that the noun can be filled in.
type kind struct {
	text  string
	bases []string
}

// applyKinds completes each operation with what its @Kind line says: parameters, responses, headers and extensions. What
// the operation's own annotations say comes first, then the kinds in the order they are named, each before those it builds on.
func (g *generator) applyKinds() {
	kinds, err := g.readKinds()
	if err != nil {
		g.faults.add("", "read %s of base.yaml: %v", kindsKey, err)
		return
	}
	for _, op := range g.operations() {
		words := strings.Fields(strings.Join(g.source.values(op.OperationID, kindLine), " "))
		switch len(words) {
		case 0:
			continue
		case 1:
			g.faults.add(g.source.where(op.OperationID), "@%s of %s needs a kind and a noun", kindLine, op.label())
		}
		noun := words[len(words)-1]
		for names := words[:len(words)-1]; len(names) > 0; names = names[1:] {
			k, known := kinds[names[0]]
			if !known {
				g.faults.add(g.source.where(op.OperationID), "@%s of %s names %s, which is no kind of %s", kindLine, op.label(), names[0], kindsKey)
				continue
			}
			slugs, _ := g.base.Extensions[slugsKey].(map[string]any)
			slug, _ := slugs[noun].(string)
			if err := k.apply(op, strings.NewReplacer(nounToken, noun, slugToken, slug)); err != nil {
				g.faults.add("", "the kind %s of base.yaml: %v", names[0], err)
			}
			names = slices.Concat(names[:1], k.bases, names[1:])
		}
	}
}

// readKinds reads what base.yaml says of kinds.
func (g *generator) readKinds() (map[string]kind, error) {
	data, err := json.Marshal(g.base.Extensions[kindsKey])
	if err != nil {
		return nil, err
	}
	var texts map[string]json.RawMessage
	if err := json.Unmarshal(data, &texts); err != nil {
		return nil, err
	}
	kinds := map[string]kind{}
	for name, text := range texts {
		var head struct {
			Bases []string `json:"x-kinds"`
		}
		if err := json.Unmarshal(text, &head); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		kinds[name] = kind{string(text), head.Bases}
	}
	return kinds, nil
}

// apply adds to an operation what it does not say itself. A parameter in the path is for operations whose path has it.
func (k kind) apply(op endpoint, words *strings.Replacer) error {
	var part openapi3.Operation
	if err := json.Unmarshal([]byte(words.Replace(k.text)), &part); err != nil {
		return err
	}
	for _, p := range part.Parameters {
		absent := p.Value.In == openapi3.ParameterInPath && !strings.Contains(op.path, "{"+p.Value.Name+"}")
		if !absent && op.Parameters.GetByInAndName(p.Value.In, p.Value.Name) == nil {
			op.Parameters = append(op.Parameters, p)
		}
	}
	if op.Extensions == nil {
		op.Extensions = map[string]any{}
	}
	for key, value := range part.Extensions {
		if key != kindsKey && op.Extensions[key] == nil {
			op.Extensions[key] = value
		}
	}
	for status, response := range part.Responses.Map() {
		own := op.Responses.Value(status)
		if own == nil {
			op.Responses.Set(status, response)
			continue
		}
		if own.Value.Headers == nil {
			own.Value.Headers = openapi3.Headers{}
		}
		for name, header := range response.Value.Headers {
			own.Value.Headers[name] = header
		}
	}
	return nil
}
