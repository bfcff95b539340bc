package richtext

import (
	"html"
	"strings"
)

// maxEffort is how many small steps a source may make the Markdown reader take: about a second's worth. A long report
// with hundreds of links, notes and table rows needs less than a tenth of it.
const maxEffort = 500_000_000

// tangled tells whether the Markdown reader could take very long over a source, or make very much of it. Its work grows
// with the square of some things that no text has many of; each is estimated here in one pass, rather too high than
// too low.
func tangled(source string) bool {
	var m meter
	for line := range strings.Lines(source) {
		m.line(line)
	}
	m.endParagraph()
	notes := strings.Count(source, "[^")
	m.effort += notes * notes                                        // each mention is looked up among all notes
	m.effort += 5 * m.depth * m.depth * m.lines                      // each line is offered to all it may belong to
	m.effort += 10 * m.longestReference * strings.Count(source, "[") // each mention is spelled out
	return m.effort > maxEffort
}

// meter adds up the effort that the lines of a source may cost.
type meter struct {
	effort, lines, depth, longestReference int

	// of the present paragraph
	length, rows, signs, columns, reference int
}

func (m *meter) line(s string) {
	m.lines++
	if strings.TrimSpace(s) == "" {
		m.endParagraph()
		return
	}
	m.depth = min(max(m.depth, depth(s)), 1<<15)
	m.length += len(s)
	m.rows++
	for i := range len(s) {
		switch s[i] {
		case '[', '*', '_', '<', '`', '~':
			m.signs++
		}
	}
	if strings.Trim(s, "|:->+* \t\r\n0123456789.)") == "" {
		m.columns = max(m.columns, strings.Count(s, "|"))
	}
	if strings.Contains(s, "]:") {
		m.reference = len(s)
	} else if m.reference > 0 {
		m.reference += len(s)
	}
	m.longestReference = max(m.longestReference, m.reference)
}

func (m *meter) endParagraph() {
	m.effort += m.signs * m.length        // each sign looks for its other half
	m.effort += 1000 * m.columns * m.rows // a table's rows are filled up to its width
	m.length, m.rows, m.signs, m.columns, m.reference = 0, 0, 0, 0, 0
}

// depth is how many lists and quotations a line may stand in: the marks it begins with, and its indentation.
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

// plain is a source as HTML paragraphs that show it letter by letter.
func plain(source string) string {
	var b strings.Builder
	for p := range strings.SplitSeq(source, "\n\n") {
		if strings.TrimSpace(p) == "" {
			continue
		}
		b.WriteString("<p>" + html.EscapeString(p) + "</p>\n")
	}
	return b.String()
}
