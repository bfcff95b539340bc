package api_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/testkit"
)

// documented are the routes that belong into the specification, as it writes them: "GET /v1/articles/{ref}".
func documented(k *testkit.Kit) map[string]bool {
	routes := map[string]bool{}
	for _, r := range k.Server.Routes() {
		if r.Method == http.MethodHead || !strings.HasPrefix(r.Path, "/v1/") {
			continue
		}
		routes[r.Method+" "+regexp.MustCompile(`:(\w+)`).ReplaceAllString(r.Path, "{$1}")] = true
	}
	return routes
}

func TestEveryRouteIsDocumentedAndEveryDocumentedRouteIsThere(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	routes := documented(k)
	if len(routes) < 20 {
		t.Fatalf("only %d routes were found", len(routes))
	}
	for path, item := range k.Specification().Paths.Map() {
		for method := range item.Operations() {
			if name := method + " " + path; !routes[name] {
				t.Errorf("%s is documented and not there", name)
			}
			delete(routes, method+" "+path)
		}
	}
	for name := range routes {
		t.Errorf("%s is there and not documented", name)
	}
}

func TestEveryOperationHasANameOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for path, item := range testkit.New(t).Specification().Paths.Map() {
		for method, operation := range item.Operations() {
			name, at := operation.OperationID, method+" "+path
			if !regexp.MustCompile(`^[a-z]+[A-Z][A-Za-z]*$`).MatchString(name) {
				t.Errorf("%s: operationId %q is no verb and noun", at, name)
			}
			if other := seen[name]; other != "" {
				t.Errorf("%s and %s have the same operationId %q", at, other, name)
			}
			seen[name] = at
		}
	}
}

// forTheDesk reports whether a read needs a credential, whatever it asks for.
func forTheDesk(path string) bool {
	return path == "/v1/auth/me" || path == "/v1/events" || path == "/v1/media" || path == "/v1/media/{id}/uses" || path == "/v1/articles/{id}/uses" || strings.Contains(path, "/revisions") ||
		strings.HasPrefix(path, uploads)
}

func TestReadsAreDocumentedAsOpenAndChangesAsNot(t *testing.T) {
	t.Parallel()
	for path, item := range testkit.New(t).Specification().Paths.Map() {
		for method, operation := range item.Operations() {
			open := operation.Security != nil && (len(*operation.Security) == 0 || len((*operation.Security)[0]) == 0)
			signIn := strings.HasPrefix(path, "/v1/auth/") && method == http.MethodPost
			want := signIn || method == http.MethodGet && !forTheDesk(path)
			if open != want {
				t.Errorf("%s %s: documented as open: %v, want %v", method, path, open, want)
			}
		}
	}
}

func TestTheSpecificationIsHandedOutInBothForms(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	asJSON := k.Public("GET", "/openapi.json").Want(200)
	if got := asJSON.Text("openapi"); got != "3.1.1" {
		t.Errorf("openapi is %q", got)
	}
	asYAML := k.Public("GET", "/openapi.yaml").Want(200)
	if got := asYAML.Header.Get("Content-Type"); got != "application/yaml" {
		t.Errorf("the YAML is of type %q", got)
	}
	if !strings.Contains(string(asYAML.Body), "openapi: 3.1.1\n") {
		t.Errorf("the YAML begins %.80q", asYAML.Body)
	}
	for _, r := range []*testkit.Response{asJSON, asYAML} {
		if got := r.Header.Get("Access-Control-Allow-Origin"); got != "*" {
			t.Errorf("Access-Control-Allow-Origin is %q", got)
		}
	}
}
