package richtext_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/richtext"
)

// checkRendered checks what becomes of Markdown sources, and that it is safe and stable.
func checkRendered(t *testing.T, cases []struct{ name, in, want string }) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := richtext.Markdown(c.in, "x7").HTML
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			checkAll(t, c.in)
		})
	}
}

func TestHeadingsHaveTheIDsThatAuthorsMean(t *testing.T) {
	t.Parallel()
	checkRendered(t, []struct{ name, in, want string }{
		{"Hugo, Zola and kramdown", "## Costs of it {#costs}", `<h2 id="costs">Costs of it</h2>`},
		{"an id in another script", "## Costs {#تكلفة .x}", `<h2 id="تكلفة">Costs</h2>`},
		{"as GitHub makes it", "## Who pays?", `<h2 id="who-pays">Who pays?</h2>`},
		{"no letter is collapsed", "## A & B_c - d", `<h2 id="a--b_c---d">A &amp; B_c - d</h2>`},
		{"HTML", `<h2 id="raw">Raw</h2>`, `<h2 id="raw">Raw</h2>`},
		{"an anchor before a heading", `<a name="costs"></a>` + "\n\n## Costs",
			`<p><a id="costs"></a></p>` + "\n" + `<h2 id="costs-1">Costs</h2>`},
		{"authors choose first", "## Costs\n\n## Other {#costs}",
			`<h2 id="costs-1">Costs</h2>` + "\n" + `<h2 id="costs">Other</h2>`},
		{"an id stands once", "## A {#x}\n\n## B {#x}",
			`<h2 id="x">A</h2>` + "\n" + `<h2 id="b">B</h2>`},
		{"a name", `<h2 name="b">X</h2>`, `<h2 id="b">X</h2>`},
		{"a name beside an id", `<h2 id="a" name="b">X</h2>`, `<h2 id="a"><a id="b"></a>X</h2>`},
		{"a link with a name and an id", `<p><a name="a" id="b">x</a></p>`,
			`<p><a id="b"></a><a id="a">x</a></p>`},
		{"an id with spaces", `<h2 id=" A B ">X</h2>`, `<h2 id="A-B">X</h2>`},
		{"any element", `<p id="p1">a</p><section id="s">b</section><i id="i">c</i>`,
			`<p id="p1">a</p><div id="s">b</div><i id="i">c</i>`},
		{"levels stay apart", "# A\n\n## B\n\n###### C",
			`<h2 id="a">A</h2>` + "\n" + `<h3 id="b">B</h3>` + "\n" + `<h6 id="c">C</h6>`},
		{"levels stay without h1", "## B\n\n### C",
			`<h2 id="b">B</h2>` + "\n" + `<h3 id="c">C</h3>`},
	})
}

func TestLinksWithinABodyLeadWhereTheyWereMeant(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ link, heading, want string }{
		{"costs", "## Costs of it {#costs}", "costs"},
		{"costs-of-it", "## Costs of it {#costs}", "costs"},
		{"who-pays", "## Who pays", "who-pays"},
		{"raw", `<h2 id="raw">Raw</h2>`, "raw"},
		{"b", `<h2 id="a" name="b">X</h2>`, "b"},
		{"A%20B", `<h2 id="A B">X</h2>`, "A-B"},
		{"h-who-pays", "## Who pays", "who-pays"},
		{"user-content-who-pays", "## Who pays", "who-pays"},
		{"Who_pays", "## Who pays", "who-pays"},
		{"who-pays", "## 2019: who pays", "2019-who-pays"},
		{"a-b", "## A & B", "a--b"},
		{"الخبر-الأول", "## الخبر الأول", "الخبر-الأول"},
		{"fn:1", "x[^n]\n\n[^n]: y", "fn-x7-1"},
		{"comments", "## Who pays", "comments"},
	} {
		got := richtext.Markdown("[go](#"+c.link+")\n\n"+c.heading, "x7").HTML
		got = strings.NewReplacer("%D8%A7", "ا", "%D9%84", "ل", "%D8%AE", "خ", "%D8%A8", "ب",
			"%D8%B1", "ر", "%D8%A3", "أ", "%D9%88", "و").Replace(got)
		if !strings.Contains(got, `<a href="#`+c.want+`">go</a>`) {
			t.Errorf("#%s becomes %s", c.link, got)
		}
	}
}

func TestFootnotesOfTwoBodiesShareAPage(t *testing.T) {
	t.Parallel()
	source := "a[^1] b[^1]\n\n[^1]: note"
	one, two := richtext.Markdown(source, "one"), richtext.Markdown(source, "two")
	checkSafe(t, source, one.HTML+two.HTML)
	if one.Text != "a b note" {
		t.Errorf("text %q", one.Text)
	}
}

func TestWhatMeansSomethingSurvives(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		`<p lang="ar" dir="rtl">a</p>`,
		`<p>a <span lang="fa" dir="rtl">b</span> <bdi dir="auto">c</bdi></p>`,
		`<div lang="ar" dir="rtl"><p>a</p><p>b</p></div>`,
		`<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字<rt>ji</rt></ruby></p>`,
		`<p><a href="https://x.example/" rel="sponsored nofollow ugc">a</a></p>`,
		`<pre><code class="language-go">a</code></pre>`,
		`<ol reversed="" start="9"><li value="7">a</li><li>b</li></ol>`,
		`<details open=""><summary>a</summary>b</details>`,
		`<dl><dt>a</dt><dd>b</dd><dd>c</dd></dl>`,
		`<img src="/a.png" alt="a" srcset="/a.png 1x, /b.png 2x" sizes="(min-width: 40em) 50vw, 100vw">`,
		`<picture><source srcset="/a.webp 480w, /b.webp 960w" media="(min-width: 40em)"` +
			` type="image/webp"><img src="/a.png" alt="a"></picture>`,
		`<figure><a href="/a"><img src="/a.png" alt="a"></a><figcaption>A <em>b</em></figcaption></figure>`,
	} {
		got := richtext.HTML(source)
		if sortAttrs(got.HTML) != sortAttrs(source) || len(got.Warnings) > 0 {
			t.Errorf("got  %s\nwant %s\nwarnings %v", got.HTML, source, got.Warnings)
		}
		checkAll(t, source)
	}
}

// sortAttrs returns HTML with the words of every tag in order, which is not that of the source.
func sortAttrs(s string) string {
	var parts []string
	for part := range strings.SplitSeq(s, ">") {
		text, tag, _ := strings.Cut(part, "<")
		words := strings.Split(tag, `" `)
		slices.Sort(words)
		parts = append(parts, text+"<"+strings.Trim(strings.Join(words, " "), `"`))
	}
	return strings.Join(parts, ">")
}

func TestMarkdownOfOtherSystems(t *testing.T) {
	t.Parallel()
	checkRendered(t, []struct{ name, in, want string }{
		{"definition lists", "Term\n: Meaning", "<dl>\n<dt>Term</dt>\n<dd>Meaning</dd>\n</dl>"},
		{"the language of code", "```go\na\n```",
			"<pre><code class=\"language-go\">a\n</code></pre>"},
		{"attributes below a heading", "## Costs\n{: #money .no_toc}",
			`<h2 id="money">Costs</h2>`},
		{"attributes behind a heading", "## Costs {: #money}", `<h2 id="money">Costs </h2>`},
		{"attributes of a paragraph", "A note.\n{: .note lang=\"ar\" dir='rtl'}",
			`<p lang="ar" dir="rtl">A note.</p>`},
		{"attributes before a block", "a\n\n{: #list}\n- b",
			"<p>a</p>\n<ul id=\"list\">\n<li>b</li>\n</ul>"},
		{"attributes of a link", `[a](/b){: rel="nofollow" target="_blank"}, b`,
			`<p><a href="/b" rel="nofollow">a</a>, b</p>`},
		{"attributes of a picture", `![a](/b.png){: width="300"}`,
			`<p><img src="/b.png" alt="a" width="300"></p>`},
		{"attributes of words", `*a*{: lang=fr} b {: .c}`, `<p><em lang="fr">a</em> b </p>`},
		{"a table of contents", "a\n\n* TOC\n{:toc}\n\nb", "<p>a</p>\n<p>b</p>"},
		{"comments and settings",
			"a\n\n{::comment}\nhidden\n\nhidden\n{:/comment}\n\n{::options x=\"y\" /}\n\nb",
			"<p>a</p>\n<p>b</p>"},
		{"shared attributes", "{:ref: .note lang=ar}\n\na\n{: ref}", "<p>a</p>"},
		{"braces are not attributes", "a {b} `{: c}` {{ d }}",
			"<p>a {b} <code>{: c}</code> {{ d }}</p>"},
	})
}

func TestEmphasisBesideQuotationMarks(t *testing.T) {
	t.Parallel()
	checkRendered(t, []struct{ name, in, want string }{
		{"an Arabic particle", "و**«كلام»** هنا", "<p>و<strong>«كلام»</strong> هنا</p>"},
		{"Arabic and plain quotation marks", "قال**\"نعم\"**ثم",
			`<p>قال<strong>"نعم"</strong>ثم</p>`},
		{"a Chinese full stop", "这是**重要的。**然后", "<p>这是<strong>重要的。</strong>然后</p>"},
		{"Chinese brackets", "他说**「是」**吗", "<p>他说<strong>「是」</strong>吗</p>"},
		{"Japanese", "これは*「本」*です", "<p>これは<em>「本」</em>です</p>"},
		{"Korean particles", "**“서울”**에서 **(가)**는",
			"<p><strong>“서울”</strong>에서 <strong>(가)</strong>는</p>"},
		{"Thai", "คือ**\"ก\"**ข", `<p>คือ<strong>"ก"</strong>ข</p>`},
		{"Latin is as CommonMark says", `a**"b"**c`, `<p>a**"b"**c</p>`},
		{"several in a line", "这**「甲」**和**「乙」**是",
			"<p>这<strong>「甲」</strong>和<strong>「乙」</strong>是</p>"},
	})
}

func TestBareLinksInEveryScript(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"https://example.org/صفحة":                   "https://example.org/صفحة",
		"see https://example.org/wiki/Größe, please": "https://example.org/wiki/Größe",
		"https://例え.テスト/パス":                          "https://例え.テスト/パス",
		"(https://example.org/हिन्दी)":               "https://example.org/हिन्दी",
		"www.müller.example/straße":                  "www.müller.example/straße",
		"https://example.org/a?b=c#d.":               "https://example.org/a?b=c#d",
		"https://example.org/{{a}}/{b}:c":            "https://example.org/{{a}}/{b}:c",
	} {
		got := richtext.Markdown(source, "")
		if !strings.Contains(got.HTML, ">"+want+"</a>") {
			t.Errorf("%s becomes %s", source, got.HTML)
		}
		checkAll(t, source)
	}
}

func TestEmbedsLeaveALink(t *testing.T) {
	t.Parallel()
	link := func(address, title string) string {
		return `<p><a href="` + address + `">` + title + `</a></p>`
	}
	for _, c := range []struct{ name, in, want string }{
		{"a frame", `<iframe src="https://v.example/abc" title="Our video"></iframe>`,
			link("https://v.example/abc", "Our video")},
		{"a frame that loads late", `<iframe data-src="//v.example/a" src="about:blank"></iframe>`,
			link("//v.example/a", "//v.example/a")},
		{"a video", `<video src="https://cdn.example/v.mp4" controls></video>`,
			link("https://cdn.example/v.mp4", "https://cdn.example/v.mp4")},
		{"an audio with sources",
			`<audio controls><source src="/a.ogg"><source src="/a.mp3"></audio>`,
			link("/a.ogg", "/a.ogg")},
		{"an embed", `<embed src="/a.pdf">`, link("/a.pdf", "/a.pdf")},
		{"an object", `<object data="/a.pdf"></object>`, link("/a.pdf", "/a.pdf")},
		{"in a line", `<p>a <video src="/v.mp4"></video></p>`,
			`<p>a <a href="/v.mp4">/v.mp4</a></p>`},
		{"in a figure", `<figure><iframe src="/v"></iframe><figcaption>c</figcaption></figure>`,
			"<figure>" + link("/v", "/v") + "<figcaption>c</figcaption></figure>"},
		{"from nowhere good", `<iframe src="javascript:x"></iframe><video src="data:x"></video>`,
			""},
	} {
		got := richtext.HTML(c.in)
		if got.HTML != c.want {
			t.Errorf("%s: got  %s\nwant %s", c.name, got.HTML, c.want)
		}
		if len(got.Warnings) == 0 || (got.Warnings[0].Code == richtext.Linked) != (c.want != "") {
			t.Errorf("%s: warnings %v", c.name, got.Warnings)
		}
		checkAll(t, c.in)
	}
}

func TestBareLinksStandBesideLettersAndQuotationMarks(t *testing.T) {
	t.Parallel()
	const a = `<a href="https://e.org/a">https://e.org/a</a>`
	checkRendered(t, []struct{ name, in, want string }{
		{"quotation marks", "«https://e.org/a» “https://e.org/a” 'https://e.org/a', „https://e.org/a.“",
			"<p>«" + a + "» “" + a + "” '" + a + "', „" + a + ".“</p>"},
		{"straight ones", "x \"https://e.org/a\" y", "<p>x \"" + a + "\" y</p>"},
		{"letters without spaces", "见https://e.org/a。 وhttps://e.org/a",
			"<p>见" + a + "。 و" + a + "</p>"},
		{"letters of Latin", "seehttps://e.org/a", "<p>seehttps://e.org/a</p>"},
		{"a link of HTML", `<a href="/x">“https://e.org/a”</a>`,
			`<p><a href="/x">“https://e.org/a”</a></p>`},
		{"a link of Markdown", "[“https://e.org/a”](/x)", `<p><a href="/x">“https://e.org/a”</a></p>`},
		{"code", "`“https://e.org/a”`", "<p><code>“https://e.org/a”</code></p>"},
		{"parentheses", "«https://e.org/a) b»", "<p>«" + a + ") b»</p>"},
	})
}

func TestWhatIsTakenOutIsSaid(t *testing.T) {
	t.Parallel()
	got := richtext.Markdown("<script>a</script> <script>b</script>\n\n<p style=x onclick=y>c</p>\n\n"+
		"<form>d</form>\n\n[e](javascript:x) ![f](data:x)\n\n<video></video><iframe src=/g></iframe>", "")
	want := []richtext.Warning{
		{Code: "removed", Element: "script", Count: 2, Detail: "with its content"},
		{Code: "removed", Element: "a", Count: 1, Detail: "it has no address"},
		{Code: "removed", Element: "form", Count: 1, Detail: "its content stays"},
		{Code: "linked", Element: "iframe", Count: 1, Detail: "a link to its address stays"},
		{Code: "removed", Element: "img", Count: 1, Detail: "it has no address"},
		{Code: "removed", Element: "p", Count: 1, Detail: "attribute onclick"},
		{Code: "removed", Element: "p", Count: 1, Detail: "attribute style"},
		{Code: "removed", Element: "video", Count: 1, Detail: "its content stays"},
	}
	if !slices.Equal(got.Warnings, want) {
		t.Errorf("got  %v\nwant %v", got.Warnings, want)
	}
	if none := richtext.Markdown("# a\n\n<div><span>b</span></div>", "").Warnings; none == nil ||
		len(none) > 0 {
		t.Errorf("nothing is lost, but %#v", none)
	}
	if many := richtext.HTML(counted("<x%d>")).Warnings; len(many) > 100 {
		t.Errorf("%d warnings", len(many))
	}
}

func TestALossIsSaidOnce(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"[x](javascript:y)":                                         "1 a: it has no address",
		"![x](data:y)":                                              "1 img: it has no address",
		`<a id="b" href="javascript:y">x</a>`:                       "1 a: attribute href",
		`<a id="b">x</a><a href="j:y" rel="z">`:                     "1 a: attribute rel; 1 a: it has no address",
		`<img src="/a" srcset="data:b 1x">`:                         "1 img: attribute srcset",
		`<img src="/a" srcset="/b, data:c, d:e">`:                   "2 img: an address in srcset",
		"a\n{: .note #x}\n\n## b {:.c}":                             "1 h2: class c; 1 p: class note",
		`<p id="b">x</p><p id="b">y</p>`:                            "1 p: an id that an element before it has",
		`<picture><source srcset="data:a"><img src="/b"></picture>`: "1 source: it has no address",
	} {
		if got := warned(source); got != want {
			t.Errorf("%s: warnings %q, want %q", source, got, want)
		}
	}
}
