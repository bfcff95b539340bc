package search

import (
	"math/bits"
	"slices"
	"unicode/utf8"
)

// bitset is a set of small numbers, one bit each.
type bitset []uint64

func (s bitset) add(i int) { s[i/64] |= 1 << (i % 64) }

// matcher finds all clauses of a query in one pass over a text. The words of the clauses are
// numbered; after every word of the text, a set has those at which a clause may have arrived.
type matcher struct {
	words   wordReader // whose memory of letters serves all texts
	size    int        // how many uint64 a set has
	exact   map[string]bitset
	open    map[string]bitset // of words that may go on
	lengths []int             // of the keys of open, in bytes, ascending
	first   bitset            // the words that a clause begins with
	last    bitset            // those that one ends with
	clause  []int             // which clause a word belongs to
	before  []int             // how many words of the clause stand before it
	longest int               // how many words the longest clause has
}

func newMatcher(clauses []Clause) *matcher {
	n := 0
	for _, c := range clauses {
		n += len(c.Words)
		for _, words := range c.Instead {
			n += len(words)
		}
	}
	m := &matcher{size: (n + 63) / 64, exact: map[string]bitset{}, open: map[string]bitset{}}
	m.first, m.last = make(bitset, m.size), make(bitset, m.size)
	for i, c := range clauses {
		m.addSequence(i, c.Words)
		for _, words := range c.Instead {
			m.addSequence(i, words)
		}
	}
	for form := range m.open {
		if !slices.Contains(m.lengths, len(form)) {
			m.lengths = append(m.lengths, len(form))
		}
	}
	slices.Sort(m.lengths)
	return m
}

// addSequence numbers words by which a clause is found.
func (m *matcher) addSequence(clause int, words []Term) {
	m.longest = max(m.longest, len(words))
	for i, t := range words {
		word := len(m.clause)
		m.clause, m.before = append(m.clause, clause), append(m.before, i)
		if i == 0 {
			m.first.add(word)
		}
		if i == len(words)-1 {
			m.last.add(word)
		}
		m.addForms(t, word)
	}
}

// addForms records the forms by which a word of the query is found.
func (m *matcher) addForms(t Term, word int) {
	forms := m.exact
	if t.Prefix {
		forms = m.open
	}
	for _, form := range t.Terms() {
		if forms[form] == nil {
			forms[form] = make(bitset, m.size)
		}
		forms[form].add(word)
	}
}

// matchWord puts the words of the query that the current word of the text matches into the set, and
// reports whether there are any.
func (m *matcher) matchWord(met bitset) bool {
	clear(met)
	any := false
	join := func(s bitset) {
		any = any || s != nil
		for i := range s {
			met[i] |= s[i]
		}
	}
	for i := range m.words.count + len(m.words.others) {
		var form []byte
		if i < m.words.count {
			form = m.words.form(i)
		} else {
			form = []byte(m.words.others[i-m.words.count])
		}
		join(m.exact[string(form)])
		for _, n := range m.lengths {
			if n > len(form) {
				break
			}
			join(m.open[string(form[:n])])
		}
	}
	return any
}

// find reports the clauses in a text, in the order in which they end.
func (m *matcher) find(text string, report func(hit)) {
	m.words.text, m.words.at = text, 0
	met, state := make(bitset, m.size), make(bitset, m.size)
	starts := make([]position, m.longest) // of the last words, round and round
	at := position{}
	for word := 0; m.longest > 0 && m.words.next(); word++ {
		at.runes += utf8.RuneCountInString(text[at.bytes:m.words.start])
		at.bytes = m.words.start
		starts[word%m.longest] = at
		if !m.matchWord(met) {
			clear(state)
			continue
		}
		m.advance(state, met)
		end := position{m.words.end, at.runes + utf8.RuneCountInString(text[at.bytes:m.words.end])}
		for i := range state {
			for ends := state[i] & m.last[i]; ends != 0; ends &= ends - 1 {
				asked := i*64 + bits.TrailingZeros64(ends)
				report(hit{starts[(word-m.before[asked])%m.longest], end, m.clause[asked]})
			}
		}
	}
}

// hits returns the clauses in a text, in the order in which they end.
func (m *matcher) hits(text string) []hit {
	var hits []hit
	m.find(text, func(h hit) { hits = append(hits, h) })
	return hits
}

// advance moves from every word of a clause to the next, if the text has it.
func (m *matcher) advance(state, met bitset) {
	var carry uint64
	for i := range state {
		carried := state[i] >> 63
		state[i] = (state[i]<<1 | carry | m.first[i]) & met[i]
		carry = carried
	}
}
