package text_test

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/internal/corpora"
	"github.com/masthead-cms/masthead/internal/text"
)

func TestSlugKeepsTheLettersOfEveryScript(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, in, want string }{
		{"plain words", "Hello, World!", "hello-world"},
		{"white space and punctuation become one hyphen", "  a  --  b\t/\nc…  ", "a-b-c"},
		{"Latin diacritics fold", "Café déjà vu: Ångström, Škoda, Nguyễn",
			"cafe-deja-vu-angstrom-skoda-nguyen"},
		{"Latin letters that do not decompose", "Straße Ærø œuvre Đorđe Łódź ılık İstanbul Þór",
			"strasse-aero-oeuvre-dorde-lodz-ilik-istanbul-thor"},
		{"a decomposed accent is the same as a composed one", "cafe\u0301", "cafe"},
		{"apostrophes vanish inside words", "don't won’t rock'n'roll", "dont-wont-rocknroll"},
		{"width and ligatures are folded", "Ｍａｓｔｈｅａｄ ﬁne ①②", "masthead-fine-12"},
		{"Arabic without harakat and tatweel", "مُحَمَّد الـــعربي", "محمد-العربي"},
		{"Arabic keeps the hamza and madda of a letter", "آخر أخبار إيران، سؤال؟",
			"آخر-أخبار-إيران-سؤال"},
		{"Arabic-Indic digits stay", "عام ٢٠٢٦", "عام-٢٠٢٦"},
		{"Arabic presentation forms become letters", "ﻻ ﺳﻼﻡ", "لا-سلام"},
		{"a Persian half space parts words", "می\u200cخواهم", "می-خواهم"},
		{"bidi marks vanish", "\u200fخبر\u200e \u2067عاجل\u2069", "خبر-عاجل"},
		{"Hebrew without niqqud, acronyms whole", "שָׁלוֹם צה״ל", "שלום-צהל"},
		{"Devanagari vowel signs and virama stay", "हिन्दी समाचार", "हिन्दी-समाचार"},
		{"joiners vanish in Indic words", "ක්\u200dර", "ක්ර"},
		{"Bengali, Tamil", "বাংলা தமிழ்", "বাংলা-தமிழ்"},
		{"Thai vowel signs and tones stay", "ที่นี่ ประเทศไทย", "ที่นี่-ประเทศไทย"},
		{"Thaana vowel signs stay", "ދިވެހި", "ދިވެހި"},
		{"Chinese and Japanese", "东京 ガイド、ラーメン", "东京-ガイド-ラーメン"},
		{"Korean", "한국 뉴스", "한국-뉴스"},
		{"Cyrillic keeps its letters, loses stress marks", "Ёлка, йод, за\u0301мок",
			"ёлка-йод-замок"},
		{"Tajik", "Тоҷикистон: хабарҳо", "тоҷикистон-хабарҳо"},
		{"Greek", "Ελλάδα ΝΈΑ", "ελλάδα-νέα"},
		{"emoji inside a title", "Fire 🔥 in 1️⃣ town", "fire-in-1-town"},
		{"only emoji", "🔥👨‍👩‍👧🇹🇯", ""},
		{"only marks", "\u0301\u064b\u093f", ""},
		{"nothing", "", ""},
		{"invalid UTF-8 parts words", "a\xffb", "a-b"},
		{"fractions", "1½ cups", "11-2-cups"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := text.Slug(c.in); got != c.want {
				t.Errorf("Slug(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestSlugEndsWithAWholeWordWhenCut(t *testing.T) {
	t.Parallel()
	word := strings.Repeat("m", 49)
	got := text.Slug(strings.Repeat(word+" ", 6))
	if want := strings.Join([]string{word, word, word, word}, "-"); got != want {
		t.Errorf("got %d bytes: %q", len(got), got)
	}
	exact := strings.Repeat("m", text.MaxSlug)
	if got := text.Slug(exact + " more"); got != exact {
		t.Errorf("a word that just fits was cut: %d bytes", len(got))
	}
	if got := text.Slug("ab " + strings.Repeat("m", 400)); len(got) != text.MaxSlug {
		t.Errorf("a long last word must be cut inside, got %d bytes", len(got))
	}
	if got := text.Slug("x" + strings.Repeat("م", 200)); len(got) != text.MaxSlug-1 ||
		!utf8.ValidString(got) {
		t.Errorf("a rune was split: %d bytes", len(got))
	}
}

func TestSlugIsNeverOfUUIDForm(t *testing.T) {
	t.Parallel()
	const id = "0190A6E2-7c3f-7d4e-8b1a-9c2d3e4f5a6b"
	want := "a-" + strings.ToLower(id)
	for _, in := range []string{id, "0190a6e2 7c3f 7d4e 8b1a 9c2d3e4f5a6b", want} {
		if got := text.Slug(in); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
	const near = "0190a6e2-7c3f-7d4e-8b1a-9c2d3e4f5a6g"
	if got := text.Slug(near); got != near {
		t.Errorf("Slug(%q) = %q", near, got)
	}
}

// checkSlug checks what is promised of every slug.
func checkSlug(t interface {
	Helper()
	Fatalf(string, ...any)
}, in string) {
	t.Helper()
	s := text.Slug(in)
	switch {
	case len(s) > text.MaxSlug:
		t.Fatalf("Slug(%q) has %d bytes", in, len(s))
	case !utf8.ValidString(s):
		t.Fatalf("Slug(%q) = %q is not UTF-8", in, s)
	case !norm.NFC.IsNormalString(s):
		t.Fatalf("Slug(%q) = %q is not NFC", in, s)
	case strings.HasPrefix(s, "-"), strings.HasSuffix(s, "-"), strings.Contains(s, "--"):
		t.Fatalf("Slug(%q) = %q has a stray hyphen", in, s)
	case strings.ContainsAny(s, " /?#%&.'\"<>\\\u200c\u200d\u0640"):
		t.Fatalf("Slug(%q) = %q has a character that is no letter", in, s)
	}
	if again := text.Slug(s); again != s {
		t.Fatalf("Slug(%q) = %q, but its slug is %q", in, s, again)
	}
}

// awkward draws strings full of runes whose case folding and normalization affect each other.
func awkward() *rapid.Generator[string] {
	runes := []rune("aA-' .0f9ßẞİıſÅÅKΣςϴΐʼnǅǆﬃ½²ªøǿǽée\u0301\u0345\u0327\u030aяЙи\u0306أا\u0653\u0654\u0655لـمُ\u0670" +
		"ﷺשׁ\u05b8हि्\u0951ে\u09be\u09c7\u09d7ำํา\u0e33が\u304b\u3099ー한\u1112\u1161\u11ab東①ⅣϜ🔥\ufe0f\u20e3\u200b\u200c\u200d\u200e\u202e\u00ad\ufeff\u0000\n\u00a0\u1fb3ᾳ\u1e9e")
	return rapid.OneOf(rapid.StringOf(rapid.SampledFrom(runes)), rapid.String(),
		rapid.StringOfN(rapid.SampledFrom(runes), 100, 400, -1))
}

func TestSlugKeepsItsPromisesForAnyString(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { checkSlug(t, awkward().Draw(t, "title")) })
}

func TestSlugKeepsItsPromisesForEveryRune(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if r >= 0x30000 && r < 0xe0000 {
			continue // nothing is assigned there
		}
		s := text.Slug("a" + string(r))
		if again := text.Slug(s); again != s || !norm.NFC.IsNormalString(s) {
			t.Fatalf("U+%04X: Slug = %q, again %q", r, s, again)
		}
	}
}

func FuzzSlug(f *testing.F) {
	for _, s := range []string{"", "Hello, World!", "مُحَمَّد", "İ", "ǆ\u0345", "\xff",
		strings.Repeat("aé-", 200)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkSlug(t, s) })
}

func TestEveryArabicHeadlineHasASlug(t *testing.T) {
	t.Parallel()
	file, err := os.Open(corpora.Path(t, "arabic-antcorpus", "articles.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	n := 0
	for lines.Scan() {
		var article struct{ Title string }
		if err := json.Unmarshal(lines.Bytes(), &article); err != nil {
			t.Fatal(err)
		}
		n++
		if strings.TrimSpace(article.Title) == "" {
			continue
		}
		if text.Slug(article.Title) == "" {
			t.Errorf("line %d: %q has no slug", n, article.Title)
		}
		if text.SortKey(article.Title) == "" || text.Words(article.Title) == 0 {
			t.Errorf("line %d: %q has no sort key or no words", n, article.Title)
		}
		checkSlug(t, article.Title)
	}
	if err := lines.Err(); err != nil || n < 5000 {
		t.Fatalf("read %d headlines: %v", n, err)
	}
}

func TestNaughtyStringsKeepThePromises(t *testing.T) {
	t.Parallel()
	for name, texts := range map[string]func(*testing.T) []string{
		"our own": func(t *testing.T) []string {
			return corpora.Hostile(t, "strings.json",
				"sql.json", "scripts.txt")
		},
		"the big list": func(t *testing.T) (naughty []string) {
			raw, err := os.ReadFile(corpora.Path(t, "hostile-blns", "blns.json"))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(raw, &naughty); err != nil {
				t.Fatal(err)
			}
			return naughty
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, s := range texts(t) {
				checkSlug(t, s)
				checkKeys(t, s)
				text.Words(s)
				text.Direction(s, s)
				_, _ = text.Locale(s)
			}
		})
	}
}
