package text

import (
	"fmt"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/bidi"
)

// MaxLocale is the maximum length of a locale: the one that every reader of language tags can be
// expected to accept (RFC 5646, section 4.4.1).
const MaxLocale = 35

// sampleTags are the language tags that sentences about others name.
const sampleTags = `"en", "ar" or "pt-BR"`

// rightToLeft has the scripts that are written from right to left.
var rightToLeft = map[string]bool{
	"Adlm": true, "Arab": true, "Aran": true, "Armi": true, "Avst": true, "Chrs": true,
	"Cprt": true, "Elym": true, "Gara": true, "Hatr": true, "Hebr": true, "Hung": true,
	"Khar": true, "Lydi": true, "Mand": true, "Mani": true, "Mend": true, "Merc": true,
	"Mero": true, "Narb": true, "Nbat": true, "Nkoo": true, "Orkh": true, "Ougr": true,
	"Palm": true, "Phli": true, "Phlp": true, "Phnx": true, "Prti": true, "Rohg": true,
	"Samr": true, "Sarb": true, "Sogd": true, "Sogo": true, "Syrc": true, "Thaa": true,
	"Yezi": true,
}

// Locale parses a language tag (BCP 47, RFC 5646) and returns its canonical form: "en-us" becomes
// "en-US", "iw" becomes "he". The error is a sentence that says how to correct the tag.
func Locale(s string) (string, error) {
	if s == "" {
		return "", fmt.Errorf("a locale is missing: give a language tag such as %s", sampleTags)
	}
	if len(s) > MaxLocale {
		return "", fmt.Errorf("a locale has at most %d characters: give a language tag such as %s",
			MaxLocale, sampleTags)
	}
	tag, err := language.Parse(s)
	if err != nil {
		return "", fmt.Errorf("%q is not a language tag: give one such as %s", s, sampleTags)
	}
	if base, sure := tag.Base(); base.String() == "und" || sure != language.Exact {
		return "", fmt.Errorf(`%q names no language: begin with one, as in "en", "ar" or "pt-BR"`,
			s)
	}
	return tag.String(), nil
}

// Direction returns the direction of a text, "ltr" or "rtl". It is "rtl" if the language of the
// locale is written that way, or if more than half of the letters of the sample are. A locale that
// is no language tag is ignored.
func Direction(locale, sample string) string {
	if tag, err := language.Parse(locale); err == nil {
		if script, _ := tag.Script(); rightToLeft[script.String()] {
			return "rtl"
		}
	}
	left, right := 0, 0
	for rest := sample; rest != ""; {
		p, size := bidi.LookupString(rest)
		if size == 0 {
			break // the sample ends within a rune
		}
		switch p.Class() {
		case bidi.L:
			left++
		case bidi.R, bidi.AL:
			right++
		}
		rest = rest[size:]
	}
	if right > left {
		return "rtl"
	}
	return "ltr"
}
