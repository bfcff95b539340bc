package richtext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/masthead-cms/masthead/internal/text"
)

// outliner walks a sanitised tree once. It gives headings their ids, removes what the policy left
// without a use, and collects the outline and the text.
type outliner struct {
	ids        map[string]bool
	nextSuffix map[string]int // the number to try next for a heading whose id is taken
	outline    []Heading
	text       strings.Builder
}

func (o *outliner) walk(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch c.Type {
		case html.TextNode:
			o.text.WriteString(c.Data)
		case html.ElementNode:
			o.element(c)
		}
		c = next
	}
}

func (o *outliner) element(n *html.Node) {
	switch {
	case n.Data == "img" && attrValue(n, "src") == "":
		n.Parent.RemoveChild(n)
	case n.Data == "a" && !hasAttr(n, "href"):
		o.walk(n)
		replaceWithChildren(n)
	case n.Data == "sup" && hasAttr(n, "id"), strings.HasPrefix(attrValue(n, "href"), "#fnref-"):
		// the number of a footnote and the link back from it are not part of the text
	case headingLevel(n.Data) > 0:
		o.heading(n)
	case allowedElements[n.Data] == inline, n.Data == "img":
		o.walk(n)
	default:
		o.text.WriteByte(' ')
		o.walk(n)
		o.text.WriteByte(' ')
	}
}

func (o *outliner) heading(n *html.Node) {
	o.text.WriteByte(' ')
	start := o.text.Len()
	o.walk(n)
	title := collapse(o.text.String()[start:])
	o.text.WriteByte(' ')
	if title == "" {
		return
	}
	id := o.newID(title)
	n.Attr = append([]html.Attribute{{Key: "id", Val: id}}, n.Attr...)
	o.outline = append(o.outline, Heading{Level: headingLevel(n.Data), Text: title, ID: id})
}

// maxTitle is how many bytes of a heading its id is made from at most. A slug is far shorter.
const maxTitle = 2000

// newID returns an id for a heading that is unique in the body. Ids of footnotes have other
// prefixes.
func (o *outliner) newID(title string) string {
	if len(title) > maxTitle {
		title = strings.ToValidUTF8(title[:maxTitle], "")
	}
	base := "h-" + text.Slug(title)
	if base == "h-" {
		base = "h-section"
	}
	id := base
	for n := max(o.nextSuffix[base], 2); o.ids[id]; n++ {
		id = base + "-" + strconv.Itoa(n)
		o.nextSuffix[base] = n + 1
	}
	o.ids[id] = true
	return id
}

// replaceWithChildren replaces n with its children.
func replaceWithChildren(n *html.Node) {
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		n.Parent.InsertBefore(c, n)
	}
	n.Parent.RemoveChild(n)
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

func attrValue(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
