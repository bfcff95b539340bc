package exchange

import (
	"html"
	"strings"
)

// byteOrderMark may stand at the start of a file and means nothing.
const byteOrderMark = "\ufeff"

// inlineTags are the HTML elements that plain text fields come dressed in. Anything else in angle brackets is text: a
// title may be about Vec<T>. Those that are true part words.
var inlineTags = map[string]bool{
	"a": false, "abbr": false, "b": false, "big": false, "br": true, "cite": false, "code": false, "del": false,
	"dfn": false, "div": true, "em": false, "font": false, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true,
	"h6": true, "i": false, "ins": false, "kbd": false, "li": true, "mark": false, "ol": true, "p": true, "q": false,
	"s": false, "samp": false, "small": false, "span": false, "strike": false, "strong": false, "sub": false,
	"sup": false, "tt": false, "u": false, "ul": true, "var": false, "wbr": false,
}

// scrub makes line feeds of all line ends and drops the control characters but tab and line feed; it answers how many.
func scrub(s string) (clean string, dropped int) {
	if strings.IndexFunc(s, isControl) < 0 {
		return s, 0
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	clean = strings.Map(func(r rune) rune {
		if isControl(r) {
			dropped++
			return -1
		}
		return r
	}, s)
	return clean, dropped
}

func isControl(r rune) bool { return r < ' ' && r != '\n' && r != '\t' }

// plain takes simple HTML off a plain text field: tags first, then entities, so that an escaped tag stays as text.
func plain(s string) string {
	return strings.TrimSpace(unescape(stripTags(s)))
}

// oneLine is s with each run of white space as one space. Spaces beyond ASCII are typography and stay.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || r == '\t' || r == '\n' || r == '\r'
	}), " "))
}

func stripTags(s string) string {
	var out strings.Builder
	for {
		open := strings.IndexByte(s, '<')
		if open < 0 {
			break
		}
		out.WriteString(s[:open])
		s = s[open:]
		size, parts := tagAt(s)
		switch {
		case size == 0:
			out.WriteByte('<')
			size = 1
		case parts:
			out.WriteByte(' ')
		}
		s = s[size:]
	}
	out.WriteString(s)
	return out.String()
}

// tagAt measures the inline tag that s starts with; 0 means that it is none. Parts says that it stands between words.
func tagAt(s string) (size int, parts bool) {
	const longest = 1000 // bytes; a limit keeps a text of nothing but brackets from being read again for each of them
	end := strings.IndexByte(s[:min(len(s), longest)], '>')
	if end < 0 || strings.IndexByte(s[1:end], '<') >= 0 {
		return 0, false
	}
	name, _, _ := strings.Cut(strings.Trim(s[1:end], "/"), " ")
	parts, known := inlineTags[strings.ToLower(strings.TrimSpace(name))]
	if !known {
		return 0, false
	}
	return end + 1, parts
}

// unescape decodes entities that end in a semicolon; HTML itself would take "&copy" out of the middle of a word.
func unescape(s string) string {
	const longest = 34 // characters in the longest named entity, with both ends
	var out strings.Builder
	for {
		start := strings.IndexByte(s, '&')
		if start < 0 {
			break
		}
		out.WriteString(s[:start])
		s = s[start:]
		size := strings.IndexByte(s[:min(len(s), longest)], ';') + 1
		if size == 0 || strings.LastIndexByte(s[:size], '&') > 0 {
			size = 1
		}
		out.WriteString(html.UnescapeString(s[:size]))
		s = s[size:]
	}
	out.WriteString(s)
	return out.String()
}
