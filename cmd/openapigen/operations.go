package main

import (
	"cmp"
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

// endpoint is an operation with its handler, path and method.
type endpoint struct {
	*openapi3.Operation
	*call
	path, method string
}

// label returns the id of the operation, or method and path if it has none.
func (e endpoint) label() string {
	return cmp.Or(e.OperationID, e.method+" "+e.path)
}

// operations returns all operations, sorted by path and method.
func (g *generator) operations() []endpoint {
	var list []endpoint
	for _, path := range sortedKeys(g.doc.Paths.Map()) {
		for _, method := range methods {
			if op := g.doc.Paths.Value(path).GetOperation(strings.ToUpper(method)); op != nil {
				handler := g.source.call(path, method)
				list = append(list, endpoint{op, handler, path, strings.ToUpper(method)})
			}
		}
	}
	return list
}

// completeOperations adds what annotations need not say.
func (g *generator) completeOperations() {
	for _, op := range g.operations() {
		g.secure(op)
		if op.RequestBody != nil {
			op.RequestBody.Value.Extensions = nil
		}
		g.addKinds(op, "", g.impliedKinds(op)...)
		delete(op.Extensions, actsMark)
		delete(op.Extensions, ownersMark)
		for _, key := range sortedKeys(op.Responses.Map()) {
			g.completeResponse(op, key)
		}
	}
}

// secure sets who may call an operation: users, anybody, or anybody for a part of it.
func (g *generator) secure(op endpoint) {
	switch {
	case op.Extensions[publicMark] == true:
		op.Security = &openapi3.SecurityRequirements{}
	case op.Extensions[optionalMark] == true:
		open := append(openapi3.SecurityRequirements{{}}, g.doc.Security...)
		op.Security = &open
	}
	delete(op.Extensions, publicMark)
	delete(op.Extensions, optionalMark)
	g.addPermissions(op)
}

// impliedKinds returns the kinds that follow from an operation itself.
func (g *generator) impliedKinds(op endpoint) []string {
	kinds := []string{"every"}
	if op.Security == nil || len(*op.Security) > 0 {
		kinds = append(kinds, "authenticated")
	}
	limits := func(r requirement) bool { return r.isLimited(op) }
	if slices.ContainsFunc(g.requirements(op), limits) {
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

// responseName returns the name of the shared response of a status: its text without spaces.
func responseName(status int) string {
	return strings.ReplaceAll(http.StatusText(status), " ", "")
}

// shared returns the shared response of a status, or nil.
func (g *generator) shared(status int) *openapi3.Response {
	if ref := g.doc.Components.Responses[responseName(status)]; ref != nil {
		return ref.Value
	}
	return nil
}

// completeResponse adds headers to a response, and content to errors. An error without a
// description is replaced by the shared one.
func (g *generator) completeResponse(op endpoint, key string) {
	response := op.Responses.Value(key).Value
	status, err := strconv.Atoi(key)
	if response == nil || err != nil {
		return
	}
	shared := g.shared(status)
	said := response.Description != nil && *response.Description != "" &&
		*response.Description != http.StatusText(status)
	switch {
	case status >= http.StatusBadRequest && shared != nil && !said && len(response.Headers) == 0:
		op.Responses.Set(key,
			&openapi3.ResponseRef{Ref: "#/components/responses/" + responseName(status)})
		return
	case !said:
		g.errorf(op.at, "the response %s of %s has no description", key, op.label())
	}
	repeatable := op.Parameters.GetByInAndName("header", idempotencyKey) != nil
	g.addUsualHeaders(response, status, repeatable)
	if status < http.StatusBadRequest {
		return
	}
	problem := openapi3.NewSchemaRef(schemaPrefix+problemSchema, nil)
	response.Content = openapi3.NewContentWithSchemaRef(problem, []string{problemMedia})
	if shared != nil {
		response.Headers = merged(response.Headers, shared.Headers)
	}
	if !repeatable {
		delete(response.Headers, replayed) // which every shared response has
	}
}

// addUsualHeaders adds the headers that any response has, if base.yaml defines them. Responses to
// repeatable calls are replayed, except those of a failing or throttling server.
func (g *generator) addUsualHeaders(response *openapi3.Response, status int, repeatable bool) {
	usual := []string{requestID, cacheControl}
	if repeatable && status < http.StatusInternalServerError &&
		status != http.StatusTooManyRequests {
		usual = append(usual, replayed)
	}
	response.Headers = merged(response.Headers, nil)
	for _, name := range usual {
		if g.doc.Components.Headers[name] != nil {
			response.Headers[name] = &openapi3.HeaderRef{Ref: "#/components/headers/" + name}
		}
	}
}
