package search

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How much a snippet shows, in runes.
const (
	snippetLength = 200 // at most, apart from the marks and "…"
	snippetLead   = 60  // before what was found
	snippetSpare  = 30  // given up to cut at a space rather than between two words without one
)

// Highlight shows where a text answers a question, as HTML in which nothing but <mark> is an element. The title is
// whole; the snippet is the part of body, or of summary if that has as much, in which the most clauses of Want stand
// closest together, or else the beginning of the text: 200 letters at most, cut between words, with "…" where
// something was left out and white space collapsed.
func (q Query) Highlight(title, summary, body string) (markedTitle, snippet string) {
	m := newMatcher(q.Want)
	var b strings.Builder
	write(&b, title, m.all(title), func(s string) string { return s })
	shown := m.densest(summary, len(q.Want))
	if full := m.densest(body, len(q.Want)); full.clauses > shown.clauses || strings.TrimSpace(summary) == "" {
		shown = full
	}
	return b.String(), shown.snippet()
}

// point is a place in a text.
type point struct{ bytes, runes int }

// hit is a place where a clause stands.
type hit struct {
	start, end point
	clause     int
}

// sight is the part of a text where the most clauses stand closest together.
type sight struct {
	text       string
	start, end int // in bytes
	clauses    int // how many stand there
	finder     *matcher
}

// densest is the shortest part of a text that has hits of the most of so many clauses, the first of several. It fits
// into a snippet unless there is but one hit in it.
func (m *matcher) densest(text string, clauses int) sight {
	best := sight{text: text, finder: m}
	shortest, distinct := 0, 0
	counts := make([]int, clauses)
	var near []hit // the hits of the part that is looked at, from left on
	left := 0
	m.find(text, func(h hit) {
		near = append(near, h)
		if counts[h.clause]++; counts[h.clause] == 1 {
			distinct++
		}
		for left < len(near)-1 && (counts[near[left].clause] > 1 || h.end.runes-near[left].start.runes > snippetLength) {
			if counts[near[left].clause]--; counts[near[left].clause] == 0 {
				distinct--
			}
			left++
		}
		if left > len(near)/2 && left > snippetLength {
			near, left = append(near[:0], near[left:]...), 0
		}
		length := h.end.runes - near[left].start.runes
		if distinct > best.clauses || distinct == best.clauses && length < shortest {
			best.start, best.end, best.clauses, shortest = near[left].start.bytes, h.end.bytes, distinct, length
		}
	})
	return best
}

// snippet shows what was found and what stands around it.
func (s sight) snippet() string {
	length := utf8.RuneCountInString(s.text[s.start:s.end])
	start := s.beginning(s.start, min(snippetLead, max(snippetLength-length, 0)))
	end := s.ending(start, length)
	if end == len(s.text) { // what is not needed behind is shown before
		start = min(start, s.beginning(end, snippetLength))
	}
	end = start + len(strings.TrimRightFunc(s.text[start:end], unicode.IsSpace))
	start = end - len(strings.TrimLeftFunc(s.text[start:end], unicode.IsSpace))
	hits := s.finder.all(s.text[start:max(end, s.end)])
	var b strings.Builder
	if strings.TrimSpace(s.text[:start]) != "" {
		b.WriteString("…")
	}
	write(&b, s.text[start:end], hits, collapse)
	if strings.TrimSpace(s.text[end:]) != "" {
		b.WriteString("…")
	}
	return b.String()
}

// beginning is where a snippet begins that shows up to so many runes before a point.
func (s sight) beginning(point, runes int) int {
	from, spaces := point, false
	for from > 0 {
		c, size := utf8.DecodeLastRuneInString(s.text[:from])
		if space := unicode.IsSpace(c); !space || !spaces {
			if runes == 0 {
				break
			}
			runes--
			spaces = space
		}
		from -= size
	}
	if from == 0 {
		return 0
	}
	cut := point
	for at, seen := from, 0; at < point && (seen < snippetSpare || cut == point); seen++ {
		if s.divides(at) {
			if c, _ := utf8.DecodeLastRuneInString(s.text[:at]); unicode.IsSpace(c) {
				return at
			}
			cut = min(cut, at)
		}
		_, size := utf8.DecodeRuneInString(s.text[at:])
		at += size
	}
	return cut
}

// ending is where a snippet ends that begins at a point and should show what was found, which is so many runes long.
func (s sight) ending(point, length int) int {
	to, runes, spaces := point, snippetLength, false
	for to < len(s.text) {
		c, size := utf8.DecodeRuneInString(s.text[to:])
		if space := unicode.IsSpace(c); !space || !spaces {
			if runes == 0 {
				break
			}
			runes--
			spaces = space
		}
		to += size
	}
	if to == len(s.text) {
		return to
	}
	least := s.end
	if length > snippetLength {
		least = point
	}
	cut := least
	for at, seen := to, 0; at > least && (seen < snippetSpare || cut == least); seen++ {
		if s.divides(at) {
			if c, _ := utf8.DecodeRuneInString(s.text[at:]); unicode.IsSpace(c) {
				return at
			}
			cut = max(cut, at)
		}
		_, size := utf8.DecodeLastRuneInString(s.text[:at])
		at -= size
	}
	if cut == point { // one word, longer than a snippet
		return s.inside(point, to)
	}
	return cut
}

// inside is a place up to a point, but behind start, where a word may be cut if need be: not before a mark.
func (s sight) inside(start, point int) int {
	for at := point; at > start; {
		c, _ := utf8.DecodeRuneInString(s.text[at:])
		if k := s.finder.words.letter(c).kind; k != mark && k != hidden {
			return at
		}
		_, size := utf8.DecodeLastRuneInString(s.text[:at])
		at -= size
	}
	return point
}

// divides tells whether a text may be cut at a place: not within a word or what is shown as one sign.
func (s sight) divides(at int) bool {
	a, _ := utf8.DecodeLastRuneInString(s.text[:at])
	b, _ := utf8.DecodeRuneInString(s.text[at:])
	before, behind := s.finder.words.letter(a).kind, s.finder.words.letter(b).kind
	switch {
	case behind == mark, behind == hidden, tone(b), flag(a) && flag(b):
		return false
	case unicode.IsSpace(a), unicode.IsSpace(b):
		return true
	case before == hidden:
		return false
	}
	return behind != joined || before != joined && before != mark
}

// tone tells whether c changes the colour of the emoji before it.
func tone(c rune) bool { return c >= 0x1f3fb && c <= 0x1f3ff }

// flag tells whether c is one of the two letters that make a flag.
func flag(c rune) bool { return c >= 0x1f1e6 && c <= 0x1f1ff }

// write shows a text with its hits marked.
func write(b *strings.Builder, text string, hits []hit, edit func(string) string) {
	at := 0
	for _, m := range marks(hits, len(text)) {
		b.WriteString(html.EscapeString(edit(text[at:m.start])))
		b.WriteString("<mark>" + html.EscapeString(edit(text[m.start:m.end])) + "</mark>")
		at = m.end
	}
	b.WriteString(html.EscapeString(edit(text[at:])))
}

// span is a part of a text, from one byte to before another.
type span struct{ start, end int }

// marks are hits up to some point of their text, in order, as one where they overlap.
func marks(hits []hit, end int) []span {
	var marks []span
	for _, h := range hits {
		m := span{h.start.bytes, min(h.end.bytes, end)}
		if m.start >= m.end {
			continue
		}
		for n := len(marks) - 1; n >= 0 && marks[n].end > m.start; n-- {
			m.start = min(m.start, marks[n].start)
			m.end = max(m.end, marks[n].end)
			marks = marks[:n]
		}
		marks = append(marks, m)
	}
	return marks
}

// collapse makes every run of white space a single space.
func collapse(s string) string {
	var b strings.Builder
	spaces := false
	for _, c := range s {
		space := unicode.IsSpace(c)
		switch {
		case !space:
			b.WriteRune(c)
		case !spaces:
			b.WriteByte(' ')
		}
		spaces = space
	}
	return b.String()
}
