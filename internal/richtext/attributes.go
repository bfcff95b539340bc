package richtext

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// tidy keeps the attributes that the policy may let through, each once, and brings addresses into a form that can be
// judged. An id is only ever made of the mark of a footnote. They stay where they are.
func tidy(attrs []html.Attribute) []html.Attribute {
	kept := attrs[:0]
	for _, a := range attrs {
		switch a.Key {
		case "id":
			continue
		case mark:
			a.Key = "id"
		case "href", "src", "cite":
			a.Val = tidyURL(a.Val)
		}
		if !mayStay(a.Key) || slices.ContainsFunc(kept, func(b html.Attribute) bool { return b.Key == a.Key }) {
			continue
		}
		kept = append(kept, html.Attribute{Key: a.Key, Val: clean(a.Val)})
	}
	return kept
}

// mayStay tells whether the policy knows an attribute of that name on any element.
func mayStay(name string) bool { return knownAttributes[name] }

var knownAttributes = newKnownAttributes()

func newKnownAttributes() map[string]bool {
	known := map[string]bool{"dir": true, "lang": true}
	for _, a := range attributes {
		for _, name := range a.names {
			known[name] = true
		}
	}
	return known
}

// tidyURL reads an address as a browser does: nothing around it, no line breaks or control characters within, spaces
// as %20. What is left says openly what scheme it has.
func tidyURL(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == '\x7f' }) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == '\x7f' {
			return -1
		}
		return r
	}, s)
	return strings.ReplaceAll(strings.Trim(s, " "), " ", "%20")
}
