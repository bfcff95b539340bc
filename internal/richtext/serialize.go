package richtext

import (
	"strings"

	"golang.org/x/net/html"
)

// What must be escaped in text, and in a value between double quotes.
var (
	textEscapes  = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	valueEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")
)

// serialize returns the HTML of the content of n; size is about how long it will be. Letters of
// every script, quotation marks and emoji are not escaped.
func serialize(n *html.Node, size int) string {
	var b strings.Builder
	b.Grow(size)
	writeChildren(&b, n)
	return strings.Trim(b.String(), htmlSpace)
}

func writeChildren(b *strings.Builder, n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			b.WriteString(textEscapes.Replace(c.Data))
		case html.ElementNode:
			writeElement(b, c)
		}
	}
}

func writeElement(b *strings.Builder, n *html.Node) {
	b.WriteByte('<')
	b.WriteString(n.Data)
	for _, a := range n.Attr {
		b.WriteByte(' ')
		b.WriteString(a.Key)
		b.WriteString(`="`)
		b.WriteString(valueEscapes.Replace(a.Val))
		b.WriteByte('"')
	}
	b.WriteByte('>')
	if k := allowedElements[n.Data]; k == inlineVoid || k == blockVoid {
		return
	}
	if c := n.FirstChild; n.Data == "pre" && c != nil && strings.HasPrefix(c.Data, "\n") {
		b.WriteByte('\n') // a parser drops the first line break
	}
	writeChildren(b, n)
	b.WriteString("</")
	b.WriteString(n.Data)
	b.WriteByte('>')
}
