package text

import (
	"unicode"
	"unicode/utf8"
)

// Words returns the number of words of plain text. A run of letters and digits is one word, with
// the apostrophes, hyphens and marks inside it and the points and commas between its digits. Each
// Chinese character and each kana is a word.
func Words(s string) int {
	n := 0
	var last rune  // the letter or digit just before, 0 outside a word
	var joint rune // the hyphen, apostrophe or point after last, if any
	for i, size := 0, 0; i < len(s); i += size {
		if c := rune(s[i]); isASCIIWord(c) { // the most frequent kind
			if last == 0 || !joins(last, joint, c) {
				n++
			}
			for size = 1; i+size < len(s) && isASCIIWord(rune(s[i+size])); size++ {
			}
			last, joint = rune(s[i+size-1]), 0
			continue
		}
		var r rune
		r, size = utf8.DecodeRuneInString(s[i:])
		switch {
		case r >= firstIdeograph && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			n++
			last, joint = 0, 0
		case isApostrophe(r) || isHyphen(r) || r == '.' || r == ',':
			if last == 0 || joint != 0 {
				last, joint = 0, 0
				continue
			}
			joint = r
		case r >= utf8.RuneSelf && isWordRune(r):
			if last == 0 || !joins(last, joint, r) {
				n++
			}
			last, joint = r, 0
		case r >= utf8.RuneSelf && unicode.In(r, unicode.M, unicode.Cf):
		default:
			last, joint = 0, 0
		}
	}
	return n
}

// firstIdeograph is the first character of the Chinese and Japanese scripts.
const firstIdeograph = '\u2e80'

func isASCIIWord(r rune) bool {
	return r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9'
}

func isHyphen(r rune) bool {
	return r == '-' || r == '\u2010' || r == '\u2011'
}

// joins reports whether a and b, separated by joint, belong to one word.
func joins(a, joint, b rune) bool {
	if joint == '.' || joint == ',' {
		return unicode.IsDigit(a) && unicode.IsDigit(b)
	}
	return true
}
