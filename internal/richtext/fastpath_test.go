package richtext

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/internal/corpora"
)

// fatalReporter is the part of a test, a fuzz run or a property that a comparison needs.
type fatalReporter interface {
	Helper()
	Fatalf(string, ...any)
}

// compareFastPaths compares the fast ways to read a source with the full ones, and reports which
// were taken.
func compareFastPaths(t fatalReporter, source string) (markdown, tags bool) {
	t.Helper()
	return compareMarkdown(t, source), compareTokens(t, source)
}

// compareMarkdown compares Markdown parsed without bare links with the same parsed with them.
func compareMarkdown(t fatalReporter, source string) (quick bool) {
	t.Helper()
	if tooComplex(source) {
		return false
	}
	text := []byte(source)
	document, _, ok := parseWithoutLinkify(source, text)
	if !ok {
		return false
	}
	var a, b bytes.Buffer
	if err := withoutLinkify.Renderer().Render(&a, text, document); err != nil {
		t.Fatalf("%v", err)
	}
	document, _ = parse(withLinkify, text)
	if err := withLinkify.Renderer().Render(&b, text, document); err != nil {
		t.Fatalf("%v", err)
	}
	if a.String() != b.String() {
		t.Fatalf("%.3000q\nis %.3000q\nand, where links are looked for, %.3000q", source,
			a.String(), b.String())
	}
	return true
}

// compareTokens compares the tokens of tokenReader with those of html.Tokenizer.
func compareTokens(t fatalReporter, source string) (quick bool) {
	t.Helper()
	some, all := newTokenReader(source), html.NewTokenizer(strings.NewReader(source))
	for {
		kind, data, attrs := some.next()
		whole := tokenOf(all)
		if kind == html.SelfClosingTagToken {
			kind = html.StartTagToken
		}
		if kind != whole.Type || data != whole.Data || !slices.Equal(attrs, whole.Attr) &&
			len(attrs)+len(whole.Attr) > 0 && kind == html.StartTagToken {
			t.Fatalf("%.3000q: %v %q %q is read, by the tokenizer %v %q %q", source, kind, data,
				attrs, whole.Type, whole.Data, whole.Attr)
		}
		if kind == html.ErrorToken {
			return some.tokenizer == nil
		}
	}
}

func tokenOf(z *html.Tokenizer) html.Token {
	z.Next()
	token := z.Token()
	if token.Type == html.SelfClosingTagToken {
		token.Type = html.StartTagToken
	}
	return token
}

// readFiles returns the files of a folder of real content.
func readFiles(t *testing.T, folder string, endings ...string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || len(endings) > 0 &&
			!slices.Contains(endings, filepath.Ext(path)) {
			return err
		}
		raw, err := os.ReadFile(path)
		all = append(all, string(raw))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// count returns 1 for true and 0 for false.
func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

// stringsIn returns the strings in a line of JSON; none if it is something else.
func stringsIn(line string) (found []string) {
	var value any
	if json.Unmarshal([]byte(line), &value) != nil {
		return nil
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			found = append(found, v)
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				walk(v[key])
			}
		}
	}
	walk(value)
	return found
}

func TestFastPathsReadWhatTheFullOnesDo(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"jekyll-18f", "zola-rustblog", "arabic-antcorpus", "wxr-wordpress-importer",
		"wxr-theme-test-data", "ghost-golden",
		"hostile-bluemonday", "hostile-dompurify", "hostile-blns", "hostile-payloads",
		"hostile-urls", "commonmark-spec",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			quick, lines := 0, 0
			for _, body := range readFiles(t, corpora.Path(t, name)) {
				for line := range strings.Lines(cleanText(body)) {
					if lines++; lines > 1000 && lines%10 != 0 {
						continue
					}
					for _, source := range append(stringsIn(line), line) {
						source = cleanText(source)
						markdown, tags := compareFastPaths(t, source)
						quick += count(markdown) + count(tags)
						unsafe, _ := markdownToHTML(source)
						compareTokens(t, unsafe)
					}
				}
			}
			if quick == 0 {
				t.Error("nothing was read quickly, so nothing was compared")
			}
		})
	}
}

// htmlScraps are what a body may be broken into, well written and not.
var htmlScraps = []string{
	"words", " ", "\n", "&amp;", "&lt;", "&#39;", "&#34;", "&nbsp;", "&", "&amp", ">", `"`, "'",
	"<", "</", "<!--", "-->", "<![CDATA[", "\x00", "\r",
	"<script>", "</script>", "<svg>", "<math>", "<style>", "<p", "</p >", "<p/>", "<br/>", "<P>",
	"<a>", `<a href="https://example.org/">`,
	`<a href="javascript:alert(1)">`, `<a href="/x" title="y">`, `<a href='x'>`, `<a  href="x">`,
	`<a href="x" >`, `<a href="x"onclick="y">`,
	`<a href="x" href="y">`, `<a onclick="x">`, `<img src="/x.png" alt="a &lt; b">`,
	`<img src="data:x">`, `<img alt="">`, `<img src="x" width="1">`,
	`<li id="fn-1">`, `<li id="x">`, `<sup id="fnref-1">`, `<ol start="3">`, `<ol reversed="">`,
	`<p dir="rtl" lang="ar">`, `<p dir="x">`, `<td align="left">`,
	`<template>`, `<select>`, `<button>`, `<nobr>`, `<font>`, `<form>`, `<body>`, `<html>`,
	`<head>`, `<frameset>`, `<textarea>`, `<title>`, `<plaintext>`,
}

// markdownScraps are what Markdown is made of, and what begins bare links.
var markdownScraps = []string{
	"word", "two words", " ", "  ", "\t", "\n", "\n\n", "*", "_", "**", "~", "~~", "`", "(", ")", "[", "]", "](", "](http://a.example/)", "[a](https://b.example/c)",
	"![i](/x.png)", "http://c.example/d", "https:", "ftp://e.example", "www.f.example", "g@h.example", "<https://i.example>", "<b>", "</b>", "\\", "&amp;", "# ", "- ", "1. ",
	"> ", "    ", "|", "|-|\n", "[^1]", "[^1]: note", "[x]: https://j.example/", "- [ ] ", "```\n", "é", "。", "\u00a0", "---\n", "<!-- -->", `<a href="/x" title="y">`, "<p>",
}

func TestFastPathsAgreeOnAnyScraps(t *testing.T) {
	t.Parallel()
	quick := 0
	rapid.Check(t, func(t *rapid.T) {
		source := strings.Join(rapid.SliceOfN(rapid.SampledFrom(slices.Concat(markdownScraps,
			htmlScraps)), 1, 20).Draw(t, "marks"), "")
		markdown, tags := compareFastPaths(t, cleanText(source))
		quick += count(markdown) + count(tags)
	})
	if quick == 0 {
		t.Error("nothing was read quickly, so nothing was compared")
	}
}

func FuzzFastPath(f *testing.F) {
	for _, s := range slices.Concat(markdownScraps, htmlScraps) {
		f.Add(s)
		f.Add("words " + s + " \nwords")
		f.Add("<p>" + s + "</p>")
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) < 20_000 {
			compareFastPaths(t, cleanText(s))
		}
	})
}
