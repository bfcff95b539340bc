package richtext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/masthead-cms/masthead/internal/text"
)

// Heading is a line of the outline of a body. ID is the id attribute of the heading in the HTML.
type Heading struct {
	Level    int // 2 to 6
	Text, ID string
}

// Rendered is a body that can be shown.
type Rendered struct {
	HTML     string    // sanitised, safe to place in a page
	Outline  []Heading // the headings that have text, in order; never nil
	Text     string    // without markup and with single spaces, for counting and searching
	Words    int       // of Text
	Warnings []Warning // what was removed or replaced, the most frequent first; never nil

	Media    []BodyMedium // the media it shows, in order, each once
	Problems []Problem    // why an editor should not save it, at most 20
}

// Markdown renders CommonMark with footnotes, definition lists and attribute lists ({#id} of a
// heading, {: …} of kramdown) and, of GFM, tables, task lists, strikethrough and bare links. HTML
// in it is treated as by HTML. The ids of footnotes begin with fn- or fnref- and the prefix, so
// that several bodies with different prefixes can share a page. A prefix is letters and digits, or
// "".
func Markdown(source, prefix string) Rendered {
	unsafe, lost := markdownToHTML(cleanText(source))
	return sanitize(unsafe, prefix, lost)
}

// HTML renders a fragment of HTML. The tags of elements that a news body does not need are removed
// and their content stays; scripts and styles are removed with their content; a link replaces what
// shows something from elsewhere. If there is an h1, every heading goes down one level, since the
// page has its own. The ids that authors gave stay, each once; other headings get one made of their
// text.
func HTML(source string) Rendered {
	return sanitize(cleanText(source), "", &losses{})
}

// sanitize makes HTML without control characters safe, and collects its outline and text. What is
// removed is added to lost.
func sanitize(source, prefix string, lost *losses) Rendered {
	normalized := normalize(source, prefix, lost)
	body := sanitizedTree(normalized)
	prune(body, lost)
	if strings.Contains(normalized, ` class="`) || strings.Contains(normalized, " data-") {
		shape(body, lost)
	}
	var media []BodyMedium
	if strings.Contains(normalized, mediumAttr) {
		media = placeMedia(body, lost)
	}
	o := outliner{
		prefix:     prefix,
		ids:        map[string]*html.Node{},
		nextSuffix: map[string]int{},
		outline:    []Heading{},
		losses:     lost,
	}
	o.text.Grow(len(normalized))
	o.prepare(body)
	o.walk(body)
	o.resolveLinks()
	plain := collapse(o.text.String())
	return Rendered{
		HTML:     serialize(body, len(normalized)),
		Outline:  o.outline,
		Text:     plain,
		Words:    text.Words(plain),
		Warnings: lost.warnings(),
		Media:    media,
		Problems: lost.problems,
	}
}

// sanitizedTree removes what is not allowed from a normalized body, and parses the rest as a
// browser does.
func sanitizedTree(normalized string) *html.Node {
	safe := policy.Sanitize(normalized)
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(safe), body)
	if err != nil {
		// Normalized HTML is well within the parser's limits. If it were not, the words are what
		// matters.
		nodes = []*html.Node{{Type: html.TextNode, Data: textOf(safe)}}
	}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	return body
}

// textOf returns the text between the tags of s.
func textOf(s string) string {
	var b strings.Builder
	for z := html.NewTokenizer(strings.NewReader(s)); z.Next() != html.ErrorToken; {
		if t := z.Token(); t.Type == html.TextToken {
			b.WriteString(t.Data)
		}
	}
	return b.String()
}

// cleanText returns s as valid Unicode with uniform line ends and without control characters, which
// HTML forbids. It comes first, so that footnoteAttr, a control character, is never written by an
// author.
func cleanText(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if !hasControl(s) {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r == '\f', r == '\v':
			return '\n'
		case isControl(r):
			return -1
		}
		return r
	}, s)
}

// hasControl reports whether s has a control character. All are single bytes, which are part of no
// other character.
func hasControl(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' || c == '\x7f') && isControl(rune(c)) {
			return true
		}
	}
	return false
}

func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' || r == '\x7f'
}

// collapse returns s with every run of white space replaced by one space.
func collapse(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for field := range strings.FieldsSeq(s) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(field)
	}
	return b.String()
}
