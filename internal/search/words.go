// Package search knows how a text becomes words that can be found, how a query in plain words is
// parsed, how well a text matches it, and how a match is shown. It never knows SQL, HTTP or what an
// article is.
//
// Everything is reduced to terms: strings of letters, digits and marks only, folded, at most 64
// bytes long. A database that splits a stream of terms at its spaces and compares bytes finds in it
// what this package means.
package search

import (
	"iter"
	"slices"
	"strings"
)

// Barrier is in a stream where no phrase may continue. It is never part of a term.
const Barrier = "\u241e"

// Word is a word of a text.
type Word struct {
	Start, End int // where it is in the text, in bytes

	// Forms are the terms it can be found by, at least one: the plain one first, the barest last.
	Forms  []string
	Others []string // terms that it is also found by, but only outside of phrases
}

// Terms returns all terms the word can be found by.
func (w Word) Terms() []string { return slices.Concat(w.Forms, w.Others) }

// Words returns the words of a text, in order. A word is a run of letters, digits and marks; in
// scripts without spaces every letter is one, with its marks. Case, accents, the kind of digits and
// English plurals are folded. An Arabic word also has the forms without the proclitics it may begin
// with. Two words are the same to a search if they have a term in common.
func Words(s string) iter.Seq[Word] {
	return func(yield func(Word) bool) {
		r := wordReader{text: s}
		for r.next() {
			if !yield(Word{Start: r.start, End: r.end, Forms: r.forms(), Others: r.others}) {
				return
			}
		}
	}
}

// Stream returns the words of a text as an index stores them: the plain forms in order, with single
// spaces between them. If words have other forms, a Barrier and the barest forms of all words
// follow, and then, each after a Barrier, the forms between these and the other terms. If no word
// has other forms but some have other terms, a second Barrier replaces the barest forms. It is ""
// for a text without words.
func Stream(s string) string {
	var plain, barest, middle strings.Builder
	r := wordReader{text: s}
	several := false
	plain.Grow(len(s))
	for r.next() {
		if !several && r.count > 1 {
			several = true
			if plain.Len() > 0 { // so far the barest forms are the plain ones
				barest.WriteString(" " + plain.String())
			}
		}
		if plain.Len() > 0 {
			plain.WriteByte(' ')
		}
		plain.Write(r.form(0))
		if several {
			barest.WriteByte(' ')
			barest.Write(r.form(r.count - 1))
		}
		for i := 1; i < r.count-1; i++ {
			middle.WriteString(" " + Barrier + " ")
			middle.Write(r.form(i))
		}
		for _, term := range r.others {
			middle.WriteString(" " + Barrier + " " + term)
		}
	}
	if several || middle.Len() > 0 {
		plain.WriteString(" " + Barrier + barest.String() + middle.String())
	}
	return plain.String()
}
