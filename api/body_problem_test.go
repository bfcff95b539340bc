package api_test

import (
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// TestBodiesThatNobodyCanReadAreRefused holds that a body with a problem is refused in every call
// that writes one, and only where it is written.
func TestBodiesThatNobodyCanReadAreRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.As(cms.Editor, "POST", "/v1/articles").JSON(`{"title": "T"}`).Want(201).Text("id")
	many := strings.Repeat(`![a](media:0190a5f0-0000-7000-8000-000000000001)\n\n`, 201)
	for body, want := range map[string][]string{
		"![a](media:x)": {"/body invalid"},
		"![a](media:x) ![b](media:" + strings.Repeat("0", 36) + ")": {
			"/body invalid", "/body invalid",
		},
		many: {"/body too_many"},
	} {
		in := `{"title": "T", "body": "` + body + `"}`
		wantErrors(t, k.As(cms.Editor, "POST", "/v1/articles").JSON(in).Want(422), want...)
		wantErrors(t, k.As(cms.Editor, "PATCH", articlePath(id)).If("*").JSON(in).Want(422), want...)
		wantErrors(t, k.As(cms.Editor, "PUT", articlePath(id)).If("*").JSON(in).Want(422), want...)
	}
	for in, want := range map[string]string{
		`{"name": "N", "bio": "![a](media:0190a5f0-0000-7000-8000-000000000001)"}`: "/bio invalid",
		`{"name": "N", "localized": {"ar": {"bio": "![a](media:x)"}}}`:             "/localized/ar/bio invalid",
	} {
		wantErrors(t, k.As(cms.Editor, "POST", "/v1/authors").JSON(in).Want(422), want)
	}
}
