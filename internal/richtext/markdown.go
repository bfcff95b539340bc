package richtext

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	notes "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	htmlrenderer "github.com/yuin/goldmark/renderer/html"
	reading "github.com/yuin/goldmark/text"
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
	text := []byte(source)
	reader := linking
	document, ok := withoutBareLinks(source, text)
	if ok {
		reader = plainly
	} else {
		document = linking.Parser().Parse(reading.NewReader(text))
	}
	var b bytes.Buffer
	b.Grow(len(text) + len(text)/4)
	if err := reader.Renderer().Render(&b, text, document); err != nil { // a buffer takes all that is written
		return plain(source)
	}
	return b.String()
}

// withoutBareLinks reads a source in which no bare link stands, which is quicker than to look for one behind every space.
// It is not ok if there may be one: a bare link begins in the text, with one of bareLinks, or is an address of mail. Nor is
// it if a line ends with several spaces, of which more stay where links were looked for.
func withoutBareLinks(source string, text []byte) (document ast.Node, ok bool) {
	if strings.Contains(source, "@") || spacesAtAnEnd(source) {
		return nil, false
	}
	for _, begin := range bareLinks {
		if strings.Count(source, begin) > strings.Count(source, "]("+begin) {
			return nil, false
		}
	}
	ok = true
	document = plainly.Parser().Parse(reading.NewReader(text))
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, is := n.(*ast.Text); is && entering {
			said := t.Segment.Value(text)
			ok = ok && !slices.ContainsFunc(bareLinks, func(begin string) bool { return bytes.Contains(said, []byte(begin)) })
		}
		return ast.WalkContinue, nil
	})
	return document, ok
}

// spacesAtAnEnd tells whether a line ends with more than one space.
func spacesAtAnEnd(source string) bool {
	isSpace := func(at int) bool { return at >= 0 && (source[at] == ' ' || source[at] == '\t') }
	for line := 0; line <= len(source); {
		end := len(source)
		if n := strings.IndexByte(source[line:], '\n'); n >= 0 {
			end = line + n
		}
		if isSpace(end-1) && isSpace(end-2) {
			return true
		}
		line = end + 1
	}
	return false
}

// bareLinks are what links begin with that nothing marks as such.
var bareLinks = []string{"http:", "https:", "ftp:", "www."}

// linking reads Markdown; plainly reads it too, but makes no links of what is not marked as one. They are never changed after
// they are made, and may be used by many at once.
var (
	linking = newReader(extension.Linkify)
	plainly = newReader()
)

func newReader(more ...goldmark.Extender) goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
			extension.Strikethrough, extension.TaskList, extension.Footnote,
		),
		goldmark.WithExtensions(more...),
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
