package search

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPlainIsTheTextOfHTML(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"<p>One</p><p>t<b>w</b>o &amp; <a href=\"/x>y\" title='<'>three</a></p>",
			" One  two & three "},
		{"H<sub>2</sub>O<sup>1</sup>", "H2O 1 "},
		{"a<br>b<br/>c<hr />d", "a b c d"},
		{"a<!-- > b -->c<!doctype html>d", "ac d"},
		{"x<script>alert('<p>')</script>y<style>p{}</style>z", "x y z"},
		{"1 < 2 <3 <> </ > &lt;p&gt; &eacute;", "1 < 2 <3 <> </ > <p> é"},
		{"a<p title=\"b", "a "},
		{"<h2>A</h2><table><tr><td>B</td><td>C</td></tr></table>", " A    B  C   "},
	} {
		if got := Plain(c.in); got != c.want {
			t.Errorf("Plain(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestPlainNeverFails(t *testing.T) {
	t.Parallel()
	scraps := rapid.SliceOf(rapid.OneOf(rapid.SampledFrom([]string{"<", ">", "</", "<!--", "-->",
		"\"", "'", "<p", "<script>", "a", " ", "&amp;", "="}), rapid.String()))
	rapid.Check(t, func(t *rapid.T) {
		Stream(Plain(strings.Join(scraps.Draw(t, "scraps"), "")))
	})
}
