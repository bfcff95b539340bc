package richtext

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A medium of the library stands in a body as ![alt](media:<id> "caption") in Markdown, and as an
// img with the address media:<id> in HTML, whatever it is: picture, sound, film or document. In the
// stored HTML its place is an img with the attribute data-medium. Alone in its block it is a
// figure, which has the attribute too, as its first. Fill puts the media into their places.

const (
	// mediumScheme is what the address of a medium of the library begins with.
	mediumScheme = "media:"
	// mediumAttr is the attribute that has the id of the medium that fills a place.
	mediumAttr = "data-medium"
	// mediumIDPattern is that of ids.
	mediumIDPattern = `[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`
	// MaxMedia is how many places for media a body may have.
	MaxMedia = 200
)

var mediumID = regexp.MustCompile(`^` + mediumIDPattern + `$`)

// BodyMedium is a medium that a body shows.
type BodyMedium struct {
	ID string
	// Alt describes the medium, as the body does where it shows it first; "" if it does not say so
	// at each of the medium's places.
	Alt string
	// Decorative is true if the body says at each of the medium's places, by role="presentation",
	// that the picture says nothing.
	Decorative bool
}

// mediumAddress returns the id in an address of the library, in lower case; isMedium reports
// whether the address is one, with a good id or not.
func mediumAddress(address string) (id string, isMedium bool) {
	n := len(mediumScheme)
	if len(address) < n || !strings.EqualFold(address[:n], mediumScheme) {
		return "", false
	}
	return strings.ToLower(address[n:]), true
}

// mediumSource returns the address of a picture, as the id of its medium if it is one of the
// library. An id that is none is a problem, and the picture has no address.
func (s *normalizer) mediumSource(element string, a html.Attribute) html.Attribute {
	id, isMedium := mediumAddress(a.Val)
	if !isMedium || element != "img" {
		return a
	}
	if !mediumID.MatchString(id) {
		s.refuseMedium(a.Val)
		return a
	}
	return html.Attribute{Key: mediumAttr, Val: id}
}

func (s *normalizer) refuseMedium(address string) {
	s.losses.refuse(Problem{Code: Invalid, Detail: fmt.Sprintf(
		"The body shows %q, which names no medium: media: is followed by the id of one.",
		truncateName(address))})
}

// embedMedium writes the place of a medium for an element that shows one of the library, such as a
// video. It reports whether it wrote one.
func (s *normalizer) embedMedium(name string, attrs []html.Attribute, keys []string) bool {
	place := []html.Attribute{{Key: mediumAttr}, {Key: "alt"}}
	for _, a := range attrs {
		id, isMedium := mediumAddress(cleanURL(cleanText(a.Val)))
		switch {
		case slices.Contains(keys, a.Key) && isMedium && mediumID.MatchString(id):
			place[0].Val = id
		case slices.Contains(keys, a.Key) && isMedium:
			s.refuseMedium(a.Val)
		case a.Key == "title" || a.Key == "aria-label":
			place[1].Val = a.Val
		}
	}
	if place[0].Val == "" {
		return false
	}
	s.player = ""
	s.inOwnBlock(func() { s.writeVoid("img", place) })
	return true
}

// placer finds the places of media in a sanitised tree.
type placer struct {
	body   *html.Node
	places int
	index  map[string]int // of media, by id
	media  []BodyMedium
	losses *losses
}

// placeMedia gives the media of a sanitised body their places, and returns what it shows. Places
// beyond MaxMedia are removed.
func placeMedia(body *html.Node, lost *losses) []BodyMedium {
	p := placer{body: body, index: map[string]int{}, losses: lost}
	var images []*html.Node
	for n := range body.Descendants() {
		switch {
		case n.Type != html.ElementNode || !hasAttr(n, mediumAttr):
		case n.DataAtom == atom.Figure:
			removeAttr(n, mediumAttr) // set anew below, if it is still true
		default:
			images = append(images, n)
		}
	}
	for _, n := range images {
		p.place(n)
	}
	return p.media
}

// place makes an img the place of its medium.
func (p *placer) place(n *html.Node) {
	p.places++
	if p.places > MaxMedia {
		p.losses.refuse(Problem{Code: TooMany, Detail: fmt.Sprintf(
			"The body shows more than %d media; leave some out, or part it into several articles.",
			MaxMedia)})
		p.losses.report(Warning{
			Code:    Removed,
			Element: "img",
			Detail:  fmt.Sprintf("a body may show %d media", MaxMedia),
		})
		n.Parent.RemoveChild(n)
		return
	}
	p.cleanPlace(n)
	if n.Parent.DataAtom == atom.Picture {
		removeChildren(n.Parent, "source")
		replaceWithChildren(n.Parent)
	}
	p.count(n)
	if figure := p.figureOf(n); figure != nil {
		finishFigure(figure, n)
	}
}

// count adds what a place says of its medium.
func (p *placer) count(n *html.Node) {
	shown := BodyMedium{
		ID:         attrValue(n, mediumAttr),
		Alt:        collapse(attrValue(n, "alt")),
		Decorative: hasAttr(n, "role"),
	}
	i, known := p.index[shown.ID]
	if !known {
		p.index[shown.ID] = len(p.media)
		p.media = append(p.media, shown)
		return
	}
	if shown.Alt == "" {
		p.media[i].Alt = ""
	}
	p.media[i].Decorative = p.media[i].Decorative && shown.Decorative
}

// placeAttrs are the attributes of a place beside mediumAttr. The medium brings the others.
var placeAttrs = []string{"alt", "title", "role", "id", "lang", "dir"}

// cleanPlace leaves a place the attributes that mean something on it, the medium's id first.
func (p *placer) cleanPlace(n *html.Node) {
	attrs := []html.Attribute{{Key: mediumAttr, Val: attrValue(n, mediumAttr)}}
	for _, a := range n.Attr {
		switch {
		case slices.Contains(placeAttrs, a.Key):
			attrs = append(attrs, a)
		case a.Key != mediumAttr:
			p.losses.report(Warning{Code: Removed, Element: "img", Detail: "attribute " + a.Key})
		}
	}
	n.Attr = attrs
}

// figureOf returns the figure that shows nothing but the medium of a place, nil if there is none. A
// picture that is alone in its block, or in a link that is, becomes one.
func (p *placer) figureOf(n *html.Node) *html.Node {
	top := n
	for top.Parent.DataAtom == atom.A && isOnlyChild(top) {
		top = top.Parent
	}
	block := top.Parent
	if block.DataAtom == atom.P && isOnlyChild(top) {
		if figure := block.Parent; figure.DataAtom == atom.Figure && !hasAttr(figure, "class") &&
			holdsOnly(figure, block) && !isDeep(p.body, figure) {
			replaceWithChildren(block)
			return top.Parent
		}
		if block.Parent.DataAtom == atom.Figcaption || isDeep(p.body, block) {
			return nil
		}
		block.Data = "figure"
		block.DataAtom = atom.Figure
		return block
	}
	switch block.DataAtom {
	case atom.Figure:
		if !hasAttr(block, "class") && holdsOnly(block, top) && !isDeep(p.body, block) {
			return block
		}
	case atom.Body, atom.Div, atom.Blockquote, atom.Li, atom.Dd, atom.Details:
		if standsAlone(top) && !isDeep(p.body, top) {
			figure := &html.Node{Type: html.ElementNode, Data: "figure", DataAtom: atom.Figure}
			block.InsertBefore(figure, top)
			block.RemoveChild(top)
			figure.AppendChild(top)
			return figure
		}
	}
	return nil
}

// isSpaceNode reports whether a node is white space.
func isSpaceNode(n *html.Node) bool {
	return n.Type == html.TextNode && strings.Trim(n.Data, htmlSpace) == ""
}

// isOnlyChild reports whether a node has nothing but white space beside it.
func isOnlyChild(n *html.Node) bool {
	for c := range n.Parent.ChildNodes() {
		if c != n && !isSpaceNode(c) {
			return false
		}
	}
	return true
}

// standsAlone reports whether the nodes next to one are blocks, so that it is a line of its own.
func standsAlone(n *html.Node) bool {
	isBlock := func(c *html.Node, next func(*html.Node) *html.Node) bool {
		for c != nil && isSpaceNode(c) {
			c = next(c)
		}
		if c == nil {
			return true
		}
		return isBlockNode(c)
	}
	return isBlock(n.PrevSibling, func(c *html.Node) *html.Node { return c.PrevSibling }) &&
		isBlock(n.NextSibling, func(c *html.Node) *html.Node { return c.NextSibling })
}

// holdsOnly reports whether a figure has a node and beside it one plain caption at most.
func holdsOnly(figure, n *html.Node) bool {
	captions := 0
	for c := range figure.ChildNodes() {
		switch {
		case c == n, isSpaceNode(c):
		case c.DataAtom == atom.Figcaption && captions == 0:
			captions++
			for d := range c.Descendants() {
				if d.DataAtom == atom.Figure || hasAttr(d, mediumAttr) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// finishFigure marks a figure as that of its only place, and makes the title of the place its
// caption, unless there is one. A caption without words is removed, so that the medium's shows.
func finishFigure(figure, place *html.Node) {
	id := html.Attribute{Key: mediumAttr, Val: attrValue(place, mediumAttr)}
	figure.Attr = append([]html.Attribute{id}, figure.Attr...)
	for c := range figure.ChildNodes() {
		if c.DataAtom != atom.Figcaption {
			continue
		}
		if hasWords(c) {
			return
		}
		figure.RemoveChild(c)
		break
	}
	title := collapse(attrValue(place, "title"))
	removeAttr(place, "title")
	if title == "" {
		return
	}
	caption := &html.Node{Type: html.ElementNode, Data: "figcaption", DataAtom: atom.Figcaption}
	caption.AppendChild(&html.Node{Type: html.TextNode, Data: title})
	figure.AppendChild(caption)
}

// hasWords reports whether a node has text that is not white space, or a picture.
func hasWords(n *html.Node) bool {
	return contains(n.Descendants(), func(c *html.Node) bool {
		return c.Type == html.TextNode && !isSpaceNode(c) || c.DataAtom == atom.Img
	})
}
