package exchange

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// lines reads lines of JSON with a mapping as people write it.
func lines(t *testing.T, mapping, text string) []Item {
	t.Helper()
	m, err := ParseMapping(mapping)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(JSONL(strings.NewReader(text), "x.jsonl", Options{Mapping: m}))
}

// line reads one line that must be an article.
func line(t *testing.T, mapping, text string) Item {
	t.Helper()
	items := lines(t, mapping, text)
	if len(items) != 1 || items[0].Skip != "" {
		t.Fatalf("%s: %+v, want one article", text, items)
	}
	return items[0]
}

func TestALineWithoutAMappingHasOurOwnNames(t *testing.T) {
	t.Parallel()
	got := line(t, "",
		`{"id": 7, "url": "https://x.example/7", "title": "T &amp; U", "slug": "s", `+
			`"body": "\na\nb \n", `+
			`"tags": "local news, x", "publishedAt": "2016-11-29", "updated_at": 1480000000, `+
			`"byline": "Ann", "status": "live", `+
			`"source": {"name": "S", "url": "https://s.example/"}, `+
			`"extra": {"n": 1, "f": 1.5, "b": true, "z": null, "l": ["\u0000x"]}, `+
			`"related_links": [{"url": "https://r.example/"}], "aliases": "/old", "other": 0}`)
	want := Item{
		Key: "7", File: "x.jsonl", Line: 1, Title: "T & U", Slug: "s", Body: "\na\nb \n",
		BodyFormat: "markdown",
		Byline:     "Ann", Status: "live", Source: Source{Name: "S", URL: "https://s.example/"},
		Extra: map[string]any{"n": int64(1), "f": 1.5, "b": true, "z": nil, "l": []any{"x"}},
		Tags:  []string{"local news", "x"}, Aliases: []string{"/old"},
		Links:       []Link{{URL: "https://r.example/"}},
		PublishedAt: at("2016-11-29T00:00:00Z"), UpdatedAt: at("2016-11-24T15:06:40Z"),
		Ignored: []string{"other", "url"}, Notes: []string{"1 control character removed"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestAMappedFieldHasItsPlaceAndNothingElse(t *testing.T) {
	t.Parallel()
	const text = `{"title": "own", "headline": {"main": "H", "print": "P"},
"description": "d", "abstract": "", "date": "01/02/2016",
"a.b": "dotted", "a": {"b": "inner"}, "src": "S", "source": {"url": "https://s.example/"},
"url": "u", "docno": 9}`
	mapping := "title=headline.main,summary=abstract,updated_at=date,kicker=a.b," +
		"source.name=src,extra.no=docno,slug=url"
	it := line(t, mapping, strings.ReplaceAll(text, "\n", " "))
	if it.Title != "H" || it.Summary != "" || it.Kicker != "dotted" || it.Slug != "u" ||
		it.Key != "u" {
		t.Errorf("title %q, summary %q, kicker %q, slug %q, key %q", it.Title, it.Summary,
			it.Kicker, it.Slug, it.Key)
	}
	if it.PublishedAt != nil || stamp(it.UpdatedAt) != "2016-02-01T00:00:00Z" {
		t.Errorf("published %s, updated %s: the date was mapped away", stamp(it.PublishedAt),
			stamp(it.UpdatedAt))
	}
	if want := (Source{Name: "S", URL: "https://s.example/"}); it.Source != want {
		t.Errorf("source %+v, want %+v", it.Source, want)
	}
	if want := map[string]any{"no": int64(9)}; !reflect.DeepEqual(it.Extra, want) {
		t.Errorf("extra %v, want %v", it.Extra, want)
	}
	if it.Meta.Description != "d" {
		t.Errorf("meta description %q: nothing else takes the description", it.Meta.Description)
	}
	if want := []string{"headline.print", "title"}; !slices.Equal(it.Ignored, want) {
		t.Errorf("ignored %q, want %q", it.Ignored, want)
	}
}

func TestATakenNameStaysOurOwn(t *testing.T) {
	t.Parallel()
	it := line(t, "meta.description=summary,source.name=author",
		`{"title": "T", "summary": "s", "author": "Ann"}`)
	if it.Summary != "s" || it.Meta.Description != "s" || it.Source.Name != "Ann" ||
		it.Byline != "" || it.Ignored != nil {
		t.Errorf("%+v", it)
	}
}

func TestBodiesTellTheirFormat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ mapping, fields, body, format string }{
		{"", `"body": "b"`, "b", "markdown"},
		{"", `"content": "b"`, "b", "markdown"},
		{"", `"html": "<p>b"`, "<p>b", "html"},
		{"", `"body": "b", "body_html": "<p>b"`, "b", "markdown"},
		{"", `"body": "b", "body_format": "html"`, "b", "html"},
		{"", `"text": "b"`, "", "markdown"},
		{"body=text", `"text": "b\nc", "content": "other"`, "b\nc", "markdown"},
		{"body_html=text", `"text": "b"`, "b", "html"},
	} {
		it := line(t, c.mapping, `{"title": "T", `+c.fields+`}`)
		if it.Body != c.body || it.BodyFormat != c.format {
			t.Errorf("%s %s: body %q, format %q", c.mapping, c.fields, it.Body, it.BodyFormat)
		}
	}
}

func TestABadLineIsSkippedAndTheNextIsRead(t *testing.T) {
	t.Parallel()
	text := "\ufeff{\"title\": \"a\"}\r\n\n  \n" +
		"{\"title\": \n" +
		"[{\"title\": \"b\"}]\n" +
		"\"words\"\nnull\n" +
		"{\"title\": \"b\"} {}\n" +
		"{\"title\": \"\xff\"}\n" +
		"{\"title\": \" \"}\n" +
		"{\"title\": \"b\", \"date\": \"soon\"}\n" +
		"{\"title\": \"b\", \"x\": " + strings.Repeat("[", 70) + strings.Repeat("]", 70) + "}\n" +
		"{\"id\": \"k\", \"title\": \"b\"}\n{\"url\": \"k\", \"title\": \"c\"}\n" +
		"{\"title\": \"last\"}"
	var got []string
	for _, it := range lines(t, "", text) {
		got = append(got, fmt.Sprintf("%d %s%s", it.Line, it.Title, it.Skip))
	}
	want := []string{
		"1 a", "4 not JSON: unexpected EOF",
		"5 a JSON list, not an object: put each object on a line of its own",
		"6 not a JSON object", "7 not a JSON object", "8 more than one JSON value on the line",
		"9 not valid UTF-8",
		"10 no title", "11 date: cannot read “soon”: use RFC 3339 or DD/MM/YYYY",
		"12 nested deeper than 64 levels",
		"13 b", "14 the article “k” is already on line 13", "15 last",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestALineTooLongIsSkippedAndTheNextIsRead(t *testing.T) {
	t.Parallel()
	fits := `{"title":"` + strings.Repeat("x", maxItemBytes-13) + "\"}\n"
	if len(fits) != maxItemBytes {
		t.Fatalf("the case is wrong: %d bytes", len(fits))
	}
	items := lines(t, "", fits+" "+fits+`{"title": "b"}`+"\n"+strings.Repeat(" ", maxItemBytes+1))
	if len(items) != 4 {
		t.Fatalf("%d items, want 4", len(items))
	}
	if items[0].Skip != "" || items[1].Skip != errTooLong.Error() || items[1].Line != 2 {
		t.Errorf("first %q, second %q on line %d", items[0].Skip, items[1].Skip, items[1].Line)
	}
	if items[2].Title != "b" || items[2].Line != 3 || items[3].Skip != errTooLong.Error() {
		t.Errorf("third %q on line %d, fourth %q", items[2].Title, items[2].Line, items[3].Skip)
	}
}

func TestWhereReadingFailsTheLastItemSaysSo(t *testing.T) {
	t.Parallel()
	in := io.MultiReader(strings.NewReader("{\"title\": \"a\"}\n{\"ti"),
		iotest.ErrReader(errors.New("disk on fire")))
	items := slices.Collect(JSONL(in, "x.jsonl", Options{}))
	if len(items) != 2 || items[0].Title != "a" ||
		items[1].Skip != "cannot be read: disk on fire" || items[1].Line != 2 {
		t.Errorf("%+v", items)
	}
}

func TestAnArticleWithoutIdOrURLIsKnownByTitleAndDate(t *testing.T) {
	t.Parallel()
	key := func(text string) string { return line(t, "", text).Key }
	first := key(`{"title": "a", "date": "2016-01-02", "body": "x"}`)
	if !strings.HasPrefix(first, "sha256:") || len(first) != len("sha256:")+32 {
		t.Errorf("key %q", first)
	}
	if again := key(`{"title": "a", "date": "02/01/2016", "body": "changed"}`); again != first {
		t.Errorf("another body gave another key: %q and %q", first, again)
	}
	for _, other := range []string{`{"title": "b", "date": "2016-01-02"}`, `{"title": "a"}`} {
		if key(other) == first {
			t.Errorf("%s has the same key", other)
		}
	}
	if got := line(t, "id=guid",
		`{"guid": "g", "id": 1, "url": "u", "title": "a"}`); got.Key != "g" {
		t.Errorf("mapped id: key %q", got.Key)
	}
}

func TestABodyThatIsNoTextIsNoArticle(t *testing.T) {
	t.Parallel()
	lines := `{"id": "a", "title": "A", "body": {"html": "<p>b"}}` + "\n" +
		`{"id": "b", "title": "B", "body": ["p"]}` + "\n" + `{"id": "c", "title": "C"}` + "\n"
	var skips []string
	for it := range JSONL(strings.NewReader(lines), "f", Options{}) {
		skips = append(skips, it.Skip)
	}
	if want := []string{"body: a list or an object; want a text",
		"body: a list or an object; want a text", ""}; !slices.Equal(skips, want) {
		t.Errorf("%q", skips)
	}
}

func TestFrontMatterInAnObjectIsRead(t *testing.T) {
	t.Parallel()
	line := `{"file": "a.md", "front_matter": {"title": "A", "date": "2024-03-01", "topics": ["x"],` +
		` "body": "not this"}, "body": "Words."}`
	for it := range JSONL(strings.NewReader(line), "a.jsonl", Options{}) {
		if it.Title != "A" || it.Body != "Words." || it.PublishedAt == nil || len(it.Tags) != 1 {
			t.Errorf("read is %+v", it)
		}
	}
}
