package text

import "golang.org/x/text/unicode/norm"

// Bare is s with every letter in its plainest form, as titles are ordered: beside what a Key leaves out, accents, vowel
// marks and tatweel are gone, and the forms of alef, ya and ta marbuta are one. Vowel signs of Indic scripts and the
// voice marks of kana stay. It may be "".
func Bare(s string) string {
	return norm.NFC.String(bare(Key(s)))
}
