package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxSortKey is the maximum length of a sort key in bytes.
const maxSortKey = 300

// arabicLetters maps forms of Arabic letters to the letter they are ordered as.
var arabicLetters = map[rune]rune{
	'ٱ': 'ا', 'ى': 'ي', 'ی': 'ي', 'ے': 'ي', 'ة': 'ه', 'ۃ': 'ه', 'ە': 'ه', 'ہ': 'ه', 'ک': 'ك',
}

// Key returns what all spellings of one name have in common: two names are the same if their keys
// are equal. Case, width, the amount of white space and invisible characters (bidi marks, joiners,
// control characters) are ignored; accents are not. It is "" if s shows nothing.
func Key(s string) string {
	return untilStable(strings.ToValidUTF8(s, "\ufffd"), foldOnce)
}

// foldOnce is one round of Key.
func foldOnce(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector) || unicode.IsControl(r) &&
			!unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	s = cases.Fold().String(norm.NFKC.String(s))
	return strings.Join(strings.Fields(norm.NFKC.String(s)), " ")
}

// SortKey returns a key that orders titles when compared byte by byte. Case, accents, vowel marks,
// the forms of alef, ya and ta marbuta, and a leading quotation mark are ignored. It is at most 300
// bytes of valid UTF-8, and "" only if s shows nothing.
func SortKey(s string) string {
	key := Key(s)
	plain := strings.TrimLeftFunc(norm.NFC.String(plainLetters(key)),
		func(r rune) bool { return !isWordRune(r) })
	if plain == "" {
		plain = key
	}
	return truncate(strings.TrimSpace(plain), maxSortKey)
}

// plainLetters returns a key without its marks and with every letter in its plainest form.
func plainLetters(key string) string {
	var b strings.Builder
	var base rune // the letter that the marks belong to
	for _, r := range norm.NFKD.String(key) {
		switch {
		case r == tatweel:
		case unicode.Is(unicode.Mn, r) && (isOptionalMark(r) &&
			!unicode.In(base, unicode.Hiragana, unicode.Katakana)):
		default:
			if !unicode.IsMark(r) {
				base = r
			}
			if plain, ok := arabicLetters[r]; ok {
				r = plain
			}
			b.WriteString(spellLatin(r))
		}
	}
	return b.String()
}
