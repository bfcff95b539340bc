package exchange

import (
	"regexp"
	"strings"
)

const commentTag = `\{::comment(?:[ \t][^{}/\n]*)?\}`

var (
	commentStart = regexp.MustCompile(`^` + commentTag)
	commentMark  = regexp.MustCompile(commentTag + `|\{:/(?:comment)?\}`)
	// lineComment matches a comment in a line.
	lineComment = regexp.MustCompile(commentTag + `.*?\{:/(?:comment)?\}`)
)

// commentAt removes the comment of kramdown at the start of a text, and returns its size; 0 if
// there is none. One whose start is a line by itself ends at the end of a line, any other in its
// paragraph; whether one in a quotation or list goes on is known only when the body is rendered,
// which removes it as well. One that does not end is text.
func (c *converter) commentAt(text string, offset int) int {
	start := commentStart.FindString(text[:min(len(text), maxCall)])
	escaped := offset > 0 && c.whole[offset-1] == '\\'
	if start == "" || escaped || c.item.BodyFormat == "html" {
		return 0
	}
	rest := text[len(start):min(len(text), maxLookup)]
	mark := commentMark.FindStringIndex(rest)
	if mark == nil || strings.HasPrefix(rest[mark[0]:], "{::") {
		c.failures++
		return 0
	}
	size := len(start) + mark[1]
	isBlock := (offset == 0 || c.whole[offset-1] == '\n') && c.endsLine(offset+len(start)) &&
		c.endsLine(offset+size)
	if !isBlock && blankLine.MatchString(rest[:mark[0]]) {
		return 0
	}
	c.give(offset, "comment", text[:size], "", false)
	return size
}

// blankLine matches a line without words in a text or quotation.
var blankLine = regexp.MustCompile(`\n[ \t>]*\n`)
