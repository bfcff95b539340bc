package auth

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/ccojocar/zxcvbn-go/data"
)

// rankedWordsWords holds words and how common they are: the most common has rank 1; an unknown word
// has rank 0.
type rankedWords struct {
	ranks   map[string]int
	longest int              // characters of the longest word
	triples [26][26][26]bool // three letters that are consecutive in some word
}

// follows reports whether c comes after a and b in some word. It is true of letters outside a to z.
func (w *rankedWords) follows(a, b, c rune) bool {
	for _, r := range []rune{a, b, c} {
		if r < 'a' || r > 'z' {
			return true
		}
	}
	return w.triples[a-'a'][b-'a'][c-'a']
}

func (w *rankedWords) add(word string, rank int) {
	if known := w.ranks[word]; known == 0 || rank < known {
		w.ranks[word] = rank
		w.longest = max(w.longest, utf8.RuneCountInString(word))
	}
	for i := range len(word) - 2 {
		if three := word[i : i+3]; strings.Trim(three, alphabet) == "" {
			w.triples[three[0]-'a'][three[1]-'a'][three[2]-'a'] = true
		}
	}
}

// commonWords are the common passwords, English words and names of the zxcvbn package. Loading
// takes 25 ms and some MiB, so it happens when the first password is judged.
var commonWords = sync.OnceValue(func() *rankedWords {
	words := &rankedWords{ranks: make(map[string]int, 90_000)}
	for _, name := range []string{"Passwords", "English", "MaleNames", "FemaleNames", "Surnames"} {
		list, err := wordList(name)
		if err != nil {
			panic(err) // the lists are compiled in: a failure is a fault of the build
		}
		for i, word := range list {
			words.add(word, i+1)
		}
	}
	return words
})

// wordList returns one of the lists of the zxcvbn package, the most common word first.
func wordList(name string) ([]string, error) {
	text, err := data.Asset("data/" + name + ".json")
	if err != nil {
		return nil, fmt.Errorf("word list %s: %w", name, err)
	}
	var list struct{ List []string }
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("word list %s: %w", name, err)
	}
	return list.List, nil
}

const alphabet = "abcdefghijklmnopqrstuvwxyz"

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

// cyrillicVowels are the keys of а е и о у ы э ю я.
const cyrillicVowels = "ftbjes'.z"

// mayBeCyrillic reports whether a text may be Russian typed on a Latin layout: on a Cyrillic layout
// nearly all of its groups of three letters would have a vowel and a consonant. So have one in
// twenty texts of random letters.
func mayBeCyrillic(text []rune) bool {
	groups, pronounceable := 0, 0
	for i := range max(len(text)-2, 0) {
		vowels, letters := 0, 0
		for _, r := range text[i : i+3] {
			if strings.ContainsRune(latinKeys, r) {
				letters++
			}
			if strings.ContainsRune(cyrillicVowels, r) {
				vowels++
			}
		}
		if letters == 3 {
			groups++
			if vowels == 1 || vowels == 2 {
				pronounceable++
			}
		}
	}
	return groups > 2 && pronounceable*100 >= groups*85
}
