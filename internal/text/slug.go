package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxSlug is the greatest length of a slug, in bytes.
const MaxSlug = 240

// tail is how many bytes of a slug that is too long may be given up to end it with a whole word.
const tail = 60

// Slug makes the last segment of a URL out of a title: its words in lower case, joined by single hyphens. Letters and
// digits of every script stay, Latin ones without their diacritics, Arabic and Hebrew ones without vowel marks. It is
// at most MaxSlug bytes of valid UTF-8 in NFC, never has the form of a UUID, and is "" when s has neither letters nor
// digits. The slug of a slug is that slug.
func Slug(s string) string {
	s = settle(strings.ToValidUTF8(s, " "), hyphenate)
	if len(s) > MaxSlug {
		s = settle(shorten(s), hyphenate)
	}
	if uuidForm(s) {
		return "a-" + s
	}
	return s
}

// hyphenate is one round of Slug.
func hyphenate(s string) string {
	var b strings.Builder
	var last rune // the rune written last
	gap := false  // a hyphen is owed before the next word
	for _, r := range norm.NFKC.String(s) {
		r = unicode.ToLower(r)
		switch {
		case r == zeroWidthNonJoiner && unicode.Is(unicode.Arabic, last):
			gap = true // Persian keeps the parts of a word apart with it
		case r == tatweel, apostrophe(r), optionalMark(r), unicode.Is(unicode.Cf, r):
		case wordRune(r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteString(spell(r))
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

// shorten cuts a slug to MaxSlug bytes, after a whole word if one ends near there.
func shorten(s string) string {
	short := cut(s, MaxSlug)
	if s[len(short)] == '-' {
		return short
	}
	if i := strings.LastIndexByte(short, '-'); i >= MaxSlug-tail {
		short = short[:i]
	}
	return strings.TrimRight(short, "-")
}

// uuidForm tells whether s could be taken for an id.
func uuidForm(s string) bool {
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
