package richtext

import (
	"regexp"
	"slices"

	"github.com/microcosm-cc/bluemonday"
)

// Patterns of the values of attributes. Addresses have passed cleanURL before they are matched:
// they have neither white space nor control characters, which could hide a scheme.
const (
	relativeURL = `[^:/?#\s]*(?:[/?#]\S*)?`
	webURL      = `(?:(?i:https?):\S*|` + relativeURL + `)`
	linkURL     = `(?:(?i:https?|mailto|tel):\S*|` + relativeURL + `)`
	candidate   = webURL + `(?: [0-9]{1,5}(?:\.[0-9]{1,3})?[wx])?`
	direction   = `(?:ltr|rtl|auto)`
	language    = `[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*`
	number      = `-?[0-9]{1,9}`
	span        = `[0-9]{1,4}`
	length      = `[0-9]{1,5}%?`
	moment      = `[0-9A-Za-z:., +-]{1,64}`
	query       = `[A-Za-z0-9 ().,:/%*+-]{1,500}`
	identifier  = "[^\\s\"'<>`]{1,300}"
	relation    = `nofollow|sponsored|ugc|noopener|noreferrer|external|license|author|me|tag`
	codeClass   = `language-[A-Za-z0-9_+#.-]{1,40}`
)

// allowedAttributes lists the attributes of a rendered body beside id, dir and lang, which every
// element may have, their elements, and the pattern of their values. Without a pattern any value is
// allowed.
var allowedAttributes = []struct {
	names    []string
	elements []string
	pattern  string
}{
	{[]string{"href"}, []string{"a"}, linkURL},
	{[]string{"hreflang"}, []string{"a"}, language},
	{[]string{"rel"}, []string{"a"}, `(?:` + relation + `)(?: (?:` + relation + `))*`},
	{[]string{"title"}, []string{"a", "img", "abbr"}, ""},
	{[]string{"src"}, []string{"img"}, webURL},
	{[]string{"srcset"}, []string{"img", "source"}, candidate + `(?:, ` + candidate + `)*`},
	{[]string{"sizes"}, []string{"img", "source"}, query},
	{[]string{"media"}, []string{"source"}, query},
	{[]string{"type"}, []string{"source"}, `image/[a-z0-9.+-]{1,60}`},
	{[]string{"alt"}, []string{"img"}, ""},
	{[]string{"role"}, []string{"img"}, `(?:presentation|none)`},
	{[]string{mediumAttr}, []string{"img", "figure"}, mediumIDPattern},
	{[]string{"class"}, []string{"figure", "ul", "div"}, `(?:embed|gallery|captioned)`},
	{[]string{"class"}, []string{"blockquote"}, `embed`},
	{[]string{"class"}, []string{"aside"}, `factbox`},
	{[]string{"class"}, []string{"p", "dd"}, `(?:title|caption)`},
	{[]string{"data-width", "data-height"}, []string{"figure"}, `[1-9][0-9]{0,3}`},
	{[]string{"width", "height"}, []string{"img", "source"}, length},
	{[]string{"loading"}, []string{"img"}, `(?:lazy|eager)`},
	{[]string{"cite"}, []string{"blockquote", "q", "del", "ins"}, webURL},
	{[]string{"datetime"}, []string{"time", "del", "ins"}, moment},
	{[]string{"start"}, []string{"ol"}, number},
	{[]string{"value"}, []string{"li"}, number},
	{[]string{"type"}, []string{"ol"}, `[1aAiI]`},
	{[]string{"reversed"}, []string{"ol"}, `(?:reversed)?`},
	{[]string{"open"}, []string{"details"}, `(?:open)?`},
	{[]string{"class"}, []string{"code", "pre"}, codeClass},
	{[]string{"colspan", "rowspan"}, []string{"th", "td"}, span},
	{[]string{"scope"}, []string{"th"}, `(?:row|col|rowgroup|colgroup)`},
	{[]string{"align"}, []string{"th", "td"}, `(?:left|right|center|justify)`},
}

// attrPatterns has the pattern of every attribute that is allowed, by element and attribute; nil
// for any value.
var attrPatterns = newAttrPatterns()

func newAttrPatterns() map[[2]string]*regexp.Regexp {
	global := map[string]*regexp.Regexp{
		"id":   whole(identifier),
		"dir":  whole(direction),
		"lang": whole(language),
	}
	patterns := map[[2]string]*regexp.Regexp{}
	for _, element := range elementNames() {
		for name, pattern := range global {
			patterns[[2]string{element, name}] = pattern
		}
	}
	for _, a := range allowedAttributes {
		var pattern *regexp.Regexp
		if a.pattern != "" {
			pattern = whole(a.pattern)
		}
		for _, element := range a.elements {
			for _, name := range a.names {
				patterns[[2]string{element, name}] = pattern
			}
		}
	}
	return patterns
}

// whole compiles a pattern that has to match a value from its beginning to its end.
func whole(pattern string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + pattern + `)$`) }

// elementNames returns the names of the elements that may be written.
func elementNames() []string {
	names := []string{"div", "span"}
	for name := range allowedElements {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// attrAllowed reports whether the policy allows an attribute with that value on an element.
func attrAllowed(element, attribute, value string) bool {
	pattern, ok := attrPatterns[[2]string{element, attribute}]
	if attribute == "srcset" && value == "" { // which the pattern of an address matches
		return false
	}
	return ok && (pattern == nil || pattern.MatchString(value))
}

// policy is what the sanitiser allows. It is safe for concurrent use.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	names := elementNames()
	p.AllowElements(names...)
	p.AllowNoAttrs().OnElements(names...)
	for key, pattern := range attrPatterns {
		if pattern == nil {
			p.AllowAttrs(key[1]).OnElements(key[0])
			continue
		}
		p.AllowAttrs(key[1]).Matching(pattern).OnElements(key[0])
	}
	return p
}
