// Package search knows how a text becomes words that can be found, how a question in plain words is read, how well a
// text answers it, and how the answer is shown. It never knows SQL, HTTP or what an article is.
//
// Everything is reduced to terms: strings of nothing but letters, digits and marks, folded, at most 64 bytes long. A
// database that splits a stream of terms at its spaces and compares bytes finds in it what this package means.
package search

import (
	"iter"
	"slices"
	"strings"
)

// Barrier stands in a stream where no phrase may reach across. It is never part of a term.
const Barrier = "\u241e"

// Word is a word of a text.
type Word struct {
	Start, End int      // where it stands in the text, in bytes
	Forms      []string // the terms it can be found by, never none; the first is the plain one, the last the barest
	Others     []string // terms that it is also found by, but only outside of phrases
}

// Terms returns all terms the word can be found by.
func (w Word) Terms() []string { return slices.Concat(w.Forms, w.Others) }

// Words are the words of a text, in order. A word is a run of letters, digits and marks; in scripts that are written
// without spaces every letter is one, with its marks. Case, accents and the kind of digits are folded away, and so is an
// English plural. An Arabic word has the forms that it may have without the little words written as its beginning. Two
// words are the same to a search if they have a form in common.
func Words(s string) iter.Seq[Word] {
	return func(yield func(Word) bool) {
		r := reader{text: s}
		for r.next() {
			if !yield(Word{Start: r.start, End: r.end, Forms: r.forms(), Others: r.others}) {
				return
			}
		}
	}
}

// Stream is the words of a text as an index takes them: the plain forms in order, with single spaces between them. Where
// words have other forms, a Barrier and the barest forms of all words in order follow, and then, each behind a Barrier,
// the forms between these and the other terms of words. Where no word has other forms but some have other terms, a second
// Barrier stands in place of the barest forms. It is "" for a text without words.
func Stream(s string) string {
	var plain, barest, middle strings.Builder
	r := reader{text: s}
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
