package cms

import (
	"strconv"
	"strings"
	"time"
)

// The limits of a filter.
const (
	MaxFilterBytes = 4 << 10
	MaxFilterParts = 32 // comparisons
	MaxFilterDepth = 8  // parentheses and NOT within one another
)

// Filter is a condition on articles, as a tree. It either holds or it does not; there is no third
// answer: a comparison with a field that has no value does not hold, != holds exactly where = does
// not, and Not turns its part round exactly. A text without a value is the empty text.
type Filter struct {
	Op Junction    // how the parts are joined; "" in a leaf
	Of []*Filter   // the parts: two or more, of Not one
	Is *Comparison // a leaf; nil elsewhere
}

// Junction says how the parts of a filter are joined.
type Junction string

// The junctions.
const (
	And Junction = "AND" // all parts hold
	Or  Junction = "OR"  // at least one part holds
	Not Junction = "NOT" // its one part does not hold
)

// Operator says how a field is compared with a value.
type Operator string

// The operators. Texts are compared by their bytes, which is the order of their code points,
// exactly as written.
const (
	Equal    Operator = "="
	NotEqual Operator = "!=" // exactly where Equal does not hold
	Below    Operator = "<"
	AtMost   Operator = "<="
	Above    Operator = ">"
	AtLeast  Operator = ">="
	// a text contains the value, a set of tags has it; with Present: there is any
	Has Operator = ":"
)

// Comparison is one field compared with one value. The kind of the field says which of Text, Time,
// Number and Flag is the value: a text for all kinds without one of their own. Ids are in lower
// case and locales canonical.
type Comparison struct {
	Field  Field
	Op     Operator
	Text   string
	Time   time.Time // UTC, whole seconds
	Number int64
	Flag   bool
	Prefix bool // with Equal and NotEqual, of a text: Text is its beginning, and not empty
	// with Has: whether the field has a value, whichever; of a text: one that is not empty
	Present bool
}

// String returns the filter as it can be parsed again: ParseFilter answers an equal tree, unless
// the text, with its quotes and full times, has become longer than MaxFilterBytes. The nil filter
// is "".
func (f *Filter) String() string {
	var b strings.Builder
	f.write(&b)
	return b.String()
}

func (f *Filter) write(b *strings.Builder) {
	switch {
	case f == nil:
	case f.Is != nil:
		b.WriteString(f.Is.String())
	case f.Op == Not:
		b.WriteString("NOT ")
		f.writePart(b, f.Of[0])
	default:
		for i, part := range f.Of {
			if i > 0 {
				b.WriteString(" " + string(f.Op) + " ")
			}
			f.writePart(b, part)
		}
	}
}

// writePart writes a part, in parentheses where it would be read in another way without.
func (f *Filter) writePart(b *strings.Builder, part *Filter) {
	if part.Is != nil || (part.Op == Not && f.Op != Not) {
		part.write(b)
		return
	}
	b.WriteByte('(')
	part.write(b)
	b.WriteByte(')')
}

// String returns the comparison as it can be parsed again.
func (c *Comparison) String() string {
	switch {
	case c.Present:
		return c.Field.Name + ":*"
	case c.Op == Has:
		return c.Field.Name + ":" + c.value()
	}
	return c.Field.Name + " " + string(c.Op) + " " + c.value()
}

func (c *Comparison) value() string {
	switch c.Field.Kind {
	case TimeKind:
		return quote(c.Time.Format(time.RFC3339), false)
	case NumberKind:
		return strconv.FormatInt(c.Number, 10)
	case FlagKind:
		return strconv.FormatBool(c.Flag)
	}
	return quote(c.Text, c.Prefix)
}

// quote writes a text in whichever quotes need the fewest escapes, with a star behind it if it is
// the beginning of what is looked for.
func quote(s string, prefix bool) string {
	mark := `"`
	if strings.Count(s, `"`) > strings.Count(s, "'") {
		mark = "'"
	}
	s = strings.NewReplacer(`\`, `\\`, "*", `\*`, mark, `\`+mark).Replace(s)
	if prefix {
		s += "*"
	}
	return mark + s + mark
}
