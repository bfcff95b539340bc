package richtext_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/internal/richtext"
)

const (
	pictureID  = "0190a5f0-0000-7000-8000-000000000001"
	soundID    = "0190a5f0-0000-7000-8000-000000000002"
	filmID     = "0190a5f0-0000-7000-8000-000000000003"
	documentID = "0190a5f0-0000-7000-8000-000000000004"
	expiredID  = "0190a5f0-0000-7000-8000-000000000009"
)

// expand writes the ids in a text out: P, S, F, D and X in double angle brackets.
func expand(s string) string {
	return strings.NewReplacer("«P»", pictureID, "«S»", soundID, "«F»", filmID, "«D»", documentID,
		"«X»", expiredID).Replace(s)
}

// place is the place of the picture with an alternative text, as it is stored.
func place(alt string) string {
	return expand(`<img data-medium="«P»" alt="` + alt + `">`)
}

func figure(alt, caption string) string {
	if caption != "" {
		caption = "<figcaption>" + caption + "</figcaption>"
	}
	return expand(`<figure data-medium="«P»">`) + place(alt) + caption + "</figure>"
}

func TestMediaHavePlacesInMarkdown(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, in, want string }{
		{"alone", `![a "b"](media:«P» "C & d")`, figure("a &#34;b&#34;", "C &amp; d")},
		{"without words", "![](media:«P»)", figure("", "")},
		{"in a line", `See ![a](media:«P» "t") there`,
			expand(`<p>See <img data-medium="«P»" alt="a" title="t"> there</p>`)},
		{"on a line of a paragraph", "one\n![a](media:«P»)\n![b](media:«P»)  \ntwo",
			"<p>one</p>\n" + figure("a", "") + "\n" + figure("b", "") + "\n<p>two</p>"},
		{"the attributes of the paragraph stay", "![a](media:«P»)\ntwo\n{: lang=ar}",
			expand(`<figure data-medium="«P»" lang="ar">`) + place("a") +
				"</figure>\n<p>two</p>"},
		{"linked", "[![a](media:«P»)](https://x.example)",
			expand(`<figure data-medium="«P»"><a href="https://x.example">`) + place("a") +
				"</a></figure>"},
		{"by a label", "![a][p]\n\n[p]: media:«P» 'Words'", figure("a", "Words")},
		{"in a list", "- ![a](media:«P»)\n- b",
			"<ul>\n<li>" + figure("a", "") + "</li>\n<li>b</li>\n</ul>"},
		{"in a quotation", "> ![a](media:«P»)",
			"<blockquote>\n" + figure("a", "") + "\n</blockquote>"},
		{"in a heading", "## a ![b](media:«P»)", `<h2 id="a">a ` + place("b") + "</h2>"},
		{"in a table", "|a|\n|-|\n|![b](media:«P»)|",
			"<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>" +
				place("b") + "</td>\n</tr>\n</tbody>\n</table>"},
		{"in capitals", "![a](MEDIA:" + strings.ToUpper("«P»") + ")", figure("a", "")},
		{"decorative", `![](media:«P»){: role="presentation" width=3}`,
			expand(`<figure data-medium="«P»"><img data-medium="«P»" alt=""`) +
				` role="presentation"></figure>`},
		{"in code it is text", "`![a](media:«P»)`",
			expand("<p><code>![a](media:«P»)</code></p>")},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := strings.ReplaceAll(expand(c.in), strings.ToUpper("«P»"),
				strings.ToUpper(pictureID))
			got := richtext.Markdown(in, "")
			if got.HTML != c.want {
				t.Errorf("got  %q\nwant %q", got.HTML, c.want)
			}
			if len(got.Problems) > 0 {
				t.Errorf("problems %v", got.Problems)
			}
			checkAll(t, in)
		})
	}
}

func TestMediaHavePlacesInHTML(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, in, want string }{
		{"an img", `<img src="media:«P»" alt="a" title="C">`, figure("a", "C")},
		{"in a line", `<p>b <img src="media:«P»" alt="a"></p>`, "<p>b " + place("a") + "</p>"},
		{"beside words", `b <img src="media:«P»" alt="a">`, "b " + place("a")},
		{"a figure", `<figure><img src="media:«P»" alt="a"><figcaption>C <em>d</em></figcaption></figure>`,
			figure("a", "C <em>d</em>")},
		{"a figure with a paragraph", `<figure><p><img src="media:«P»" alt="a"></p></figure>`,
			figure("a", "")},
		{"an empty caption", `<figure><img src="media:«P»" alt="a" title="C"><figcaption> </figcaption></figure>`,
			figure("a", "C")},
		{"two in a figure are in its line",
			`<figure><img src="media:«P»" alt="a"><img src="media:«P»" alt="b"></figure>`,
			"<figure>" + place("a") + place("b") + "</figure>"},
		{"a picture", `<picture><source srcset="/x.webp"><img src="media:«P»" alt="a"></picture>`,
			figure("a", "")},
		{"a video", `<video src="media:«P»" title="a" controls></video>`, figure("a", "")},
		{"a source", `<audio><source src="media:«P»"></audio>`, figure("", "")},
		{"a frame in a line", `<p>a <iframe src="media:«P»"></iframe></p>`,
			"<p>a " + place("") + "</p>"},
		{"its size is that of the medium",
			`<img src="media:«P»" alt="a" width="3" srcset="/a 1x" loading="eager">`, figure("a", "")},
		{"the forged place of another figure", `<figure data-medium="«X»">a</figure>`,
			"<figure>a</figure>"},
		{"a forged figure", `<figure data-medium="«X»"><img data-medium="«P»" alt="a"></figure>`,
			figure("a", "")},
		{"a forged place", `<img data-medium="x"><p data-medium="«P»">a</p>`, "<p>a</p>"},
		{"a figure within the caption",
			`<figure><img src="media:«P»" alt="a"><figcaption><div><img src="media:«P»" alt="b"></div></figcaption></figure>`,
			"<figure>" + place("a") + "<figcaption><p>" + place("b") + "</p></figcaption></figure>"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := richtext.HTML(expand(c.in))
			if got.HTML != c.want {
				t.Errorf("got  %q\nwant %q", got.HTML, c.want)
			}
			checkAll(t, expand(c.in))
		})
	}
}

func TestABodySaysWhatMediaItShows(t *testing.T) {
	t.Parallel()
	got := richtext.Markdown(expand("![one](media:«S»)\n\n![two](media:«P») ![three](media:«P»)\n\n"+
		"![four](media:«F») ![](media:«F»)\n\n![](media:«D»){: role=none} ![](media:«D»){: role=none}"), "")
	want := []richtext.BodyMedium{
		{ID: soundID, Alt: "one"},
		{ID: pictureID, Alt: "two"},
		{ID: filmID},
		{ID: documentID, Decorative: true},
	}
	if !slices.Equal(got.Media, want) {
		t.Errorf("got  %v\nwant %v", got.Media, want)
	}
	if ids := richtext.MediaIDs(got.HTML); !slices.Equal(ids,
		[]string{soundID, pictureID, filmID, documentID}) {
		t.Errorf("its HTML shows %v", ids)
	}
	if got.Text != "" {
		t.Errorf("text %q", got.Text)
	}
}

func TestTooManyMediaAreAProblem(t *testing.T) {
	t.Parallel()
	source := strings.Repeat(expand("![a](media:«P»)\n\n"), richtext.MaxMedia)
	if got := richtext.Markdown(source, ""); len(got.Problems) > 0 {
		t.Errorf("%d are a problem: %v", richtext.MaxMedia, got.Problems)
	}
	got := richtext.Markdown(source+source, "")
	if len(got.Problems) != 1 || got.Problems[0].Code != richtext.TooMany {
		t.Errorf("problems %v", got.Problems)
	}
	if n := strings.Count(got.HTML, "<img"); n != richtext.MaxMedia {
		t.Errorf("%d places", n)
	}
	for _, source := range []string{"![a](media:x)", "![a](media:)", `<video src="media:../x">`} {
		got := richtext.Markdown(source, "")
		if len(got.Problems) != 1 || got.Problems[0].Code != richtext.Invalid ||
			strings.Contains(got.HTML, "media:") {
			t.Errorf("%s: problems %v, HTML %s", source, got.Problems, got.HTML)
		}
	}
}

// library finds the media of these tests. What it says of them needs escapes.
func library(id string) (richtext.Medium, bool) {
	m, ok := map[string]richtext.Medium{
		pictureID: {Kind: richtext.Image, URL: "/media/p.jpg", Alt: `<P> "q"`, Caption: "C <d>",
			Credit: "E & f", Width: 640, Height: 480, Srcset: []richtext.Source{
				{URL: "/media/p.jpg?w=320&x", Width: 320}, {URL: "/media/p.jpg", Width: 640}}},
		soundID: {Kind: richtext.Audio, URL: "/media/s.mp3", Title: `A "talk"`},
		filmID: {Kind: richtext.Video, URL: "/media/f.mp4", Width: 16, Height: 9,
			Poster: "/media/f.jpg", Credit: "G"},
		documentID: {Kind: richtext.Document, URL: "/media/d.pdf", Title: "D <e>"},
	}[id]
	return m, ok
}

func TestMediaFillTheirPlaces(t *testing.T) {
	t.Parallel()
	const picture = `<img src="/media/p.jpg" srcset="/media/p.jpg?w=320&amp;x 320w, /media/p.jpg 640w"` +
		` sizes="auto, (min-width: 48rem) 45rem, 100vw" width="640" height="480" `
	const credit = `<small class="credit">E &amp; f</small></figcaption></figure>`
	cases := []struct{ name, in, want string }{
		{"a picture", "![](media:«P»)", "<figure>" + picture + `alt="&lt;P&gt; &#34;q&#34;" ` +
			`loading="lazy"><figcaption>C &lt;d&gt; ` + credit},
		{"with words", `![a](media:«P» "t")`, "<figure>" + picture +
			`alt="a" loading="lazy"><figcaption>t ` + credit},
		{"with a credit of the body", "<figure><img src=\"media:«P»\" alt=a><figcaption>t " +
			"<cite>Ada</cite></figcaption></figure>", "<figure>" + picture +
			`alt="a" loading="lazy"><figcaption>t <cite>Ada</cite></figcaption></figure>`},
		{"with the credit in the caption", `![a](media:«P» "t, by E & f.")`, "<figure>" + picture +
			`alt="a" loading="lazy"><figcaption>t, by E &amp; f.</figcaption></figure>`},
		{"in a line", `a ![](media:«P» "t")`,
			"<p>a " + picture + `alt="&lt;P&gt; &#34;q&#34;" title="t" loading="lazy"></p>`},
		{"decorative", `a ![b](media:«P»){: role=none #x}`,
			"<p>a " + picture + `alt="" id="x" loading="lazy"></p>`},
		{"linked", "[![a](media:«P»)](/x)", `<figure><a href="/x">` + picture +
			`alt="a" loading="lazy"></a><figcaption>C &lt;d&gt; ` + credit},
		{"a sound", "![](media:«S»)", `<figure><audio controls="" preload="none" ` +
			`src="/media/s.mp3" aria-label="A &#34;talk&#34;"></audio></figure>`},
		{"a film", "![a](media:«F»)", `<figure><video controls="" preload="none" ` +
			`src="/media/f.mp4" width="16" height="9" poster="/media/f.jpg" aria-label="a"></video>` +
			`<figcaption><small class="credit">G</small></figcaption></figure>`},
		{"a film that nothing names", "![](media:«F»)", `<figure><video controls="" preload="none" ` +
			`src="/media/f.mp4" width="16" height="9" poster="/media/f.jpg"></video>` +
			`<figcaption><small class="credit">G</small></figcaption></figure>`},
		{"a film that nothing names, in a link", "a [![](media:«F»)](/x)",
			`<p>a <a href="/x">MP4</a></p>`},
		{"a document", "See ![](media:«D»).",
			`<p>See <a href="/media/d.pdf">D &lt;e&gt;</a>.</p>`},
		{"a document in a link", "[see ![](media:«D»)](/x) ![e](media:«D»)",
			`<p><a href="/x">see D &lt;e&gt;</a> <a href="/media/d.pdf">e</a></p>`},
		{"a sound in a link", "[![](media:«S»)](/x)",
			`<figure><a href="/x">A &#34;talk&#34;</a></figure>`},
		{"what readers may not see", "a\n\n![b](media:«X» \"c\")\n\nd ![e](media:«X»)",
			"<p>a</p>\n\n<p>d </p>"},
		{"words about places", "a data-medium=\"«P»\" `<img data-medium=\"«P»\">` ![](media:«X»)",
			expand(`<p>a data-medium="«P»" <code>&lt;img data-medium="«P»"&gt;</code> </p>`)},
		{"a gallery of which one may be seen",
			":::gallery{caption=c}\n![](media:«X»)\n![a](media:«S»)\n:::",
			"<figure class=\"gallery\">\n\n<figure><audio controls=\"\" preload=\"none\" " +
				"src=\"/media/s.mp3\" aria-label=\"a\"></audio></figure>\n" +
				"<figcaption>c</figcaption>\n</figure>"},
		{"a gallery of which none may be seen",
			"a\n\n:::gallery{caption=c}\n![](media:«X»)\n![](media:«X»)\n:::\n\nb",
			"<p>a</p>\n\n<p>b</p>"},
		{"no media", "a *b*", "<p>a <em>b</em></p>"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			stored := richtext.Markdown(expand(c.in), "").HTML
			got := richtext.Fill(stored, library)
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			checkFilled(t, stored, got)
		})
	}
}

// checkFilled checks that a filled body is what a browser reads it as: well nested, with nothing in
// it but what bodies and media bring.
func checkFilled(t reporter, stored, filled string) {
	t.Helper()
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(filled), body)
	if err != nil {
		t.Fatalf("%q filled as %q cannot be read: %v", stored, filled, err)
	}
	var again strings.Builder
	for _, n := range nodes {
		if err := html.Render(&again, n); err != nil {
			t.Fatalf("%v", err)
		}
		for d := range n.Descendants() {
			for _, a := range d.Attr {
				if a.Key == "data-medium" || strings.HasPrefix(a.Key, "on") || a.Val == "media:" {
					t.Fatalf("%q filled as %q has %s", stored, filled, a.Key)
				}
			}
		}
	}
	tidy := strings.NewReplacer("/>", ">", "&#39;", "'", "&#34;", `"`)
	if tidy.Replace(again.String()) != tidy.Replace(filled) {
		t.Fatalf("%q filled as %q is read as %q", stored, filled, again.String())
	}
}

func TestAnyBodyIsFilledWell(t *testing.T) {
	t.Parallel()
	scraps := []string{"![a](media:«P»)", "![](media:«S» \"t\")", "![](media:«X» \"t\")",
		"[![a](media:«D»)](/x)", "\n", "\n\n", "> ", "- ", "words ", "**", "`", "<figure>",
		"</figure>", "<figcaption>", "</figcaption>", `<img src="media:«P»" alt='"'>`,
		`<img src=media:«D»>`, `<a href="/y">`, "</a>", "<p>", "</p>", "<div>", "</div>", "|a|\n|-|\n|",
		`<video src="media:«F»">`, "</video>", `data-medium="«P»"`, "<img data-medium=«X»>", "&lt;"}
	filled := 0
	rapid.Check(t, func(t *rapid.T) {
		source := expand(strings.Join(rapid.SliceOfN(rapid.SampledFrom(scraps), 1, 20).Draw(t,
			"scraps"), ""))
		for _, stored := range []string{richtext.Markdown(source, "").HTML,
			richtext.HTML(source).HTML} {
			checkStable(t, stored)
			checkFilled(t, stored, richtext.Fill(stored, library))
			filled += len(richtext.MediaIDs(stored))
			nothing := func(string) (richtext.Medium, bool) { return richtext.Medium{}, false }
			if left := richtext.Fill(stored, nothing); len(richtext.MediaIDs(left)) > 0 {
				t.Fatalf("%q leaves %q", stored, left)
			}
		}
	})
	if filled == 0 {
		t.Error("nothing was filled")
	}
}

func BenchmarkFill(b *testing.B) {
	body := strings.Repeat("<p>"+strings.Repeat("words and more ", 20)+"</p>\n", 20)
	pictures := richtext.Markdown(strings.Repeat(expand("words\n\n![a](media:«P»)\n\n"), 20), "").HTML
	for _, c := range []struct{ name, html string }{
		{"none", body},
		{"twenty", body + pictures},
	} {
		b.Run(fmt.Sprintf("%s/%d", c.name, len(c.html)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				richtext.Fill(c.html, library)
			}
		})
	}
}
