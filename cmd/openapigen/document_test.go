package main

import (
	"encoding/json"
	"go/token"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// at reads one value of a JSON document by its path, parts joined by a space.
func at(t *testing.T, document, path string) any {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(document), &value); err != nil {
		t.Fatal(err)
	}
	for part := range strings.FieldsSeq(path) {
		object, ok := value.(map[string]any)
		if !ok || object[part] == nil {
			return nil
		}
		value = object[part]
	}
	return value
}

// quoted is a text as JSON.
func quoted(text string) string {
	data, _ := json.Marshal(text) // a text always can be
	return string(data)
}

func TestTheDocumentSays(t *testing.T) {
	t.Parallel()
	document := news(t)[jsonFile]
	article, schemas := "components schemas Article properties ", "components schemas "
	list := "paths /v1/articles get "
	patch := "paths /v1/articles/{id} patch "
	kind := "paths /v1/tags post "
	for _, c := range []struct{ claim, path, want string }{
		{"it is OpenAPI 3.1", "openapi", `"3.1.1"`},
		{"who may call by default", "security", `[{"bearer":[]}]`},
		{"a public operation asks for no credential", "paths /v1/articles/{id}/blocks get security", `[]`},
		{"a credential may be optional", list + "security", `[{},{"bearer":[]}]`},
		{"other operations say nothing of security", patch + "security", `null`},
		{"what it takes leave for, and who has that", "paths /v1/articles/{id} delete x-permissions",
			`[{"act":"articles:trash","roles":{"contributor":"own_drafts","author":"own","editor":"any","admin":"any"}},` +
				`{"act":"articles:purge","with":"permanent=true","roles":{"admin":"any"}}]`},
		{"the least role", "paths /v1/articles/{id} delete x-required-role", `"contributor"`},
		{"the same for people", "paths /v1/articles/{id} delete description",
			`"Readers no longer see it. Needs ` + "`articles:trash`" + `: contributor (own articles that readers have never seen), author (own articles), editor, admin.` +
				` With permanent=true it needs ` + "`articles:purge`" + `: admin."`},
		{"a type's example of the whole", schemas + "Image examples", `[{"url":"https://cdn.example.org/ice.webp","alt":"Ice"}]`},
		{"its own marks are gone", list + "x-optional-auth", `null`},
		{"only tags that are used", "tags", `[{"name":"articles","description":"The pieces."},{"name":"tags","description":"The subjects."}]`},

		{"a pointer is required and may be null", article + "kicker type", `["string","null"]`},
		{"a schema that null may always stand for is null itself", schemas + "Image type", `["object","null"]`},
		{"a reference to it is plain", article + "image $ref", `"#/components/schemas/Image"`},
		{"one that null may stand for here and there", schemas + "Tag properties parent oneOf", `[{"$ref":"#/components/schemas/Tag"},{"type":"null"}]`},
		{"the keys of a table", schemas + "Failure enum", `["/failures/not-found","/failures/duplicate",null]`},
		{"what a table says of its keys", schemas + "Failure description",
			`"What a reader can do nothing about.\n\n- ` + "`/failures/not-found`: There is nothing here\\n- `/failures/duplicate`: It exists already" + `"`},
		{"names for values that make none", schemas + "Failure x-enum-varnames", `["NotFound","Duplicate"]`},
		{"values that are names need no others", schemas + "Kind x-enum-varnames", `null`},
		{"bounds of the lists in a map", article + "sought additionalProperties",
			`{"type":"array","maxItems":7,"items":{"type":"string","maxLength":10}}`},
		{"bounds of a map", article + "sought maxProperties", `3`},
		{"bounds of what stands in a list", schemas + "Tag properties aliases items maxLength", `100`},
		{"words beside a reference", article + "status description", `"Where the piece stands."`},
		{"a free object", article + "extra additionalProperties", `true`},
		{"a free object's example", article + "extra examples", `[{"desk":"world","tips":[1,2]}]`},
		{"wide integers", article + "reads format", `"int64"`},
		{"doubles", article + "score format", `"double"`},
		{"times", article + "published_at format", `"date-time"`},
		{"bounds of lists", article + "tags maxItems", `50`},
		{"patterns of texts", schemas + "Image properties url pattern", `"^https?://"`},
		{"patterns of items", schemas + "Tag properties aliases items pattern", `"^[a-z]+$"`},
		{"hidden fields are left out", article + "Secret", `null`},
		{"required is what is always there", schemas + "ArticlePage required", `["data","page"]`},
		{"enums in the order of Go", schemas + "ArticleStatus enum", `["draft","published","withdrawn"]`},
		{"what the values mean", schemas + "ArticleStatus description",
			`"Where an article stands between an idea and its readers.\n\n- ` + "`draft`: being written\\n- `published`: readers see it\\n- `withdrawn`: Was published once and is so no longer." + `"`},
		{"where a schema holds itself its example ends", schemas + "Tag examples", `[{"slug":"rain","parent":null,"aliases":["showers","drizzle"]}]`},

		{"a patch requires nothing", schemas + "ArticlePatch required", `null`},
		{"a schema that nothing takes or answers is left out", schemas + "ArticleInput", `null`},
		{"null clears a field", schemas + "ArticlePatch properties kicker type", `["string","null"]`},
		{"null clears a list", schemas + "ArticlePatch properties tags type", `["array","null"]`},
		{"null clears an enum", schemas + "ArticlePatch properties type oneOf", `[{"$ref":"#/components/schemas/Kind"},{"type":"null"}]`},
		{"unless it is marked", schemas + "ArticlePatch properties title type", `"string"`},
		{"a form that has a name", schemas + "ArticleCreate properties title pattern", quoted(name)},
		{"texts that callers send have no U+0000", schemas + "ArticlePatch properties kicker pattern", quoted(anyText)},
		{"texts that callers read may have any form", article + "kicker pattern", `null`},
		{"what can follow on an answer", "paths /v1/articles post responses 201 links updateArticle",
			`{"operationId":"updateArticle","description":"Change an article.","parameters":{"If-Match":"$response.header.ETag","id":"$response.body#/id"}}`},
		{"a patch as JSON", patch + "requestBody content application/json schema", `{"$ref":"#/components/schemas/ArticlePatch"}`},
		{"a patch as merge patch", patch + "requestBody content application/merge-patch+json schema", `{"$ref":"#/components/schemas/ArticlePatch"}`},

		{"an error without words is the shared one", patch + "responses 404", `{"$ref":"#/components/responses/NotFound"}`},
		{"an error with words is its own", patch + "responses 412 description", `"The version has moved on."`},
		{"an error has the headers of its status", patch + "responses 412 headers",
			`{"ETag":{"$ref":"#/components/headers/ETag"},"X-Request-Id":{"$ref":"#/components/headers/X-Request-Id"}}`},
		{"an error's media type", patch + "responses 412 content application/json", `null`},
		{"an error's example", "paths /v1/articles post responses 409 content application/problem+json example",
			`{"type":"/problems/duplicate","title":"It exists already","status":409,"detail":"The slug is taken."}`},
		{"a shared answer's example is fitted to its status", "components responses Forbidden content application/problem+json example",
			`{"type":"/problems/forbidden","title":"Forbidden","status":403,"detail":"Not you."}`},
		{"answers without a body have the id too", "paths /v1/articles/{id} delete responses 204 headers",
			`{"X-Request-Id":{"$ref":"#/components/headers/X-Request-Id"}}`},
		{"shared answers have it", "components responses TooManyRequests headers",
			`{"Retry-After":{"$ref":"#/components/headers/Retry-After"},"X-Request-Id":{"$ref":"#/components/headers/X-Request-Id"}}`},
		{"headers that nobody sends are left out", "components headers Last-Modified", `null`},

		{"a name that a kind gives", kind + "operationId", `"createTag"`},
		{"a tag that a kind gives", kind + "tags", `["tags"]`},
		{"what a kind says of its noun", kind + "description", `"Makes a tag, as in rain: one of the tags, the Tags. Needs ` + "`tags:write`" + `: author, editor, admin."`},
		{"a body that a kind gives", kind + "requestBody content application/json schema", `{"$ref":"#/components/schemas/Tag"}`},
		{"a page that a kind gives", kind + "responses 201 content application/json schema", `{"$ref":"#/components/schemas/TagPage"}`},
		{"parameters that a kind gives", kind + "parameters", `[
			{"name":"status","in":"query","description":"Only those of these stations.","style":"form","explode":false,"schema":{"type":"array","minItems":1,"maxItems":100,"items":{"$ref":"#/components/schemas/ArticleStatus"}},"example":["draft","published"]},
			{"name":"Idempotency-Key","in":"header","description":"Makes the call safe to repeat.","schema":{"type":"string","minLength":1,"maxLength":255}}]`},
		{"marks of kinds are gone", kind + "x-query", `null`},

		{"examples from files", "paths /v1/articles post requestBody content application/json examples",
			`{"shortest":{"summary":"Shortest","value":{"title":"Rain at last"}},"with-type":{"summary":"With type","value":{"type":"opinion","title":"Against umbrellas"}}}`},
	} {
		got := at(t, document, c.path)
		var want any
		if err := json.Unmarshal([]byte(c.want), &want); err != nil {
			t.Fatalf("%s: %v", c.claim, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.claim, diff)
		}
	}
}

func TestEachKindOfOperationHasItsStandardErrors(t *testing.T) {
	t.Parallel()
	document := news(t)[jsonFile]
	for path, want := range map[string][]string{
		"/v1/articles get":             {"200", "400", "401", "500", "503"},
		"/v1/articles/{id} patch":      {"200", "400", "401", "404", "412", "413", "415", "422", "500", "503", "507"}, // every role may
		"/v1/articles post":            {"201", "400", "401", "409", "413", "415", "422", "500", "503", "507"},
		"/v1/articles/{id} delete":     {"204", "400", "401", "403", "404", "500", "503", "507"},
		"/v1/articles/{id}/blocks get": {"200", "400", "429", "500", "503"},
	} {
		responses, ok := at(t, document, "paths "+path+" responses").(map[string]any)
		if !ok {
			t.Fatalf("%s has no responses", path)
		}
		if diff := cmp.Diff(want, sortedKeys(responses)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func TestParametersKeepWhatTheirAnnotationsSay(t *testing.T) {
	t.Parallel()
	parameters, ok := at(t, news(t)[jsonFile], "paths /v1/articles get parameters").([]any)
	if !ok || len(parameters) != 8 {
		t.Fatalf("got %v", parameters)
	}
	for i, want := range []string{
		`{"name":"status","in":"query","description":"Only those of these stations.","style":"form","explode":false,"schema":{"type":"array","minItems":1,"maxItems":100,"items":{"$ref":"#/components/schemas/ArticleStatus"}},"example":["draft","published"]}`,
		`{"name":"type","in":"query","description":"Only those of this form.","schema":{"$ref":"#/components/schemas/Kind"}}`,
		`{"name":"limit","in":"query","description":"How many rows at most.","schema":{"type":"integer","minimum":1,"maximum":100,"default":20},"example":10}`,
		`{"name":"sort","in":"query","description":"The order of the rows.","schema":{"type":"string","enum":["title","-title"],"default":"title"}}`,
		`{"name":"view","in":"query","description":"Which side.","schema":{"$ref":"#/components/schemas/View"}}`,
		`{"name":"since","in":"query","description":"Not older.","schema":{"type":"string","pattern":"` + strings.ReplaceAll(moment, `\`, `\\`) + `"}}`,
		`{"name":"id","in":"query","description":"Only these.","style":"form","explode":false,"schema":{"type":"array","minItems":1,"maxItems":100,"items":{"type":"string","format":"uuid"}}}`,
		`{"name":"words","in":"query","description":"Only those with them.","schema":{"type":"string","minLength":1,"pattern":"^[^\\x00]*$"}}`,
	} {
		var value any
		if err := json.Unmarshal([]byte(want), &value); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(value, parameters[i]); diff != "" {
			t.Errorf("parameter %d (-want +got):\n%s", i, diff)
		}
	}
}

func TestTheOldVersionSaysNullInItsOwnWay(t *testing.T) {
	t.Parallel()
	old := news(t)[oldFile]
	for _, text := range []string{
		"openapi: 3.0.3\n",
		"        image:\n          type: object\n          description: The picture above the text.\n          allOf:\n            - $ref: '#/components/schemas/Image'\n          nullable: true\n",
		"        kicker:\n          type: string\n          description: A line above the title.\n          maxLength: 120\n          nullable: true\n          example: Weather\n",
		"  license:\n    name: Apache 2.0\n    url: https://spdx.org/licenses/Apache-2.0.html\n",
	} {
		if !strings.Contains(old, text) {
			t.Errorf("does not say\n%s", text)
		}
	}
	for _, text := range []string{"\"null\"", "examples:\n            -", "identifier:", "parent: null", "summary: A fixture."} {
		if strings.Contains(old, text) {
			t.Errorf("says %q, which 3.0 does not know", text)
		}
	}
}

func TestProseIsWhatACommentSaysToPeople(t *testing.T) {
	t.Parallel()
	for doc, want := range map[string]string{
		"Kind is the form of a piece.":    "The form of a piece.",
		"Kind says which form.":           "Says which form.",
		"Kinds are many.":                 "Kinds are many.",
		"The form, which Kind is not of.": "The form, which Kind is not of.",
	} {
		if got := withoutName(doc, "Kind"); got != want {
			t.Errorf("%q became %q, want %q", doc, got, want)
		}
	}
}

func TestFaultsStandInTheOrderOfTheirLines(t *testing.T) {
	t.Parallel()
	var f diagnostics
	f.errorf(token.Position{Filename: "api/b.go", Line: 2}, "second")
	f.errorf(nowhere, "nowhere")
	f.errorf(token.Position{Filename: "api/a.go", Line: 10}, "tenth")
	f.errorf(token.Position{Filename: "api/a.go", Line: 9}, "ninth")
	f.errorf(token.Position{Filename: "api/a.go", Line: 9}, "ninth")
	want := "nowhere\napi/a.go:9: ninth\napi/a.go:10: tenth\napi/b.go:2: second"
	if got := f.err(); got == nil || got.Error() != want {
		t.Errorf("got %v", got)
	}
	if (&diagnostics{}).err() != nil {
		t.Error("an error without faults")
	}
}
