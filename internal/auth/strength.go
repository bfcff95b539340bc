package auth

import (
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxJudged is how many characters of a text are judged; the work grows with their square.
const maxJudged = 256

// The cost of parts of a text for an attacker who guesses, in powers of ten. They were tuned with
// lists of common passwords on one side, phrases of unrelated words and random passwords on the
// other.
const (
	costWord      = 0.8 // the least, however common the word
	costKnown     = 0.3 // a word about the person or the site
	costPassword  = 5.0 // a well-known password
	costDisguise  = 0.3 // 0 for o and the like
	costRun       = 1.0 // 1234, aaaa or qwer
	costTurn      = 0.5 // each change of direction on the keyboard
	costRepeat    = 0.3 // a repetition of what precedes it
	costYear      = 0.6
	costDate      = 3.0
	costDigit     = 0.7
	costLetter    = 0.65 // in words of other languages, too, one letter gives away the next
	costRandom    = 1.4  // a letter that the two before it do not give away
	costChange    = 1.0  // a digit after a letter, or a letter after a digit
	costCapital   = 0.8
	costSeparator = 0.8 // a space or mark between two words
	costMark      = 1.8
	costTail      = 0.4 // each of up to four digits and marks after the last letter
	costIdeograph = 1.8 // Han, Hangul and the like: thousands are in use
)

// strength estimates how many guesses a text takes, as a power of ten: the cheapest way to put it
// together from common words, words in about, runs, dates, repeats and single characters. It looks
// at the first 256 characters only.
func strength(text string, about []string) float64 {
	m := newMeter(text, about)
	for start := range m.runes {
		m.extend(start, start+1, m.single(start))
		m.words(start)
		m.knownPasswords(start)
		m.runs(start)
		m.dates(start)
		m.repeats(start)
		m.interleaved(start)
	}
	if m.known {
		return m.best[len(m.runes)] + min(capitals(text), costCapital) // most are those of the list
	}
	return m.best[len(m.runes)] + capitals(text)
}

// meter holds the text that is judged. Positions count characters.
type meter struct {
	text     string // in lower case
	plain    string // the same with disguises undone, one character for one
	latin    string // the same keys on a Latin layout
	runes    []rune
	offsets  [][3]int // where a character begins in text, plain and latin
	about    map[string]bool
	distinct float64   // the power of ten of how many different characters there are, if few
	tail     int       // the position after the last letter
	tailEnd  int       // the position after what people append to a word
	known    bool      // a well-known password is in it
	best     []float64 // the lowest cost of the text up to a position
}

// tailLength is how many characters people append to a word to satisfy a rule.
const tailLength = 4

func newMeter(text string, about []string) *meter {
	runes := []rune(strings.ToLower(text))
	runes = runes[:min(len(runes), maxJudged)]
	m := &meter{
		text:    string(runes),
		plain:   strings.Map(undisguise, string(runes)),
		latin:   strings.Map(latinKey, string(runes)),
		runes:   runes,
		offsets: make([][3]int, len(runes)+1),
		about:   map[string]bool{},
		best:    make([]float64, len(runes)+1),
	}
	different := map[rune]bool{}
	for i, r := range runes {
		m.best[i+1] = math.Inf(1)
		different[r] = true
		if unicode.IsLetter(r) {
			m.tail = i + 1
		}
		at := m.offsets[i]
		m.offsets[i+1] = [3]int{
			at[0] + utf8.RuneLen(r),
			at[1] + utf8.RuneLen(undisguise(r)),
			at[2] + utf8.RuneLen(latinKey(r)),
		}
	}
	m.tailEnd = tailEnd(runes, m.tail)
	m.distinct = math.Inf(1)
	if 2*len(different) <= len(runes) {
		m.distinct = math.Log10(float64(len(different)))
	}
	for _, word := range about {
		m.about[word] = true
		m.about[strings.Map(undisguise, word)] = true
	}
	return m
}

// tailEnd returns the position after what people append to a word that ends at tail: digits, marks,
// or one behind the other. Where they alternate, it is the tail itself.
func tailEnd(runes []rune, tail int) int {
	changes := 0
	for i := tail + 1; i < len(runes); i++ {
		if isDigit(runes[i]) != isDigit(runes[i-1]) {
			changes++
		}
	}
	if changes > 1 {
		return tail
	}
	return min(tail+tailLength, len(runes))
}

// extend records that the characters from start to end have at most this cost.
func (m *meter) extend(start, end int, cost float64) {
	m.best[end] = min(m.best[end], m.best[start]+cost)
}

// single returns the cost of one character by itself. In a text of few different characters each
// costs less.
func (m *meter) single(i int) float64 {
	r := m.runes[i]
	var cost float64
	switch {
	case m.tail > 0 && i >= m.tail && i < m.tailEnd:
		cost = costTail
	case isDigit(r):
		cost = costDigit
		if m.isLetter(i - 1) {
			cost += costChange
		}
	case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana):
		cost = costIdeograph
	case unicode.IsLetter(r):
		cost = m.letter(i)
		if i > 0 && isDigit(m.runes[i-1]) {
			cost += costChange
		}
	case strings.ContainsRune(" -_.,", r) && m.isLetter(i-1) && m.isLetter(i+1):
		cost = costSeparator
	default:
		cost = costMark
	}
	return min(cost, m.distinct+0.1)
}

func (m *meter) isLetter(i int) bool {
	return i >= 0 && i < len(m.runes) && unicode.IsLetter(m.runes[i])
}

// letter returns the cost of a letter by itself.
func (m *meter) letter(i int) float64 {
	if i < 2 {
		return costLetter
	}
	cost, ok := commonWords().surprise(m.runes[i-2], m.runes[i-1], m.runes[i])
	if !ok {
		return costLetter
	}
	return min(max(cost, costLetter), costRandom)
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// words finds the common words, and those about the person, that begin at start.
func (m *meter) words(start int) {
	known := commonWords()
	for end := start + 2; end <= min(len(m.runes), start+known.longest); end++ {
		from, to := m.offsets[start], m.offsets[end]
		spellings := [3]string{
			m.text[from[0]:to[0]],
			m.plain[from[1]:to[1]],
			m.latin[from[2]:to[2]],
		}
		for i, spelling := range spellings {
			if i > 0 && spelling == spellings[0] {
				continue
			}
			extra := 0.0
			if i > 0 {
				extra = costDisguise
			}
			if m.about[spelling] {
				m.extend(start, end, costKnown+extra)
			}
			if rank := known.ranks[spelling]; rank > 0 {
				m.extend(start, end, max(math.Log10(float64(rank)), costWord)+extra)
			}
		}
	}
}

// runs finds runs that begin at start: one character repeated, an alphabet, or neighbouring keys.
func (m *meter) runs(start int) {
	for end := start + 1; end < len(m.runes); end++ {
		step := m.runes[end] - m.runes[end-1]
		if step < -1 || step > 1 || step != m.runes[start+1]-m.runes[start] {
			break
		}
		if end-start >= 2 {
			m.extend(start, end+1, costRun)
		}
	}
	for _, keyboard := range keyboards {
		m.walk(start, keyboard)
	}
}

// walk finds neighbouring keys. Three in one direction are a walk, and four whatever their
// directions.
func (m *meter) walk(start int, keyboard map[rune]keyPosition) {
	at, ok := keyboard[m.runes[start]]
	if !ok {
		return
	}
	cost, turns := costRun, 0
	var direction keyPosition
	for end := start + 1; end < len(m.runes); end++ {
		to, ok := keyboard[m.runes[end]]
		step := at.to(to)
		if !ok || !step.near() {
			return
		}
		if end > start+1 && step != direction {
			turns++
			cost += costTurn
		}
		at = to
		direction = step
		if length := end - start + 1; length >= 4 || (length == 3 && turns == 0) {
			m.extend(start, end+1, cost)
		}
	}
}

// interleaved finds two runs that alternate, such as 1a2s3d.
func (m *meter) interleaved(start int) {
	for end := start + 4; end < len(m.runes); end++ {
		if !sameStep(m.runes[end-4], m.runes[end-2], m.runes[end]) {
			return
		}
		if end-start >= 5 {
			m.extend(start, end+1, 2*costRun)
		}
	}
}

// sameStep reports whether c follows b as b follows a: the same character, its neighbour in an
// alphabet, or on a keyboard.
func sameStep(a, b, c rune) bool {
	if step := b - a; step == c-b && step >= -1 && step <= 1 {
		return true
	}
	for _, keyboard := range keyboards {
		first, one := keyboard[a]
		second, two := keyboard[b]
		third, three := keyboard[c]
		step := first.to(second)
		if one && two && three && step.near() && step == second.to(third) {
			return true
		}
	}
	return false
}

// dates finds years and dates of six or eight digits.
func (m *meter) dates(start int) {
	for _, length := range []int{4, 6, 8} {
		if start+length > len(m.runes) {
			return
		}
		digits := m.text[m.offsets[start][0]:m.offsets[start+length][0]]
		century := strings.HasPrefix(digits, "19") || strings.HasPrefix(digits, "20")
		if length == 4 && century && isNumber(digits) {
			m.extend(start, start+length, costYear)
		}
		if length > 4 && isDate(digits) {
			m.extend(start, start+length, costDate)
		}
	}
}

func isNumber(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

func isDate(digits string) bool {
	layouts := []string{"020106", "010206", "060102"}
	if len(digits) == 8 {
		layouts = []string{"02012006", "01022006", "20060102"}
	}
	for _, layout := range layouts {
		date, err := time.Parse(layout, digits)
		if err == nil && (len(digits) == 6 || (date.Year() >= 1900 && date.Year() < 2100)) {
			return true
		}
	}
	return false
}

// repeats finds repetitions, at start, of what precedes start.
func (m *meter) repeats(start int) {
	for length := 1; start >= length && start+length <= len(m.runes); length++ {
		before := m.text[m.offsets[start-length][0]:m.offsets[start][0]]
		after := m.text[m.offsets[start][0]:m.offsets[start+length][0]]
		if before == after {
			m.extend(start, start+length, costRepeat)
		}
	}
}

// capitals returns what capital letters add: nothing for one at the beginning or for all capitals,
// as is common.
func capitals(text string) float64 {
	upper, lower := 0, 0
	first := false
	for i, r := range text {
		switch {
		case unicode.IsUpper(r):
			upper++
			first = first || i == 0
		case unicode.IsLower(r):
			lower++
		}
	}
	if upper == 0 || lower == 0 || (upper == 1 && first) {
		return 0
	}
	return costCapital * float64(min(upper, lower))
}

// undisguise returns the letter that a character stands for in a disguised word.
func undisguise(r rune) rune {
	switch r {
	case '0':
		return 'o'
	case '1', '!':
		return 'i'
	case '3', '€':
		return 'e'
	case '4', '@':
		return 'a'
	case '5', '$':
		return 's'
	case '7':
		return 't'
	}
	return r
}
