package exchange

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

// sound holds an item to what every item must be, whatever it was read from.
func sound(t *testing.T, it Item) {
	t.Helper()
	if (it.Skip == "") == (it.Title == "") {
		t.Errorf("%s, line %d: title %q and reason %q", it.File, it.Line, it.Title, it.Skip)
	}
	if it.Skip == "" && (it.Key == "" || it.BodyFormat != "markdown" && it.BodyFormat != "html") {
		t.Errorf("%s, line %d: key %q, body format %q", it.File, it.Line, it.Key, it.BodyFormat)
	}
	texts := []string{
		it.Key, it.File, it.Title, it.Slug, it.Type, it.Locale, it.Kicker, it.Summary, it.Body,
		it.Dateline, it.Byline,
		it.CanonicalURL, it.Source.Name, it.Source.URL, it.Source.License, it.Meta.Title,
		it.Meta.Description, it.Status,
		it.Skip,
	}
	extra, err := json.Marshal(it.Extra)
	if err != nil {
		t.Errorf("extra is not for JSON: %v", err)
	}
	texts = append(texts, string(extra))
	for _, link := range it.Links {
		texts = append(texts, link.Rel, link.Title, link.URL, link.Source, link.Note, link.Article)
	}
	for _, s := range slices.Concat(texts, it.Tags, it.Aliases, it.Ignored, it.Notes) {
		if !utf8.ValidString(s) || strings.IndexFunc(s, isControl) >= 0 {
			t.Errorf("%s, line %d: %q is not clean text", it.File, it.Line, s)
		}
	}
	if strings.Contains(string(extra), `\u0000`) {
		t.Errorf("extra holds U+0000: %s", extra)
	}
	for _, tag := range it.Tags {
		if tag == "" {
			t.Errorf("an empty tag among %q", it.Tags)
		}
	}
	if p := it.PublishedAt; p != nil && (p.Year() < 1 || p.Year() > 9999 || p.Nanosecond() != 0) {
		t.Errorf("published at %s", p)
	}
}

func FuzzFrontMatter(f *testing.F) {
	for _, seed := range []string{
		"---\ntitle: T\ntags: [a, {name: b}]\ndate: 2016-01-02\nextra: {a: .nan, b: 0x1f, c: " +
			"2016-01-02T00:00:00Z}\n---\nx",
		"+++\ntitle = \"T\"\npath = \"a/2016/01/02/b\"\nd = 1979-05-27T07:32:00\nt = " +
			"07:32:00\n[extra]\nn = inf\n+++\n",
		"{\"title\": \"T\", \"extra\": {\"a\": [1e999, -0]}}\nx",
		"---\na: &a [*a]\n<<: [{b: 1}]\n? [k]\n: v\n---\n",
		"---\nsource: !!binary aGk=\nrelated_links: [{url: x}, y]\ntitle: " +
			"\"\\0\\x85&#1;\"\n---\n# H\n", "\n\n---\n---\n",
	} {
		f.Add("2016-01-02-a.ar.md", seed)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		if name == "" || strings.ContainsAny(name, "/\\") || name[0] == '.' || !isMarkdown(name) {
			name = "a.md"
		}
		items := slices.Collect(Markdown(fstest.MapFS{name: {Data: []byte(text)}}, Options{}))
		if len(items) != 1 {
			t.Fatalf("%d items", len(items))
		}
		sound(t, items[0])
	})
}

func FuzzJSONLine(f *testing.F) {
	f.Add("body=text,tags=cat",
		`{"title": "T", "text": "a\u0000\nb", "cat": ["x", 1, null, {"name": "y"}], "\u0001": 1}`)
	f.Add("title=a.b,extra.x=a,source.name=source",
		`{"a": {"b": "T", "c.d": 1e400}, "source": "S", "date": 1480000000}`)
	f.Add("",
		`{"title": "<b>&#0;</b>x", "published": "29/11/2016", "extra": {"\ud800": [[]]}, "id": {}}`)
	f.Fuzz(func(t *testing.T, mapping, line string) {
		m, err := ParseMapping(mapping)
		if err != nil {
			m = nil
		}
		for it := range JSONL(strings.NewReader(line), "x.jsonl", Options{Mapping: m}) {
			sound(t, it)
		}
	})
}
