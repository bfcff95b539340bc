package search

import (
	"html"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var unmark = strings.NewReplacer("<mark>", "", "</mark>", "")

// shows tells whether marked is a text, escaped and with marks.
func shows(marked, text string) bool {
	return html.UnescapeString(unmark.Replace(marked)) == html.UnescapeString(html.EscapeString(text))
}

func TestTitlesAreMarked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ asked, title, want string }{
		{"house", "Two <b>Houses</b> & a home",
			"Two &lt;b&gt;<mark>Houses</mark>&lt;/b&gt; &amp; a home"},
		{"", "a  b", "a  b"},
		{"كتاب", "قرأت «وَبِالكِتابِ» سطرا", "قرأت «<mark>وَبِالكِتابِ</mark>» سطرا"},
		{`"climate change" warm*`, "Climate-change is warming",
			"<mark>Climate-change</mark> is <mark>warming</mark>"},
		{"climate change", "Climate change", "<mark>Climate</mark> <mark>change</mark>"},
		{"京都 東", "東京都", "<mark>東</mark><mark>京都</mark>"},
		{`"a b" "b c"`, "a b c", "<mark>a b c</mark>"},
		{`"a a b" a*`, "a a a b", "<mark>a</mark> <mark>a a b</mark>"},
		{"tax -income", "Income tax", "Income <mark>tax</mark>"},
		{"ete", "l'e\u0301te\u0301!", "l&#39;<mark>e\u0301te\u0301</mark>!"},
		{`"وكتاب جديد"`, "كتابٌ جديد", "<mark>كتابٌ جديد</mark>"},
		{`"a b"`, "a ␞ b a", "<mark>a ␞ b</mark> a"},
	} {
		if got, _ := Parse(c.asked).Highlight(c.title, "", ""); got != c.want {
			t.Errorf("%s: %s, want %s", c.asked, got, c.want)
		}
	}
}

func TestSnippetsShowWhereMostClausesMeet(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("lorem ipsum dolor ", 40)
	body := "Tax first. " + long + "The tax\n\n on <income> rose. " + long + "income at last"
	for _, c := range []struct{ name, asked, summary, body, has string }{
		{"where they meet in the body", "tax income", "About tax", body,
			"dolor The <mark>tax</mark> on &lt;<mark>income</mark>&gt; rose. lorem"},
		{"the summary if it has as many", "tax income", "Income and tax", body,
			"<mark>Income</mark> and <mark>tax</mark>"},
		{"the body if it has more", "tax income", "Income", body, "The <mark>tax</mark>"},
		{"the beginning of the summary if nothing is found", "cat", "A  summary", body,
			"A summary"},
		{"the beginning of the body if there is no summary", "cat", " \n", body,
			"Tax first. lorem ipsum"},
		{"the end of the body", "last", "", body, "<mark>income</mark> at <mark>last</mark>"},
	} {
		q := Parse(c.asked)
		if c.name == "the end of the body" {
			q = Parse("income last")
		}
		_, got := q.Highlight("", c.summary, c.body)
		if !strings.Contains(got, c.has) {
			t.Errorf("%s: %q, want %q in it", c.name, got, c.has)
		}
		text := html.UnescapeString(unmark.Replace(got))
		if n := utf8.RuneCountInString(strings.Trim(text, "…")); n > snippetLength ||
			len(c.body) > 400 && strings.Contains(got, "…") && n < snippetLength-60 {
			t.Errorf("%s: %d runes in %q", c.name, n, got)
		}
	}
}

func TestSnippetsAreCutBetweenWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, asked, body, want string }{
		{"short texts are whole", "b", " a  b\nc ", "a <mark>b</mark> c"},
		{"a word stays whole", "x", strings.Repeat("a", 150) + " x " + strings.Repeat("b", 150),
			"…<mark>x</mark> " + strings.Repeat("b", 150)},
		{"a long word is cut", "x", strings.Repeat("a", 250), strings.Repeat("a", 200) + "…"},
		{"but not before its marks", "x", strings.Repeat("a", 199) + "b\u0301\u0301" +
			strings.Repeat("c", 80), strings.Repeat("a", 199) + "…"},
		{"a long word that is meant too", strings.Repeat("b", 250), "a " +
			strings.Repeat("b", 250) + " c", "…<mark>" + strings.Repeat("b", 200) + "</mark>…"},
		{"Chinese is cut anywhere", "京", strings.Repeat("東", 100) + "京" + strings.Repeat("東", 300),
			"…" + strings.Repeat("東", 60) + "<mark>京</mark>" + strings.Repeat("東", 139) + "…"},
		{"but Thai not before vowels", "x", strings.Repeat("นำ้", 80), strings.Repeat("นำ้", 66) +
			"…"},
		{"nothing", "x", "", ""},
	} {
		if _, got := Parse(c.asked).Highlight("", "", c.body); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestHighlightsOfAnyTextAreThatText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		title, summary, body := strange().Draw(t, "title"), strange().Draw(t, "summary"),
			strange().Draw(t, "body")
		q := Parse(rapid.OneOf(strange(), rapid.Just(title), rapid.Just(body)).Draw(t, "question"))
		marked, snippet := q.Highlight(title, summary, body)
		if !shows(marked, title) {
			t.Fatalf("%q is shown as %q", title, marked)
		}
		for i := range q.Want {
			if q.Want[i].In(title) && !strings.Contains(marked, "<mark>") {
				t.Fatalf("%+v stands in %q but is not marked in %q", q.Want[i], title, marked)
			}
		}
		text := strings.TrimSuffix(strings.TrimPrefix(html.UnescapeString(unmark.Replace(snippet)),
			"…"), "…")
		inside := func(s string) bool { return strings.Contains(spaced(s), spaced(text)) }
		if !inside(summary) && !inside(body) {
			t.Fatalf("%q stands neither in %q nor in %q", snippet, summary, body)
		}
	})
}

// spaced is a text as a browser would show its escaped form, without white space.
func spaced(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || c == '…' {
			return -1
		}
		return c
	}, html.UnescapeString(html.EscapeString(s)))
}

func TestHighlightTakesTimeInProportion(t *testing.T) {
	t.Parallel()
	const size = 500_000
	var hundred, phrases, prefixes []string
	for i := range 100 {
		hundred = append(hundred, "word"+strings.Repeat("x", i%9)+string(rune('a'+i%26)))
		phrases = append(phrases, `"`+strings.Repeat("a ", i+1)+`b"`)
		prefixes = append(prefixes, strings.Repeat("a", i%60+2)+"*")
	}
	for name, c := range map[string]struct{ asked, body string }{
		"words": {strings.Join(hundred, " "),
			strings.Repeat("wordxa filler wordxxb other ", size/28)},
		"one letter":    {"a " + strings.Join(hundred, " "), strings.Repeat("a ", size/2)},
		"phrases":       {strings.Join(phrases, " "), strings.Repeat("a ", size/2)},
		"a long phrase": {`"` + strings.Repeat("a ", 2000), strings.Repeat("a ", size/2)},
		"prefixes": {strings.Join(prefixes, " "),
			strings.Repeat(strings.Repeat("a", 64)+" ", size/65)},
		"one word": {"x*", strings.Repeat("x", size)},
		"marks":    {"x", "x" + strings.Repeat("\u0301", size)},
		"joiners":  {"x", strings.Repeat("\u200d", size) + "x"},
		"spaces":   {"x", "y" + strings.Repeat(" ", size) + "x" + strings.Repeat("\n", size)},
		"Arabic":   {"كتاب", strings.Repeat("وبألمانيا ", size/10)},
		"Chinese":  {"東京", strings.Repeat("東京", size/2)},
	} {
		q := Parse(c.asked)
		begun := time.Now()
		q.Highlight("", "", c.body)
		if took := time.Since(begun); took > 3*time.Second { // what is quadratic takes minutes
			t.Errorf("%s: %v", name, took)
		}
	}
}

func BenchmarkHighlight(b *testing.B) {
	var asked []string
	for i := range 100 {
		asked = append(asked, string(rune('a'+i%26))+string(rune('a'+i%23))+"word")
	}
	q := Parse(strings.Join(asked, " ") + ` "two houses" parl*`)
	for name, text := range map[string]string{
		"English": "The parliament has voted on two houses and their budgets. ",
		"Arabic":  "وصوّت البرلمان على الميزانية الجديدة للعام ٢٠٢٦ وبالإجماع. ",
		"Russian": "Парламент проголосовал за новый бюджет на следующий год. ",
		"letters": "a ",
	} {
		body := strings.Repeat(text, 500_000/utf8.RuneCountInString(text))
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				q.Highlight("", "", body)
			}
		})
	}
}
