package exchange

import (
	"html"
	"strings"
)

// byteOrderMark may stand at the start of a file and is ignored.
const byteOrderMark = "\ufeff"

// inlineTags are the HTML elements removed from plain text fields; anything else in angle brackets
// is text, since a title may be about Vec<T>. The value reports whether the element separates
// words.
var inlineTags = map[string]bool{
	"a": false, "abbr": false, "b": false, "big": false, "br": true, "cite": false, "code": false,
	"del": false, "dfn": false, "div": true, "em": false, "font": false, "h1": true, "h2": true,
	"h3": true, "h4": true, "h5": true, "h6": true, "i": false, "ins": false, "kbd": false,
	"li": true, "mark": false, "ol": true, "p": true, "q": false, "s": false, "samp": false,
	"small": false, "span": false, "strike": false, "strong": false, "sub": false, "sup": false,
	"tt": false, "u": false, "ul": true, "var": false, "wbr": false,
}

// scrub converts all line ends to line feeds and removes control characters other than tab and line
// feed. It returns the text and the number of characters removed.
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

// plain removes simple HTML from a plain text field: tags first, then entities, so that an escaped
// tag remains as text.
func plain(s string) string {
	return strings.TrimSpace(unescape(stripTags(s)))
}

// oneLine returns s with each run of ASCII white space as one space. Other spaces are typography
// and are left alone.
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
		size, separates := tagAt(s)
		switch {
		case size == 0:
			out.WriteByte('<')
			size = 1
		case separates:
			out.WriteByte(' ')
		}
		s = s[size:]
	}
	out.WriteString(s)
	return out.String()
}

// tagAt returns the size of the inline tag at the start of s, 0 if there is none, and reports
// whether the tag separates words.
func tagAt(s string) (size int, separates bool) {
	// A limit keeps a text of nothing but brackets from being scanned again for each of them.
	const longest = 1000 // bytes
	end := strings.IndexByte(s[:min(len(s), longest)], '>')
	if end < 0 || strings.IndexByte(s[1:end], '<') >= 0 {
		return 0, false
	}
	name, _, _ := strings.Cut(strings.Trim(s[1:end], "/"), " ")
	separates, known := inlineTags[strings.ToLower(strings.TrimSpace(name))]
	if !known {
		return 0, false
	}
	return end + 1, separates
}

// unescape decodes entities that end in a semicolon. HTML itself would also decode "&copy" in the
// middle of a word.
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
