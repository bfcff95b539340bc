package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/masthead-cms/masthead/internal/specfile"
)

// The collection for Postman and the programs that read its format.
const (
	postmanFile   = "docs/postman.json"
	postmanSchema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
	postmanBase   = "http://127.0.0.1:8080" // where a server listens that was told nothing else
)

// postmanVariables are what the requests share, with the values they begin with.
var postmanVariables = []struct{ name, value, about string }{
	{"baseUrl", postmanBase, "Where the server is."},
	{"email", "", "Who signs in."},
	{"password", "", "Of whoever signs in."},
	{"token", "", "The access token; signing in sets it."},
	{"refresh_token", "", "Gets the next access token; signing in sets it."},
}

// keepTokens is run after an answer that holds tokens.
var keepTokens = []any{
	"if (pm.response.code === 200) {",
	"    const pair = pm.response.json();",
	`    pm.collectionVariables.set("token", pair.access_token);`,
	`    pm.collectionVariables.set("refresh_token", pair.refresh_token);`,
	"}",
}

// objectOf makes an object of names and values by turns.
func objectOf(pairs ...any) *specfile.Object {
	made := &specfile.Object{}
	for i := 0; i+1 < len(pairs); i += 2 {
		made.Set(pairs[i].(string), pairs[i+1])
	}
	return made
}

// collect writes the document as a collection: a folder for each tag, in it a request for each operation.
func collect(root *specfile.Object) (file, error) {
	info := child(root, "info")
	folders := []any{}
	tags, _ := root.Get("tags").([]any)
	for _, tag := range tags {
		name := textOf(tag, "name")
		items, err := requestsOf(root, name)
		if err != nil {
			return file{}, err
		}
		folders = append(folders, objectOf("id", postmanID("folder "+name), "name", name, "description", textOf(tag, "description"), "item", items))
	}
	variables := []any{}
	for _, v := range postmanVariables {
		variables = append(variables, objectOf("key", v.name, "value", v.value, "description", v.about))
	}
	collection := objectOf(
		"info", objectOf("_postman_id", postmanID("collection"), "name", textOf(info, "title"),
			"description", textOf(info, "description"), "schema", postmanSchema),
		"auth", objectOf("type", "bearer", "bearer", []any{objectOf("key", "token", "value", "{{token}}", "type", "string")}),
		"variable", variables,
		"item", folders,
	)
	data, err := specfile.JSON(collection, postmanDepth)
	return file{postmanFile, data}, err
}

// postmanDepth is how deep members have lines of their own in the collection: what a request says.
const postmanDepth = 8

// requestsOf are the operations of a tag, in the order of the document.
func requestsOf(root *specfile.Object, tag string) ([]any, error) {
	items := []any{}
	for _, path := range child(root, "paths").Members {
		for _, method := range methods {
			operation, ok := child(path.Value).Get(method).(*specfile.Object)
			if !ok {
				continue
			}
			if tags, _ := operation.Get("tags").([]any); len(tags) == 0 || tags[0] != tag {
				continue
			}
			item, err := requestOf(root, path.Key, method, operation)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path.Key, err)
			}
			items = append(items, item)
		}
	}
	return items, nil
}

func requestOf(root *specfile.Object, path, method string, operation *specfile.Object) (*specfile.Object, error) {
	parameters := resolveAll(root, operation.Get("parameters"))
	request := objectOf("method", strings.ToUpper(method), "description", textOf(operation, "description"))
	security, _ := operation.Get("security").([]any)
	if operation.Has("security") && len(security) == 0 {
		request.Set("auth", objectOf("type", "noauth"))
	}
	headers := headersOf(parameters)
	body := resolve(root, operation.Get("requestBody"))
	if kind, media := mediaOf(body); media != nil {
		headers = append([]any{objectOf("key", "Content-Type", "value", kind)}, headers...)
		raw, err := rawBody(media, request.Has("auth"))
		if err != nil {
			return nil, err
		}
		request.Set("body", objectOf("mode", "raw", "raw", raw, "options", objectOf("raw", objectOf("language", "json"))))
	}
	request.Set("header", headers)
	request.Set("url", urlOf(path, parameters))
	item := objectOf("id", postmanID(textOf(operation, "operationId")), "name", textOf(operation, "summary"))
	if givesTokens(root, operation) {
		item.Set("event", []any{objectOf("listen", "test", "script", objectOf("type", "text/javascript", "exec", keepTokens))})
	}
	item.Set("request", request)
	item.Set("response", []any{})
	return item, nil
}

// urlOf is the address of a call, with the parts of its path and what it may ask for. What need not be asked for is
// switched off.
func urlOf(path string, parameters []*specfile.Object) *specfile.Object {
	parts := []any{}
	for part := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			part = ":" + strings.TrimSuffix(name, "}")
		}
		parts = append(parts, part)
	}
	query, variables, asked := []any{}, []any{}, []string{}
	for _, p := range parameters {
		switch textOf(p, "in") {
		case "query":
			entry := entryOf(p)
			query = append(query, entry)
			if !entry.Has("disabled") {
				asked = append(asked, textOf(entry, "key")+"="+textOf(entry, "value"))
			}
		case "path":
			variables = append(variables, objectOf("key", textOf(p, "name"), "value", exampleOf(p), "description", textOf(p, "description")))
		}
	}
	raw := "{{baseUrl}}"
	for _, part := range parts {
		raw += "/" + part.(string)
	}
	if len(asked) > 0 {
		raw += "?" + strings.Join(asked, "&")
	}
	url := objectOf("raw", raw, "host", []any{"{{baseUrl}}"}, "path", parts)
	if len(query) > 0 {
		url.Set("query", query)
	}
	if len(variables) > 0 {
		url.Set("variable", variables)
	}
	return url
}

func headersOf(parameters []*specfile.Object) []any {
	headers := []any{}
	for _, p := range parameters {
		if textOf(p, "in") == "header" {
			headers = append(headers, entryOf(p))
		}
	}
	return headers
}

// entryOf is a header or a part of the query.
func entryOf(p *specfile.Object) *specfile.Object {
	entry := objectOf("key", textOf(p, "name"), "value", exampleOf(p), "description", textOf(p, "description"))
	if p.Get("required") != true {
		entry.Set("disabled", true)
	}
	return entry
}

// exampleOf is a value to begin with: the example, or else the default, or nothing.
func exampleOf(p *specfile.Object) string {
	for _, value := range []any{p.Get("example"), child(p, "schema").Get("default")} {
		switch value := value.(type) {
		case nil:
		case []any:
			words := []string{}
			for _, word := range value {
				words = append(words, fmt.Sprint(word))
			}
			return strings.Join(words, ",")
		default:
			return fmt.Sprint(value)
		}
	}
	return ""
}

// mediaOf picks how a body is sent: as what says most exactly what it is, which stands last.
func mediaOf(body *specfile.Object) (kind string, media *specfile.Object) {
	if kinds := child(body, "content").Members; len(kinds) > 0 {
		last := kinds[len(kinds)-1]
		return last.Key, child(last.Value)
	}
	return "", nil
}

// rawBody is the first example of a body. Who signs in is asked for by the variables, so that nothing secret is written
// into a request.
func rawBody(media *specfile.Object, signsIn bool) (string, error) {
	value := media.Get("example")
	if named := child(media, "examples").Members; value == nil && len(named) > 0 {
		value = child(named[0].Value).Get("value")
	}
	if fields, ok := value.(*specfile.Object); ok && signsIn {
		filled := &specfile.Object{Members: slices.Clone(fields.Members)}
		for _, v := range postmanVariables {
			if filled.Has(v.name) {
				filled.Set(v.name, "{{"+v.name+"}}")
			}
		}
		value = filled
	}
	if value == nil {
		return "", nil
	}
	data, err := specfile.JSON(value, 64)
	return strings.TrimSuffix(string(data), "\n"), err
}

// givesTokens tells whether an operation answers an access token.
func givesTokens(root, operation *specfile.Object) bool {
	schema := resolve(root, child(operation, "responses", "200", "content", jsonMedia).Get("schema"))
	return child(schema, "properties").Has("access_token")
}

// resolve follows a reference inside the document; it is nil where there is no object.
func resolve(root *specfile.Object, value any) *specfile.Object {
	found, _ := value.(*specfile.Object)
	for found != nil && found.Has("$ref") {
		found = child(root, strings.Split(strings.TrimPrefix(textOf(found, "$ref"), "#/"), "/")...)
	}
	return found
}

func resolveAll(root *specfile.Object, list any) []*specfile.Object {
	items, _ := list.([]any)
	found := []*specfile.Object{}
	for _, item := range items {
		found = append(found, resolve(root, item))
	}
	return found
}

// textOf is the text an object holds under a name; empty if it holds none.
func textOf(value any, name string) string {
	switch text := child(value).Get(name).(type) {
	case string:
		return text
	case json.Number:
		return text.String()
	}
	return ""
}

// postmanID is an id that is always the same for the same name, so that a collection can be brought up to date.
func postmanID(name string) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte("masthead "+name)).String()
}
