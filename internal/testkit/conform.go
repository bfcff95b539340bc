package testkit

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// specification is what the server says of itself, read once a run.
type specification struct {
	once sync.Once
	doc  *openapi3.T
	find routers.Router
	err  error
}

var spec specification

// Specification is the OpenAPI document that the server hands out.
func (k *Kit) Specification() *openapi3.T {
	k.T.Helper()
	spec.once.Do(func() {
		w := httptest.NewRecorder()
		k.Server.ServeHTTP(w, httptest.NewRequest("GET", "http://masthead.test/openapi.json", nil))
		if spec.doc, spec.err = openapi3.NewLoader().LoadFromData(w.Body.Bytes()); spec.err != nil {
			return
		}
		spec.doc.Servers = nil // tests call a host of their own
		spec.find, spec.err = legacy.NewRouter(spec.doc)
		// For 3.1 the library compiles a schema anew for each value;
		// its own validator knows all that ours say and is much faster.
		spec.doc.OpenAPI = "3.0.3"
	})
	if spec.err != nil {
		k.T.Fatalf("the specification cannot be read: %v", spec.err)
	}
	return spec.doc
}

// beforeRoutes are the refusals of HTTP itself that any address may give and no operation documents.
var beforeRoutes = []int{http.StatusMethodNotAllowed, http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge}

// conform holds an answer against the specification: its status, headers and body must be documented, and a request
// that the specification forbids must not have succeeded. HEAD and OPTIONS are not in it, nor is what is around the API.
func (k *Kit) conform(r *http.Request, sent []byte, answer *Response) {
	k.T.Helper()
	if r.Method == http.MethodHead || r.Method == http.MethodOptions || !strings.HasPrefix(r.URL.Path, "/v1/") ||
		slices.Contains(beforeRoutes, answer.Status) {
		return
	}
	k.Specification()
	route, params, err := spec.find.FindRoute(r)
	if answer.Status == http.StatusNotFound && (err != nil || !names(route.Path, r)) {
		return
	}
	if err != nil {
		k.T.Errorf("%s %s: %d from a route that is not documented: %v", r.Method, r.URL, answer.Status, err)
		return
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(sent))
	request := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route, Options: &openapi3filter.Options{
			SkipSettingDefaults: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true,
		},
	}
	if answer.Status < 300 {
		if err := openapi3filter.ValidateRequest(r.Context(), request); err != nil {
			k.T.Errorf("%s %s: %d to a request that the specification forbids: %v", r.Method, r.URL, answer.Status, err)
		}
	}
	err = openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: answer.Status, Header: answer.Header, Body: io.NopCloser(bytes.NewReader(answer.Body)),
		Options: request.Options,
	})
	if err != nil {
		k.T.Errorf("%s %s: an answer that the specification does not know: %v", r.Method, r.URL, err)
	}
	k.conformHeaders(r, route.Operation, answer)
}

// anyAnswer are the headers of HTTP itself and of the browser's safety that any answer may have.
var anyAnswer = []string{
	"Content-Type", "Content-Length", "Content-Encoding", "Vary", "Allow", "X-Content-Type-Options", "X-Frame-Options",
	"Referrer-Policy", "Content-Security-Policy", "Cross-Origin-Resource-Policy", "Strict-Transport-Security",
}

// conformHeaders wants every other header of an answer documented.
func (k *Kit) conformHeaders(r *http.Request, op *openapi3.Operation, answer *Response) {
	k.T.Helper()
	documented := op.Responses.Status(answer.Status)
	if documented == nil {
		return // which has been said
	}
	for name := range answer.Header {
		known := slices.Contains(anyAnswer, name) || strings.HasPrefix(name, "Access-Control-")
		for header := range documented.Value.Headers {
			known = known || http.CanonicalHeaderKey(header) == name
		}
		if !known {
			k.T.Errorf("%s %s: %d with the header %s, which the specification does not know", r.Method, r.URL, answer.Status, name)
		}
	}
}

// names tells whether a path of the specification names what was asked for. The router is not strict about slashes.
func names(path string, r *http.Request) bool {
	return strings.Contains(path, "{") || path == r.URL.EscapedPath()
}
