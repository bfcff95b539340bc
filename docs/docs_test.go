package docs_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/masthead-cms/masthead/docs"
)

func TestTheYAMLMadeFromTheJSONIsTheFileInTheRepository(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got, err := docs.OpenAPIYAML()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("openapi.yaml and docs/openapi.json are out of step: run go run ./cmd/openapigen")
	}
}
