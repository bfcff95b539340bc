package api_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// blocksBody is a body with a block of every type but those of media.
const blocksBody = "One *two*[^1]\n\n## Costs\n\n> three\n\n:::factbox{title=T}\nfour\n:::\n\n" +
	"2. five\n\n![six](https://example.org/six.png \"seven\")\n\n" +
	":::gallery{caption=eight}\n![nine](/nine.png)\n:::\n\n" +
	"::embed{url=\"https://youtu.be/a\" title=\"ten\"}\n\n|a|\n|-|\n|b|\n\n```go\nc\n```\n\n---\n\n" +
	"end\n\n[^1]: note"

// typesOf returns the types of blocks in order.
func typesOf(blocks []any) []string {
	types := []string{}
	for _, b := range blocks {
		types = append(types, b.(map[string]any)["type"].(string))
	}
	return types
}

func TestABodyComesInBlocksWhereTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	in, _ := json.Marshal(map[string]any{"title": "Blocks", "body": blocksBody})
	id := k.As(cms.Editor, "POST", "/v1/articles").JSON(string(in)).Want(201).Text("id")
	k.As(cms.Editor, "POST", articlePath(id)+"/publish").If("*").Want(200)
	want := strings.Fields("paragraph heading quote aside list paragraph gallery embed table code " +
		"divider paragraph footnotes")
	want[5] = "image"
	for _, target := range []string{
		"/v1/articles/blocks?include=blocks", "/v1/articles/blocks?fields=blocks",
		"/v1/articles/blocks?fields=id&include=blocks",
		articlePath(id) + "?view=draft&include=blocks,collections",
	} {
		r := k.As(cms.Editor, "GET", target).Want(200)
		if got := typesOf(r.List("blocks")); !slices.Equal(got, want) {
			t.Errorf("%s has the blocks %v", target, got)
		}
	}
	if r := k.Public("GET", "/v1/articles/blocks").Want(200); r.Object()["blocks"] != nil {
		t.Error("an article has blocks that nobody asked for")
	}
	for _, c := range []struct {
		target string
		html   bool
	}{
		{"/v1/articles?include=blocks", false},
		{"/v1/articles?include=blocks,body", true},
		{"/v1/articles?fields=id,blocks", false},
		{"/v1/articles?fields=blocks,body_html&view=draft", true},
	} {
		row := k.As(cms.Editor, "GET", c.target).Want(200).List("data")[0].(map[string]any)
		if got := typesOf(row["blocks"].([]any)); !slices.Equal(got, want) {
			t.Errorf("%s has the blocks %v", c.target, got)
		}
		if _, html := row["body_html"]; html != c.html {
			t.Errorf("%s: body_html: %t", c.target, html)
		}
	}
}

func TestBlocksHaveTheFieldsOfTheirType(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	picture, sound := k.UploadPicture(1), k.Upload("s.wav", testkit.Sound(), nil)
	in, _ := json.Marshal(map[string]any{"title": "Blocks", "body": blocksBody +
		"\n\n![](media:" + picture + " \"c\")\n\n![](media:" + sound + ")\n"})
	k.As(cms.Editor, "POST", "/v1/articles").JSON(string(in)).Want(201)
	r := k.As(cms.Editor, "GET", "/v1/articles/blocks?view=draft&include=blocks").Want(200)
	want := map[string]string{
		"paragraph": "text", "heading": "id level text", "quote": "blocks", "aside": "blocks kind title",
		"list": "items ordered start", "image": "alt caption href url", "gallery": "caption items",
		"embed": "caption provider src title url", "table": "align head rows",
		"code": "language text", "divider": "", "footnotes": "items", "audio": "caption medium",
	}
	seen := map[string]bool{}
	for _, b := range r.List("blocks") {
		fields := []string{}
		block := b.(map[string]any)
		for name := range block {
			if name != "type" {
				fields = append(fields, name)
			}
		}
		slices.Sort(fields)
		kind := block["type"].(string)
		seen[kind] = true
		if got := strings.Join(fields, " "); got != want[kind] &&
			!(kind == "image" && got == "alt caption href image") {
			t.Errorf("%s has %s", kind, got)
		}
	}
	if len(seen) != len(want) {
		t.Errorf("there are blocks of the types %v", seen)
	}
	for path, want := range map[string]any{
		"blocks.0.text.1":         map[string]any{"text": "two", "marks": []any{"em"}, "href": nil},
		"blocks.4.items.0.0.type": "paragraph", "blocks.6.items.0.type": "image",
		"blocks.5.url": "https://example.org/six.png", "blocks.5.caption": []any{},
	} {
		if got := r.Field(path); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v", path, got)
		}
	}
}
