package exchange

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestFrontMatterIsFoundHoweverItIsFenced(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"---\ntitle: T\n---\nBody",
		"\ufeff---\ntitle: T\n---\nBody",
		"\n\n \n---\ntitle: T\n---\n\nBody\n",
		"---  \r\ntitle: T\r\n--- \r\nBody\r\n",
		"---\ntitle: T\n...\nBody",
		"+++\ntitle = \"T\"\n+++\nBody",
		"+++\r\ntitle = \"T\"\r\n+++\r\nBody",
		"{\n  \"title\": \"T\"\n}\n\nBody",
		"{\"title\": \"T\"} \nBody",
		"---\ntitle: T\t\t\n---\nBody",
		"---\nTITLE: T\n---\nBody",
		"---\nbase: &b {title: T}\n<<: *b\n---\nBody",
	} {
		it := article(t, "a.md", text)
		if it.Title != "T" || it.Body != "Body" {
			t.Errorf("%q: title %q, body %q", text, it.Title, it.Body)
		}
	}
}

func TestTheFirstLineOfTheTextKeepsItsIndent(t *testing.T) {
	t.Parallel()
	if it := article(t, "a.md",
		"---\ntitle: T\n---\n\n    code\n\n---\nmore\n \n"); it.Body != "    code\n\n---\nmore" {
		t.Errorf("body %q", it.Body)
	}
}

func TestBadFrontMatterIsSkippedWithReasonAndLine(t *testing.T) {
	t.Parallel()
	bomb := "---\na: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'i'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c,
			strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", c-1), 10), ","))
	}
	for _, c := range []struct {
		text   string
		line   int
		reason string
	}{
		{"# A page\n", 0, "no front matter"},
		{"", 0, "no front matter"},
		{"\n\n", 0, "no front matter"},
		{"{{< call >}}\n", 0, "no front matter"},
		{"{% include x %}\n", 0, "no front matter"},
		{"----\ntitle: T\n----\n", 0, "no front matter"},
		{"\n---\ntitle: T\n\ntext\n", 2, "front matter: no closing ---"},
		{"+++\ntitle = 1\n---\n", 1, "front matter: no closing +++"},
		{"---\ntitle: T\n[x]: 1\n---\n", 3, "front matter: yaml: a field's name must be text"},
		{"---\ntitle: T\nslug: a: b\n---\n", 3,
			"front matter: yaml: mapping values are not allowed in this context"},
		{"---\njust words\n---\n", 2, "front matter: not a table of fields"},
		{"---\na: *nobody\n---\n", 2, "front matter: yaml: unknown anchor 'nobody' referenced"},
		{"---\na: &a [*a]\n---\n", 2, "front matter: yaml: nested deeper than 64 levels"},
		{bomb + "---\n", 2, "front matter: yaml: its aliases unfold to more than 1 MiB"},
		{"---\na: " + strings.Repeat("x", maxFrontMatterBytes) + "\n---\n", 1,
			"front matter: larger than 64 KiB"},
		{"+++\ntitle = \"T\"\ntitle = \"U\"\n+++\n", 3,
			"front matter: toml: key title is already defined"},
		{"{\"title\": \"T\",\n\"slug\": }\nBody", 2,
			"front matter: json: invalid character '}' looking for beginning of value"},
		{"{\"a\": \"" + strings.Repeat("x", maxFrontMatterBytes) + "\"}\n", 1,
			"front matter: larger than 64 KiB"},
		{"{\"a\": " + strings.Repeat("[", 99) + strings.Repeat("]", 99) + "}", 1,
			"front matter: json: nested deeper than 64 levels"},
		{"---\ntitle: T\n\ndate: soon\n---\n", 4,
			"date: cannot read “soon”: use RFC 3339 or DD/MM/YYYY"},
		{"---\ntitle: T\nLastMod: 31/02/2016\n---\n", 3,
			"LastMod: cannot read “31/02/2016”: use RFC 3339 or DD/MM/YYYY"},
		{"\n+++\ntitle = \"T\"\ndate = \"x\"\n+++\n", 4,
			"date: cannot read “x”: use RFC 3339 or DD/MM/YYYY"},
		{"{\"title\": \"T\",\n \"date\": \"x\"}\n", 2,
			"date: cannot read “x”: use RFC 3339 or DD/MM/YYYY"},
		{"---\ntitle: T\ndraft: maybe\n---\n", 3, "draft: cannot read “maybe”: use true or false"},
		{"---\ntitle: T\npublished: maybe\n---\n", 3,
			"published: cannot read “maybe”: use true, false or a date as RFC 3339 or DD/MM/YYYY"},
		{"---\ntitle: T\nbody_format: rst\n---\n", 3,
			"body_format: cannot read “rst”: use markdown or html"},
	} {
		it := file(t, "a.md", c.text)
		if it.Skip != c.reason || it.Line != c.line {
			t.Errorf("%.80q:\n got  line %d: %q\n want line %d: %q", c.text, it.Line, it.Skip,
				c.line, c.reason)
		}
		if it.Key != "a.md" || it.File != "a.md" || it.Title != "" {
			t.Errorf("%.80q: key %q, file %q, title %q", c.text, it.Key, it.File, it.Title)
		}
	}
}

func TestOfAFieldThatIsThereTwiceTheLastCounts(t *testing.T) {
	t.Parallel()
	it := article(t, "a.md",
		"---\ntitle: T\nexpirydate: 2020-01-01\ntitle: U\nexpirydate: 2021-01-01\n---\nText\n")
	want := []string{"the field “title” is there twice; the last one counts",
		"the field “expirydate” is there twice; the last one counts"}
	if it.Title != "U" || !slices.Equal(it.Notes, want) {
		t.Errorf("title %q, notes %q", it.Title, it.Notes)
	}
}

func TestScalarsStandAsWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ front, want string }{
		{"---\ntitle: 1.10\n---\n", "1.10"}, {"---\ntitle: 0x10\n---\n", "0x10"},
		{"---\ntitle: Yes\n---\n", "Yes"},
		{"---\ntitle: true\n---\n", "true"}, {"---\ntitle: 2016-01-02\n---\n", "2016-01-02"},
		{"+++\ntitle = 2016\n+++\n", "2016"}, {"{\"title\": 1.10}\n", "1.10"},
	} {
		if it := article(t, "a.md", c.front); it.Title != c.want {
			t.Errorf("%q: title %q, want %q", c.front, it.Title, c.want)
		}
	}
}

func TestValuesWithoutAHomeAreCounted(t *testing.T) {
	t.Parallel()
	it := article(t, "a.md",
		"---\ntitle: T\nTitle: U\ntype: page\nlayout: post\nempty:\nnone: []\nhero: "+
			"false\nkicker: [x]\n"+
			"source: {name: S, id: 4}\nbody: b\n---\n")
	if want := []string{"body", "hero", "kicker", "layout", "source.id", "title",
		"type"}; !slices.Equal(it.Ignored, want) {
		t.Errorf("ignored %q, want %q", it.Ignored, want)
	}
	if it.Title != "U" || it.Source.Name != "S" || it.Body != "" || it.Type != "" {
		t.Errorf("title %q, source %q, body %q, type %q", it.Title, it.Source.Name, it.Body,
			it.Type)
	}
}
