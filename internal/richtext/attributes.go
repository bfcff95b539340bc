package richtext

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// addressAttr is the attribute without which an element means nothing.
var addressAttr = map[string]string{"a": "href", "img": "src", "source": "srcset"}

// cleanAttrs returns the attributes that the policy allows on an element, each once, with values in
// a form that the policy can match, and reports the others. It reuses the array of attrs. An
// element that loses its address is removed later and reported then, unless it is a link with an
// id, which stays.
func (s *normalizer) cleanAttrs(element string, attrs []html.Attribute) []html.Attribute {
	allowed := attrs[:0]
	lostAddress := ""
	for _, a := range attrs {
		name := a.Key
		if element == "figure" && (name == "data-provider" || name == "data-src") {
			continue // they are made anew of the address of the page
		}
		a = s.cleanAttr(element, a)
		if !attrAllowed(element, a.Key, a.Val) {
			if name == addressAttr[element] {
				lostAddress = name
			} else {
				s.reportAttr(element, name)
			}
			continue
		}
		sameKey := func(b html.Attribute) bool { return b.Key == a.Key }
		if !slices.ContainsFunc(allowed, sameKey) {
			allowed = append(allowed, a)
		}
	}
	isID := func(a html.Attribute) bool { return a.Key == "id" }
	if lostAddress != "" && element == "a" && slices.ContainsFunc(allowed, isID) {
		s.reportAttr(element, lostAddress)
	}
	return allowed
}

// reportAttr records that an attribute was removed.
func (s *normalizer) reportAttr(element, name string) {
	s.report(Warning{Code: Removed, Element: element, Detail: "attribute " + name})
}

// cleanAttr returns an attribute as it is written: an address as browsers read it, of a list only
// what may stay.
func (s *normalizer) cleanAttr(element string, a html.Attribute) html.Attribute {
	a.Val = cleanText(a.Val)
	switch a.Key {
	case footnoteAttr:
		return s.footnoteAttr(element, a.Val)
	case "name", "id":
		if a.Key == "name" && element != "a" && headingLevel(element) == 0 {
			break
		}
		a.Key = "id"
		a.Val = strings.Join(strings.Fields(a.Val), "-") // links to it find it as they are written
	case "href", "cite":
		a.Val = cleanURL(a.Val)
	case "src":
		a.Val = cleanURL(a.Val)
		return s.mediumSource(element, a)
	case mediumAttr, "role":
		a.Val = strings.ToLower(a.Val)
	case "srcset":
		a.Val = s.cleanSrcset(element, a.Val)
	case "rel":
		a.Val = allowedTokens("rel", element, strings.ToLower(a.Val))
	case "class":
		a.Val = knownClass(element, a.Val)
	}
	return a
}

// footnoteAttr returns the attribute that the id of a footnote becomes: the address of a link, or
// the id of any other element. The prefix of the body stands behind the first hyphen.
func (s *normalizer) footnoteAttr(element, id string) html.Attribute {
	if s.prefix != "" {
		id = strings.Replace(id, "-", "-"+s.prefix+"-", 1)
	}
	if element == "a" {
		return html.Attribute{Key: "href", Val: "#" + id}
	}
	return html.Attribute{Key: "id", Val: id}
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

// cleanSrcset returns the candidates of a srcset that are allowed, separated by a comma and a
// space, and reports the others, unless there are only such: the attribute is removed then. It
// reads them as HTML does: an address ends at white space, and a comma at its end ends the
// candidate.
func (s *normalizer) cleanSrcset(element, srcset string) string {
	allowed, lost := splitSrcset(srcset)
	if len(allowed) > 0 {
		for range lost {
			s.report(Warning{Code: Removed, Element: element, Detail: "an address in srcset"})
		}
	}
	return strings.Join(allowed, ", ")
}

// splitSrcset returns the candidates of a srcset that are allowed, and the number of others.
func splitSrcset(s string) (allowed []string, lost int) {
	for {
		s = strings.TrimLeft(s, htmlSpace+",")
		if s == "" {
			return allowed, lost
		}
		end := strings.IndexAny(s, htmlSpace)
		if end < 0 {
			end = len(s)
		}
		address := strings.TrimRight(s[:end], ",")
		ended := len(address) < end
		s = s[end:]
		descriptor := ""
		if !ended {
			descriptor, s, _ = strings.Cut(s, ",")
		}
		c := strings.TrimSpace(address + " " + strings.Trim(descriptor, htmlSpace))
		if attrAllowed("img", "srcset", c) {
			allowed = append(allowed, c)
		} else {
			lost++
		}
	}
}

// allowedTokens returns the tokens of a value that are allowed as the value of an attribute by
// themselves.
func allowedTokens(attribute, element, value string) string {
	var tokens []string
	for token := range strings.FieldsSeq(value) {
		if attrAllowed(element, attribute, token) && !slices.Contains(tokens, token) {
			tokens = append(tokens, token)
		}
	}
	return strings.Join(tokens, " ")
}

// languageClass returns the class of code that names its language, "" if there is none.
func languageClass(element, class string) string {
	for name := range strings.FieldsSeq(class) {
		if language, ok := strings.CutPrefix(name, "lang-"); ok {
			name = "language-" + language
		}
		if attrAllowed(element, "class", name) {
			return name
		}
	}
	return ""
}
