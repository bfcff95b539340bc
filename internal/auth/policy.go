package auth

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	minPassword = 12  // characters
	maxPassword = 256 // characters
	minGuess    = 8   // characters left when all that is easy to guess is taken out
	minDistinct = 5   // different characters among those
)

// WeakPassword says why a password is refused: a code for programs (too_short, too_long, not_text, too_common) and a
// sentence for people that says what to do.
type WeakPassword struct {
	Code   string
	Detail string
}

// Error is the sentence.
func (w *WeakPassword) Error() string { return w.Detail }

// CheckPassword judges a new password: 12 to 256 characters, text that can be typed, and not easy to guess. What is
// easy to guess: well-known passwords and their parts, runs such as 1234 or qwerty, repeats, and the words in about
// (the e-mail, the person's name, the site's), each also with a little more around it or with 0 for o and the like. No
// kind of character is asked for. The error is a *WeakPassword.
//
// A password is its bytes: it is not normalised, so é typed as one character and é typed as two are two passwords.
func CheckPassword(password string, about ...string) error {
	switch length := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		return &WeakPassword{"not_text", "The password holds something that cannot be typed, such as a line break or broken UTF-8; leave it out."}
	case strings.TrimSpace(password) == "":
		return &WeakPassword{"too_short", "The password is blank; use at least 12 characters that are not all spaces."}
	case length < minPassword:
		return &WeakPassword{"too_short", "The password is too short; use at least 12 characters, four words for instance."}
	case length > maxPassword:
		return &WeakPassword{"too_long", "The password is too long; use at most 256 characters."}
	}
	if rest := guess(password, words(about)); rest.length < minGuess || rest.distinct < minDistinct {
		return &WeakPassword{"too_common", "The password is easy to guess: beside well-known words, names, repeats and runs such as 1234 there is " +
			"too little in it; use four or more words that have nothing to do with each other, or let a password manager make one."}
	}
	return nil
}

// words splits what is known about somebody into the words a guesser would try: each part, and all parts in a row.
func words(about []string) []string {
	var all []string
	for _, text := range about {
		parts := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		for _, word := range append(parts, strings.Join(parts, "")) {
			if utf8.RuneCountInString(word) >= 3 {
				all = append(all, word)
			}
		}
	}
	return all
}

// remains are what is left of a text without its guessable parts.
type remains struct{ length, distinct int }

// guess takes out of a text what a guesser would try first: repetitions of the whole, known words and those given, and
// runs. It counts characters.
func guess(text string, more []string) remains {
	runes := unit([]rune(strings.ToLower(text)))
	known := make([]bool, len(runes))
	plain, folded := string(runes), fold(string(runes))
	for _, list := range [][]string{commonWords, more} {
		for _, word := range list {
			mark(known, plain, word)
			mark(known, folded, fold(word))
		}
	}
	markRuns(known, runes)
	for _, track := range keyRows {
		markTrack(known, runes, []rune(track))
	}
	distinct := map[rune]bool{}
	length := 0
	for i, r := range runes {
		if !known[i] {
			length++
			distinct[r] = true
		}
	}
	return remains{length: length, distinct: len(distinct)}
}

// unit is the part that a text repeats from beginning to end, or the whole text if it does not.
func unit(runes []rune) []rune {
	for n := 1; n <= len(runes)/2; n++ {
		same := true
		for i := n; i < len(runes) && same; i++ {
			same = runes[i] == runes[i-n]
		}
		if same {
			return runes[:n]
		}
	}
	return runes
}

// fold undoes the usual disguises, one character for one.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if letter, ok := disguises[r]; ok {
			return letter
		}
		return r
	}, s)
}

// mark notes every place where text holds word. The marks stand for characters, not bytes.
func mark(known []bool, text, word string) {
	length := utf8.RuneCountInString(word)
	at := 0 // characters before the rest of the text
	for rest := text; ; {
		i := strings.Index(rest, word)
		if i < 0 {
			return
		}
		at += utf8.RuneCountInString(rest[:i])
		for j := range length {
			known[at+j] = true
		}
		_, size := utf8.DecodeRuneInString(rest[i:])
		rest, at = rest[i+size:], at+1
	}
}

// markRuns notes three or more of the same character and four or more that follow each other in their alphabet.
func markRuns(known []bool, runes []rune) {
	for i := 0; i+1 < len(runes); {
		step := runes[i+1] - runes[i]
		end := i + 1
		for end+1 < len(runes) && runes[end+1]-runes[end] == step {
			end++
		}
		if length := end - i + 1; step == 0 && length >= 3 || (step == 1 || step == -1) && length >= 4 {
			setAll(known[i : end+1])
		}
		i = end
	}
}

// markTrack notes four or more characters that follow each other on a row of keys, in either direction.
func markTrack(known []bool, runes, track []rune) {
	place := make(map[rune]int, len(track))
	for i, r := range track {
		place[r] = i + 1
	}
	for i := range runes {
		for _, step := range []int{1, -1} {
			end := i
			for end+1 < len(runes) && place[runes[end]] > 0 && place[runes[end+1]] > 0 && place[runes[end+1]]-place[runes[end]] == step {
				end++
			}
			if end-i+1 >= 4 {
				setAll(known[i : end+1])
			}
		}
	}
}

func setAll(known []bool) {
	for i := range known {
		known[i] = true
	}
}
