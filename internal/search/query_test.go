package search

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// written is a query as one line: clauses by their plain forms, phrases in brackets, - and * as
// asked.
func written(q Query) string {
	var all []string
	for i, clauses := range [][]Clause{q.Want, q.Without} {
		for _, c := range clauses {
			var words []string
			for _, term := range c.Words {
				word := term.Forms[0]
				if term.Prefix {
					word += "*"
				}
				words = append(words, word)
			}
			s := strings.Join(words, " ")
			if len(words) > 1 {
				s = "[" + s + "]"
			}
			all = append(all, strings.Repeat("-", i)+s)
		}
	}
	return strings.Join(all, " ")
}

func TestQuestionsAreRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{" \t\u00a0", ""},
		{`" " - * -"" "…`, ""},
		{"climate change", "climate change"},
		{`"climate change" now`, "[climate change] now"},
		{"“climate change” «now then» „gestern abend“ ”i dag” “mixed up\" x",
			"[climate change] [now then] [gestern abend] [i dag] [mixed up] x"},
		{`"never closed again`, "[never closed again]"},
		{`tax -income -"capital gain" --stamp`, "tax -income -[capital gain] -stamp"},
		{`a - b -( c`, "a b c"},
		{"-(dog)", "dog"},
		{"well-known Iran's 東京 a:b", "[well known] [iran s] [東 京] [a b]"},
		{"elect* ab* a* 東* *x y**", "elect* ab* a 東* x y"},
		{`"climate chan*" "climate polic"* "cli* mate"`,
			"[climate chan*] [climate polic*] [cli mate]"},
		{`-elect* x,y*`, "[x y] -elect*"},
		{"tax taxes Tax -tax -TAX tax*", "tax tax* -tax"},
		{`tax OR "income" AND (NOT cat) NEAR/3 a^2`, "tax or income and not cat [near 3] [a 2]"},
		{`5"6`, "5 6"},
		{"foo\"bar baz\"qux", "foo [bar baz] qux"},
		{"'; DROP TABLE articles; --", "drop table article"},
		{"\\ \x00 \xff%", ""},
		{"-٢٠٢٦ الحرب*", "حرب* -2026"},
	} {
		if got := written(Parse(c.in)); got != c.want {
			t.Errorf("Parse(%q): %s, want %s", c.in, got, c.want)
		}
	}
}

func TestTypedQuestionsGoOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"", ""}, {"c", "c*"}, {"clim", "clim*"}, {"climate ch", "climate ch*"},
		{"climate ", "climate"}, {`"climate ch`, "[climate ch*]"},
		{`"climate change"`, "[climate change]"}, {"Iran's", "[iran s*]"}, {"a b", "a b*"},
		{"a* b", "a* b*"}, {"x?", "x"}, {"الح", "الح*"},
	} {
		if got := written(ParseTyped(c.in)); got != c.want {
			t.Errorf("ParseTyped(%q): %s, want %s", c.in, got, c.want)
		}
	}
}

func TestAQuestionIsBlankThatLooksForNothing(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{"": true, "… !": true, "-tax": true, "tax": false,
		"-tax income": false} {
		if got := Parse(in).Blank(); got != want {
			t.Errorf("Parse(%q).Blank() = %t", in, got)
		}
	}
}

func TestPhrasesAreTheWaysAClauseCanStand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		want [][]string
	}{
		{"houses", [][]string{{"hous"}}},
		{"وكتاب", [][]string{{"وكتاب"}, {"كتاب"}, {"تاب"}}},
		{`"green houses"`, [][]string{{"green", "hous"}}},
		{"countri*", [][]string{{"countri"}, {"country"}}},
	} {
		got := Parse(c.in).Want[0].Phrases()
		if !slices.EqualFunc(got, c.want, slices.Equal) {
			t.Errorf("%s: %q, want %q", c.in, got, c.want)
		}
	}
	ways := Parse(`"وكتاب جديد"`).Want[0].Phrases()
	for _, want := range [][]string{{"وكتاب", "جديد"}, {"تاب", "جديد"}, {"كتاب", "جديد"},
		{"وكتاب", "وجديد"}} {
		if !slices.ContainsFunc(ways, func(way []string) bool { return slices.Equal(way, want) }) {
			t.Errorf("%q is no way of the phrase: %q", want, ways)
		}
	}
	if long := Parse(`"` + strings.Repeat("وكتاب ", 60) + `"`).Want[0].Phrases(); len(long) > 50 {
		t.Errorf("a long phrase has %d ways", len(long))
	}
	if got := (Clause{}).Phrases(); len(got) != 0 {
		t.Errorf("a clause without words can stand as %q", got)
	}
}

func TestQuestionsFindTexts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ asked, text string }{
		{"elections", "An Election in Spring"},
		{`"climate change"`, "On Climate-Change, again"},
		{"Iran's", "It is Iran’s turn"},
		{"ecole", "À l'École"}, {"élèves", "un eleve"}, {"lecole", "l\u00adécole lecole"},
		{"strasse", "Die STRASSE, Straße"}, {"Universität", "die UNIVERSITAT"},
		{"istanbul", "İSTANBUL'da"}, {"ISPARTA", "ısparta"}, {"IĞDIR", "Iğdır'da"},
		{"αθηνα", "Στην Αθήνα"}, {"ΣΟΦΟΣ", "σοφός"},
		{"елка", "Ёлка"}, {"МОСКВА", "Москва́"},
		{"हिन्दी", "यह हिन्दी है"}, {"२०२६", "in 2026"},
		{"น้ำ", "ดื่มน้ำใจ"}, {"ใจ", "น้ำใจ"},
		{"京都", "東京都に"}, {"ガンダム", "ｶﾞﾝﾀﾞﾑ"}, {"東*", "東京"},
		{"한국", "한국 경제"}, {"한국*", "한국의"},
		{`"the co-operation now"`, "the cooperation now"}, {`"covid-19 tests"`, "COVID19 tests"},
	} {
		if q := Parse(c.asked); len(q.Want) != 1 || !q.Want[0].In(c.text) {
			t.Errorf("%s does not find %s: %s", c.asked, c.text, written(q))
		}
	}
	for _, c := range []struct{ asked, text string }{
		{`"climate change"`, "the climate may change"},
		{`"climate change"`, "change climate"},
		{"京東", "東京都"}, {"हिन्द", "हिन्दी"}, {"국", "한국의"}, {"art", "start"}, {"art*", "start"},
		{"news", "new"}, {`"وكتاب وكتاب"`, "وكتاب"}, {`"جديد جديد"`, "كتاب وجديد"},
	} {
		if Parse(c.asked).Want[0].In(c.text) {
			t.Errorf("%s finds %s", c.asked, c.text)
		}
	}
}

func TestSpellingsOfOneNameFindEachOther(t *testing.T) {
	t.Parallel()
	for _, spellings := range [][]string{
		{"서울", "서울에서", "서울의", "서울은"},
		{"집", "집에서"},
		{"co-operation", "cooperation", "co‑operation", "CO-OPERATIONS"},
		{"COVID-19", "covid19", "Covid‐19", "Covid 19", `"covid 19"`},
		{"the COVID-19 vaccine", "the covid19 vaccine", `"the covid 19 vaccine"`},
		{"O’Neill", "oneill", "O'Neill", "ONeill"},
		{"U.S.", "US", "U.S"},
		{"U.S.A.", "usa"},
		{"state-of-the-art", "stateoftheart"},
		{"don't", "dont"},
		{"كوفيد-19", "كوفيد19"},
		{"مسؤول", "مسئول", "مسي\u0654ول"},
		{"شؤون", "شئون"},
		{"عبدالله", "عبد الله", `"عبد الله"`, `"عبدالله"`},
		{"عبد الرحمن", "عبدالرحمن", "وعبدالرحمن", `"عبد الرحمن"`},
		{`"الملك عبد الله الثاني"`, `"الملك عبدالله الثاني"`, "الملك عبدالله الثاني"},
		{"كوفيد 19", "كوفيد19", "كوفيد-19", `"كوفيد ١٩"`},
		{"مهندس", "مهندسون", "المهندسين", "للمهندسين"},
		{"سيارة", "سيارات", "السيارات"},
		{"قرار", "قرارات", "والقرارات"},
	} {
		for _, asked := range spellings {
			q := Parse(asked)
			for _, text := range spellings {
				text = "x " + text + " y"
				for _, c := range q.Want {
					if !c.In(text) {
						t.Errorf("%s does not find %s: %+v in %s", asked, text, c, Stream(text))
					}
				}
				if q.Score([]Field{{Stream(text), 100}}) <= plainPart*len(q.Want) {
					t.Errorf("%s has no score in %s", asked, text)
				}
				marked, _ := q.Highlight(text, text, text)
				if !strings.Contains(marked, "<mark>") {
					t.Errorf("%s is not marked in %s", asked, marked)
				}
			}
		}
	}
	for _, c := range []struct{ asked, text string }{
		{"example.org", "exampleorg"}, {"ab", "a - b"}, {"ab", "a b"},
		{"나", "나는"}, {`"co-operation now"`, "cooperation"}, {"فلس", "فلسطين"},
		{"covid19", "19 covid"}, {"covid19", "covid"}, {"a4", "a 4"}, {"19 covid", "covid19"},
		{`"covid 1"`, "covid19"}, {`"معبد الله"`, "عبدالله"},
	} {
		if Parse(c.asked).Want[0].In(c.text) {
			t.Errorf("%s finds %s", c.asked, c.text)
		}
	}
}

// A joined word adds itself to a stream, not a second stream.
func TestOtherTermsStandAlone(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"the co-operation of O'Neill": "the co operation of o neill ␞ ␞ cooperation ␞ oneill",
		"서울에서 본 U.N.":                 "서울에서 본 u n ␞ ␞ 서울 ␞ un",
	} {
		if got := Stream(in); got != want {
			t.Errorf("Stream(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestArabicQuestionsFindArabicTexts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ asked, text string }{
		{`"بيان وزارة"`, "صدر بيان لوزارة الصحة"}, {`"ولاية بنزرت"`, "بولاية بنزرت"},
		{`"مجلس الوزراء"`, "ومجلس وزراء"},
		{"كتاب", "قرأتُ الكتابَ أمسِ"}, {"الكتاب", "هذا كتابٌ جديد"}, {"والكتاب", "للكتاب قراء"},
		{"بالكتاب", "وكتاب آخر"},
		{"ايران", "زار إيران"}, {"إيران", "في ايران"}, {"أمريكا", "وامريكا"},
		{"القران", "تلاوة القرآن"},
		{"مصطفي", "قال مصطفى"}, {"علي", "إلى علىٍّ"}, {"مدرسه", "في المدرسة"},
		{"الحكومة", "حكومه جديدة"}, {"مسؤول", "مسوول كبير"},
		{"2026", "ميزانية ٢٠٢٦"}, {"٢٠٢٦", "ميزانية 2026"}, {"محمد", "مُحَمَّد"},
		{"مُحَمَّد", "لمحمد"}, {"محمد", "مـــحـــمـــد"},
		{"لجنة", "للجنة المالية"}, {"اللجنة", "للجنة المالية"}, {"للجنة", "اللجنة"},
		{"ألمانيا", "إلى المانيا"}, {"الألمانية", "المانية"},
		{"لألمانيا", "المانيا"}, {"الله", "الحمد لله"}, {"والله", "بالله"}, {"الوكالات", "وكالات"},
		{"الوالدة", "والدة"},
		{`"مجلس الوزراء"`, "اجتمع مجلسُ الوزراءِ اليوم"}, {`"مجلس الوزراء"`, "مجلس وزراء"},
		{"فلسطين", "وفلسطين"}, {"فلسطين", "لفلسطين"},
		{"تونس", "بتونس العاصمة"}, {"كرة", "والكرة"}, {"سوريا", "وبسوريا"},
	} {
		if q := Parse(c.asked); len(q.Want) != 1 || !q.Want[0].In(c.text) {
			t.Errorf("%s does not find %s: %+v in %s", c.asked, c.text, q.Want, Stream(c.text))
		}
	}
	for _, c := range []struct{ asked, text string }{
		{"كتاب", "قرأ كتبا"}, {"علم", "عالم"}, {"الذي", "ذي"}, {"الله", "قال له"}, {"التي", "تي"},
		{"الآن", "إن"}, {"ولد", "لد"},
		{"مدرسة", "مدرس"}, {"2026", "٢٠٢٥"}, {`"مجلس الوزراء"`, "الوزراء في مجلس"}, {"على", "عل"},
	} {
		if Parse(c.asked).Want[0].In(c.text) {
			t.Errorf("%s finds %s: %q", c.asked, c.text, Stream(c.text))
		}
	}
}

// stands tells whether one of the ways of a clause stands in a stream, the slow way.
func stands(c Clause, stream string) bool {
	tokens := strings.Fields(stream)
	open := c.Words[len(c.Words)-1].Prefix
	for _, way := range c.Phrases() {
		for i := 0; i+len(way) <= len(tokens); i++ {
			here := slices.Clone(tokens[i : i+len(way)])
			last := len(way) - 1
			if open && strings.HasPrefix(here[last], way[last]) {
				here[last] = way[last]
			}
			if slices.Equal(here, way) {
				return true
			}
		}
	}
	return false
}

func TestAnyQuestionIsReadAndInAgreesWithTheStream(t *testing.T) {
	t.Parallel()
	few := rapid.Custom(func(t *rapid.T) string {
		words := rapid.SliceOf(rapid.SampledFrom([]string{"كتاب", "وكتاب", "والكتاب", "ألمانيا",
			"لألمانيا", "a", "ab", "houses", "house", "東", "京", "covid", "19", "covid19", "عبد",
			"الله", "عبدالله"}))
		return strings.Join(words.Draw(t, "words"),
			rapid.SampledFrom([]string{" ", "", "-"}).Draw(t, "between"))
	})
	texts := rapid.OneOf(few, strange())
	rapid.Check(t, func(t *rapid.T) {
		asked := texts.Draw(t, "question")
		if rapid.Bool().Draw(t, "quoted") {
			asked = `"` + asked + rapid.SampledFrom([]string{"", `"`, "*"}).Draw(t, "end")
		}
		s := texts.Draw(t, "text")
		for _, q := range []Query{Parse(asked), ParseTyped(asked)} {
			for _, c := range slices.Concat(q.Want, q.Without) {
				checkClause(t, c)
				if got, want := c.In(s), stands(c, Stream(s)); got != want {
					t.Fatalf("%+v in %q: %t, want %t", c, s, got, want)
				}
			}
		}
	})
}

func checkClause(t interface{ Fatalf(string, ...any) }, c Clause) {
	if len(c.Words) == 0 {
		t.Fatalf("a clause without words")
	}
	for i, term := range c.Words {
		if len(term.Forms) == 0 || slices.ContainsFunc(term.Forms,
			func(f string) bool { return !isTerm(f) }) {
			t.Fatalf("unclean forms %q", term.Forms)
		}
		if term.Prefix && i < len(c.Words)-1 {
			t.Fatalf("a word inside a phrase goes on: %+v", c)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", `tax -"income tax" elec*`, "والكتاب*", "東京*", "“a” «b",
		"Iran's \x00\xff", "ｶﾞ\u3099ﷺ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := Parse(s)
		for _, c := range slices.Concat(q.Want, q.Without, ParseTyped(s).Want) {
			checkClause(t, c)
			for _, way := range c.Phrases() {
				if !stands(c, strings.Join(way, " ")) {
					t.Fatalf("%+v does not stand in its own %q", c, way)
				}
			}
		}
		q.Score([]Field{{Stream(s), 8}})
		if title, _ := q.Highlight(s, s, s); !shows(title, s) {
			t.Fatalf("%q is shown as %q", s, title)
		}
	})
}
