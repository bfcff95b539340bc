// Package conform validates HTTP requests and responses against an OpenAPI document, in both
// directions. It knows the document and what was sent, but not who sent it.
package conform

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// Specification is an OpenAPI document, with a record of which of its responses were seen. It is
// safe for concurrent use.
type Specification struct {
	doc     *openapi3.T
	router  routers.Router
	headers map[string]bool // request headers that some operation takes

	mu   sync.Mutex
	seen map[string]bool
}

// Exchange is a request and its response. The bodies are as they were sent.
type Exchange struct {
	Request      *http.Request // its own body is not read
	Sent         []byte
	AnyHeader    bool // the request may have headers that no operation takes
	Status       int
	Header       http.Header
	Body         []byte // in its content coding
	ResponseOnly bool   // the request is not documented on purpose: only the response is validated
}

// Parse reads a document of OpenAPI 3.1. Objects are validated as if they had no fields but those
// that are named, unless the document says so: clients must tolerate new fields, but a server must
// document them.
func Parse(document []byte) (*Specification, error) {
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, fmt.Errorf("specification: %w", err)
	}
	doc.Servers = nil // any host is accepted
	router, err := legacy.NewRouter(doc)
	if err != nil {
		return nil, fmt.Errorf("specification: %w", err)
	}
	// For 3.1 the library compiles a schema again for each value; its validator for 3.0 knows all
	// keywords that are used here, and is much faster.
	doc.OpenAPI = "3.0.3"
	s := &Specification{doc: doc, router: router, headers: map[string]bool{},
		seen: map[string]bool{}}
	closer := objectCloser{}
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			closer.operation(operation)
			for _, p := range operation.Parameters {
				if p.Value.In == openapi3.ParameterInHeader {
					s.headers[http.CanonicalHeaderKey(p.Value.Name)] = true
				}
			}
		}
	}
	return s, nil
}

// Document returns the document.
func (s *Specification) Document() *openapi3.T { return s.doc }

// beforeRoutes are statuses that a path may have which is not in the document.
var beforeRoutes = []int{http.StatusMethodNotAllowed, http.StatusRequestURITooLong,
	http.StatusRequestHeaderFieldsTooLarge}

// Violations lists how an exchange differs from the document: a route, status, header, media type
// or field that is not documented, or is required and missing; or a request that the document
// forbids and that succeeded. HEAD is validated as GET. OPTIONS and paths outside /v1/ are not in
// the document and are not validated.
func (s *Specification) Violations(e Exchange) []string {
	r := e.Request
	if r.Method == http.MethodOptions || !strings.HasPrefix(r.URL.Path, "/v1/") {
		return nil
	}
	asGet := r.Clone(r.Context())
	if r.Method == http.MethodHead {
		asGet.Method = http.MethodGet
	}
	route, params, err := s.router.FindRoute(asGet)
	for name, value := range params {
		if value == "" { // the router matches the parent path with an empty parameter
			err = fmt.Errorf("the path has no %s", name)
		}
	}
	switch {
	case e.Status == http.StatusNotFound && (err != nil || !matchesExactly(route.Path, r)):
		return nil
	case err != nil && slices.Contains(beforeRoutes, e.Status):
		return nil
	case err != nil:
		return []string{fmt.Sprintf("%d from a route that is not documented: %v", e.Status, err)}
	}
	answer := route.Operation.Responses.Status(e.Status)
	if answer == nil {
		return []string{fmt.Sprintf("%d, which is not documented for %s", e.Status,
			route.Operation.OperationID)}
	}
	s.markSeen(route.Operation.OperationID, e.Status)
	if e.Body, err = decoded(e.Header.Get("Content-Encoding"), e.Body); err != nil {
		return []string{fmt.Sprintf("%d with a body that cannot be decoded: %v", e.Status, err)}
	}
	asGet.Body = io.NopCloser(bytes.NewReader(e.Sent))
	asGet.ContentLength = int64(len(e.Sent))
	input := &openapi3filter.RequestValidationInput{Request: asGet, PathParams: params,
		Route: route, Options: &openapi3filter.Options{
			SkipSettingDefaults: true, AuthenticationFunc: requireCredential,
			RejectWhenRequestBodyNotSpecified: true, MultiError: true,
			SchemaValidationOptions: []openapi3.SchemaValidationOption{
				openapi3.WithStringFormatValidators(formats)},
		}}
	var faults []string
	if e.Status < 400 && !e.ResponseOnly {
		faults = append(faults, s.requestViolations(input, e)...)
	}
	return append(faults, responseViolations(input, answer.Value, e)...)
}

// matchesExactly reports whether a path of the document is that of the request. The router ignores
// a trailing slash.
func matchesExactly(path string, r *http.Request) bool {
	return strings.Contains(path, "{") || path == r.URL.EscapedPath()
}

// requireCredential returns an error if a credential is required and none was sent.
func requireCredential(_ context.Context, in *openapi3filter.AuthenticationInput) error {
	if in.RequestValidationInput.Request.Header.Get("Authorization") == "" {
		return errors.New("no credential was sent")
	}
	return nil
}

func (s *Specification) markSeen(operation string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[operationStatus(operation, status)] = true
}

func operationStatus(operation string, status int) string {
	return operation + " " + strconv.Itoa(status)
}

// Unseen lists the documented responses that no exchange has had so far, as "createArticle 201",
// sorted.
func (s *Specification) Unseen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var unseen []string
	for _, item := range s.doc.Paths.Map() {
		for _, operation := range item.Operations() {
			for status := range operation.Responses.Map() {
				if name := operation.OperationID + " " + status; !s.seen[name] {
					unseen = append(unseen, name)
				}
			}
		}
	}
	slices.Sort(unseen)
	return unseen
}
