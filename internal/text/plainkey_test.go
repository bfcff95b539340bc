package text

import "testing"

func TestBareIsThePlainestSpelling(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"Été", "ete"}, {"Straße", "strasse"}, {"Øre", "ore"}, {"Ёлка", "елка"},
		{"İstanbul", "istanbul"}, {"ΣΟΦΌΣ", "σοφοσ"},
		{"إِيرَان", "ايران"}, {"فتاة", "فتاه"}, {"مصطفى", "مصطفي"}, {"مســؤول", "مسوول"},
		{"ٱلله", "الله"},
		{"हिन्दी", "हिन्दी"}, {"が", "が"}, {"한국", "한국"}, {"ﬁ", "fi"}, {"\u0301", ""}, {"", ""},
	} {
		if got := PlainKey(c.in); got != c.want {
			t.Errorf("Bare(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}
