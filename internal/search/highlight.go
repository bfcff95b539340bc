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

// Highlight shows where a text matches a query, as HTML in which mark is the only element. The
// title is whole. The snippet is the part of body, or of summary if that has as much, in which the
// most clauses of Want are closest together, or else the beginning of the text: at most 200
// letters, cut between words, with "…" where something was left out and white space collapsed.
func (q Query) Highlight(title, summary, body string) (markedTitle, snippet string) {
	m := newMatcher(q.Want)
	var b strings.Builder
	writeMarked(&b, title, m.hits(title), func(s string) string { return s })
	shown := m.densest(summary, len(q.Want))
	if full := m.densest(body, len(q.Want)); full.clauses > shown.clauses ||
		strings.TrimSpace(summary) == "" {
		shown = full
	}
	return b.String(), shown.snippet()
}

// position is an offset in a text.
type position struct{ bytes, runes int }

// hit is a place where a clause matches.
type hit struct {
	start, end position
	clause     int
}

// excerpt is the part of a text where the most clauses are closest together.
type excerpt struct {
	text       string
	start, end int // in bytes
	clauses    int // how many stand there
	finder     *matcher
}

// densest returns the shortest part of a text with hits of the most clauses, the first of several.
// It fits into a snippet unless there is only one hit in it.
func (m *matcher) densest(text string, clauses int) excerpt {
	best := excerpt{text: text, finder: m}
	shortest, distinct := 0, 0
	counts := make([]int, clauses)
	var near []hit // the hits of the part that is looked at, from left on
	left := 0
	m.find(text, func(h hit) {
		near = append(near, h)
		if counts[h.clause]++; counts[h.clause] == 1 {
			distinct++
		}
		for left < len(near)-1 && (counts[near[left].clause] > 1 ||
			h.end.runes-near[left].start.runes > snippetLength) {
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
			best.start = near[left].start.bytes
			best.end = h.end.bytes
			best.clauses = distinct
			shortest = length
		}
	})
	return best
}

// snippet returns the excerpt with the text around it.
func (s excerpt) snippet() string {
	length := utf8.RuneCountInString(s.text[s.start:s.end])
	start := s.snippetStart(s.start, min(snippetLead, max(snippetLength-length, 0)))
	end := s.snippetEnd(start, length)
	if end == len(s.text) { // what is not needed behind is shown before
		start = min(start, s.snippetStart(end, snippetLength))
	}
	end = start + len(strings.TrimRightFunc(s.text[start:end], unicode.IsSpace))
	start = end - len(strings.TrimLeftFunc(s.text[start:end], unicode.IsSpace))
	hits := s.finder.hits(s.text[start:max(end, s.end)])
	var b strings.Builder
	if strings.TrimSpace(s.text[:start]) != "" {
		b.WriteString("…")
	}
	writeMarked(&b, s.text[start:end], hits, collapse)
	if strings.TrimSpace(s.text[end:]) != "" {
		b.WriteString("…")
	}
	return b.String()
}

// snippetStart returns where a snippet begins that shows up to so many runes before point.
func (s excerpt) snippetStart(point, runes int) int {
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
		if s.canCut(at) {
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

// snippetEnd returns where a snippet ends that begins at point and should show the excerpt, which
// is length runes long.
func (s excerpt) snippetEnd(point, length int) int {
	to := point
	runes := snippetLength
	spaces := false
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
		if s.canCut(at) {
			if c, _ := utf8.DecodeRuneInString(s.text[at:]); unicode.IsSpace(c) {
				return at
			}
			cut = max(cut, at)
		}
		_, size := utf8.DecodeLastRuneInString(s.text[:at])
		at -= size
	}
	if cut == point { // one word, longer than a snippet
		return s.cutInside(point, to)
	}
	return cut
}

// cutInside returns a place between start and point where a word may be cut if it must be: not
// before a mark.
func (s excerpt) cutInside(start, point int) int {
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

// canCut reports whether a text may be cut at a place: not within a word or what is shown as one
// sign.
func (s excerpt) canCut(at int) bool {
	a, _ := utf8.DecodeLastRuneInString(s.text[:at])
	b, _ := utf8.DecodeRuneInString(s.text[at:])
	before, behind := s.finder.words.letter(a).kind, s.finder.words.letter(b).kind
	switch {
	case behind == mark, behind == hidden, isSkinTone(b), isFlagLetter(a) && isFlagLetter(b):
		return false
	case unicode.IsSpace(a), unicode.IsSpace(b):
		return true
	case before == hidden:
		return false
	}
	return behind != joined || before != joined && before != mark
}

// isSkinTone reports whether c changes the colour of the emoji before it.
func isSkinTone(c rune) bool { return c >= 0x1f3fb && c <= 0x1f3ff }

// isFlagLetter reports whether c is one of the two letters that make a flag.
func isFlagLetter(c rune) bool { return c >= 0x1f1e6 && c <= 0x1f1ff }

// writeMarked writes a text with its hits marked.
func writeMarked(b *strings.Builder, text string, hits []hit, edit func(string) string) {
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

// marks returns the hits up to some point of their text, in order, merged where they overlap.
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

// collapse replaces every run of white space with one space.
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
