package search

import (
	"html"
	"strings"
)

// inline are the elements of HTML that may begin and end inside a word.
var inline = map[string]bool{
	"a": true, "abbr": true, "b": true, "bdi": true, "bdo": true, "cite": true, "code": true, "data": true, "del": true, "dfn": true,
	"em": true, "font": true, "i": true, "ins": true, "kbd": true, "mark": true, "q": true, "s": true, "samp": true, "small": true,
	"span": true, "strike": true, "strong": true, "sub": true, "time": true, "tt": true, "u": true, "var": true, "wbr": true,
}

// mute are the elements whose inside is no text.
var mute = map[string]bool{"script": true, "style": true, "template": true}

// Plain is the text of HTML that has been made safe, for its words: what does not stand in one line is divided by spaces.
// It never fails; what a browser would make of broken HTML is not its business.
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
		name, rest, ok := tag(source)
		switch {
		case !ok:
			b.WriteByte('<')
			rest = source[1:]
		case mute[name]:
			end := strings.Index(rest, "</"+name)
			if end < 0 {
				return b.String()
			}
			rest = rest[end:]
		case !inline[strings.TrimPrefix(name, "/")]:
			b.WriteByte(' ')
		}
		source = rest
	}
}

// tag takes a tag or comment off the beginning of HTML. It is not ok if there is none.
func tag(source string) (name, rest string, ok bool) {
	if comment, found := strings.CutPrefix(source, "<!--"); found {
		_, rest, _ = strings.Cut(comment, "-->")
		return "span", rest, true
	}
	n := 1
	if strings.HasPrefix(source, "</") || strings.HasPrefix(source, "<!") {
		n++
	}
	first := n
	for n < len(source) && (asciiLetter(source[n]) || n > first && source[n] >= '0' && source[n] <= '9') {
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

func asciiLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
