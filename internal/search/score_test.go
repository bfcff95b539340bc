package search

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// scored is the score of a text with a title and a summary.
func scored(asked, title, summary string) int {
	return Parse(asked).Score([]Field{{Stream(title), 8}, {Stream(summary), 3}})
}

func TestBetterAnswersScoreMore(t *testing.T) {
	t.Parallel()
	type text struct{ title, summary string }
	for _, c := range []struct {
		name, asked   string
		better, worse text
	}{
		{"a title counts more than a summary", "tax", text{"The tax", ""}, text{"A", "The tax"}},
		{"both more than one", "tax", text{"The tax", "A tax"}, text{"The tax", ""}},
		{"a summary more than the body", "tax", text{"A", "The tax"}, text{"A", "B"}},
		{"two words more than one", "income tax", text{"Tax and income", ""},
			text{"The tax", "tax"}},
		{"a repeated word more than one", "tax", text{"A tax is a tax", ""},
			text{"A tax is a levy", ""}},
		{"but less than another word", "income tax", text{"Tax is income here", ""},
			text{"tax tax tax tax tax", ""}},
		{"a phrase more than the same words apart", "income tax", text{"An income tax law", ""},
			text{"Tax on an income", ""}},
		{"the order counts", "income tax", text{"An income tax law", ""},
			text{"An tax income law", ""}},
		{"a whole field more than a part of it", "income tax", text{"Income tax", ""},
			text{"Income tax law", ""}},
		{"a whole field of one word", "tax", text{"Taxes", ""}, text{"Taxes rise", ""}},
		{"the plain form more than another", "كتاب", text{"الكتاب هنا", ""}, text{"وكتاب هنا", ""}},
		{"another form more than none", "كتاب", text{"وكتاب هنا", ""}, text{"كلام هنا", ""}},
		{"a middle form too", "بكتاب", text{"وبكتاب هنا", ""}, text{"كلام هنا", ""}},
		{"a phrase of barest forms", "وزير العدل", text{"قال لوزير عدل", ""},
			text{"قال لوزير في عدل", ""}},
		{"a prefix", "elec*", text{"The election", ""}, text{"A selection", ""}},
		{"a quoted phrase", `"income tax"`, text{"The income tax", ""}, text{"Income and tax", ""}},
		{"a phrase behind a false start", `"a b"`, text{"a a b c", ""}, text{"a c b c", ""}},
	} {
		b, w := scored(c.asked, c.better.title, c.better.summary),
			scored(c.asked, c.worse.title, c.worse.summary)
		if b <= w {
			t.Errorf("%s: %d is not more than %d", c.name, b, w)
		}
	}
}

func TestScoresAreWhatTheyAreSaidToBe(t *testing.T) {
	t.Parallel()
	tagged := Parse("tax")
	tagged.Want[0].Tags = []string{"tag1", "tag2"}
	for _, c := range []struct {
		name   string
		q      Query
		fields []Field
		want   int
	}{
		{"no question", Query{}, []Field{{"a", 8}}, 0},
		{"no fields", Parse("a b"), nil, 2 * plainPart},
		{"one word", Parse("a"), []Field{{"x a", 5}, {"", 3}}, 5 * plainPart},
		{"repeats are capped", Parse("a"), []Field{{"a a a a a x", 5}},
			5 * (plainPart + 2*repeatPart)},
		{"a whole field", Parse("a b"), []Field{{"a b", 1}}, 2*plainPart + phrasePart + wholePart},
		{"a middle form is no whole field", Parse("كتاب"), []Field{{Stream("وكتاب جديد"), 1}},
			otherPart},
		{"a tag", tagged, []Field{{"tag3 tag2", 4}}, 4 * plainPart},
		{"part of a term", Parse("ab"), []Field{{"abc cab xabx", 4}}, plainPart},
		{"a field across the barrier", Parse(`"a b"`), []Field{{"a ␞ b", 4}}, plainPart},
	} {
		if got := c.q.Score(c.fields); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestScoreFindsWhatInFinds(t *testing.T) {
	t.Parallel()
	texts := rapid.Custom(func(t *rapid.T) string {
		words := rapid.SliceOf(rapid.SampledFrom([]string{"كتاب", "وكتاب", "وبكتاب", "لألمانيا",
			"a", "ab", "b", "houses", "東", "京"}))
		return strings.Join(words.Draw(t, "words"), " ")
	})
	rapid.Check(t, func(t *rapid.T) {
		asked := texts.Draw(t, "question")
		if rapid.Bool().Draw(t, "quoted") {
			asked = `"` + asked + rapid.SampledFrom([]string{"", "*"}).Draw(t, "end")
		}
		q, s := Parse(asked), texts.Draw(t, "text")
		for i, c := range q.Want {
			one := Query{Want: q.Want[i : i+1]}
			if scored := one.Score([]Field{{Stream(s), 100}}) > plainPart; scored != c.In(s) {
				t.Fatalf("%+v in %q: found %t, scored %t", c, s, c.In(s), scored)
			}
		}
	})
}

func row() []Field {
	return []Field{
		{Stream("Parliament votes on a new income tax for cities"), 8}, {Stream("Politics"), 4},
		{"tag0195f0a2b7c87d3e9a4b5c6d7e8f9012 tag0195f0a2b7c87d3e9a4b5c6d7e8f9013 tag0195f0a2b7c87d3e9a4b5c6d7e8f9014", 4},
		{Stream("Maria Keller and Omar Haddad"), 4},
		{Stream(strings.Repeat("The government wants that those who have more pay more, and the mayors of larger cities agree with it. ", 4)), 3},
	}
}

func TestScoreAllocatesNothing(t *testing.T) {
	q, fields := Parse(`income tax "larger cities" كتاب`), row()
	if n := testing.AllocsPerRun(100, func() { q.Score(fields) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkScore(b *testing.B) {
	fields := row()
	for _, asked := range []string{"income tax", "the cities", `"larger cities" pay*`,
		"الكتاب وكتاب"} {
		q := Parse(asked)
		b.Run(asked, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				q.Score(fields)
			}
		})
	}
}
