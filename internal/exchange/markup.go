package exchange

import (
	"html"
	"regexp"
	"strings"
)

// MarkupPolicy says what becomes of template markup without a counterpart here.
type MarkupPolicy int

// The policies.
const (
	RemoveMarkup MarkupPolicy = iota // take it out; the text it encloses stays
	KeepMarkup                       // leave it as it is written
)

// Markup is a piece of template markup in a body: a shortcode, a Liquid or JSX tag, or a link or
// picture by a relative path.
type Markup struct {
	Line      int    // in the item's file
	Name      string // of the tag, such as figure or ref
	Text      string // as written, at most 60 characters
	Converted bool   // it has become what it means; otherwise the policy was applied
}

// converter converts the template markup of one body.
type converter struct {
	*Options
	item  *Item
	file  string // the page's path, empty if the source has no files
	first int    // the line of the file on which the body begins
	whole string
	out   *strings.Builder
	links linker
	files *pictureFiles // nil if the source has none

	// references are the addresses here of the relative paths that labels of links stand for, by
	// folded label; empty for those that lead nowhere.
	references map[string]string

	// labelled are the addresses of the pictures that labels stand for, with their titles.
	labelled map[string]string

	// blocks are the ::: blocks that are open, and whether they are those that bodies have here.
	blocks *[]bool

	at       int // where the present call stands in the body
	failures int // attempts to read markup that was none
	counted  int // the offset up to which lines are counted
	lines    int
}

// Bounds of the work that one body can cause.
const (
	maxFailures = 500      // attempts to read markup that was none
	maxLookup   = 64 << 10 // bytes in which the end of something is looked for
	maxCall     = 4096     // bytes of a single tag
)

// linker finds the address that an article of the same source has here: by the path or the name
// that a page refers to it with. It is empty if there is none.
type linker func(from, target string) string

// unresolved stands for the address of a link whose target is not known, until the link is removed.
// Bodies have no control characters of their own.
const unresolved = "\x00"

// convertBody converts the template markup of an item's body.
func (o *Options) convertBody(
	it *Item, file string, first int, links linker, files *pictureFiles,
) {
	c := &converter{Options: o, item: it, file: file, first: first, whole: it.Body,
		out: &strings.Builder{}, links: links, files: files, blocks: &[]bool{}}
	c.findReferences()
	c.convert(it.Body, 0)
	if c.failures >= maxFailures {
		it.note("its template markup is too much to be converted; the rest was left as it is")
	}
	it.Body = dropUnresolved(c.out.String())
	o.bringPictures(it, file, files)
}

// convert converts text, which begins at an offset of the body.
func (c *converter) convert(text string, offset int) {
	for len(text) > 0 {
		if c.failures >= maxFailures {
			c.out.WriteString(text)
			return
		}
		size := c.codeAt(text, offset)
		if size > 0 {
			c.out.WriteString(unescapeCode(text[:size]))
		} else if size = c.markupAt(text, offset); size == 0 {
			size = plainSize(text)
			c.out.WriteString(text[:size])
		}
		text = text[size:]
		offset += size
	}
}

// startsLine reports whether only blanks precede an offset on its line.
func (c *converter) startsLine(offset int) bool {
	const furthest = 100 // bytes of indentation and quotation marks
	before := c.whole[max(0, offset-furthest):offset]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	return strings.Trim(line, " \t>") == "" && len(line) < furthest
}

// endsLine reports whether only blanks follow an offset on its line.
func (c *converter) endsLine(offset int) bool {
	line, _, _ := strings.Cut(c.whole[offset:min(offset+maxCall, len(c.whole))], "\n")
	return strings.TrimSpace(line) == ""
}

// plainSize is how much of a text surely has neither code nor markup: at least a byte.
func plainSize(text string) int {
	if text[0] == '\n' {
		return 1 // what begins a line may be markup, whatever it is
	}
	if i := strings.IndexAny(text[1:], "`{[<]\n"); i >= 0 {
		return i + 1
	}
	return len(text)
}

var (
	fenceLine = regexp.MustCompile("^ {0,3}(`{3,}[^`\n]*|~{3,}[^\n]*)(?:\n|$)")
	htmlCode  = regexp.MustCompile(`(?i)^<(?:pre|code|script|style)\b`)
	endOfCode = regexp.MustCompile(`(?i)</(?:pre|code|script|style)\s*>`)
)

// codeAt returns the size of the code block, code span or HTML comment at the start of a text, 0 if
// there is none.
func (c *converter) codeAt(text string, offset int) int {
	switch text[0] {
	case ' ', '`', '~':
		if c.startsLine(offset) {
			if open := fenceLine.FindStringSubmatch(text); open != nil {
				return fencedSize(text, len(open[0]), strings.TrimSpace(open[1]))
			}
		}
		if text[0] == '`' {
			return spanSize(text[:min(len(text), maxCall)])
		}
	case '<':
		near := text[:min(len(text), maxLookup)]
		switch {
		case strings.HasPrefix(text, "<!--"):
			if end := strings.Index(near, "-->"); end >= 0 {
				return end + len("-->")
			}
			c.failures++
		case htmlCode.MatchString(text):
			if end := endOfCode.FindStringIndex(near); end != nil {
				return end[1]
			}
			c.failures++
		}
	}
	return 0
}

// fencedSize returns the size of a fenced code block; one that is not closed ends with the text.
func fencedSize(text string, size int, fence string) int {
	run := fence[:len(fence)-len(strings.TrimLeft(fence, fence[:1]))]
	for size < len(text) {
		line, _, more := strings.Cut(text[size:], "\n")
		size += len(line)
		if more {
			size++
		}
		closing := strings.TrimLeft(line, " >")
		if strings.HasPrefix(closing, run) && strings.Trim(closing, fence[:1]+" \t") == "" {
			return size
		}
	}
	return size
}

// spanSize returns the size of a code span, or of its backticks if they open none.
func spanSize(text string) int {
	ticks := len(text) - len(strings.TrimLeft(text, "`"))
	paragraph, _, _ := strings.Cut(text, "\n\n")
	for at := ticks; at < len(paragraph); {
		next := strings.IndexByte(paragraph[at:], '`')
		if next < 0 {
			break
		}
		at += next
		run := len(paragraph[at:]) - len(strings.TrimLeft(paragraph[at:], "`"))
		at += run
		if run == ticks {
			return at
		}
	}
	return ticks
}

var (
	escapedShortcode = regexp.MustCompile(`\{\{([<%])/\*\s*(.*?)\s*\*/([>%])\}\}`)
	escapedStart     = regexp.MustCompile(`^\{\{[<%]/\*`)
	rawTag           = regexp.MustCompile(`\{%-?\s*(?:end)?raw\s*-?%\}\n?`)
)

// unescapeCode removes what shows template markup literally: Hugo's comments and Liquid's raw tags.
func unescapeCode(code string) string {
	if !strings.Contains(code, "{") {
		return code
	}
	code = escapedShortcode.ReplaceAllString(code, "{{$1 $2 $3}}")
	return rawTag.ReplaceAllString(code, "")
}

// note records markup at an offset of the body.
func (c *converter) note(offset int, name, text string, converted bool) {
	if offset < c.counted {
		c.counted = 0
		c.lines = 0
	}
	c.lines += strings.Count(c.whole[c.counted:offset], "\n")
	c.counted = offset
	c.item.Markup = append(c.item.Markup, Markup{
		Line:      c.first + c.lines,
		Name:      name,
		Text:      shorten(text),
		Converted: converted,
	})
}

// give writes what markup means, or applies the policy if it has no meaning here.
func (c *converter) give(offset int, name, text, meaning string, converted bool) {
	c.note(offset, name, text, converted)
	switch {
	case converted:
		c.out.WriteString(meaning)
	case c.Markup == KeepMarkup:
		c.out.WriteString(text)
	case targetStart.MatchString(c.whole[max(0, offset-maxTargetStart):offset]):
		c.out.WriteString(unresolved)
	default:
		c.out.WriteString(c.linkText(offset, text))
	}
}

// linkText returns what describes the picture of a call that is all that a link shows, so that the
// link does not vanish with it; empty if the call stands elsewhere.
func (c *converter) linkText(offset int, text string) string {
	before := c.whole[max(0, offset-maxCall):offset]
	after := c.whole[offset+len(text):]
	tag := strings.ToLower(before[max(0, strings.LastIndexByte(before, '<')):])
	inMarkdown := strings.HasSuffix(before, "[") && strings.HasPrefix(after, "](")
	inHTML := strings.HasPrefix(tag, "<a ") && strings.HasSuffix(tag, ">") &&
		strings.Count(tag, ">") == 1 && strings.HasPrefix(after, "</a>")
	if !inMarkdown && !inHTML {
		return ""
	}
	call := callAt(text)
	if call == nil {
		return ""
	}
	alt := call.arg(-1, "alt", "title", "caption")
	if inMarkdown {
		return escapeText(alt)
	}
	return html.EscapeString(alt)
}

// targetStart matches what stands before the target of a link or picture.
var targetStart = regexp.MustCompile(`(?:\]\(\s*<?|(?i:href|src)\s*=\s*["']?)$`)

const maxTargetStart = 20 // bytes of it

var (
	unresolvedImage = regexp.MustCompile(`!\[[^\[\]]*\]\(\s*<?` + unresolved + `[^)\n]*\)`)
	unresolvedLink  = regexp.MustCompile(`\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?` + unresolved +
		`[^)\n]*\)`)
	unresolvedAttribute = regexp.MustCompile(`\s(?:href|src)\s*=\s*["']?` + unresolved +
		`[^"'\s>]*["']?`)
)

// dropUnresolved removes links whose target is not known, and leaves their text.
func dropUnresolved(body string) string {
	if !strings.Contains(body, unresolved) {
		return body
	}
	body = unresolvedImage.ReplaceAllString(body, "")
	body = unresolvedLink.ReplaceAllString(body, "$1")
	body = unresolvedAttribute.ReplaceAllString(body, "")
	return strings.ReplaceAll(body, unresolved, "")
}
