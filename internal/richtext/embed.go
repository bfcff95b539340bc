package richtext

import (
	"strings"

	"golang.org/x/net/html"
)

// embedAddresses are the attributes that have the address of what an element shows, in the order
// in which they are tried. A source has one only inside a video or audio.
var embedAddresses = map[string][]string{
	"iframe": {"src", "data-src"},
	"embed":  {"src"},
	"object": {"data"},
	"video":  {"src"},
	"audio":  {"src"},
	"source": {"src"},
}

// embed writes an embed in place of an element that shows a page of a site that is known, and a
// link in place of one that shows something else from elsewhere, so that readers can still get
// there. It reports whether it wrote one.
func (s *normalizer) embed(name string, attrs []html.Attribute) bool {
	if address := widgetAddress(name, attrs); address != "" {
		return s.writeEmbed(address, attrs) || s.linkEmbed(name, address, attrs)
	}
	keys, embeds := embedAddresses[name]
	if !embeds || name == "source" && s.player == "" {
		return false
	}
	if name == "video" || name == "audio" {
		s.player = name
	}
	if s.embedMedium(name, attrs, keys) {
		return true
	}
	address := firstAddress(attrs, keys)
	return address != "" && (s.writeEmbed(address, attrs) || s.linkEmbed(name, address, attrs))
}

// widgets are the attributes that name what the elements of other sites' scripts show, and what the
// address of its page begins with, by element, or by class of div.
var widgets = map[string]struct{ attr, prefix string }{
	"lite-youtube":       {"videoid", "https://www.youtube.com/watch?v="},
	"lite-vimeo":         {"videoid", "https://vimeo.com/"},
	"div.fb-post":        {"data-href", ""},
	"div.fb-video":       {"data-href", ""},
	"div.flourish-embed": {"data-src", "https://public.flourish.studio/"},
}

// widgetAddress returns the address of the page that an element shows once a script of another site
// has run, "" if it is no such element.
func widgetAddress(name string, attrs []html.Attribute) string {
	if name == "script" {
		return scriptAddress(firstAddress(attrs, []string{"src"}))
	}
	w, known := widgets[name]
	for _, a := range attrs {
		if name != "div" || a.Key != "class" {
			continue
		}
		for class := range strings.FieldsSeq(a.Val) {
			if found, isWidget := widgets["div."+class]; isWidget {
				w, known = found, true
			}
		}
	}
	for _, a := range attrs {
		if value := cleanURL(cleanText(a.Val)); known && a.Key == w.attr && value != "" &&
			attrAllowed("img", "src", w.prefix+value) {
			return w.prefix + value
		}
	}
	return ""
}

// scriptAddress returns the address of the page that a script writes into the page, "" if it is
// none of those that are known.
func scriptAddress(address string) string {
	address = strings.TrimPrefix(address, "https:")
	if page, ok := strings.CutSuffix(address, ".js"); ok &&
		strings.HasPrefix(page, "//gist.github.com/") {
		return "https:" + page
	}
	if page, ok := strings.CutSuffix(address, "embed.js"); ok &&
		strings.HasPrefix(page, "//datawrapper.dwcdn.net/") {
		return "https:" + page
	}
	return ""
}

// embedTitle returns the words that name what an element shows, "" if there are none.
func embedTitle(attrs []html.Attribute) string {
	title := ""
	for _, a := range attrs {
		if a.Key == "title" || a.Key == "playlabel" {
			title = collapse(cleanText(a.Val))
		}
	}
	return title
}

// writeEmbed writes the embed of a page. It reports false if its site is not known.
func (s *normalizer) writeEmbed(address string, attrs []html.Attribute) bool {
	page, known := EmbedOf(address)
	if !known || len(s.open)+tableDepth+2 > maxDepth || !s.enterBlock("figure") {
		return false
	}
	s.player = ""
	figure := []html.Attribute{{Key: "class", Val: classEmbed}}
	for _, a := range attrs {
		size := html.Attribute{Key: "data-" + a.Key, Val: a.Val}
		if (a.Key == "width" || a.Key == "height") && attrAllowed("figure", size.Key, a.Val) {
			figure = append(figure, size)
		}
	}
	title := embedTitle(attrs)
	if title == "" {
		title = page.URL
	}
	n := len(s.open)
	s.push("figure", block, figure)
	s.startInline("a", []html.Attribute{{Key: "href", Val: page.URL}})
	s.writeText(title)
	s.endTag("a")
	s.popTo(n)
	return true
}

// linkEmbed writes a link to what an element shows, and reports it.
func (s *normalizer) linkEmbed(name, address string, attrs []html.Attribute) bool {
	title := embedTitle(attrs)
	if title == "" {
		title = address
	}
	if s.player != "" {
		name, s.player = s.player, ""
	}
	s.report(Warning{Code: Linked, Element: name, Detail: "a link to its address stays"})
	s.writeLink(address, title)
	return true
}

// firstAddress returns the first of the attributes with those names that is an address on the web.
func firstAddress(attrs []html.Attribute, keys []string) string {
	for _, key := range keys {
		for _, a := range attrs {
			address := cleanURL(cleanText(a.Val))
			if a.Key == key && address != "" && attrAllowed("img", "src", address) {
				return address
			}
		}
	}
	return ""
}

// writeLink writes a link, in a paragraph of its own where one may be.
func (s *normalizer) writeLink(address, title string) {
	s.inOwnBlock(func() {
		s.startInline("a", []html.Attribute{{Key: "href", Val: address}})
		s.writeText(title)
		s.endTag("a")
	})
}

// inOwnBlock calls write in a paragraph of its own, unless a line of text or a part of a list or
// table is open.
func (s *normalizer) inOwnBlock(write func()) {
	s.leaveTable()
	n := len(s.open)
	alone := n < maxDepth-1 && (n == 0 || s.open[n-1].kind == block || s.open[n-1].kind == unwrap)
	if alone {
		s.push("p", textBlock, nil)
	}
	write()
	if alone {
		s.popTo(n)
	}
}

// report records that something of the source was removed.
func (s *normalizer) report(w Warning) { s.losses.report(w) }

// reportTags records that the tags of an element were removed.
func (s *normalizer) reportTags(name string) {
	if !structural[name] {
		s.report(Warning{Code: Removed, Element: name, Detail: "its content stays"})
	}
}
