package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Query is a question that was read: a text answers it if it has every clause of Want and none of Without.
type Query struct {
	Want, Without []Clause
}

// Clause is one word, or a phrase of several that must follow each other.
type Clause struct {
	Words []Term
	Tags  []string // terms that stand for tags the clause names; Parse leaves them to its caller

	// Joined is the term that the clause is if its words are written as one, as co-operation,
	// O'Neill, U.S. and COVID-19 may be; "" if they may not.
	Joined string
}

// Term is a word of a question.
type Term struct {
	Forms  []string // as those of Word
	Others []string // as those of Word
	Prefix bool     // the words that begin with a form are meant
}

// Terms returns all terms the word can be found by.
func (t Term) Terms() []string { return slices.Concat(t.Forms, t.Others) }

// term returns one of Terms.
func (t *Term) term(i int) string {
	if i < len(t.Forms) {
		return t.Forms[i]
	}
	return t.Others[i-len(t.Forms)]
}

// closing are the quotation marks that begin a phrase, with those that end it.
var closing = map[rune]string{'"': `"`, '“': `”"`, '”': `”"`, '„': `“”"`, '«': `»"`}

// Parse reads a question. Words stand for themselves, words in quotation marks for a phrase; a hyphen before either
// means that a text must not have it, an asterisk behind it that the word may go on. What a reader takes for one word
// and Words for several is a phrase. Nothing else has a meaning, and every text is a question.
func Parse(q string) Query { return parse(q, 2) }

// ParseTyped reads a question that is still being typed: its last word may go on, and one letter of a word is enough for
// that, unless something was typed behind it.
func ParseTyped(q string) Query {
	r := reader{text: q}
	end := 0
	for r.next() {
		end = r.end
	}
	if end > 0 && end == len(q) {
		q += "*"
	}
	return parse(q, 1)
}

// parse is Parse, where an asterisk needs so many letters before it.
func parse(q string, least int) Query {
	var query Query
	asked := map[string]bool{}
	for {
		q = strings.TrimLeftFunc(q, unicode.IsSpace)
		if q == "" {
			return query
		}
		var part string
		without := false
		part, q, without = piece(q)
		c := clause(part, least)
		key := c.key(without)
		if len(c.Words) == 0 || asked[key] {
			continue
		}
		asked[key] = true
		if without {
			query.Without = append(query.Without, c)
		} else {
			query.Want = append(query.Want, c)
		}
	}
}

// piece takes the words of the first clause off a question, which does not begin with a space.
func piece(q string) (part, rest string, without bool) {
	body := strings.TrimLeft(q, "-")
	without = len(body) < len(q)
	c, size := utf8.DecodeRuneInString(body)
	if ends, ok := closing[c]; ok {
		part, rest = phrase(body[size:], ends)
		return part, rest, without
	}
	r := reader{}
	if k := r.letter(c).kind; k == gap {
		without = false
	}
	end := strings.IndexFunc(body, func(c rune) bool { return unicode.IsSpace(c) || closing[c] != "" })
	if end < 0 {
		end = len(body)
	}
	return body[:end], body[end:], without
}

// phrase divides a text at the quotation mark that ends it, or at its end; an asterisk just behind belongs to it.
func phrase(s, ends string) (inside, rest string) {
	end := strings.IndexAny(s, ends)
	if end < 0 {
		return s, ""
	}
	inside, rest = s[:end], s[end:]
	_, size := utf8.DecodeRuneInString(rest)
	rest = rest[size:]
	if after, ok := strings.CutPrefix(rest, "*"); ok {
		return inside + "*", after
	}
	return inside, rest
}

// clause reads the words of a clause. An asterisk behind the last means something if it has so many letters.
func clause(s string, least int) Clause {
	var c Clause
	r := reader{text: s}
	last, first := r, 0
	for r.next() {
		c.Words = append(c.Words, Term{Forms: r.forms(), Others: r.apart()})
		if len(c.Words) == 1 {
			first = r.start
		}
		if c.Joined = r.compound.term; r.compound.first != first { // some words stand apart
			c.Joined = ""
		}
		last.at, last.start, last.end = r.start, r.start, r.end
	}
	if len(c.Words) == 0 || !strings.HasPrefix(s[last.end:], "*") {
		return c
	}
	last.whole = true
	last.next()
	if last.last.kind == single || last.letters >= least {
		c.Words[len(c.Words)-1] = Term{Forms: last.prefixes(), Prefix: true}
	}
	return c
}

// prefixes are the forms of a word that is only the beginning of one.
func (r *reader) prefixes() []string {
	forms := r.forms()
	if r.english {
		return beginnings(forms[0])
	}
	for _, form := range []string{string(cut(r.term)), r.behindArticle()} { // the first as of words whose ال is their own
		if form != "" && !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	return forms
}

// key tells clauses apart.
func (c Clause) key(without bool) string {
	var b strings.Builder
	if without {
		b.WriteByte('-')
	}
	for _, t := range c.Words {
		b.WriteString(strings.Join(t.Forms, "|"))
		if t.Prefix {
			b.WriteByte('*')
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// Blank tells whether there is nothing to look for. What must not be in a text is no question by itself.
func (q Query) Blank() bool { return len(q.Want) == 0 }

// In tells whether a text has the clause. Tags do not count.
func (c Clause) In(s string) bool {
	if len(c.Words) == 0 {
		return false
	}
	stream := " " + Stream(s) + " "
	for _, phrase := range c.Phrases() {
		way := " " + strings.Join(phrase, " ")
		if !c.open() {
			way += " "
		}
		if strings.Contains(stream, way) {
			return true
		}
	}
	return false
}

// open tells whether the last word may go on.
func (c Clause) open() bool { return c.Words[len(c.Words)-1].Prefix }

// Phrases are the ways in which the clause can stand in a stream, each a sequence of terms with single spaces between
// them. The last term is only the beginning of one if the last of Words is. The answer belongs to the caller.
func (c Clause) Phrases() [][]string {
	if len(c.Words) == 1 {
		var ways [][]string
		for _, form := range c.Words[0].Terms() {
			ways = append(ways, []string{form})
		}
		return ways
	}
	var plain, barest []string
	for _, t := range c.Words {
		plain = append(plain, t.Forms[0])
		barest = append(barest, t.Forms[len(t.Forms)-1])
	}
	if len(plain) == 0 {
		return nil
	}
	ways := [][]string{plain}
	if !slices.Equal(plain, barest) {
		ways = append(ways, barest)
	}
	ways = append(ways, c.mixed(plain)...)
	if c.Joined != "" {
		ways = append(ways, []string{c.Joined})
	}
	return ways
}

// maxMixed is how many ways of mixing the forms of a phrase are looked for.
const maxMixed = 40

// mixed are the ways of a phrase in which one word stands in another form than the rest, or has a little Arabic word
// written to it. A stream has its words all plain or all barest, but it is the text's words that decide which that is.
func (c Clause) mixed(plain []string) [][]string {
	var ways [][]string
	for i, t := range c.Words {
		forms := t.Terms()[1:]
		if first, _ := utf8.DecodeRuneInString(plain[i]); unicode.Is(unicode.Arabic, first) && !t.Prefix {
			for _, little := range littleWords {
				forms = append(forms[:len(forms):len(forms)], little+plain[i])
			}
		}
		for _, form := range forms {
			if len(ways) == maxMixed {
				return ways
			}
			way := slices.Clone(plain)
			way[i] = form
			ways = append(ways, way)
		}
	}
	return ways
}
