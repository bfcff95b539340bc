package richtext

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// tokenReader reads the text and the tags of HTML. What is written as plainly as the renderer of
// Markdown writes it is read here, which is several times faster; from the first token that is not,
// html.Tokenizer reads, which knows all that browsers accept.
type tokenReader struct {
	rest      string
	attrs     []html.Attribute // of the last tag
	tokenizer *html.Tokenizer  // nil until it is needed
}

func newTokenReader(source string) *tokenReader {
	t := &tokenReader{rest: source}
	if strings.ContainsAny(source, "\r\x00") { // which differ from their escaped forms
		t.tokenizer = html.NewTokenizer(strings.NewReader(source))
	}
	return t
}

// next returns the next token: its type, its text or the name of its element, and its attributes,
// which are valid until the next call. The last is html.ErrorToken.
func (t *tokenReader) next() (html.TokenType, string, []html.Attribute) {
	if t.tokenizer == nil {
		if t.rest == "" {
			return html.ErrorToken, "", nil
		}
		if kind, data, ok := t.nextPlain(); ok {
			return kind, data, t.attrs
		}
		t.tokenizer = html.NewTokenizer(strings.NewReader(t.rest))
	}
	kind := t.tokenizer.Next()
	token := t.tokenizer.Token()
	return kind, token.Data, token.Attr
}

// nextPlain reads a token that can be read in one way only. If it reports false, nothing was read.
func (t *tokenReader) nextPlain() (kind html.TokenType, data string, ok bool) {
	at := strings.IndexByte(t.rest, '<')
	switch {
	case at < 0:
		data, t.rest = t.rest, ""
		return html.TextToken, html.UnescapeString(data), true
	case at > 0:
		tag := strings.TrimPrefix(t.rest[at+1:], "/")
		if tag == "" || !isLowerCase(tag[0]) {
			return 0, "", false // the bracket may be part of the text
		}
		data, t.rest = t.rest[:at], t.rest[at:]
		return html.TextToken, html.UnescapeString(data), true
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
	if !closed || !isPlainName(name) || rawTextElements[name] {
		return 0, "", false
	}
	t.rest = after
	return kind, name, true
}

// attributes reads attributes in double quotes, each once, with one space between them. Their names
// are plain or footnoteAttr.
func (t *tokenReader) attributes(s string) (ok bool) {
	for s != "" {
		key, quoted, ok := strings.Cut(s, `="`)
		value, after, closed := strings.Cut(quoted, `"`)
		spaced := after == "" || len(after) > 1 && after[0] == ' '
		named := isPlainName(key) || key == footnoteAttr
		if !ok || !closed || !spaced || !named || !isPlainValue(value) {
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

// isPlainName reports whether a name has only lower-case letters and, after the first, digits.
func isPlainName(s string) bool {
	for i := range len(s) {
		if !isLowerCase(s[i]) && (i == 0 || s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return s != ""
}

func isLowerCase(c byte) bool { return c >= 'a' && c <= 'z' }

// isPlainValue reports whether all escapes in a value mean the same in a value and in text.
func isPlainValue(s string) bool {
	for at := strings.IndexByte(s, '&'); at >= 0; at = strings.IndexByte(s, '&') {
		s = s[at:]
		escaped := func(written string) bool { return strings.HasPrefix(s, written) }
		if !slices.ContainsFunc(plainEscapes, escaped) {
			return false
		}
		s = s[1:]
	}
	return true
}

// plainEscapes are the escapes that the renderer of Markdown writes.
var plainEscapes = []string{"&amp;", "&quot;", "&lt;", "&gt;"}

// rawTextElements are the elements whose content is not read as HTML.
var rawTextElements = map[string]bool{
	"iframe":    true,
	"noembed":   true,
	"noframes":  true,
	"noscript":  true,
	"plaintext": true,
	"script":    true,
	"style":     true,
	"textarea":  true,
	"title":     true,
	"xmp":       true,
}
