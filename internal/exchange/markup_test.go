package exchange

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// bodyOf reads a file whose body is text.
func bodyOf(t *testing.T, text string, policy MarkupPolicy) Item {
	t.Helper()
	files := fstest.MapFS{"posts/a.md": {Data: []byte("---\ntitle: T\n---\n" + text + "\n")}}
	items := slices.Collect(Markdown(files, Options{Markup: policy}))
	if len(items) != 1 || items[0].Skip != "" {
		t.Fatalf("%q: %+v", text, items)
	}
	return items[0]
}

// autolink is a link whose text is its address.
func autolink(address string) string { return "[" + address + "](<" + address + ">)" }

func TestMarkupWithAMeaningIsConverted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{{< youtube abc >}}": `::embed{url="https://www.youtube.com/watch?v=abc"}`,

		`{{< youtube id="abc" title="Our [film]" >}}`: `::embed{url="https://www.youtube.com/watch?v=abc" title="Our [film]"}`,
		"{{< vimeo 12 >}}":                            `::embed{url="https://vimeo.com/12"}`,
		"{{% gist ada 9 %}}":                          autolink("https://gist.github.com/ada/9"),
		`{{< tweet user="ada" id="9" >}}`:             `::embed{url="https://twitter.com/ada/status/9"}`,
		"{% include youtube.html id='x' %}":           `::embed{url="https://www.youtube.com/watch?v=x"}`,
		`{{ youtube(id="x") }}`:                       `::embed{url="https://www.youtube.com/watch?v=x"}`,
		`{{< video src="https://c.example/v?a=b" >}}`: autolink("https://c.example/v?a=b"),
		`{{< figure src="/img/a.jpg" caption="The \"quay\"" >}}`: "<figure>\n<img " +
			"src=\"/img/a.jpg\" " +
			"alt=\"The &#34;quay&#34;\">\n<figcaption>The &#34;quay&#34;</figcaption>\n</figure>",
		`See {{< figure src="/a.jpg" caption="C" >}} here`:      "See ![C](</a.jpg>) here",
		"{% image /assets/a.png %}":                             "![](</assets/a.png>)",
		"![x]({{ site.baseurl }}/a.png)":                        "![x](/a.png)",
		"[x]({{ '/about' | relative_url }})":                    "[x](/about)",
		"# {{ page.title }}":                                    "# T",
		"{% highlight go %}\na{{b.c}}\n{% endhighlight %}":      "```go\na{{b.c}}\n```",
		"{% raw %}{{ x.y }}{% endraw %}":                        "{{ x.y }}",
		"a{% comment %} {{ b.c }} {% endcomment %}d":            "ad",
		"{{< quote author=\"Ann\" >}}\nOh *no*\n{{< /quote >}}": "> Oh *no*\n> \n> — Ann",
		"{% highlight x %}\n{% if y %}{% endif %}\n{% endhighlight %}": "```x\n" +
			"{% if y %}{% endif %}\n```",
		"{% quote(author=\"Ann\") %}Oh{% end %}":                       "> Oh\n> \n> — Ann",
		`{{< button href="https://x.example/" >}}Go{{< /button >}}`:    "[Go](<https://x.example/>)",
		"{% image assets/a.png \"The quay\" %}":                        "![The quay](</assets/a.png>)",
		`{{< quote-block text="Oh" cite="Ann" >}}`:                     "> Oh\n> \n> — Ann",
		":::note Mind\nText\n:::":                                      "**Mind**\n\nText",
		"[audio mp3=\"https://e.org/a.mp3\"][/audio]":                  autolink("https://e.org/a.mp3"),
		"[embed]https://e.org/a[/embed][embed]https://e.org/b[/embed]": "https://e.org/a\nhttps://e.org/b",
		"[caption id=\"1\"]<b>x</b> y[/caption]":                       "<b>x</b> y",
		"[embed]https://x.example/[/embed]":                            "https://x.example/",
		"[youtube https://youtu.be/x]":                                 `::embed{url="https://youtu.be/x"}`,

		"[youtube url=&#8221;https://youtu.be/y&#8243; w=”1”]": `::embed{url="https://youtu.be/y"}`,
		"<figure>\n\t{% image /a.png \"The quay\" %}\n</figure>": "<figure>\n\t" +
			"<img src=\"/a.png\" alt=\"The quay\">\n</figure>",
		"<p>\n{{< youtube a >}}</p>\n\n{{< img src=/b.png >}}": "<p>\n" +
			`<a href="https://www.youtube.com/watch?v=a">https://www.youtube.com/watch?v=a</a>` +
			"</p>\n\n![](</b.png>)",
		"See {{< youtube abc >}}": "See " + autolink("https://www.youtube.com/watch?v=abc"),
		"<div>\n{{< youtube abc >}}\n</div>": `<div>
<figure class="embed"><a href="https://www.youtube.com/watch?v=abc">` +
			`https://www.youtube.com/watch?v=abc</a></figure>
</div>`,
		"{{< spotify type=\"track\" id=\"x\" >}}": `::embed{url="https://open.spotify.com/track/x"}`,
		"{{< spotify episode y >}}":               `::embed{url="https://open.spotify.com/episode/y"}`,
		"{{< figure src=/a.png attr=\"Ada\" >}}": "<figure>\n<img src=\"/a.png\" alt=\"\">\n" +
			"<figcaption><cite>Ada</cite></figcaption>\n</figure>",
		"[caption id=\"1\"]<a href=\"/b\"><img src=\"/a.png\"></a> The *quay*[/caption]": "<figure>\n" +
			"<a href=\"/b\"><img src=\"/a.png\"></a>\n<figcaption>The *quay*</figcaption>\n</figure>",
		"[caption caption=\"The quay\"]<img src=\"/a.png\">[/caption]": "<figure>\n" +
			"<img src=\"/a.png\">\n<figcaption>The quay</figcaption>\n</figure>",
		"[pullquote]Oh[/pullquote]":                      "> Oh",
		"{{ .Title }}":                                   "T",
		":::aside{title=\"x\"}\na\n:::note\nb\n:::\n:::": ":::aside{title=\"x\"}\na\nb\n:::",
		`{{ "https://v.example/a" | embed: "A film" }}`:  "[A film](<https://v.example/a>)",
	} {
		it := bodyOf(t, text, RemoveMarkup)
		if got := strings.TrimSpace(it.Body); got != want {
			t.Errorf("%s\n got  %q\n want %q", text, got, want)
		}
		for _, m := range it.Markup {
			if !m.Converted {
				t.Errorf("%s: %+v was not converted", text, m)
			}
		}
	}
}

func TestMarkupWithoutAMeaningIsRemovedOrLeftAndNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, removed, named string }{
		{"a {{< asset key=1 >}} b", "a  b", "asset"},
		{"{{% note %}}\nWords\n{{% /note %}}", "\nWords\n", "note note"},
		{"{% for x in y %}\nWords\n{% endfor %}", "\nWords\n", "for for"},
		{"{{ author.name | upcase }} x", " x", "author.name"},
		{"import X from './x'\n\nText <Tabs items={1}>in</Tabs> {/* c */}", "Text in ",
			"import <Tabs> <Tabs> comment"},
		{"export const a = 1\n\nText", "Text", "export"},
		{"{{< youtube >}}{{< figure src=quay.jpg >}}", "", "youtube figure"},
		{"![Quay](quay.jpg) and [paper](p.pdf) [x](other.md \"t\")", " and paper x",
			"relative path relative path relative path"},
		{`<img src="quay.jpg" alt="Q"> <a href='p.pdf'>p</a>`, `<img alt="Q"> <a>p</a>`,
			"relative path relative path"},
		{"[more]({{< ref \"other.md\" >}})", "more", "ref"},
		{"[more]({{< dead \"x\" >}} \"Title\")", "more", "dead"},
		{"[{{< old-img src=\"a.jpg\" alt=\"An [icon]\" >}}](/a.jpg) {{< old-img alt=\"B\" >}}",
			"[An \\[icon\\]](/a.jpg) ", "old-img old-img"},
		{"<a href=\"/a.jpg\">{{< old-img alt=\"A & B\" >}}</a>", "<a href=\"/a.jpg\">A &amp; B</a>",
			"old-img"},
		{"<a href=\"{{ page.link }}/x\">more</a> ![q]({{< asset 1 >}})", "<a>more</a> ",
			"page.link asset"},
		{"[gallery ids=\"1,2\"] x", " x", "gallery"},
	} {
		it := bodyOf(t, c.text, RemoveMarkup)
		var names []string
		for _, m := range it.Markup {
			names = append(names, m.Name)
			if m.Converted || m.Line < 4 || m.Text == "" {
				t.Errorf("%q: %+v", c.text, m)
			}
		}
		if it.Body != c.removed || strings.Join(names, " ") != c.named {
			t.Errorf("%q:\n got  %q %q\n want %q %q", c.text, it.Body, names, c.removed, c.named)
		}
		kept := bodyOf(t, c.text, KeepMarkup)
		if kept.Body != c.text || len(kept.Markup) != len(it.Markup) {
			t.Errorf("%q: left as %q, named %d", c.text, kept.Body, len(kept.Markup))
		}
	}
}

func TestCodeAndMathematicsAreNoMarkup(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"```\n{{< x >}}\n{% y %}\n```\nText", "~~~ go\n{{ a.b }}\n~~~",
		"`{{< x >}}` and ``a ` {% b %}``",
		"$x^{{2}} + {{n}}$", "<pre>\n{{ a.b }} [x](y.md)\n</pre>", "<!-- {{ a.b }} -->",
		"[gallery](https://x.example/) [video][1] [youtube] [YouTube]", "Vec<String> and a::b",
		"importance {a} {b}",
		"[x](/y.html) [y](#z) [z](mailto:a@b.example) [q](?a=b)", "![x](https://x.example/a.png)",
		"> ```\n> {{< x >}}\n> ```", "export is good for import",
	} {
		it := bodyOf(t, text, RemoveMarkup)
		if it.Body != text || it.Markup != nil {
			t.Errorf("%q became %q, %+v", text, it.Body, it.Markup)
		}
	}
	for text, want := range map[string]string{
		"`{{</* x */>}}`": "`{{< x >}}`",
		"{{</* x */>}}":   "{{< x >}}",
		"```\n{% raw %}\n{{ a.b }}\n{% endraw %}\n```": "```\n{{ a.b }}\n```",
	} {
		if it := bodyOf(t, text, RemoveMarkup); it.Body != want {
			t.Errorf("%q became %q, want %q", text, it.Body, want)
		}
	}
}

func TestLinksBetweenPagesLeadToTheirArticles(t *testing.T) {
	t.Parallel()
	page := func(front, body string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\ntitle: T\n" + front + "\n---\n" + body)}
	}
	links := `[1]({{< ref "other.md" >}}) [2]({{< relref "/posts/other.md#part" >}}) [3](other.md#x)
[4](../news/2020-01-02-day.md) [5]({% post_url 2020-01-02-day %}) [6]({% link _x/deep.md %})
[7](@/news/2020-01-02-day.md) [8](bundle/) [9](bundle/index.md) [10]({{< ref "bundle" >}})
[11](twin.md) [12](nothing.md) [13](<other.md> "title") [14]({{< ref "day" >}})`
	files := fstest.MapFS{
		"posts/a.md": page("", links), "posts/other.md": page("slug: else", ""),
		"news/2020-01-02-day.md": page("", ""), "_x/deep.md": page("", ""),
		"posts/bundle/index.md": page("", ""), "posts/twin.md": page("slug: same", ""),
		"posts/twin2.md": page("slug: same", ""),
	}
	options := Options{ArticleURL: func(_ *Item, slug string) string { return "/articles/" + slug }}
	for it := range Markdown(files, options) {
		if it.Key != "posts/a.md" {
			continue
		}
		want := `[1](/articles/else) [2](/articles/else#part) [3](/articles/else#x)
[4](/articles/day) [5](/articles/day) [6](/articles/deep)
[7](/articles/day) 8 [9](/articles/bundle) [10](/articles/bundle)
11 12 [13](</articles/else> "title") [14](/articles/day)`
		if it.Body != want {
			t.Errorf("got\n%s\nwant\n%s", it.Body, want)
		}
		var lines []int
		for _, m := range it.Markup {
			if !m.Converted {
				lines = append(lines, m.Line)
			}
		}
		if fmt.Sprint(lines) != "[7 8 8]" {
			t.Errorf("not converted: lines %v", lines)
		}
	}
}

// Nothing that a body can hold may take much longer than its size.
func TestMarkupWithoutEndTakesNoTime(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"{{", "{%", "{{<", "{{< quote >}}", "<!--", "<pre>", "<a ", "`",
		"``` ",
		"[a](b", "[caption", "[a]: b.md\n[a][a] ", "[a]: b.md\n[[[[", "<Tabs ", "import 'x", ":::", "{{< ref x >}}\n", "a{/*", "\n> ",
		"{{</* x"} {
		began := time.Now()
		bodyOf(t, strings.Repeat(part, 1<<18/len(part)), RemoveMarkup)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("256 KiB of %q takes %v", part, took)
		}
	}
}
