package exchange

import (
	"cmp"
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/masthead-cms/masthead/internal/richtext"
)

// meanings are the calls that have a counterpart in Markdown, by name.
var meanings = map[string]func(*converter, *call) (markdown string, ok bool){
	"figure": (*converter).picture, "img": (*converter).picture, "image": (*converter).picture,
	"picture": (*converter).picture, "photo": (*converter).picture,
	"responsive-image": (*converter).picture, "image_with_class": (*converter).picture,
	"quote": statedQuotation, "blockquote": statedQuotation, "pullquote": statedQuotation,
	"quote-block": statedQuotation,

	"youtube":     embed("https://www.youtube.com/watch?v="),
	"yt":          embed("https://www.youtube.com/watch?v="),
	"vimeo":       embed("https://vimeo.com/"),
	"dailymotion": embed("https://www.dailymotion.com/video/"),
	"instagram":   embed("https://www.instagram.com/p/"),
	"gist":        embed("https://gist.github.com/"),
	"tweet":       embed("https://twitter.com/"), "twitter": embed("https://twitter.com/"),
	"x":       embed("https://x.com/"),
	"tiktok":  embed("https://www.tiktok.com/@_/video/"),
	"spotify": embed("https://open.spotify.com/"),
	"video":   embed(""), "audio": embed(""), "iframe": embed(""), "embed": embed(""),
	"soundcloud": embed(""), "facebook": embed(""), "mastodon": embed(""), "bluesky": embed(""),
	"podcast": embed(""), "pdf": embed(""), "peertube": embed(""), "codepen": embed(""),
	"video_embed": embed(""), "oembed": embed(""), "embed-video": embed(""),

	"ref": (*converter).reference, "relref": (*converter).reference,
	"post_url": (*converter).reference, "link": (*converter).reference,
	"get_url": (*converter).reference,
}

// pictureName matches the names that sites give to shortcodes of pictures, such as img-right.
var pictureName = regexp.MustCompile(
	`(?:^|[_-])(?:img|image|picture|photo|figure)(?:[_-]|$)`)

// enclosing are the calls that have a meaning with the text they enclose.
var enclosing = map[string]func(*converter, *call, string) string{
	"highlight": codeBlock, "code": codeBlock,
	"quote": quotation, "blockquote": quotation, "pullquote": quotation, "quote-block": quotation,
	"epigraph": quotation, "details": details, "expand": details, "spoiler": details,
	"comment": func(*converter, *call, string) string { return "" },
	"raw":     func(_ *converter, _ *call, inner string) string { return inner },
	"rawhtml": func(_ *converter, _ *call, inner string) string { return inner },
	"button":  buttonLink,
}

// literalCalls are the enclosing calls whose text is not converted itself.
var literalCalls = []string{"highlight", "code", "comment", "raw", "rawhtml"}

// callMeaning writes what a call means, and returns the size of the text that it takes up.
func (c *converter) callMeaning(call *call, text string, offset int) int {
	c.at = offset
	if meaning, ok := enclosing[call.name]; ok && !call.closing {
		after := text[len(call.text):min(len(text), len(call.text)+maxLookup)]
		if start, end := call.findClosing(after); end > 0 {
			c.note(offset, call.name, call.text, true)
			inner := after[:start]
			if !slices.Contains(literalCalls, call.name) {
				inner = c.converted(inner, offset+len(call.text))
			}
			c.out.WriteString(meaning(c, call, inner))
			return len(call.text) + end
		}
		c.failures++
	}
	meaning, ok := c.meaning(call, offset)
	c.give(offset, call.name, call.text, meaning, ok)
	return len(call.text)
}

// converted returns a part of the body with its markup converted.
func (c *converter) converted(text string, offset int) string {
	inner := *c
	inner.out = &strings.Builder{}
	inner.convert(text, offset)
	c.failures = inner.failures
	return inner.out.String()
}

// meaning returns what a call without enclosed text means.
func (c *converter) meaning(call *call, offset int) (string, bool) {
	if call.named == nil {
		return c.outputMeaning(call)
	}
	meaning := meanings[call.name]
	if meaning == nil && pictureName.MatchString(call.name) {
		meaning = (*converter).picture
	}
	if meaning == nil || call.closing {
		return "", false
	}
	markdown, ok := meaning(c, call)
	if ok && strings.HasPrefix(markdown, "<figure>") &&
		!(c.startsLine(offset) && c.endsLine(offset+len(call.text))) {
		markdown = c.inlinePicture(call)
	}
	return markdown, ok
}

// outputMeaning returns the value of a Liquid output that has a plain one.
func (c *converter) outputMeaning(call *call) (string, bool) {
	switch value := call.name; {
	case len(call.args) > 0:
		return call.args[0], true
	case value == "site.baseurl" || value == "site.url":
		return "", true
	case value == "page.title":
		return c.item.Title, true
	}
	return "", false
}

// picture returns a figure, if its picture has an address that readers can use.
func (c *converter) picture(call *call) (string, bool) {
	p := c.pictureOf(call)
	if !isWebAddress(p.Address) && !c.hasPicture(p.Address) {
		if c.files != nil && c.Picture != nil && p.Address != "" {
			c.item.missPicture(p.Address)
		}
		return "", false
	}
	if p.Caption == "" && p.Credit == "" {
		return c.inlinePicture(call), true
	}
	words := html.EscapeString(p.Caption)
	if p.Credit != "" {
		words = strings.TrimSpace(words + " <cite>" + html.EscapeString(p.Credit) + "</cite>")
	}
	return "<figure>\n<img src=\"" + html.EscapeString(p.Address) + `" alt="` +
		html.EscapeString(p.Alt) + "\">\n<figcaption>" + words + "</figcaption>\n</figure>", true
}

// pictureOf returns the picture of a call, with what a data file says of it.
func (c *converter) pictureOf(call *call) Picture {
	p := Picture{
		Address: pictureSource(call),
		Alt:     call.arg(1, "alt", "caption", "title"),
		Caption: call.arg(-1, "caption", "title"),
		Credit:  call.arg(-1, "attr", "credit"),
	}
	(&record{files: c.files}).describe(&p)
	return p
}

func (c *converter) inlinePicture(call *call) string {
	p := c.pictureOf(call)
	if c.inHTML() {
		return `<img src="` + html.EscapeString(p.Address) + `" alt="` +
			html.EscapeString(p.Alt) + `">`
	}
	return "![" + escapeText(p.Alt) + "](<" + strings.Trim(p.Address, "<>") + ">)"
}

// pictureSource returns the address of a call's picture. Paths in tags of Liquid begin at the root.
func pictureSource(call *call) string {
	src := call.arg(0, "src", "url", "link_url", "path", "file", "image", "source")
	if strings.HasPrefix(call.text, "{%") && strings.Contains(src, "/") && src[0] != '.' &&
		!isWebAddress(src) {
		return "/" + src
	}
	return src
}

// isWebAddress reports whether an address leads to the same place from any page.
func isWebAddress(s string) bool {
	return strings.HasPrefix(s, "/") || strings.HasPrefix(s, "https://") ||
		strings.HasPrefix(s, "http://")
}

// embed returns the meaning of what shows a page of another site: an embed if it is alone on its
// line and the site is known, else a link to it. An identifier follows the prefix.
func embed(prefix string) func(*converter, *call) (string, bool) {
	return func(c *converter, call *call) (string, bool) {
		address := call.arg(0, "id", "src", "url", "link", "href", "file", "mp3", "mp4", "webm")
		user := call.arg(-1, "user", "username")
		switch {
		case strings.HasPrefix(address, "//"):
			address = "https:" + address
		case isWebAddress(address):
		case address == "" || prefix == "":
			return "", false
		case len(call.args) > 1 && slices.Contains(pairedSites, prefix):
			address = prefix + call.args[0] + "/" + call.args[1]
		case prefix == spotify && call.arg(-1, "type") != "":
			address = prefix + call.arg(-1, "type") + "/" + address
		case user != "":
			address = prefix + user + "/status/" + address
		case prefix == "https://twitter.com/" || prefix == "https://x.com/":
			address = prefix + "i/status/" + address
		default:
			address = prefix + address
		}
		title := call.arg(-1, "title", "caption", "alt")
		if _, known := richtext.EmbedOf(address); known && c.isOwnLine(call) {
			return c.embedded(address, title), true
		}
		if title == "" {
			title = address
		}
		return c.link(title, address), true
	}
}

const spotify = "https://open.spotify.com/"

// pairedSites are what the addresses of sites begin with whose pages are named by two words.
var pairedSites = []string{"https://gist.github.com/", spotify}

// isOwnLine reports whether a call is all that a line has, without indentation.
func (c *converter) isOwnLine(call *call) bool {
	before := c.whole[max(0, c.at-1):c.at]
	return (before == "" || before == "\n") && c.endsLine(c.at+len(call.text))
}

// embedded returns the embed of a page.
func (c *converter) embedded(address, title string) string {
	if c.inHTML() {
		return `<figure class="embed">` + c.link(cmp.Or(title, address), address) + "</figure>"
	}
	quoted := func(s string) string {
		return strings.NewReplacer("&", "&amp;", `"`, "&quot;", `\`, `\\`).Replace(oneLine(s))
	}
	if title != "" {
		title = ` title="` + quoted(title) + `"`
	}
	return `::embed{url="` + quoted(address) + `"` + title + "}"
}

// inHTML reports whether the present call stands where Markdown has no meaning: in a paragraph that
// begins with a tag of HTML.
func (c *converter) inHTML() bool {
	text := c.whole[max(0, c.at-maxCall):c.at]
	for _, blank := range []string{"\n\n", "\n \n", "\n\t\n"} {
		text = text[strings.LastIndex(text, blank)+1:]
	}
	return c.item.BodyFormat == "html" || htmlStart.MatchString(text)
}

var htmlStart = regexp.MustCompile(`^\s*</?[a-zA-Z]`)

func (c *converter) link(text, address string) string {
	if c.inHTML() {
		return `<a href="` + html.EscapeString(address) + `">` + html.EscapeString(text) + "</a>"
	}
	return "[" + escapeText(text) + "](<" + strings.Trim(address, "<>") + ">)"
}

// escapeText makes text safe between the brackets of a link.
func escapeText(s string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`).Replace(oneLine(s))
}

// reference returns the address of another article.
func (c *converter) reference(call *call) (string, bool) {
	target := call.arg(0, "path", "page", "url")
	if lang := call.arg(-1, "lang"); lang != "" && c.links != nil && target != "" {
		base, fragment, _ := strings.Cut(target, "#")
		if fragment != "" {
			fragment = "#" + fragment
		}
		for _, suffix := range []string{".md", ".markdown", ".html"} {
			base = strings.TrimSuffix(base, suffix)
		}
		for _, name := range []string{base + "." + lang, "/" + lang + "/" + base, base} {
			if address := c.links(c.file, name+fragment); address != "" {
				return address, true
			}
		}
		return "", false
	}
	if c.links != nil && target != "" {
		if address := c.links(c.file, target); address != "" {
			return address, true
		}
	}
	return "", false
}

func codeBlock(_ *converter, call *call, inner string) string {
	return "\n```" + call.arg(0, "lang", "language") + "\n" + strings.Trim(inner, "\n") + "\n```\n"
}

func quotation(_ *converter, call *call, inner string) string {
	text := strings.TrimSpace(inner)
	if by := call.arg(-1, "author", "cite", "by", "source", "name"); by != "" {
		text += "\n\n— " + by
	}
	return "\n\n> " + strings.ReplaceAll(text, "\n", "\n> ") + "\n\n"
}

// statedQuotation is a quotation whose text is an argument.
func statedQuotation(c *converter, call *call) (string, bool) {
	text := call.arg(-1, "text", "quote", "content")
	return quotation(c, call, text), text != ""
}

func details(_ *converter, call *call, inner string) string {
	summary := call.arg(0, "summary", "title", "label")
	if summary == "" {
		return "\n\n" + strings.TrimSpace(inner) + "\n\n"
	}
	return "\n\n<details>\n<summary>" + html.EscapeString(summary) + "</summary>\n\n" +
		strings.TrimSpace(inner) + "\n\n</details>\n\n"
}

func buttonLink(c *converter, call *call, inner string) string {
	address := call.arg(0, "href", "url", "link", "to", "relref")
	if !isWebAddress(address) {
		return inner
	}
	return c.link(strings.TrimSpace(inner), address)
}
