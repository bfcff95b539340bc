package richtext

import (
	"strings"

	"golang.org/x/net/html"
)

// tokens reads the text and the tags of HTML one after the other. What is written as plainly as Markdown is, it reads by
// itself; from the first that is not on, the tokenizer reads, which knows all that browsers put up with.
type tokens struct {
	rest  string
	attrs []html.Attribute // of the last tag
	full  *html.Tokenizer  // nil as long as it is not needed
}

func newTokens(source string) *tokens {
	t := &tokens{rest: source}
	if strings.ContainsAny(source, "\r\x00") { // which mean something else where they stand than where they are escaped
		t.full = html.NewTokenizer(strings.NewReader(source))
	}
	return t
}

// next is the next token: what it is, its text or the name of its element, and its attributes, which are good until the
// next. The last is an error.
func (t *tokens) next() (html.TokenType, string, []html.Attribute) {
	if t.full == nil {
		if t.rest == "" {
			return html.ErrorToken, "", nil
		}
		if kind, said, ok := t.plain(); ok {
			return kind, said, t.attrs
		}
		t.full = html.NewTokenizer(strings.NewReader(t.rest))
	}
	kind := t.full.Next()
	token := t.full.Token()
	return kind, token.Data, token.Attr
}

// plain reads a token that can be read in one way only. If it is not ok, nothing was read.
func (t *tokens) plain() (kind html.TokenType, said string, ok bool) {
	at := strings.IndexByte(t.rest, '<')
	switch {
	case at < 0:
		said, t.rest = t.rest, ""
		return html.TextToken, html.UnescapeString(said), true
	case at > 0:
		if begins := strings.TrimPrefix(t.rest[at+1:], "/"); begins == "" || !lowerCase(begins[0]) {
			return 0, "", false // the bracket may belong to the text
		}
		said, t.rest = t.rest[:at], t.rest[at:]
		return html.TextToken, html.UnescapeString(said), true
	}
	inner, after, closed := strings.Cut(t.rest[1:], ">")
	kind = html.StartTagToken
	name, end := strings.CutPrefix(inner, "/")
	t.attrs = t.attrs[:0]
	if end {
		kind = html.EndTagToken
	} else {
		name, inner, _ = strings.Cut(inner, " ")
		if ok := t.attributes(inner); !ok {
			return 0, "", false
		}
	}
	if !closed || !plainName(name) || raw[name] {
		return 0, "", false
	}
	t.rest = after
	return kind, name, true
}

// attributes reads attributes that stand in double quotes, each once, with one space between them. The mark of a footnote, too,
// may be their name.
func (t *tokens) attributes(s string) (ok bool) {
	for s != "" {
		key, quoted, ok := strings.Cut(s, `="`)
		value, after, closed := strings.Cut(quoted, `"`)
		if !ok || !closed || !plainName(key) && key != mark || after != "" && (len(after) == 1 || after[0] != ' ') || !plainValue(value) {
			return false
		}
		for _, a := range t.attrs {
			if a.Key == key {
				return false
			}
		}
		t.attrs = append(t.attrs, html.Attribute{Key: key, Val: html.UnescapeString(value)})
		s = strings.TrimPrefix(after, " ")
	}
	return true
}

// plainName tells whether a name has nothing but small letters and, behind the first, digits.
func plainName(s string) bool {
	for i := range len(s) {
		if !lowerCase(s[i]) && (i == 0 || s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return s != ""
}

func lowerCase(c byte) bool { return c >= 'a' && c <= 'z' }

// plainValue tells whether all that is escaped in a value reads the same in a value and in a text.
func plainValue(s string) bool {
	for at := strings.IndexByte(s, '&'); at >= 0; at = strings.IndexByte(s, '&') {
		s = s[at:]
		if !strings.HasPrefix(s, "&amp;") && !strings.HasPrefix(s, "&quot;") && !strings.HasPrefix(s, "&lt;") && !strings.HasPrefix(s, "&gt;") {
			return false
		}
		s = s[1:]
	}
	return true
}

// raw are the elements whose inside is read in a way of its own.
var raw = map[string]bool{
	"iframe": true, "noembed": true, "noframes": true, "noscript": true, "plaintext": true, "script": true, "style": true,
	"textarea": true, "title": true, "xmp": true,
}
