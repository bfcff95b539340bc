package richtext

import (
	"html"
	"strings"
)

// maxCost is how many small steps a source may make the Markdown parser take, about a second's
// worth. A long report with hundreds of links, footnotes and table rows needs less than a tenth of
// it.
const maxCost = 500_000_000

// tooComplex reports whether the Markdown parser could take very long over a source, or produce
// very much from it. Its work grows with the square of some things that no real text has many of.
// Each is estimated in one pass, rather too high than too low.
func tooComplex(source string) bool {
	var m costMeter
	for line := range strings.Lines(source) {
		m.line(line)
	}
	m.endParagraph()
	notes := strings.Count(source, "[^")
	// Each reference is compared with all footnotes, each line is tried in all open blocks, and
	// each use of a link reference is written out.
	m.cost += notes * notes
	m.cost += 5 * m.depth * m.depth * m.lines
	m.cost += 10 * m.longestReference * strings.Count(source, "[")
	return m.cost > maxCost
}

// costMeter adds up what the lines of a source may cost.
type costMeter struct {
	cost, lines, depth, longestReference int

	paragraph paragraphCost
}

// paragraphCost counts what the current paragraph has: bytes, lines, delimiters of inline markup,
// columns of a table, and bytes of a link reference definition.
type paragraphCost struct {
	length, rows, delimiters, columns, reference int
}

func (m *costMeter) line(s string) {
	p := &m.paragraph
	m.lines++
	if strings.TrimSpace(s) == "" {
		m.endParagraph()
		return
	}
	m.depth = min(max(m.depth, depth(s)), 1<<15)
	p.length += len(s)
	p.rows++
	for i := range len(s) {
		switch s[i] {
		case '[', '*', '_', '<', '`', '~':
			p.delimiters++
		}
	}
	if strings.Trim(s, "|:->+* \t\r\n0123456789.)") == "" {
		p.columns = max(p.columns, strings.Count(s, "|"))
	}
	if strings.Contains(s, "]:") {
		p.reference = len(s)
	} else if p.reference > 0 {
		p.reference += len(s)
	}
	m.longestReference = max(m.longestReference, p.reference)
}

func (m *costMeter) endParagraph() {
	p := &m.paragraph
	m.cost += p.delimiters * p.length   // each delimiter looks for its counterpart
	m.cost += 1000 * p.columns * p.rows // rows are padded to the width of the table
	*p = paragraphCost{}
}

// depth returns how many lists and quotations a line may be in: the markers it begins with, and its
// indentation.
func depth(line string) int {
	n, indent := 0, 0
	for i := range len(line) {
		switch line[i] {
		case '>':
			n++
		case '-', '+', '*', '.', ')':
			if strings.HasPrefix(line[i+1:], " ") || strings.HasPrefix(line[i+1:], "\t") {
				n++
			}
		case ' ':
			indent++
		case '\t':
			indent += 4
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		default:
			return n + indent/2
		}
	}
	return n + indent/2
}

// escapedParagraphs returns HTML paragraphs that show a source as it was typed.
func escapedParagraphs(source string) string {
	var b strings.Builder
	for p := range strings.SplitSeq(source, "\n\n") {
		if strings.TrimSpace(p) == "" {
			continue
		}
		b.WriteString("<p>" + html.EscapeString(p) + "</p>\n")
	}
	return b.String()
}
