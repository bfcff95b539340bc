package richtext

import (
	"iter"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The classes of a rendered body beside those of code. What other systems write for the same is
// shaped into the same form: WordPress, Ghost, and the sites that can be embedded.
const (
	classEmbed   = "embed"   // of figure: a page of another site
	classGallery = "gallery" // of figure: several pictures
	classFactbox = "factbox" // of aside
	classTitle   = "title"   // of the first paragraph of an aside

	classCaptioned = "captioned" // of div: it becomes a figure
	classCaption   = "caption"   // of an element in it: it becomes the caption
)

// classesOf are the classes that mean something by element, ours and those of other systems.
var classesOf = map[string]map[string]string{
	"figure": {
		"embed":            classEmbed,
		"wp-block-embed":   classEmbed,
		"kg-embed-card":    classEmbed,
		"gallery":          classGallery,
		"wp-block-gallery": classGallery,
		"kg-gallery-card":  classGallery,
	},
	"ul": {
		"wp-block-gallery":    classGallery,
		"blocks-gallery-grid": classGallery,
	},
	"div": {
		"gallery":          classGallery,
		"wp-block-gallery": classGallery,
		"wp-caption":       classCaptioned,
	},
	"blockquote": {
		"twitter-tweet":   classEmbed,
		"twitter-video":   classEmbed,
		"instagram-media": classEmbed,
		"tiktok-embed":    classEmbed,
		"embed":           classEmbed,
	},
	"aside": {"factbox": classFactbox},
	"p": {
		"title":           classTitle,
		"wp-caption-text": classCaption,
		"caption":         classCaption,
	},
	"dd": {
		"wp-caption-text": classCaption,
		"gallery-caption": classCaption,
		"caption":         classCaption,
	},
}

// knownClass returns what the classes of an element mean here, "" if nothing.
func knownClass(element, class string) string {
	if element == "code" || element == "pre" {
		return languageClass(element, class)
	}
	for name := range strings.FieldsSeq(class) {
		if known := classesOf[element][name]; known != "" {
			return known
		}
	}
	return ""
}

// shaper gives figures and asides of a sanitised tree their form.
type shaper struct {
	body   *html.Node
	losses *losses
}

// shape gives what has a known class its form, and removes the class from what it is not true of.
func shape(body *html.Node, lost *losses) {
	s := shaper{body, lost}
	var classed []*html.Node
	for n := range body.Descendants() {
		class := attrValue(n, "class")
		if class != "" && n.DataAtom != atom.Code && n.DataAtom != atom.Pre {
			classed = append(classed, n)
		}
		if class != classEmbed {
			removeAttr(n, "data-width")
			removeAttr(n, "data-height")
		}
	}
	for _, step := range []struct {
		class string
		shape func(*html.Node)
	}{
		{classCaptioned, s.captioned},
		{classGallery, s.gallery},
		{classEmbed, s.embed},
	} {
		for _, n := range slices.Backward(classed) { // the inner ones first
			if attrValue(n, "class") == step.class && n.Parent != nil {
				step.shape(n)
			}
		}
	}
	for _, n := range classed {
		switch class := attrValue(n, "class"); {
		case class == classCaption, class == classTitle && !isTitle(n):
			removeAttr(n, "class")
		}
	}
}

// isTitle reports whether a paragraph is the title of an aside.
func isTitle(n *html.Node) bool {
	before := n.PrevSibling
	for before != nil && isSpaceNode(before) {
		before = before.PrevSibling
	}
	return before == nil && n.Parent != nil && n.Parent.DataAtom == atom.Aside && hasWords(n)
}

// rename makes an element another one.
func rename(n *html.Node, a atom.Atom) {
	n.DataAtom = a
	n.Data = a.String()
}

// newElement returns an element with children, which are taken from where they were.
func newElement(a atom.Atom, children ...*html.Node) *html.Node {
	n := &html.Node{Type: html.ElementNode, DataAtom: a, Data: a.String()}
	for _, c := range children {
		if c.Parent != nil {
			c.Parent.RemoveChild(c)
		}
		n.AppendChild(c)
	}
	return n
}

// setAttr sets an attribute, which stands behind the others if it is new.
func setAttr(n *html.Node, key, value string) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
}

// captioned makes a box with a picture and its caption a figure.
func (s *shaper) captioned(n *html.Node) {
	removeAttr(n, "class")
	rename(n, atom.Figure)
	for d := range n.ChildNodes() {
		if attrValue(d, "class") == classCaption {
			removeAttr(d, "class")
			rename(d, atom.Figcaption)
			return
		}
	}
}

// deepest returns how many elements are open where the most are within n, which is in body.
func deepest(body, n *html.Node) int {
	depth := 0
	for p := n; p != body; p = p.Parent {
		depth++
	}
	below, most := 0, 0
	for d := n.FirstChild; d != nil; {
		if d.Type == html.ElementNode {
			most = max(most, below+1)
		}
		if d.FirstChild != nil {
			d = d.FirstChild
			below++
			continue
		}
		for d != n && d.NextSibling == nil {
			d = d.Parent
			below--
		}
		if d == n {
			break
		}
		d = d.NextSibling
	}
	return depth + most
}

// isDeep reports whether there is no room within n for a figure and its caption.
func isDeep(body, n *html.Node) bool { return deepest(body, n) > maxDepth-3 }

// textContent returns the words of a node on one line.
func textContent(n *html.Node) string {
	var b strings.Builder
	writeWords(&b, n)
	return collapse(b.String())
}

// writeWords writes the text in a node, with spaces around what is not part of a line.
func writeWords(b *strings.Builder, n *html.Node) {
	for c := range n.ChildNodes() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
			continue
		}
		if !allowedElements[c.Data].inLine() {
			b.WriteByte(' ')
		}
		writeWords(b, c)
		if !allowedElements[c.Data].inLine() {
			b.WriteByte(' ')
		}
	}
}

// isBlockNode reports whether a node is a block.
func isBlockNode(n *html.Node) bool {
	switch allowedElements[n.Data] {
	case block, textBlock, blockVoid, child, tablePart:
		return n.Type == html.ElementNode
	}
	return n.DataAtom == atom.Div
}

// dissolve removes the class of an element that is not what the class says. A box without other
// attributes, which no body has, becomes what it holds.
func dissolve(n *html.Node) {
	removeAttr(n, "class")
	if n.DataAtom != atom.Div || len(n.Attr) > 0 {
		return
	}
	isLine := func(c *html.Node) bool { return !isBlockNode(c) && !isSpaceNode(c) }
	switch {
	case !contains(n.ChildNodes(), isLine):
		replaceWithChildren(n)
	case !contains(n.Descendants(), isBlockNode):
		rename(n, atom.P)
	default:
		rename(n, atom.Figure)
	}
}

// contains reports whether one of the nodes is as match says.
func contains(nodes iter.Seq[*html.Node], match func(*html.Node) bool) bool {
	for n := range nodes {
		if match(n) {
			return true
		}
	}
	return false
}
