package richtext

import (
	"bytes"
	"regexp"
	"strconv"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"
)

// Attribute lists are those of kramdown, which Jekyll uses: {: #id lang="ar" .class} on a line
// beside a block, or behind an element in a line. {:toc} stands for a table of contents, and
// {::options …} and {::nomarkdown} are settings. They are used or dropped, but never shown. What is
// in braces but none of them is text.

// attributeList is an attribute list in the tree, until attributeListTransformer has used it.
type attributeList struct {
	ast.BaseBlock
	text []byte // between the braces
}

var kindAttributeList = ast.NewNodeKind("AttributeList")

// Kind implements ast.Node.
func (*attributeList) Kind() ast.NodeKind { return kindAttributeList }

// Dump implements ast.Node.
func (n *attributeList) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, nil, nil)
}

// inlineAttributeList is an attribute list in a line of text.
type inlineAttributeList struct {
	ast.BaseInline
	text    []byte         // between the braces
	segment gmtext.Segment // with the braces
}

var kindInlineAttributeList = ast.NewNodeKind("InlineAttributeList")

// Kind implements ast.Node.
func (*inlineAttributeList) Kind() ast.NodeKind { return kindInlineAttributeList }

// Dump implements ast.Node.
func (n *inlineAttributeList) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, nil, nil)
}

// The parts of an attribute list. A name refers to a list that is defined elsewhere.
const (
	listAttribute = `(?:#[^\s"'{}=,]+|\.[\pL_-][^\s"'{}=,]*|` +
		`[A-Za-z][\w:-]*=(?:"[^"{}\n]*"|'[^'{}\n]*'|[^\s"'{},]+))`
	listName    = `[A-Za-z][\w-]*`
	listEntries = `(?:\s*(?:` + listAttribute + `|` + listName + `))+\s*`
	listSetting = `:(?:options|nomarkdown)(?:\s[^{}\n]*)?/?|:comment(?:\s[^{}\n]*)?/|` +
		`/(?:options|nomarkdown)?`
	listDefinition = `[\w-]+:(?:` + listEntries + `)?`
)

var (
	blockAttributeList = regexp.MustCompile(`^ {0,3}\{:(` +
		listSetting + `|` + listDefinition + `|` + listEntries + `)\}[ \t]*\n?$`)
	lineAttributeList = regexp.MustCompile(`^\{:(` + listSetting + `|` + listEntries + `)\}`)
	// onlyAttributes matches a list without names, and settings.
	onlyAttributes = regexp.MustCompile(
		`^(?:(?:\s*` + listAttribute + `)+\s*|` + listSetting + `)$`)
)

// attributeListParser reads attribute lists that have a line of their own.
type attributeListParser struct{}

// Trigger implements parser.BlockParser.
func (attributeListParser) Trigger() []byte { return []byte{'{'} }

// Open implements parser.BlockParser.
func (attributeListParser) Open(
	_ ast.Node, reader gmtext.Reader, _ parser.Context,
) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	found := blockAttributeList.FindSubmatch(line)
	if found == nil {
		return nil, parser.NoChildren
	}
	reader.AdvanceToEOL()
	return &attributeList{text: bytes.Clone(found[1])}, parser.NoChildren
}

// Continue implements parser.BlockParser.
func (attributeListParser) Continue(ast.Node, gmtext.Reader, parser.Context) parser.State {
	return parser.Close
}

// Close implements parser.BlockParser.
func (attributeListParser) Close(ast.Node, gmtext.Reader, parser.Context) {}

// CanInterruptParagraph implements parser.BlockParser.
func (attributeListParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine implements parser.BlockParser.
func (attributeListParser) CanAcceptIndentedLine() bool { return false }

// inlineAttributeListParser reads attribute lists in a line.
type inlineAttributeListParser struct{}

// Trigger implements parser.InlineParser.
func (inlineAttributeListParser) Trigger() []byte { return []byte{'{'} }

// Parse implements parser.InlineParser.
func (inlineAttributeListParser) Parse(
	_ ast.Node, block gmtext.Reader, _ parser.Context,
) ast.Node {
	line, segment := block.PeekLine()
	found := lineAttributeList.FindSubmatch(line)
	if found == nil {
		return nil
	}
	block.Advance(len(found[0]))
	return &inlineAttributeList{
		text:    bytes.Clone(found[1]),
		segment: gmtext.NewSegment(segment.Start, segment.Start+len(found[0])),
	}
}

// attributeListTransformer applies the attribute lists of a document and removes them. It reports
// the lists that stand for a table of contents, which are removed too.
type attributeListTransformer struct{}

// Transform implements parser.ASTTransformer.
func (attributeListTransformer) Transform(
	document *ast.Document, _ gmtext.Reader, pc parser.Context,
) {
	lost := lossesOf(pc)
	var blocks []*attributeList
	var inlines []*inlineAttributeList
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch n := n.(type) {
			case *attributeList:
				blocks = append(blocks, n)
			case *inlineAttributeList:
				inlines = append(inlines, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range blocks {
		applyBlock(n, lost)
		n.Parent().RemoveChild(n.Parent(), n)
	}
	for _, n := range inlines {
		applyInline(n, lost)
	}
}

// definition is the beginning of a list that sets nothing on a block: it gives attributes a name,
// or is a setting of kramdown.
var definition = regexp.MustCompile(`^[\w-]*:`)

// applyBlock sets the attributes on the block before the list, or behind it if an empty line or
// nothing is before it. A list that stands for a table of contents is removed: it has no empty line
// between it and {:toc}.
func applyBlock(n *attributeList, lost *losses) {
	if definition.Match(n.text) {
		return
	}
	target, adjacent := n.PreviousSibling(), true
	if target == nil || n.HasBlankPreviousLines() {
		target = n.NextSibling()
		adjacent = target != nil && !target.HasBlankPreviousLines()
	}
	if target == nil || target.Kind() == kindAttributeList {
		return
	}
	if list, isList := target.(*ast.List); isList && adjacent && tocName.Match(n.text) {
		element := "ul"
		if list.IsOrdered() {
			element = "ol"
		}
		lost.report(Warning{Code: Removed, Element: element, Detail: "a table of contents"})
		target.Parent().RemoveChild(target.Parent(), target)
		return
	}
	setAttributes(target, n.text, lost)
}

var tocName = regexp.MustCompile(`(?:^|\s)toc(?:\s|$)`)

// applyInline sets the attributes on the element before the list. Behind the words of a heading
// they are the heading's. Behind other words, names in braces are text.
func applyInline(n *inlineAttributeList, lost *losses) {
	target, parent := n.PreviousSibling(), n.Parent()
	switch {
	case target != nil && target.Kind() != ast.KindText:
		setAttributes(target, n.text, lost)
	case !onlyAttributes.Match(n.text):
		parent.ReplaceChild(parent, n, ast.NewTextSegment(n.segment))
		return
	case parent.Kind() == ast.KindHeading:
		setAttributes(parent, n.text, lost)
	}
	parent.RemoveChild(parent, n)
}

var listedAttribute = regexp.MustCompile(`#([^\s#.}]+)|([A-Za-z][\w-]*)=(?:"([^"]*)"|` +
	`'([^']*)'|([^\s"'}]+))|\.([\pL_-][^\s"'{}=,.#]*)`)

// setAttributes sets the id and the named attributes of a list on a node. Classes mean nothing
// here, and are reported.
func setAttributes(target ast.Node, list []byte, lost *losses) {
	for _, found := range listedAttribute.FindAllSubmatch(list, -1) {
		switch {
		case len(found[1]) > 0:
			target.SetAttribute([]byte("id"), found[1])
		case len(found[6]) > 0:
			lost.report(Warning{Code: Removed, Element: elementOf(target), Detail: "class " +
				truncateName(string(found[6]))})
		default:
			value := bytes.Join(found[3:6], nil)
			target.SetAttribute(bytes.ToLower(found[2]), value)
		}
	}
}

// elementOf returns the element that a node of Markdown becomes.
func elementOf(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Heading:
		return "h" + strconv.Itoa(n.Level)
	case *ast.List:
		if n.IsOrdered() {
			return "ol"
		}
		return "ul"
	}
	if element := elementsOfKinds[n.Kind()]; element != "" {
		return element
	}
	return "p"
}

var elementsOfKinds = map[ast.NodeKind]string{
	ast.KindBlockquote:      "blockquote",
	ast.KindCodeBlock:       "pre",
	ast.KindFencedCodeBlock: "pre",
	ast.KindThematicBreak:   "hr",
	ast.KindImage:           "img",
	ast.KindLink:            "a",
	ast.KindAutoLink:        "a",
	ast.KindEmphasis:        "em",
	ast.KindCodeSpan:        "code",
	extast.KindTable:        "table",
}
