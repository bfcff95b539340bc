package richtext

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// bareLinkParser reads bare links behind a quotation mark or a letter that needs no space, which
// GitHub shows as text. It begins at the colon and takes the scheme from the text before it.
type bareLinkParser struct{}

// bareLinks adds bareLinkParser.
type bareLinks struct{}

// Extend implements goldmark.Extender.
func (bareLinks) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(bareLinkParser{}, 998)))
}

// Trigger implements parser.InlineParser.
func (bareLinkParser) Trigger() []byte { return []byte{':'} }

// Parse implements parser.InlineParser.
func (bareLinkParser) Parse(parent ast.Node, block gmtext.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	text, isText := parent.LastChild().(*ast.Text)
	if !isText || text.Segment.Stop != segment.Start || pc.IsInLinkLabel() ||
		!bytes.HasPrefix(line, []byte("://")) {
		return nil
	}
	before := text.Segment.Value(block.Source())
	scheme := schemeAtEnd(before)
	quotation, _ := utf8.DecodeLastRune(before[:len(before)-len(scheme)])
	if scheme == "" || !isQuotation(quotation) && !isUnspaced(quotation) ||
		inRawLink(text, block.Source()) {
		return nil
	}
	near := append([]byte(scheme), line[:min(len(line), maxBareLink)]...)
	address := trimBareLink(bareURL.Find(near), quotation)
	if len(address) <= len(scheme) {
		return nil
	}
	start := segment.Start - len(scheme)
	text.Segment = text.Segment.WithStop(start)
	block.Advance(len(address) - len(scheme))
	return ast.NewAutoLink(ast.AutoLinkURL,
		ast.NewTextSegment(gmtext.NewSegment(start, start+len(address))))
}

// schemeAtEnd returns the scheme of the web that a text ends with, "" if with none.
func schemeAtEnd(text []byte) string {
	for _, scheme := range []string{"https", "http", "ftp"} {
		if bytes.HasSuffix(text, []byte(scheme)) {
			return scheme
		}
	}
	return ""
}

// trimBareLink returns an address without what belongs to the sentence around it: what follows the
// quotation mark that it stands behind, and punctuation at its end.
func trimBareLink(address []byte, quotation rune) string {
	s := string(address)
	if isQuotation(quotation) {
		s, _, _ = strings.Cut(s, string(quotation))
	}
	for {
		trimmed := strings.TrimRight(s, "?!.,:;*_~'\"")
		if strings.HasSuffix(trimmed, ")") &&
			strings.Count(trimmed, ")") > strings.Count(trimmed, "(") {
			trimmed = strings.TrimSuffix(trimmed, ")")
		}
		if trimmed == s {
			return s
		}
		s = trimmed
	}
}

// isQuotation reports whether c is a quotation mark.
func isQuotation(c rune) bool {
	return unicode.In(c, unicode.Pi, unicode.Pf, unicode.Quotation_Mark)
}

// maxBareLink is how many bytes of a line may belong to a bare link.
const maxBareLink = 2048

// maxBetween is how many nodes are looked at for the start of a link in HTML.
const maxBetween = 100

// inRawLink reports whether a node stands in a link that is written as HTML.
func inRawLink(n ast.Node, source []byte) bool {
	for range maxBetween {
		if n == nil {
			return false
		}
		if raw, isRaw := n.(*ast.RawHTML); isRaw && raw.Segments.Len() > 0 {
			segment := raw.Segments.At(0)
			tag := bytes.ToLower(segment.Value(source))
			if isEnd := bytes.HasPrefix(tag, []byte("</a")); isEnd ||
				bytes.HasPrefix(tag, []byte("<a ")) {
				return !isEnd
			}
		}
		n = n.PreviousSibling()
	}
	return false
}
