package text

import "golang.org/x/text/unicode/norm"

// PlainKey returns the Key of s with every letter in its plainest form: also without accents, vowel
// marks and tatweel, and with the forms of alef, ya and ta marbuta made one. Vowel signs of Indic
// scripts and the voice marks of kana stay. It may be "".
func PlainKey(s string) string {
	return norm.NFC.String(plainLetters(Key(s)))
}
