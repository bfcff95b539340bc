package search

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// formsOf are the forms of every word of a text.
func formsOf(s string) [][]string {
	var all [][]string
	for w := range Words(s) {
		all = append(all, w.Forms)
	}
	return all
}

// meet tells whether two single words are the same to a search.
func meet(a, b string) bool {
	x, y := formsOf(a), formsOf(b)
	return len(x) == 1 && len(y) == 1 && slices.ContainsFunc(x[0],
		func(f string) bool { return slices.Contains(y[0], f) })
}

// isTerm tells whether s is a term.
func isTerm(s string) bool {
	return s != "" && len(s) <= maxTerm && utf8.ValidString(s) &&
		!strings.ContainsFunc(s, func(c rune) bool {
			return !unicode.IsLetter(c) && !unicode.IsMark(c) && !unicode.IsNumber(c)
		})
}

func TestTextsAreSplitIntoWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{" … — ?! \x00 \xff", ""},
		{"Iran's well-known l'homme", "iran s well known l homme"},
		{"l’homme Hawaiʻi", "l homme hawai i"},
		{"a_b c.d 3,5 x@y.org", "a b c d 3 5 x y org"},
		{"co\u00adoperate \u200fسلام\u200e مـــرحبا", "cooperate سلام مرحبا"},
		{"می\u200cخواهم", "ميخواهم"},
		{"Été ÇA Øre ﬁn Straße İstanbul ısı IĞDIR", "ete ca ore fin strass istanbul isi igdir"},
		{"ΣΟΦΌΣ σοφός", "σοφοσ σοφοσ"},
		{"Ёлка МОСКВА́ Київ", "елка москва киів"},
		{"e\u0301te\u0301", "ete"},
		{"हिन्दी में", "हिन्दी में"},
		{"한국의 \u1112\u1161\u11ab", "한국의 한"},
		{"東京都 ｶﾞﾝﾀﾞﾑ カ\u3099 ラーメン 々 二〇", "東 京 都 ガ ン ダ ム ガ ラ ー メ ン 々 二 〇"},
		{"NHK東京2024年", "nhk 東 京 2024 年"},
		{"น้ำใจ", "น\u0e49\u0e4dา ใ จ"},
		{"ລາວ ភាសា မြန်မာ", "ລ າ ວ ភា សា မြ န် မာ"},
		{"٢٠٢٦ ۲۰۲۶ २०२६ ２０２６ 𝟚𝟘𝟚𝟞", "2026 2026 2026 2026 2026"},
		{"CO₂ m² ① ½", "co2 m2 1"},
		{"\u0301\u0301 a", "a"},
		{"❤️ I❤️NY 👍🏽", "i ny"},
		{"ﷺ", "صلياللهعليهوسلم"},
		{"ŉ coŀl", "n coll"},
	} {
		var got []string
		for w := range Words(c.in) {
			got = append(got, w.Forms[0])
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("Words(%q): %q, want %q", c.in, strings.Join(got, " "), c.want)
		}
	}
}

func TestWordsKnowWhereTheyStand(t *testing.T) {
	t.Parallel()
	const s = "«وَبِالكِتابِ\u200f» L'Été 東京 e\u0301! don\u00adt"
	var got []string
	for w := range Words(s) {
		got = append(got, s[w.Start:w.End])
	}
	want := []string{"وَبِالكِتابِ", "L", "Été", "東", "京", "e\u0301", "don\u00adt"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestArabicWordsHaveForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"كتاب", "كتاب تاب"},
		{"وكتاب", "وكتاب كتاب تاب"},
		{"وبكتاب", "وبكتاب بكتاب كتاب"},
		{"الكتاب", "كتاب"},
		{"والكتاب", "كتاب"},
		{"وبالكتاب", "كتاب"},
		{"فكالكتاب", "كتاب"},
		{"للكتاب", "كتاب لكتاب"},
		{"وللكتاب", "كتاب لكتاب"},
		{"للجنة", "جنه لجنه"},
		{"للغة", "للغه لغه"},
		{"الله", "الله"},
		{"والله", "والله الله"},
		{"لله", "الله"},
		{"ولله", "الله"},
		{"للذين", "الذين"},
		{"إلى", "الي"},
		{"التي", "التي"},
		{"بالتي", "بالتي التي"},
		{"الذي", "الذي"},
		{"الآن", "الان"},
		{"ألا", "الا"},
		{"ولد", "ولد"},
		{"وقال", "وقال قال"},
		{"فلسطين", "فلسطين لسطين سطين"},
		{"والدة", "والده الده ده"},
		{"ألمانيا", "المانيا مانيا"},
		{"المانيا", "مانيا"},
		{"الألمان", "المان مان"},
		{"سؤال", "سوال"},
		{"بنت", "بنت"},
	} {
		got := formsOf(c.in)
		if len(got) != 1 || strings.Join(got[0], " ") != c.want {
			t.Errorf("%s: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestArabicWordsMeetBehindWhatIsWrittenBeforeThem(t *testing.T) {
	t.Parallel()
	letters := rapid.SliceOfN(rapid.SampledFrom([]rune("ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآؤئءةى")), 3,
		8)
	before := rapid.SampledFrom([]string{"ال", "وال", "فال", "بال", "كال", "وبال", "فكال", "لل",
		"ولل", "و", "ف", "ب", "ك", "ل", "وب", "فل"})
	rapid.Check(t, func(t *rapid.T) {
		word := string(letters.Draw(t, "word"))
		long := before.Draw(t, "before") + word
		if own := formsOf(long)[0]; len(own) == 1 &&
			(wordsWithAl[own[0]] || wordsWithAl[formsOf(word)[0][0]]) {
			t.Skip("a word with an article of its own")
		}
		if !meet(word, long) {
			t.Fatalf("%s %q does not meet %s %q", word, formsOf(word), long, formsOf(long))
		}
	})
}

func TestCarelessArabicSpellingMeetsTheCareful(t *testing.T) {
	t.Parallel()
	letters := rapid.SliceOfN(rapid.SampledFrom([]rune("االلللأإآوفبكلتىيةهسنمرئؤ")), 1, 9)
	careless := strings.NewReplacer("أ", "ا", "إ", "ا", "آ", "ا", "ى", "ي", "ئ", "ي", "ؤ", "و", "ة",
		"ه")
	rapid.Check(t, func(t *rapid.T) {
		word := string(letters.Draw(t, "word"))
		if !meet(word, careless.Replace(word)) {
			t.Fatalf("%s %q does not meet %s %q", word, formsOf(word), careless.Replace(word),
				formsOf(careless.Replace(word)))
		}
	})
}

func TestNamesAreFoundHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"Ph.D.", "PhD"}, {"anti–war", "antiwar"}, {"anti–war", "anti-war"},
		{"J. K. Rowling", "J.K. Rowling"}, {"JK Rowling", "J.K. Rowling"},
		{"JK Rowling", "J. K. Rowling"}, {"أبو ظبي", "أبوظبي"}, {"أبو ظبي", "بأبوظبي"},
		{"مسئول", "مسؤول"}, {"شئون", "شؤون"}, {"رؤوس", "رءوس"}, {"قرأوا", "قرؤوا"},
		{"هيئة", "هيأة"}, {"KBS에서는", "KBS"}, {"2024년에도", "2024년"}, {"서울에서만은", "서울"},
		{"학교까지는", "학교"},
	} {
		for _, pair := range [][2]string{{c[0], c[1]}, {c[1], c[0]}} {
			query := Parse(pair[0])
			for _, clause := range query.Want {
				if !clause.In(pair[1]) {
					t.Errorf("%s does not find %s", pair[0], pair[1])
				}
			}
		}
	}
	for _, c := range [][2]string{{"ba", "plan B. A man"}, {"ظبي", "أبو"}, {"이", "사이"}} {
		if Parse(c[0]).Want[0].In(c[1]) {
			t.Errorf("%s finds %s", c[0], c[1])
		}
	}
}

func TestStreamHoldsPlainBarestAndMiddleForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"The Houses, burning", "the hous burning"},
		{"الكتاب الجديد", "كتاب جديد"},
		{"وكتاب جديد", "وكتاب جديد ␞ تاب جديد ␞ كتاب"},
		{"وكتاب وكرسي", "وكتاب وكرسي ␞ تاب رسي ␞ كتاب ␞ كرسي"},
		{"قال لمحمد", "قال لمحمد ␞ قال محمد"},
		{"␞ a ␞", "a"},
	} {
		if got := Stream(c.in); got != c.want {
			t.Errorf("Stream(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestTermsAreCutBetweenLetters(t *testing.T) {
	t.Parallel()
	for _, s := range []string{strings.Repeat("a", 500), strings.Repeat("ش", 500), "x" +
		strings.Repeat("ش", 500), "ال" + strings.Repeat("ش", 500), strings.Repeat("한", 99)} {
		for _, form := range formsOf(s)[0] {
			if !isTerm(form) || len(form) < maxTerm-3 {
				t.Errorf("%q has the form %q", s, form)
			}
		}
		if !Parse(s).Want[0].In(s) {
			t.Errorf("%q is not found", s)
		}
	}
}

// strange are texts of all kinds of letters, the more of those that matter here.
func strange() *rapid.Generator[string] {
	scraps := rapid.SampledFrom([]string{
		"وبال", "كتاب", "لله", "أ", "ا\u0654", "\u064e", "ـ", "ｶ", "ﾞ", "カ\u3099", "ำ", "น้",
		"e\u0301", "ﬃ", "ǰ", "ŉ", "ﷺ", "ﾠ", "\u3164", "\u034f",
		"\u200d", "\ufe0f", "␞", "'", "\\", "\"", "*", "-", " ", "\x00", "\xff", "½", "²", "Ⅻ", "한",
		"\u1112\u1161", "houses", "ies", "s", "men", "“", "”", "«",
	})
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOf(rapid.OneOf(scraps, rapid.String())).Draw(t, "parts")
		return strings.Join(parts, "")
	})
}

func TestWordsOfAnyTextAreCleanTermsAndFoundVerbatim(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := strange().Draw(t, "text")
		last := 0
		for w := range Words(s) {
			if w.Start < last || w.End <= w.Start || w.End > len(s) || len(w.Forms) == 0 {
				t.Fatalf("%q: the word %+v is out of order", s, w)
			}
			last = w.End
			for _, form := range w.Forms {
				if !isTerm(form) {
					t.Fatalf("%q: %q is no term", s, form)
				}
			}
			if q := Parse(s[w.Start:w.End]); len(q.Want) != 1 || !q.Want[0].In(s) {
				t.Fatalf("%q: the word %q is read as %+v and not found", s, s[w.Start:w.End], q)
			}
		}
	})
}

func BenchmarkStream(b *testing.B) {
	for name, text := range map[string]string{
		"English": strings.Repeat("The parliament has voted on two houses and their budgets. ",
			100),
		"Arabic": strings.Repeat("وصوّت البرلمان على الميزانية الجديدة للعام ٢٠٢٦ وبالإجماع. ",
			100),
		"Russian": strings.Repeat("Парламент проголосовал за новый бюджет на следующий год. ", 100),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Stream(text)
			}
		})
	}
}
