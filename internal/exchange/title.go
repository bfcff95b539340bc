package exchange

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// addTitle sets the title of an item whose fields have none: the first heading, or the file's name.
func addTitle(it *Item) {
	if it.Title != "" {
		return
	}
	if it.Title = firstHeading(it.Body); it.Title != "" {
		it.note("title taken from the first heading")
		return
	}
	if it.Body == "" {
		it.skip(0, "no title and no text")
		return
	}
	words := strings.NewReplacer("-", " ", "_", " ").Replace(parseFileName(it.File, nil).slug)
	if words = oneLine(words); words == "" {
		it.skip(0, "no title")
		return
	}
	first, size := utf8.DecodeRuneInString(words)
	it.Title = string(unicode.ToUpper(first)) + words[size:]
	it.note("title made from the file's name")
}

// firstHeading returns the text of the first level 1 heading outside a code block.
func firstHeading(body string) string {
	fence := ""
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		switch {
		case fence != "":
			if strings.HasPrefix(line, fence) {
				fence = ""
			}
		case strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~"):
			fence = line[:3]
		case strings.HasPrefix(line, "# "):
			text := strings.TrimSpace(lineComment.ReplaceAllString(line[2:], ""))
			if i := strings.LastIndexByte(text, ' '); strings.Trim(text[i+1:], "#") == "" {
				text = text[:i+1] // closing number signs
			}
			if title, _ := scrub(plain(text)); title != "" {
				return oneLine(title)
			}
		}
	}
	return ""
}
