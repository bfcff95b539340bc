package auth

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/ccojocar/zxcvbn-go/data"
)

// ranked are words by how common they are: the commonest has rank 1, and one that is not known 0.
type ranked struct {
	ranks   map[string]int
	longest int              // characters of the longest word
	triples [26][26][26]bool // three letters that stand in a row in some word
}

// follows reports whether c stands behind a and b in some word. It is true of letters that no list knows.
func (w *ranked) follows(a, b, c rune) bool {
	for _, r := range []rune{a, b, c} {
		if r < 'a' || r > 'z' {
			return true
		}
	}
	return w.triples[a-'a'][b-'a'][c-'a']
}

func (w *ranked) add(word string, rank int) {
	if known := w.ranks[word]; known == 0 || rank < known {
		w.ranks[word] = rank
		w.longest = max(w.longest, utf8.RuneCountInString(word))
	}
	for i := range len(word) - 2 {
		a, b, c := word[i]-'a', word[i+1]-'a', word[i+2]-'a'
		if max(a, b, c) < 26 {
			w.triples[a][b][c] = true
		}
	}
}

// commonWords are the common passwords, English words and names that zxcvbn carries. They take 25 ms and some MiB, so
// they are read when the first password is judged.
var commonWords = sync.OnceValue(func() *ranked {
	words := &ranked{ranks: make(map[string]int, 90_000)}
	for _, name := range []string{"Passwords", "English", "MaleNames", "FemaleNames", "Surnames"} {
		list, err := wordList(name)
		if err != nil {
			panic(err) // part of the program: it cannot fail for one caller and not for another
		}
		for i, word := range list {
			words.add(word, i+1)
		}
	}
	return words
})

// wordList returns one of zxcvbn's lists, the commonest first.
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

// key is where a key lies on a keyboard.
type key struct{ row, column int }

// to returns the step from one key to another.
func (k key) to(other key) key {
	return key{row: other.row - k.row, column: other.column - k.column}
}

// near reports whether a step leads to a neighbouring key. Rows are shifted to the right, so that the key to the lower
// right of another has the same column or one less.
func (k key) near() bool {
	return k != key{} && k.row >= -1 && k.row <= 1 && k.column >= -1 && k.column <= 1
}

// keyboards are the layouts that fingers walk over.
var keyboards = []map[rune]key{
	layout("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"),
	layout("!@#$%^&*()_+"),
	layout("1234567890ß", "qwertzuiopü", "asdfghjklöä", "yxcvbnm,.-"),
	layout("&é\"'(-è_çà)", "azertyuiop^$", "qsdfghjklmù", "wxcvbn,;:!"),
	layout("789", "456", "123", " 0 "),
}

func layout(rows ...string) map[rune]key {
	keys := map[rune]key{}
	for row, text := range rows {
		for column, r := range []rune(text) {
			keys[r] = key{row: row, column: column}
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

// latinKey returns what the same key gives on a Latin keyboard. Lists of common passwords hold Russian words as they
// come out there, such as gfhjkm.
func latinKey(r rune) rune {
	if latin, ok := latinOfCyrillic[r]; ok {
		return latin
	}
	return r
}

// cyrillicVowels are the keys of а е и о у ы э ю я.
const cyrillicVowels = "ftbjes'.z"

// mayBeCyrillic reports whether the keys of a text would give what can be pronounced: nearly all of its groups of three
// letters have a vowel and a consonant. One text of random letters in twenty has, too.
func mayBeCyrillic(text []rune) bool {
	groups, spoken := 0, 0
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
				spoken++
			}
		}
	}
	return groups > 2 && spoken*100 >= groups*85
}
