package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	maxTerm  = 64          // the greatest length of a term, in bytes
	maxForms = 4           // the most forms that a word has
	enough   = 2 * maxTerm // so many bytes of a word are looked at: forms begin later than the word
)

// reader reads the words of a text one after the other. Only the text need be set.
type reader struct {
	text  string
	whole bool // words are not stemmed

	start, end int           // where the word stands
	term       []byte        // the word folded
	begins     [maxForms]int // where in the term its forms begin
	count      int           // how many forms it has

	at           int             // where the rest of the text begins
	known        map[rune]letter // letters that were met
	last         letter          // the letter that marks belong to
	compose      bool            // the term has parts that may be written as one
	arabic       bool            // the word begins with an Arabic letter
	english      bool            // the word has nothing but Latin letters without accents
	hamza        uint64          // which of the first letters of the term are alefs with a hamza or madda
	onYa         bool            // the last letter is a ya that carries a hamza
	yaAt         int             // where in the term such a ya stands before a waw, -1 if nowhere
	others       []string        // terms that the word is also found by, but that are in no phrase
	compound     compound
	afterServant int // where a word begins that belongs to the عبد before it
	letters      int // how many letters the term has
}

// next goes to the next word and tells whether there is one.
func (r *reader) next() bool {
	for r.skip() {
		r.term, r.count, r.letters = r.term[:0], 0, 0
		r.compose, r.arabic, r.english, r.hamza, r.last = false, false, true, 0, letter{}
		r.onYa, r.yaAt, r.others = false, -1, nil
		r.run()
		if len(r.term) > 0 {
			r.finish()
			return true
		}
	}
	return false
}

// skip goes to where a word begins, and tells whether one does.
func (r *reader) skip() bool {
	for r.at < len(r.text) {
		if c := r.text[r.at]; c < utf8.RuneSelf {
			if asciiWord(c) {
				return true
			}
			r.at++
			continue
		}
		c, size := utf8.DecodeRuneInString(r.text[r.at:])
		switch r.letter(c).kind {
		case gap, hidden:
			r.at += size
		default:
			return true
		}
	}
	return false
}

// run reads a word to its end.
func (r *reader) run() {
	r.start = r.at
	for r.at < len(r.text) {
		if asciiWord(r.text[r.at]) && r.last.kind != single {
			r.addASCII()
			continue
		}
		c, size := utf8.DecodeRuneInString(r.text[r.at:])
		l := r.letter(c)
		switch {
		case l.kind == gap,
			l.kind == single && r.at > r.start,
			l.kind == joined && r.last.kind == single:
			return
		case l.kind == mark:
			r.end = r.at + size
			r.addMark(c, l)
		case l.kind != hidden:
			r.end = r.at + size
			r.add(c, l)
		}
		r.at += size
	}
}

// asciiWord tells whether a byte is a letter or a digit of ASCII.
func asciiWord(c byte) bool { return asciiLetter(c) || c >= '0' && c <= '9' }

// addASCII is add for letters and digits of ASCII, which most texts have most of.
func (r *reader) addASCII() {
	at, term, digits := r.at, r.term, false
	for ; at < len(r.text) && asciiWord(r.text[at]); at++ {
		if len(term) >= enough {
			continue
		}
		c := r.text[at] | 0x20 // a digit has this bit already
		digits = digits || c < 'a'
		term = append(term, c)
	}
	r.letters += len(term) - len(r.term)
	r.english = r.english && !digits
	r.at, r.end, r.term = at, at, term
	r.last = letter{kind: joined}
}

func (r *reader) add(c rune, l letter) {
	r.last = l
	if len(r.term) >= enough {
		return
	}
	if r.letters == 0 {
		r.arabic = arabicLetter(c)
	}
	if alefWithSign(c) && r.letters < 64 {
		r.hamza |= 1 << r.letters
	}
	r.letters++
	if ideograph(c) {
		r.english = false
		r.term = utf8.AppendRune(r.term, c)
		return
	}
	if r.onYa && c == 'و' {
		r.yaAt = len(r.term) - len("ي")
	}
	r.onYa = c == 'ئ'
	r.compose = r.compose || l.parts
	for i := 0; i < len(l.plain); i++ {
		r.english = r.english && l.plain[i] >= 'a' && l.plain[i] <= 'z'
	}
	r.term = append(r.term, l.plain...)
}

// addMark takes a mark into the term if the word is not spelled right without it.
func (r *reader) addMark(c rune, l letter) {
	if r.letters > 0 && r.letters <= 64 && (c == hamzaAbove || c == hamzaBelow || c == maddaAbove) {
		r.hamza |= 1 << (r.letters - 1)
	}
	r.onYa = r.onYa || c == hamzaAbove && strings.HasSuffix(string(r.term), "ي")
	plain := l.plain
	if l.voice && r.last.kana {
		plain = string(voiceMark(c))
	}
	if plain == "" || len(r.term) >= enough {
		return
	}
	r.english = false
	r.compose = true
	r.term = append(r.term, plain...)
}

// finish finds the forms of the word that was read.
func (r *reader) finish() {
	if r.compose {
		r.term = norm.NFC.Append(nil, r.term...)
	}
	r.begins[0], r.count = 0, 1
	r.join()
	switch {
	case r.arabic:
		r.addServant()
		r.cutArabic()
		r.addSingulars()
		r.addHamzaOnWaw()
	case isHangul(r.term):
		r.cutParticle()
	case r.english && !r.whole:
		r.term = stem(r.term[:len(cut(r.term))])
	}
}

// form is one of the forms of the word.
func (r *reader) form(i int) []byte { return cut(r.term[r.begins[i]:]) }

func (r *reader) forms() []string {
	term := string(r.term)
	forms := make([]string, r.count)
	for i := range forms {
		begin := r.begins[i]
		forms[i] = term[begin : begin+len(r.form(i))]
	}
	return forms
}

// cut is the longest beginning of b that a term may be, which ends between two runes.
func cut(b []byte) []byte {
	if len(b) <= maxTerm {
		return b
	}
	n := maxTerm
	for n > 0 && !utf8.RuneStart(b[n]) {
		n--
	}
	return b[:n]
}

func arabicLetter(c rune) bool {
	return c >= 'ء' && c <= 'ي' || c > 'ي' && unicode.Is(unicode.Arabic, c)
}
