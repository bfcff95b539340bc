package exchange

import (
	"cmp"
	"html"
	"regexp"
	"slices"
	"strings"
)

var (
	inlineTarget = regexp.MustCompile(`^\]\(\s*(?:<([^<>\n]+)>|<?(` + bareAddress + `))`)
	htmlTarget   = regexp.MustCompile(`(?is)^<(a|img|source)\b[^>]*?\s(?:href|src)\s*=\s*` +
		`(?:"([^"]+)"|'([^']+)'|["']?([^"'\s>]+))`)
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
	`soundcloud|tweet|pullquote|pull_quote|blockquote|contact-form-7|contact-form|vc_\w+|et_pb_\w+|su_\w+|fusion_\w+|elementor\w*`

// typographicQuotes makes the quotes straight that WordPress has made round.
var typographicQuotes = strings.NewReplacer("“", `"`, "”", `"`, "″", `"`, "‘", "'", "’", "'")

// markupAt converts the markup at the start of a text, and returns its size; 0 if there is none.
func (c *converter) markupAt(text string, offset int) int {
	switch text[0] {
	case '{':
		return c.braceAt(text, offset)
	case '<':
		if tag := erbTag.FindString(text[:min(len(text), maxCall)]); tag != "" {
			c.give(offset, "<%", tag, "", false)
			return len(tag)
		}
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

// braceAt converts what stands in braces: comments, Hugo's shortcodes and Liquid.
func (c *converter) braceAt(text string, offset int) int {
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
	if m := templateOutput.FindStringSubmatch(text[:min(len(text), maxCall)]); m != nil {
		name, _, _ := strings.Cut(m[1], " ")
		title := m[1] == ".Title" && c.item.Title != ""
		meaning := ""
		if title {
			meaning = c.item.Title
		}
		c.give(offset, name, m[0], meaning, title)
		return len(m[0])
	}
	c.failures++
	return 0
}

var (
	// templateOutput matches what templates of Go put out, {{ .Site.Title }} and
	// {{ partial "x" . }}, and the raw output of Mustache, {{{body}}}.
	templateOutput = regexp.MustCompile(`^\{\{-?\s*(\.[A-Z][\w.]*|\$[\w.]+|(?:partial|` +
		`partialCached|template|block|define|with|range|if|else|end|printf|print|safeHTML|absURL|relURL|i18n|T)` +
		`\b[^{}\n]*?|\{[&#/^]?[\w. -]+\})\s*-?\}\}`)
	// erbTag matches tags of ERB and EJS.
	erbTag = regexp.MustCompile(`^(?s)<%[-=_#]?.*?%>`)
	// wikiLink matches a link by the name of a page.
	wikiLink = regexp.MustCompile(`^\[\[([^\[\]|#\n]+)(#[^\[\]|\n]*)?(?:\|([^\[\]\n]+))?\]\]`)
	// captioned matches the caption of WordPress: a picture, perhaps in a link, and words.
	captioned = regexp.MustCompile(`^(?is)\[(?:wp_)?caption\b([^\[\]\n]*)\]\s*` +
		`((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(.*?)\[/(?:wp_)?caption\]`)
)

// wikiLinkAt converts a link by the name of a page; without such a page its words stay.
func (c *converter) wikiLinkAt(text string, offset int) int {
	m := wikiLink.FindStringSubmatch(text[:min(len(text), maxLabel)])
	if m == nil || strings.HasPrefix(text[len(m[0]):], "(") || c.links == nil {
		return 0
	}
	words := strings.TrimSpace(cmp.Or(m[3], m[1]))
	address := c.links(c.file, strings.TrimSpace(m[1])+m[2])
	c.at = offset
	c.note(offset, "[[link]]", m[0], address != "")
	switch {
	case address != "":
		c.out.WriteString(c.link(words, address))
	case c.Markup == KeepMarkup:
		c.out.WriteString(m[0])
	default:
		c.out.WriteString(escapeText(words))
	}
	return len(m[0])
}

// captionAt converts a picture with a caption as WordPress writes it.
func (c *converter) captionAt(text string, offset int) int {
	m := captioned.FindStringSubmatch(text[:min(len(text), maxLookup)])
	if m == nil {
		return 0
	}
	args := typographicQuotes.Replace(html.UnescapeString(m[1]))
	words := strings.TrimSpace(m[3])
	if words == "" {
		words = html.EscapeString(newCall("", "caption", args).arg(-1, "caption"))
	}
	c.note(offset, "caption", m[0], true)
	picture := c.converted(m[2], offset+strings.Index(m[0], m[2]))
	if words != "" {
		words = "<figcaption>" + c.converted(words, offset) + "</figcaption>\n"
	}
	c.out.WriteString("<figure>\n" + picture + "\n" + words + "</figure>")
	return len(m[0])
}

// enclosedAt converts a shortcode in brackets with the text it encloses.
func (c *converter) enclosedAt(call *call, text string, offset int) int {
	meaning := enclosing[call.name]
	closing := "[/" + call.name + "]"
	near := text[len(call.text):min(len(text), len(call.text)+maxLookup)]
	end := strings.Index(near, closing)
	if meaning == nil || end < 0 || text[1] == '/' {
		return 0
	}
	c.note(offset, call.name, call.text, true)
	c.out.WriteString(meaning(c, call, c.converted(near[:end], offset+len(call.text))))
	return len(call.text) + end + len(closing)
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
	if c.isDirective(m) {
		c.out.WriteString(m[0])
		return len(m[0])
	}
	title := strings.TrimSpace(m[2] + m[3])
	if title != "" {
		title = "**" + title + "**\n\n"
	}
	c.give(offset, ":::"+m[1], m[0], title, true)
	return len(m[0])
}

// ownDirective matches the blocks that bodies have here.
var ownDirective = regexp.MustCompile(
	`^:::+[ \t]*(?:gallery|aside|factbox)[ \t]*(?:\{[^\n]*\})?[ \t]*(?:\n|\z)`)

// isDirective reports whether the line of an admonition begins or ends a block that bodies have
// here, and so stays.
func (c *converter) isDirective(line []string) bool {
	if line[1] != "" {
		own := ownDirective.MatchString(line[0])
		*c.blocks = append(*c.blocks, own)
		return own
	}
	last := len(*c.blocks) - 1
	if last < 0 {
		return false
	}
	own := (*c.blocks)[last]
	*c.blocks = (*c.blocks)[:last]
	return own
}

// bracketAt converts the definition of a link's address, and a shortcode of WordPress.
func (c *converter) bracketAt(text string, offset int) int {
	if size := c.definitionAt(text, offset); size > 0 {
		return size
	}
	if size := c.captionAt(text, offset); size > 0 {
		return size
	}
	m := bracketTag.FindStringSubmatch(text)
	if m == nil {
		return c.wikiLinkAt(text, offset)
	}
	rest := text[len(m[0]):]
	if strings.HasPrefix(rest, "(") || strings.HasPrefix(rest, ":") ||
		(strings.HasPrefix(rest, "[") && !bracketTag.MatchString(rest)) {
		return 0 // a link or the address of one
	}
	alone := m[2] == "" && text[1] != '/'
	if alone && !strings.Contains(c.whole, "[/"+m[1]+"]") && m[1] != "gallery" {
		return 0 // a word in brackets
	}
	args := typographicQuotes.Replace(html.UnescapeString(m[2]))
	call := newCall(m[0], m[1], strings.TrimLeft(args, "= "))
	c.at = offset
	if size := c.enclosedAt(call, text, offset); size > 0 {
		return size
	}
	switch meaning, ok := c.meaning(call, offset); {
	case text[1] == '/' && call.name == "embed" && strings.HasPrefix(rest, "["):
		c.give(offset, call.name, m[0], "\n", true) // or it would be one address with the next
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
	m := inlineTarget.FindStringSubmatchIndex(text[:min(len(text), maxCall)])
	if m == nil {
		return c.referenceAt(text, offset)
	}
	m = onlyGroup(m)
	target := text[m[2]:m[3]]
	if !isRelative(target) || c.isPicture(offset) && c.hasPicture(target) {
		return 0
	}
	c.out.WriteString(text[:m[2]])
	c.out.WriteString(c.relativeTarget(target, offset))
	return m[3]
}

// isPicture reports whether the bracket at an offset ends the words of a picture.
func (c *converter) isPicture(offset int) bool {
	before := c.whole[max(0, offset-maxLabel):offset]
	return strings.HasSuffix(before[:strings.LastIndexByte(before, '[')+1], "![")
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
	name := text[m[2]:m[3]]
	m = onlyGroup(append(m[:2], m[4:]...))
	target := text[m[2]:m[3]]
	if !isRelative(target) || strings.EqualFold(name, "img") && c.hasPicture(target) {
		return 0
	}
	c.out.WriteString(text[:m[2]])
	c.out.WriteString(c.relativeTarget(target, offset))
	return m[3]
}

// relativeTarget returns the address here of what a relative path leads to, or applies the policy.
func (c *converter) relativeTarget(target string, offset int) string {
	address := c.pageAddress(target)
	c.note(offset, "relative path", target, address != "")
	switch {
	case address != "":
		return address
	case c.Markup == KeepMarkup:
		return target
	}
	return unresolved
}

// pageAddress returns the address here of the page that a relative path leads to; empty if none is
// known.
func (c *converter) pageAddress(target string) string {
	if c.links == nil || !isPageName(target) {
		return ""
	}
	return c.links(c.file, target)
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
