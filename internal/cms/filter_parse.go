package cms

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ParseFilter reads a filter on articles in a view: comparisons such as type = "news" or tags:iran,
// joined by AND and OR, turned round by NOT or a minus, grouped by parentheses (AIP-160, without
// its guesses: what could be read in two ways is refused). A value stands in quotes, where \" \' \\
// and \* are escapes, or bare, up to the next white space or parenthesis. A star at the end of a
// text is the rest of it; field:* asks whether there is a value. The error is InvalidParameter with
// one field error that names the place and how to mend it.
func ParseFilter(view View, s string) (*Filter, error) {
	p := &filterParser{view: view, s: s}
	if err := p.check(); err != nil {
		return nil, err
	}
	f, err := p.level(0)
	if err != nil {
		return nil, err
	}
	if !p.ended() {
		return nil, p.refuse(p.at, "malformed",
			"this parenthesis closes none; take it out, or put in the opening one.")
	}
	return f, nil
}

// filterParser parses a filter in one pass.
type filterParser struct {
	view  View
	s     string
	at    int // the byte it has come to
	parts int // comparisons so far
}

// check returns an error if the text is too long or not valid Unicode.
func (p *filterParser) check() error {
	if len(p.s) > MaxFilterBytes {
		at := MaxFilterBytes
		for at > 0 && !utf8.RuneStart(p.s[at]) {
			at--
		}
		return p.refuse(at, "too_long",
			"filter is too long from here on; it has %d bytes, and %d are allowed.", len(p.s),
			MaxFilterBytes)
	}
	for i, r := range p.s {
		if r == 0 || (r == utf8.RuneError && !strings.HasPrefix(p.s[i:], "\uFFFD")) {
			return p.refuse(i, "invalid_text", "filter must be valid UTF-8 without U+0000.")
		}
	}
	if p.space(); p.ended() {
		return p.refuse(0, "empty",
			`filter is empty; leave it out or give it a comparison, such as type = "news".`)
	}
	return nil
}

// level parses what stands up to the end or a closing parenthesis.
func (p *filterParser) level(depth int) (*Filter, error) {
	var l level
	for {
		p.space()
		start := p.at
		part, err := p.term(depth)
		if err != nil {
			return nil, err
		}
		l.of, l.spans = append(l.of, part), append(l.spans, p.s[start:p.at])
		if p.space(); p.ended() || p.s[p.at] == ')' {
			break
		}
		joint := p.at
		op, err := p.junction()
		if err != nil {
			return nil, err
		}
		l.ops, l.joints = append(l.ops, op), append(l.joints, joint)
	}
	if at := l.mixed(); at >= 0 {
		return nil, p.refuse(at, "ambiguous",
			"AND and OR stand together without parentheses. Write %s if you mean that, or %s.",
			l.reading(And, Or), l.reading(Or, And))
	}
	if len(l.of) == 1 {
		return l.of[0], nil
	}
	return &Filter{Op: l.ops[0], Of: l.of}, nil
}

// level is what stands between two parentheses.
type level struct {
	of     []*Filter
	spans  []string // the parts as they were written
	ops    []Junction
	joints []int // where the ops stand
}

// mixed returns where the ops cease to be the same, -1 if they do not.
func (l *level) mixed() int {
	for i, op := range l.ops {
		if op != l.ops[0] {
			return l.joints[i]
		}
	}
	return -1
}

// reading writes the level with parentheses, the inner op joining first.
func (l *level) reading(inner, outer Junction) string {
	groups := [][]string{{l.spans[0]}}
	for i, op := range l.ops {
		if op == outer {
			groups = append(groups, nil)
		}
		last := len(groups) - 1
		groups[last] = append(groups[last], l.spans[i+1])
	}
	written := make([]string, len(groups))
	for i, group := range groups {
		written[i] = strings.Join(group, " "+string(inner)+" ")
		if len(group) > 1 {
			written[i] = "(" + written[i] + ")"
		}
	}
	return strings.Join(written, " "+string(outer)+" ")
}

// junction parses the operator between two parts.
func (p *filterParser) junction() (Junction, error) {
	start := p.at
	word := p.word()
	switch op := Junction(word); op {
	case And, Or:
		return op, nil
	case Not:
		return "", p.refuse(start, "malformed",
			"NOT does not join two comparisons; write AND NOT or OR NOT.")
	}
	return "", p.missingOperator(start, word)
}

// term parses a part, negated or not.
func (p *filterParser) term(depth int) (*Filter, error) {
	start := p.at
	turned, err := p.negation()
	if err != nil {
		return nil, err
	}
	if !turned {
		return p.primary(depth)
	}
	second := p.at
	if again, _ := p.negation(); again {
		return nil, p.refuse(second, "malformed",
			"NOT stands twice, which says nothing; take both out.")
	}
	if depth++; depth > MaxFilterDepth {
		return nil, p.tooDeep(start)
	}
	part, err := p.primary(depth)
	if err != nil {
		return nil, err
	}
	return &Filter{Op: Not, Of: []*Filter{part}}, nil
}

// negation parses a NOT or a minus, if one stands here, and the white space behind it.
func (p *filterParser) negation() (bool, error) {
	start := p.at
	if strings.HasPrefix(p.s[p.at:], "-") {
		p.at++
		if p.space(); p.at > start+1 {
			return true, p.refuse(start, "malformed",
				"a minus stands close to what it turns round, as in -tags:iran; or write NOT.")
		}
		return true, nil
	}
	if Junction(p.word()) != Not {
		p.at = start
		return false, nil
	}
	p.space()
	return true, nil
}

// primary parses a comparison or a group in parentheses.
func (p *filterParser) primary(depth int) (*Filter, error) {
	if p.ended() || p.s[p.at] == ')' {
		return nil, p.refuse(p.at, "malformed",
			`a comparison is missing here, such as type = "news".`)
	}
	if p.s[p.at] != '(' {
		return p.comparison()
	}
	start := p.at
	if depth++; depth > MaxFilterDepth {
		return nil, p.tooDeep(start)
	}
	p.at++
	f, err := p.level(depth)
	if err != nil {
		return nil, err
	}
	if p.ended() {
		return nil, p.refuse(start, "malformed",
			"this parenthesis is never closed; put in the closing one.")
	}
	p.at++
	return f, nil
}

// comparison parses a field, an operator and a value.
func (p *filterParser) comparison() (*Filter, error) {
	start := p.at
	name := p.word()
	if p.space(); name == "" {
		return nil, p.nameless()
	}
	joint := p.at
	sign := p.run(isSign)
	if sign == "" {
		return nil, p.operatorless(start, name)
	}
	field, err := p.field(start, name)
	if err != nil {
		return nil, err
	}
	op, err := p.operator(joint, field, sign)
	if err != nil {
		return nil, err
	}
	value, err := p.value(field, op)
	if err != nil {
		return nil, err
	}
	if p.parts++; p.parts > MaxFilterParts {
		return nil, p.refuse(start, "too_many", "this is one comparison too many; %d are allowed.",
			MaxFilterParts)
	}
	c := &Comparison{Field: field, Op: op}
	if err := p.compare(c, joint, value); err != nil {
		return nil, err
	}
	return &Filter{Is: c}, nil
}

func (p *filterParser) ended() bool { return p.at == len(p.s) }

// space skips white space.
func (p *filterParser) space() { p.run(unicode.IsSpace) }

// word parses a name or a keyword; "" if none stands here.
func (p *filterParser) word() string {
	return p.run(func(r rune) bool {
		return !isEnd(r) && !isSign(r) && !strings.ContainsRune(`"'&|`, r)
	})
}

// run consumes characters while holds is true and returns them.
func (p *filterParser) run(holds func(rune) bool) string {
	rest := p.s[p.at:]
	n := strings.IndexFunc(rest, func(r rune) bool { return !holds(r) })
	if n < 0 {
		n = len(rest)
	}
	p.at += n
	return rest[:n]
}

// isEnd reports whether a character ends names and bare values.
func isEnd(r rune) bool { return unicode.IsSpace(r) || r == '(' || r == ')' }

// isSign reports whether operators are made of a character, ours or those of other languages.
func isSign(r rune) bool { return strings.ContainsRune("=!<>:~", r) }
