package richtext_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/richtext"
)

func TestMarkdownRendersWhatNewsNeeds(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, in, want string }{
		{"paragraphs and emphasis", "One *two* **three**\n\nfour",
			"<p>One <em>two</em> <strong>three</strong></p>\n<p>four</p>"},
		{"nothing", " \n ", ""},
		{"quotation marks and emoji stay as they are", `He said "it's" 🔥 & left`,
			`<p>He said "it's" 🔥 &amp; left</p>`},
		{"headings below h1 go down with it", "# Hello *World*\n## Hello World",
			"<h2 id=\"hello-world\">Hello <em>World</em></h2>\n<h3 id=\"hello-world-1\">Hello World</h3>"},
		{"Arabic headings", "## أخبار إيران", `<h2 id="أخبار-إيران">أخبار إيران</h2>`},
		{"links of every allowed kind",
			"[a](/b?c=1&d=2#e) <mailto:a@b.org> [t](tel:+992) https://x.org",
			`<p><a href="/b?c=1&amp;d=2#e">a</a> <a href="mailto:a@b.org">mailto:a@b.org</a> <a href="tel:+992">t</a> <a href="https://x.org">https://x.org</a></p>`},
		{"a link to nowhere good loses its tag",
			"[a](javascript:alert(1)) [b](data:text/html,x) [c](vbscript:x) [d](ftp://x)",
			"<p>a b c d</p>"},
		{"a picture from nowhere good is gone",
			"![a](data:image/png;base64,AA) ![b](mailto:x) ![c](/c.png \"C\")",
			`<p>  <img src="/c.png" alt="c" title="C"></p>`},
		{"tables keep their alignment", "|a|b|\n|-|-:|\n|1|2|",
			"<table>\n<thead>\n<tr>\n<th>a</th>\n<th align=\"right\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td align=\"right\">2</td>\n</tr>\n</tbody>\n</table>"},
		{"task lists show their boxes", "- [x] done\n- [ ] open",
			"<ul>\n<li>☑ done</li>\n<li>☐ open</li>\n</ul>"},
		{"strikethrough", "~~gone~~", "<p><del>gone</del></p>"},
		{"code keeps its spaces", "```go\nif a < b {\n\tc()\n}\n```",
			"<pre><code class=\"language-go\">if a &lt; b {\n\tc()\n}\n</code></pre>"},
		{"ordered lists keep their start", "3. c\n4. d",
			"<ol start=\"3\">\n<li>c</li>\n<li>d</li>\n</ol>"},
		{"raw HTML obeys the rules",
			"a <span onclick=x>b</span> <kbd class=k>c</kbd> <script>d</script>e",
			"<p>a b <kbd>c</kbd> e</p>"},
		{"a hard break", "a  \nb", "<p>a<br>\nb</p>"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := richtext.Markdown(c.in, "").HTML; got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestHTMLKeepsTheWordsAndDropsTheRest(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, in, want string }{
		{"bare text", "a < b & c", "a &lt; b &amp; c"},
		{"classes, styles and handlers go, ids stay",
			`<h2 id="location" class=x style=y onclick=z>A</h2><p id=forms>b</p>`,
			`<h2 id="location">A</h2><p id="forms">b</p>`},
		{"an author's footnote is one, a control character no attribute",
			"<ol><li id=fn-1>a</li></ol><sup id='fnref-1'>b</sup><sup \x01=fn-1>c</sup><sup &#1;=fn-1>d</sup>",
			`<ol><li id="fn-1">a</li></ol><sup id="fnref-1">b</sup><sup>c</sup><sup>d</sup>`},
		{"direction and language stay", `<p dir=rtl lang=ar>خبر</p><bdo dir="sideways">x</bdo>`,
			`<p dir="rtl" lang="ar">خبر</p><bdo>x</bdo>`},
		{"boxes become paragraphs", "<div>a<div>b</div><ul><li>c</ul>d</div>e",
			"<p>a</p><p>b</p><ul><li>c</li></ul><p>d</p>e"},
		{"scripts and styles go with what they hold",
			"<style>p{}</style>a<script>alert(1)</script><iframe src=data:x>y</iframe><noscript>z</noscript>b", "ab"},
		{"svg and mathematics keep only words",
			`<svg onload=x><text>a</text><script>b</script></svg><math><mi>c</mi></math>`, "ac"},
		{"an old form control is a character",
			"<input type=checkbox checked>a <input type=text value=b>", "☑a"},
		{"open tags are closed", "<p><b>a<p>b", "<p><b>a</b></p><p>b</p>"},
		{"crossed tags are uncrossed", "<b><i>a</b>b</i>", "<b><i>a</i></b>b"},
		{"a phrase ends with the block it began before", "<b><p>a</b>b</p>c", "<b><p>ab</p></b>c"},
		{"a link cannot hold a link", "<a href=/1>a<a href=/2>b</a>",
			`<a href="/1">a</a><a href="/2">b</a>`},
		{"a card of blocks stays linked", "<a href=/1><h3>a</h3><p>b</p></a>",
			`<a href="/1"><h3 id="a">a</h3><p>b</p></a>`},
		{"a paragraph ends before a list", "<p>a<ul><li>b</ul>", "<p>a</p><ul><li>b</li></ul>"},
		{"items end before items", "<ul><li>a<li><p>b<li>c<ul><li>d</ul></ul>",
			"<ul><li>a</li><li><p>b</p></li><li>c<ul><li>d</li></ul></li></ul>"},
		{"an item without a list is a paragraph", "<li>a<dt>b</dt>", "<p>a</p><p>b</p>"},
		{"tables get the rows they lack", "<table><td>a<tr><th scope=col>b</table>",
			`<table><tbody><tr><td>a</td></tr><tr><th scope="col">b</th></tr></tbody></table>`},
		{"words in a table but in no cell get one", "<table>a<p>b</table>c",
			"<table><tbody><tr><td>a<p>b</p></td></tr></tbody></table>c"},
		{"an end tag cannot reach out of a cell", "<div><table><tr><td>a</div></b></ul>b</table>",
			"<table><tbody><tr><td>ab</td></tr></tbody></table>"},
		{"a heading holds one line", "<h2><p>a</p><div>b</div></h2>",
			"<h2 id=\"a-b\">\na\nb\n</h2>"},
		{"a figure", `<figure><img src=/a.jpg alt="a &quot;b&quot;" width=100% height=20 loading=lazy srcset="javascript:x"><figcaption>c</figcaption></figure>`, `<figure><img src="/a.jpg" alt="a &#34;b&#34;" width="100%" height="20" loading="lazy"><figcaption>c</figcaption></figure>`},
		{"details", "<details open><summary>a</summary>b</details>",
			`<details open=""><summary>a</summary>b</details>`},
		{"addresses are tidied",
			"<a href=' \x01ht\ntp://x.org/a b '>a</a><q cite=javascript:x>b</q>",
			`<a href="http://x.org/a%20b">a</a><q>b</q>`},
		{"hidden schemes are found",
			`<a href="java&#10;script:x">a</a><a href="&#1;javascript:x">b</a><a href="JaVaScRiPt&colon;x">c</a><a href="x&#x200b;:y">d</a>`, "abcd"},
		{"targets go",
			`<a href="//x.org" target=_blank rel=nofollow ping=y title=t hreflang=fr>a</a>`,
			`<a href="//x.org" hreflang="fr" rel="nofollow" title="t">a</a>`},
		{"the first of two attributes counts", `<a href="/a" href="javascript:x">a</a>`,
			`<a href="/a">a</a>`},
		{"preformatted text keeps its first empty line", "<pre>\n\na</pre>", "<pre>\n\na</pre>"},
		{"old names get new ones", "<strike>a</strike><tt>b</tt><h1>c</h1>",
			`<s>a</s><code>b</code><h2 id="c">c</h2>`},
		{"comments and declarations go", "<!doctype html><!-- a --><?php b ?>c<![CDATA[d]]>", "c"},
		{"control characters go, NUL among them", "a\x00b\x1bc&#1;d\x7f", "abcd"},
		{"invalid UTF-8 is shown as such", "a\xffb", "a\ufffdb"},
		{"characters pass as they are", "مرحبا\u200c 👩‍👩‍👧\u00a0e\u0301 “q” 'r'",
			"مرحبا\u200c 👩‍👩‍👧\u00a0e\u0301 “q” 'r'"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := richtext.HTML(c.in).HTML
			if got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			checkSafe(t, c.in, got)
			checkStable(t, c.in)
		})
	}
}

func TestFootnotesLinkBothWays(t *testing.T) {
	t.Parallel()
	got := richtext.Markdown("a[^x] b[^x]\n\n<ol><li id=\"fn-1\">forged <a href=\"#fn-1\">x</a></li></ol>\n\n[^x]: The *note*", "x7")
	want := `<p>a<sup id="fnref-x7-1"><a href="#fn-x7-1">1</a></sup>` +
		` b<sup id="fnref-x7-1-2"><a href="#fn-x7-1">1</a></sup></p>` + "\n" +
		`<ol><li id="fn-1">forged <a href="#fn-1">x</a></li></ol>` + "\n<hr>\n<ol>\n" +
		`<li id="fn-x7-1">` + "\n<p>The <em>note</em> <a href=\"#fnref-x7-1\">↩\ufe0e</a>" +
		" <a href=\"#fnref-x7-1-2\">↩\ufe0e</a></p>\n</li>\n</ol>"
	if got.HTML != want {
		t.Errorf("got  %q\nwant %q", got.HTML, want)
	}
	if want := "a b forged x The note"; got.Text != want {
		t.Errorf("text %q, want %q", got.Text, want)
	}
	checkSafe(t, "footnotes", got.HTML)
}

func TestOutlineListsTheHeadingsThatSaySomething(t *testing.T) {
	t.Parallel()
	got := richtext.Markdown("# A\n\n### B & *C*\n\n## ![alt](/x.png)\n\n##\n\n## A\n\n## A 2\n\n## A\n\n## 🔥\n\n> #### الخبر", "")
	want := []richtext.Heading{
		{Level: 2, Text: "A", ID: "a"},
		{Level: 4, Text: "B & C", ID: "b--c"},
		{Level: 3, Text: "A", ID: "a-1"},
		{Level: 3, Text: "A 2", ID: "a-2"},
		{Level: 3, Text: "A", ID: "a-3"},
		{Level: 3, Text: "🔥", ID: "section"},
		{Level: 5, Text: "الخبر", ID: "الخبر"},
	}
	if !slices.Equal(got.Outline, want) {
		t.Errorf("got  %v\nwant %v", got.Outline, want)
	}
	if n := strings.Count(got.HTML, " id="); n != len(want) {
		t.Errorf("%d ids for %d headings: %s", n, len(want), got.HTML)
	}
	if outline := richtext.HTML("").Outline; outline == nil || len(outline) != 0 {
		t.Errorf("the outline of nothing is %#v", outline)
	}
}

func TestTextHoldsTheWordsAlone(t *testing.T) {
	t.Parallel()
	got := richtext.HTML("<h2>One</h2><p>two<br>three <b>fo</b>ur</p><ul><li>five</li><li>six</li></ul>" +
		"<table><tr><td>seven</td><td>eight</td></tr></table><script>no</script><img src=/x alt=no><pre>nine\n\tten</pre>")
	if want := "One two three four five six seven eight nine ten"; got.Text != want ||
		got.Words != 10 {
		t.Errorf("%d words: %q", got.Words, got.Text)
	}
}
