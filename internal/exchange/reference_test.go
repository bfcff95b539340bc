package exchange

import (
	"fmt"
	"testing"
	"testing/fstest"
)

func TestLabelsOfRelativeLinksLeadToTheirArticles(t *testing.T) {
	t.Parallel()
	body := "[one][a], [two][ A  b ], [three][], [three], [*four*][d] and ![five][d]; [d](#x)\n" +
		"[six][e] [seven][f] `[d]`\n\n" +
		"[a]: other.md \"Other\"\n[a b]: <../x/deep.md#part>\n  [Three]: ../x/deep.md\n" +
		"[d]: nothing.md 'Title'\n[d]: other.md\n[e]: https://e.example/x.md\n" +
		"[f]: /f (F)\n[^1]: other.md\n[g]: is a word\n"
	page := func(body string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\ntitle: T\n---\n" + body)}
	}
	files := fstest.MapFS{"p/a.md": page(body), "p/other.md": page("O"), "x/deep.md": page("D")}
	options := Options{ArticleURL: func(_ *Item, slug string) string { return "/articles/" + slug }}
	want := "[one][a], [two][ A  b ], [three][], [three], *four* and ; [d](#x)\n" +
		"[six][e] [seven][f] `[d]`\n\n" +
		"[a]: /articles/other \"Other\"\n[a b]: </articles/deep#part>\n  [Three]: /articles/deep\n" +
		"\n\n[e]: https://e.example/x.md\n" +
		"[f]: /f (F)\n[^1]: other.md\n[g]: is a word"
	for it := range Markdown(files, options) {
		if it.Key != "p/a.md" {
			continue
		}
		if it.Body != want {
			t.Errorf("got\n%s\nwant\n%s", it.Body, want)
		}
		var told []string
		for _, m := range it.Markup {
			told = append(told, fmt.Sprint(m.Line, m.Text, m.Converted))
		}
		if got := fmt.Sprint(told); got !=
			"[7other.mdtrue 8../x/deep.md#parttrue 9../x/deep.mdtrue 10nothing.mdfalse "+
				"11other.mdfalse]" {
			t.Errorf("told %s", got)
		}
	}
	if it := bodyOf(t, "[a][b]\n\n[b]: x.md\n", KeepMarkup); it.Body != "[a][b]\n\n[b]: x.md" ||
		len(it.Markup) != 1 {
		t.Errorf("kept as %q, named %d", it.Body, len(it.Markup))
	}
}
