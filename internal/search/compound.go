package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// compound follows words that hyphens, apostrophes or the full stops of initials join, and that
// some write as one.
type compound struct {
	term string // of all words up to the present one; "" if it is the first of them
	raw  []byte // the words up to the present one, folded, but not stemmed
	next int    // where the next word begins if it belongs to them, else 0
	sign rune   // the sign before it

	spaced bool // a space is between that and the word: it has to be an initial, J. K.

	first    int  // where the first of the words begins
	english  bool // all are English
	initials bool // all are single letters, or two as in Ph.D.
}

// join sets the term that the present word makes with those it is joined to. It must be called
// before the word is stemmed.
func (r *wordReader) join() {
	c := &r.compound
	c.term = ""
	single := r.letters == 1 || r.letters == 2 && r.english
	sign, size := utf8.DecodeRuneInString(r.text[r.at:])
	follows := c.next > 0 && c.next == r.start && len(c.raw)+len(r.term) <= maxTerm &&
		(c.sign != '.' || c.initials && single) && (!c.spaced || r.letters == 1 && sign == '.')
	if follows {
		c.raw = append(c.raw, r.term...)
		c.english = c.english && r.english
		c.initials = c.initials && single
		if !isApostrophe(c.sign) || string(r.term) != "s" { // which is a possessive
			c.term = compoundTerm(c.raw, c.english)
			r.others = append(r.others, c.term)
		}
	}
	c.next = 0
	c.spaced = false
	if r.last.kind == joined && (isHyphen(sign) || isApostrophe(sign) || sign == '.') {
		c.next, c.sign = r.at+size, sign
		if sign == '.' && r.letters == 1 && strings.HasPrefix(r.text[c.next:], " ") {
			c.next++
			c.spaced = true
		}
	}
	if !follows && c.next > 0 {
		c.raw = append(c.raw[:0], r.term...)
		c.first = r.start
		c.english = r.english
		c.initials = single
	}
}

// compoundTerm returns the term of words written as one.
func compoundTerm(raw []byte, english bool) string {
	term := slices.Clone(raw)
	if english {
		term = stem(term)
	}
	return string(term)
}

// apart returns the other terms of the word, but for that which it makes with the words before it.
func (r *wordReader) apart() []string {
	if r.compound.term == "" {
		return r.others
	}
	return r.others[1:]
}

func isHyphen(c rune) bool { return c == '-' || c == '‐' || c == '‑' || c == '–' }

// isApostrophe reports whether c is one of the signs that are written as an apostrophe.
func isApostrophe(c rune) bool {
	return strings.ContainsRune("'’‘‛`´", c) || isLetterApostrophe(c)
}
