package main

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	requestID      = "X-Request-Id"
	cacheControl   = "Cache-Control"
	idempotencyKey = "Idempotency-Key"
	replayed       = "Idempotent-Replayed"
	problemSchema  = "Problem"
	problemMedia   = "application/problem+json"
)

// endpoint is an operation and where it is called.
type endpoint struct {
	*openapi3.Operation
	*call
	path, method string
}

// label names the operation to people: its id, or its address where it has none.
func (e endpoint) label() string {
	if e.OperationID == "" {
		return e.method + " " + e.path
	}
	return e.OperationID
}

// operations lists all of them: by path, and under each path in the order of the reference.
func (g *generator) operations() []endpoint {
	var list []endpoint
	for _, path := range sortedKeys(g.doc.Paths.Map()) {
		item := g.doc.Paths.Value(path)
		for _, method := range methods {
			if op := item.GetOperation(strings.ToUpper(method)); op != nil {
				list = append(list, endpoint{op, g.source.call(op.OperationID), path, strings.ToUpper(method)})
			}
		}
	}
	return list
}

// completeOperations adds to each operation what its annotations need not say.
func (g *generator) completeOperations() {
	for _, op := range g.operations() {
		g.secure(op)
		if op.RequestBody != nil {
			op.RequestBody.Value.Extensions = nil
		}
		g.addKinds(op, g.impliedKinds(op), "")
		for _, key := range sortedKeys(op.Responses.Map()) {
			g.completeResponse(op, key)
		}
	}
}

// secure says who may call: those base.yaml names, anybody, or anybody for a part of what it can answer.
func (g *generator) secure(op endpoint) {
	switch {
	case op.Extensions[publicMark] == true:
		op.Security = &openapi3.SecurityRequirements{}
	case op.Extensions[optionalMark] == true:
		open := append(openapi3.SecurityRequirements{{}}, g.base.Security...)
		op.Security = &open
	}
	delete(op.Extensions, publicMark)
	delete(op.Extensions, optionalMark)
	g.addPermissions(op)
}

// impliedKinds are the kinds that an operation is of without a word.
func (g *generator) impliedKinds(op endpoint) []string {
	kinds := []string{"every"}
	if op.Security == nil || len(*op.Security) > 0 {
		kinds = append(kinds, "authenticated")
	}
	if slices.ContainsFunc(g.requirements(op), requirement.isLimited) {
		kinds = append(kinds, "limited")
	}
	if op.RequestBody != nil {
		kinds = append(kinds, "withBody")
	}
	if op.method != http.MethodGet {
		kinds = append(kinds, "writing")
	}
	return kinds
}

// responseName is the name base.yaml has for the answer of a status: its text without spaces.
func responseName(status int) string {
	return strings.ReplaceAll(http.StatusText(status), " ", "")
}

// shared is the answer of base.yaml for a status, or nil.
func (g *generator) shared(status int) *openapi3.Response {
	if ref := g.base.Components.Responses[responseName(status)]; ref != nil {
		return ref.Value
	}
	return nil
}

// completeResponse gives an answer its headers, and an error its one form. An error annotated without words of its
// own is the shared one.
func (g *generator) completeResponse(op endpoint, key string) {
	response := op.Responses.Value(key).Value
	status, err := strconv.Atoi(key)
	if response == nil || err != nil {
		return
	}
	shared := g.shared(status)
	said := response.Description != nil && *response.Description != "" && *response.Description != http.StatusText(status)
	switch {
	case status >= http.StatusBadRequest && shared != nil && !said && len(response.Headers) == 0:
		op.Responses.Set(key, &openapi3.ResponseRef{Ref: "#/components/responses/" + responseName(status)})
		return
	case !said:
		g.faults.add(op.at, "the answer %s of %s has no description", key, op.label())
	}
	repeatable := op.Parameters.GetByInAndName("header", idempotencyKey) != nil
	g.addUsualHeaders(response, status, repeatable)
	if status < http.StatusBadRequest {
		return
	}
	media := openapi3.NewMediaType().WithSchemaRef(&openapi3.SchemaRef{Ref: schemaPrefix + problemSchema})
	response.Content = openapi3.Content{problemMedia: media}
	if shared != nil {
		response.Headers = merged(response.Headers, shared.Headers)
	}
	if !repeatable {
		delete(response.Headers, replayed) // the shared answer is also that of calls that are
	}
}

// addUsualHeaders gives an answer the headers that any has, as far as base.yaml knows them. A call that can be repeated is
// answered from the record, but for answers of a server in trouble.
func (g *generator) addUsualHeaders(response *openapi3.Response, status int, repeatable bool) {
	usual := []string{requestID, cacheControl}
	if repeatable && status < http.StatusInternalServerError && status != http.StatusTooManyRequests {
		usual = append(usual, replayed)
	}
	response.Headers = merged(response.Headers, nil)
	for _, name := range usual {
		if g.base.Components.Headers[name] != nil {
			response.Headers[name] = &openapi3.HeaderRef{Ref: "#/components/headers/" + name}
		}
	}
}
