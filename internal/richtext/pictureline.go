package richtext

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"
)

// pictureLineTransformer gives each medium of the library that is alone on a line a paragraph of
// its own, with the link around it if there is one. It becomes a figure later.
type pictureLineTransformer struct{}

// Transform implements parser.ASTTransformer.
func (pictureLineTransformer) Transform(
	document *ast.Document, reader gmtext.Reader, _ parser.Context,
) {
	var lines []ast.Node
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		image, isImage := n.(*ast.Image)
		if !isImage || !entering {
			return ast.WalkContinue, nil
		}
		if _, isMedium := mediumAddress(string(image.Destination)); !isMedium {
			return ast.WalkContinue, nil
		}
		line := ast.Node(image)
		if p := image.Parent(); p.Kind() == ast.KindLink && p.ChildCount() == 1 {
			line = p
		}
		if line.Parent().Kind() == ast.KindParagraph && isLine(line, reader.Source()) {
			lines = append(lines, line)
		}
		return ast.WalkContinue, nil
	})
	for _, line := range lines {
		ownParagraph(line)
	}
}

// isLine reports whether a node is a whole line of its paragraph.
func isLine(n ast.Node, source []byte) bool {
	if before := n.PreviousSibling(); before != nil && !endsLine(before) {
		return false
	}
	after := n.NextSibling()
	if after == nil {
		return true
	}
	t, isText := after.(*ast.Text)
	return isText && strings.TrimSpace(string(t.Segment.Value(source))) == "" &&
		(endsLine(t) || t.NextSibling() == nil)
}

// endsLine reports whether a line break follows a node of a paragraph.
func endsLine(n ast.Node) bool {
	t, isText := n.(*ast.Text)
	return isText && (t.SoftLineBreak() || t.HardLineBreak())
}

// ownParagraph splits the paragraph of a line, so that the line is one by itself.
func ownParagraph(line ast.Node) {
	paragraph := line.Parent()
	if paragraph.ChildCount() == 1 {
		return
	}
	if before, ok := line.PreviousSibling().(*ast.Text); ok {
		before.SetSoftLineBreak(false)
		before.SetHardLineBreak(false)
	}
	if end := line.NextSibling(); end != nil {
		paragraph.RemoveChild(paragraph, end)
	}
	own, rest := ast.NewParagraph(), ast.NewParagraph()
	for c := line.NextSibling(); c != nil; c = line.NextSibling() {
		rest.AppendChild(rest, c) // which takes it from where it was
	}
	own.AppendChild(own, line)
	parent := paragraph.Parent()
	if rest.HasChildren() {
		parent.InsertAfter(parent, paragraph, rest)
	}
	parent.InsertAfter(parent, paragraph, own)
	if !paragraph.HasChildren() {
		for _, a := range paragraph.Attributes() {
			own.SetAttribute(a.Name, a.Value)
		}
		parent.RemoveChild(parent, paragraph)
	}
}
