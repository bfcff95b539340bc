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
	maxRead  = 2 * maxTerm // so many bytes of a word are looked at: forms begin later than the word
)

// wordReader reads the words of a text one after the other. Only text has to be set.
type wordReader struct {
	text      string
	unstemmed bool // words are not stemmed

	start, end int           // where the word is
	term       []byte        // the word folded
	begins     [maxForms]int // where in the term its forms begin
	count      int           // how many forms it has

	at            int             // where the rest of the text begins
	cachedLetters map[rune]letter // letters by rune
	last          letter          // the letter that marks belong to
	compose       bool            // the term has parts that may be written as one
	arabic        bool            // the word begins with an Arabic letter
	english       bool            // the word has nothing but Latin letters without accents
	hamza         uint64          // which of the first letters are alefs with a hamza or madda
	onYa          bool            // the last letter is a ya that carries a hamza
	yaAt          int             // where in the term such a ya stands before a waw, -1 if nowhere
	others        []string        // terms that the word is also found by, but that are in no phrase
	compound      compound
	seats         uint64 // which of the first letters, but for the first, carry a hamza
	afterAbu      int    // where a word begins that belongs to the أبو before it
	afterAbd      int    // where a word begins that belongs to the عبد before it
	letters       int    // how many letters the term has
}

// next moves to the next word and reports whether there is one.
func (r *wordReader) next() bool {
	for r.seekWord() {
		r.reset()
		r.readWord()
		if len(r.term) > 0 {
			r.addForms()
			return true
		}
	}
	return false
}

// reset forgets the word before.
func (r *wordReader) reset() {
	r.term = r.term[:0]
	r.count = 0
	r.letters = 0
	r.compose = false
	r.arabic = false
	r.english = true
	r.hamza = 0
	r.seats = 0
	r.last = letter{}
	r.onYa = false
	r.yaAt = -1
	r.others = nil
}

// seekWord moves to the beginning of a word and reports whether there is one.
func (r *wordReader) seekWord() bool {
	for r.at < len(r.text) {
		if c := r.text[r.at]; c < utf8.RuneSelf {
			if isASCIIWord(c) {
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

// readWord reads a word to its end.
func (r *wordReader) readWord() {
	r.start = r.at
	for r.at < len(r.text) {
		if isASCIIWord(r.text[r.at]) && r.last.kind != single {
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

// isASCIIWord reports whether a byte is a letter or digit of ASCII.
func isASCIIWord(c byte) bool { return isASCIILetter(c) || c >= '0' && c <= '9' }

// addASCII is add for letters and digits of ASCII, the most frequent ones.
func (r *wordReader) addASCII() {
	at := r.at
	term := r.term
	digits := false
	for ; at < len(r.text) && isASCIIWord(r.text[at]); at++ {
		if len(term) >= maxRead {
			continue
		}
		c := r.text[at] | 0x20 // a digit has this bit already
		digits = digits || c < 'a'
		term = append(term, c)
	}
	r.letters += len(term) - len(r.term)
	r.english = r.english && !digits
	r.at = at
	r.end = at
	r.term = term
	r.last = letter{kind: joined}
}

func (r *wordReader) add(c rune, l letter) {
	r.last = l
	if len(r.term) >= maxRead {
		return
	}
	if r.letters == 0 {
		r.arabic = isArabicLetter(c)
	}
	if isHamzatedAlef(c) && r.letters < 64 {
		r.hamza |= 1 << r.letters
	}
	if r.letters > 0 && r.letters < 64 && strings.ContainsRune("أؤئ", c) {
		r.seats |= 1 << r.letters
	}
	r.letters++
	if isIdeograph(c) {
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

// addMark adds a mark to the term if the word is not spelled correctly without it.
func (r *wordReader) addMark(c rune, l letter) {
	if r.letters > 0 && r.letters <= 64 && (c == hamzaAbove || c == hamzaBelow || c == maddaAbove) {
		r.hamza |= 1 << (r.letters - 1)
	}
	if r.letters > 1 && r.letters <= 64 && c == hamzaAbove {
		r.seats |= 1 << (r.letters - 1)
	}
	r.onYa = r.onYa || c == hamzaAbove && strings.HasSuffix(string(r.term), "ي")
	plain := l.plain
	if l.voice && r.last.kana {
		plain = string(voiceMark(c))
	}
	if plain == "" || len(r.term) >= maxRead {
		return
	}
	r.english = false
	r.compose = true
	r.term = append(r.term, plain...)
}

// addForms finds the forms of the word that was read.
func (r *wordReader) addForms() {
	if r.compose {
		r.term = norm.NFC.Append(nil, r.term...)
	}
	r.begins[0], r.count = 0, 1
	r.join()
	switch {
	case r.arabic:
		r.addAbdNames()
		r.addArabicForms()
		r.addSingulars()
		r.addHamzaOnWaw()
		r.addHamzaAlone()
	case endsInHangul(r.term):
		r.cutParticles()
	case r.english && !r.unstemmed:
		r.term = stem(r.term[:len(truncate(r.term))])
	}
}

// form returns one of the forms of the word.
func (r *wordReader) form(i int) []byte { return truncate(r.term[r.begins[i]:]) }

func (r *wordReader) forms() []string {
	term := string(r.term)
	forms := make([]string, r.count)
	for i := range forms {
		begin := r.begins[i]
		forms[i] = term[begin : begin+len(r.form(i))]
	}
	return forms
}

// truncate returns the longest prefix of b that a term may be, which ends between two runes.
func truncate(b []byte) []byte {
	if len(b) <= maxTerm {
		return b
	}
	n := maxTerm
	for n > 0 && !utf8.RuneStart(b[n]) {
		n--
	}
	return b[:n]
}

func isArabicLetter(c rune) bool {
	return c >= 'ء' && c <= 'ي' || c > 'ي' && unicode.Is(unicode.Arabic, c)
}
