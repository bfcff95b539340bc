package testkit

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/masthead-cms/masthead/docs"
	"github.com/masthead-cms/masthead/internal/testkit/conform"
)

// specification is what the server says of itself, read once a run.
var specification = sync.OnceValues(
	func() (*conform.Specification, error) { return conform.Parse(docs.OpenAPIJSON) })

// Unmet returns the answers of the specification that no call of this run had, as "createArticle
// 201".
func Unmet() ([]string, error) {
	s, err := specification()
	if err != nil {
		return nil, err
	}
	return s.Unseen(), nil
}

// Specification returns the OpenAPI document that the server hands out.
func (k *Kit) Specification() *openapi3.T {
	k.T.Helper()
	s, err := specification()
	if err != nil {
		k.T.Fatal(err)
	}
	return s.Document()
}

// Conform fails a test in which a request or its answer is not as the specification says.
func Conform(t testing.TB, e conform.Exchange) {
	t.Helper()
	s, err := specification()
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range s.Violations(e) {
		t.Errorf("%s %s: %s", e.Request.Method, e.Request.URL, fault)
	}
}

// Watch returns a transport for the client of a test that holds all it carries against the
// specification. Answers are read to their end before the client has them.
func Watch(t testing.TB, next http.RoundTripper) http.RoundTripper { return watcher{t, next} }

type watcher struct {
	t    testing.TB
	next http.RoundTripper
}

// RoundTrip carries one request and its answer.
func (w watcher) RoundTrip(r *http.Request) (*http.Response, error) {
	w.t.Helper()
	var sent []byte
	if r.Body != nil {
		var err error
		sent, err = io.ReadAll(r.Body)
		if err = errors.Join(err, r.Body.Close()); err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body = http.NoBody
		if len(sent) > 0 {
			r.Body = io.NopCloser(bytes.NewReader(sent))
		}
	}
	answer, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	Conform(w.t, conform.Exchange{Request: r, Sent: sent, Status: answer.StatusCode,
		Header: answer.Header, Body: body})
	return answer, nil
}

// CloseIdleConnections closes those of the transport below.
func (w watcher) CloseIdleConnections() {
	if next, ok := w.next.(interface{ CloseIdleConnections() }); ok {
		next.CloseIdleConnections()
	}
}
