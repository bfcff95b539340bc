package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/masthead-cms/masthead/internal/text"
)

// kind is what a rune means for the word it is in.
type kind uint8

const (
	gap    kind = iota // is between words
	joined             // is a part of a word
	single             // is a word of its own, with its marks
	mark               // belongs to the letter before
	hidden             // cannot be seen, and changes nothing
)

// letter is a rune and what it is folded to.
type letter struct {
	kind  kind
	plain string // unset for ASCII and ideographs
	parts bool   // plain may be written as one with what comes next or before
	kana  bool   // voice marks change what it is
	voice bool   // it is such a mark
}

const (
	tatweel    = '\u0640'
	maddaAbove = '\u0653'
	hamzaAbove = '\u0654'
	hamzaBelow = '\u0655'
)

// spaceless are the scripts that are written without spaces between words.
var spaceless = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer,
	unicode.Myanmar,
}

// letter looks a rune up. Common ones are known by their range, others are cached.
func (r *wordReader) letter(c rune) letter {
	switch {
	case c < utf8.RuneSelf:
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			return letter{kind: joined}
		}
		return letter{}
	case isIdeograph(c):
		return letter{kind: single}
	}
	l, ok := r.cachedLetters[c]
	if !ok {
		if r.cachedLetters == nil {
			r.cachedLetters = map[rune]letter{}
		}
		l = newLetter(c)
		r.cachedLetters[c] = l
	}
	return l
}

// isIdeograph reports whether c is one of the common Chinese characters, which are folded to
// themselves.
func isIdeograph(c rune) bool { return c >= '一' && c <= '\u9fef' }

func newLetter(c rune) letter {
	l := letter{kind: kindOf(c)}
	switch l.kind {
	case gap, hidden:
		return l
	case mark:
		l.voice = voiceMark(c) != 0
	}
	l.kana = unicode.In(c, unicode.Hiragana, unicode.Katakana)
	l.plain = strings.Map(termRune, text.PlainKey(string(c)))
	for _, p := range l.plain {
		l.parts = l.parts || unicode.IsMark(p) || unicode.Is(unicode.Hangul, p) &&
			(p < '가' || p > '힣')
	}
	return l
}

func kindOf(c rune) kind {
	switch {
	case c == tatweel, unicode.In(c, unicode.Cf, unicode.Variation_Selector,
		unicode.Other_Default_Ignorable_Code_Point):
		return hidden
	case unicode.IsMark(c), c == 'ﾞ', c == 'ﾟ', c == 'ำ',
		c == 'ຳ': // two voice marks, two vowels shown with the letter before
		return mark
	case isLetterApostrophe(c):
		return gap
	case c == 'ー', c == 'ｰ', unicode.IsLetter(c) && unicode.In(c, spaceless...), c == '〇':
		return single
	case unicode.IsLetter(c), unicode.In(c, unicode.Nd, unicode.Nl), isRaisedDigit(c):
		return joined
	}
	return gap
}

// isLetterApostrophe reports whether c is an apostrophe that is a letter in Unicode.
func isLetterApostrophe(c rune) bool { return c >= '\u02b9' && c <= '\u02bf' }

// isRaisedDigit reports whether c is a number that is raised, lowered or in a circle, as in CO₂.
func isRaisedDigit(c rune) bool {
	return unicode.Is(unicode.No, c) && strings.Trim(norm.NFKC.String(string(c)),
		"0123456789") == ""
}

// termRune returns the rune of a folded letter as it is in a term, with digits in ASCII; -1 if it
// is in none.
func termRune(c rune) rune {
	switch {
	case isLetterApostrophe(c), c == tatweel:
		return -1
	case unicode.Is(unicode.Nd, c):
		return asciiDigit(c)
	case unicode.IsLetter(c), unicode.IsMark(c), unicode.IsNumber(c):
		return c
	}
	return -1
}

// asciiDigit returns the ASCII digit with the value of c, which is of the class Nd, in which the
// digits of a script follow each other.
func asciiDigit(c rune) rune {
	for _, t := range unicode.Nd.R16 {
		if c >= rune(t.Lo) && c <= rune(t.Hi) {
			return '0' + (c-rune(t.Lo))%10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if c >= rune(t.Lo) && c <= rune(t.Hi) {
			return '0' + (c-rune(t.Lo))%10
		}
	}
	return c
}

// voiceMark returns the voice mark of kana that c is, or 0.
func voiceMark(c rune) rune {
	switch c {
	case '\u3099', 'ﾞ':
		return '\u3099'
	case '\u309a', 'ﾟ':
		return '\u309a'
	}
	return 0
}

// isHamzatedAlef reports whether c is an alef with a hamza or a madda, which is never that of the
// article.
func isHamzatedAlef(c rune) bool { return c == 'أ' || c == 'إ' || c == 'آ' }
