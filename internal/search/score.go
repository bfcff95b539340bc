package search

import "strings"

// Field is a part of a text, as a Stream, and the weight of a match in it.
type Field struct {
	Stream string
	Weight int
}

// What a weight is multiplied by. All are whole numbers, so that equal texts score alike
// everywhere.
const (
	plainPart  = 8 // for a word as it was asked for, and for a clause that only the body can have
	otherPart  = 6 // for another form of it
	repeatPart = 1 // for every time it is there once more
	phrasePart = 8 // for all clauses next to each other, in their order
	wholePart  = 8 // for a field that has nothing else
	maxRepeats = 3 // how often a clause counts in a field
)

// formKind says which forms of words a sequence of them is searched for by.
type formKind bool

const (
	plain  formKind = false
	barest formKind = true
)

func (t Term) form(w formKind) string {
	if w == barest {
		return t.Forms[len(t.Forms)-1]
	}
	return t.Forms[0]
}

// Score returns how well a text matches a query, by those of its fields that are given: the more,
// the better. Every clause of Want adds the weights of the fields that have it, and the weight 1 if
// none has. Words in the form of the query, repeated words, clauses next to each other and fields
// that are nothing but the query add to that. A score can only be compared with others for the same
// query, and ignores how rare a word is.
func (q Query) Score(fields []Field) int {
	if len(q.Want) == 0 {
		return 0
	}
	score := 0
	var lack uint64 // the fields, by their bits, that lack a clause
	for i := range q.Want {
		found := 0
		for j, f := range fields {
			parts := q.Want[i].parts(f.Stream)
			if parts == 0 {
				lack |= 1 << j
			}
			found += f.Weight * parts
		}
		if found == 0 {
			found = plainPart
		}
		score += found
	}
	for j, f := range fields {
		if lack>>j&1 == 0 {
			score += f.Weight * sequenceBonus(f.Stream, q.Want)
		}
	}
	return score
}

// parts returns what the clause adds for a field, in parts of its weight.
func (c *Clause) parts(stream string) int {
	if stream == "" || len(c.Words) == 0 {
		return 0
	}
	one := [1]Clause{*c}
	first := section(stream, plain)
	if n := count(first, one[:], plain); n > 0 {
		return plainPart + (n-1)*repeatPart
	}
	for _, tag := range c.Tags {
		if at, _ := findTerm(first, 0, tag, false); at >= 0 {
			return plainPart
		}
	}
	if n := max(count(stream[len(first):], one[:], plain), c.otherForms(stream)); n > 0 {
		return otherPart + (n-1)*repeatPart
	}
	return 0
}

// otherForms returns how often the clause is in a stream in other forms than the plain one, at most
// maxRepeats.
func (c *Clause) otherForms(stream string) int {
	one := [1]Clause{*c}
	switch {
	case haveOneForm(one[:]):
		return 0
	case len(c.Words) > 1:
		if n := count(stream, one[:], barest); n > 0 {
			return n
		}
		return c.mixedIn(stream)
	}
	n, t := 0, &c.Words[0]
	for i := 1; i < len(t.Forms)+len(t.Others); i++ {
		form, times := t.term(i), 0
		at, end := findTerm(stream, 0, form, t.Prefix)
		for at >= 0 && times < maxRepeats {
			times++
			at, end = findTerm(stream, end, form, t.Prefix)
		}
		n = max(n, times)
	}
	if n == 0 && len(c.Instead) > 0 {
		return c.mixedIn(stream)
	}
	return n
}

// mixedIn returns 1 if the clause is in a stream with its words in different forms, or in other
// words, else 0.
func (c *Clause) mixedIn(stream string) int {
	for _, way := range c.Phrases()[1:] {
		if at, _ := findTerm(stream, 0, strings.Join(way, " "), c.isOpen()); at >= 0 {
			return 1
		}
	}
	return 0
}

// sequenceBonus returns what is added for all clauses at once, in parts of the field's weight.
func sequenceBonus(stream string, clauses []Clause) int {
	parts := 0
	for _, of := range [...]formKind{plain, barest} {
		words := section(stream, of)
		for _, w := range [...]formKind{plain, barest} {
			at, end := findSequence(words, 0, clauses, w)
			switch {
			case at == 0 && end == len(words):
				return phrasePart*min(len(clauses)-1, 1) + wholePart
			case at >= 0 && len(clauses) > 1:
				parts = phrasePart
			}
			if w == plain && haveOneForm(clauses) {
				break
			}
		}
		if len(words) == len(stream) {
			break
		}
	}
	return parts
}

// haveOneForm reports whether no word of clauses has more than one form.
func haveOneForm(clauses []Clause) bool {
	for i := range clauses {
		for j := range clauses[i].Words {
			if t := clauses[i].Words[j]; len(t.Forms)+len(t.Others) > 1 {
				return false
			}
		}
		if len(clauses[i].Instead) > 0 {
			return false
		}
	}
	return true
}

// section returns the forms of one kind of all words of a stream.
func section(stream string, w formKind) string {
	at := strings.Index(stream, " "+Barrier)
	if at < 0 {
		return stream
	}
	if w == plain {
		return stream[:at]
	}
	rest := stream[at+len(" "+Barrier+" "):]
	if strings.HasPrefix(rest, Barrier) { // no word has another form
		return stream[:at]
	}
	if at := strings.Index(rest, " "+Barrier); at >= 0 {
		return rest[:at]
	}
	return rest
}

// count returns how often the words of clauses follow each other in a stream, at most maxRepeats.
func count(stream string, clauses []Clause, w formKind) int {
	n := 0
	at, end := findSequence(stream, 0, clauses, w)
	for at >= 0 && n < maxRepeats {
		n++
		at, end = findSequence(stream, end, clauses, w)
	}
	return n
}

// findSequence returns where, from an offset of a stream on, the words of clauses next follow each
// other; -1 if they do not.
func findSequence(stream string, from int, clauses []Clause, w formKind) (at, end int) {
	first := &clauses[0].Words[0]
	open := first.Prefix
	for {
		at, end = findTerm(stream, from, first.form(w), open)
		if at < 0 {
			return -1, -1
		}
		if last := matchFrom(stream, end, clauses, w); last >= 0 {
			return at, last
		}
		from = end
	}
}

// matchFrom returns where the words of clauses but the first end, if they follow at end; -1 if they
// do not.
func matchFrom(stream string, end int, clauses []Clause, w formKind) int {
	for i := range clauses {
		words := clauses[i].Words
		if i == 0 {
			words = words[1:]
		}
		for j := range words {
			form := words[j].form(w)
			if !strings.HasPrefix(stream[end:], " ") || !strings.HasPrefix(stream[end+1:], form) {
				return -1
			}
			next := tokenEnd(stream, end+1+len(form))
			if !words[j].Prefix && next > end+1+len(form) {
				return -1
			}
			end = next
		}
	}
	return end
}

// findTerm returns where, from an offset of a stream on, the next term is that equals the given one
// or, if open, begins with it; -1 if there is none.
func findTerm(stream string, from int, term string, open bool) (at, end int) {
	for from < len(stream) {
		at = strings.Index(stream[from:], term)
		if at < 0 {
			break
		}
		at += from
		end = at + len(term)
		begins := at == 0 || stream[at-1] == ' '
		if begins && !open && (end == len(stream) || stream[end] == ' ') {
			return at, end
		}
		end = tokenEnd(stream, end)
		if begins && open {
			return at, end
		}
		from = end
	}
	return -1, -1
}

// tokenEnd returns where the term at an offset of a stream ends.
func tokenEnd(stream string, at int) int {
	if n := strings.IndexByte(stream[at:], ' '); n >= 0 {
		return at + n
	}
	return len(stream)
}
