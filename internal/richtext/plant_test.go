package richtext

import (
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

// fataler is what a comparison needs of a test, a fuzz run or a property.
type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

// comparePlanted holds what is planted without the sanitiser to what the sanitiser and the parser make of the same.
func comparePlanted(t fataler, shaped string) (planted bool) {
	t.Helper()
	quick, ok := plant(shaped)
	if !ok {
		return false
	}
	if safe := rules.Sanitize(shaped); safe != shaped {
		t.Fatalf("the sanitiser makes %q of %q, which was planted", safe, shaped)
	}
	slow := purify(shaped)
	if a, b := outline(quick), outline(slow); a != b {
		same := 0
		for same < min(len(a), len(b)) && a[same] == b[same] {
			same++
		}
		t.Fatalf("%.3000q\nis planted as … %.500s\nand parsed as … %.500s", shaped, a[max(same-200, 0):], b[max(same-200, 0):])
	}
	if a, b := write(quick, 0), write(slow, 0); a != b {
		t.Fatalf("%q\nplanted is written %q\nand parsed %q", shaped, a, b)
	}
	return true
}

// outline tells a tree apart from every other.
func outline(n *html.Node) string {
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		said, _ := json.Marshal([]any{n.Type, n.Data, n.DataAtom, n.Namespace, n.Attr})
		b.Write(said)
		b.WriteByte('(')
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		b.WriteByte(')')
	}
	walk(n)
	return b.String()
}

// bodies are the files of a folder of real content.
func bodies(t *testing.T, folder string, endings ...string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || len(endings) > 0 && !slices.Contains(endings, filepath.Ext(path)) {
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

func TestWhatIsPlantedIsWhatTheSanitiserLeaves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		corpus, ending string
		every          int // one of so many lines is looked at by itself
		least          int // how many of a hundred bodies are planted at least
	}{
		{"jekyll-18f", ".md", 20, 60}, {"zola-rustblog", ".md", 20, 60}, {"jsonl-digitalgov", ".jsonl", 20, 0},
		{"arabic-antcorpus", ".jsonl", 20, 0}, {"wxr-wordpress-importer", "", 5, 0}, {"wxr-theme-test-data", "", 1, 0},
		{"ghost-golden", "", 1, 0}, {"hostile-bluemonday", "", 1, 0}, {"hostile-dompurify", "", 1, 0}, {"hostile-blns", "", 1, 0},
		{"hostile-payloads", "", 2, 0}, {"hostile-urls", "", 2, 0}, {"commonmark-spec", "", 1, 0},
	} {
		t.Run(c.corpus, func(t *testing.T) {
			t.Parallel()
			endings := []string{c.ending}
			if c.ending == "" {
				endings = nil
			}
			bodies, planted, whole, lines := bodies(t, corpora.Path(t, c.corpus), endings...), 0, 0, 0
			for _, body := range bodies {
				whole += count(comparePlanted(t, shape(convert(clean(body)))))
				for line := range strings.Lines(body) {
					if lines++; lines%c.every != 0 {
						continue
					}
					for _, source := range append(stringsIn(line), line) {
						planted += count(comparePlanted(t, shape(clean(source)))) + count(comparePlanted(t, shape(convert(clean(source)))))
						comparePlanted(t, source)
					}
				}
			}
			if planted == 0 || whole*100 < c.least*len(bodies) {
				t.Errorf("%d lines and %d of %d bodies were planted", planted, whole, len(bodies))
			}
		})
	}
}

// count is 1 if something is so.
func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

// stringsIn are the strings of a line of JSON; none if it is something else.
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

// scraps are what a body may be broken into, well written and not.
var scraps = []string{
	"words", " ", "\n", "&amp;", "&lt;", "&#39;", "&#34;", "&nbsp;", "&", "&amp", ">", `"`, "'", "<", "</", "<!--", "-->", "<![CDATA[", "\x00", "\r",
	"<script>", "</script>", "<svg>", "<math>", "<style>", "<p", "</p >", "<p/>", "<br/>", "<P>", "<a>", `<a href="https://example.org/">`,
	`<a href="javascript:alert(1)">`, `<a href="/x" title="y">`, `<a href='x'>`, `<a  href="x">`, `<a href="x" >`, `<a href="x"onclick="y">`,
	`<a href="x" href="y">`, `<a onclick="x">`, `<img src="/x.png" alt="a &lt; b">`, `<img src="data:x">`, `<img alt="">`, `<img src="x" width="1">`,
	`<li id="fn-1">`, `<li id="x">`, `<sup id="fnref-1">`, `<ol start="3">`, `<ol reversed="">`, `<p dir="rtl" lang="ar">`, `<p dir="x">`, `<td align="left">`,
	`<template>`, `<select>`, `<button>`, `<nobr>`, `<font>`, `<form>`, `<body>`, `<html>`, `<head>`, `<frameset>`, `<textarea>`, `<title>`, `<plaintext>`,
}

// drawBody draws a body: elements in elements, with scraps between and, now and then, in place of what belongs there.
func drawBody(t *rapid.T, depth int) string {
	names := slices.Sorted(maps.Keys(elements))
	var b strings.Builder
	for range rapid.IntRange(0, 4).Draw(t, "children") {
		kind := rapid.IntRange(0, 9).Draw(t, "kind")
		name := rapid.SampledFrom(names).Draw(t, "name")
		switch {
		case kind < 3 || depth > 5:
			b.WriteString(rapid.SampledFrom(scraps[:7]).Draw(t, "text"))
		case kind == 3:
			b.WriteString(rapid.SampledFrom(scraps).Draw(t, "scrap"))
		case elements[name] == void || elements[name] == rule:
			b.WriteString("<" + name + ">")
		case kind == 4:
			b.WriteString("<ul><li>" + drawBody(t, depth+1) + "</li>" + drawBody(t, depth+1) + "</ul>")
		case kind == 5:
			b.WriteString(`<a href="https://example.org/">` + drawBody(t, depth+1) + "</a>")
		default:
			b.WriteString("<" + name + ">" + drawBody(t, depth+1) + "</" + name + ">")
		}
	}
	return b.String()
}

func TestNothingIsPlantedThatTheSanitiserWouldTouch(t *testing.T) {
	t.Parallel()
	planted := 0
	rapid.Check(t, func(t *rapid.T) {
		body := drawBody(t, 0)
		planted += count(len(body) > 40 && comparePlanted(t, body))
		comparePlanted(t, shape(clean(body)))
		comparePlanted(t, shape(convert(clean(body))))
	})
	if planted == 0 {
		t.Error("nothing was planted, so nothing was compared")
	}
}

// Every element is put into every other, and those into every third, with words between.
func TestElementsArePlantedWhereABrowserWouldLeaveThem(t *testing.T) {
	t.Parallel()
	names := slices.Sorted(maps.Keys(elements))
	tagged := func(name, inside string) string {
		switch {
		case elements[name] == void || elements[name] == rule:
			return "<" + name + ">"
		case name == "a":
			return `<a href="/">` + inside + "</a>"
		}
		return "<" + name + ">" + inside + "</" + name + ">"
	}
	planted := 0
	for _, outer := range names {
		for _, inner := range names {
			planted += count(comparePlanted(t, tagged(outer, "w")+tagged(inner, "w")))
			for _, last := range names {
				planted += count(comparePlanted(t, tagged(outer, "v"+tagged(inner, tagged(last, "w")+"x")+"y")+"z"))
			}
		}
	}
	if planted < 10_000 {
		t.Errorf("only %d were planted", planted)
	}
}

func FuzzPlant(f *testing.F) {
	for _, s := range scraps {
		f.Add(s)
		f.Add("<p>" + s + "</p>")
	}
	f.Fuzz(func(t *testing.T, s string) {
		comparePlanted(t, s)
		comparePlanted(t, shape(clean(s)))
		comparePlanted(t, shape(convert(clean(s))))
	})
}
