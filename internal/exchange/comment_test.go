package exchange

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestCommentsOfKramdownAreNotImported(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Public {::comment}source: Jane Doe{:/comment} text": "Public  text",
		"Public {::comment}Jane\nDoe{:/} text":               "Public  text",
		"a\n\n{::comment}\nJane\n\nDoe\n{:/comment}\n\nb":    "a\n\n\n\nb",
		"> a {::comment}Jane{:/comment}":                     "> a ",
	} {
		it := bodyOf(t, text, RemoveMarkup)
		if it.Body != want || len(it.Markup) != 1 || it.Markup[0].Name != "comment" {
			t.Errorf("%q became %q, %+v", text, it.Body, it.Markup)
		}
		if kept := bodyOf(t, text, KeepMarkup); kept.Body != text || len(kept.Markup) != 1 {
			t.Errorf("%q: left as %q, %+v", text, kept.Body, kept.Markup)
		}
	}
}

func TestNoTextIsLostToACommentWithoutAnEnd(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"a\n\n{::comment}\nb\n\nc", "a {::comment} b\n\nc {:/comment}", "`{::comment}a{:/comment}`",
		"> {::comment}\n> b\n\nc\n\n{:/comment}", "a \\{::comment}b{:/comment}",
		"price {::x} more {:/x}", "set {a, b} of {: c}",
	} {
		if it := bodyOf(t, text, RemoveMarkup); it.Body != text || it.Markup != nil {
			t.Errorf("%q became %q, %+v", text, it.Body, it.Markup)
		}
	}
}

func TestTheTitleHasNoCommentOfKramdown(t *testing.T) {
	t.Parallel()
	for _, policy := range []MarkupPolicy{RemoveMarkup, KeepMarkup} {
		files := fstest.MapFS{"a.md": {Data: []byte("---\ndraft: true\n---\n# The quay {::comment}Jane{:/comment}\n\nText")}}
		items := slices.Collect(Markdown(files, Options{Markup: policy}))
		if len(items) != 1 || items[0].Title != "The quay" {
			t.Errorf("policy %v: %+v", policy, items)
		}
	}
}
