package richtext

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	gmtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Directives are lines that begin with colons: ::embed{url="…" title="…"} shows a page of another
// site, and :::gallery, :::aside and :::factbox hold the blocks that follow, up to a line of three
// or more colons, which ends the innermost, or to the end of what they stand in. Lines that are
// none of these are text.

// maxDirectives is how many directives may hold one another; a deeper one is text.
const maxDirectives = 4

// directive is a directive that holds blocks.
type directive struct {
	ast.BaseBlock
	name  string // gallery, aside or factbox
	title string
}

// embedDirective is an embed.
type embedDirective struct {
	ast.BaseBlock
	html string
}

var (
	kindDirective      = ast.NewNodeKind("Directive")
	kindEmbedDirective = ast.NewNodeKind("EmbedDirective")
)

// Kind implements ast.Node.
func (*directive) Kind() ast.NodeKind { return kindDirective }

// Dump implements ast.Node.
func (n *directive) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// Kind implements ast.Node.
func (*embedDirective) Kind() ast.NodeKind { return kindEmbedDirective }

// Dump implements ast.Node.
func (n *embedDirective) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, nil, nil)
}

var (
	directiveLine = regexp.MustCompile(
		`^ {0,3}:::+[ \t]*(gallery|aside|factbox)[ \t]*(?:\{([^\n]*)\})?[ \t]*\n?$`)
	directiveEnd = regexp.MustCompile(`^ {0,3}:::+[ \t]*\n?$`)
	embedLine    = regexp.MustCompile(`^ {0,3}::embed[ \t]*(?:\{([^\n]*)\})?[ \t]*\n?$`)
	namedValue   = regexp.MustCompile(`^\s*([A-Za-z]+)=` +
		`(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s"'{}=]+))`)
	backslash = regexp.MustCompile(`\\(["'\\])`)
)

// directiveAttributes reads the attributes of a directive. What is not one of those allowed is a
// problem, and the directive is text.
func directiveAttributes(name, list string, lost *losses, allowed ...string) (
	map[string]string, bool,
) {
	values := map[string]string{}
	for strings.TrimSpace(list) != "" {
		found := namedValue.FindStringSubmatch(list)
		if found == nil || !slices.Contains(allowed, found[1]) {
			lost.refuse(Problem{Code: Invalid, Detail: fmt.Sprintf(
				"The body has %s with %q; it takes %s, each written as name=\"value\".",
				name, truncateName(strings.TrimSpace(list)), strings.Join(allowed, ", "))})
			return nil, false
		}
		value := backslash.ReplaceAllString(found[2]+found[3]+found[4], "$1")
		values[found[1]] = collapse(html.UnescapeString(value))
		list = list[len(found[0]):]
	}
	return values, true
}

// directiveParser reads directives that hold blocks.
type directiveParser struct{}

// Trigger implements parser.BlockParser.
func (directiveParser) Trigger() []byte { return []byte{':'} }

// Open implements parser.BlockParser.
func (directiveParser) Open(
	_ ast.Node, reader gmtext.Reader, pc parser.Context,
) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	found := directiveLine.FindSubmatch(line)
	if found == nil || len(openDirectives(pc)) >= maxDirectives {
		return nil, parser.NoChildren
	}
	n := &directive{name: string(found[1])}
	attribute := "title"
	if n.name == "gallery" {
		attribute = "caption"
	}
	values, ok := directiveAttributes(":::"+n.name, string(found[2]), lossesOf(pc), attribute)
	if !ok {
		return nil, parser.NoChildren
	}
	n.title = values[attribute]
	reader.AdvanceToEOL()
	return n, parser.HasChildren
}

// openDirectives returns the directives that are open, the innermost last.
func openDirectives(pc parser.Context) []ast.Node {
	var open []ast.Node
	for _, b := range pc.OpenedBlocks() {
		if b.Node.Kind() == kindDirective {
			open = append(open, b.Node)
		}
	}
	return open
}

// Continue implements parser.BlockParser. A line of colons ends the innermost directive, unless it
// is a line of code or HTML.
func (directiveParser) Continue(
	node ast.Node, reader gmtext.Reader, pc parser.Context,
) parser.State {
	line, segment := reader.PeekLine()
	if !directiveEnd.Match(line) {
		return parser.Continue | parser.HasChildren
	}
	open := openDirectives(pc)
	switch pc.LastOpenedBlock().Node.Kind() {
	case ast.KindFencedCodeBlock, ast.KindHTMLBlock, kindComment:
		return parser.Continue | parser.HasChildren
	}
	if open[len(open)-1] != node {
		return parser.Continue | parser.HasChildren
	}
	end := segment.Stop - segment.Start + segment.Padding
	if line[len(line)-1] == '\n' {
		end--
	}
	reader.Advance(end)
	return parser.Close
}

// Close implements parser.BlockParser.
func (directiveParser) Close(ast.Node, gmtext.Reader, parser.Context) {}

// CanInterruptParagraph implements parser.BlockParser.
func (directiveParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine implements parser.BlockParser.
func (directiveParser) CanAcceptIndentedLine() bool { return false }

// embedParser reads embeds.
type embedParser struct{}

// Trigger implements parser.BlockParser.
func (embedParser) Trigger() []byte { return []byte{':'} }

// Open implements parser.BlockParser.
func (embedParser) Open(
	_ ast.Node, reader gmtext.Reader, pc parser.Context,
) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	found := embedLine.FindSubmatch(line)
	if found == nil {
		return nil, parser.NoChildren
	}
	lost := lossesOf(pc)
	values, ok := directiveAttributes("::embed", string(found[1]), lost,
		"url", "title", "width", "height")
	if !ok {
		return nil, parser.NoChildren
	}
	address := cleanURL(values["url"])
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		lost.refuse(Problem{Code: Invalid, Detail: fmt.Sprintf(
			"The body has ::embed with the url %q; the address of a page is needed, as in "+
				`::embed{url="https://…"}.`, truncateName(address))})
		return nil, parser.NoChildren
	}
	reader.AdvanceToEOL()
	if _, known := EmbedOf(address); !known {
		lost.refuse(Problem{Code: Unknown, Detail: fmt.Sprintf(
			"The body embeds %s, which is no page that can be shown of %s; link to it instead.",
			address, strings.Join(Providers(), ", "))})
	}
	return &embedDirective{html: embedHTML(address, values)}, parser.NoChildren
}

// embedHTML returns the HTML of an embed, before it is shaped.
func embedHTML(address string, values map[string]string) string {
	var b strings.Builder
	b.WriteString(`<figure class="embed"`)
	for _, name := range []string{"width", "height"} {
		if values[name] != "" {
			b.WriteString(" data-" + name + `="` + html.EscapeString(values[name]) + `"`)
		}
	}
	title := values["title"]
	if title == "" {
		title = address
	}
	b.WriteString(`><a href="` + html.EscapeString(address) + `">` + html.EscapeString(title) +
		"</a></figure>\n")
	return b.String()
}

// Continue implements parser.BlockParser.
func (embedParser) Continue(ast.Node, gmtext.Reader, parser.Context) parser.State {
	return parser.Close
}

// Close implements parser.BlockParser.
func (embedParser) Close(ast.Node, gmtext.Reader, parser.Context) {}

// CanInterruptParagraph implements parser.BlockParser.
func (embedParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine implements parser.BlockParser.
func (embedParser) CanAcceptIndentedLine() bool { return false }

// directiveRenderer writes directives as HTML, which is shaped later.
type directiveRenderer struct{}

// RegisterFuncs implements goldmark's renderer.NodeRenderer.
func (directiveRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindEmbedDirective,
		func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
			if !entering {
				return ast.WalkContinue, nil
			}
			_, err := w.WriteString(n.(*embedDirective).html)
			return ast.WalkContinue, err
		})
	r.Register(kindDirective,
		func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
			start, end := n.(*directive).tags()
			tag := start
			if !entering {
				tag = end
			}
			_, err := w.WriteString(tag)
			return ast.WalkContinue, err
		})
}

// tags returns what stands before and behind the blocks of a directive.
func (n *directive) tags() (start, end string) {
	title := html.EscapeString(n.title)
	if n.name == "gallery" {
		if title != "" {
			title = "<figcaption>" + title + "</figcaption>\n"
		}
		return "<figure class=\"gallery\">\n", title + "</figure>\n"
	}
	start = "<aside>\n"
	if n.name == "factbox" {
		start = "<aside class=\"factbox\">\n"
	}
	if title != "" {
		start += `<p class="title">` + title + "</p>\n"
	}
	return start, "</aside>\n"
}
