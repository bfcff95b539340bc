// Package conform holds what was asked of a server and what it answered against an OpenAPI document. It knows what the
// document says and what went over the wire, never who asked or answered.
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

// Specification is an OpenAPI document that exchanges are held against, and which of its answers were met so far. It is
// safe for use by several goroutines.
type Specification struct {
	doc    *openapi3.T
	router routers.Router
	asked  map[string]bool // the headers that some call takes

	mu  sync.Mutex
	met map[string]bool
}

// Exchange is a request and its answer. The bodies are as they went over the wire.
type Exchange struct {
	Request   *http.Request // its own body is not read
	Sent      []byte
	AnyHeader bool // the request may have headers that no call takes
	Status    int
	Header    http.Header
	Body      []byte // in whatever coding it has
	Beside    bool   // the request has what the document does not know, on purpose: only its answer is looked at
}

// Parse reads a document of OpenAPI 3.1. An object that it describes has no fields but those that it names, unless it
// says that there are others: clients may meet new fields one day, and this day they are to be documented.
func Parse(document []byte) (*Specification, error) {
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, fmt.Errorf("specification: %w", err)
	}
	doc.Servers = nil // any host will do
	router, err := legacy.NewRouter(doc)
	if err != nil {
		return nil, fmt.Errorf("specification: %w", err)
	}
	// For 3.1 the library compiles a schema anew for each value; its own validator knows all that ours say and is
	// much faster.
	doc.OpenAPI = "3.0.3"
	s := &Specification{doc: doc, router: router, asked: map[string]bool{}, met: map[string]bool{}}
	closer := closer{}
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			closer.operation(operation)
			for _, p := range operation.Parameters {
				if p.Value.In == openapi3.ParameterInHeader {
					s.asked[http.CanonicalHeaderKey(p.Value.Name)] = true
				}
			}
		}
	}
	return s, nil
}

// Document is what was read.
func (s *Specification) Document() *openapi3.T { return s.doc }

// beforeRoutes are the refusals of HTTP itself that an address may give which is not in the document.
var beforeRoutes = []int{http.StatusMethodNotAllowed, http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge}

// Faults are all in which an exchange is not as documented: a route, a status, a header, a media type or a field that
// the document does not know, one that it promises and that is missing; or a request that it forbids and that did not
// fail. HEAD is held against GET. What is around the API, and OPTIONS, is not in the document and has no faults.
func (s *Specification) Faults(e Exchange) []string {
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
		if value == "" { // the router takes the path above for one of these
			err = fmt.Errorf("the path has no %s", name)
		}
	}
	switch {
	case e.Status == http.StatusNotFound && (err != nil || !names(route.Path, r)):
		return nil
	case err != nil && slices.Contains(beforeRoutes, e.Status):
		return nil
	case err != nil:
		return []string{fmt.Sprintf("%d from a route that is not documented: %v", e.Status, err)}
	}
	answer := route.Operation.Responses.Status(e.Status)
	if answer == nil {
		return []string{fmt.Sprintf("%d, which is not documented for %s", e.Status, route.Operation.OperationID)}
	}
	s.meet(route.Operation.OperationID, e.Status)
	if e.Body, err = decoded(e.Header.Get("Content-Encoding"), e.Body); err != nil {
		return []string{fmt.Sprintf("%d with a body that cannot be decoded: %v", e.Status, err)}
	}
	asGet.Body = io.NopCloser(bytes.NewReader(e.Sent))
	asGet.ContentLength = int64(len(e.Sent))
	input := &openapi3filter.RequestValidationInput{Request: asGet, PathParams: params, Route: route, Options: &openapi3filter.Options{
		SkipSettingDefaults: true, AuthenticationFunc: signedIn, RejectWhenRequestBodyNotSpecified: true, MultiError: true,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{openapi3.WithStringFormatValidators(formats)},
	}}
	var faults []string
	if e.Status < 400 && !e.Beside {
		faults = append(faults, s.forbidden(input, e)...)
	}
	return append(faults, undocumented(input, answer.Value, e)...)
}

// names tells whether a path of the document names what was asked for. The router is not strict about slashes.
func names(path string, r *http.Request) bool {
	return strings.Contains(path, "{") || path == r.URL.EscapedPath()
}

// signedIn wants the header of a credential where the document asks for one.
func signedIn(_ context.Context, in *openapi3filter.AuthenticationInput) error {
	if in.RequestValidationInput.Request.Header.Get("Authorization") == "" {
		return errors.New("no credential was sent")
	}
	return nil
}

func (s *Specification) meet(operation string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.met[pair(operation, status)] = true
}

func pair(operation string, status int) string { return operation + " " + strconv.Itoa(status) }

// Unmet are the answers that are documented and that no exchange had so far, as "createArticle 201", in order.
func (s *Specification) Unmet() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var unmet []string
	for _, item := range s.doc.Paths.Map() {
		for _, operation := range item.Operations() {
			for status := range operation.Responses.Map() {
				if name := operation.OperationID + " " + status; !s.met[name] {
					unmet = append(unmet, name)
				}
			}
		}
	}
	slices.Sort(unmet)
	return unmet
}
