package richtext_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/richtext"
)

// warned returns the warnings of a source, as "element: detail" in their order.
func warned(source string) string {
	var list []string
	for _, w := range richtext.Markdown(source, "").Warnings {
		list = append(list, fmt.Sprintf("%d %s: %s", w.Count, w.Element, w.Detail))
	}
	return strings.Join(list, "; ")
}

func TestCommentsOfKramdownAreRemovedAndNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"in a line", "Public {::comment}source: Jane Doe{:/comment} text",
			"<p>Public  text</p>"},
		{"the short end", "Public {::comment}Jane{:/} text", "<p>Public  text</p>"},
		{"over two lines", "Public {::comment}Jane\nDoe *a{:/comment} text*",
			"<p>Public  text*</p>"},
		{"a paragraph of its own", "a\n\n{::comment}Jane Doe{:/comment}\n\nb",
			"<p>a</p>\n<p>b</p>"},
		{"in bare links", "{::comment}https://jane.example{:/comment} http://a.example",
			`<p> <a href="http://a.example">http://a.example</a></p>`},
		{"behind a bare link", "http://a.example/b{::comment}Jane{:/comment}",
			`<p><a href="http://a.example/b">http://a.example/b</a></p>`},
		{"in a heading", "## A {::comment}Jane{:/comment}", `<h2 id="a">A </h2>`},
		{"a block", "a\n{::comment}\nJane\n\nDoe\n{:/comment}\nb", "<p>a</p>\n<p>b</p>"},
		{"a block in a quotation", "> {::comment}\n> Jane\n> {:/}\n> a",
			"<blockquote>\n<p>a</p>\n</blockquote>"},
		{"a block ends behind its words", "{::comment}\nJane{:/comment}\na", "<p>a</p>"},
	} {
		if got := richtext.Markdown(c.in, "").HTML; got != c.want {
			t.Errorf("%s: got  %s\nwant %s", c.name, got, c.want)
		}
		if got := warned(c.in); got != "1 comment: with its content" {
			t.Errorf("%s: warnings %q", c.name, got)
		}
		checkAll(t, c.in)
	}
}

func TestACommentWithoutAnEndIsText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"a block", "a\n\n{::comment}\nb\n\nc", "<p>a</p>\n<p>{::comment}\nb</p>\n<p>c</p>"},
		{"a line", "a {::comment} b\n\nc", "<p>a {::comment} b</p>\n<p>c</p>"},
		{"in a quotation", "> {::comment}\n> b\n\nc\n\n{:/comment}",
			"<blockquote>\n<p>{::comment}\nb</p>\n</blockquote>\n<p>c</p>\n<p>{:/comment}</p>"},
		{"before another", "{::comment}\nb\n\n{::comment}\nJane\n{:/comment}\n\nc",
			"<p>{::comment}\nb</p>\n<p>c</p>"},
		{"before one in a line", "{::comment}\nb\n\nc {::comment}Jane{:/comment}",
			"<p>{::comment}\nb</p>\n<p>c </p>"},
	} {
		if got := richtext.Markdown(c.in, "").HTML; got != c.want {
			t.Errorf("%s: got  %s\nwant %s", c.name, got, c.want)
		}
		checkAll(t, c.in)
	}
}

func TestOnlyAListBesideItIsATableOfContents(t *testing.T) {
	t.Parallel()
	steps := "<ol>\n<li>step one</li>\n<li>step two</li>\n</ol>"
	for _, c := range []struct{ in, want, warnings string }{
		{"{:toc}\n\n1. step one\n2. step two", steps, ""},
		{"1. step one\n2. step two\n\n{:toc}", steps, ""},
		{"a\n\n{:toc}\n\n1. step one\n2. step two", "<p>a</p>\n" + steps, ""},
		{"a\n{:toc}\n\n1. step one\n2. step two", "<p>a</p>\n" + steps, ""},
		{"* TOC\n{:toc}\n\n1. step one\n2. step two", steps, "1 ul: a table of contents"},
		{"{:toc}\n1. TOC\n\na", "<p>a</p>", "1 ol: a table of contents"},
	} {
		if got := richtext.Markdown(c.in, "").HTML; got != c.want {
			t.Errorf("%q: got  %s\nwant %s", c.in, got, c.want)
		}
		if got := warned(c.in); got != c.warnings {
			t.Errorf("%q: warnings %q, want %q", c.in, got, c.warnings)
		}
	}
}

func TestWhatOnlyLooksLikeAnAttributeListIsText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"set {a, b} of {: c}", "price {::x} more {:/x}", "{: c} a", "{:} and {: }", "a {: b, c}",
		"{: one, two}", "{::x}", "{:/x}", "a {:note: b} c", "{:3}", "{: a; b}", "a {:-)} b",
		"{::comments}a{:/comments}",
	} {
		if got := richtext.Markdown(text, "").HTML; got != "<p>"+text+"</p>" {
			t.Errorf("%q becomes %s", text, got)
		}
		checkAll(t, text)
	}
	if got := richtext.Markdown("## Sets {a, b} {: c}", "").Text; got != "Sets {a, b} {: c}" {
		t.Errorf("a heading becomes %q", got)
	}
	if got := richtext.Markdown("{::nomarkdown}a{:/} *b*{: c}", "").HTML; got != "<p>a <em>b</em></p>" {
		t.Errorf("markup of kramdown becomes %s", got)
	}
}
