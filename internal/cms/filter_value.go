package cms

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/masthead-cms/masthead/internal/text"
)

// filterValue is a value without its quotes and escapes.
type filterValue struct {
	at   int // where it stands
	text string
	star bool // a star stood at its end; it is not in text
	bare bool // without quotes
}

// value parses a value.
func (p *filterParser) value(field Field, op Operator) (filterValue, error) {
	p.space()
	if strings.HasPrefix(p.s[p.at:], `"`) || strings.HasPrefix(p.s[p.at:], "'") {
		return p.quoted()
	}
	v := filterValue{at: p.at, bare: true}
	word := p.run(func(r rune) bool { return !isEnd(r) })
	switch {
	case word == "", Junction(word) == And, Junction(word) == Or, Junction(word) == Not,
		strings.ContainsAny(word[:1], "=!<>:~&|"):
		return v, p.refuse(v.at, "malformed",
			"a value is missing after %s %s: one value, in quotes if it is a keyword or begins with a sign; for one of several join comparisons by OR.", field.Name, op)
	case strings.ContainsAny(word, `"\`):
		return v, p.refuse(v.at, "malformed",
			`a value with a quote or a backslash in it stands in quotes, where \" and \\ are written for them.`)
	}
	v.text, v.star = strings.CutSuffix(word, "*")
	if i := strings.IndexByte(v.text, '*'); i >= 0 {
		return v, p.strayStar(v.at + i)
	}
	return v, nil
}

// quoted parses a value in quotes.
func (p *filterParser) quoted() (filterValue, error) {
	v := filterValue{at: p.at}
	mark := p.s[p.at]
	var b strings.Builder
	for i := p.at + 1; i < len(p.s); i++ {
		c := p.s[i]
		switch {
		case v.star && c != mark:
			return v, p.strayStar(i - 1)
		case c == mark:
			p.at, v.text = i+1, b.String()
			if next, _ := utf8.DecodeRuneInString(p.s[p.at:]); !p.ended() && !isEnd(next) {
				return v, p.refuse(p.at, "malformed",
					`the value ended before this; write a space here, or \%c for a quote within the value.`, mark)
			}
			return v, nil
		case c == '*':
			v.star = true
		case c == '\\':
			if i++; i == len(p.s) || !strings.ContainsRune(`"'\*`, rune(p.s[i])) {
				return v, p.refuse(i-1, "malformed",
					`a backslash stands before ", ', \ or * only; for a backslash itself write \\.`)
			}
			b.WriteByte(p.s[i])
		default:
			b.WriteByte(c)
		}
	}
	return v, p.refuse(v.at, "malformed", `these quotes are never closed; put in the closing %c.`,
		mark)
}

func (p *filterParser) strayStar(at int) error {
	return p.refuse(at, "invalid",
		`a star stands for the rest of a text, so at its end only; for a star itself write \* within quotes.`)
}

// compare completes a comparison, whose operator stands at joint, by its value.
func (p *filterParser) compare(c *Comparison, joint int, v filterValue) error {
	if c.Op == Has && v.bare && v.star && v.text == "" {
		c.Present = true
		return nil
	}
	if v.bare && strings.EqualFold(v.text, "null") {
		return p.refuse(v.at, "invalid",
			`null is no value; write NOT %[1]s:* to ask for what has none, or "null" for the word.`,
			c.Field.Name)
	}
	if !slices.Contains(c.Field.Kind.Operators(), c.Op) {
		return p.notCompared(joint, c)
	}
	if v.star {
		if err := p.checkStar(c, v); err != nil {
			return err
		}
	}
	switch c.Field.Kind {
	case TimeKind:
		return p.compareTime(c, v)
	case NumberKind:
		return p.compareNumber(c, v)
	case FlagKind:
		return p.compareFlag(c, v)
	case TextKind:
		return p.compareText(c, v)
	case RefsKind:
		return p.compareRef(c, v)
	}
	if c.Op == Has && c.Field.Kind != LocaleKind {
		c.Op = Equal
	}
	return p.compareWord(c, v)
}

// checkStar returns an error for a star that does not stand for the rest of a text.
func (p *filterParser) checkStar(c *Comparison, v filterValue) error {
	end := p.at - 1
	if !v.bare {
		end-- // the closing quote
	}
	switch {
	case v.text == "":
		return p.refuse(end, "invalid",
			`a star alone says nothing; write %s:* to ask whether there is a value, or "\*" for a star itself.`, c.Field.Name)
	case c.Field.Kind != TextKind:
		return p.refuse(end, "invalid", "%s is compared whole; take the star out.", c.Field.Name)
	case c.Op == Has:
		return p.refuse(end, "invalid",
			`%[1]s: finds the text anywhere; take the star out, write %[1]s = %[2]s for a beginning, or \* within quotes for a star itself.`,
			c.Field.Name, quote(excerpt(v.text), true))
	case c.Op != Equal && c.Op != NotEqual:
		return p.refuse(end, "invalid",
			`a star goes with = and != only; take it out, or write \* within quotes for a star itself.`)
	}
	return nil
}

func (p *filterParser) compareText(c *Comparison, v filterValue) error {
	if c.Op == Has && v.text == "" {
		return p.refuse(v.at, "empty",
			"there is nothing to look for in %[1]s; write %[1]s:* to ask whether there is a value.",
			c.Field.Name)
	}
	c.Text, c.Prefix = v.text, v.star
	return nil
}

// compareWord parses what is compared exactly: an id, a locale, an identifier or one of known
// words.
func (p *filterParser) compareWord(c *Comparison, v filterValue) error {
	c.Text = v.text
	switch {
	case c.Field.Kind == IDKind:
		id, ok := ParseID(v.text)
		if !ok {
			return p.refuse(v.at, "invalid", "%s takes an id (a UUID); %q is none.", c.Field.Name,
				excerpt(v.text))
		}
		c.Text = string(id)
	case c.Field.Kind == LocaleKind:
		canonical, err := Locale(v.text)
		if err != nil {
			return p.refuse(v.at, "invalid", "%s: %s.", c.Field.Name, err)
		}
		c.Text = canonical
	case c.Field.Values != nil && !slices.Contains(c.Field.Values, v.text):
		return p.refuse(v.at, "not_allowed", "%s cannot be %q%s Allowed are: %s.", c.Field.Name,
			excerpt(v.text),
			hint(v.text, c.Field.Values), strings.Join(c.Field.Values, ", "))
	}
	return nil
}

// compareRef parses the id or the slug of a noun.
func (p *filterParser) compareRef(c *Comparison, v filterValue) error {
	if id, ok := ParseID(v.text); ok {
		c.Text = string(id)
		return nil
	}
	if c.Text = text.Slug(v.text); c.Text == v.text && v.text != "" {
		return nil
	}
	advice := ""
	if c.Text != "" {
		advice = "; " + excerpt(c.Text) + " would do"
	}
	r, _ := ReferenceTo(c.Field.Name)
	return p.refuse(v.at, "invalid",
		"%q is neither the slug nor the id of %s%s. Several %[4]s are several comparisons: (%[4]s:%[5]s OR %[4]s:%[6]s).",
		excerpt(v.text), c.Field.Noun.WithArticle(), advice, c.Field.Name, r.Examples[0],
		r.Examples[1])
}

// rfc3339 is the form of a time of RFC 3339 with an optional fraction; time.Parse is laxer.
var rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(?:Z|[+-]\d\d:\d\d)$`)

// compareTime parses a time of RFC 3339 or a date, which is its midnight in UTC. Rows have whole
// seconds, so a fraction would compare otherwise than it seems to.
func (p *filterParser) compareTime(c *Comparison, v filterValue) error {
	shape := rfc3339.FindStringSubmatch(v.text)
	layout := time.DateOnly
	if shape != nil {
		layout = time.RFC3339
	}
	at, err := time.Parse(layout, v.text)
	at = at.UTC().Truncate(time.Second)
	if err != nil || at.Year() < 1 || at.Year() > 9999 {
		return p.refuse(v.at, "invalid_time",
			"%s takes a time of RFC 3339, such as 2026-03-12T08:00:00Z or 2026-03-12T13:00:00+05:00 (in a URL + is written %%2B), or a date; %q is neither.",
			c.Field.Name, excerpt(v.text))
	}
	if shape != nil && strings.Trim(shape[1], ".0") != "" {
		return p.refuse(v.at, "invalid_time",
			"%s is kept in whole seconds; leave the fraction out.", c.Field.Name)
	}
	c.Time = at
	return nil
}

func (p *filterParser) compareNumber(c *Comparison, v filterValue) error {
	n, err := strconv.ParseInt(v.text, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return p.refuse(v.at, "out_of_range",
			"%s takes a whole number of at most 18 digits; this one is longer.", c.Field.Name)
	case err != nil, v.text[0] == '+':
		return p.refuse(v.at, "wrong_type", "%s takes a whole number; %q is none.", c.Field.Name,
			excerpt(v.text))
	}
	c.Number = n
	return nil
}

func (p *filterParser) compareFlag(c *Comparison, v filterValue) error {
	if v.text != "true" && v.text != "false" {
		return p.refuse(v.at, "wrong_type", "%s is true or false; it cannot be %q.", c.Field.Name,
			excerpt(v.text))
	}
	c.Flag = v.text == "true"
	return nil
}
