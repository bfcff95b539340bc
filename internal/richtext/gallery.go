package richtext

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// galleryParts are what a gallery is made of.
type galleryParts struct {
	items   []*html.Node // figures
	caption []*html.Node // what else there is
}

// gallery makes an element with pictures a gallery: a figure that holds a figure for each picture,
// and then what else there is as its caption.
func (s *shaper) gallery(n *html.Node) {
	var g galleryParts
	switch {
	case n.DataAtom == atom.Figure && !hasPicture(n):
		dissolveFigure(n)
		return
	case !hasPicture(n) || isDeep(s.body, n):
		dissolve(n)
		return
	}
	g.take(n)
	for n.FirstChild != nil {
		n.RemoveChild(n.FirstChild)
	}
	rename(n, atom.Figure)
	setAttr(n, "class", classGallery)
	lineBreak := func() { n.AppendChild(&html.Node{Type: html.TextNode, Data: "\n"}) }
	for _, item := range g.items {
		lineBreak()
		n.AppendChild(item)
	}
	for i := len(g.caption); i > 0 && isSpaceNode(g.caption[i-1]); i-- {
		g.caption = g.caption[:i-1]
	}
	if caption := newElement(atom.Figcaption, g.caption...); hasWords(caption) {
		if p := caption.FirstChild; p == caption.LastChild && p.DataAtom == atom.P {
			replaceWithChildren(p)
		}
		lineBreak()
		n.AppendChild(caption)
	}
	lineBreak()
}

// dissolveFigure makes a figure that shows nothing what it says.
func dissolveFigure(n *html.Node) {
	for c := range n.ChildNodes() {
		if c.DataAtom == atom.Figcaption {
			rename(c, atom.P)
		}
	}
	replaceWithChildren(n)
}

// hasPicture reports whether a node is or holds a picture.
func hasPicture(n *html.Node) bool {
	isPicture := func(d *html.Node) bool { return d.DataAtom == atom.Img }
	return isPicture(n) || contains(n.Descendants(), isPicture)
}

// take takes what is in a part of a gallery.
func (g *galleryParts) take(n *html.Node) {
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		switch {
		case isSpaceNode(c):
			if len(g.caption) > 0 {
				g.caption = append(g.caption, c)
			}
		case c.DataAtom == atom.Figcaption, attrValue(c, "class") == classCaption:
			g.takeCaption(c)
		case c.DataAtom == atom.Figure && attrValue(c, "class") != classGallery:
			if hasWords(c) {
				g.items = append(g.items, c)
			}
		case !hasPicture(c):
			g.takeWords(c)
		default:
			g.takePictures(c)
		}
	}
}

// takePictures takes a node that is or holds pictures.
func (g *galleryParts) takePictures(c *html.Node) {
	switch c.DataAtom {
	case atom.Figure, atom.P, atom.Div, atom.Ul, atom.Ol, atom.Li, atom.Dl, atom.Dt, atom.Dd:
		g.take(c)
	default:
		g.items = append(g.items, newElement(atom.Figure, c))
	}
}

// takeWords takes a node without pictures. A part of a list becomes what it holds.
func (g *galleryParts) takeWords(c *html.Node) {
	if allowedElements[c.Data] != child {
		g.caption = append(g.caption, c)
		return
	}
	for d := c.FirstChild; d != nil; d = c.FirstChild {
		c.RemoveChild(d)
		g.caption = append(g.caption, d)
	}
	g.caption = append(g.caption, &html.Node{Type: html.TextNode, Data: " "})
}

// takeCaption takes the caption of the last picture, if that has none and the caption is not that
// of the gallery itself, which stands in a figure.
func (g *galleryParts) takeCaption(c *html.Node) {
	isOwn := c.DataAtom != atom.Figcaption
	if i := len(g.items) - 1; isOwn && i >= 0 && !hasChild(g.items[i], "figcaption") {
		removeAttr(c, "class")
		rename(c, atom.Figcaption)
		g.items[i].AppendChild(c)
		return
	}
	for d := c.FirstChild; d != nil; d = c.FirstChild {
		c.RemoveChild(d)
		g.caption = append(g.caption, d)
	}
}
