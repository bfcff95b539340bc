package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// ownArticle are the words that begin with ال without having the article.
var ownArticle = map[string]bool{
	"الله": true, "اللهم": true, "الان": true, "الذي": true, "التي": true, "الذين": true,
	"اللذان": true, "اللذين": true,
	"اللتان": true, "اللتين": true, "اللاتي": true, "اللواتي": true, "اللايي": true,
}

// littleWords are written to the front of the word behind them: and, so, in, like, for.
var littleWords = []string{"و", "ف", "ب", "ك", "ل"}

// behindArticle is the unfinished word without its article and what is written before that, if it
// may have one and at least one letter of it is there; else "".
func (r *reader) behindArticle() string {
	at := 0
	if r.hasAny(at, "و", "ف") && (r.has(2, "ال") || r.has(2, "لل") || r.has(2, "بال") ||
		r.has(2, "كال")) {
		at += 2
	}
	if r.hasAny(at, "ب", "ك") && r.has(at+2, "ال") {
		at += 2
	}
	if !(r.has(at, "ال") || r.has(at, "لل")) || r.left(at+4) == 0 {
		return ""
	}
	return string(cut(r.term[at+4:]))
}

// cutArabic finds the forms of an Arabic word. Where its article is certain, the plain form is
// without it and what is written before it. Else the little words that are written as the beginning
// of the next are taken off one by one, and at last an article that came to light. All this is
// guessed from the letters: a form too many finds a text too many, a form too few loses one.
func (r *reader) cutArabic() {
	if r.toGod() {
		return
	}
	if begin := r.article(0, true); begin > 0 {
		r.begins[0] = begin
		if r.has(begin-4, "لل") { // للجنة is the article before جنة, or the first letter of لجنة
			r.alsoFrom(begin - 2)
		}
		if deeper := r.article(begin, false); deeper > 0 {
			r.alsoFrom(deeper)
		}
		return
	}
	at := 0
	if r.hasAny(at, "و", "ف") && r.left(at+2) >= 3 {
		at += 2
		r.alsoFrom(at)
	}
	if r.hasAny(at, "ب", "ك", "ل") && r.left(at+2) >= 3 {
		at += 2
		r.alsoFrom(at)
	}
	if begin := r.article(at, false); begin > 0 {
		r.alsoFrom(begin)
	}
}

// toGod writes لله, and the other words of ownArticle behind this ل, as they are without it.
func (r *reader) toGod() bool {
	at := 0
	if r.hasAny(at, "و", "ف") {
		at += 2
	}
	if !r.has(at, "لل") || len(r.term) > maxTerm {
		return false
	}
	for _, rest := range []int{at + 2,
		at} { // للذي has one ل more than الذي, and لله as many as الله
		if own := "ا" + string(r.term[rest:]); ownArticle[own] {
			r.term = append(r.term[:0], own...)
			return true
		}
	}
	return false
}

// article is where the word goes on behind its article and what is written before that, if they
// begin at a place in it; 0 if they do not. An article is sure if its alef is a plain one and
// enough follows.
func (r *reader) article(at int, sure bool) int {
	first, least := at, 2
	if r.hasAny(at, "و", "ف") {
		at += 2
	}
	if r.has(at, "لل") {
		if r.left(at+4) < 3 {
			return 0
		}
		return at + 4
	}
	if r.hasAny(at, "ب", "ك") {
		at += 2
	}
	if sure && at > first {
		least = 3
	}
	if !r.has(at, "ال") || sure && r.hamza>>(at/2)&1 == 1 || r.left(at+4) < least {
		return 0
	}
	if len(r.term)-at <= maxTerm && ownArticle[string(r.term[at:])] {
		return 0
	}
	return at + 4
}

func (r *reader) alsoFrom(at int) {
	r.begins[r.count] = at
	r.count++
}

// left is how many letters the word has from a place on.
func (r *reader) left(at int) int {
	if at > len(r.term) {
		return 0
	}
	return utf8.RuneCount(r.term[at:])
}

func (r *reader) has(at int, s string) bool {
	return at >= 0 && len(r.term)-at >= len(s) && string(r.term[at:at+len(s)]) == s
}

func (r *reader) hasAny(at int, letters ...string) bool {
	for _, s := range letters {
		if r.has(at, s) {
			return true
		}
	}
	return false
}

// servant begins names that some write as one word and some as two: عبدالله, عبد الله.
const servant = "عبد"

// addServant finds the parts of a name that begins with servant, and the whole of one whose first
// word is the one before.
func (r *reader) addServant() {
	if r.start == r.afterServant && r.has(0, "ال") && r.start > 0 {
		r.others = append(r.others, string(cut([]byte(servant+string(r.term)))))
	}
	at := 0
	if r.has(2, servant) && r.hasAny(0, littleWords...) {
		at = 2
	}
	if !r.has(at, servant) {
		return
	}
	rest := at + len(servant)
	if rest == len(r.term) {
		space := len(r.text[r.at:]) - len(strings.TrimLeft(r.text[r.at:], " \u00a0"))
		r.afterServant = r.at + space
	} else if r.has(rest, "ال") && r.left(rest) >= 4 {
		name := rest
		if begin := r.article(rest, false); begin > 0 {
			name = begin
		}
		r.others = append(r.others, servant, string(cut(r.term[name:])))
	}
}

// addSingulars finds the singular of a word with the ending of a sound plural, in its plain and its
// barest form. An ending that belongs to the word makes a term that nobody asks for.
func (r *reader) addSingulars() {
	r.addSingular(string(r.form(0)))
	if r.count > 1 {
		r.addSingular(string(r.form(r.count - 1)))
	}
}

func (r *reader) addSingular(form string) {
	for _, ending := range []string{"ون", "ين", "ات"} {
		one, ok := strings.CutSuffix(form, ending)
		if !ok || utf8.RuneCountInString(one) < 3 {
			continue
		}
		r.others = append(r.others, one)
		if ending == "ات" {
			r.others = append(r.others, one+"ه")
		}
	}
}

// addHamzaOnWaw finds the other spelling of a word as مسئول, which is مسؤول elsewhere.
func (r *reader) addHamzaOnWaw() {
	for i := range min(r.count, 2) {
		form := r.form(i * (r.count - 1))
		at := r.yaAt - r.begins[i*(r.count-1)]
		if at >= 0 && at+len("ي") <= len(form) {
			other := slices.Clone(form)
			copy(other[at:], "و")
			r.others = append(r.others, string(other))
		}
	}
}
