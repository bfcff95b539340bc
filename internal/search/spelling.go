package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// spelling is a word of a query with what is needed to write it otherwise.
type spelling struct {
	Term
	raw   string // the whole word folded, but not stemmed
	start int    // where it begins in the query

	// joined is the term that it makes with the words before it, from where first is; "" if none.
	joined string
	first  int

	dotted bool // a full stop is behind it
}

// readSpellings reads the words of a clause. An asterisk after the last has a meaning if it follows
// at least so many letters.
func readSpellings(s string, least int) []spelling {
	var words []spelling
	r := wordReader{text: s}
	last := r
	for r.next() {
		raw := wordReader{text: s[r.start:r.end], unstemmed: true}
		raw.next()
		words = append(words, spelling{
			Term:   Term{Forms: r.forms(), Others: r.apart()},
			raw:    string(truncate(raw.term)),
			start:  r.start,
			joined: r.compound.term,
			first:  r.compound.first,
			dotted: strings.HasPrefix(s[r.end:], "."),
		})
		last.at = r.start
		last.start = r.start
		last.end = r.end
	}
	if len(words) == 0 || !strings.HasPrefix(s[last.end:], "*") {
		return words
	}
	last.unstemmed = true
	last.next()
	if last.last.kind == single || last.letters >= least {
		words[len(words)-1].Term = Term{Forms: last.prefixes(), Prefix: true}
	}
	return words
}

// maxInstead is how many other ways of writing a clause are searched for.
const maxInstead = 8

// newClause returns the clause of words that follow each other.
func newClause(words []spelling) Clause {
	var c Clause
	for _, w := range words {
		c.Words = append(c.Words, w.Term)
	}
	for i := range words {
		if from := joinedFrom(words, i); from >= 0 {
			one := Term{Forms: []string{words[i].joined}, Prefix: words[i].Prefix}
			c.replace(from, i+1, one)
		} else if i > 0 {
			if one, ok := words[i-1].with(words[i]); ok {
				c.replace(i-1, i+1, one)
			}
		}
		if parts := words[i].apart(); parts != nil {
			c.replace(i, i+1, parts...)
		}
	}
	return c
}

// replace adds the clause with some of its words replaced by others, up to a bound.
func (c *Clause) replace(from, to int, by ...Term) {
	if len(c.Instead) < maxInstead {
		c.Instead = append(c.Instead, slices.Concat(c.Words[:from], by, c.Words[to:]))
	}
}

// joinedFrom returns where the words begin that hyphens and the like join up to the one at i, if
// the next is not joined to them as well; -1 if it is or there are none.
func joinedFrom(words []spelling, i int) int {
	if words[i].joined == "" ||
		i+1 < len(words) && words[i+1].joined != "" && words[i+1].first == words[i].first {
		return -1
	}
	return slices.IndexFunc(words, func(w spelling) bool { return w.start == words[i].first })
}

// with returns the word that two words may be written as: covid 19 as covid19, عبد الله as عبدالله.
func (w spelling) with(next spelling) (Term, bool) {
	before, isAbd := strings.CutSuffix(w.raw, abd)
	name := isAbd && isProclitic(before) && strings.HasPrefix(next.raw, "ال")
	number := isNumber(next.raw) && isNumbered(w.raw)
	initials := w.dotted && next.dotted && len(w.raw) == 1 && len(next.raw) == 1
	if !number && !initials && (!name || next.Prefix) {
		return Term{}, false
	}
	r := wordReader{text: w.raw + next.raw}
	if !r.next() || r.at < len(r.text) {
		return Term{}, false
	}
	return Term{Forms: r.forms(), Prefix: next.Prefix}, true
}

// apart returns the words that a word may be written as, the other way round; nil if it may not.
func (w spelling) apart() []Term {
	letters := strings.TrimRight(w.raw, "0123456789")
	if number := w.raw[len(letters):]; number != "" && isNumbered(letters) {
		return []Term{readTerm(letters), {Forms: []string{number}, Prefix: w.Prefix}}
	}
	before, name, isName := strings.Cut(w.raw, abd+"ال")
	if !isName || w.Prefix || utf8.RuneCountInString(name) < 2 || !isProclitic(before) {
		return nil
	}
	return []Term{readTerm(before + abd), readTerm("ال" + name)}
}

// isProclitic reports whether a beginning of a word is a proclitic or nothing.
func isProclitic(s string) bool { return s == "" || slices.Contains(proclitics, s) }

// readTerm returns the word that a folded text is.
func readTerm(s string) Term {
	r := wordReader{text: s}
	r.next()
	return Term{Forms: r.forms()}
}

// isNumber reports whether a folded word has nothing but digits.
func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// isNumbered reports whether a folded word is one that a number may be written to: it has two
// letters at least and no digits.
func isNumbered(s string) bool {
	return utf8.RuneCountInString(s) > 1 && !strings.ContainsAny(s, "0123456789")
}

// joinClauses lets each of two clauses of a word be found where both are written as one.
func joinClauses(clauses []Clause, one Term) {
	for i := range clauses {
		t := &clauses[i].Words[0]
		for _, form := range one.Forms {
			if !slices.Contains(t.Terms(), form) {
				t.Others = append(t.Others[:len(t.Others):len(t.Others)], form)
			}
		}
	}
}
