package richtext

import (
	"bytes"
	"strconv"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	notes "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	htmlrenderer "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// mark is the name of the attribute that carries the id of a footnote to the shaper. No author can write it: it is a
// control character, which clean takes out of every source, and names of attributes know no escapes.
const mark = "\x01"

// convert is the HTML of a Markdown source. It is not safe yet. A source that would take too long to read is shown as
// it is, in paragraphs.
func convert(source string) string {
	if tangled(source) {
		return plain(source)
	}
	var b bytes.Buffer
	if err := reader.Convert([]byte(source), &b); err != nil { // a buffer takes all that is written
		return plain(source)
	}
	return b.String()
}

// reader reads Markdown. It is never changed after it is made, and may be used by many at once.
var reader = newReader()

func newReader() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
			extension.Strikethrough, extension.Linkify, extension.TaskList, extension.Footnote,
		),
		goldmark.WithRendererOptions(
			htmlrenderer.WithUnsafe(),
			renderer.WithNodeRenderers(util.Prioritized(footnotes{}, 100)),
		),
	)
}

// footnotes writes footnotes with ids of our own.
type footnotes struct{}

// RegisterFuncs tells goldmark which nodes are written here.
func (footnotes) RegisterFuncs(to renderer.NodeRendererFuncRegisterer) {
	to.Register(notes.KindFootnoteLink, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			link := n.(*notes.FootnoteLink)
			number := strconv.Itoa(link.Index)
			id := reference(link.Index, link.RefIndex)
			_, _ = w.WriteString("<sup " + mark + `="` + id + `"><a href="#fn-` + number + `">` + number + "</a></sup>")
		}
		return ast.WalkContinue, nil
	})
	to.Register(notes.KindFootnoteBacklink, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			back := n.(*notes.FootnoteBacklink)
			_, _ = w.WriteString(` <a href="#` + reference(back.Index, back.RefIndex) + "\">↩\ufe0e</a>")
		}
		return ast.WalkContinue, nil
	})
	to.Register(notes.KindFootnote, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.WriteString("<li " + mark + `="fn-` + strconv.Itoa(n.(*notes.Footnote).Index) + "\">\n")
		} else {
			_, _ = w.WriteString("</li>\n")
		}
		return ast.WalkContinue, nil
	})
	to.Register(notes.KindFootnoteList, func(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.WriteString("<hr>\n<ol>\n")
		} else {
			_, _ = w.WriteString("</ol>\n")
		}
		return ast.WalkContinue, nil
	})
}

// reference is the id of the nth place, from 0, that refers to a footnote.
func reference(footnote, nth int) string {
	id := "fnref-" + strconv.Itoa(footnote)
	if nth > 0 {
		id += "-" + strconv.Itoa(nth+1)
	}
	return id
}
