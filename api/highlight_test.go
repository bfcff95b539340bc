package api_test

import (
	"html"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// highlighted is the highlight of the one article that answers a question.
func highlighted(t *testing.T, c *testkit.Call) (title, snippet string) {
	t.Helper()
	r := c.Want(200)
	if n := len(r.List("data")); n != 1 {
		t.Fatalf("%d articles answer: %s", n, r.Body)
	}
	return r.Text("data.0.highlight.title"), r.Text("data.0.highlight.snippet")
}

func TestAnswersAreMarked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		words          string
		article        map[string]any
		title, snippet string
	}{
		"a word of the title":           {"rivers", map[string]any{"title": "The River rises", "body": "Water."}, "The <mark>River</mark> rises", "Water."},
		"the body":                      {"gauge", map[string]any{"title": "T", "body": "## Head\n\nOne *gauge* here."}, "T", "Head One <mark>gauge</mark> here."},
		"the summary if it has as much": {"gauge", map[string]any{"title": "T", "summary": "A gauge.", "body": "One gauge."}, "T", "A <mark>gauge</mark>."},
		"the body if it has more":       {"one gauge", map[string]any{"title": "T", "summary": "A gauge.", "body": "One gauge."}, "T", "<mark>One</mark> <mark>gauge</mark>."},
		"a phrase":                      {`"red gauge"`, map[string]any{"title": "Red gauge, gauge red", "body": "B"}, "<mark>Red gauge</mark>, gauge red", "B"},
		"a beginning":                   {"meas*", map[string]any{"title": "Measuring a Measure", "body": "B"}, "<mark>Measuring</mark> a <mark>Measure</mark>", "B"},
		"accents and case":              {"eleve", map[string]any{"title": "L'ÉLÈVE", "body": "B"}, "L&#39;<mark>ÉLÈVE</mark>", "B"},
		"not what must be missing":      {"one -two", map[string]any{"title": "One", "body": "B"}, "<mark>One</mark>", "B"},
		"only of the tag":               {"water", map[string]any{"title": "T", "summary": "S", "tags": []string{"Water"}, "body": "B"}, "T", "S"},
		"marks of the reader": {"water", map[string]any{"title": `<script>alert("Water & 'ice'")</script> <mark>`, "body": "`<b>` & \"water\" <script>x</script>"},
			"&lt;script&gt;alert(&#34;<mark>Water</mark> &amp; &#39;ice&#39;&#34;)&lt;/script&gt; &lt;mark&gt;", `&lt;b&gt; &amp; &#34;<mark>water</mark>&#34;`},
		"markup that is asked for": {"<script> mark", map[string]any{"title": "<script> & <mark>", "body": "B"},
			"&lt;<mark>script</mark>&gt; &amp; &lt;<mark>mark</mark>&gt;", "B"},
		"a character reference": {"amp", map[string]any{"title": "&amp; <b>", "body": "B"}, "&amp;<mark>amp</mark>; &lt;b&gt;", "B"},
		"Arabic with vowel marks": {"مدرسة", map[string]any{"title": "افتُتحت المَدْرَسَةُ الجديدة", "body": "وفي المدرسةِ طلاب.", "locale": "ar"},
			"افتُتحت <mark>المَدْرَسَةُ</mark> الجديدة", "وفي <mark>المدرسةِ</mark> طلاب."},
		"Arabic with little words": {"بالكتاب", map[string]any{"title": "وكتابٌ آخر", "body": "للكتاب ثمن.", "locale": "ar"},
			"<mark>وكتابٌ</mark> آخر", "<mark>للكتاب</mark> ثمن."},
		"an Arabic phrase": {`"المدرسة الجديدة"`, map[string]any{"title": "افتُتحت المَدْرَسَةُ الجَدِيدة اليوم", "body": "B", "locale": "ar"},
			"افتُتحت <mark>المَدْرَسَةُ الجَدِيدة</mark> اليوم", "B"},
		"Chinese":     {"京都", map[string]any{"title": "東京都の川", "body": "B"}, "東<mark>京都</mark>の川", "B"},
		"white space": {"one", map[string]any{"title": "T", "body": "Look,\n\n    \n\n- one\n- two"}, "T", "Look, <mark>one</mark> two"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := testkit.New(t)
			k.Published(c.article)
			for _, more := range []string{"", "&view=draft", "&sort=title", "&include=body", "&sort=-published_at&facets=tag&count=exact"} {
				title, snippet := highlighted(t, k.As(cms.Editor, "GET", asking(c.words, "&highlight=true"+more)))
				if title != c.title || snippet != c.snippet {
					t.Errorf("%s\n%s\n%s\nwant\n%s\n%s", more, title, snippet, c.title, c.snippet)
				}
			}
		})
	}
}

func TestASnippetIsShortAndShowsWhereTheWordsMeet(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	filler := strings.Repeat("Nothing of note was said on this day at all. ", 60)
	k.Published(map[string]any{"title": "T", "body": filler + "A heron stood. " + filler + "The heron met a stork there. " + filler})
	_, snippet := highlighted(t, k.Public("GET", asking("stork heron", "&highlight=true")))
	if !strings.Contains(snippet, "The <mark>heron</mark> met a <mark>stork</mark> there") {
		t.Errorf("the snippet is from elsewhere: %s", snippet)
	}
	if !strings.HasPrefix(snippet, "…") || !strings.HasSuffix(snippet, "…") {
		t.Errorf("it does not say that it is a piece: %s", snippet)
	}
	plain := html.UnescapeString(strings.NewReplacer("<mark>", "", "</mark>", "", "…", "").Replace(snippet))
	if n := utf8.RuneCountInString(plain); n > 200 || n < 120 || !strings.Contains(filler+"The heron met a stork there. "+filler, plain) {
		t.Errorf("%d characters: %s", n, plain)
	}
}

func TestHighlightsStandBesideTheFieldsThatAreWanted(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Published(map[string]any{"title": "A ferry", "body": "It sails."})
	r := k.Public("GET", asking("ferry", "&highlight=true&fields=slug")).Want(200)
	want := `"data":[{"slug":"a-ferry","highlight":{"title":"A <mark>ferry</mark>","snippet":"It sails."}}]`
	if told := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(r.Body)); !strings.Contains(told, want) {
		t.Errorf("%s\nwant %s", told, want)
	}
	for _, target := range []string{asking("ferry", ""), asking("ferry", "&highlight=false"), "/v1/articles", "/v1/articles/a-ferry"} {
		if r := k.Public("GET", target).Want(200); strings.Contains(string(r.Body), "highlight") {
			t.Errorf("%s: %s", target, r.Body)
		}
	}
	if r := k.Public("GET", asking("ferry", "&highlight=true")).Want(200); strings.Contains(string(r.Body), "body_html") {
		t.Errorf("the text comes along unasked: %s", r.Body)
	}
	wantErrors(t, k.Public("GET", asking("ferry", "&highlight=true&fields=slug,highlight")).Want(400), "fields not_allowed")
	if r := k.Public("GET", asking("nothing-like-it", "&highlight=true")).Want(200); len(r.List("data")) != 0 {
		t.Errorf("%s", r.Body)
	}
	k.Public("GET", asking("-ferry", "&highlight=true")).Want(200)
	k.Public("GET", asking("…", "&highlight=true")).Want(200)
}
