package richtext_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/internal/corpora"
	"github.com/masthead-cms/masthead/internal/richtext"
)

// reporter is the part of a test, a fuzz run or a property that checks need.
type reporter interface {
	Helper()
	Fatalf(string, ...any)
}

// bodyElements are the elements of a rendered body. The list is not that of the policy, so that a
// slip there is found.
var bodyElements = strings.Fields(`p br hr h2 h3 h4 h5 h6 strong b em i u s del ins mark small sub
	sup abbr cite q code pre kbd samp var bdi bdo blockquote ul ol li dl dt dd table thead tbody
	tfoot tr th td caption figure figcaption aside img a time details summary div span ruby rt rp picture
	source`)

var bodyAttributes = strings.Fields(`dir lang href title hreflang src alt width height loading cite
	datetime start type reversed colspan rowspan scope align id value open class rel srcset sizes
	media data-medium role data-provider data-src data-width data-height`)

// goodID is an id that cannot be mistaken for anything else, whoever reads it.
var goodID = regexp.MustCompile("^[^\\s\"'<>`]+$")

// checkSafe reads a rendered body as a browser would, in the places a page may put it, and looks at
// everything in it.
func checkSafe(t reporter, source, rendered string) {
	t.Helper()
	for _, place := range []atom.Atom{atom.Body, atom.Article, atom.Td, atom.P} {
		nodes, err := html.ParseFragment(strings.NewReader(rendered),
			&html.Node{Type: html.ElementNode, Data: place.String(), DataAtom: place})
		if err != nil {
			t.Fatalf("%q rendered as %q cannot be read: %v", source, rendered, err)
		}
		ids := map[string]bool{}
		for _, root := range nodes {
			for n := range root.Descendants() {
				checkNode(t, rendered, n, ids)
			}
			checkNode(t, rendered, root, ids)
		}
	}
}

func checkNode(t reporter, rendered string, n *html.Node, ids map[string]bool) {
	t.Helper()
	if n.Type == html.TextNode {
		return
	}
	if n.Type != html.ElementNode || n.Namespace != "" || !slices.Contains(bodyElements, n.Data) {
		t.Fatalf("%q holds a <%s>", rendered, n.Data)
	}
	for _, a := range n.Attr {
		if !slices.Contains(bodyAttributes, a.Key) || a.Namespace != "" {
			t.Fatalf("%q holds an attribute %s", rendered, a.Key)
		}
		switch a.Key {
		case "data-src":
			if !strings.HasPrefix(a.Val, "https://") {
				t.Fatalf("%q holds the frame %q", rendered, a.Val)
			}
		case "href", "src", "cite":
			if scheme := schemeOf(a.Val); !slices.Contains([]string{"", "http", "https", "mailto",
				"tel"}, scheme) || a.Key != "href" && len(scheme) == 3 {
				t.Fatalf("%q holds the address %q", rendered, a.Val)
			}
		case "srcset":
			for candidate := range strings.SplitSeq(a.Val, ", ") {
				if !slices.Contains([]string{"", "http", "https"}, schemeOf(candidate)) {
					t.Fatalf("%q holds the candidate %q", rendered, candidate)
				}
			}
		case "class":
			ours := []string{"figure embed", "figure gallery", "aside factbox", "p title"}
			if !slices.Contains(ours, n.Data+" "+a.Val) && (strings.Contains(a.Val, " ") ||
				!strings.HasPrefix(a.Val, "language-")) {
				t.Fatalf("%q holds the class %q", rendered, a.Val)
			}
		case "rel":
			if strings.Contains(a.Val, "opener") && !strings.Contains(a.Val, "noopener") {
				t.Fatalf("%q holds the relation %q", rendered, a.Val)
			}
		case "id":
			if !goodID.MatchString(a.Val) || ids[a.Val] {
				t.Fatalf("%q holds the id %q", rendered, a.Val)
			}
			ids[a.Val] = true
		}
	}
}

// schemeOf returns the scheme of an address as the most lenient parser reads it.
func schemeOf(address string) string {
	address = strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, html.UnescapeString(address)))
	i := strings.IndexAny(address, ":/?#")
	if i < 0 || address[i] != ':' {
		return ""
	}
	return address[:i]
}

// checkStable checks that rendering what was rendered changes nothing.
func checkStable(t reporter, source string) {
	t.Helper()
	once := richtext.HTML(source)
	again := richtext.HTML(once.HTML)
	if again.HTML != once.HTML {
		t.Fatalf("%q\nonce  %q\nagain %q", source, once.HTML, again.HTML)
	}
	if !slices.Equal(again.Outline, once.Outline) || again.Text != once.Text ||
		again.Words != once.Words {
		t.Fatalf("%q: outline or text change: %v %q, again %v %q", source, once.Outline, once.Text,
			again.Outline, again.Text)
	}
}

// checkAll renders a source as Markdown and as HTML and checks all that is promised.
func checkAll(t reporter, source string) {
	t.Helper()
	checkSafe(t, source, richtext.HTML(source).HTML)
	checkStable(t, source)
	rendered := richtext.Markdown(source, "").HTML
	checkSafe(t, source, rendered)
	checkStable(t, rendered)
}

func TestHostileInputIsHarmless(t *testing.T) {
	t.Parallel()
	t.Run("our own", func(t *testing.T) {
		t.Parallel()
		cases := corpora.Hostile(t, "scripts.txt", "addresses.txt", "mutation.txt", "markdown.txt",
			"strings.json", "sql.json")
		for _, c := range cases {
			checkAll(t, c)
		}
		checkAll(t, strings.Join(cases, "\n\n")) // one may break out into the next
	})
	t.Run("bluemonday", func(t *testing.T) {
		t.Parallel()
		var cases []struct{ In string }
		load(t, &cases, "hostile-bluemonday", "cases.json")
		for _, c := range cases {
			checkAll(t, c.In)
		}
	})
	t.Run("dompurify", func(t *testing.T) {
		t.Parallel()
		var cases []struct{ Payload string }
		load(t, &cases, "hostile-dompurify", "expect.json")
		for _, c := range cases {
			checkAll(t, c.Payload)
		}
	})
	t.Run("naughty strings", func(t *testing.T) {
		t.Parallel()
		var cases []string
		load(t, &cases, "hostile-blns", "blns.json")
		for _, c := range cases {
			checkAll(t, c)
		}
	})
	t.Run("payloads", func(t *testing.T) {
		t.Parallel()
		files, err := filepath.Glob(filepath.Join(corpora.Path(t, "hostile-payloads",
			"XSS Injection"), "*", "*"))
		if err != nil || len(files) < 4 {
			t.Fatal(files, err)
		}
		for _, name := range files {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			checkAll(t, string(raw))
			for line := range strings.Lines(string(raw)) {
				if filepath.Ext(name) != ".png" {
					checkAll(t, line)
				}
			}
		}
	})
}

// load reads a JSON file of the corpora.
func load(t *testing.T, into any, parts ...string) {
	t.Helper()
	raw, err := os.ReadFile(corpora.Path(t, parts...))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

// htmlScraps are what the properties put together: tags that disturb each other when they nest.
func htmlScraps() *rapid.Generator[string] {
	names := append([]string{"div", "script", "style", "svg", "math", "mi", "title", "textarea",
		"template", "select", "option", "form",
		"button", "iframe", "h1", "font", "nobr", "span", "input type=checkbox", "foreignObject",
		"annotation-xml", "body", "html", "head",
		"frameset", "col", "colgroup", "plaintext", "noscript", "image", "object", "strike", "xmp",
		"a href=/x", "a href=x id=fn-1",
		"img src=/y", "li id=fn-1", "sup \x01=fn-1", "ol start=2 start=3", "p dir=rtl", "listing",
		"ruby", "rt", "img src=media:" + pictureID + " title=c", "figure data-medium=" + soundID,
		"figure class=embed", "figure class=gallery", "div class=gallery", "div class=wp-caption",
		"p class=wp-caption-text", "aside class=factbox", "p class=title", "dd class=gallery-caption",
		"iframe src=https://youtu.be/a width=9", "a href=https://vimeo.com/1", "dl", "dt",
		"blockquote class=tiktok-embed", "ul class=wp-block-gallery", "lite-youtube videoid=a",
	}, bodyElements...)
	tag := rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"<", "</", "<"}).Draw(t, "open") +
			rapid.SampledFrom(names).Draw(t, "name") +
			rapid.SampledFrom([]string{">", ">", "/>"}).Draw(t, "close")
	})
	words := rapid.SampledFrom([]string{"a", " ", "\n", "\n\n", "b c", "<", "&lt;", "&amp;amp;",
		"&#13;", "&#0;", "\r", "\f", "\x00", "\"", "'", "<!--", "-->", "خبر", "\u00a0",
		"&nbsp;", "* ", "# ", "> ", "|a|b|\n|-|-|\n", "`", "[x](", ")", "[^1]", "\n[^1]: n", "<p",
		"\n:::aside{title=t}\n", "\n:::gallery\n", "\n:::\n", "\n::embed{url=https://youtu.be/a}\n",
		"\n![](/y \"t\")\n", "https://youtu.be/b", "=\"", "&", "]]>", "<![CDATA[", "🔥"})
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(tag, tag, words), 0, 40).Draw(t, "scraps"), "")
	})
}

func TestRenderingIsSafeAndStableForAnyScraps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { checkAll(t, htmlScraps().Draw(t, "source")) })
}

func FuzzRender(f *testing.F) {
	for _, s := range []string{"<b><table><td><a href=x><p>y</b>", "# a\n\n[^1]\n\n[^1]: b", "<svg><style><img src=x onerror=y>", "<pre>\n\n<h2>&#13;", "<dl><dd><li><dt>a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) < 20_000 {
			checkAll(t, s)
		}
	})
}
