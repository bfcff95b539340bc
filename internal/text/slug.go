package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxSlug is the maximum length of a slug in bytes.
const MaxSlug = 240

// maxCutWord is how many bytes of a slug that is too long may be removed to end it with a whole
// word.
const maxCutWord = 60

// Slug makes the last segment of a URL from a title: its words in lower case, joined by single
// hyphens. Letters and digits of every script stay, Latin ones without diacritics, Arabic and
// Hebrew ones without vowel marks. It is at most MaxSlug bytes of valid UTF-8 in NFC, never has the
// form of a UUID, and is "" if s has neither letters nor digits. The slug of a slug is that slug.
func Slug(s string) string {
	s = untilStable(strings.ToValidUTF8(s, " "), slugOnce)
	if len(s) > MaxSlug {
		s = untilStable(shorten(s), slugOnce)
	}
	if hasUUIDForm(s) {
		return "a-" + s
	}
	return s
}

// slugOnce is one round of Slug.
func slugOnce(s string) string {
	var b strings.Builder
	var last rune // the last rune written
	gap := false  // a hyphen is needed before the next word
	for _, r := range norm.NFKC.String(s) {
		r = unicode.ToLower(r)
		switch {
		case r == zeroWidthNonJoiner && unicode.Is(unicode.Arabic, last):
			gap = true // Persian separates the parts of a word with it
		case r == tatweel, isApostrophe(r), isOptionalMark(r), unicode.Is(unicode.Cf, r):
		case isWordRune(r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteString(spellLatin(r))
			gap, last = false, r
		case unicode.IsMark(r):
			if !gap && unicode.In(last, unicode.L, unicode.M) {
				b.WriteRune(r)
				last = r
			}
		default:
			gap = true
		}
	}
	return norm.NFC.String(b.String())
}

// shorten truncates a slug to MaxSlug bytes, after a whole word if one ends near there.
func shorten(s string) string {
	short := truncate(s, MaxSlug)
	if s[len(short)] == '-' {
		return short
	}
	if i := strings.LastIndexByte(short, '-'); i >= MaxSlug-maxCutWord {
		short = short[:i]
	}
	return strings.TrimRight(short, "-")
}

// hasUUIDForm reports whether s could be taken for an id.
func hasUUIDForm(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f':
		default:
			return false
		}
	}
	return true
}
