package richtext

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

const (
	// maxDepth is how many elements may be open at once; what is nested deeper loses its tags.
	maxDepth = 100
	// tableDepth is how many elements a table needs around its first word.
	tableDepth = 4
	// htmlSpace is what HTML defines as white space.
	htmlSpace = " \t\n\f\r"
)

// openElement is an element that is open. An unwrapped one is open too, but was not written, or as
// a div or span if an attribute of it means something.
type openElement struct {
	name  string
	tag   string // as it was written, "" if it was not
	kind  kind
	ended bool // its end tag came while a block inside it was open, so it ends with that block
}

// normalizer writes tags so that they nest as HTML requires: no block in a line of text, no link in
// a link, nothing in a table outside its cells. It needs one pass and never goes back, so its time
// grows with the length of the source alone.
type normalizer struct {
	out         strings.Builder
	open        []openElement
	skippedTags map[string]int // start tags that were not written; nor are their end tags
	dropText    bool           // the next text is that of a dropped element, such as a script
	player      string         // a video or audio that is open without an address yet, or ""
	prefix      string         // of the ids of footnotes
	losses      *losses
}

// normalize returns source as well-nested HTML of allowed elements and attributes, with clean
// addresses, and otherwise only its text. Ids of footnotes get the prefix. What is removed is
// reported to lost.
func normalize(source, prefix string, lost *losses) string {
	s := normalizer{skippedTags: map[string]int{}, prefix: prefix, losses: lost}
	s.out.Grow(len(source) + len(source)/8)
	for t := newTokenReader(source); ; {
		switch kind, data, attrs := t.next(); kind {
		case html.ErrorToken: // the end: reading a string has no errors
			s.popTo(0)
			return s.out.String()
		case html.TextToken:
			if !s.dropText {
				s.writeText(cleanText(data))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			s.dropText = false
			s.startTag(data, attrs)
		case html.EndTagToken:
			s.dropText = false
			s.endTag(data)
		}
	}
}

func (s *normalizer) startTag(name string, attrs []html.Attribute) {
	name, k := classify(name)
	linked := s.embed(name, attrs)
	switch k {
	case drop:
		s.dropText = true
		if !linked {
			s.report(Warning{Code: Removed, Element: name, Detail: "with its content"})
		}
	case unwrap:
		s.startUnwrapped(name, attrs)
	case unwrapInline:
		s.startUnwrappedInline(name, attrs)
	case inline:
		s.startInline(name, attrs)
	case inlineVoid:
		s.writeVoid(name, attrs)
	case rubyPart:
		s.startRubyPart(name, attrs)
	case blockVoid:
		s.enterBlock(name)
		s.writeStartTag(name, attrs)
	case block, textBlock:
		if s.enterBlock(name) {
			s.push(name, k, attrs)
		}
	case child:
		s.startChild(name, attrs)
	case tablePart:
		s.startTablePart(name, attrs)
	default:
		switch {
		case name == "input":
			s.writeCheckbox(attrs)
		case !linked:
			s.reportTags(name)
		}
	}
}

// classify returns the name an element has in a rendered body, and its kind.
func classify(name string) (string, kind) {
	if k, ok := allowedElements[name]; ok {
		return name, k
	}
	if replacement, ok := renamed[name]; ok {
		return replacement, allowedElements[replacement]
	}
	return name, otherElements[name]
}

// writeText writes text. White space may be anywhere; words need an element that may contain a line
// of text.
func (s *normalizer) writeText(t string) {
	if strings.Trim(t, htmlSpace) != "" {
		s.enterLine()
	}
	s.out.WriteString(html.EscapeString(t))
}

// writeCheckbox writes the checkbox of a task list as a character, since a body has no form
// controls.
func (s *normalizer) writeCheckbox(attrs []html.Attribute) {
	hasValue := func(key, value string) bool {
		return slices.ContainsFunc(attrs, func(a html.Attribute) bool {
			return a.Key == key && (value == "" || strings.EqualFold(a.Val, value))
		})
	}
	switch {
	case !hasValue("type", "checkbox"):
		s.reportTags("input")
	case hasValue("checked", ""):
		s.writeText("☑")
	default:
		s.writeText("☐")
	}
}

// startInline opens an inline element.
func (s *normalizer) startInline(name string, attrs []html.Attribute) {
	if name == "a" {
		isLink := func(f openElement) bool { return f.name == "a" && f.kind == inline }
		if i := s.lastOpen(isLink); i >= 0 {
			if s.lastOpen(isNotInLine) > i {
				s.skip(name)
				return
			}
			s.popTo(i)
		}
	}
	s.enterLine()
	if len(s.open) >= maxDepth {
		s.skip(name)
		return
	}
	s.push(name, inline, attrs)
}

func isNotInLine(f openElement) bool { return !f.kind.inLine() }

// skip does not write a tag, nor the end tag that belongs to it.
func (s *normalizer) skip(name string) {
	s.skippedTags[name]++
	s.reportTags(name)
}

// writeVoid writes an inline element without content. A source stands only in a picture.
func (s *normalizer) writeVoid(name string, attrs []html.Attribute) {
	if name != "source" {
		s.enterLine()
		s.writeStartTag(name, attrs)
	} else if n := len(s.open); n > 0 && s.open[n-1].tag == "picture" {
		s.writeStartTag(name, attrs)
	}
}

// startRubyPart opens a part of the innermost ruby, and ends the part before it.
func (s *normalizer) startRubyPart(name string, attrs []html.Attribute) {
	i := s.lastOpen(func(f openElement) bool { return f.name == "ruby" || !f.kind.inLine() })
	if i < 0 || s.open[i].name != "ruby" || i+1 >= maxDepth {
		s.skip(name)
		return
	}
	s.popTo(i + 1)
	s.push(name, rubyPart, attrs)
}

func (s *normalizer) endRubyPart(name string) {
	for i := len(s.open) - 1; i >= 0 && s.open[i].kind.inLine(); i-- {
		if s.open[i].kind == rubyPart {
			if s.open[i].name == name {
				s.popTo(i)
			}
			return
		}
	}
}

// startUnwrapped opens a block whose tags are not written, unless an attribute means something: it
// is a div then.
func (s *normalizer) startUnwrapped(name string, attrs []html.Attribute) {
	if !s.enterBlock(name) {
		return
	}
	if attrs = globalAttrs(name, attrs); len(attrs) > 0 {
		s.open = append(s.open, openElement{name: name, tag: "div", kind: block})
		s.writeStartTag("div", attrs)
		return
	}
	if embedAddresses[name] == nil {
		s.reportTags(name)
	}
	s.push(name, unwrap, nil)
}

// startUnwrappedInline opens an inline element if an attribute of it means something: it is a span
// then.
func (s *normalizer) startUnwrappedInline(name string, attrs []html.Attribute) {
	attrs = globalAttrs(name, attrs)
	if len(attrs) == 0 {
		s.reportTags(name)
		return
	}
	s.enterLine()
	if len(s.open) >= maxDepth {
		s.skip(name)
		return
	}
	s.open = append(s.open, openElement{name: name, tag: "span", kind: inline})
	s.writeStartTag("span", attrs)
}

// globalAttrs returns the attributes that mean something on any element, and the class of a box
// that means something.
func globalAttrs(name string, attrs []html.Attribute) []html.Attribute {
	var global []html.Attribute
	for _, a := range attrs {
		isGlobal := a.Key == "id" || a.Key == "lang" || a.Key == "dir"
		isKnown := a.Key == "class" && name == "div" && knownClass(name, a.Val) != ""
		if isKnown || isGlobal && attrAllowed("div", a.Key, cleanText(a.Val)) {
			global = append(global, a)
		}
	}
	return global
}

// startChild opens an element that needs a certain parent. Without it, the element is unwrapped.
func (s *normalizer) startChild(name string, attrs []html.Attribute) {
	i := s.lastOpen(func(f openElement) bool {
		skip := f.kind.inLine() || f.kind == textBlock || f.kind == unwrap || f.tag == "div"
		return !skip && !areSiblings(f.name, name)
	})
	if i < 0 || !slices.Contains(parents[name], s.open[i].name) {
		s.startUnwrapped(name, nil)
		return
	}
	s.popTo(i + 1)
	if s.reserve(name, 1) {
		s.push(name, child, attrs)
	}
}

// areSiblings reports whether two elements have the same parents.
func areSiblings(a, b string) bool {
	return len(parents[a]) > 0 && slices.Equal(parents[a], parents[b])
}

// startTablePart opens a part of the innermost table, with the omitted parts around it.
func (s *normalizer) startTablePart(name string, attrs []html.Attribute) {
	t := s.lastOpen(func(f openElement) bool { return f.name == "table" })
	if t < 0 {
		s.startUnwrapped(name, nil)
		return
	}
	inside := func(i int, names ...string) bool {
		return i < len(s.open) && slices.Contains(names, s.open[i].name)
	}
	depth := map[string]int{"tr": 2, "td": 3, "th": 3}[name]
	if depth >= 2 && !inside(t+1, "thead", "tbody", "tfoot") {
		s.popTo(t + 1)
		s.push("tbody", tablePart, nil)
	}
	if depth == 3 && !inside(t+2, "tr") {
		s.popTo(t + 2)
		s.push("tr", tablePart, nil)
	}
	s.popTo(t + max(depth, 1))
	s.push(name, tablePart, attrs)
}

// enterLine makes sure that text may be written.
func (s *normalizer) enterLine() {
	s.leaveTable()
	if n := len(s.open); n > 0 && n < maxDepth && s.open[n-1].kind == unwrap {
		s.push("p", textBlock, nil)
	}
}

// enterBlock makes sure that a block may be written, and reports whether it may be opened. A
// paragraph ends before a block. In a heading or preformatted text, paragraphs and unwrapped blocks
// are only line breaks.
func (s *normalizer) enterBlock(name string) bool {
	s.leaveTable()
	i := s.lastOpen(isNotInLine)
	if i >= 0 && s.open[i].kind == textBlock {
		k := allowedElements[name]
		breaks := name == "p" || k == unknown || k == child || k == tablePart
		if s.open[i].name != "p" && breaks {
			if name != "p" {
				s.skippedTags[name]++
			}
			s.out.WriteByte('\n')
			return false
		}
		s.popTo(i)
	}
	if name == "table" {
		return s.reserve(name, tableDepth)
	}
	return allowedElements[name] == blockVoid || s.reserve(name, 1)
}

// leaveTable opens a cell if the innermost element is a table or a row.
func (s *normalizer) leaveTable() {
	if n := len(s.open); n > 0 {
		switch s.open[n-1].name {
		case "table", "thead", "tbody", "tfoot", "tr":
			if k := s.open[n-1].kind; k == tablePart || k == block {
				s.startTablePart("td", nil)
			}
		}
	}
}

// reserve reports whether n more elements may be open. If not, a line break replaces the tag of the
// first.
func (s *normalizer) reserve(name string, n int) bool {
	if len(s.open)+n <= maxDepth {
		return true
	}
	s.skip(name)
	s.out.WriteByte('\n')
	return false
}

func (s *normalizer) endTag(name string) {
	name, k := classify(name)
	if len(s.skippedTags) > 0 && s.skippedTags[name] > 0 {
		s.skippedTags[name]--
		if !k.inLine() && k != unwrapInline {
			s.out.WriteByte('\n')
		}
		return
	}
	if name == s.player {
		s.player = ""
		s.reportTags(name)
	}
	switch k {
	case inline, unwrapInline:
		s.endInline(name)
	case rubyPart:
		s.endRubyPart(name)
	case block, textBlock, child, tablePart, unwrap:
		if i := s.findOpen(name, k); i >= 0 {
			s.popTo(i)
		}
	}
}

// endInline ends an inline element. If a block inside it is open, it ends with that block.
func (s *normalizer) endInline(name string) {
	innermost := true
	for i := len(s.open) - 1; i >= 0; i-- {
		f := &s.open[i]
		switch {
		case f.kind == tablePart, f.name == "table":
			return
		case !f.kind.inLine():
			innermost = false
		case f.name == name && !f.ended:
			f.ended = true
			if innermost {
				s.popTo(i)
			}
			return
		}
	}
}

// findOpen returns the index of the element that an end tag ends, -1 if there is none within its
// reach.
func (s *normalizer) findOpen(name string, k kind) int {
	for i := len(s.open) - 1; i >= 0; i-- {
		f := s.open[i]
		switch {
		case f.name == name && !f.kind.inLine(), headingLevel(name) > 0 && headingLevel(f.name) > 0:
			return i
		case f.name == "table",
			f.kind == tablePart && k != tablePart && name != "table",
			k == textBlock && !f.kind.inLine(),
			slices.Contains(parents[name], f.name):
			return -1
		}
	}
	return -1
}

// lastOpen returns the index of the innermost open element for which match returns true, -1 if
// there is none.
func (s *normalizer) lastOpen(match func(openElement) bool) int {
	for i := len(s.open) - 1; i >= 0; i-- {
		if match(s.open[i]) {
			return i
		}
	}
	return -1
}

func (s *normalizer) push(name string, k kind, attrs []html.Attribute) {
	f := openElement{name: name, tag: name, kind: k}
	if k == unwrap {
		f.tag = ""
	} else {
		s.writeStartTag(name, attrs)
	}
	s.open = append(s.open, f)
}

// popTo ends every element from index i on, and those that ended with one of them.
func (s *normalizer) popTo(i int) {
	for n := len(s.open); n > 0 && (n > i || s.open[n-1].ended); n = len(s.open) {
		f := s.open[n-1]
		s.open = s.open[:n-1]
		if f.tag != "" {
			s.out.WriteString("</")
			s.out.WriteString(f.tag)
			s.out.WriteByte('>')
		}
	}
}

func (s *normalizer) writeStartTag(name string, attrs []html.Attribute) {
	anchor := secondID(name, attrs)
	if anchor != "" && name == "a" {
		s.writeAnchor(anchor)
		anchor = ""
	}
	s.out.WriteByte('<')
	s.out.WriteString(name)
	for _, a := range s.cleanAttrs(name, attrs) {
		s.out.WriteByte(' ')
		s.out.WriteString(a.Key)
		s.out.WriteString(`="`)
		s.out.WriteString(html.EscapeString(a.Val))
		s.out.WriteByte('"')
	}
	s.out.WriteByte('>')
	if anchor != "" {
		s.writeAnchor(anchor)
	}
}

// writeAnchor writes a place that links may lead to.
func (s *normalizer) writeAnchor(id string) {
	s.writeStartTag("a", []html.Attribute{{Key: "id", Val: id}})
	s.out.WriteString("</a>")
}

// secondID returns the second of the id and the name of a heading or link, if they are two:
// something else may lead to either.
func secondID(element string, attrs []html.Attribute) string {
	if element != "a" && headingLevel(element) == 0 {
		return ""
	}
	first := ""
	for _, a := range attrs {
		switch {
		case a.Key != "id" && a.Key != "name":
		case first == "":
			first = a.Val
		case a.Val != first:
			return a.Val
		}
	}
	return ""
}
