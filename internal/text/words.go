package text

import "unicode"

// Words counts the words of plain text. A run of letters and digits is one, with the apostrophes, hyphens and marks
// inside it and the points and commas between its digits; each Chinese character and each kana is one.
func Words(s string) int {
	n := 0
	var last rune  // the letter or digit just before, 0 outside a word
	var joint rune // the hyphen, apostrophe or point between last and the present rune, if any
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			n++
			last, joint = 0, 0
		case apostrophe(r) || hyphen(r) || r == '.' || r == ',':
			if last == 0 || joint != 0 {
				last, joint = 0, 0
				continue
			}
			joint = r
		case wordRune(r):
			if last == 0 || !joins(last, joint, r) {
				n++
			}
			last, joint = r, 0
		case unicode.In(r, unicode.M, unicode.Cf):
		default:
			last, joint = 0, 0
		}
	}
	return n
}

func hyphen(r rune) bool {
	return r == '-' || r == '\u2010' || r == '\u2011'
}

// joins tells whether a and b, with that joint between them, belong to one word.
func joins(a, joint, b rune) bool {
	if joint == '.' || joint == ',' {
		return unicode.IsDigit(a) && unicode.IsDigit(b)
	}
	return true
}
