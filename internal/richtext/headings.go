package richtext

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"github.com/masthead-cms/masthead/internal/text"
)

// outliner walks a sanitised tree. It gives headings their levels and ids, makes the links within
// the body lead to them, and collects the outline and the text.
type outliner struct {
	prefix     string                // of the ids of footnotes
	ids        map[string]*html.Node // the elements with an id
	nextSuffix map[string]int        // the number to try next for a heading whose id is taken
	chosen     []string              // the ids that authors gave, in order
	targets    map[string]string     // ids by what other systems call them; nil until needed
	links      []*html.Node          // that lead to an element of the page
	shift      int                   // what is added to the level of a heading
	outline    []Heading
	text       strings.Builder
	losses     *losses
}

// prepare finds the ids that authors gave, which are theirs before any is made, and whether the
// body has a heading of the first level, which belongs to the page.
func (o *outliner) prepare(n *html.Node) {
	for c := range n.Descendants() {
		if c.Type != html.ElementNode {
			continue
		}
		if c.Data == "h1" {
			o.shift = 1
		}
		if id := attrValue(c, "id"); id != "" {
			if o.ids[id] != nil {
				removeAttr(c, "id")
				o.losses.report(Warning{
					Code:    Removed,
					Element: c.Data,
					Detail:  "an id that an element before it has",
				})
				continue
			}
			o.ids[id] = c
			o.chosen = append(o.chosen, id)
		}
	}
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
	case n.Data == "a":
		o.link(n)
	case isFootnoteRef(n):
		// The number of a footnote is not part of the text.
	case headingLevel(n.Data) > 0:
		o.heading(n)
	case allowedElements[n.Data] == inline, n.Data == "img", n.Data == "span":
		o.walk(n)
	default:
		o.text.WriteByte(' ')
		o.walk(n)
		o.text.WriteByte(' ')
	}
}

// isFootnoteRef reports whether n is the number of a footnote in the text.
func isFootnoteRef(n *html.Node) bool {
	link := n.FirstChild
	return n.Data == "sup" && strings.HasPrefix(attrValue(n, "id"), "fnref-") &&
		link != nil && link.NextSibling == nil && strings.HasPrefix(attrValue(link, "href"), "#fn-")
}

// link remembers a link within the body. The link back from a footnote is not part of the text.
func (o *outliner) link(n *html.Node) {
	address := attrValue(n, "href")
	if id, ok := strings.CutPrefix(address, "#"); ok {
		o.links = append(o.links, n)
		if strings.HasPrefix(id, "fnref-") {
			return
		}
	}
	o.walk(n)
}

func (o *outliner) heading(n *html.Node) {
	level := min(headingLevel(n.Data)+o.shift, 6)
	n.Data = "h" + strconv.Itoa(level)
	o.text.WriteByte(' ')
	start := o.text.Len()
	o.walk(n)
	title := collapse(o.text.String()[start:])
	o.text.WriteByte(' ')
	if title == "" {
		return
	}
	id := attrValue(n, "id")
	if id == "" {
		id = o.newID(n, title)
	}
	o.outline = append(o.outline, Heading{Level: level, Text: title, ID: id})
}

// maxTitle is how many bytes of a heading its id is made from at most.
const maxTitle = 240

// newID gives a heading an id that is unique in the body: its words in lower case, joined by
// hyphens, as GitHub makes them.
func (o *outliner) newID(n *html.Node, title string) string {
	if len(title) > maxTitle {
		title = strings.ToValidUTF8(title[:maxTitle], "")
	}
	base := headingSlug(title)
	if base == "" {
		base = "section"
	}
	id := base
	for k := max(o.nextSuffix[base], 1); o.ids[id] != nil; k++ {
		id = base + "-" + strconv.Itoa(k)
		o.nextSuffix[base] = k + 1
	}
	o.ids[id] = n
	n.Attr = append([]html.Attribute{{Key: "id", Val: id}}, n.Attr...)
	return id
}

// headingSlug returns the id that GitHub makes of a heading: in lower case, letters, digits, marks,
// hyphens and underscores stay, each space becomes a hyphen, and everything else is removed.
func headingSlug(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', unicode.In(r, unicode.L, unicode.N, unicode.M, unicode.Pc):
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}

// findTargets finds what links may call the ids of the body.
func (o *outliner) findTargets() {
	o.targets = map[string]string{}
	for _, id := range o.chosen {
		o.alias(id, id)
		if o.prefix != "" {
			o.alias(strings.Replace(id, "-"+o.prefix+"-", "-", 1), id)
		}
	}
	notLetter := func(r rune) bool { return !unicode.IsLetter(r) }
	for _, h := range o.outline {
		o.alias(h.Text, h.ID)
		o.alias(strings.TrimLeftFunc(h.Text, notLetter), h.ID)
		o.alias("h-"+h.Text, h.ID)
	}
}

// alias remembers what else a link may call an id, unless an earlier id has that name.
func (o *outliner) alias(name, id string) {
	if len(name) > maxTitle {
		return
	}
	if slug := text.Slug(name); slug != "" && o.targets[slug] == "" {
		o.targets[slug] = id
	}
}

// resolveLinks makes the links within the body lead to an id it has, where they name one in the way
// of another system. A link that names none may lead to something else on the page.
func (o *outliner) resolveLinks() {
	for _, n := range o.links {
		for i, a := range n.Attr {
			fragment, ok := strings.CutPrefix(a.Val, "#")
			if a.Key != "href" || !ok {
				continue
			}
			if id := o.target(fragment); id != "" {
				n.Attr[i].Val = "#" + id
			}
		}
	}
}

// target returns the id that a fragment means, "" if it is an id as it stands or means none.
func (o *outliner) target(fragment string) string {
	name, err := url.PathUnescape(fragment)
	if err != nil {
		name = fragment
	}
	if fragment == "" || o.ids[name] != nil || len(name) > maxTitle {
		return ""
	}
	if o.targets == nil {
		o.findTargets()
	}
	return o.targets[text.Slug(strings.TrimPrefix(name, "user-content-"))]
}
