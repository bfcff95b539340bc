package api_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// bounded is a call that takes a body: how it is made, and a body that it takes.
type bounded struct {
	method, path string
	body         map[string]any
	taken        int // the status where the body is taken
}

// isMove tells whether the call moves an article.
func (b bounded) isMove() bool {
	rest, ok := strings.CutPrefix(b.path, "/v1/articles/{id}/")
	return ok && slices.Contains([]string{"submit", "return", "withdraw", "kill"}, rest)
}

// boundCalls are all calls that take a body. {id} is a thing of the call's own, by what the path begins with.
var boundCalls = map[string]bounded{
	"createArticle":       {"POST", "/v1/articles?create_tags=true", map[string]any{"title": "T"}, 201},
	"replaceArticle":      {"PUT", "/v1/articles/{id}?create_tags=true", map[string]any{"title": "T"}, 200},
	"updateSite":          {"PATCH", "/v1/site", map[string]any{}, 200},
	"updateArticle":       {"PATCH", "/v1/articles/{id}?create_tags=true", map[string]any{}, 200},
	"submitArticle":       {"POST", "/v1/articles/{id}/submit", map[string]any{}, 200},
	"returnArticle":       {"POST", "/v1/articles/{id}/return", map[string]any{}, 409},
	"withdrawArticle":     {"POST", "/v1/articles/{id}/withdraw", map[string]any{}, 409},
	"killArticle":         {"POST", "/v1/articles/{id}/kill", map[string]any{"reason": "R"}, 200},
	"createRelatedLink":   {"POST", "/v1/articles/{id}/related-links", map[string]any{"title": "T", "url": "https://example.org"}, 201},
	"replaceRelatedLinks": {"PUT", "/v1/articles/{id}/related-links", map[string]any{"data": []any{}}, 200},
	"updateRelatedLink":   {"PATCH", "/v1/related-links/{id}", map[string]any{"title": "T", "url": "https://example.org"}, 200},
	"createCorrection":    {"POST", "/v1/articles/{id}/corrections", map[string]any{"text": "T"}, 201},
	"updateCorrection":    {"PATCH", "/v1/corrections/{id}", map[string]any{}, 200},
	"mergeTag":            {"POST", "/v1/tags/{id}/merge", map[string]any{"into": "other"}, 200},
	"mergeAuthor":         {"POST", "/v1/authors/{id}/merge", map[string]any{"into": "other"}, 200},

	"createCollectionItem":   {"POST", "/v1/collections/{id}/items", map[string]any{"title": "T", "url": "https://example.org"}, 201},
	"updateCollectionItem":   {"PATCH", "/v1/collections/{id}/items/{item}", map[string]any{}, 200},
	"replaceCollectionItems": {"PUT", "/v1/collections/{id}/items", map[string]any{"data": []any{}}, 200},

	"createSession":  {"POST", "/v1/auth/login", map[string]any{"email": "a@example.org", "password": "p"}, 401},
	"refreshSession": {"POST", "/v1/auth/refresh", map[string]any{"refresh_token": "t"}, 401},
	"deleteSession":  {"POST", "/v1/auth/logout", map[string]any{"refresh_token": "t"}, 204},
}

func init() {
	for _, n := range plainNouns {
		boundCalls["create"+n.word] = bounded{"POST", n.list, map[string]any{n.made: "T"}, 201}
		boundCalls["update"+n.word] = bounded{"PATCH", n.list + "/{id}", map[string]any{}, 200}
	}
	boundCalls["importMedium"] = bounded{"POST", "/v1/media/import", map[string]any{}, 201}
	boundCalls["updateMedium"] = bounded{"PATCH", "/v1/media/{id}", map[string]any{}, 200}
	boundCalls["createRedirect"] = bounded{"POST", "/v1/redirects", map[string]any{"from": "/p", "to": "/q"}, 201}
}

// What references at their bound name: slugs as long as slugs can be.
var longTag, longArticle = strings.Repeat("t", 240), strings.Repeat("a", 240)

// TestEveryDocumentedBoundOfABodyIsTheServers sends every field that has a bound at that bound, which is taken, and beyond
// it, which is refused by the field's name.
func TestEveryDocumentedBoundOfABodyIsTheServers(t *testing.T) {
	if testing.Short() {
		t.Skip("long for its bodies of half a million characters")
	}
	t.Parallel()
	k := testkit.New(t)
	met := 0
	for path, item := range k.Specification().Paths.Map() {
		for method, operation := range item.Operations() {
			if operation.RequestBody == nil {
				continue
			}
			body := operation.RequestBody.Value.Content["application/json"]
			if body == nil {
				continue // a form, whose fields are those of a change
			}
			call, known := boundCalls[operation.OperationID]
			if !known || call.method != method {
				t.Errorf("%s %s takes a body and is not in boundCalls", method, path)
				continue
			}
			t.Run(operation.OperationID, func(t *testing.T) {
				met += meetBounds(t, operation.OperationID, call, body.Schema.Value)
			})
		}
	}
	if met < 80 {
		t.Errorf("only %d bounds were met", met)
	}
}

// meetBounds meets the bounds of one call in a newsroom of its own, and tells how many they are.
func meetBounds(t *testing.T, name string, call bounded, body *openapi3.Schema) int {
	t.Helper()
	b := boundTest{name: name, call: call, kit: testkit.New(t, nothingFixed)}
	if b.name == "importMedium" {
		b.call.body["url"] = picturesOnTheWeb(b.kit)
	}
	makeTag(b.kit, `{"name": "Other"}`)
	for _, n := range plainNouns {
		if n.slugged() {
			b.kit.As(cms.Editor, "POST", n.list).JSON(map[string]any{"name": "Long", "slug": longTag}).Want(201)
		}
	}
	b.kit.Draft(map[string]any{"slug": longArticle})
	b.fields(body, nil)
	return b.met
}

// grammatical are fields that no text is right for which is only as long as it may be.
var grammatical = map[string][]string{
	"createCollection": {"rule.filter", "rule.sort"},
	"updateCollection": {"rule.filter", "rule.sort"},
	"createRedirect":   {"status"}, // of the numbers some are right
	"updateRedirect":   {"status"},
	"importMedium":     {"url"}, // at which there must be something
	"updateSite":       {"locales", "locale", "time_zone", "publisher.founded", "rules.require"},
}

// boundTest meets the bounds of one call.
type boundTest struct {
	name       string
	call       bounded
	met, calls int
	kit        *testkit.Kit
}

// fields meets the bounds of an object's fields, which stand under a path.
func (b *boundTest) fields(object *openapi3.Schema, path []string) {
	for name, ref := range object.Properties {
		at := append(slices.Clone(path), name)
		schema := ref.Value
		for _, one := range schema.AllOf {
			b.fields(one.Value, at)
		}
		switch {
		case len(schema.Enum) > 0 || slices.Contains(grammatical[b.name], strings.Join(at, ".")):
		case schema.Type.Includes("string"):
			b.text(schema, at)
		case schema.Type.Includes("array"):
			b.list(schema, at)
		case schema.Type.Includes("integer"):
			b.try(at, int64(*schema.Min), int64(*schema.Min)-1)
			b.try(at, int64(*schema.Max), int64(*schema.Max)+1)
		case schema.Type.Includes("object"):
			b.fields(schema, at)
		}
	}
}

func (b *boundTest) text(schema *openapi3.Schema, at []string) {
	if schema.MaxLength != nil {
		n := int(*schema.MaxLength)
		b.try(at, b.filled(schema, at, n), b.filled(schema, at, n+1))
	}
	if schema.MinLength == 1 {
		good := "x"
		switch at[0] {
		case "into":
			good = longTag
		case "from":
			good = fmt.Sprint("/once-", b.met)
		}
		b.try(at, good, "")
	}
}

// list meets the bounds of a list and of what stands in it.
func (b *boundTest) list(schema *openapi3.Schema, at []string) {
	entries := func(n int) []any {
		list := make([]any, n)
		for i := range list {
			name := fmt.Sprintf("%s %d %d", at[len(at)-1], b.met, i)
			list[i] = name
			switch at[len(at)-1] {
			case "sections":
				list[i] = plainNouns[1].create(b.kit, name)
				continue
			case "authors":
				list[i] = map[string]any{"author": plainNouns[2].create(b.kit, name)}
				continue
			case "links":
				list[i] = map[string]any{"name": name, "url": "https://example.org/"}
				continue
			case "same_as":
				list[i] = fmt.Sprintf("https://example.org/%d", i)
				continue
			}
			switch at[len(at)-1] {
			case "slots":
				list[i] = map[string]any{"name": name, "collection": plainNouns[4].create(b.kit, name), "limit": 1}
				continue
			case "social":
				list[i] = map[string]any{"name": name, "url": "https://example.org/"}
				continue
			}
			if schema.Items.Value.Type.Includes("object") {
				list[i] = map[string]any{"title": "T", "url": fmt.Sprintf("https://example.org/%d", i)}
			}
		}
		return list
	}
	n := int(*schema.MaxItems)
	b.try(at, entries(n), entries(n+1))
	if item := schema.Items.Value; item.MaxLength != nil {
		n := int(*item.MaxLength)
		b.try(at, []any{b.filled(item, at, n)}, []any{b.filled(item, at, n+1)})
	}
}

// filled is a text of that many characters which the field takes but for its length.
func (b *boundTest) filled(schema *openapi3.Schema, at []string, n int) string {
	begin, more := fmt.Sprint(b.met), "é" // no other has this name
	switch name := at[len(at)-1]; {
	case at[0] == "paths":
		begin, more = "/"+name+"/{slug}", "s"
	case name == "from", name == "to":
		begin, more = "/"+begin, "s"
	case name == "preview_url":
		begin = "https://example.org/{token}"
	case name == "email":
		begin, more = "a@example.org", "g"
	case name == "same_as":
		begin = "https://example.org/"
	case name == "tags", name == "sections", name == "parent", name == "into", name == "home", name == "ticker":
		begin = longTag
	case name == "article_id", name == "article", name == "translation_of":
		begin = longArticle
	case name == "locale":
		begin, more = "en-x-aaaaaaaa-aaaaaaaa-aaaaaaaa-", "a"
	case name == "slug":
		more = "s"
	case b.name == "updateSite" && name == "url": // pages are below it, and percent-encoded
		begin, more = "https://example.org/", "s"
	case schema.Format == "iri":
		begin = "https://example.org/"
	}
	return begin + strings.Repeat(more, n-len(begin))
}

// try sends a value that must be taken, and one that must be refused.
func (b *boundTest) try(at []string, good, bad any) {
	b.met++
	b.kit.T.Helper()
	if r := b.send(at, good); r.Status != b.call.taken {
		b.kit.T.Errorf("%s: %s at its bound (%.60v): %d: %.300s", b.name, strings.Join(at, "."), good, r.Status, r.Body)
	}
	r := b.send(at, bad)
	pointer := ""
	if r.Status == 422 {
		pointer = r.Text("errors.0.pointer")
	}
	if want := "/" + strings.Join(at, "/"); r.Status != 422 || pointer != want && !strings.HasPrefix(pointer, want+"/") {
		b.kit.T.Errorf("%s: %s beyond its bound (%.60v): %d: %.300s", b.name, strings.Join(at, "."), bad, r.Status, r.Body)
	}
}

// send makes the call on a thing of its own, with one field set.
func (b *boundTest) send(at []string, v any) *testkit.Response {
	body := maps.Clone(b.call.body)
	switch {
	case at[0] == "article_id":
		body = map[string]any{"title": nil, "url": nil}
	case at[0] == "translation_of":
		body["locale"] = "tg"
	case at[0] == "article" && strings.HasSuffix(b.name, "CollectionItem"):
		body = map[string]any{"url": nil}
	}
	b.calls++
	if _, named := body["name"]; named {
		body["name"] = fmt.Sprint("Name ", b.calls)
	}
	if _, leads := body["from"]; leads {
		body["from"] = fmt.Sprint("/from-", b.calls)
	}
	in := body
	for _, name := range at[:len(at)-1] {
		inner := map[string]any{}
		in[name], in = inner, inner
	}
	in[at[len(at)-1]] = v
	target := b.call.path
	if strings.Contains(target, "{id}") {
		id := b.thing()
		target = replaceID(withItem(b.kit, target, id), id)
	}
	call := b.kit.As(cms.Admin, b.call.method, target).JSON(body)
	if b.call.method != "POST" || b.call.isMove() {
		call.If("*")
	}
	return call.Do()
}

// thing is the id of a new thing of the kind that the call changes.
func (b *boundTest) thing() string {
	switch {
	case strings.HasPrefix(b.call.path, "/v1/corrections/"):
		return correct(b.kit, b.kit.Published(nil).Text("id"), `{"text": "T"}`).Text("id")
	case strings.HasSuffix(b.call.path, "/corrections"):
		return b.kit.Published(nil).Text("id")
	case strings.HasPrefix(b.call.path, "/v1/articles/"):
		return b.kit.Draft(nil).Text("id")
	case strings.HasPrefix(b.call.path, "/v1/related-links/"):
		return b.kit.As(cms.Editor, "POST", articlePath(b.kit.Draft(nil).Text("id"))+"/related-links").
			JSON(`{"url": "https://example.org/", "title": "T"}`).Want(201).Text("id")
	}
	noun, ok := nounAt(b.call.path)
	if !ok {
		b.kit.T.Fatalf("it is not known what %s changes", b.name)
	}
	return noun.create(b.kit, fmt.Sprintf("Thing %p", new(int)))
}

// TestWhatIsAsLongAsItCanBeIsAnsweredWithinItsBounds reads an article that is at every bound in each way; each answer is
// held against the specification.
func TestWhatIsAsLongAsItCanBeIsAnsweredWithinItsBounds(t *testing.T) {
	if testing.Short() {
		t.Skip("long for its body of half a million characters")
	}
	t.Parallel()
	k := testkit.New(t)
	k.Draft(map[string]any{"slug": longArticle})
	tags := make([]string, cms.MaxTags)
	for i := range tags {
		tags[i] = fmt.Sprintf("%s %d", strings.Repeat("u", cms.MaxTagName-3), i)
	}
	id := k.Published(map[string]any{
		"title": strings.Repeat("u&", cms.MaxTitle/2), "tags": tags, "summary": strings.Repeat("<", cms.MaxSummary),
		"body": strings.Repeat("# u\n", cms.MaxBody/4), "kicker": strings.Repeat("\u00e9", cms.MaxKicker),
	}).Text("id")
	links := []any{map[string]any{"article_id": longArticle, "note": strings.Repeat("n", cms.MaxLinkNote)}}
	for i := 1; i < cms.MaxLinks; i++ {
		links = append(links, map[string]any{"url": fmt.Sprintf("https://example.org/%02028d", i), "title": strings.Repeat("t", cms.MaxLinkTitle)})
	}
	k.As(cms.Editor, "PUT", articlePath(id)+"/related-links").JSON(map[string]any{"data": links}).Want(200)
	k.Publish(k.As(cms.Editor, "GET", "/v1/articles/"+longArticle+"?view=draft").Want(200).Text("id"))
	r := k.Public("GET", articlePath(id)).Want(200)
	if got := len(r.List("outline")); got != cms.MaxBody/4 {
		t.Errorf("the outline has %d headings", got)
	}
	if got := len(r.List("related_links")); got != cms.MaxLinks {
		t.Errorf("there are %d links", got)
	}
	draftView(k, id)
	k.Public("GET", "/v1/articles?include=body,related_links&q=u&highlight=true&facets=tag,type,locale,month").Want(200)
	k.Public("GET", "/v1/articles?sort=title&limit=1").Want(200)
	k.Public("GET", "/v1/related-links?limit=100").Want(200)
	k.Public("GET", "/v1/suggest?q=u").Want(200)
	k.Public("GET", articlePath(id)+"/related").Want(200)
}

func TestAProblemNamesAHundredFaultsAndCountsTheOthers(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	fields := map[string]int{}
	for i := range 1000 {
		fields[fmt.Sprint("f", i)] = i
	}
	r := k.As(cms.Editor, "POST", "/v1/articles").JSON(fields).Want(422)
	if got := len(r.List("errors")); got != 100 {
		t.Errorf("%d faults are named", got)
	}
	if detail := r.Text("detail"); !strings.HasSuffix(detail, "The first 100 of 1001 faults are listed.") {
		t.Errorf("the detail is %q", detail)
	}
}

func TestABodyOfUnknownNamesIsRefusedWholeWithoutACredential(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	fields := map[string]int{}
	for i := range 80_000 {
		fields[fmt.Sprint("k", i)] = 0
	}
	r := k.Public("POST", "/v1/auth/login").JSON(fields).Want(422)
	if got := len(r.List("errors")); got != 100 || len(r.Body) > 50_000 {
		t.Errorf("%d errors in %d bytes", got, len(r.Body))
	}
	if detail := r.Text("detail"); !strings.HasSuffix(detail, "The first 100 of 80002 faults are listed.") {
		t.Errorf("the detail is %q", detail)
	}
}
