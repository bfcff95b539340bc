package richtext

import (
	"bytes"
	"regexp"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"
)

// Comments are those of kramdown: {::comment} on a line of its own, up to a line that ends with
// {:/comment} or {:/}, or both in one paragraph. They are removed and reported. A comment that does
// not end, or in which another begins, is text, so that a forgotten end loses nothing.

// comment is a comment of several lines in the tree, until commentTransformer has removed it.
type comment struct {
	ast.BaseBlock
	lines []gmtext.Segment
	ended bool
}

var kindComment = ast.NewNodeKind("Comment")

// Kind implements ast.Node.
func (*comment) Kind() ast.NodeKind { return kindComment }

// Dump implements ast.Node.
func (n *comment) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// inlineComment is a comment in a paragraph.
type inlineComment struct{ ast.BaseInline }

var kindInlineComment = ast.NewNodeKind("InlineComment")

// Kind implements ast.Node.
func (*inlineComment) Kind() ast.NodeKind { return kindInlineComment }

// Dump implements ast.Node.
func (n *inlineComment) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, nil, nil)
}

const commentTag = `\{::comment(?:[ \t][^{}/\n]*)?\}`

var (
	commentStart = regexp.MustCompile(`^` + commentTag)
	commentLine  = regexp.MustCompile(`^ {0,3}` + commentTag + `[ \t]*\n?$`)
	commentMark  = regexp.MustCompile(`\{:/(?:comment)?\}|` + commentTag)
)

// isCommentEnd reports whether a mark ends a comment, and does not begin one.
func isCommentEnd(mark []byte) bool { return bytes.HasPrefix(mark, []byte("{:/")) }

// commentParser reads comments of several lines.
type commentParser struct{}

// Trigger implements parser.BlockParser.
func (commentParser) Trigger() []byte { return []byte{'{'} }

// Open implements parser.BlockParser.
func (commentParser) Open(
	_ ast.Node, reader gmtext.Reader, _ parser.Context,
) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	if !commentLine.Match(line) || !commentEnds(reader.Source()[segment.Stop:]) {
		return nil, parser.NoChildren
	}
	reader.AdvanceToEOL()
	return &comment{lines: []gmtext.Segment{segment}}, parser.NoChildren
}

// commentEnds reports whether a comment of several lines ends in the lines that follow its first.
func commentEnds(rest []byte) bool {
	for line := range bytes.Lines(rest) {
		marks := commentMark.FindAllIndex(line, 2)
		switch {
		case len(marks) == 0:
		case isCommentEnd(line[marks[0][0]:]):
			return len(bytes.TrimSpace(line[marks[0][1]:])) == 0
		case len(marks) < 2 || !isCommentEnd(line[marks[1][0]:]):
			return false
		}
	}
	return false
}

// Continue implements parser.BlockParser.
func (commentParser) Continue(
	node ast.Node, reader gmtext.Reader, _ parser.Context,
) parser.State {
	n := node.(*comment)
	if n.ended {
		return parser.Close
	}
	line, segment := reader.PeekLine()
	n.lines = append(n.lines, segment)
	n.ended = isCommentEnd(commentMark.Find(line))
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

// Close implements parser.BlockParser. A comment whose quotation or list ends before it does
// becomes a paragraph.
func (commentParser) Close(node ast.Node, reader gmtext.Reader, _ parser.Context) {
	n := node.(*comment)
	if n.ended {
		return
	}
	source := reader.Source()
	last := len(n.lines) - 1
	n.lines[last] = n.lines[last].TrimRightSpace(source)
	paragraph := ast.NewParagraph()
	for _, line := range n.lines {
		if line = line.TrimLeftSpace(source); !line.IsEmpty() {
			paragraph.Lines().Append(line)
		}
	}
	n.Parent().ReplaceChild(n.Parent(), n, paragraph)
}

// CanInterruptParagraph implements parser.BlockParser.
func (commentParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine implements parser.BlockParser.
func (commentParser) CanAcceptIndentedLine() bool { return false }

// inlineCommentParser reads comments in a paragraph.
type inlineCommentParser struct{}

// Trigger implements parser.InlineParser.
func (inlineCommentParser) Trigger() []byte { return []byte{'{'} }

// Parse implements parser.InlineParser.
func (inlineCommentParser) Parse(
	_ ast.Node, block gmtext.Reader, _ parser.Context,
) ast.Node {
	line, _ := block.PeekLine()
	start := commentStart.Find(line)
	if start == nil {
		return nil
	}
	row, position := block.Position()
	block.Advance(len(start))
	for line, _ = block.PeekLine(); line != nil; line, _ = block.PeekLine() {
		if mark := commentMark.FindIndex(line); mark != nil {
			if !isCommentEnd(line[mark[0]:]) {
				break
			}
			block.Advance(mark[1])
			return &inlineComment{}
		}
		block.AdvanceLine()
	}
	block.SetPosition(row, position)
	return nil
}

// commentTransformer removes the comments of a document and reports them.
type commentTransformer struct{}

// Transform implements parser.ASTTransformer.
func (commentTransformer) Transform(
	document *ast.Document, reader gmtext.Reader, pc parser.Context,
) {
	lost := lossesOf(pc)
	var comments []ast.Node
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && (n.Kind() == kindComment || n.Kind() == kindInlineComment) {
			comments = append(comments, n)
		}
		return ast.WalkContinue, nil
	})
	for _, n := range comments {
		lost.report(Warning{Code: Removed, Element: "comment", Detail: "with its content"})
		parent := n.Parent()
		parent.RemoveChild(parent, n)
		if parent.Kind() == ast.KindParagraph && isBlank(parent, reader.Source()) {
			parent.Parent().RemoveChild(parent.Parent(), parent)
		}
	}
}

// isBlank reports whether a node has nothing but white space.
func isBlank(n ast.Node, source []byte) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		t, isText := c.(*ast.Text)
		if !isText || len(bytes.TrimSpace(t.Segment.Value(source))) > 0 {
			return false
		}
	}
	return true
}
