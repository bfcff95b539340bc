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
	webURL      = `^(?:(?i:https?):\S*|` + relativeURL + `)$`
	linkURL     = `^(?:(?i:https?|mailto|tel):\S*|` + relativeURL + `)$`
	direction   = `^(?:ltr|rtl|auto)$`
	language    = `^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$`
	number      = `^-?[0-9]{1,9}$`
	span        = `^[0-9]{1,4}$`
	length      = `^[0-9]{1,5}%?$`
	moment      = `^[0-9A-Za-z:., +-]{1,64}$`
	noteID      = `^fn(?:ref)?-[0-9]{1,6}(?:-[0-9]{1,6})?$`
)

// allowedAttributes lists the attributes of a rendered body, their elements, and the pattern of
// their values. Without a pattern any value is allowed.
var allowedAttributes = []struct {
	names    []string
	elements []string
	pattern  string
}{
	{[]string{"href"}, []string{"a"}, linkURL},
	{[]string{"hreflang"}, []string{"a"}, language},
	{[]string{"title"}, []string{"a", "img", "abbr"}, ""},
	{[]string{"src"}, []string{"img"}, webURL},
	{[]string{"alt"}, []string{"img"}, ""},
	{[]string{"width", "height"}, []string{"img"}, length},
	{[]string{"loading"}, []string{"img"}, `^(?:lazy|eager)$`},
	{[]string{"cite"}, []string{"blockquote", "q", "del", "ins"}, webURL},
	{[]string{"datetime"}, []string{"time", "del", "ins"}, moment},
	{[]string{"start"}, []string{"ol"}, number},
	{[]string{"type"}, []string{"ol"}, `^[1aAiI]$`},
	{[]string{"reversed"}, []string{"ol"}, `^(?:reversed)?$`},
	{[]string{"colspan", "rowspan"}, []string{"th", "td"}, span},
	{[]string{"scope"}, []string{"th"}, `^(?:row|col|rowgroup|colgroup)$`},
	{[]string{"align"}, []string{"th", "td"}, `^(?:left|right|center|justify)$`},
	{[]string{"id"}, []string{"li", "sup"}, noteID}, // the normalizer removes the ids of authors
}

// policy is what the sanitiser allows. It is safe for concurrent use.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	var names []string
	for name := range allowedElements {
		names = append(names, name)
	}
	slices.Sort(names)
	p.AllowElements(names...)
	p.AllowNoAttrs().OnElements(names...)
	p.AllowAttrs("dir").Matching(regexp.MustCompile(direction)).OnElements(names...)
	p.AllowAttrs("lang").Matching(regexp.MustCompile(language)).OnElements(names...)
	for _, a := range allowedAttributes {
		if a.pattern == "" {
			p.AllowAttrs(a.names...).OnElements(a.elements...)
			continue
		}
		p.AllowAttrs(a.names...).Matching(regexp.MustCompile(a.pattern)).OnElements(a.elements...)
	}
	return p
}
