package search

import (
	"html"
	"strings"
)

// inlineElements are the elements of HTML that may begin and end inside a word.
var inlineElements = map[string]bool{
	"a": true, "abbr": true, "b": true, "bdi": true, "bdo": true, "cite": true, "code": true,
	"data": true, "del": true, "dfn": true,
	"em": true, "font": true, "i": true, "ins": true, "kbd": true, "mark": true, "q": true,
	"s": true, "samp": true, "small": true,
	"span": true, "strike": true, "strong": true, "sub": true, "time": true, "tt": true, "u": true,
	"var": true, "wbr": true,
}

// skippedElements are the elements whose content is not text.
var skippedElements = map[string]bool{"script": true, "style": true, "template": true}

// Plain returns the text of sanitised HTML for its words: what is not in one line is separated by
// spaces. It never fails, and does not follow what browsers make of broken HTML.
func Plain(source string) string {
	var b strings.Builder
	b.Grow(len(source))
	for {
		at := strings.IndexByte(source, '<')
		if at < 0 {
			b.WriteString(html.UnescapeString(source))
			return b.String()
		}
		b.WriteString(html.UnescapeString(source[:at]))
		source = source[at:]
		name, rest, ok := cutTag(source)
		switch {
		case !ok:
			b.WriteByte('<')
			rest = source[1:]
		case skippedElements[name]:
			end := strings.Index(rest, "</"+name)
			if end < 0 {
				return b.String()
			}
			rest = rest[end:]
		case !inlineElements[strings.TrimPrefix(name, "/")]:
			b.WriteByte(' ')
		}
		source = rest
	}
}

// cutTag removes a tag or comment from the beginning of HTML. It reports false if there is none.
func cutTag(source string) (name, rest string, ok bool) {
	if comment, found := strings.CutPrefix(source, "<!--"); found {
		_, rest, _ = strings.Cut(comment, "-->")
		return "span", rest, true
	}
	n := 1
	if strings.HasPrefix(source, "</") || strings.HasPrefix(source, "<!") {
		n++
	}
	first := n
	for n < len(source) && (isASCIILetter(source[n]) || n > first && source[n] >= '0' &&
		source[n] <= '9') {
		n++
	}
	if n == first {
		return "", "", false
	}
	name = strings.ToLower(source[1:n])
	for n < len(source) {
		switch c := source[n]; c {
		case '>':
			return name, source[n+1:], true
		case '"', '\'':
			end := strings.IndexByte(source[n+1:], c)
			if end < 0 {
				return name, "", true
			}
			n += end + 2
		default:
			n++
		}
	}
	return name, "", true
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
