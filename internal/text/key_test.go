package text_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/internal/text"
)

func TestKeyIsEqualForSpellingsOfOneName(t *testing.T) {
	t.Parallel()
	cases := [][]string{
		{"Climate Change", "climate  change ", "CLIMATE\u00a0CHANGE", "ｃｌｉｍａｔｅ change"},
		{"Straße", "STRASSE", "strasse"},
		{"Λόγος", "ΛΌΓΟΣ"},
		{"café", "cafe\u0301", "CAFÉ"},
		{"إيران", "\u200fإيران\u200f", "\u2067إيران\u2069"},
		{"می\u200cخواهم", "میخواهم"},
		{"❤", "❤\ufe0f"},
	}
	for _, names := range cases {
		want := text.Key(names[0])
		for _, name := range names[1:] {
			if got := text.Key(name); got != want {
				t.Errorf("Key(%q) = %q, but Key(%q) = %q", name, got, names[0], want)
			}
		}
	}
	for _, pair := range [][2]string{{"cafe", "café"}, {"علم", "عِلم"}, {"a b", "ab"}, {"ا", "أ"}} {
		if text.Key(pair[0]) == text.Key(pair[1]) {
			t.Errorf("%q and %q are two names", pair[0], pair[1])
		}
	}
	if got := text.Key(" \u200f\u00ad\ufeff\x00 "); got != "" {
		t.Errorf("a name that shows nothing has the key %q", got)
	}
}

func TestNamesOfTagsAreOneInWhateverArabicSpelling(t *testing.T) {
	t.Parallel()
	for _, names := range [][]string{
		{"علم", "عِلم", "عِلْمٌ", "علـــم", "ع\u200cلم"},
		{"كأس العالم", "كأسالعالم", "كأس  العـالم", "كأْس\u00a0العالَم", "كـأس ـالعالم"},
		{"عبد الله", "عبدالله"},
		{"Climate Change", "climate  change"},
		{"كأس 2026", "كَأس 2026"},
	} {
		for _, name := range names {
			if got, want := text.NameKey(name), text.NameKey(names[0]); got != want {
				t.Errorf("NameKey(%q) = %q, but NameKey(%q) = %q", name, got, names[0], want)
			}
			if key := text.NameKey(name); text.NameKey(key) != key {
				t.Errorf("NameKey(%q) is not stable", name)
			}
		}
	}
	for _, pair := range [][2]string{
		{"cafe", "café"}, {"a b", "ab"}, {"ا", "أ"}, {"كتب", "كتاب"}, {"كأس 2026", "كأس2026"},
	} {
		if text.NameKey(pair[0]) == text.NameKey(pair[1]) {
			t.Errorf("%q and %q are two names", pair[0], pair[1])
		}
	}
	if got := text.NameKey("ـ"); got != "" {
		t.Errorf("a name that shows nothing has the key %q", got)
	}
}

func TestSortKeyOrdersTitlesAsAListShould(t *testing.T) {
	t.Parallel()
	cases := [][]string{
		{"“Apple” falls", "banana", "Éclair", "Zebra"},
		{"Älter", "Alz", "Øre", "Ozean"},
		{"أحمد", "بغداد", "آثار تونس", "تونس"},
		{"Ёлка", "Жук", "яма"},
	}
	for i, want := range cases {
		if i == 2 {
			want = []string{"آثار تونس", "أحمد", "بغداد", "تونس"}
		}
		got := slices.Clone(want)
		slices.Reverse(got)
		slices.SortFunc(got, func(a, b string) int {
			return strings.Compare(text.SortKey(a),
				text.SortKey(b))
		})
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestSortKeyFoldsWhatDoesNotCount(t *testing.T) {
	t.Parallel()
	cases := []struct{ in, want string }{
		{"«Опера»", "опера»"},
		{"… and then", "and then"},
		{"مُحَمَّد الـعربي", "محمد العربي"},
		{"إلى مدرسة ٱلله", "الي مدرسه الله"},
		{"مسئول", "مسيول"},
		{"Straße", "strasse"},
		{"हिन्दी", "हिन्दी"},
		{"ที่", "ที่"},
		{"ガ", "ガ"},
		{"한국", "한국"},
		{"???", "???"},
		{"🔥", "🔥"},
		{"\u064b", "\u064b"},
		{"", ""},
	}
	for _, c := range cases {
		if got := text.SortKey(c.in); got != c.want {
			t.Errorf("SortKey(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// checkKeys checks what is promised of every key and sort key.
func checkKeys(t interface {
	Helper()
	Fatalf(string, ...any)
}, s string) {
	t.Helper()
	key, order := text.Key(s), text.SortKey(s)
	if again := text.Key(key); again != key {
		t.Fatalf("Key(%q) = %q, but its key is %q", s, key, again)
	}
	if !utf8.ValidString(key) || !utf8.ValidString(order) || len(order) > 300 {
		t.Fatalf("Key(%q) = %q, SortKey = %q (%d bytes)", s, key, order, len(order))
	}
	if (key == "") != (order == "") {
		t.Fatalf("Key(%q) = %q, but SortKey = %q", s, key, order)
	}
	shows := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsPunct(r) || r > 0x1f000 &&
			r < 0x1faff
	}
	if strings.ContainsFunc(s, shows) && order == "" {
		t.Fatalf("SortKey(%q) is empty", s)
	}
}

func TestKeysKeepTheirPromisesForAnyString(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { checkKeys(t, awkward().Draw(t, "name")) })
}
