package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// kindLine is the annotation of an operation with its kinds and, last, its noun.
const kindLine = "Kind"

// applyKinds adds to each operation what the kinds in its @Kind line have. Its own annotations take
// precedence.
func (g *generator) applyKinds() {
	for _, op := range g.operations() {
		words := strings.Fields(strings.Join(op.values(kindLine), " "))
		if len(words) == 1 {
			g.errorf(op.at, "@%s of %s needs a kind and a noun", kindLine, op.label())
		}
		if n := len(words) - 1; n > 0 {
			g.addKinds(op, words[n], words[:n]...)
		}
	}
}

// addKinds adds kinds to an operation in order, each before those it extends.
func (g *generator) addKinds(op endpoint, noun string, names ...string) {
	for _, name := range names {
		text := []byte(g.nounWords(op, noun).Replace(string(g.own.Kinds[name])))
		if len(text) == 0 {
			g.errorf(op.at, "%s is of the kind %s, which is not in x-kinds", op.label(), name)
			continue
		}
		part := &openapi3.Operation{}
		var extends struct {
			Kinds []string `json:"x-kinds"`
		}
		err := errors.Join(json.Unmarshal(text, part), json.Unmarshal(text, &extends))
		if err != nil {
			g.errorf(nowhere, "the kind %s of base.yaml: %v", name, err)
		}
		delete(part.Extensions, "x-kinds")
		op.add(part)
		g.addKinds(op, noun, extends.Kinds...)
	}
}

// nounWords replaces the words in braces that a kind says of its noun. The plural is the first
// segment of the path.
func (g *generator) nounWords(op endpoint, noun string) *strings.Replacer {
	article := "a "
	if strings.ContainsAny(noun[:min(1, len(noun))], "aeiou") {
		article = "an "
	}
	plural, _, _ := strings.Cut(strings.TrimPrefix(op.path, "/v1/"), "/")
	return strings.NewReplacer("{noun}", noun, "{Noun}", upperFirst(noun), "{a noun}",
		article+noun, "{nouns}", plural, "{Nouns}", upperFirst(plural), "{slug}", g.own.Slugs[noun])
}

// add adds the parts of another operation that op does not have, path parameters only if they are
// in its path.
func (op endpoint) add(part *openapi3.Operation) {
	op.OperationID = cmp.Or(op.OperationID, part.OperationID)
	op.Summary = cmp.Or(op.Summary, part.Summary)
	op.Description = cmp.Or(op.Description, part.Description)
	op.RequestBody = cmp.Or(op.RequestBody, part.RequestBody)
	if op.Tags == nil {
		op.Tags = part.Tags
	}
	for _, p := range part.Parameters {
		absent := p.Value.In == openapi3.ParameterInPath &&
			!strings.Contains(op.path, "{"+p.Value.Name+"}")
		if !absent && op.Parameters.GetByInAndName(p.Value.In, p.Value.Name) == nil {
			op.Parameters = append(op.Parameters, p)
		}
	}
	op.Extensions = merged(op.Extensions, part.Extensions)
	for status, response := range part.Responses.Map() {
		if own := op.Responses.Value(status); own == nil {
			op.Responses.Set(status, response)
		} else {
			own.Value.Headers = merged(own.Value.Headers, response.Value.Headers)
		}
	}
}

// merged returns a map with the members of both; those of a take precedence.
func merged[M ~map[string]V, V any](a, b M) M {
	all := M{}
	maps.Copy(all, b)
	maps.Copy(all, a)
	return all
}
