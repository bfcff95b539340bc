package richtext

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// plant makes the tree of a shaped body that the sanitiser would leave as it is and a browser would read as it stands:
// elements that may stay, closed in the order they were opened, with attributes that may stay and say what they may. Of
// anything else, and of tables, it says that it is not ok: that is for the sanitiser and the parser, which take their time.
func plant(shaped string) (body *html.Node, ok bool) {
	body = newBody()
	at := body // the innermost open element
	for len(shaped) > 0 {
		text, rest, tagged := strings.Cut(shaped, "<")
		if text != "" {
			plain, ok := unescape(text)
			if !ok || at.Data == "pre" && at.FirstChild == nil && plain[0] == '\n' { // which a browser drops
				return nil, false
			}
			at.AppendChild(&html.Node{Type: html.TextNode, Data: plain})
		}
		if !tagged {
			break
		}
		inner, after, closed := strings.Cut(rest, ">")
		if !closed {
			return nil, false
		}
		shaped = after
		if name, end := strings.CutPrefix(inner, "/"); end {
			if name != at.Data || at == body {
				return nil, false
			}
			at = at.Parent
			continue
		}
		n, ok := element(inner)
		if !ok || !fits(n.Data, at) {
			return nil, false
		}
		at.AppendChild(n)
		if k := elements[n.Data]; k != void && k != rule {
			at = n
		}
	}
	return body, at == body
}

// newBody is a body with nothing in it.
func newBody() *html.Node {
	return &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
}

// fits tells whether an element may be opened inside another without the browser closing, opening or moving any.
func fits(name string, inside *html.Node) bool {
	switch elements[name] {
	case phrase:
		return name != "a" || !within(inside, func(n *html.Node) bool { return n.Data == "a" })
	case void:
		return true
	case part:
		return slices.Contains(wholes[name], inside.Data)
	case block, line, rule:
		return name != "table" && !within(inside, func(n *html.Node) bool { return elements[n.Data] == line })
	}
	return false
}

// within tells whether an element or one around it is such.
func within(n *html.Node, such func(*html.Node) bool) bool {
	for ; n != nil; n = n.Parent {
		if such(n) {
			return true
		}
	}
	return false
}

// element makes an element of what stands between the angle brackets of its start tag.
func element(inner string) (*html.Node, bool) {
	name, rest, _ := strings.Cut(inner, " ")
	n := &html.Node{Type: html.ElementNode, Data: name, DataAtom: atom.Lookup([]byte(name))}
	for len(name)+1 < len(inner) && rest != "" {
		key, quoted, ok := strings.Cut(rest, `="`)
		value, after, closed := strings.Cut(quoted, `"`)
		if !ok || !closed || after != "" && after[0] != ' ' {
			return nil, false
		}
		said, ok := unescape(value)
		if !ok || !maySay(name, key, said) || has(n, key) {
			return nil, false
		}
		if len(n.Attr) > 0 && elements[name] == phrase && n.Attr[len(n.Attr)-1].Key > key {
			return nil, false // the parser puts them in order
		}
		n.Attr = append(n.Attr, html.Attribute{Key: key, Val: said})
		if rest = strings.TrimPrefix(after, " "); rest == "" && after != "" {
			return nil, false
		}
	}
	return n, len(n.Attr) > 0 || name == inner
}

// unescape reads text in which nothing but the five characters that must be is escaped, and those are.
func unescape(s string) (string, bool) {
	if strings.ContainsAny(s, "<>\"'\x00\r") {
		return "", false
	}
	at := strings.IndexByte(s, '&')
	if at < 0 {
		return s, true
	}
	var b strings.Builder
	b.Grow(len(s))
	for ; at >= 0; at = strings.IndexByte(s, '&') {
		b.WriteString(s[:at])
		s = s[at:]
		known := false
		for _, e := range escapes {
			if after, ok := strings.CutPrefix(s, e.written); ok {
				b.WriteByte(e.plain)
				s, known = after, true
				break
			}
		}
		if !known {
			return "", false
		}
	}
	b.WriteString(s)
	return b.String(), true
}

// escapes are the ways in which the shaper writes what must not stand as it is.
var escapes = []struct {
	written string
	plain   byte
}{{"&#39;", '\''}, {"&#34;", '"'}, {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}}

// sayings are the patterns of the values that attributes may have, by element and attribute; nil for any text.
var sayings = newSayings()

func newSayings() map[[2]string]*regexp.Regexp {
	s := map[[2]string]*regexp.Regexp{}
	for name := range elements {
		s[[2]string{name, "dir"}] = regexp.MustCompile(direction)
		s[[2]string{name, "lang"}] = regexp.MustCompile(language)
	}
	for _, a := range attributes {
		var pattern *regexp.Regexp
		if a.pattern != "" {
			pattern = regexp.MustCompile(a.pattern)
		}
		for _, element := range a.elements {
			for _, name := range a.names {
				s[[2]string{element, name}] = pattern
			}
		}
	}
	return s
}

// maySay tells whether an attribute may stand on an element and have a value.
func maySay(element, attribute, value string) bool {
	pattern, ok := sayings[[2]string{element, attribute}]
	return ok && (pattern == nil || pattern.MatchString(value))
}
