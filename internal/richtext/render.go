package richtext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/masthead-cms/masthead/internal/text"
)

// Heading is one line of a body's outline. ID is the heading's id attribute in the HTML.
type Heading struct {
	Level    int // 2 to 6
	Text, ID string
}

// Rendered is a body, ready to be shown.
type Rendered struct {
	HTML    string    // sanitised, safe to place in a page
	Outline []Heading // the headings that say something, in order; never nil
	Text    string    // the words alone, white space collapsed: for counting and searching
	Words   int       // of Text
}

// Markdown renders CommonMark with tables, task lists, strikethrough and bare links (GFM) and footnotes. HTML inside it
// obeys the rules of HTML.
func Markdown(source string) Rendered {
	return sanitise(convert(clean(source)))
}

// HTML renders a fragment of HTML. Elements a news body does not need lose their tags and keep their words; scripts,
// styles and frames go with all they hold. h1 becomes h2, since the page has its own. The only ids are those given
// here: h-… for headings, and for the footnotes of Markdown fn-… and fnref-….
func HTML(source string) Rendered {
	return sanitise(clean(source))
}

// sanitise makes HTML without control characters safe and reads its outline and words.
func sanitise(source string) Rendered {
	shaped := shape(source)
	body := purify(shaped)
	f := finisher{ids: map[string]bool{}, next: map[string]int{}, outline: []Heading{}}
	f.text.Grow(len(shaped))
	f.children(body)
	plain := collapse(f.text.String())
	return Rendered{HTML: write(body, len(shaped)), Outline: f.outline, Text: plain, Words: text.Words(plain)}
}

// purify is the tree of a body whatever stands in it: the sanitiser takes out what may not stay, and the parser reads the
// rest as a browser does.
func purify(shaped string) *html.Node {
	safe := rules.Sanitize(shaped)
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(safe), body)
	if err != nil { // the shape is well within the parser's limits; were it not, the words are what counts
		nodes = []*html.Node{{Type: html.TextNode, Data: words(safe)}}
	}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	return body
}

// words is the text between the tags of s.
func words(s string) string {
	var b strings.Builder
	for z := html.NewTokenizer(strings.NewReader(s)); z.Next() != html.ErrorToken; {
		if t := z.Token(); t.Type == html.TextToken {
			b.WriteString(t.Data)
		}
	}
	return b.String()
}

// clean is s as valid Unicode with its lines ended alike and without control characters, which HTML forbids. Since it
// comes first, the mark that footnotes carry (a control character) is never an author's.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if !controlled(s) {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r == '\f', r == '\v':
			return '\n'
		case control(r):
			return -1
		}
		return r
	}, s)
}

// controlled tells whether s has a control character. All are single bytes, which are part of no other character.
func controlled(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' || c == '\x7f') && control(rune(c)) {
			return true
		}
	}
	return false
}

func control(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' || r == '\x7f'
}

// collapse is s with every run of white space made one space.
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
