package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	kindsKey = "x-kinds" // in base.yaml: the kinds; in a kind: those it extends
	slugsKey = "x-slugs" // in base.yaml: an example of a slug for each noun
	kindLine = "Kind"    // the annotation of an operation: its kinds, then its noun
)

// applyKinds adds to each operation the parameters, responses, headers and extensions of the kinds
// in its @Kind line. Its own annotations take precedence.
func (g *generator) applyKinds() {
	for _, op := range g.operations() {
		words := strings.Fields(strings.Join(op.values(kindLine), " "))
		if len(words) == 1 {
			g.errorf(op.at, "@%s of %s needs a kind and a noun", kindLine, op.label())
		}
		if n := len(words) - 1; n > 0 {
			g.addKinds(op, words[:n], words[n])
		}
	}
}

// addKinds adds kinds to an operation in order, each before those it extends. {noun} and {slug} in
// a kind are replaced by the noun and an example of its slug.
func (g *generator) addKinds(op endpoint, names []string, noun string) {
	var kinds map[string]json.RawMessage
	var slugs map[string]string
	g.extension(kindsKey, &kinds)
	g.extension(slugsKey, &slugs)
	words := strings.NewReplacer("{noun}", noun, "{slug}", slugs[noun])
	for names = slices.Clone(names); len(names) > 0; names = names[1:] {
		part := &openapi3.Operation{}
		text := words.Replace(string(kinds[names[0]]))
		if text == "" {
			g.errorf(op.at, "%s is of the kind %s, which is not in %s", op.label(), names[0],
				kindsKey)
		} else if err := json.Unmarshal([]byte(text), part); err != nil {
			g.errorf("", "the kind %s of base.yaml: %v", names[0], err)
		}
		bases, _ := part.Extensions[kindsKey].([]any)
		delete(part.Extensions, kindsKey)
		op.add(part)
		for i, base := range bases {
			names = slices.Insert(names, 1+i, fmt.Sprint(base))
		}
	}
}

// add adds the parts of another operation that op does not have, path parameters only if they are
// in its path.
func (op endpoint) add(part *openapi3.Operation) {
	for _, p := range part.Parameters {
		absent := p.Value.In == openapi3.ParameterInPath &&
			!strings.Contains(op.path, "{"+p.Value.Name+"}")
		if !absent && op.Parameters.GetByInAndName(p.Value.In, p.Value.Name) == nil {
			op.Parameters = append(op.Parameters, p)
		}
	}
	if op.Extensions == nil {
		op.Extensions = map[string]any{}
	}
	maps.Copy(op.Extensions, part.Extensions)
	for status, response := range part.Responses.Map() {
		if own := op.Responses.Value(status); own == nil {
			op.Responses.Set(status, response)
		} else {
			own.Value.Headers = merged(own.Value.Headers, response.Value.Headers)
		}
	}
}

// merged returns the headers of both; those of a take precedence.
func merged(a, b openapi3.Headers) openapi3.Headers {
	all := openapi3.Headers{}
	maps.Copy(all, b)
	maps.Copy(all, a)
	return all
}
