package exchange

import (
	"strings"
	"testing"
)

func TestPlainTakesSimpleHTMLOffAndLeavesTheRest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ written, want string }{
		{"It&#8217;s &ldquo;new&rdquo; &mdash; &ntilde;", "It’s “new” — ñ"},
		{"<strong>Half</strong> a <em>million</em>!", "Half a million!"},
		{`see <a href="http://x.example/">this</a>`, "see this"},
		{"<p>one</p><p>two</p>", "one  two"},
		{"one<br/>two<BR />three", "one two three"},
		{"Vec<T> and <canvas>", "Vec<T> and <canvas>"},
		{"&lt;em&gt; stays", "<em> stays"},
		{"a < b and b > c", "a < b and b > c"},
		{"AT&T, R&D;, &copyright", "AT&T, R&D;, &copyright"},
		{"x &&amp; y", "x && y"},
		{"<b", "<b"},
		{"<b <i>x</i>", "<b x"},
	} {
		if got := plain(c.written); got != c.want {
			t.Errorf("plain(%q) = %q, want %q", c.written, got, c.want)
		}
	}
}

func TestScrubMakesLineFeedsAndDropsControls(t *testing.T) {
	t.Parallel()
	got, dropped := scrub("a\r\nb\rc\n\td\x00e\x1bf\u0085")
	if want := "a\nb\nc\n\tdef\u0085"; got != want || dropped != 2 {
		t.Errorf("got %q and %d, want %q and 2", got, dropped, want)
	}
}

func TestOneLineKeepsTypography(t *testing.T) {
	t.Parallel()
	if got, want := oneLine(" a \n\t b «\u00a0c\u00a0» "), "a b «\u00a0c\u00a0»"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestATextOfNothingButBracketsIsReadOnce(t *testing.T) {
	t.Parallel()
	s := strings.Repeat("<&", 1<<19)
	if got := plain(s); got != s {
		t.Errorf("%d bytes became %d", len(s), len(got))
	}
}
