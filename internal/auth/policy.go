package auth

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	minPassword = 12   // characters
	maxPassword = 256  // characters
	minStrength = 11.2 // a power of ten
)

// siteWords are words of this product, which are guessed first, and the best known example of a
// passphrase.
var siteWords = []string{"masthead", "newsroom", "cms", "correct horse battery staple"}

// WeakPassword says why a password is refused: a code for programs (too_short, too_long, not_text,
// too_common) and a sentence for people that says what to do.
type WeakPassword struct {
	Code   string
	Detail string
}

// Error returns the sentence.
func (w *WeakPassword) Error() string { return w.Detail }

// CheckPassword judges a new password: 12 to 256 characters, text that can be typed, and not easy
// to guess. What is easy to guess: common passwords, words and names, also two or three of them
// together, dates, runs such as 1234 or qwerty, repeats, and the words in about (the e-mail, the
// person's name, the site's), each also with a little more around it or with 0 for o and the like.
// No class of characters is required. The error is a *WeakPassword.
//
// Passwords that look the same are the same: they are counted, judged and hashed as normalized by
// RFC 8265 (OpaqueString).
func CheckPassword(password string, about ...string) error {
	text := normalizePassword(password)
	switch length := utf8.RuneCountInString(text); {
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		return &WeakPassword{
			Code: "not_text",
			Detail: "The password holds something that cannot be typed, such as a line break or " +
				"broken UTF-8; leave it out.",
		}
	case strings.TrimSpace(text) == "":
		return &WeakPassword{
			Code:   "too_short",
			Detail: "The password is blank; use at least 12 characters that are not all spaces.",
		}
	case length < minPassword:
		return &WeakPassword{
			Code: "too_short",
			Detail: "The password is too short; use at least 12 characters, " +
				"four words for instance.",
		}
	case length > maxPassword:
		return &WeakPassword{
			Code:   "too_long",
			Detail: "The password is too long; use at most 256 characters.",
		}
	}
	if strength(text, personalWords(append(about, siteWords...))) < minStrength {
		return &WeakPassword{
			Code: "too_common",
			Detail: "The password is easy to guess: beside well-known words, names, repeats and " +
				"runs such as 1234 there is too little in it; use four or more words that have " +
				"nothing to do with each other, or let a password manager make one.",
		}
	}
	return nil
}

// normalizePassword returns a password as the OpaqueString profile of RFC 8265 compares it: every
// space is U+0020, and the rest is in Unicode normalization form C. It accepts every text.
func normalizePassword(password string) string {
	spaces := func(r rune) rune {
		if unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return r
	}
	if !utf8.ValidString(password) { // which Map would change
		return password
	}
	return norm.NFC.String(strings.Map(spaces, password))
}

// personalWords splits what is known about somebody into the words a guesser would try: each part,
// and all parts in a row.
func personalWords(about []string) []string {
	var all []string
	for _, text := range about {
		parts := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r)
		})
		for _, word := range append(parts, strings.Join(parts, "")) {
			if utf8.RuneCountInString(word) >= 3 {
				all = append(all, word)
			}
		}
	}
	return all
}
