package exchange

import (
	"regexp"
	"slices"
	"strings"
)

var (
	inlineTarget = regexp.MustCompile(`^\]\(\s*<?([^()<>\s]+)`)
	htmlTarget   = regexp.MustCompile(
		`(?is)^<(a|img|source)\b[^>]*?\s(?:href|src)\s*=\s*["']?([^"'\s>]+)`)
	htmlLink    = regexp.MustCompile(`(?i)^<(?:a|img|source)\b`)
	jsxTag      = regexp.MustCompile(`^(?s)</?[A-Z][A-Za-z0-9]*[a-z][\w.]*(?:\s[^<>]*)?/?>`)
	moduleBlock = regexp.MustCompile(
		`^(?s)(?:import\s+(?:[\w*{][^\n]*?\sfrom\s+)?["'][^"'\n]+["']|` +
			`export\s+(?:const|let|var|default|function|async)\s).*?(?:\n\s*\n|\z)`)
	admonition = regexp.MustCompile(
		`^:::+[ \t]*([\w-]*)[ \t]*(?:\[([^\]\n]*)\]|([^\n{]*))?[^\n]*(?:\n|\z)`)
	bracketTag = regexp.MustCompile(`^\[/?(` + bracketNames + `)\b([^\[\]\n]*)\]`)
)

// bracketNames are shortcodes of WordPress and its page builders. Other words in brackets are text.
const bracketNames = `caption|wp_caption|embed|gallery|playlist|audio|video|youtube|vimeo|` +
	`soundcloud|tweet|contact-form-7|contact-form|vc_\w+|et_pb_\w+|su_\w+|fusion_\w+|elementor\w*`

// markupAt converts the markup at the start of a text, and returns its size; 0 if there is none.
func (c *converter) markupAt(text string, offset int) int {
	switch text[0] {
	case '{':
		if size := c.commentAt(text, offset); size > 0 {
			return size
		}
		if !strings.HasPrefix(text, "{{") && !strings.HasPrefix(text, "{%") &&
			!strings.HasPrefix(text, "{/*") {
			return 0
		}
		text = text[:min(len(text), maxLookup)]
		if escapedStart.MatchString(text) {
			if m := escapedShortcode.FindStringIndex(text[:min(len(text), maxCall)]); m != nil {
				c.out.WriteString(unescapeCode(text[:m[1]]))
				return m[1]
			}
		}
		if strings.HasPrefix(text, "{/*") {
			end := strings.Index(text, "*/}") + len("*/}")
			if end < len("*/}") {
				c.failures++
				return 0
			}
			c.give(offset, "comment", text[:end], "", false)
			return end
		}
		if call := callAt(text); call != nil {
			return c.callMeaning(call, text, offset)
		}
		c.failures++
	case '<':
		if tag := jsxTag.FindString(text[:min(len(text), maxCall)]); tag != "" &&
			(tag[1] == '/' || !followsLetter(c.whole, offset)) {
			name := strings.TrimLeft(strings.FieldsFunc(tag, isTagEnd)[0], "</")
			c.give(offset, "<"+name+">", tag, "", false)
			return len(tag)
		}
		return c.htmlLinkAt(text, offset)
	case ']':
		return c.linkAt(text, offset)
	case '[':
		return c.bracketAt(text, offset)
	case ':', 'i', 'e':
		if c.startsLine(offset) {
			return c.blockAt(text, offset)
		}
	}
	return 0
}

func isTagEnd(r rune) bool { return r == ' ' || r == '>' || r == '\n' || r == '\t' }

func followsLetter(text string, offset int) bool {
	if offset == 0 {
		return false
	}
	b := text[offset-1]
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || isDigit(b) || b == '\\'
}

// blockAt converts an admonition, and the imports and exports of MDX.
func (c *converter) blockAt(text string, offset int) int {
	if text[0] != ':' {
		block := moduleBlock.FindString(text[:min(len(text), maxCall)])
		if block != "" {
			name, _, _ := strings.Cut(block, " ")
			c.give(offset, name, block, "", false)
		}
		return len(block)
	}
	m := admonition.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	title := strings.TrimSpace(m[2] + m[3])
	if title != "" {
		title = "**" + title + "**\n\n"
	}
	c.give(offset, ":::"+m[1], m[0], title, true)
	return len(m[0])
}

// bracketAt converts a shortcode of WordPress.
func (c *converter) bracketAt(text string, offset int) int {
	m := bracketTag.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	rest := text[len(m[0]):]
	if strings.HasPrefix(rest, "(") || strings.HasPrefix(rest, "[") ||
		strings.HasPrefix(rest, ":") {
		return 0 // a link or the address of one
	}
	alone := m[2] == "" && text[1] != '/'
	if alone && !strings.Contains(c.whole, "[/"+m[1]+"]") && m[1] != "gallery" {
		return 0 // a word in brackets
	}
	call := newCall(m[0], m[1], strings.TrimLeft(m[2], "= "))
	switch meaning, ok := c.meaning(call, offset); {
	case text[1] == '/' || call.name == "caption" || call.name == "wp_caption":
		c.give(offset, call.name, m[0], "", true) // what it encloses stays
	case call.name == "embed" && len(call.args) == 0:
		c.give(offset, call.name, m[0], "", true)
	default:
		c.give(offset, call.name, m[0], meaning, ok)
	}
	return len(m[0])
}

// linkAt converts the target of a Markdown link or picture that is a relative path.
func (c *converter) linkAt(text string, offset int) int {
	m := inlineTarget.FindStringSubmatchIndex(text)
	if m == nil {
		return 0
	}
	target := text[m[2]:m[3]]
	if !isRelative(target) {
		return 0
	}
	c.out.WriteString(text[:m[2]])
	c.out.WriteString(c.relativeTarget(target, offset))
	return m[3]
}

// htmlLinkAt converts the target of an HTML link or picture that is a relative path.
func (c *converter) htmlLinkAt(text string, offset int) int {
	m := htmlTarget.FindStringSubmatchIndex(text[:min(len(text), maxCall)])
	if m == nil {
		if htmlLink.MatchString(text) {
			c.failures++
		}
		return 0
	}
	if !isRelative(text[m[4]:m[5]]) {
		return 0
	}
	c.out.WriteString(text[:m[4]])
	c.out.WriteString(c.relativeTarget(text[m[4]:m[5]], offset))
	return m[5]
}

// relativeTarget returns the address here of what a relative path leads to, or applies the policy.
func (c *converter) relativeTarget(target string, offset int) string {
	address := ""
	if c.links != nil && isPageName(target) {
		address = c.links(c.file, target)
	}
	c.note(offset, "relative path", target, address != "")
	switch {
	case address != "":
		return address
	case c.Markup == KeepMarkup:
		return target
	}
	return unresolved
}

// isRelative reports whether an address depends on the page it stands on, or on the source's files.
func isRelative(target string) bool {
	if isPageName(target) && !strings.Contains(target, ":") {
		return true
	}
	if strings.ContainsAny(target[:1], "/#?{<") || strings.Contains(target, unresolved) {
		return false
	}
	before, _, hasColon := strings.Cut(target, ":")
	return !hasColon || strings.ContainsAny(before, "/.")
}

// isPageName reports whether an address is the path of a Markdown file.
func isPageName(target string) bool {
	target, _, _ = strings.Cut(target, "#")
	target, _, _ = strings.Cut(target, "?")
	dot := strings.LastIndexByte(target, '.')
	return dot >= 0 && slices.Contains([]string{".md", ".markdown", ".mdx"}, target[dot:])
}
