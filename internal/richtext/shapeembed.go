package richtext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxEmbedTitle is how many bytes of the words of an embed are its title.
const maxEmbedTitle = 1000

// embed makes a figure or quotation the embed of the page that it links to. What links to no page
// that can be embedded is a link.
func (s *shaper) embed(n *html.Node) {
	link, title := embedLink(n)
	page, known := EmbedOf(attrValue(link, "href"))
	isLink := func(p *html.Node) bool { return p.DataAtom == atom.A }
	if !known || contains(n.Ancestors(), isLink) {
		s.unembed(n, link)
		return
	}
	if title == "" || title == attrValue(link, "href") {
		title = page.URL
	}
	caption := captionOf(n)
	for n.FirstChild != nil {
		n.RemoveChild(n.FirstChild)
	}
	a := newElement(atom.A, &html.Node{Type: html.TextNode, Data: title})
	a.Attr = []html.Attribute{{Key: "href", Val: page.URL}}
	n.AppendChild(a)
	rename(n, atom.Figure)
	setEmbed(n, page)
	if p := n.PrevSibling; p != nil && p.DataAtom == atom.P && p.FirstChild == nil &&
		(len(p.Attr) == 0 || len(p.Attr) == 1 && hasAttr(p, "class")) {
		p.Parent.RemoveChild(p) // what is left of a paragraph that held the embed
	}
	joinFigure(n, caption)
}

// embedLink returns the link of an embed and its title; an empty link if there is none.
func embedLink(n *html.Node) (link *html.Node, title string) {
	none := &html.Node{}
	if n.DataAtom == atom.Blockquote {
		link = none
		if _, known := EmbedOf(attrValue(n, "cite")); known {
			link = &html.Node{Attr: []html.Attribute{{Key: "href", Val: attrValue(n, "cite")}}}
		}
		for d := range n.Descendants() {
			if _, known := EmbedOf(attrValue(d, "href")); known && attrValue(n, "cite") == "" {
				link = d // the last is that of the post, those before it are in the post
			}
		}
		return link, cut(textContent(n), maxEmbedTitle)
	}
	only := n
	for only == n || only.DataAtom == atom.P || only.DataAtom == atom.Div ||
		attrValue(only, "class") == classEmbed {
		if only = onlyContent(only); only == nil {
			return none, ""
		}
		if only.Parent.DataAtom == atom.Figure && only.Parent != n {
			for _, key := range []string{"data-width", "data-height"} {
				setAttr(n, key, attrValue(only.Parent, key))
			}
		}
	}
	switch address := strings.TrimSpace(only.Data); {
	case only.DataAtom == atom.A:
		return only, cut(textContent(only), maxEmbedTitle)
	case only.Type == html.TextNode:
		return &html.Node{Attr: []html.Attribute{{Key: "href", Val: address}}}, ""
	}
	return none, ""
}

// onlyContent returns the only child of a node beside white space and captions, nil if there are
// others or none.
func onlyContent(n *html.Node) *html.Node {
	var only *html.Node
	for c := range n.ChildNodes() {
		if isSpaceNode(c) || c.DataAtom == atom.Figcaption {
			continue
		}
		if only != nil {
			return nil
		}
		only = c
	}
	return only
}

// cut returns the beginning of a text, of at most that many bytes.
func cut(s string, most int) string {
	if len(s) > most {
		s = strings.TrimSpace(strings.ToValidUTF8(s[:most], "")) + "…"
	}
	return s
}

// captionOf returns the first caption of a figure, nil if there is none.
func captionOf(n *html.Node) *html.Node {
	for c := range n.Descendants() {
		if c.DataAtom == atom.Figcaption {
			return c
		}
	}
	return nil
}

// setEmbed sets the attributes of an embed. A size that an author gave wins.
func setEmbed(n *html.Node, page Embed) {
	attrs := []html.Attribute{
		{Key: "class", Val: classEmbed},
		{Key: "data-provider", Val: page.Provider},
		{Key: "data-src", Val: page.Src},
		{Key: "data-width", Val: strconv.Itoa(page.Width)},
		{Key: "data-height", Val: strconv.Itoa(page.Height)},
	}
	for i, size := range attrs[3:] {
		if value := attrValue(n, size.Key); value != "" {
			attrs[3+i].Val = value
		}
	}
	for _, a := range n.Attr {
		if a.Key == "id" || a.Key == "lang" || a.Key == "dir" {
			attrs = append(attrs, a)
		}
	}
	n.Attr = attrs
}

// joinFigure gives an embed its caption. If it is all that a figure around it holds, it takes the
// place of that one, and its caption.
func joinFigure(n, caption *html.Node) {
	if outer := n.Parent; outer.DataAtom == atom.Figure && onlyContent(outer) == n &&
		attrValue(outer, "class") != classGallery {
		if caption == nil {
			caption = captionOf(outer)
		}
		outer.RemoveChild(n)
		for _, a := range outer.Attr {
			if a.Key == "id" || a.Key == "lang" || a.Key == "dir" {
				setAttr(n, a.Key, a.Val)
			}
		}
		outer.Parent.InsertBefore(n, outer)
		outer.Parent.RemoveChild(outer)
	}
	if caption == nil || !hasWords(caption) {
		return
	}
	if caption.Parent != nil {
		caption.Parent.RemoveChild(caption)
	}
	n.AppendChild(caption)
}

// unembed makes a figure a paragraph with the link in it, or removes the class from an element that
// is no embed.
func (s *shaper) unembed(n, link *html.Node) {
	for _, key := range []string{"class", "data-width", "data-height"} {
		removeAttr(n, key)
	}
	if n.DataAtom != atom.Figure || link.DataAtom != atom.A {
		return
	}
	s.losses.report(Warning{Code: Linked, Element: "embed", Detail: "a link to its address stays"})
	if link.Parent == n && captionOf(n) == nil && !contains(n.Descendants(), isBlockNode) {
		rename(n, atom.P)
	}
}
