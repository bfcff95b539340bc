package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxSortKey is the greatest length of a sort key, in bytes.
const maxSortKey = 300

// arabic names the letter that a form of it is ordered as.
var arabic = map[rune]rune{
	'ٱ': 'ا', 'ى': 'ي', 'ی': 'ي', 'ے': 'ي', 'ة': 'ه', 'ۃ': 'ه', 'ە': 'ه', 'ہ': 'ه', 'ک': 'ك',
}

// Key is what two spellings of one name have in common: names are the same if their keys are equal. Case, width,
// the amount of white space and characters that cannot be seen (bidi marks, joiners, control characters) do not
// count; accents do. It is "" when s shows nothing.
func Key(s string) string {
	return settle(strings.ToValidUTF8(s, "\ufffd"), fold)
}

// fold is one round of Key.
func fold(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector) || unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	s = cases.Fold().String(norm.NFKC.String(s))
	return strings.Join(strings.Fields(norm.NFKC.String(s)), " ")
}

// SortKey orders titles: compared byte by byte, the keys of two titles stand as the titles should in a list. Case,
// accents, vowel marks, the forms of alef, ya and ta marbuta and a leading quotation mark do not count. It is at most
// 300 bytes of valid UTF-8, and "" only when s shows nothing.
func SortKey(s string) string {
	key := Key(s)
	plain := strings.TrimLeftFunc(norm.NFC.String(bare(key)), func(r rune) bool { return !wordRune(r) })
	if plain == "" {
		plain = key
	}
	return cut(strings.TrimSpace(plain), maxSortKey)
}

// bare is a key without its marks and with every letter in its plainest form.
func bare(key string) string {
	var b strings.Builder
	var base rune // the letter that the marks belong to
	for _, r := range norm.NFKD.String(key) {
		switch {
		case r == tatweel:
		case unicode.Is(unicode.Mn, r) && (optionalMark(r) && !unicode.In(base, unicode.Hiragana, unicode.Katakana)):
		default:
			if !unicode.IsMark(r) {
				base = r
			}
			if plain, ok := arabic[r]; ok {
				r = plain
			}
			b.WriteString(spell(r))
		}
	}
	return b.String()
}
