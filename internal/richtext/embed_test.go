package richtext_test

import (
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/richtext"
)

// embedAddresses are addresses of pages and frames, and what they are embedded as: provider, page,
// frame.
var embedAddresses = map[string][3]string{
	"https://www.youtube.com/watch?v=aBc_12-xY&feature=share&t=1m30s": {"youtube",
		"https://www.youtube.com/watch?v=aBc_12-xY&t=90",
		"https://www.youtube-nocookie.com/embed/aBc_12-xY?start=90"},
	"http://youtu.be/aBc?si=tracking": {"youtube", "https://www.youtube.com/watch?v=aBc",
		"https://www.youtube-nocookie.com/embed/aBc"},
	"//www.youtube.com/embed/aBc?rel=0": {"youtube", "https://www.youtube.com/watch?v=aBc",
		"https://www.youtube-nocookie.com/embed/aBc"},
	"https://youtube.com/shorts/aBc": {"youtube", "https://www.youtube.com/shorts/aBc",
		"https://www.youtube-nocookie.com/embed/aBc"},
	"https://www.youtube.com/playlist?list=PLx": {"youtube",
		"https://www.youtube.com/playlist?list=PLx",
		"https://www.youtube-nocookie.com/embed/videoseries?list=PLx"},
	"https://player.vimeo.com/video/123?h=0aB&title=0": {"vimeo", "https://vimeo.com/123/0aB",
		"https://player.vimeo.com/video/123?dnt=1&h=0aB"},
	"https://vimeo.com/channels/staff/123": {"vimeo", "https://vimeo.com/123",
		"https://player.vimeo.com/video/123?dnt=1"},
	"https://twitter.com/ada/status/1234?ref_src=x": {"x", "https://x.com/ada/status/1234",
		"https://platform.twitter.com/embed/Tweet.html?dnt=true&id=1234"},
	"https://x.com/i/web/status/1234": {"x", "https://x.com/i/status/1234",
		"https://platform.twitter.com/embed/Tweet.html?dnt=true&id=1234"},
	"https://www.instagram.com/ada/reel/Xy_1/?utm_source=x": {"instagram",
		"https://www.instagram.com/reel/Xy_1/", "https://www.instagram.com/reel/Xy_1/embed/"},
	"https://www.facebook.com/ada/posts/12?__cft__=x": {"facebook",
		"https://www.facebook.com/ada/posts/12",
		"https://www.facebook.com/plugins/post.php?show_text=true&href=" +
			"https%3A%2F%2Fwww.facebook.com%2Fada%2Fposts%2F12"},
	"https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Ffacebook.com%2Fwatch%2F%3Fv%3D1": {
		"facebook", "https://www.facebook.com/watch/?v=1",
		"https://www.facebook.com/plugins/video.php?show_text=true&href=" +
			"https%3A%2F%2Fwww.facebook.com%2Fwatch%2F%3Fv%3D1"},
	"https://fb.watch/aB/": {"facebook", "https://fb.watch/aB/",
		"https://www.facebook.com/plugins/video.php?show_text=true&href=https%3A%2F%2Ffb.watch%2FaB%2F"},
	"https://www.tiktok.com/@ada.b/video/7?is=1": {"tiktok", "https://www.tiktok.com/@ada.b/video/7",
		"https://www.tiktok.com/player/v1/7"},
	"https://soundcloud.com/ada/sets/talks?si=x": {"soundcloud", "https://soundcloud.com/ada/sets/talks",
		"https://w.soundcloud.com/player/?url=https%3A%2F%2Fsoundcloud.com%2Fada%2Fsets%2Ftalks"},
	"https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/12&auto_play=true": {
		"soundcloud", "https://w.soundcloud.com/player/?url=https%3A%2F%2Fapi.soundcloud.com%2Ftracks%2F12",
		"https://w.soundcloud.com/player/?url=https%3A%2F%2Fapi.soundcloud.com%2Ftracks%2F12"},
	"https://open.spotify.com/intl-de/episode/4aB?si=x": {"spotify",
		"https://open.spotify.com/episode/4aB", "https://open.spotify.com/embed/episode/4aB"},
	"https://datawrapper.dwcdn.net/aBcDe/3/": {"datawrapper", "https://datawrapper.dwcdn.net/aBcDe/3/",
		"https://datawrapper.dwcdn.net/aBcDe/3/"},
	"https://www.datawrapper.de/_/aBcDe/": {"datawrapper", "https://datawrapper.dwcdn.net/aBcDe/",
		"https://datawrapper.dwcdn.net/aBcDe/"},
	"https://flo.uri.sh/visualisation/12/embed": {"flourish",
		"https://public.flourish.studio/visualisation/12/", "https://flo.uri.sh/visualisation/12/embed"},
	"https://www.openstreetmap.org/?mlat=38.55&mlon=68.77#map=12/38.55/68.77": {"openstreetmap",
		"https://www.openstreetmap.org/?mlat=38.55&mlon=68.77#map=12/38.55/68.77",
		"https://www.openstreetmap.org/export/embed.html?bbox=" +
			"68.66700%2C38.49630%2C68.87300%2C38.60370&layer=mapnik&marker=38.55%2C68.77"},
	"https://www.openstreetmap.org/export/embed.html?bbox=1,2,3,4&layer=mapnik": {"openstreetmap",
		"https://www.openstreetmap.org/export/embed.html?bbox=1%2C2%2C3%2C4&layer=mapnik",
		"https://www.openstreetmap.org/export/embed.html?bbox=1%2C2%2C3%2C4&layer=mapnik"},
	"https://www.google.com/maps/place/Khujand+Fortress/@40.28,69.62,15z/data=x": {"google-maps",
		"https://www.google.com/maps?q=Khujand+Fortress",
		"https://www.google.com/maps?q=Khujand+Fortress&output=embed"},
	"https://www.google.com/maps/embed?pb=!1m2": {"google-maps",
		"https://www.google.com/maps/embed?pb=%211m2", "https://www.google.com/maps/embed?pb=%211m2"},
}

func TestAddressesAreEmbeddedWithoutTracking(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for address, want := range embedAddresses {
		got, ok := richtext.EmbedOf(address)
		if !ok || got.Provider != want[0] || got.URL != want[1] || got.Src != want[2] {
			t.Errorf("%s\ngot  %+v\nwant %v", address, got, want)
		}
		if again, ok := richtext.EmbedOf(got.URL); !ok || again.URL != got.URL ||
			again.Src != got.Src || again.Height != got.Height {
			t.Errorf("%s becomes %s, and that %+v", address, got.URL, again)
		}
		if got.Width < 100 || got.Height < 100 {
			t.Errorf("%s has the size %d × %d", address, got.Width, got.Height)
		}
		seen[got.Provider] = true
	}
	for _, name := range richtext.Providers() {
		if !seen[name] {
			t.Errorf("no address of %s is tested", name)
		}
	}
}

func TestOtherAddressesAreNotEmbedded(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"", "https://example.org/", "ftp://youtube.com/watch?v=a", "javascript:alert(1)",
		"https://youtube.com.example.org/watch?v=a", "https://evil-youtube.com/watch?v=a",
		"https://user@youtube.com/watch?v=a", "https://youtube.com:8080/watch?v=a",
		"https://www.youtube.com/", "https://www.youtube.com/watch?v=a%22b", "https://youtu.be/a%22b",
		"https://www.youtube.com/@ada", "https://vimeo.com/about", "https://x.com/ada",
		"https://www.instagram.com/ada/", "https://www.facebook.com/ada",
		"https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fevilfacebook.com%2Fa%2Fposts%2F1",
		"https://w.soundcloud.com/player/?url=https%3A//evil.example/soundcloud.com",
		"https://open.spotify.com/user/ada", "https://www.google.com/search?q=maps",
		"https://www.openstreetmap.org/about", "https://maps.google.com/", "https://%zz",
		"https://youtu.be/" + strings.Repeat("a", 3000),
	} {
		if got, ok := richtext.EmbedOf(address); ok {
			t.Errorf("%s is embedded as %+v", address, got)
		}
	}
}

// film is the embed of a film as it is stored.
func film(id, title, caption string) string {
	if caption != "" {
		caption = "<figcaption>" + caption + "</figcaption>"
	}
	return `<figure class="embed" data-provider="youtube" ` +
		`data-src="https://www.youtube-nocookie.com/embed/` + id +
		`" data-width="560" data-height="315"><a href="https://www.youtube.com/watch?v=` + id + `">` +
		title + `</a>` + caption + `</figure>`
}

const aFilm = "https://www.youtube.com/watch?v=a"

func TestDirectivesInMarkdown(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, in, want string }{
		{"an embed", `::embed{url="https://youtu.be/a" title="Ada's \"talk\" &amp; more"}`,
			film("a", `Ada's "talk" &amp; more`, "")},
		{"an embed without title", "a\n::embed{url=https://youtu.be/a}\nb",
			"<p>a</p>\n" + film("a", aFilm, "") + "\n<p>b</p>"},
		{"the size of an embed", `::embed{url="https://youtu.be/a" width=300 height='200'}`,
			strings.NewReplacer("560", "300", "315", "200").Replace(film("a", aFilm, ""))},
		{"an embed in a list", "- a\n\n  ::embed{url=\"https://youtu.be/a\"}",
			"<ul>\n<li>\n<p>a</p>\n" + film("a", aFilm, "") + "\n</li>\n</ul>"},
		{"an aside", ":::aside{title=\"T <i>\"}\nOne *two*\n\n- three\n:::\nfour",
			"<aside>\n<p class=\"title\">T &lt;i&gt;</p>\n<p>One <em>two</em></p>\n<ul>\n" +
				"<li>three</li>\n</ul>\n</aside>\n<p>four</p>"},
		{"a fact box", "::: factbox\na\n:::", "<aside class=\"factbox\">\n<p>a</p>\n</aside>"},
		{"one in another", ":::: aside\na\n::: factbox\nb\n:::\nc\n::::\nd",
			"<aside>\n<p>a</p>\n<aside class=\"factbox\">\n<p>b</p>\n</aside>\n<p>c</p>\n</aside>\n<p>d</p>"},
		{"one that does not end", ":::aside\na\n\n:::factbox\nb",
			"<aside>\n<p>a</p>\n<aside class=\"factbox\">\n<p>b</p>\n</aside>\n</aside>"},
		{"in a quotation", "> :::aside\n> a\n\nb",
			"<blockquote>\n<aside>\n<p>a</p>\n</aside>\n</blockquote>\n<p>b</p>"},
		{"code in it", ":::aside\n```\n:::\n```\n:::\na",
			"<aside>\n<pre><code>:::\n</code></pre>\n</aside>\n<p>a</p>"},
		{"code is left alone", "```\n:::aside\n::embed{url=x}\n```\n\n    :::aside\n\n`::embed{}`",
			"<pre><code>:::aside\n::embed{url=x}\n</code></pre>\n<pre><code>:::aside\n</code></pre>\n" +
				"<p><code>::embed{}</code></p>"},
		{"text", "a ::embed{url=x}\n\n::: other\n\n:::\n\n::\n\n:::asides\n\n::: aside x",
			"<p>a ::embed{url=x}</p>\n<p>::: other</p>\n<p>:::</p>\n<p>::</p>\n<p>:::asides</p>\n" +
				"<p>::: aside x</p>"},
		{"a gallery", ":::gallery\n![a](media:«P» \"c\")\n![b](/x.png)\n\nWords of *all*.\n:::",
			"<figure class=\"gallery\">\n" + figure("a", "c") +
				"\n<figure><img src=\"/x.png\" alt=\"b\"></figure>\n" +
				"<figcaption>Words of <em>all</em>.</figcaption>\n</figure>"},
		{"a gallery of one", ":::gallery{caption=\"d\"}\n![a](media:«P»)\n:::",
			"<figure class=\"gallery\">\n" + figure("a", "") + "\n<figcaption>d</figcaption>\n</figure>"},
		{"a gallery of none", ":::gallery\na\n:::\n\n:::gallery\n:::", "<p>a</p>"},
		{"an address alone on a line is a link", "a\n\nhttps://youtu.be/a",
			"<p>a</p>\n<p><a href=\"https://youtu.be/a\">https://youtu.be/a</a></p>"},
		{"an unknown site is a link", `::embed{url="https://video.example/a" title="T"}`,
			`<p><a href="https://video.example/a">T</a></p>`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := richtext.Markdown(expand(c.in), "")
			if got.HTML != c.want {
				t.Errorf("got  %q\nwant %q", got.HTML, c.want)
			}
			checkAll(t, expand(c.in))
		})
	}
}

func TestDirectivesThatMeanNothingAreProblems(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"::embed":                           richtext.Invalid,
		"::embed{}":                         richtext.Invalid,
		`::embed{src="https://youtu.be/a"}`: richtext.Invalid,
		`::embed{url="https://youtu.be/a" onload=}`: richtext.Invalid,
		`::embed{url="javascript:alert(1)"}`:        richtext.Invalid,
		`::embed{url="//youtu.be/a"}`:               richtext.Invalid,
		`:::aside{name="x"}`:                        richtext.Invalid,
		`:::gallery{title="x"}`:                     richtext.Invalid,
		`::embed{url="https://video.example/"}`:     richtext.Unknown,
	} {
		got := richtext.Markdown(source+"\n\nhttps://a.example", "")
		if len(got.Problems) != 1 || got.Problems[0].Code != want ||
			!strings.HasSuffix(got.Problems[0].Detail, ".") {
			t.Errorf("%s: problems %v", source, got.Problems)
		}
		checkAll(t, source)
	}
	got := richtext.Markdown(`::embed{url="https://video.example/"}`, "")
	if len(got.Warnings) != 1 || got.Warnings[0].Code != richtext.Linked {
		t.Errorf("warnings %v", got.Warnings)
	}
	if deep := richtext.Markdown(strings.Repeat(":::aside\n", 1000)+"a", ""); strings.Count(deep.HTML,
		"<aside>") != 4 || !strings.Contains(deep.Text, ":::aside a") {
		t.Errorf("%d asides hold one another", strings.Count(deep.HTML, "<aside>"))
	}
}

func TestEmbedsOfOtherSystemsInHTML(t *testing.T) {
	t.Parallel()
	const tweet = `<figure class="embed" data-provider="x" data-src="https://platform.twitter.com/` +
		`embed/Tweet.html?dnt=true&amp;id=12" data-width="550" data-height="600">` +
		`<a href="https://x.com/ada/status/12">One two — Ada (@ada) May 1</a></figure>`
	cases := []struct{ name, in, want string }{
		{"a frame", `<p>b</p><iframe src="//www.youtube.com/embed/a?rel=0" title="T"></iframe><p>c</p>`,
			"<p>b</p>" + film("a", "T", "") + "<p>c</p>"},
		{"a frame in a paragraph", `<p><iframe src="https://www.youtube.com/embed/a"></iframe></p>`,
			film("a", aFilm, "")},
		{"a frame with its size", `<iframe src="https://youtu.be/a" width="100%" height="300"></iframe>`,
			strings.Replace(film("a", aFilm, ""), "315", "300", 1)},
		{"a frame in a figure",
			`<figure id="f"><iframe src="https://youtu.be/a"></iframe><figcaption>c</figcaption></figure>`,
			strings.Replace(film("a", aFilm, "c"), `315">`, `315" id="f">`, 1)},
		{"a block of WordPress", `<figure class="wp-block-embed is-type-video"><div class="wp-block-embed__wrapper">
https://youtu.be/a
</div><figcaption>c</figcaption></figure>`, film("a", aFilm, "c")},
		{"a card of Ghost", `<figure class="kg-card kg-embed-card"><iframe width="200" src="https://youtu.be/a"></iframe><figcaption><p>c</p></figcaption></figure>`,
			strings.Replace(film("a", aFilm, "<p>c</p>"), "560", "200", 1)},
		{"a light film", `<lite-youtube videoid="a" playlabel="T"></lite-youtube>`, film("a", "T", "")},
		{"a post", `<blockquote class="twitter-tweet" data-lang="en"><p lang="en">One<br>two <a href="https://twitter.com/b/status/1">x</a></p>&mdash; Ada (@ada) <a href="https://twitter.com/ada/status/12?ref_src=x">May 1</a></blockquote>`,
			strings.Replace(tweet, "two —", "two x —", 1)},
		{"a post of Instagram", `<blockquote class="instagram-media"><a href="https://www.instagram.com/p/aB/?utm_source=x">A post</a></blockquote>`,
			`<figure class="embed" data-provider="instagram" data-src="https://www.instagram.com/p/aB/embed/" data-width="400" data-height="700"><a href="https://www.instagram.com/p/aB/">A post</a></figure>`},
		{"a film of TikTok", `<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@ada/video/7"><section>A film</section></blockquote>`,
			`<figure class="embed" data-provider="tiktok" data-src="https://www.tiktok.com/player/v1/7" data-width="325" data-height="580"><a href="https://www.tiktok.com/@ada/video/7">A film</a></figure>`},
		{"a post of Facebook", `<div class="fb-post" data-href="https://www.facebook.com/ada/posts/1" data-width="500"></div>`,
			`<figure class="embed" data-provider="facebook" data-src="https://www.facebook.com/plugins/post.php?show_text=true&amp;href=https%3A%2F%2Fwww.facebook.com%2Fada%2Fposts%2F1" data-width="500" data-height="600"><a href="https://www.facebook.com/ada/posts/1">https://www.facebook.com/ada/posts/1</a></figure>`},
		{"a script of Datawrapper", `<script src="https://datawrapper.dwcdn.net/aB/embed.js"></script>`,
			`<figure class="embed" data-provider="datawrapper" data-src="https://datawrapper.dwcdn.net/aB/" data-width="600" data-height="400"><a href="https://datawrapper.dwcdn.net/aB/">https://datawrapper.dwcdn.net/aB/</a></figure>`},
		{"a gist", `<script src="https://gist.github.com/ada/12.js"></script>`,
			`<p><a href="https://gist.github.com/ada/12">https://gist.github.com/ada/12</a></p>`},
		{"our own", film("a", "T", "c <em>d</em>"), film("a", "T", "c <em>d</em>")},
		{"a forged frame", strings.Replace(film("a", "T", ""), "www.youtube-nocookie.com", "evil.example", 1),
			film("a", "T", "")},
		{"a forged provider", `<figure class="embed" data-provider="x" data-src="https://evil.example/"><a href="https://evil.example/">T</a></figure>`,
			`<p><a href="https://evil.example/">T</a></p>`},
		{"no embed", `<figure class="embed" data-width="3"><p>a</p></figure><figure data-src="x" data-width="3">b</figure>`,
			"<figure><p>a</p></figure><figure>b</figure>"},
		{"an unknown post", `<blockquote class="twitter-tweet"><p>a</p></blockquote>`,
			"<blockquote><p>a</p></blockquote>"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := richtext.HTML(c.in).HTML; got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			checkAll(t, c.in)
		})
	}
}

func TestGalleriesAndCaptionsOfOtherSystems(t *testing.T) {
	t.Parallel()
	img := func(n, caption string) string {
		if caption != "" {
			caption = "<figcaption>" + caption + "</figcaption>"
		}
		return "\n<figure><img src=\"/" + n + `.png" alt="` + n + `">` + caption + "</figure>"
	}
	gallery := func(inner string) string { return `<figure class="gallery">` + inner + "\n</figure>" }
	a, b := `<img src="/a.png" alt="a">`, `<img src="/b.png" alt="b">`
	cases := []struct{ name, in, want string }{
		{"WordPress", `<figure class="wp-block-gallery columns-2"><figure class="wp-block-image">` + a +
			`<figcaption>x</figcaption></figure><figure>` + b + `</figure><figcaption>y</figcaption></figure>`,
			gallery(img("a", "x") + img("b", "") + "\n<figcaption>y</figcaption>")},
		{"WordPress 5", `<figure class="wp-block-gallery"><ul class="blocks-gallery-grid"><li class="blocks-gallery-item"><figure>` +
			a + `</figure></li><li><figure>` + b + `</figure></li></ul></figure>`, gallery(img("a", "") + img("b", ""))},
		{"WordPress 5.0", `<ul class="wp-block-gallery"><li><figure>` + a + `</figure></li></ul>`,
			gallery(img("a", ""))},
		{"classic WordPress", `<div id="gallery-1" class="gallery gallery-columns-3"><dl class="gallery-item"><dt class="gallery-icon">` +
			a + `</dt><dd class="wp-caption-text gallery-caption">x</dd></dl><br><dl><dt>` + b + `</dt></dl></div>`,
			strings.Replace(gallery(img("a", "x")+img("b", "")), `class`, `id="gallery-1" class`, 1)},
		{"Ghost", `<figure class="kg-card kg-gallery-card"><div class="kg-gallery-container"><div class="kg-gallery-row"><div>` +
			a + `</div><div>` + b + `</div></div></div><figcaption>y</figcaption></figure>`,
			gallery(img("a", "") + img("b", "") + "\n<figcaption>y</figcaption>")},
		{"a caption of WordPress", `<div id="attachment_1" class="wp-caption alignleft">` + a +
			`<p class="wp-caption-text">x <em>y</em></p></div>`,
			`<figure id="attachment_1">` + a + `<figcaption>x <em>y</em></figcaption></figure>`},
		{"a box that is no gallery", `<div class="gallery">a<p>b</p></div><div class="gallery">c</div><div class="gallery"><p>d</p></div>`,
			"<figure>a<p>b</p></figure><p>c</p><p>d</p>"},
		{"an aside", `<aside class="note"><h3 id="h">a</h3>b</aside>`, `<aside><h3 id="h">a</h3>b</aside>`},
		{"a title that is none", `<p class="title">a</p><aside><p>b</p><p class="title">c</p></aside>`,
			"<p>a</p><aside><p>b</p><p>c</p></aside>"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := richtext.HTML(c.in).HTML; got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			checkAll(t, c.in)
		})
	}
}

func FuzzDirective(f *testing.F) {
	for _, s := range []string{
		`::embed{url="https://youtu.be/a" title="b"}`, "url='https://x.com/a/status/1'", "\\\"", "&quot;",
		":::gallery\n![a](/b.png)\n:::", ":::aside{title=x}\na\n:::", "- a\n  :::factbox\n  b",
		"```\n:::\n```", `<iframe src="https://youtu.be/a">`, `<div class="gallery"><img src=/a>`,
		`<figure class="embed"><a href="https://vimeo.com/1">`, `<p class="title">a`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) < 10_000 {
			checkAll(t, s)
			checkAll(t, `::embed{url="https://youtu.be/a" title="`+s+`"}`)
			checkAll(t, ":::aside{title=\""+s+"\"}\n"+s+"\n:::\n\n:::gallery\n"+s)
		}
	})
}
