package richtext

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// cleanAttrs returns the attributes that the policy may allow, each once, with addresses in a form
// that the policy can match. The only id is that of a footnote. It reuses the array of attrs.
func cleanAttrs(attrs []html.Attribute) []html.Attribute {
	allowed := attrs[:0]
	for _, a := range attrs {
		switch a.Key {
		case "id":
			continue
		case footnoteAttr:
			a.Key = "id"
		case "href", "src", "cite":
			a.Val = cleanURL(a.Val)
		}
		sameKey := func(b html.Attribute) bool { return b.Key == a.Key }
		if !attrAllowed(a.Key) || slices.ContainsFunc(allowed, sameKey) {
			continue
		}
		allowed = append(allowed, html.Attribute{Key: a.Key, Val: cleanText(a.Val)})
	}
	return allowed
}

// attrAllowed reports whether the policy allows an attribute of that name on any element.
func attrAllowed(name string) bool { return knownAttributes[name] }

var knownAttributes = newKnownAttributes()

func newKnownAttributes() map[string]bool {
	known := map[string]bool{"dir": true, "lang": true}
	for _, a := range allowedAttributes {
		for _, name := range a.names {
			known[name] = true
		}
	}
	return known
}

// cleanURL reads an address as a browser does: without surrounding space, line breaks and control
// characters, and with spaces as %20. No scheme can hide in the result.
func cleanURL(s string) string {
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
