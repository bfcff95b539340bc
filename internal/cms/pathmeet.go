package cms

import (
	"slices"
	"strings"
	"unicode"

	"github.com/masthead-cms/masthead/internal/text"
)

// canMeet reports whether the patterns of two kinds can make one path for two pages. A section
// whose slug is a word that stands in another pattern is not thought of: there are few sections,
// they come before all other pages, and an article without one may stand where a section could.
func canMeet(a, b kindPath) bool {
	if segmentsMeet(a.segments(false), b.segments(false)) {
		return true
	}
	return a.kind == "article" && b.kind != "section" &&
		segmentsMeet(a.segments(true), b.segments(false))
}

// segments returns what stands between the slashes of a pattern. Without sections it is that of an
// article that has none.
func (k kindPath) segments(withoutSections bool) []string {
	all := strings.Split(strings.Trim(text.NFC(k.pattern), "/"), "/")
	return slices.DeleteFunc(all, func(segment string) bool {
		name, _ := wholeValue(segment)
		return withoutSections && slices.Contains(wholeSegments, name)
	})
}

// segmentsMeet reports whether two patterns can make one path.
func segmentsMeet(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !segmentMeets(a[i], b[i]) {
			return false
		}
	}
	return true
}

// segmentMeets reports whether two segments of patterns can be one text.
func segmentMeets(a, b string) bool {
	nameA, wholeA := wholeValue(a)
	nameB, wholeB := wholeValue(b)
	fixedA, fixedB := !strings.Contains(a, "{"), !strings.Contains(b, "{")
	switch {
	case a == b:
		return true
	case wholeA && wholeB:
		return valuesMeet(nameA, nameB) || valuesMeet(nameB, nameA)
	case wholeA && fixedB:
		return !slices.Contains(wholeSegments, nameA) && canBe(nameA, b)
	case wholeB && fixedA:
		return !slices.Contains(wholeSegments, nameB) && canBe(nameB, a)
	case fixedA && fixedB:
		return false
	}
	return mixedMeet(parsePattern(a), parsePattern(b))
}

// wholeValue returns the placeholder that a segment consists of, and whether it consists of one.
func wholeValue(segment string) (name string, whole bool) {
	parts := parsePattern(segment)
	return parts[0].name, len(parts) == 2 && len(segment) == len(parts[0].name)+len("{}")
}

// valuesMeet reports whether a value of one placeholder can be that of another.
func valuesMeet(name, other string) bool {
	values := map[string][]string{
		"id":     {string(SiteID)},
		"type":   stringsOf(ArticleTypes),
		"locale": {"en"},
		"year":   {"2026"},
		"month":  {"12"},
		"day":    {"12"},
	}[name]
	if values == nil {
		values = []string{"en"} // of a slug
	}
	return slices.ContainsFunc(values, func(value string) bool { return canBe(other, value) })
}

// canBe reports whether a text can be the value of a placeholder.
func canBe(name, value string) bool {
	switch name {
	case "slug", "section", "section_path":
		return text.Slug(value) == value
	}
	return isValue(name, value)
}

// mixedMeet reports whether two segments, of which one has text beside values, may be one text: if
// they begin and end alike, and have the same characters that no value has.
func mixedMeet(a, b []pathPart) bool {
	firstA, firstB := a[0].text, b[0].text
	lastA, lastB := a[len(a)-1].text, b[len(b)-1].text
	alike := (strings.HasPrefix(firstA, firstB) || strings.HasPrefix(firstB, firstA)) &&
		(strings.HasSuffix(lastA, lastB) || strings.HasSuffix(lastB, lastA))
	return alike && oddities(a) == oddities(b)
}

// oddities returns the characters of the text of a pattern that no value has, in their order.
func oddities(parts []pathPart) string {
	var all strings.Builder
	for _, part := range parts {
		all.WriteString(strings.Map(func(r rune) rune {
			if r == '-' || r == '_' || unicode.In(r, unicode.Letter, unicode.Mark, unicode.Number) {
				return -1
			}
			return r
		}, part.text))
	}
	return all.String()
}
