package richtext_test

import (
	"bufio"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/internal/corpora"
	"github.com/masthead-cms/masthead/internal/richtext"
)

// plainLibrary finds the media of these tests, without words of their own.
func plainLibrary(id string) (richtext.Medium, bool) {
	m, ok := library(id)
	return richtext.Medium{Kind: m.Kind, URL: m.URL, Title: "Title"}, ok
}

// span is a span of plain text.
func span(text string, marks ...string) richtext.Span {
	return richtext.Span{Text: text, Marks: append([]string{}, marks...)}
}

func words(text string) []richtext.Span { return []richtext.Span{span(text)} }

func paragraph(text string) richtext.Block {
	return richtext.Block{Type: "paragraph", Text: words(text)}
}

func TestABodyIsBlocks(t *testing.T) {
	t.Parallel()
	link := func(text, href string, marks ...string) richtext.Span {
		s := span(text, marks...)
		s.Href = href
		return s
	}
	image := richtext.Block{Type: "image", MediumID: pictureID, Alt: "a", Caption: words("c")}
	cases := []struct {
		name, in string
		want     []richtext.Block
	}{
		{"nothing", "", []richtext.Block{}},
		{"marks", "One ***two*** `three`\n[four **five**](/x)~~six~~  \nH<sub>2</sub>",
			[]richtext.Block{{Type: "paragraph", Text: []richtext.Span{span("One "),
				span("two", "strong", "em"), span(" "), span("three", "code"), span(" "),
				link("four ", "/x"), link("five", "/x", "strong"), span("six", "strike"),
				span("\nH"), span("2", "sub")}}}},
		{"a heading", "## A *b* ![c](/d.png)", []richtext.Block{
			{Type: "heading", Level: 2, ID: "a-b", Text: []richtext.Span{span("A "), span("b", "em")}},
			{Type: "image", URL: "/d.png", Alt: "c"}}},
		{"a quotation", "> a\n>\n> > b", []richtext.Block{{Type: "quote", Blocks: []richtext.Block{
			paragraph("a"), {Type: "quote", Blocks: []richtext.Block{paragraph("b")}}}}}},
		{"a fact box", ":::factbox{title=T}\na\n:::", []richtext.Block{{Type: "aside",
			Kind: "factbox", Title: "T", Blocks: []richtext.Block{paragraph("a")}}}},
		{"lists", "3. a\n4. b\n   - c", []richtext.Block{{Type: "list", Ordered: true, Start: 3,
			Items: [][]richtext.Block{{paragraph("a")}, {paragraph("b"), {Type: "list", Start: 1,
				Items: [][]richtext.Block{{paragraph("c")}}}}}}}},
		{"a picture", "![a](media:«P» \"c\")", []richtext.Block{image}},
		{"a picture in a link", "[![a](media:«P» \"c\")](/x)", []richtext.Block{{Type: "image",
			MediumID: pictureID, Alt: "a", Href: "/x", Caption: words("c")}}},
		{"a gallery without pictures", ":::gallery{caption=d}\n:::\n\n:::gallery\nx\n:::",
			[]richtext.Block{paragraph("d"), paragraph("x")}},
		{"a picture in a line", "x ![a](media:«P») y", []richtext.Block{paragraph("x"),
			{Type: "image", MediumID: pictureID, Alt: "a"}, paragraph("y")}},
		{"a picture that may not be seen", "x\n\n![a](media:«X» \"c\")\n\ny ![](media:«X»)",
			[]richtext.Block{paragraph("x"), paragraph("y")}},
		{"sound and film", "![](media:«S» \"s\")\n\n![](media:«F»)", []richtext.Block{
			{Type: "audio", MediumID: soundID, Caption: words("s")},
			{Type: "video", MediumID: filmID, Caption: []richtext.Span{}}}},
		{"a document", "see ![](media:«D»)", []richtext.Block{{Type: "paragraph",
			Text: []richtext.Span{span("see "), link("Title", "/media/d.pdf")}}}},
		{"a gallery", ":::gallery{caption=d}\n![a](media:«P» \"c\")\n![](media:«X»)\n:::",
			[]richtext.Block{{Type: "gallery", Images: []richtext.Block{image}, Caption: words("d")}}},
		{"a gallery that may not be seen", ":::gallery{caption=d}\n![](media:«X»)\n:::",
			[]richtext.Block{}},
		{"an embed", "::embed{url=https://youtu.be/a title=T}", []richtext.Block{{Type: "embed",
			Provider: "youtube", URL: aFilm, Title: "T", Caption: []richtext.Span{},
			Src: "https://www.youtube-nocookie.com/embed/a"}}},
		{"a table", "|a|b|\n|-|-:|\n|1|*2*|", []richtext.Block{{Type: "table",
			Head:  []richtext.Cell{words("a"), words("b")},
			Rows:  [][]richtext.Cell{{words("1"), {span("2", "em")}}},
			Align: []string{"start", "right"}}}},
		{"code", "```go\na\n\tb\n```\n\n---", []richtext.Block{
			{Type: "code", Language: "go", Code: "a\n\tb"}, {Type: "divider"}}},
		{"footnotes", "a[^1]\n\n[^1]: b", []richtext.Block{
			{Type: "paragraph", Text: []richtext.Span{span("a"), link("1", "#fn-1", "sup")}},
			{Type: "footnotes", Notes: []richtext.Note{{ID: "fn-1",
				Blocks: []richtext.Block{paragraph("b")}}}}}},
		{"definitions", "a\n: b", []richtext.Block{
			{Type: "paragraph", Text: []richtext.Span{span("a", "strong")}}, paragraph("b")}},
		{"details", "<details><summary>a</summary>b</details>", []richtext.Block{
			{Type: "paragraph", Text: []richtext.Span{span("a", "strong")}}, paragraph("b")}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			stored := richtext.Markdown(expand(c.in), "").HTML
			got := richtext.Blocks(stored, plainLibrary)
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s\ngot  %+v\nwant %+v", stored, got, c.want)
			}
		})
	}
}

// blockWords returns the words of blocks.
func blockWords(blocks []richtext.Block) string {
	var b strings.Builder
	line := func(spans []richtext.Span) {
		b.WriteByte(' ')
		for _, s := range spans {
			if !(slices.Contains(s.Marks, "sup") && strings.HasPrefix(s.Href, "#fn-")) {
				b.WriteString(s.Text)
			}
		}
		b.WriteByte(' ')
	}
	var all func([]richtext.Block)
	all = func(blocks []richtext.Block) {
		for _, k := range blocks {
			b.WriteString(" " + k.Title + " " + k.Code)
			line(k.Text)
			all(k.Blocks)
			for _, item := range k.Items {
				all(item)
			}
			all(k.Images)
			for _, cells := range append([][]richtext.Cell{k.Head}, k.Rows...) {
				for _, cell := range cells {
					line(cell)
				}
			}
			for _, note := range k.Notes {
				all(note.Blocks)
			}
			line(k.Caption)
		}
	}
	all(blocks)
	return b.String()
}

// htmlWords returns the words of HTML but for the numbers of footnotes and the ways back from them.
func htmlWords(t reporter, source string) string {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(source),
		&html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		t.Fatalf("%q: %v", source, err)
	}
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for _, a := range n.Attr {
			if n.Data == "a" && a.Key == "href" && strings.HasPrefix(a.Val, "#fnref-") ||
				n.Data == "sup" && a.Key == "id" && strings.HasPrefix(a.Val, "fnref-") {
				return
			}
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	for _, n := range nodes {
		walk(n)
	}
	return b.String()
}

// letters returns the sorted characters of a text that are no white space. Where a space is needed
// depends on what is a block, which this cannot know; blocks may stand in another order than in
// HTML where a caption or a picture in a heading is.
func letters(s string) string {
	all := []rune(strings.Join(strings.Fields(s), ""))
	slices.Sort(all)
	return string(all)
}

// checkSameWords checks that HTML, blocks and text of a body say the same.
func checkSameWords(t reporter, source string, r richtext.Rendered) {
	t.Helper()
	blocks := richtext.Blocks(r.HTML, plainLibrary)
	said, shown := blockWords(blocks), htmlWords(t, richtext.Fill(r.HTML, plainLibrary))
	if letters(said) != letters(shown) {
		t.Fatalf("%.2000q is %.2000q\nblocks say %.2000q\nHTML says %.2000q", source, r.HTML, said,
			shown)
	}
	if len(r.Media) > 0 {
		return // the text has no words of media, and captions of those that may not be seen
	}
	if letters(said) != letters(r.Text) {
		t.Fatalf("%.2000q is %.2000q\nblocks say %.2000q\nthe text is %.2000q", source, r.HTML, said,
			r.Text)
	}
}

// checkFolded checks moreover that the words of blocks and text stand in the same order.
func checkFolded(t *testing.T, name string, r richtext.Rendered) (same bool) {
	t.Helper()
	checkSameWords(t, name, r)
	said := strings.Join(strings.Fields(blockWords(richtext.Blocks(r.HTML, plainLibrary))), " ")
	return said == r.Text
}

func TestBlocksHTMLAndTextSayTheSame(t *testing.T) {
	t.Parallel()
	sources := map[string]func(*testing.T) []post{
		"digitalgov": func(t *testing.T) []post {
			return archived(t, corpora.Path(t, "md-digitalgov", "content.tar.gz"))
		},
		"18f":      func(t *testing.T) []post { return folder(t, corpora.Path(t, "jekyll-18f", "content")) },
		"rustblog": func(t *testing.T) []post { return folder(t, corpora.Path(t, "zola-rustblog", "content")) },
		"commonmark": func(t *testing.T) []post {
			var examples []struct{ Markdown, HTML string }
			load(t, &examples, "commonmark-spec", "spec.json")
			var posts []post
			for _, e := range examples {
				posts = append(posts, post{e.Markdown, e.Markdown}, post{e.HTML, e.HTML})
			}
			return posts
		},
		"arabic": func(t *testing.T) []post {
			return everyTenth(t, corpora.Path(t, "arabic-antcorpus", "articles.jsonl"))
		},
		"ghost": func(t *testing.T) []post {
			var posts []post
			for _, raw := range readAll(t, corpora.Path(t, "ghost-golden")) {
				for _, s := range stringsOf(raw) {
					if strings.HasPrefix(s, "<") {
						posts = append(posts, post{"ghost", s})
					}
				}
			}
			return posts
		},
	}
	for name, posts := range sources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bodies, same := 0, 0
			for _, p := range posts(t) {
				for _, r := range []richtext.Rendered{
					richtext.Markdown(p.body, "x"), richtext.HTML(p.body),
				} {
					bodies++
					if checkFolded(t, p.name, r) {
						same++
					}
				}
			}
			if bodies < 20 || same < bodies*97/100 {
				t.Errorf("of %d bodies %d are in the same order", bodies, same)
			}
			t.Logf("of %d bodies %d are in the same order", bodies, same)
		})
	}
}

// readAll returns the files of a folder.
func readAll(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		if raw, err := os.ReadFile(folder + "/" + e.Name()); err == nil && !e.IsDir() {
			all = append(all, string(raw))
		}
	}
	return all
}

// stringsOf returns the strings in a JSON document; none if it is something else.
func stringsOf(document string) (found []string) {
	d := json.NewDecoder(strings.NewReader(document))
	for {
		token, err := d.Token()
		if err != nil {
			return found
		}
		if s, ok := token.(string); ok {
			found = append(found, s)
		}
	}
}

// everyTenth returns the texts of a tenth of the lines of a JSON Lines file.
func everyTenth(t *testing.T, path string) []post {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	var posts []post
	for n := 0; lines.Scan(); n++ {
		var article struct{ Title, Text string }
		if err := json.Unmarshal(lines.Bytes(), &article); err != nil {
			t.Fatal(err)
		}
		if n%10 == 0 {
			posts = append(posts, post{article.Title, "# " + article.Title + "\n\n" + article.Text})
		}
	}
	return posts
}

func TestBlocksSayWhatAnyScrapsDo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		source := htmlScraps().Draw(t, "source")
		checkSameWords(t, source, richtext.HTML(source))
		checkSameWords(t, source, richtext.Markdown(source, ""))
	})
}
