package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// wordsWithAl are the words that begin with ال without having the article.
var wordsWithAl = map[string]bool{
	"الله": true, "اللهم": true, "الان": true, "الذي": true, "التي": true, "الذين": true,
	"اللذان": true, "اللذين": true,
	"اللتان": true, "اللتين": true, "اللاتي": true, "اللواتي": true, "اللايي": true,
}

// proclitics are written to the front of the following word: and, so, in, like, for.
var proclitics = []string{"و", "ف", "ب", "ك", "ل"}

// withoutArticle returns the unfinished word without its article and the proclitics before that, ""
// if it cannot have one or no letter follows it.
func (r *wordReader) withoutArticle() string {
	at := 0
	if r.hasAny(at, "و", "ف") && (r.has(2, "ال") || r.has(2, "لل") || r.has(2, "بال") ||
		r.has(2, "كال")) {
		at += 2
	}
	if r.hasAny(at, "ب", "ك") && r.has(at+2, "ال") {
		at += 2
	}
	if !(r.has(at, "ال") || r.has(at, "لل")) || r.lettersFrom(at+4) == 0 {
		return ""
	}
	return string(truncate(r.term[at+4:]))
}

// addArabicForms finds the forms of an Arabic word. Where its article is certain, the plain form is
// without it and the proclitics before it. Otherwise proclitics are removed one by one, and finally
// an article that they preceded. All this is guessed from the letters: a form too many finds a text
// too many, a form too few loses one.
func (r *wordReader) addArabicForms() {
	if r.restoreAlef() {
		return
	}
	if begin := r.articleEnd(0, true); begin > 0 {
		r.begins[0] = begin
		if r.has(begin-4, "لل") { // للجنة is the article before جنة, or the first letter of لجنة
			r.addForm(begin - 2)
		}
		if deeper := r.articleEnd(begin, false); deeper > 0 {
			r.addForm(deeper)
		}
		return
	}
	at := 0
	if r.hasAny(at, "و", "ف") && r.lettersFrom(at+2) >= 3 {
		at += 2
		r.addForm(at)
	}
	if r.hasAny(at, "ب", "ك", "ل") && r.lettersFrom(at+2) >= 3 {
		at += 2
		r.addForm(at)
	}
	if begin := r.articleEnd(at, false); begin > 0 {
		r.addForm(begin)
	}
}

// restoreAlef writes لله, and other words of wordsWithAl after this ل, as they are without it. It
// reports whether the word is one of them.
func (r *wordReader) restoreAlef() bool {
	at := 0
	if r.hasAny(at, "و", "ف") {
		at += 2
	}
	if !r.has(at, "لل") || len(r.term) > maxTerm {
		return false
	}
	for _, rest := range []int{at + 2,
		at} { // للذي has one ل more than الذي, and لله as many as الله
		if own := "ا" + string(r.term[rest:]); wordsWithAl[own] {
			r.term = append(r.term[:0], own...)
			return true
		}
	}
	return false
}

// articleEnd returns where the word continues after its article and the proclitics before that, if
// they begin at at; 0 if they do not. With sure, the alef has to be a plain one and enough has to
// follow.
func (r *wordReader) articleEnd(at int, sure bool) int {
	first, least := at, 2
	if r.hasAny(at, "و", "ف") {
		at += 2
	}
	if r.has(at, "لل") {
		if r.lettersFrom(at+4) < 3 {
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
	if !r.has(at, "ال") || sure && r.hamza>>(at/2)&1 == 1 || r.lettersFrom(at+4) < least {
		return 0
	}
	if len(r.term)-at <= maxTerm && wordsWithAl[string(r.term[at:])] {
		return 0
	}
	return at + 4
}

func (r *wordReader) addForm(at int) {
	r.begins[r.count] = at
	r.count++
}

// lettersFrom returns how many letters the word has from at on.
func (r *wordReader) lettersFrom(at int) int {
	if at > len(r.term) {
		return 0
	}
	return utf8.RuneCount(r.term[at:])
}

func (r *wordReader) has(at int, s string) bool {
	return at >= 0 && len(r.term)-at >= len(s) && string(r.term[at:at+len(s)]) == s
}

func (r *wordReader) hasAny(at int, letters ...string) bool {
	for _, s := range letters {
		if r.has(at, s) {
			return true
		}
	}
	return false
}

// abd begins names that are written as one word or as two: عبدالله, عبد الله.
const abd = "عبد"

// addAbdNames finds the parts of a name that begins with abd, and the whole of one whose first word
// is the one before.
func (r *wordReader) addAbdNames() {
	if r.start == r.afterAbd && r.has(0, "ال") && r.start > 0 {
		r.others = append(r.others, string(truncate([]byte(abd+string(r.term)))))
	}
	r.addAbuNames()
	at := 0
	if r.has(2, abd) && r.hasAny(0, proclitics...) {
		at = 2
	}
	if !r.has(at, abd) {
		return
	}
	rest := at + len(abd)
	if rest == len(r.term) {
		space := len(r.text[r.at:]) - len(strings.TrimLeft(r.text[r.at:], " \u00a0"))
		r.afterAbd = r.at + space
	} else if r.has(rest, "ال") && r.lettersFrom(rest) >= 4 {
		name := rest
		if begin := r.articleEnd(rest, false); begin > 0 {
			name = begin
		}
		r.others = append(r.others, abd, string(truncate(r.term[name:])))
	}
}

// abu begins names that are written as one word or as two: أبوظبي, أبو ظبي.
const abu = "ابو"

// addAbuNames is addAbdNames for names that begin with abu.
func (r *wordReader) addAbuNames() {
	if r.start == r.afterAbu && r.start > 0 {
		r.others = append(r.others, string(truncate([]byte(abu+string(r.term)))))
	}
	at := 0
	if r.has(2, abu) && r.hasAny(0, proclitics...) {
		at = 2
	}
	if !r.has(at, abu) {
		return
	}
	rest := at + len(abu)
	if rest == len(r.term) {
		space := len(r.text[r.at:]) - len(strings.TrimLeft(r.text[r.at:], " \u00a0"))
		r.afterAbu = r.at + space
	} else if r.lettersFrom(rest) >= 3 {
		r.others = append(r.others, abu, string(truncate(r.term[rest:])))
		if at > 0 {
			r.others = append(r.others, string(truncate(r.term[at:])))
		}
	}
}

// addHamzaAlone finds the spelling of a word in which no letter carries a hamza within it, which
// words have in common that writers spell by different rules: رؤوس رءوس, هيئة هيأة.
func (r *wordReader) addHamzaAlone() {
	if r.seats == 0 {
		return
	}
	for i := range min(r.count, 2) {
		begin := r.begins[i*(r.count-1)]
		first := utf8.RuneCount(r.term[:min(begin, len(r.term))])
		form := []rune(string(r.form(i * (r.count - 1))))
		for k := range form {
			if at := first + k; k > 0 && at < 64 && r.seats>>at&1 == 1 {
				form[k] = 'ء'
			}
		}
		r.others = append(r.others, string(truncate([]byte(string(form)))))
	}
}

// addSingulars finds the singular of a word with the ending of a sound plural, in its plain and its
// barest form. Where the ending belongs to the word, that adds a term that nobody searches for.
func (r *wordReader) addSingulars() {
	r.addSingular(string(r.form(0)))
	if r.count > 1 {
		r.addSingular(string(r.form(r.count - 1)))
	}
}

func (r *wordReader) addSingular(form string) {
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

// addHamzaOnWaw finds the other spelling of a word such as مسئول, which is مسؤول elsewhere.
func (r *wordReader) addHamzaOnWaw() {
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
