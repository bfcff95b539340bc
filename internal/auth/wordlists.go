package auth

import (
	"math"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn/frequency"
)

// rankedWords holds words and how common they are: the most common has rank 1; an unknown word
// has rank 0.
type rankedWords struct {
	ranks   map[string]int
	longest int             // characters of the longest word
	pairs   [26][26]int     // how often two letters stand before a third in the words
	triples [26][26][26]int // how often three letters follow each other
}

// surprise returns how hard it is to guess c behind a and b, as a power of ten: little where many
// words have the three in a row.
func (w *rankedWords) surprise(a, b, c rune) (cost float64, ok bool) {
	for _, r := range []rune{a, b, c} {
		if r < 'a' || r > 'z' {
			return 0, false
		}
	}
	seen := float64(w.triples[a-'a'][b-'a'][c-'a']) + 1
	return math.Log10((float64(w.pairs[a-'a'][b-'a']) + 26) / seen), true
}

func (w *rankedWords) add(word string, rank int) {
	if known := w.ranks[word]; known == 0 || rank < known {
		w.ranks[word] = rank
		w.longest = max(w.longest, utf8.RuneCountInString(word))
	}
	for i := range len(word) - 2 {
		three := word[i : i+3]
		if strings.Trim(three, "abcdefghijklmnopqrstuvwxyz") == "" {
			w.pairs[three[0]-'a'][three[1]-'a']++
			w.triples[three[0]-'a'][three[1]-'a'][three[2]-'a']++
		}
	}
}

// commonWords are the common passwords, words and names of the zxcvbn package. Making them ready
// takes some MiB, so it happens when the first password is judged.
var commonWords = sync.OnceValue(func() *rankedWords {
	words := &rankedWords{ranks: make(map[string]int, 100_000)}
	for _, list := range frequency.FrequencyLists {
		for i, word := range list {
			words.add(word, i+1)
		}
	}
	return words
})

// keyPosition is the position of a key on a keyboard.
type keyPosition struct{ row, column int }

// to returns the step from one key to another.
func (k keyPosition) to(other keyPosition) keyPosition {
	return keyPosition{row: other.row - k.row, column: other.column - k.column}
}

// near reports whether a step leads to a neighbouring key, in any of eight directions.
func (k keyPosition) near() bool {
	return k != keyPosition{} && k.row >= -1 && k.row <= 1 && k.column >= -1 && k.column <= 1
}

// keyboards are common layouts: US English, its shifted digits, German, French, and the numeric
// keypad.
var keyboards = []map[rune]keyPosition{
	layout("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"),
	layout("!@#$%^&*()_+"),
	layout("1234567890ß", "qwertzuiopü", "asdfghjklöä", "yxcvbnm,.-"),
	layout("&é\"'(-è_çà)", "azertyuiop^$", "qsdfghjklmù", "wxcvbn,;:!"),
	layout("789", "456", "123", " 0 "),
}

func layout(rows ...string) map[rune]keyPosition {
	keys := map[rune]keyPosition{}
	for row, text := range rows {
		for column, r := range []rune(text) {
			keys[r] = keyPosition{row: row, column: column}
		}
	}
	return keys
}

const (
	cyrillicKeys = "йцукенгшщзхъфывапролджэячсмитьбю"
	latinKeys    = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
)

var latinOfCyrillic = func() map[rune]rune {
	keys := map[rune]rune{}
	latin := []rune(latinKeys)
	for i, r := range []rune(cyrillicKeys) {
		keys[r] = latin[i]
	}
	return keys
}()

// latinKey returns the character of the same key on a Latin layout. Lists of common passwords have
// Russian words typed that way, such as gfhjkm.
func latinKey(r rune) rune {
	if latin, ok := latinOfCyrillic[r]; ok {
		return latin
	}
	return r
}
