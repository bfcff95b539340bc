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

// latin spells the Latin letters that have no decomposition, in lower case.
var latin = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ı': "i", 'ȷ': "j",
	'ħ': "h", 'ŧ': "t", 'ŋ': "n", 'ĸ': "k", 'ƀ': "b", 'ɨ': "i", 'ɉ': "j", 'ƶ': "z", 'ǥ': "g", 'ʉ': "u", 'ə': "e",
}

// spell is r with its Latin diacritics gone, or r itself if it is no Latin letter that has any. r is in lower case.
func spell(r rune) string {
	if r < utf8.RuneSelf || !unicode.Is(unicode.Latin, r) {
		return string(r)
	}
	if d := norm.NFKD.PropertiesString(string(r)).Decomposition(); d != nil {
		r, _ = utf8.DecodeRune(d)
	}
	if s, ok := latin[r]; ok {
		return s
	}
	return string(r)
}

// wordRune tells whether a word can begin with r: letters and digits of every script.
func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.In(r, unicode.Nd, unicode.Nl)
}

// optionalMark tells whether a word is still spelled right without r: accents that did not become part of a letter,
// harakat, niqqud, enclosing signs, variation selectors. Vowel signs of Indic scripts, Thai and Thaana are not optional.
func optionalMark(r rune) bool {
	if unicode.In(r, unicode.Me, unicode.Variation_Selector) {
		return true
	}
	return unicode.Is(unicode.Mn, r) && unicode.In(r, unicode.Inherited, unicode.Arabic, unicode.Hebrew, unicode.Latin)
}

// apostrophe tells whether r is written inside words without ending them, in one of its many shapes.
func apostrophe(r rune) bool {
	switch r {
	case '\'', '‘', '’', '‛', '׳', '״':
		return true
	}
	return r >= '\u02b9' && r <= '\u02bf' // modifier letters: ʹ ʺ ʻ ʼ ʽ ʾ ʿ
}

// settle applies f until its answer no longer changes. Folding and normalising disturb each other for a few letters,
// so that one round is not always enough; more than three have never been seen.
func settle(s string, f func(string) string) string {
	for range 8 {
		next := f(s)
		if next == s {
			break
		}
		s = next
	}
	return s
}

// cut is the longest beginning of s of at most n bytes that ends between two runes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
