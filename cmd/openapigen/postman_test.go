package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/specfile"
)

const signingIn = `{
  "info": {"title": "News", "description": "What is new."},
  "tags": [{"name": "auth", "description": "Who is there."}, {"name": "notes", "description": "Short pieces."}],
  "paths": {
    "/v1/login": {"post": {"operationId": "logIn", "summary": "Sign in", "tags": ["auth"], "security": [],
      "requestBody": {"content": {"application/json": {"example": {"email": "ada@example.org", "password": "secret", "stay": true}}}},
      "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pair"}}}}}}},
    "/v1/notes/{id}": {"patch": {"operationId": "changeNote", "summary": "Change a note", "description": "Changes it.", "tags": ["notes"],
      "parameters": [
        {"name": "id", "in": "path", "required": true, "description": "Which.", "example": "n1"},
        {"name": "why", "in": "query", "required": true, "description": "For the log.", "example": "typo"},
        {"name": "tag", "in": "query", "example": ["a", "b"]},
        {"name": "limit", "in": "query", "schema": {"default": 20}},
        {"$ref": "#/components/parameters/Version"},
        {"name": "Idempotency-Key", "in": "header"}],
      "requestBody": {"content": {
        "application/json": {"example": {"wrong": 1}},
        "application/merge-patch+json": {"examples": {"one": {"value": {"email": "kept", "text": "<b>"}}, "two": {"value": 2}}}}},
      "responses": {"200": {"content": {"application/json": {"schema": {"type": "object"}}}}}}}
  },
  "components": {
    "parameters": {"Version": {"name": "If-Match", "in": "header", "required": true, "description": "Of the note.", "example": "\"7\""}},
    "schemas": {"Pair": {"properties": {"access_token": {"type": "string"}}}}
  }
}`

// collected gives the collection made of a document, as JSON knows it.
func collected(t *testing.T, document string) string {
	t.Helper()
	root, err := specfile.Parse([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	f, err := collect(root.(*specfile.Object))
	if err != nil {
		t.Fatal(err)
	}
	return string(f.data)
}

// folder gives the first request of the folder of that name, and the whole of its item.
func folder(t *testing.T, collection, name string) (item, request map[string]any) {
	t.Helper()
	for _, value := range at(t, collection, "item").([]any) {
		if one := value.(map[string]any); one["name"] == name {
			item = one["item"].([]any)[0].(map[string]any)
			return item, item["request"].(map[string]any)
		}
	}
	t.Fatalf("there is no folder %q", name)
	return nil, nil
}

func wantJSON(t *testing.T, what string, got any, want string) {
	t.Helper()
	var wanted any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestTheCollectionSwitchesOffWhatNeedNotBeSent(t *testing.T) {
	t.Parallel()
	item, request := folder(t, collected(t, signingIn), "notes")
	wantJSON(t, "the address", request["url"], `{"raw": "{{baseUrl}}/v1/notes/:id?why=typo", "host": ["{{baseUrl}}"], "path": ["v1", "notes", ":id"],
		"query": [{"key": "why", "value": "typo", "description": "For the log."},
			{"key": "tag", "value": "a,b", "description": "", "disabled": true}, {"key": "limit", "value": "20", "description": "", "disabled": true}],
		"variable": [{"key": "id", "value": "n1", "description": "Which."}]}`)
	wantJSON(t, "the headers", request["header"], `[{"key": "Content-Type", "value": "application/merge-patch+json"},
		{"key": "If-Match", "value": "\"7\"", "description": "Of the note."},
		{"key": "Idempotency-Key", "value": "", "description": "", "disabled": true}]`)
	wantJSON(t, "the body", request["body"], `{"mode": "raw", "raw": "{\n  \"email\": \"kept\",\n  \"text\": \"<b>\"\n}", "options": {"raw": {"language": "json"}}}`)
	if request["method"] != "PATCH" || request["description"] != "Changes it." || item["name"] != "Change a note" || request["auth"] != nil || item["event"] != nil {
		t.Errorf("got %v", item)
	}
}

func TestTheCollectionSignsInByItsVariablesAndKeepsTheToken(t *testing.T) {
	t.Parallel()
	collection := collected(t, signingIn)
	item, request := folder(t, collection, "auth")
	wantJSON(t, "who may call", request["auth"], `{"type": "noauth"}`)
	if raw := at(t, collection, "auth bearer").([]any)[0].(map[string]any)["value"]; raw != "{{token}}" {
		t.Errorf("other calls send the token %v", raw)
	}
	body := request["body"].(map[string]any)["raw"]
	if body != "{\n  \"email\": \"{{email}}\",\n  \"password\": \"{{password}}\",\n  \"stay\": true\n}" {
		t.Errorf("the body is %s", body)
	}
	script, err := json.Marshal(item["event"])
	if err != nil || !strings.Contains(string(script), `pm.collectionVariables.set(\"token\", pair.access_token)`) {
		t.Errorf("after the answer runs %s, %v", script, err)
	}
	names := map[string]bool{}
	for _, v := range at(t, collection, "variable").([]any) {
		names[v.(map[string]any)["key"].(string)] = true
	}
	want := []string{"baseUrl", "email", "password", "refresh_token", "token"}
	if got := slices.Sorted(maps.Keys(names)); !slices.Equal(got, want) {
		t.Errorf("the variables are %v", got)
	}
}

func TestTheCollectionKeepsItsIdsWhenItsWordsChange(t *testing.T) {
	t.Parallel()
	before, _ := folder(t, collected(t, signingIn), "notes")
	after, _ := folder(t, collected(t, strings.ReplaceAll(signingIn, "Change", "Mend")), "notes")
	other, _ := folder(t, collected(t, signingIn), "auth")
	if before["id"] != after["id"] || before["id"] == other["id"] || before["name"] == after["name"] {
		t.Errorf("the ids are %v, %v and %v", before["id"], after["id"], other["id"])
	}
}
