package exchange

import (
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// bringing returns options that bring pictures: the medium of each is its path or address. What was
// brought is noted in seen.
func bringing(t *testing.T, seen map[string]Picture) Options {
	return Options{FetchPictures: true, Picture: func(it *Item, p Picture) string {
		id := p.Address
		if p.Open != nil {
			file, err := p.Open()
			if err != nil {
				t.Error(err)
				return ""
			}
			defer file.Close()
			if raw, err := io.ReadAll(file); err != nil || string(raw) != p.File {
				t.Errorf("%s holds %q: %v", p.File, raw, err)
			}
			id = p.File
		}
		p.Open = nil
		seen[id] = p
		return id
	}}
}

// site is a folder with pictures that say where they lie, and a page of that text.
func site(page string, names ...string) fstest.MapFS {
	files := fstest.MapFS{"content/news/a/index.md": {Data: []byte(page)}}
	for _, name := range names {
		files[name] = &fstest.MapFile{Data: []byte(name)}
	}
	return files
}

func TestPicturesOfABodyAreBrought(t *testing.T) {
	t.Parallel()
	names := []string{"content/news/a/own.png", "content/news/b.png", "static/img/root.jpg",
		"assets/with space.png", "assets/pipes.gif", "content/news/a/own_(1).png"}
	for text, want := range map[string]string{
		"![A](own.png)":                               "![A](media:content/news/a/own.png)",
		"![A](./own.png \"The *quay*\")":              "![A](media:content/news/a/own.png \"The *quay*\")",
		"![](<../b.png>)":                             "![](media:content/news/b.png)",
		"x ![A](/img/root.jpg?v=2) y":                 "x ![A](media:static/img/root.jpg) y",
		"![A](/with%20space.png)":                     "![A](media:assets/with space.png)",
		"![A](pipes.gif)":                             "![A](media:assets/pipes.gif)",
		"![A]({{ site.baseurl }}/img/root.jpg)":       "![A](media:static/img/root.jpg)",
		"<img class=x src=\"own.png\" alt=\"A\">":     "<img class=x src=\"media:content/news/a/own.png\" alt=\"A\">",
		"[![A](own.png)](https://example.org)":        "[![A](media:content/news/a/own.png)](https://example.org)",
		"![A](https://example.org/a.png)":             "![A](media:https://example.org/a.png)",
		"<img src='//example.org/a.png?b&amp;c'>":     "<img src='media:https://example.org/a.png?b&c'>",
		"{{< figure src=\"own.png\" alt=\"A\" >}}":    "![A](media:content/news/a/own.png)",
		"![A](</with space.png>)":                     "![A](media:assets/with space.png)",
		"<img src=\"/with space.png\">":               "<img src=\"media:assets/with space.png\">",
		"![A](own_(1).png)":                           "![A](media:content/news/a/own_(1).png)",
		"![A](root)":                                  "![A](media:static/img/root.jpg)",
		"{{< img src=\"root\" >}}":                    "![An old root](media:static/img/root.jpg)",
		"{{< my-img-right src=\"root\" alt=\"A\" >}}": "![A](media:static/img/root.jpg)",
		"![A][x y] ![x Y][]\n\n[X Y]: <own.png> \"C\"": "![A](media:content/news/a/own.png \"C\") " +
			"![x Y](media:content/news/a/own.png \"C\")",
		"[![A][one]](/to) ![one]\n\n[one]: /img/root.jpg": "[![A](media:static/img/root.jpg)](/to) " +
			"![one](media:static/img/root.jpg)\n\n[one]: /img/root.jpg",
		"![A][w]\n\n[w]: https://example.org/w.png": "![A](media:https://example.org/w.png)\n\n" +
			"[w]: https://example.org/w.png",
		"`![A](own.png)`":                             "`![A](own.png)`",
		"```\n![A](own.png)\n```":                     "```\n![A](own.png)\n```",
		"![A](media:x) ![B](data:image/png;base64,)":  "![A](media:x) ![B](data:image/png;base64,)",
		"![A](/none.png) ![B](none.png) [C](own.png)": "![A](/none.png)  C",
	} {
		files := site("---\ntitle: T\n---\n"+text, names...)
		files["data/images/root.yml"] = &fstest.MapFile{Data: []byte("alt: An old root\n")}
		items := slices.Collect(Markdown(files, bringing(t, map[string]Picture{})))
		if got := strings.TrimSpace(items[0].Body); got != want {
			t.Errorf("%s\n got  %q\n want %q", text, got, want)
		}
		if left := slices.Collect(Markdown(files, Options{}))[0]; strings.Contains(left.Body,
			"media:c") {
			t.Errorf("%s: without a place for media it is %q", text, left.Body)
		}
	}
}

func TestDataOfASiteDescribesItsPictures(t *testing.T) {
	t.Parallel()
	files := site("---\ntitle: T\nprimary_image: quay-7\n---\n{{< img src=\"quay-7\" >}}\n"+
		"{{< img src=\"gone-8\" >}}", "assets/pictures/quay-7.jpg")
	files["data/images/quay-7.yml"] = &fstest.MapFile{
		Data: []byte("uid: quay-7\nalt: A quay\ncaption: The quay\ncredit: Ada\n"),
	}
	seen := map[string]Picture{}
	it := slices.Collect(Markdown(files, bringing(t, seen)))[0]
	const file = "assets/pictures/quay-7.jpg"
	if got := seen[file]; it.Image != file || got.Alt != "A quay" {
		t.Errorf("the image is %q, of it is said %+v", it.Image, got)
	}
	want := "<figure>\n<img src=\"media:" + file + "\" alt=\"A quay\">\n<figcaption>The quay " +
		"<cite>Ada</cite></figcaption>\n</figure>"
	if strings.TrimSpace(it.Body) != want {
		t.Errorf("the body is %s", it.Body)
	}
	if len(it.Pictures) != 1 || it.Pictures[0].Address != "gone-8" {
		t.Errorf("missing are %v", it.Pictures)
	}
}

func TestMissingPicturesAreNamed(t *testing.T) {
	t.Parallel()
	page := "---\ntitle: T\nimage: /gone.jpg\n---\n![A](/none.png) ![B](https://example.org/a.png)"
	options := bringing(t, map[string]Picture{})
	options.FetchPictures = false
	it := slices.Collect(Markdown(site(page), options))[0]
	want := []PictureUse{
		{Address: "/gone.jpg", Result: Missing, Reason: "the source has no such file"},
		{Address: "/none.png", Result: Missing, Reason: "the source has no such file"},
	}
	if !slices.Equal(it.Pictures, want) || it.Image != "" {
		t.Errorf("pictures %v, image %q", it.Pictures, it.Image)
	}
}

func TestFrontMatterNamesThePictureOfAnItem(t *testing.T) {
	t.Parallel()
	whole := Picture{Alt: "A", Caption: "C", Credit: "D"}
	for front, want := range map[string]Picture{
		"image: own.png":  {},
		"image: /own.png": {},
		"featured_image: own.png\nfeatured_image_alt: A\nimage_caption: C\nimage_credit: D": whole,
		"hero:\n  src: own.png\n  alt: A\n  caption: C\n  credit: D":                        whole,
		"cover:\n  image: own.png\n  alt: A\n  caption: C\n  attribution: D":                whole,
		"images:\n  - own.png\n  - b.png":                                                   {},
		"header:\n  teaser: own.png":                                                        {},
		"image: https://example.org/own.png\nimage_alt: A":                                  {Alt: "A"},
		"image: some-id\nthumbnail: own.png":                                                {},
	} {
		seen := map[string]Picture{}
		page := "---\ntitle: T\n" + front + "\n---\nText"
		it := slices.Collect(Markdown(site(page, "content/news/a/own.png", "own.png"),
			bringing(t, seen)))[0]
		if it.Image == "" || len(seen) != 1 {
			t.Errorf("%s: image %q, %v", front, it.Image, slices.Collect(maps.Keys(seen)))
			continue
		}
		got := seen[it.Image]
		if got.Alt != want.Alt || got.Caption != want.Caption || got.Credit != want.Credit {
			t.Errorf("%s: %+v", front, got)
		}
		for _, name := range it.Ignored {
			if name != "image" {
				t.Errorf("%s: %s is ignored", front, name)
			}
		}
	}
}

func TestLinksByNameLeadToPages(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"a.md": {Data: []byte("---\ntitle: A\n---\n[[b]] [[b|The other]] [[none]] [[1]](https://e.org)" +
			" {{< relref path=\"b.md\" lang=\"ar\" >}}")},
		"b.md":    {Data: []byte("---\ntitle: B\n---\n")},
		"b.ar.md": {Data: []byte("---\ntitle: B\n---\n")},
	}
	it := slices.Collect(Markdown(files, Options{Locale: "en",
		ArticleURL: func(_ *Item, slug string) string { return "/" + slug }}))[0]
	want := "[b](</b>) [The other](</b>) none [[1]](https://e.org) /b-ar"
	if it.Body != want {
		t.Errorf("got  %q\nwant %q", it.Body, want)
	}
}

func TestTemplatesOfOtherSystemsAreNamed(t *testing.T) {
	t.Parallel()
	for _, markup := range []string{"{{ .Site.Title }}", `{{ partial "x.html" . }}`, "{{{body}}}",
		"<%= title %>", "{{- range .Pages -}}", "<% if x %>"} {
		it := bodyOf(t, "a"+markup+"b", RemoveMarkup)
		if it.Body != "ab" || len(it.Markup) != 1 || it.Markup[0].Converted {
			t.Errorf("%s: %q, %v", markup, it.Body, it.Markup)
		}
	}
}

func TestTheSoundOfAnItemIsBrought(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"a/index.md": {Data: []byte("---\ntitle: A\naudio: {src: talk.mp3}\n---\nB\n")},
		"a/talk.mp3": {Data: []byte("sound")},
		"b.md":       {Data: []byte("---\ntitle: B\npodcast: /talk.txt\n---\nB\n")},
	}
	var brought []string
	for item := range Markdown(files, Options{
		Picture: func(_ *Item, p Picture) string {
			brought = append(brought, p.File)
			return "id"
		},
	}) {
		if want := map[string]string{"A": "id"}[item.Title]; item.Audio != want {
			t.Errorf("%s has the sound %q, want %q", item.Title, item.Audio, want)
		}
	}
	if !slices.Equal(brought, []string{"a/talk.mp3"}) {
		t.Errorf("brought are %q", brought)
	}
}
