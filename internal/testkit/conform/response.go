package conform

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// commonResponseHeaders are those of HTTP itself and of browser security, which any response may
// have.
var commonResponseHeaders = []string{
	"Connection", "Content-Encoding", "Content-Length", "Content-Security-Policy", "Content-Type",
	"Cross-Origin-Resource-Policy",
	"Date", "Referrer-Policy", "Strict-Transport-Security", "Transfer-Encoding", "Tus-Resumable",
	"Tus-Version", "Vary",
	"X-Content-Type-Options", "X-Frame-Options",
}

// responseViolations lists how a response differs from the document.
func responseViolations(in *openapi3filter.RequestValidationInput, documented *openapi3.Response,
	e Exchange) []string {
	var faults []string
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Sprintf("%d with ", e.Status)+fmt.Sprintf(format, args...))
	}
	for name := range e.Header {
		plain := slices.Contains(commonResponseHeaders, name) ||
			strings.HasPrefix(name, "Access-Control-")
		for header := range documented.Headers {
			plain = plain || http.CanonicalHeaderKey(header) == name
		}
		if !plain {
			fault("the header %s, which is not documented", name)
		}
	}
	bare := e.Request.Method == http.MethodHead || len(documented.Content) == 0
	if bare && len(e.Body) > 0 {
		fault("a body of %d bytes, where none is documented", len(e.Body))
	}
	// The library does not validate responses to HEAD, nor those of these statuses.
	status := e.Status
	responses := in.Route.Operation.Responses
	if status == http.StatusNotModified || status == http.StatusPermanentRedirect {
		responses = openapi3.NewResponses(openapi3.WithStatus(http.StatusOK,
			&openapi3.ResponseRef{Value: documented}))
		status = http.StatusOK
	}
	operation := *in.Route.Operation
	operation.Responses = responses
	route := *in.Route
	route.Operation = &operation
	request := *in
	request.Route = &route
	err := openapi3filter.ValidateResponse(e.Request.Context(),
		&openapi3filter.ResponseValidationInput{
			RequestValidationInput: &request, Status: status, Header: e.Header,
			Body: io.NopCloser(bytes.NewReader(e.Body)),
			Options: &openapi3filter.Options{
				IncludeResponseStatus: true, MultiError: true, ExcludeResponseBody: bare,
				SchemaValidationOptions: in.Options.SchemaValidationOptions,
			},
		})
	if err != nil {
		fault("what is not documented: %v", err)
	}
	return faults
}
