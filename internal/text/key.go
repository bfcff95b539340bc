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

// NameKey returns the Key of a name by which it is told apart from others. As people leave them out
// or put them in at will, vowel marks and tatweel of Arabic letters are ignored too, and so are the
// spaces between two Arabic letters.
func NameKey(s string) string {
	return untilStable(strings.ToValidUTF8(s, "\ufffd"), func(s string) string {
		return withoutArabicSigns(foldOnce(s))
	})
}

// withoutArabicSigns returns a key without what NameKey ignores in Arabic.
func withoutArabicSigns(key string) string {
	runes := []rune(key)
	kept := runes[:0]
	for i, r := range runes {
		last := rune(0)
		if len(kept) > 0 {
			last = kept[len(kept)-1]
		}
		arabic := unicode.Is(unicode.Arabic, last)
		switch {
		case r == tatweel, arabic && unicode.Is(unicode.Mn, r) && isOptionalMark(r):
		case r == ' ' && arabic && nextIsArabic(runes[i+1:]):
		default:
			kept = append(kept, r)
		}
	}
	return string(kept)
}

// nextIsArabic reports whether the next rune but tatweel is an Arabic letter.
func nextIsArabic(runes []rune) bool {
	for _, r := range runes {
		if r != tatweel {
			return unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r)
		}
	}
	return false
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

// NFC returns a text in Normalization Form C, in which paths and slugs are compared.
func NFC(s string) string { return norm.NFC.String(s) }

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
