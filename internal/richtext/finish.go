package richtext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/masthead-cms/masthead/internal/text"
)

// finisher walks a clean tree once: it gives headings their ids, takes out what the policy left without use, and
// collects the outline and the text.
type finisher struct {
	ids     map[string]bool
	next    map[string]int // the number to try next for a heading whose id is taken
	outline []Heading
	text    strings.Builder
}

func (f *finisher) children(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch c.Type {
		case html.TextNode:
			f.text.WriteString(c.Data)
		case html.ElementNode:
			f.element(c)
		}
		c = next
	}
}

func (f *finisher) element(n *html.Node) {
	switch {
	case n.Data == "img" && attr(n, "src") == "":
		n.Parent.RemoveChild(n)
	case n.Data == "a" && !has(n, "href"):
		f.children(n)
		unwrap(n)
	case n.Data == "sup" && has(n, "id"), strings.HasPrefix(attr(n, "href"), "#fnref-"):
		// the number of a footnote and the way back from it are no words of the text
	case heading(n.Data) > 0:
		f.heading(n)
	case elements[n.Data] == phrase, n.Data == "img":
		f.children(n)
	default:
		f.text.WriteByte(' ')
		f.children(n)
		f.text.WriteByte(' ')
	}
}

func (f *finisher) heading(n *html.Node) {
	f.text.WriteByte(' ')
	start := f.text.Len()
	f.children(n)
	title := collapse(f.text.String()[start:])
	f.text.WriteByte(' ')
	if title == "" {
		return
	}
	id := f.id(title)
	n.Attr = append([]html.Attribute{{Key: "id", Val: id}}, n.Attr...)
	f.outline = append(f.outline, Heading{Level: heading(n.Data), Text: title, ID: id})
}

// longTitle is how many bytes of a heading its id is made of at most; a slug is far shorter.
const longTitle = 2000

// id is an id for a heading that no other has. Footnotes begin otherwise, so they cannot be in its way.
func (f *finisher) id(title string) string {
	if len(title) > longTitle {
		title = strings.ToValidUTF8(title[:longTitle], "")
	}
	base := "h-" + text.Slug(title)
	if base == "h-" {
		base = "h-section"
	}
	id := base
	for n := max(f.next[base], 2); f.ids[id]; n++ {
		id = base + "-" + strconv.Itoa(n)
		f.next[base] = n + 1
	}
	f.ids[id] = true
	return id
}

// unwrap puts the children of n in its place.
func unwrap(n *html.Node) {
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		n.Parent.InsertBefore(c, n)
	}
	n.Parent.RemoveChild(n)
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
