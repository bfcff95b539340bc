package richtext

import "strings"

// kind says how an element nests.
type kind int

const (
	unknown      kind = iota // the tags are removed, the content stays
	inline                   // part of a line of text
	inlineVoid               // part of a line of text, without content
	rubyPart                 // part of a line of text, only in ruby
	blockVoid                // a block without content
	block                    // a block that may contain blocks
	textBlock                // a block that contains only a line of text
	child                    // only inside the elements that parents lists
	tablePart                // a part of a table
	unwrap                   // the tags are removed; the content is a block of its own
	unwrapInline             // the tags are removed, the content stays in its line
	drop                     // removed with its content
)

// inLine reports whether elements of the kind are part of a line of text.
func (k kind) inLine() bool { return k == inline || k == rubyPart }

// allowedElements are the elements of a normalized body. In a rendered one h1 is h2, and there are
// div and span beside them, where an unwrapped element has attributes that mean something.
var allowedElements = byName(map[kind]string{
	inline: "strong b em i u s del ins mark small sub sup abbr q cite code kbd samp var a time" +
		" bdi bdo ruby picture",
	inlineVoid: "br img source",
	rubyPart:   "rt rp",
	blockVoid:  "hr",
	block:      "blockquote ul ol dl figure aside details table",
	textBlock:  "p h1 h2 h3 h4 h5 h6 pre",
	child:      "li dt dd figcaption summary",
	tablePart:  "caption thead tbody tfoot tr th td",
})

// otherElements says what becomes of elements that are not allowed. Those in neither table are
// unknown.
var otherElements = byName(map[kind]string{
	drop: "script style iframe noembed noframes noscript title",
	unwrap: "div section article header footer main nav address center form fieldset legend" +
		" hgroup dialog search body html head object video audio textarea option button listing" +
		" xmp plaintext",
	unwrapInline: "span font big label nobr data output",
})

// structural are the unwrapped elements that mean nothing to a reader, so that nobody has to be
// told of their removal.
var structural = map[string]bool{
	"div":     true,
	"section": true,
	"article": true,
	"header":  true,
	"footer":  true,
	"main":    true,
	"hgroup":  true,
	"body":    true,
	"html":    true,
	"head":    true,
	"span":    true,
}

// byName returns the kind of each of the names.
func byName(names map[kind]string) map[string]kind {
	kinds := map[string]kind{}
	for k, list := range names {
		for _, name := range strings.Fields(list) {
			kinds[name] = k
		}
	}
	return kinds
}

// renamed maps elements to those that replace them.
var renamed = map[string]string{
	"strike": "s", "tt": "code", "acronym": "abbr", "menu": "ul", "dir": "ul",
}

// parents lists the elements that a child may be in.
var parents = map[string][]string{
	"li":         {"ul", "ol"},
	"dt":         {"dl"},
	"dd":         {"dl"},
	"figcaption": {"figure"},
	"summary":    {"details"},
}

// headingLevel returns the level of a heading element, 0 if name is none.
func headingLevel(name string) int {
	if len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' {
		return int(name[1] - '0')
	}
	return 0
}
