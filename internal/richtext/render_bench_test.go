package richtext

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// newsBody is a made-up body of about 4 KB: paragraphs with emphasis and links, some headings and
// lists.
func newsBody() string {
	r := rand.New(rand.NewPCG(1, 2))
	words := func(n int) string {
		list := make([]string, n)
		for i := range list {
			for range 1 + r.IntN(3) {
				list[i] += string("bdfghjklmnprstvz"[r.IntN(16)]) + string("aeiou"[r.IntN(5)])
			}
		}
		return strings.Join(list, " ")
	}
	var b strings.Builder
	for i := range 12 {
		switch i % 4 {
		case 1:
			b.WriteString("## " + words(4) + "\n\n")
		case 3:
			b.WriteString("- " + words(6) + "\n- " + words(6) + "\n\n")
		}
		fmt.Fprintf(&b, "%s. It is *%s* of [%s](https://example.org/%s). %s. %s.\n\n", words(16),
			words(3), words(2), words(1), words(16), words(16))
	}
	return b.String()
}

func BenchmarkMarkdown(b *testing.B) {
	body := newsBody()
	html, _ := markdownToHTML(body)
	for _, step := range []struct {
		name string
		run  func()
	}{
		{"whole", func() { Markdown(body, "") }}, {"convert", func() { markdownToHTML(body) }},
		{"sanitise", func() { sanitize(html, "", &losses{}) }},
	} {
		b.Run(step.name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				step.run()
			}
		})
	}
}
