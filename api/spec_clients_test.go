package api_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/masthead-cms/masthead/internal/testkit"
)

// olderSpecification is the document for generators that take OpenAPI 3.0.
func olderSpecification(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile("../docs/openapi-3.0.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// notEverywhere matches what some language does not know in an expression: characters outside ASCII,
// by whatever name, and classes.
var notEverywhere = regexp.MustCompile(`[^ -~]|\\[upP]|\\x[89a-fA-F]`)

func TestSchemasSayOnlyWhatClientsInAllLanguagesCanSay(t *testing.T) {
	t.Parallel()
	for name, doc := range map[string]*openapi3.T{
		"3.1": testkit.New(t).Specification(), "3.0": olderSpecification(t),
	} {
		patterns := 0
		err := doc.WalkSchemas(func(at string, ref *openapi3.SchemaRef) error {
			schema := ref.Value
			if schema.Pattern != "" {
				patterns++
			}
			if found := notEverywhere.FindString(schema.Pattern); found != "" {
				t.Errorf("%s: %s: the pattern %s has %q", name, at, schema.Pattern, found)
			}
			if slices.Contains(schema.Enum, any("")) {
				t.Errorf("%s: %s: an enum has the value \"\"", name, at)
			}
			if schema.Format == "uri" {
				t.Errorf("%s: %s: the format is uri", name, at)
			}
			return nil
		})
		if err != nil || patterns < 20 {
			t.Errorf("%s: %d patterns were seen, %v", name, patterns, err)
		}
	}
}

// Clients of OpenAPI 3.0 decode an answer by its status alone, and the strict ones refuse one that
// lacks a required field.
func TestTheOlderSpecificationHasOneTypeWhereFieldsAreSelected(t *testing.T) {
	t.Parallel()
	selecting := 0
	for path, item := range olderSpecification(t).Paths.Map() {
		for method, operation := range item.Operations() {
			if operation.Parameters.GetByInAndName("query", "fields") == nil {
				continue
			}
			selecting++
			content := operation.Responses.Value("200").Value.Content
			whole, part := content["application/json"], content["application/vnd.masthead.partial+json"]
			if whole == nil || part == nil || whole.Schema.Ref != part.Schema.Ref {
				t.Errorf("%s %s has two types: %v, %v", method, path, whole, part)
				continue
			}
			row := part.Schema.Value
			if rows := row.Properties["data"]; rows != nil {
				row = rows.Value.Items.Value
			}
			if article := row.Properties["article"]; article != nil && row.Properties["item"] != nil {
				row = article.Value // fields are selected of the article in a row
				if len(row.AllOf) == 1 {
					row = row.AllOf[0].Value
				}
			}
			if len(row.Required) > 0 || len(row.Properties) == 0 {
				t.Errorf("%s %s requires %q", method, path, row.Required)
			}
		}
	}
	if selecting < 5 {
		t.Errorf("only %d operations select fields", selecting)
	}
}

// A client that has read an article in draft view may take it for a Draft, and one that has a Draft
// for an Article.
func TestAnArticleInDraftViewIsTypedAsADraft(t *testing.T) {
	t.Parallel()
	schemas := testkit.New(t).Specification().Components.Schemas
	article, draft := schemas["Article"].Value, schemas["Draft"].Value
	for name, field := range draft.Properties {
		other := article.Properties[name]
		if other == nil {
			t.Errorf("an article has no %s, which a draft has", name)
			continue
		}
		a, b := *other.Value, *field.Value
		if other.Ref != field.Ref || !slices.Equal(a.Enum, b.Enum) || a.Format != b.Format ||
			a.Nullable != b.Nullable || (a.Type == nil) != (b.Type == nil) ||
			a.Type != nil && !slices.Equal(*a.Type, *b.Type) {
			t.Errorf("%s is one thing in an article and another in a draft", name)
		}
	}
	for name := range article.Properties {
		if draft.Properties[name] == nil {
			t.Errorf("a draft has no %s, which an article has", name)
		}
	}
}
