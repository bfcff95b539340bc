package richtext

import (
	"cmp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The types of blocks.
const (
	ParagraphBlock = "paragraph"
	HeadingBlock   = "heading"
	QuoteBlock     = "quote"
	AsideBlock     = "aside"
	ListBlock      = "list"
	ImageBlock     = "image"
	GalleryBlock   = "gallery"
	EmbedBlock     = "embed"
	AudioBlock     = "audio"
	VideoBlock     = "video"
	TableBlock     = "table"
	CodeBlock      = "code"
	DividerBlock   = "divider"
	FootnotesBlock = "footnotes"
)

// Block is a part of a body, for those who cannot paint HTML. Which fields it has depends on its
// type; the others are zero.
type Block struct {
	Type string

	Text  []Span // of a paragraph or heading
	Level int    // of a heading, 2 to 6
	ID    string // of a heading, as in the outline

	Kind   string    // of an aside: aside or factbox
	Title  string    // of an aside or embed; may be empty
	Blocks []Block   // in a quote or aside
	Items  [][]Block // of a list
	Images []Block   // of a gallery
	Notes  []Note    // of footnotes

	Ordered bool // of a list
	Start   int  // of an ordered list: the number of its first item

	MediumID string // of an image, audio or video of the library
	Alt      string // of an image; empty if it says nothing
	Href     string // where an image leads; may be empty
	Caption  []Span // of an image, gallery, embed, audio or video; may be empty

	Provider string // of an embed
	URL      string // of the page of an embed, or of an image that is not in the library
	Src      string // what a frame of an embed shows

	Head  []Cell   // of a table; empty if it has none
	Rows  [][]Cell // of a table
	Align []string // of the columns of a table: start, left, center, right or justify

	Language string // of code; may be empty
	Code     string // as it stands, with its line breaks
}

// Cell is the text of a cell of a table.
type Cell []Span

// Note is a footnote. Links lead to its ID.
type Note struct {
	ID     string
	Blocks []Block
}

// Span is a part of a text that is shown in one way. A line break in it is one.
type Span struct {
	Text  string
	Marks []string // of marks, in their order
	Href  string   // where it leads; may be empty
}

// marks are the elements that mark text, and what they mark it as.
var marks = map[string]string{
	"strong": "strong", "b": "strong", "em": "em", "i": "em", "cite": "em", "var": "em",
	"code": "code", "kbd": "code", "samp": "code", "s": "strike", "del": "strike",
	"sub": "sub", "sup": "sup",
}

// markOrder are the marks in their order.
var markOrder = []string{"strong", "em", "code", "strike", "sub", "sup"}

// lineBreak stands for a line break while white space is collapsed; bodies have no control
// characters.
const lineBreak = "\x01"

// Blocks returns the HTML of a rendered body as blocks, with the same words; find returns the
// medium with an id, and false if readers may not see it, which leaves nothing of its block.
// Pictures in a line stand between its parts, those in a heading or table behind it. What has no
// block becomes paragraphs. The blocks are never nil.
func Blocks(source string, find func(id string) (Medium, bool)) []Block {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(source), body)
	if err != nil {
		// A rendered body is well within the parser's limits.
		nodes = []*html.Node{{Type: html.TextNode, Data: textOf(source)}}
	}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	return blocksIn(body, style{}, find)
}

// style is how text is shown.
type style struct {
	marks map[string]bool
	href  string
}

// with returns the style of what is in an element.
func (s style) with(n *html.Node) style {
	if href := attrValue(n, "href"); n.DataAtom == atom.A && href != "" {
		s.href = href
	}
	if mark := marks[n.Data]; mark != "" {
		all := map[string]bool{mark: true}
		for m := range s.marks {
			all[m] = true
		}
		s.marks = all
	}
	return s
}

// span returns a text in the style.
func (s style) span(text string) Span {
	span := Span{Text: text, Href: s.href, Marks: []string{}}
	for _, mark := range markOrder {
		if s.marks[mark] {
			span.Marks = append(span.Marks, mark)
		}
	}
	return span
}

// blockWriter makes blocks of the nodes of a body.
type blockWriter struct {
	find func(string) (Medium, bool)
	out  []Block
	line []Span // of the paragraph that is being made
}

// blocksIn returns the content of a node as blocks.
func blocksIn(n *html.Node, s style, find func(string) (Medium, bool)) []Block {
	w := blockWriter{find: find, out: []Block{}}
	w.walk(n, s)
	w.flush()
	return w.out
}

// blocksOf returns a node as blocks.
func blocksOf(n *html.Node, s style, find func(string) (Medium, bool)) []Block {
	w := blockWriter{find: find, out: []Block{}}
	w.node(n, s)
	w.flush()
	return w.out
}

func (w *blockWriter) walk(n *html.Node, s style) {
	for c := range n.ChildNodes() {
		w.node(c, s)
	}
}

func (w *blockWriter) node(n *html.Node, s style) {
	switch n.Type {
	case html.TextNode:
		w.line = append(w.line, s.span(n.Data))
	case html.ElementNode:
		w.element(n, s)
	}
}

// flush ends the paragraph that is being made.
func (w *blockWriter) flush() {
	if text := tidySpans(w.line); len(text) > 0 {
		w.out = append(w.out, Block{Type: ParagraphBlock, Text: text})
	}
	w.line = nil
}

func (w *blockWriter) add(blocks ...Block) {
	w.flush()
	w.out = append(w.out, blocks...)
}

// element makes blocks of an element.
func (w *blockWriter) element(n *html.Node, s style) {
	switch n.DataAtom {
	case atom.Source: // another form of the picture behind it
	case atom.Br:
		w.line = append(w.line, s.span(lineBreak))
	case atom.Img:
		w.image(n, s, nil)
	case atom.Hr:
		w.add(Block{Type: DividerBlock})
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.heading(n, s)
	case atom.Blockquote:
		w.add(Block{Type: QuoteBlock, Blocks: blocksIn(n, s, w.find)})
	case atom.Aside:
		w.aside(n, s)
	case atom.Ul, atom.Ol:
		w.list(n, s)
	case atom.Figure:
		w.figure(n, s)
	case atom.Table:
		w.table(n, s)
	case atom.Pre:
		w.code(n)
	case atom.Dt, atom.Summary:
		w.flush()
		w.walk(n, s.with(&html.Node{Data: "strong"}))
		w.flush()
	case atom.A:
		if !strings.HasPrefix(attrValue(n, "href"), "#fnref-") { // the way back from a footnote
			w.walk(n, s.with(n))
		}
	default:
		if allowedElements[n.Data].inLine() || n.DataAtom == atom.Span {
			w.walk(n, s.with(n))
			return
		}
		w.flush()
		w.walk(n, s)
		w.flush()
	}
}

func (w *blockWriter) heading(n *html.Node, s style) {
	text, rest := lineIn(n, s, w.find)
	if len(text) > 0 {
		w.add(Block{
			Type:  HeadingBlock,
			Level: headingLevel(n.Data),
			ID:    attrValue(n, "id"),
			Text:  text,
		})
	}
	w.add(rest...)
}

func (w *blockWriter) aside(n *html.Node, s style) {
	b := Block{Type: AsideBlock, Kind: "aside"}
	if attrValue(n, "class") == classFactbox {
		b.Kind = "factbox"
	}
	for c := range n.ChildNodes() {
		if attrValue(c, "class") == classTitle {
			b.Title = textContent(c)
			n.RemoveChild(c)
			break
		}
	}
	b.Blocks = blocksIn(n, s, w.find)
	w.add(b)
}

func (w *blockWriter) list(n *html.Node, s style) {
	b := Block{Type: ListBlock, Ordered: n.DataAtom == atom.Ol, Start: 1}
	if start, err := strconv.Atoi(attrValue(n, "start")); err == nil {
		b.Start = start
	}
	var notes []Note
	for c := range n.ChildNodes() {
		switch {
		case isSpaceNode(c):
		case strings.HasPrefix(attrValue(c, "id"), "fn-"):
			notes = append(notes, Note{attrValue(c, "id"), blocksIn(c, s, w.find)})
			b.Items = append(b.Items, notes[len(notes)-1].Blocks)
		case c.DataAtom == atom.Li:
			b.Items = append(b.Items, blocksIn(c, s, w.find))
		default: // what no item holds
			b.Items = append(b.Items, blocksOf(c, s, w.find))
		}
	}
	if len(notes) > 0 && len(notes) == len(b.Items) {
		w.flush()
		if i := len(w.out) - 1; i >= 0 && w.out[i].Type == DividerBlock {
			w.out = w.out[:i] // which stands before footnotes
		}
		b = Block{Type: FootnotesBlock, Notes: notes}
	}
	w.add(b)
}

// image makes the block of a picture, sound or film. A document is a link in its line. The caption
// is that of the figure, nil outside of one.
func (w *blockWriter) image(n *html.Node, s style, caption []Span) {
	id := attrValue(n, mediumAttr)
	b := Block{
		Type:     ImageBlock,
		MediumID: id,
		Alt:      attrValue(n, "alt"),
		Href:     s.href,
		Caption:  caption,
	}
	if id == "" {
		b.URL = attrValue(n, "src")
		w.add(b)
		return
	}
	m, ok := w.find(id)
	if !ok {
		return
	}
	if caption != nil && len(caption) == 0 && m.Caption != "" {
		b.Caption = []Span{style{}.span(m.Caption)}
	}
	switch {
	case m.Kind == Document:
		words := b.Alt
		if words == "" {
			words = mediumName(m)
		}
		if s.href == "" {
			s.href = m.URL
		}
		w.line = append(w.line, s.span(words))
		if len(b.Caption) > 0 {
			w.add(Block{Type: ParagraphBlock, Text: b.Caption})
		}
		return
	case m.Kind == Audio:
		b.Type = AudioBlock
	case m.Kind == Video:
		b.Type = VideoBlock
	case hasAttr(n, "role"):
		b.Alt = ""
	case b.Alt == "" && !m.Decorative:
		b.Alt = m.Alt
	}
	w.add(b)
}

// onlyPicture returns the picture that is all that a figure shows, with the link around it, nil if
// there is more or none.
func onlyPicture(figure *html.Node) (picture, link *html.Node) {
	picture = onlyContent(figure)
	for picture != nil && picture.DataAtom == atom.A {
		link = picture
		picture = onlyContent(picture)
	}
	if picture == nil || picture.DataAtom != atom.Img {
		return nil, nil
	}
	return picture, link
}

// figure makes the block of a figure. One that holds more than a picture is what it holds.
func (w *blockWriter) figure(n *html.Node, s style) {
	caption := []Span{}
	var rest []Block
	for c := range n.ChildNodes() {
		if c.DataAtom == atom.Figcaption {
			caption, rest = lineIn(c, s, w.find)
			break
		}
	}
	picture, link := onlyPicture(n)
	switch only := onlyContent(n); {
	case attrValue(n, "class") == classEmbed && only != nil:
		page, _ := EmbedOf(attrValue(only, "href"))
		w.add(Block{
			Type:     EmbedBlock,
			Provider: attrValue(n, "data-provider"),
			URL:      page.URL,
			Src:      attrValue(n, "data-src"),
			Title:    textContent(only),
			Caption:  caption,
		})
		w.add(rest...)
	case attrValue(n, "class") == classGallery:
		w.gallery(n, s, caption)
		w.add(rest...)
	case picture != nil:
		w.flush()
		if _, ok := w.find(attrValue(n, mediumAttr)); hasAttr(n, mediumAttr) && !ok {
			return
		}
		if link != nil {
			s = s.with(link)
		}
		w.image(picture, s, caption)
		w.flush()
		w.add(rest...)
	default:
		w.flush()
		w.walk(n, s)
		w.flush()
	}
}

// gallery makes the block of a gallery; what is no picture in it stands behind it.
func (w *blockWriter) gallery(n *html.Node, s style, caption []Span) {
	b := Block{Type: GalleryBlock, Images: []Block{}, Caption: caption}
	var others []Block
	for c := range n.ChildNodes() {
		if c.DataAtom == atom.Figcaption {
			continue
		}
		for _, block := range blocksOf(c, s, w.find) {
			if block.Type == ImageBlock {
				b.Images = append(b.Images, block)
			} else {
				others = append(others, block)
			}
		}
	}
	if len(b.Images)+len(others) > 0 { // else readers may see none of it, nor its caption
		w.add(b)
	}
	w.add(others...)
}

func (w *blockWriter) code(n *html.Node) {
	b := Block{Type: CodeBlock}
	var text strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			text.WriteString(d.Data)
		}
		if d.DataAtom == atom.Br {
			text.WriteByte('\n')
		}
		if class := attrValue(d, "class"); d.DataAtom == atom.Code && class != "" {
			b.Language = strings.TrimPrefix(class, "language-")
		}
	}
	if class := attrValue(n, "class"); class != "" {
		b.Language = strings.TrimPrefix(class, "language-")
	}
	b.Code = strings.TrimSuffix(text.String(), "\n")
	w.add(b)
}

// table makes the block of a table, with its caption before it and what is no text behind it.
func (w *blockWriter) table(n *html.Node, s style) {
	b := Block{Type: TableBlock, Head: []Cell{}, Rows: [][]Cell{}, Align: []string{}}
	var rest []Block
	w.flush()
	for row := range n.Descendants() {
		if row.DataAtom == atom.Caption && row.Parent == n {
			w.walk(row, s)
			w.flush()
		}
		if row.DataAtom != atom.Tr || row.Parent.Parent != n {
			continue
		}
		cells := []Cell{}
		for c := range row.ChildNodes() {
			if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
				continue
			}
			text, more := lineIn(c, s, w.find)
			cells = append(cells, text)
			rest = append(rest, more...)
			if len(cells) > len(b.Align) {
				b.Align = append(b.Align, cmp.Or(attrValue(c, "align"), "start"))
			}
		}
		if row.Parent.DataAtom == atom.Thead && len(b.Head)+len(b.Rows) == 0 {
			b.Head = cells
		} else {
			b.Rows = append(b.Rows, cells)
		}
	}
	w.add(b)
	w.add(rest...)
}
