package search

import (
	"bytes"
	"strings"
)

// irregularPlurals are the English plurals that no rule makes.
var irregularPlurals = map[string]string{
	"men": "man", "children": "child", "people": "person", "feet": "foot", "teeth": "tooth",
	"mice": "mouse", "geese": "goose",
	"lice": "louse", "oxen": "ox", "criteria": "criterion", "phenomena": "phenomenon",
	"wolves": "wolf", "knives": "knife", "lives": "life", "wives": "wife", "leaves": "leaf",
	"halves": "half", "selves": "self",
	"shelves": "shelf", "thieves": "thief", "loaves": "loaf", "calves": "calf", "elves": "elf",
	"hooves":  "hoof",
	"scarves": "scarf", "dwarves": "dwarf", "midwives": "midwife", "housewives": "housewife",
	"oases": "oasis", "buses": "bus", "gases": "gas", "quizzes": "quiz", "airmen": "airman",
	"cameramen": "cameraman", "chairmen": "chairman",
	"countrymen": "countryman", "firemen": "fireman", "fishermen": "fisherman",
	"freshmen":  "freshman",
	"gentlemen": "gentleman", "gunmen": "gunman", "lawmen": "lawman", "policemen": "policeman",
	"servicemen": "serviceman",
	"menus":      "menu", "gurus": "guru", "hindus": "hindu", "zulus": "zulu", "emus": "emu",
	"haikus": "haiku", "tofus": "tofu",
	"ids": "id", "ads": "ad", "workmen": "workman", "grandchildren": "grandchild",
	"schoolchildren": "schoolchild",
}

// invariableWords are the words that only look like an English plural, or like the singular of one.
var invariableWords = map[string]bool{
	"news": true, "series": true, "species": true, "lens": true, "bias": true, "atlas": true,
	"canvas": true, "alias": true,
	"pancreas": true, "christmas": true, "basis": true, "means": true, "marie": true, "julie": true,
	"carrie": true,
}

// exceptionIndex excludes most words from both tables without looking them up.
var exceptionIndex = newExceptions()

// wordIndex has the first letters of words, a bit for each, by their last letter.
type wordIndex ['z' - 'a' + 1]uint32

func newExceptions() (e wordIndex) {
	for word := range irregularPlurals {
		e[word[len(word)-1]-'a'] |= 1 << (word[0] - 'a')
	}
	for word := range invariableWords {
		e[word[len(word)-1]-'a'] |= 1 << (word[0] - 'a')
	}
	return e
}

// mayContain reports whether a word, which has lower-case ASCII letters and is not empty, may be in
// the index.
func (e *wordIndex) mayContain(word []byte) bool {
	return e[word[len(word)-1]-'a']>>(word[0]-'a')&1 == 1
}

// stem returns what the singular and the plural of an English word have in common. The word is
// folded and has only ASCII letters; its bytes may be changed. Every rule treats both numbers
// alike, so that a word of another language is still found by itself.
func stem(word []byte) []byte {
	if exceptionIndex.mayContain(word) {
		if one, ok := irregularPlurals[string(word)]; ok {
			return regularStem(append(word[:0:0], one...))
		}
	}
	if n := len(word); n > 4 && (bytes.HasSuffix(word, []byte("women")) ||
		bytes.HasSuffix(word, []byte("smen"))) {
		word[n-2] = 'a'
		return word
	}
	return regularStem(word)
}

// regularStem is stem without the irregular plurals.
func regularStem(word []byte) []byte {
	n := len(word)
	ends := func(s string) bool { return n >= len(s) && string(word[n-len(s):]) == s }
	switch {
	case n == 3 && ends("s") && !bytes.ContainsAny(word, "aeiouy"): // MPs, TVs
		return word[:2]
	case n <= 3 || exceptionIndex.mayContain(word) && invariableWords[string(word)]:
		return word
	case ends("sis") && n >= 5: // crisis, crises
		return withoutIs(word[:n-2])
	case ends("ss"), ends("us") && !ends("aus"):
		return word
	case ends("ies") && n >= 5:
		return append(word[:n-3], 'y')
	case ends("s"):
		return withoutIs(withoutE(word[:n-1]))
	case ends("ie"):
		return append(word[:n-2], 'y')
	}
	return withoutIs(withoutE(word))
}

// withoutIs removes the s of an ending that Israelis and irises have left: it may belong to the
// plural or to the word.
func withoutIs(word []byte) []byte {
	if n := len(word); n > 3 && bytes.HasSuffix(word, []byte("is")) {
		return word[:n-1]
	}
	return word
}

// withoutE removes the e of a word that ends like heroe, boxe, churche, wishe, classe, house or
// prize: it may belong to the plural or to the word.
func withoutE(word []byte) []byte {
	rest, ok := bytes.CutSuffix(word, []byte("e"))
	if !ok || len(rest) < 3 {
		return word
	}
	for _, end := range []string{"o", "x", "ch", "sh", "ss", "zz"} {
		if bytes.HasSuffix(rest, []byte(end)) {
			return rest
		}
	}
	if last := rest[len(rest)-1]; (last == 's' || last == 'z') && len(rest) > 3 {
		return rest
	}
	return word
}

// prefixStems returns the terms that a word may begin with in a stream if its letters begin with
// those of p. Only irregular plurals of which p does not have all letters are not among them.
func prefixStems(p string) []string {
	found := []string{p, string(stem([]byte(p)))}
	for _, end := range []string{"", "s", "e", "es"} {
		found = append(found, string(regularStem([]byte(p+end))))
	}
	var shortest []string
	for i, a := range found {
		spare := false
		for j, b := range found {
			spare = spare || strings.HasPrefix(a, b) && (a != b || j < i)
		}
		if !spare {
			shortest = append(shortest, a)
		}
	}
	return shortest
}
