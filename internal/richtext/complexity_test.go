package richtext_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/masthead-cms/masthead/internal/richtext"
)

// longest is the length of the longest body there can be.
const longest = 500_000

func filled(unit string) string { return strings.Repeat(unit, longest/len(unit)) }

// counted is a body of lines that each carry another number.
func counted(format string) string {
	var b strings.Builder
	for i := 0; b.Len() < longest; i++ {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestNoBodyTakesLongOrGrowsOutOfBounds(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	cases := map[string]string{
		"open bold":              filled("<b>"),
		"open boxes":             filled("<div>x"),
		"open paragraphs":        filled("<p><b>x"),
		"open tables":            filled("<table><td>x"),
		"open links":             filled("<a href=x>"),
		"open headings":          filled("<h2>a"),
		"a heading that unfolds": "# " + filled("ﷺ"),
		"attributes":             "<p " + counted("a%d=1 ") + ">",
		"formatting to rebuild":  counted("<p><b lang=a%d>"),
		"end tags":               filled("<b>") + filled("</i>"),
		"quotations":             filled(">"),
		"spaced quotations":      filled("> "),
		"lists in lists":         filled("1) "),
		"lines in a deep list":   strings.Repeat("- ", 3000) + "a\n" + filled("\n"),
		"brackets":               filled("["),
		"quoted links":           filled("«http://"),
		"links behind letters":   filled("见http://a.b"),
		"names of headings":      filled("<h2 id=a name=b>"),
		"closed brackets":        strings.Repeat("[", longest/2) + strings.Repeat("]", longest/2),
		"open targets":           filled("[a]("),
		"angle targets":          filled("[x](<"),
		"emphasis":               filled("_a__b* "),
		"references":             counted("[a%d]: b\n"),
		"notes": counted("[^%d] ")[:longest/2] + "\n\n" +
			counted("[^%d]: x\n\n")[:longest/2],
		"a wide table of short rows": strings.Repeat("|a", 5000) + "\n" +
			strings.Repeat("|-", 5000) + "\n" + strings.Repeat("|\n", 50_000),
		"a long reference used often": "[a]: /" + strings.Repeat("b", longest/2) + "\n\n" +
			strings.Repeat("[a] ", longest/8),
		"definitions":          filled("a\n: b\n"),
		"a deep definition":    strings.Repeat("a\n: ", 3000) + filled("\n"),
		"attribute lists":      "a" + filled("{: #b}"),
		"lists of attributes":  filled("a\n{: #b c=d}\n"),
		"one attribute list":   "a\n{: " + filled("#b c=d ") + "}",
		"unfinished lists":     filled("{:"),
		"heading attributes":   filled("# a {#b c=d}\n"),
		"a comment":            "{::comment}\n" + filled("a\n"),
		"open rubies":          filled("<ruby>a<rt>"),
		"open pictures":        filled("<picture><source srcset=x>"),
		"embeds":               filled("<iframe src=x></iframe>"),
		"sources":              filled("<video><source src=x>"),
		"a long srcset":        "<img src=x srcset='" + filled("a 1x,") + "'>",
		"many unknown":         counted("<x%d>"),
		"headings of one name": filled("# a\n"),
		"links to headings":    filled("[a](#b)\n\n"),
		"divs with ids":        counted("<div id=a%d>x"),
		"a long title used often": "[a]: /b '" + strings.Repeat("b\n", longest/4) + "'\n\n" +
			strings.Repeat("[a] ", longest/8),
	}
	for name, source := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			for _, got := range []richtext.Rendered{
				richtext.Markdown(source, "x7"), richtext.HTML(source),
			} {
				if len(got.HTML) > 12*len(source) {
					t.Errorf("%d bytes became %d", len(source), len(got.HTML))
				}
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Fatalf("took %v", took)
			}
		})
	}
}

func TestDeepNestingIsFlattenedWithoutLosingWords(t *testing.T) {
	t.Parallel()
	for _, tag := range []string{"b", "div", "blockquote", "ul><li", "table><tr><td", "a href=x",
		"dl><dd", "figure", "q", "details"} {
		open := "<" + tag + ">"
		end := "</" + strings.Fields(strings.Split(tag, ">")[0])[0] + ">"
		source := "<p>first</p>" + strings.Repeat(open+"word ", 1000) +
			strings.Repeat(end+" ", 1000) + "<p>last</p>"
		got := richtext.HTML(source)
		if got.Words != 1002 {
			t.Errorf("%s: %d words", tag, got.Words)
		}
		if d := depth(t, got.HTML); d > 100 {
			t.Errorf("%s: %d deep", tag, d)
		}
		checkSafe(t, tag, got.HTML)
		checkStable(t, source)
	}
}

// depth is how many elements are open at most.
func depth(t *testing.T, s string) int {
	t.Helper()
	deepest, open := 0, 0
	for z := html.NewTokenizer(strings.NewReader(s)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if open != 0 {
				t.Errorf("%d elements stay open", open)
			}
			return deepest
		case html.StartTagToken:
			if name, _ := z.TagName(); string(name) != "br" && string(name) != "img" &&
				string(name) != "hr" {
				open++
			}
			deepest = max(deepest, open)
		case html.EndTagToken:
			open--
		}
	}
}

func TestATangledSourceIsShownAsItIs(t *testing.T) {
	t.Parallel()
	source := "# One\n\n" + strings.Repeat("[two](", 50_000) + "\n\n*three* <four>"
	got := richtext.Markdown(source, "")
	if !strings.HasPrefix(got.HTML, "<p># One</p>\n<p>[two]([two](") ||
		!strings.HasSuffix(got.HTML, "<p>*three* &lt;four&gt;</p>") {
		t.Errorf("%.60q … %q", got.HTML, got.HTML[len(got.HTML)-60:])
	}
	if got.Words != 50_003 {
		t.Errorf("%d words", got.Words)
	}
}

func TestALongReportIsNotTangled(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 800 {
		fmt.Fprintf(&b, "## Part %d\n\nSome *words*, a [link](https://example.org/%d), a [reference] and a note[^%d].\n\n", i, i, i)
		fmt.Fprintf(&b, "- one\n  - two\n    - three\n\n> > quoted\n\n|a|b|c|\n|-|-|-|\n|1|2|3|\n\n```\n%s```\n\n[^%d]: The note.\n\n", strings.Repeat("x[i] = *p_q;\n", 20), i)
	}
	b.WriteString(strings.Repeat("---\n\n* * *\n\n........ ........\n\n", 50) +
		"[reference]: https://example.org \"The title\"\n")
	got := richtext.Markdown(b.String(), "")
	if len(got.Outline) != 800 || strings.Count(got.HTML, `<sup id="fnref-`) != 800 {
		t.Errorf("%d bytes of source have %d headings: shown as they are", b.Len(),
			len(got.Outline))
	}
}
