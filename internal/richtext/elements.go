package richtext

// kind is how an element nests.
type kind int

const (
	unknown kind = iota
	phrase       // runs along in a line of text
	void         // runs along in a line of text and holds nothing
	rule         // stands on its own and holds nothing
	block        // stands on its own and may hold blocks
	line         // stands on its own and holds only a line of text
	part         // stands only in the elements that wholes names
	cell         // a part of a table
	box          // loses its tag, but what it holds stands on its own
	mute         // goes with all it holds
)

// elements are those that may stay.
var elements = map[string]kind{
	"strong": phrase, "b": phrase, "em": phrase, "i": phrase, "u": phrase, "s": phrase, "del": phrase, "ins": phrase,
	"mark": phrase, "small": phrase, "sub": phrase, "sup": phrase, "abbr": phrase, "q": phrase, "cite": phrase,
	"code": phrase, "kbd": phrase, "samp": phrase, "var": phrase, "a": phrase, "time": phrase, "bdi": phrase,
	"bdo": phrase,
	"br":  void, "img": void,
	"hr":         rule,
	"blockquote": block, "ul": block, "ol": block, "dl": block, "figure": block, "details": block, "table": block,
	"p": line, "h2": line, "h3": line, "h4": line, "h5": line, "h6": line, "pre": line,
	"li": part, "dt": part, "dd": part, "figcaption": part, "summary": part,
	"caption": cell, "thead": cell, "tbody": cell, "tfoot": cell, "tr": cell, "th": cell, "td": cell,
}

// strangers are elements that do not stay, and what becomes of them; of all others the tags go and the content stays.
var strangers = map[string]kind{
	"script": mute, "style": mute, "iframe": mute, "noembed": mute, "noframes": mute, "noscript": mute, "title": mute,
	"div": box, "section": box, "article": box, "aside": box, "header": box, "footer": box, "main": box, "nav": box,
	"address": box, "center": box, "form": box, "fieldset": box, "legend": box, "hgroup": box, "dialog": box,
	"search": box, "body": box, "html": box, "head": box, "object": box, "video": box, "audio": box, "textarea": box,
	"option": box, "button": box, "listing": box, "xmp": box, "plaintext": box,
}

// renamed gives elements the name they have in a body.
var renamed = map[string]string{
	"h1": "h2", "strike": "s", "tt": "code", "acronym": "abbr", "menu": "ul", "dir": "ul",
}

// wholes names the elements that a part belongs to.
var wholes = map[string][]string{
	"li": {"ul", "ol"}, "dt": {"dl"}, "dd": {"dl"}, "figcaption": {"figure"}, "summary": {"details"},
}

// heading is the level of a heading, 0 if name is none.
func heading(name string) int {
	if len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' {
		return int(name[1] - '0')
	}
	return 0
}
