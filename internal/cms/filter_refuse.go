package cms

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/masthead-cms/masthead/internal/text"
)

// refuse returns the error for a byte offset of the filter. Its sentence names the character,
// counted from 1.
func (p *filterParser) refuse(at int, code, format string, args ...any) error {
	place := fmt.Sprintf("At character %d: ", utf8.RuneCountInString(p.s[:at])+1)
	return &Error{Code: InvalidParameter, Detail: "The filter cannot be taken as it is.",
		Fields: []FieldError{{Parameter: "filter", Code: code,
			Detail: place + fmt.Sprintf(format, args...)}}}
}

func (p *filterParser) tooDeep(at int) error {
	return p.refuse(at, "too_deep",
		"parentheses and NOT stand within one another more than %d deep here; take out those that are not needed.", MaxFilterDepth)
}

// field returns the field whose name begins at start. A field that the view does not show is an
// error before its operator and value are read.
func (p *filterParser) field(start int, name string) (Field, error) {
	field, ok := ArticleField(name)
	switch {
	case !ok:
		known := ArticleFields.Filterable(p.view).Names()
		return field, p.refuse(start, "unknown",
			"there is no field %q to compare%s Allowed are: %s.", excerpt(name), hint(name, known),
			strings.Join(known, ", "))
	case !field.Filter:
		return field, p.refuse(start, "not_allowed", "%s cannot be compared; %s.", name,
			field.Advice)
	case field.Draft && p.view != DraftView:
		return field, p.refuse(start, "not_allowed",
			"%s stands in the draft view only: add view=draft.", name)
	}
	return field, nil
}

// foreign are operators of other languages, with ours.
var foreign = map[string]Operator{
	"==": Equal, "===": Equal, ":=": Equal, "<>": NotEqual, "!==": NotEqual, "=!": NotEqual,
	"=<": AtMost, "=>": AtLeast,
	"~": Has, "=~": Has, "~=": Has, "~~": Has, "::": Has,
}

// operator reads an operator, which stands at joint.
func (p *filterParser) operator(joint int, field Field, sign string) (Operator, error) {
	switch op := Operator(sign); op {
	case Equal, NotEqual, Below, AtMost, Above, AtLeast, Has:
		return op, nil
	}
	if ours, ok := foreign[sign]; ok {
		return "", p.refuse(joint, "malformed", "%s is no operator here; write %s.", sign, ours)
	}
	if strings.HasPrefix(sign, "!") {
		return "", p.refuse(joint, "malformed",
			"%s is no operator here; write != or NOT before the comparison.", excerpt(sign))
	}
	return "", p.refuse(joint, "malformed", "%s is no operator; for %s there are %s.",
		excerpt(sign),
		field.Name, join(field.Kind.Operators()))
}

// notCompared returns the error for an operator that the kind of a field does not have.
func (p *filterParser) notCompared(joint int, c *Comparison) error {
	if c.Field.Kind == RefsKind {
		r, _ := ReferenceTo(c.Field.Name)
		return p.refuse(joint, "not_allowed",
			"%[1]s is a set, which has %[2]s or has it not; write %[1]s:%[3]s or NOT %[1]s:%[3]s.",
			c.Field.Name, c.Field.Noun.WithArticle(), r.Examples[0])
	}
	return p.refuse(joint, "not_allowed",
		"%s cannot be compared by %s; allowed are %s, and %s:* to ask whether there is a value.",
		c.Field.Name, c.Op, join(c.Field.Kind.Operators()), c.Field.Name)
}

// nameless returns the error for what stands where a field should.
func (p *filterParser) nameless() error {
	rest := p.s[p.at:]
	switch {
	case strings.HasPrefix(rest, "&"), strings.HasPrefix(rest, "|"):
		return p.refuse(p.at, "malformed",
			`a comparison is missing before this; between two comparisons write AND or OR.`)
	case strings.HasPrefix(rest, "!") && !strings.HasPrefix(rest, "!="):
		return p.refuse(p.at, "malformed", "! means nothing here; write NOT.")
	case isSign(rune(rest[0])):
		return p.refuse(p.at, "malformed",
			`a field is missing before the operator, as in type = "news".`)
	}
	return p.refuse(p.at, "malformed",
		`a text stands alone here. Write a comparison, such as title:"water" (the field without quotes), or use q= to find words anywhere.`)
}

// operatorless returns the error for a word at start that is not compared with anything.
func (p *filterParser) operatorless(start int, name string) error {
	switch word := strings.ToUpper(name); {
	case Junction(word) == Not:
		return p.refuse(start, "malformed", "keywords are in capitals; write NOT.")
	case Junction(word) == And, Junction(word) == Or:
		return p.refuse(start, "malformed", `a comparison is missing before %s.`, name)
	}
	if _, known := ArticleField(name); !known {
		return p.refuse(start, "malformed",
			"%q is not compared with anything. Write a comparison, such as title:%s, or use q= to find words anywhere.",
			excerpt(name), quote(excerpt(name), false))
	}
	field, err := p.field(start, name)
	if err != nil {
		return err
	}
	return p.refuse(start, "malformed",
		"an operator is missing after %s: one of %s, or %s:* to ask whether there is a value.",
		name, join(field.Kind.Operators()), name)
}

// missingOperator returns the error for what stands between two parts without joining them.
func (p *filterParser) missingOperator(start int, word string) error {
	rest := p.s[p.at:]
	switch upper := strings.ToUpper(word); {
	case Junction(upper) == And, Junction(upper) == Or:
		return p.refuse(start, "malformed", "keywords are in capitals; write %s.", upper)
	case word == "" && strings.HasPrefix(rest, "&"):
		return p.refuse(start, "malformed", "& means nothing here; write AND.")
	case word == "" && strings.HasPrefix(rest, "|"):
		return p.refuse(start, "malformed", "| means nothing here; write OR.")
	case word == "," || word == ";" || word == "+":
		return p.refuse(start, "malformed", "%s means nothing here; write AND or OR.", word)
	}
	p.space()
	if word != "" && !strings.HasPrefix(word, "-") && p.run(isSign) == "" {
		return p.refuse(start, "malformed",
			"%q stands here alone. A value of several words stands in quotes; two comparisons are joined by AND or OR.", excerpt(word))
	}
	return p.refuse(start, "malformed",
		"two comparisons stand side by side; write AND or OR between them.")
}

// shownRunes is how many characters of the input an error quotes.
const shownRunes = 40

// excerpt returns the beginning of an input, for quoting.
func excerpt(s string) string {
	if r := []rune(s); len(r) > shownRunes {
		return string(r[:shownRunes]) + "…"
	}
	return s
}

// hint returns the end of a sentence that suggests the nearest known name, if one is near.
func hint(name string, known []string) string {
	if len(name) > 2*shownRunes {
		return "." // nothing is near to it, and looking takes a while
	}
	if best := text.Nearest(name, known); best != "" {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	return "."
}

func join(operators []Operator) string {
	return strings.Join(stringsOf(slices.Clone(operators)), " ")
}
