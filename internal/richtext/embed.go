package richtext

import "golang.org/x/net/html"

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

// embed writes a link in place of an element that shows something from elsewhere, so that readers
// can still get there. It reports whether it wrote one.
func (s *normalizer) embed(name string, attrs []html.Attribute) bool {
	keys, embeds := embedAddresses[name]
	if !embeds || name == "source" && s.player == "" {
		return false
	}
	if name == "video" || name == "audio" {
		s.player = name
	}
	address := firstAddress(attrs, keys)
	if address == "" {
		return false
	}
	title := address
	for _, a := range attrs {
		if words := collapse(cleanText(a.Val)); a.Key == "title" && words != "" {
			title = words
		}
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

// writeLink writes a link, in a paragraph of its own unless a line of text or a part of a list or
// table is open.
func (s *normalizer) writeLink(address, title string) {
	s.leaveTable()
	n := len(s.open)
	alone := n < maxDepth-1 && (n == 0 || s.open[n-1].kind == block || s.open[n-1].kind == unwrap)
	if alone {
		s.push("p", textBlock, nil)
	}
	s.startInline("a", []html.Attribute{{Key: "href", Val: address}})
	s.writeText(title)
	s.endTag("a")
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
