package richtext

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

const (
	// maxDepth is how many elements may be open at once; what is nested deeper loses its tags.
	maxDepth = 100
	// tableDepth is how many elements a table needs before its first word.
	tableDepth = 4
	// space is all that HTML takes for white space.
	space = " \t\n\f\r"
)

// frame is an element that is open. A box is open too, but was not written.
type frame struct {
	name  string
	kind  kind
	ended bool // its end tag came while a block inside it was open, so it ends with that block
}

// shaper writes the tags it meets so that they nest as HTML demands: no block inside a line of text, no link inside a
// link, nothing in a table outside its cells. It asks for one pass and never goes back, so no text makes it slow.
type shaper struct {
	out     strings.Builder
	open    []frame
	dropped map[string]int // start tags left out, whose end tags must be left out too
	muted   bool           // the next text belongs to a script or its like
}

// shape is source with its elements well nested and known, its attributes known, its addresses tidied and all else
// but the text gone.
func shape(source string) string {
	s := shaper{dropped: map[string]int{}}
	s.out.Grow(len(source) + len(source)/8)
	for t := newTokens(source); ; {
		switch kind, said, attrs := t.next(); kind {
		case html.ErrorToken: // the end: strings are read without errors
			s.popTo(0)
			return s.out.String()
		case html.TextToken:
			if !s.muted {
				s.text(clean(said))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			s.muted = false
			s.start(said, attrs)
		case html.EndTagToken:
			s.muted = false
			s.end(said)
		}
	}
}

func (s *shaper) start(name string, attrs []html.Attribute) {
	name, k := classify(name)
	switch k {
	case mute:
		s.muted = true
	case box:
		s.box(name)
	case phrase:
		s.phrase(name, attrs)
	case void:
		s.enterLine()
		s.tag(name, attrs)
	case rule:
		s.enterBlock(name)
		s.tag(name, attrs)
	case block, line:
		if s.enterBlock(name) {
			s.push(name, k, attrs)
		}
	case part:
		s.part(name, attrs)
	case cell:
		s.cell(name, attrs)
	default:
		if name == "input" {
			s.checkbox(attrs)
		}
	}
}

// classify is the name an element has in a body, and its kind.
func classify(name string) (string, kind) {
	if k, ok := elements[name]; ok {
		return name, k
	}
	if better, ok := renamed[name]; ok {
		return better, elements[better]
	}
	return name, strangers[name]
}

// text writes words. White space may stand anywhere; words need a line to stand in.
func (s *shaper) text(t string) {
	if strings.Trim(t, space) != "" {
		s.enterLine()
	}
	s.out.WriteString(html.EscapeString(t))
}

// checkbox writes the box of a task list as a character: a body has no controls.
func (s *shaper) checkbox(attrs []html.Attribute) {
	is := func(key, value string) bool {
		return slices.ContainsFunc(attrs, func(a html.Attribute) bool {
			return a.Key == key && (value == "" || strings.EqualFold(a.Val, value))
		})
	}
	switch {
	case !is("type", "checkbox"):
	case is("checked", ""):
		s.text("☑")
	default:
		s.text("☐")
	}
}

// phrase opens an element within a line.
func (s *shaper) phrase(name string, attrs []html.Attribute) {
	if name == "a" {
		if i := s.last(func(f frame) bool { return f.name == "a" && f.kind == phrase }); i >= 0 {
			if s.last(func(f frame) bool { return f.kind != phrase }) > i {
				s.dropped["a"]++
				return
			}
			s.popTo(i)
		}
	}
	s.enterLine()
	if len(s.open) >= maxDepth {
		s.dropped[name]++
		return
	}
	s.push(name, phrase, attrs)
}

// box opens an element that is not written.
func (s *shaper) box(name string) {
	if s.enterBlock(name) {
		s.push(name, box, nil)
	}
}

// part opens an element that belongs to another one; on its own it is a box.
func (s *shaper) part(name string, attrs []html.Attribute) {
	i := s.last(func(f frame) bool {
		return f.kind != phrase && f.kind != line && f.kind != box && !siblings(f.name, name)
	})
	if i < 0 || !slices.Contains(wholes[name], s.open[i].name) {
		s.box(name)
		return
	}
	s.popTo(i + 1)
	if s.room(name, 1) {
		s.push(name, part, attrs)
	}
}

// siblings tells whether a and b are parts of the same whole.
func siblings(a, b string) bool {
	return len(wholes[a]) > 0 && slices.Equal(wholes[a], wholes[b])
}

// cell opens a part of the innermost table, with the rows around it that were left out.
func (s *shaper) cell(name string, attrs []html.Attribute) {
	t := s.last(func(f frame) bool { return f.name == "table" })
	if t < 0 {
		s.box(name)
		return
	}
	inside := func(i int, names ...string) bool { return i < len(s.open) && slices.Contains(names, s.open[i].name) }
	depth := map[string]int{"tr": 2, "td": 3, "th": 3}[name]
	if depth >= 2 && !inside(t+1, "thead", "tbody", "tfoot") {
		s.popTo(t + 1)
		s.push("tbody", cell, nil)
	}
	if depth == 3 && !inside(t+2, "tr") {
		s.popTo(t + 2)
		s.push("tr", cell, nil)
	}
	s.popTo(t + max(depth, 1))
	s.push(name, cell, attrs)
}

// enterLine makes sure that words may be written.
func (s *shaper) enterLine() {
	s.leaveTable()
	if n := len(s.open); n > 0 && n < maxDepth && s.open[n-1].kind == box {
		s.push("p", line, nil)
	}
}

// enterBlock makes sure that a block may be written, and tells whether there is room for what it holds. A paragraph
// ends before a block; in a heading or in preformatted text paragraphs and boxes are only breaks.
func (s *shaper) enterBlock(name string) bool {
	s.leaveTable()
	i := s.last(func(f frame) bool { return f.kind != phrase })
	if i >= 0 && s.open[i].kind == line {
		if s.open[i].name != "p" && (name == "p" || elements[name] == unknown || elements[name] == part || elements[name] == cell) {
			if name != "p" {
				s.dropped[name]++
			}
			s.out.WriteByte('\n')
			return false
		}
		s.popTo(i)
	}
	if name == "table" {
		return s.room(name, tableDepth)
	}
	return elements[name] == rule || s.room(name, 1)
}

// leaveTable opens a cell if the innermost element is a table or one of its rows.
func (s *shaper) leaveTable() {
	if n := len(s.open); n > 0 {
		switch s.open[n-1].name {
		case "table", "thead", "tbody", "tfoot", "tr":
			if k := s.open[n-1].kind; k == cell || k == block {
				s.cell("td", nil)
			}
		}
	}
}

// room tells whether n more elements may be open; if not, the tag is left out and a break stands in its place.
func (s *shaper) room(name string, n int) bool {
	if len(s.open)+n <= maxDepth {
		return true
	}
	s.dropped[name]++
	s.out.WriteByte('\n')
	return false
}

func (s *shaper) end(name string) {
	name, k := classify(name)
	if len(s.dropped) > 0 && s.dropped[name] > 0 {
		s.dropped[name]--
		if k != phrase {
			s.out.WriteByte('\n')
		}
		return
	}
	switch k {
	case phrase:
		s.endPhrase(name)
	case block, line, part, cell, box:
		if i := s.find(name, k); i >= 0 {
			s.popTo(i)
		}
	}
}

// endPhrase ends an element within a line; where it holds an open block, when that ends.
func (s *shaper) endPhrase(name string) {
	whole := true
	for i := len(s.open) - 1; i >= 0; i-- {
		f := &s.open[i]
		switch {
		case f.kind == cell, f.name == "table":
			return
		case f.kind != phrase:
			whole = false
		case f.name == name && !f.ended:
			f.ended = true
			if whole {
				s.popTo(i)
			}
			return
		}
	}
}

// find is the index of the element that an end tag ends, -1 if there is none within its reach.
func (s *shaper) find(name string, k kind) int {
	for i := len(s.open) - 1; i >= 0; i-- {
		f := s.open[i]
		switch {
		case f.name == name && f.kind != phrase, heading(name) > 0 && heading(f.name) > 0:
			return i
		case f.name == "table",
			f.kind == cell && k != cell && name != "table",
			k == line && f.kind != phrase,
			slices.Contains(wholes[name], f.name):
			return -1
		}
	}
	return -1
}

// last is the index of the innermost open element of which is holds, -1 if there is none.
func (s *shaper) last(is func(frame) bool) int {
	for i := len(s.open) - 1; i >= 0; i-- {
		if is(s.open[i]) {
			return i
		}
	}
	return -1
}

func (s *shaper) push(name string, k kind, attrs []html.Attribute) {
	if k != box {
		s.tag(name, attrs)
	}
	s.open = append(s.open, frame{name: name, kind: k})
}

// popTo ends every element from the i-th on, and those that were waiting for it.
func (s *shaper) popTo(i int) {
	for n := len(s.open); n > 0 && (n > i || s.open[n-1].ended); n = len(s.open) {
		f := s.open[n-1]
		s.open = s.open[:n-1]
		if f.kind != box {
			s.out.WriteString("</")
			s.out.WriteString(f.name)
			s.out.WriteByte('>')
		}
	}
}

func (s *shaper) tag(name string, attrs []html.Attribute) {
	s.out.WriteByte('<')
	s.out.WriteString(name)
	for _, a := range tidy(attrs) {
		s.out.WriteByte(' ')
		s.out.WriteString(a.Key)
		s.out.WriteString(`="`)
		s.out.WriteString(html.EscapeString(a.Val))
		s.out.WriteByte('"')
	}
	s.out.WriteByte('>')
}
