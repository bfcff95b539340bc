package text

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	zeroWidthNonJoiner = '\u200c'
	tatweel            = '\u0640'
)

// latinLetters spells the lower-case Latin letters that have no decomposition.
var latinLetters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l",
	'ı': "i", 'ȷ': "j", 'ħ': "h", 'ŧ': "t", 'ŋ': "n", 'ĸ': "k", 'ƀ': "b", 'ɨ': "i",
	'ɉ': "j", 'ƶ': "z", 'ǥ': "g", 'ʉ': "u", 'ə': "e",
}

// spellLatin returns a lower-case Latin letter without its diacritics, and any other rune as it is.
func spellLatin(r rune) string {
	if r < utf8.RuneSelf || !unicode.Is(unicode.Latin, r) {
		return string(r)
	}
	if d := norm.NFKD.PropertiesString(string(r)).Decomposition(); d != nil {
		r, _ = utf8.DecodeRune(d)
	}
	if s, ok := latinLetters[r]; ok {
		return s
	}
	return string(r)
}

// isWordRune reports whether a word can begin with r: letters and digits of every script.
func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.In(r, unicode.Nd, unicode.Nl)
}

// isOptionalMark reports whether a word is still spelled correctly without r: accents that did not
// become part of a letter, harakat, niqqud, enclosing signs, variation selectors. Vowel signs of
// Indic scripts, Thai and Thaana are not optional.
func isOptionalMark(r rune) bool {
	if unicode.In(r, unicode.Me, unicode.Variation_Selector) {
		return true
	}
	return unicode.Is(unicode.Mn, r) && unicode.In(r, unicode.Inherited, unicode.Arabic,
		unicode.Hebrew, unicode.Latin)
}

// isApostrophe reports whether r is one of the signs that are written inside words without ending
// them.
func isApostrophe(r rune) bool {
	switch r {
	case '\'', '‘', '’', '‛', '׳', '״':
		return true
	}
	return r >= '\u02b9' && r <= '\u02bf' // modifier letters: ʹ ʺ ʻ ʼ ʽ ʾ ʿ
}

// untilStable applies f until its result no longer changes. Case folding and normalization affect
// each other for a few letters, so that one round is not always enough; more than three have never
// been seen.
func untilStable(s string, f func(string) string) string {
	for range 8 {
		next := f(s)
		if next == s {
			break
		}
		s = next
	}
	return s
}

// truncate returns the longest prefix of s of at most n bytes that ends between two runes.
func truncate(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
