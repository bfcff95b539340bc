package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Query is a parsed query: a text matches it if it has every clause of Want and none of Without.
type Query struct {
	Want, Without []Clause
}

// Clause is one word, or a phrase of several that follow each other.
type Clause struct {
	Words []Term
	Tags  []string // terms that stand for tags the clause names; Parse leaves them to its caller

	// Instead are other words that the clause may be written with: cooperation for co-operation,
	// covid19 and covid 19 for each other. The last one may continue if that of Words may.
	Instead [][]Term
}

// Term is a word of a query.
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

// closing maps the quotation marks that begin a phrase to those that end it.
var closing = map[rune]string{'"': `"`, '“': `”"`, '”': `”"`, '„': `“”"`, '«': `»"`}

// Parse parses a query. Words stand for themselves, words in quotation marks for a phrase. A hyphen
// before either means that a text must not have it, an asterisk after it that the word may
// continue. What people take for one word and Words for several is a phrase. Nothing else has a
// meaning, and every text is a query.
func Parse(q string) Query { return parse(q, 2) }

// ParseTyped parses a query that is still being typed: its last word may continue, even if it has
// only one letter, unless something was typed after it.
func ParseTyped(q string) Query {
	r := wordReader{text: q}
	end := 0
	for r.next() {
		end = r.end
	}
	if end > 0 && end == len(q) {
		q += "*"
	}
	return parse(q, 1)
}

// parse is Parse, where an asterisk needs at least so many letters before it.
func parse(q string, least int) Query {
	var query Query
	asked := map[string]bool{}
	var before *spelling // the single word that is wanted before a clause
	for {
		q = strings.TrimLeftFunc(q, unicode.IsSpace)
		if q == "" {
			return query
		}
		var part string
		without := false
		part, q, without = nextPiece(q)
		words := readSpellings(part, least)
		c := newClause(words)
		key := c.key(without)
		if len(c.Words) == 0 || asked[key] {
			continue
		}
		asked[key] = true
		if without {
			query.Without = append(query.Without, c)
			before = nil
			continue
		}
		query.Want = append(query.Want, c)
		if len(words) != 1 {
			before = nil
			continue
		}
		if before != nil {
			if one, ok := before.with(words[0]); ok {
				joinClauses(query.Want[len(query.Want)-2:], one)
			}
		}
		before = &words[0]
	}
}

// nextPiece cuts the first clause off a query, which does not begin with a space.
func nextPiece(q string) (part, rest string, without bool) {
	body := strings.TrimLeft(q, "-")
	without = len(body) < len(q)
	c, size := utf8.DecodeRuneInString(body)
	if ends, ok := closing[c]; ok {
		part, rest = cutPhrase(body[size:], ends)
		return part, rest, without
	}
	r := wordReader{}
	if k := r.letter(c).kind; k == gap {
		without = false
	}
	end := strings.IndexFunc(body, func(c rune) bool {
		return unicode.IsSpace(c) ||
			closing[c] != ""
	})
	if end < 0 {
		end = len(body)
	}
	return body[:end], body[end:], without
}

// cutPhrase divides a text at the quotation mark that ends it, or at its end. An asterisk just
// after the mark belongs to the phrase.
func cutPhrase(s, ends string) (inside, rest string) {
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

// prefixes returns the forms of a word that is only the beginning of one.
func (r *wordReader) prefixes() []string {
	forms := r.forms()
	if r.english {
		return prefixStems(forms[0])
	}
	for _, form := range []string{string(truncate(r.term)),
		r.withoutArticle()} { // the first as of words whose ال is their own
		if form != "" && !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	return forms
}

// key returns what tells clauses apart.
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

// Blank reports whether there is nothing to search for. What a text must not have is no query by
// itself.
func (q Query) Blank() bool { return len(q.Want) == 0 }

// Open returns how many clauses of the query stand for more words or texts than one word has: the
// beginnings of words and what must not be in a text.
func (q Query) Open() int {
	n := len(q.Without)
	for _, c := range q.Want {
		if c.isOpen() {
			n++
		}
	}
	return n
}

// In reports whether a text has the clause, apart from Tags.
func (c Clause) In(s string) bool {
	if len(c.Words) == 0 {
		return false
	}
	stream := " " + Stream(s) + " "
	for _, phrase := range c.Phrases() {
		way := " " + strings.Join(phrase, " ")
		if !c.isOpen() {
			way += " "
		}
		if strings.Contains(stream, way) {
			return true
		}
	}
	return false
}

// isOpen reports whether the last word may continue.
func (c Clause) isOpen() bool { return c.Words[len(c.Words)-1].Prefix }

// Phrases returns the ways in which the clause can be in a stream, each a sequence of terms that
// single spaces separate. The last term is only the beginning of one if that of Words is. The
// caller may change the result.
func (c Clause) Phrases() [][]string {
	ways := sequences(c.Words)
	if len(c.Words) > 1 {
		ways = append(ways, c.mixed(ways[0])...)
	}
	for _, words := range c.Instead {
		ways = append(ways, sequences(words)...)
	}
	return ways
}

// sequences returns a word in each of its terms, and several words in their plain and their barest
// forms.
func sequences(words []Term) (ways [][]string) {
	switch len(words) {
	case 0:
		return nil
	case 1:
		for _, form := range words[0].Terms() {
			ways = append(ways, []string{form})
		}
		return ways
	}
	var plain, barest []string
	for _, t := range words {
		plain = append(plain, t.Forms[0])
		barest = append(barest, t.Forms[len(t.Forms)-1])
	}
	ways = append(ways, plain)
	if !slices.Equal(plain, barest) {
		ways = append(ways, barest)
	}
	return ways
}

// maxMixed is how many ways of mixing the forms of a phrase are searched for.
const maxMixed = 40

// mixed returns the ways of a phrase in which one word has another form than the rest, or a
// proclitic before it. A stream has its words all plain or all barest, but which of them a form is
// depends on the text.
func (c Clause) mixed(plain []string) [][]string {
	var ways [][]string
	for i, t := range c.Words {
		forms := t.Terms()[1:]
		if first, _ := utf8.DecodeRuneInString(plain[i]); unicode.Is(unicode.Arabic, first) &&
			!t.Prefix {
			for _, little := range proclitics {
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
