package conform

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// commonRequestHeaders are those that any request may have: they are about the connection or the
// client, and no operation gives them a meaning of its own.
var commonRequestHeaders = []string{
	"Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization",
	"Cache-Control", "Connection", "Content-Encoding", "Content-Length",
	"Content-Type", "Cookie", "Dnt", "From", "Http2-Settings", "Origin", "Pragma", "Priority",
	"Referer", "Te", "Traceparent", "Tracestate",
	"Transfer-Encoding", "Upgrade", "Upgrade-Insecure-Requests", "User-Agent", "Via",
	"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
	"X-Request-Id",
}

// requestViolations lists why the document forbids a request that succeeded.
func (s *Specification) requestViolations(in *openapi3filter.RequestValidationInput,
	e Exchange) []string {
	var faults []string
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Sprintf("%d to a request that the specification forbids: ",
			e.Status)+fmt.Sprintf(format, args...))
	}
	if err := openapi3filter.ValidateRequest(e.Request.Context(), in); err != nil {
		fault("%v", err)
	}
	parameters := in.Route.Operation.Parameters
	values, err := url.ParseQuery(e.Request.URL.RawQuery)
	if err != nil {
		fault("its query cannot be read: %v", err)
	}
	for name, sent := range values {
		if p := parameters.GetByInAndName(openapi3.ParameterInQuery, name); p == nil {
			fault("it has the parameter %s, which is not documented", name)
		} else if len(sent) > 1 {
			fault("it has the parameter %s %d times", name, len(sent))
		}
	}
	for name := range e.Request.Header {
		documented := slices.ContainsFunc(parameters, func(p *openapi3.ParameterRef) bool {
			return p.Value.In == openapi3.ParameterInHeader &&
				http.CanonicalHeaderKey(p.Value.Name) == name
		})
		plain := slices.Contains(commonRequestHeaders, name) ||
			strings.HasPrefix(name, "Access-Control-Request-") || strings.HasPrefix(name, "Sec-")
		if !documented && (s.headers[name] || !plain && !e.AnyHeader) {
			fault("it has the header %s, which is not documented", name)
		}
	}
	return faults
}
