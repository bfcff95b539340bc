package richtext

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	htmlrenderer "github.com/yuin/goldmark/renderer/html"
	gmtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// footnoteAttr is the name of the attribute that carries the id of a footnote to the normalizer. No
// author can write it: it is a control character, which cleanText removes from every source, and
// attribute names have no escapes.
const footnoteAttr = "\x01"

// markdownToHTML converts Markdown to HTML that is not safe yet, and returns what it removed. A
// source that would take too long is shown as it was typed, in paragraphs.
func markdownToHTML(source string) (string, *losses) {
	if tooComplex(source) {
		return escapedParagraphs(source), &losses{}
	}
	text := []byte(source)
	markdown := withLinkify
	document, lost, ok := parseWithoutLinkify(source, text)
	if ok {
		markdown = withoutLinkify
	} else {
		document, lost = parse(withLinkify, text)
	}
	var b bytes.Buffer
	b.Grow(len(text) + len(text)/4)
	if err := markdown.Renderer().Render(&b, text, document); err != nil {
		// It cannot happen, since a buffer accepts every write.
		return escapedParagraphs(source), &losses{}
	}
	return b.String(), lost
}

// lossesKey is where a parser finds the losses of the source it parses.
var lossesKey = parser.NewContextKey()

func lossesOf(pc parser.Context) *losses { return pc.Get(lossesKey).(*losses) }

// parse parses a source and returns what it removed.
func parse(markdown goldmark.Markdown, text []byte) (ast.Node, *losses) {
	lost := &losses{}
	pc := parser.NewContext()
	pc.Set(lossesKey, lost)
	return markdown.Parser().Parse(gmtext.NewReader(text), parser.WithContext(pc)), lost
}

// parseWithoutLinkify parses a source that has no bare link, which is faster than to try one after
// every space. It reports false if there may be one: a bare link starts in the text with one of
// bareLinkStarts, or is an email address. It also does so if a line ends with several spaces, of
// which the parser of bare links keeps more.
func parseWithoutLinkify(
	source string, text []byte,
) (document ast.Node, lost *losses, ok bool) {
	if strings.Contains(source, "@") || hasTrailingSpaces(source) {
		return nil, nil, false
	}
	for _, start := range bareLinkStarts {
		if strings.Count(source, start) > strings.Count(source, "]("+start) {
			return nil, nil, false
		}
	}
	ok = true
	document, lost = parse(withoutLinkify, text)
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, isText := n.(*ast.Text); isText && entering {
			value := string(t.Segment.Value(text))
			begins := func(start string) bool { return strings.Contains(value, start) }
			ok = ok && !slices.ContainsFunc(bareLinkStarts, begins)
		}
		return ast.WalkContinue, nil
	})
	return document, lost, ok
}

// hasTrailingSpaces reports whether a line ends with more than one space.
func hasTrailingSpaces(source string) bool {
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

// bareLinkStarts are the beginnings of links without markup.
var bareLinkStarts = []string{"http:", "https:", "ftp:", "www."}

// withLinkify makes links of bare addresses, withoutLinkify does not. Both are safe for concurrent
// use.
var (
	withLinkify = newGoldmark(extension.NewLinkify(
		extension.WithLinkifyURLRegexp(bareURL),
		extension.WithLinkifyWWWRegexp(bareHost),
	), bareLinks{})
	withoutLinkify = newGoldmark()
)

// Bare addresses as GitHub reads them: with letters, digits and marks of every script.
var (
	bareURL  = regexp.MustCompile(`^(?:https?|ftp)://` + hostChars + `(?::\d+)?` + pathChars)
	bareHost = regexp.MustCompile(`^www\.` + hostChars + pathChars)
)

const (
	hostChars = `[-\pL\pM\pN@:%._+~#=]{1,256}\.[\pL\pM]+`
	pathChars = `(?:[/#?](?:[` + pathChar + `:]|\{+[` + pathChar + `])*)?`
	// pathChar is what a path has beside colons and opening braces, which together begin markup
	// of kramdown.
	pathChar = `-\pL\pM\pN@%_+.~#$!?&/=();,'">^}\[\]` + "`"
)

func newGoldmark(more ...goldmark.Extender) goldmark.Markdown {
	align := extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)
	return goldmark.New(
		goldmark.WithExtensions(
			extension.NewTable(align),
			extension.Strikethrough, extension.TaskList, extension.Footnote,
			extension.DefinitionList,
		),
		goldmark.WithExtensions(more...),
		goldmark.WithParserOptions(
			parser.WithHeadingAttribute(),
			parser.WithBlockParsers(
				util.Prioritized(commentParser{}, 80),
				util.Prioritized(attributeListParser{}, 90),
				util.Prioritized(directiveParser{}, 95),
				util.Prioritized(embedParser{}, 96),
			),
			parser.WithInlineParsers(
				util.Prioritized(inlineCommentParser{}, 390),
				util.Prioritized(inlineAttributeListParser{}, 400),
				util.Prioritized(emphasisParser{}, 450),
			),
			parser.WithASTTransformers(
				util.Prioritized(commentTransformer{}, 90),
				util.Prioritized(attributeListTransformer{}, 100),
				util.Prioritized(pictureLineTransformer{}, 110),
			),
		),
		goldmark.WithRendererOptions(
			htmlrenderer.WithUnsafe(),
			renderer.WithNodeRenderers(
				util.Prioritized(footnoteRenderer{}, 100),
				util.Prioritized(directiveRenderer{}, 100),
			),
		),
	)
}

// footnoteRenderer writes footnotes with the ids of this package.
type footnoteRenderer struct{}

// RegisterFuncs implements goldmark's renderer.NodeRenderer.
func (footnoteRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	register := func(kind ast.NodeKind, start func(ast.Node) string, end string) {
		write := func(w util.BufWriter, _ []byte, n ast.Node, in bool) (ast.WalkStatus, error) {
			tag := end
			if in {
				tag = start(n)
			}
			_, err := w.WriteString(tag)
			return ast.WalkContinue, err
		}
		r.Register(kind, write)
	}
	register(extast.KindFootnoteLink, func(n ast.Node) string {
		link := n.(*extast.FootnoteLink)
		number := strconv.Itoa(link.Index)
		id := footnoteRefID(link.Index, link.RefIndex)
		note := "<a " + footnoteAttr + `="fn-` + number + `">` + number + "</a>"
		return "<sup " + footnoteAttr + `="` + id + `">` + note + "</sup>"
	}, "")
	register(extast.KindFootnoteBacklink, func(n ast.Node) string {
		back := n.(*extast.FootnoteBacklink)
		id := footnoteRefID(back.Index, back.RefIndex)
		return " <a " + footnoteAttr + `="` + id + "\">↩\ufe0e</a>"
	}, "")
	register(extast.KindFootnote, func(n ast.Node) string {
		return "<li " + footnoteAttr + `="fn-` + strconv.Itoa(n.(*extast.Footnote).Index) + "\">\n"
	}, "</li>\n")
	register(extast.KindFootnoteList, func(ast.Node) string { return "<hr>\n<ol>\n" }, "</ol>\n")
}

// footnoteRefID returns the id of the nth reference, counted from 0, to a footnote.
func footnoteRefID(footnote, nth int) string {
	id := "fnref-" + strconv.Itoa(footnote)
	if nth > 0 {
		id += "-" + strconv.Itoa(nth+1)
	}
	return id
}
