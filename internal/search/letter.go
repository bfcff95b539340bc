package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/masthead-cms/masthead/internal/text"
)

// kind is what a rune does to the word it stands in.
type kind uint8

const (
	gap    kind = iota // stands between words
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
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// letter looks a rune up. What is common is told by its range, the rest is remembered.
func (r *reader) letter(c rune) letter {
	switch {
	case c < utf8.RuneSelf:
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			return letter{kind: joined}
		}
		return letter{}
	case ideograph(c):
		return letter{kind: single}
	}
	l, ok := r.known[c]
	if !ok {
		if r.known == nil {
			r.known = map[rune]letter{}
		}
		l = newLetter(c)
		r.known[c] = l
	}
	return l
}

// ideograph tells whether c is one of the common Chinese characters, which are folded to themselves.
func ideograph(c rune) bool { return c >= '一' && c <= '\u9fef' }

func newLetter(c rune) letter {
	l := letter{kind: kindOf(c)}
	switch l.kind {
	case gap, hidden:
		return l
	case mark:
		l.voice = voiceMark(c) != 0
	}
	l.kana = unicode.In(c, unicode.Hiragana, unicode.Katakana)
	l.plain = strings.Map(clean, text.PlainKey(string(c)))
	for _, p := range l.plain {
		l.parts = l.parts || unicode.IsMark(p) || unicode.Is(unicode.Hangul, p) && (p < '가' || p > '힣')
	}
	return l
}

func kindOf(c rune) kind {
	switch {
	case c == tatweel, unicode.In(c, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
		return hidden
	case unicode.IsMark(c), c == 'ﾞ', c == 'ﾟ', c == 'ำ', c == 'ຳ': // two voice marks, two vowels shown with the letter before
		return mark
	case apostrophe(c):
		return gap
	case c == 'ー', c == 'ｰ', unicode.IsLetter(c) && unicode.In(c, spaceless...), c == '〇':
		return single
	case unicode.IsLetter(c), unicode.In(c, unicode.Nd, unicode.Nl), raised(c):
		return joined
	}
	return gap
}

// apostrophe tells whether c is an apostrophe that Unicode takes for a letter.
func apostrophe(c rune) bool { return c >= '\u02b9' && c <= '\u02bf' }

// raised tells whether c is one digit or several in another place or a circle, as in CO₂.
func raised(c rune) bool {
	return unicode.Is(unicode.No, c) && strings.Trim(norm.NFKC.String(string(c)), "0123456789") == ""
}

// clean leaves nothing in a folded letter that does not belong into a term, and makes every digit an ASCII one.
func clean(c rune) rune {
	switch {
	case apostrophe(c), c == tatweel:
		return -1
	case unicode.Is(unicode.Nd, c):
		return digit(c)
	case unicode.IsLetter(c), unicode.IsMark(c), unicode.IsNumber(c):
		return c
	}
	return -1
}

// digit is the ASCII digit with the value of c, which is of the class Nd: there the digits of a script stand together.
func digit(c rune) rune {
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

// voiceMark is the voice mark of kana that c is, or 0.
func voiceMark(c rune) rune {
	switch c {
	case '\u3099', 'ﾞ':
		return '\u3099'
	case '\u309a', 'ﾟ':
		return '\u309a'
	}
	return 0
}

// alefWithSign tells whether c is an alef that is written with a hamza or a madda, and so never the article's.
func alefWithSign(c rune) bool { return c == 'أ' || c == 'إ' || c == 'آ' }
