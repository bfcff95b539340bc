package richtext_test

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/corpora"
	"github.com/masthead-cms/masthead/internal/richtext"
)

// commonmarkFloor is how many of the 652 examples of the CommonMark specification come out as it
// says. The others are three bare links, which GFM makes links, and two lines with more spaces at
// their end than a break needs.
const commonmarkFloor = 647

// commonmarkExact is how many of those come out so letter by letter, without passing the
// expectation through HTML.
const commonmarkExact = 569

func TestCommonMarkExamplesComeOutAsSpecified(t *testing.T) {
	t.Parallel()
	var examples []struct {
		Markdown, HTML, Section string
		Example                 int
	}
	load(t, &examples, "commonmark-spec", "spec.json")
	agree, exact := 0, 0
	for _, e := range examples {
		got := richtext.Markdown(e.Markdown, "").HTML
		if got == richtext.HTML(e.HTML).HTML {
			agree++
		} else {
			t.Logf("example %d (%s) differs: %q", e.Example, e.Section, got)
		}
		if ids.ReplaceAllString(got, "$1") == spelled(e.HTML) {
			exact++
		}
		checkAll(t, e.Markdown)
	}
	if agree < commonmarkFloor || exact < commonmarkExact {
		t.Errorf("%d of %d examples agree, want %d; %d exactly, want %d", agree, len(examples),
			commonmarkFloor, exact, commonmarkExact)
	}
	t.Logf("%d of %d agree, %d exactly", agree, len(examples), exact)
}

var ids = regexp.MustCompile(`(<h[1-6]) id="[^"]*"`)

// spelled returns an expectation of the specification as this package spells HTML: headings a level
// lower if there is an h1, nothing else changed.
func spelled(s string) string {
	if strings.Contains(s, "<h1>") {
		s = strings.NewReplacer("h1>", "h2>", "h2>", "h3>", "h3>", "h4>", "h4>", "h5>", "h5>",
			"h6>").Replace(s)
	}
	return strings.TrimSpace(strings.NewReplacer(" />", ">", "&quot;", `"`).Replace(s))
}

// post is one real body.
type post struct{ name, body string }

func TestRealMarkdownKeepsItsWords(t *testing.T) {
	t.Parallel()
	sources := []struct {
		name  string
		posts func(*testing.T) []post
		least int
	}{
		{"digitalgov", func(t *testing.T) []post {
			return archived(t,
				corpora.Path(t, "md-digitalgov", "content.tar.gz"))
		}, 100},
		{"18f", func(t *testing.T) []post {
			return folder(t,
				corpora.Path(t, "jekyll-18f", "content"))
		}, 25},
		{"rustblog", func(t *testing.T) []post {
			return folder(t,
				corpora.Path(t, "zola-rustblog", "content"))
		}, 25},
	}
	for _, s := range sources {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			seen, lines := 0, 0
			for i, p := range s.posts(t) {
				if i%10 == 0 {
					seen++
					lines += checkPost(t, p)
				}
			}
			if seen < s.least || lines < 2*seen {
				t.Errorf("only %d posts with %d plain lines", seen, lines)
			}
		})
	}
}

// plainLine is a line that reads the same in Markdown and in the page.
var plainLine = regexp.MustCompile(`^\pL[\pL\pN ,;.?!’“”—–%$()-]{20,}$`)

// checkPost renders a body and returns how many of its lines were found in the text.
func checkPost(t *testing.T, p post) int {
	t.Helper()
	got := richtext.Markdown(p.body, "")
	checkSafe(t, p.name, got.HTML)
	checkStable(t, got.HTML)
	checkStable(t, p.body)
	n := 0
	hidden := regexp.MustCompile(`(?s)<!--.*?-->|<script.*?</script>|<style.*?</style>|<iframe.*?</iframe>`).ReplaceAllString(p.body, "")
	for line := range strings.Lines(hidden) {
		if line = strings.TrimRight(line, "\r\n "); plainLine.MatchString(line) {
			n++
			if !strings.Contains(got.Text, strings.Join(strings.Fields(line), " ")) {
				t.Errorf("%s lost %q", p.name, line)
			}
		}
	}
	return n
}

func TestArabicNewsKeepsItsWords(t *testing.T) {
	t.Parallel()
	file, err := os.Open(corpora.Path(t, "arabic-antcorpus", "articles.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	notLetters := regexp.MustCompile(`[^\pL\pM]+`)
	n := 0
	for ; lines.Scan(); n++ {
		var article struct{ Title, Text string }
		if err := json.Unmarshal(lines.Bytes(), &article); err != nil {
			t.Fatal(err)
		}
		if n%10 != 0 {
			continue
		}
		got := richtext.Markdown("# "+article.Title+"\n\n"+article.Text, "")
		rest := got.Text
		for _, word := range strings.Fields(notLetters.ReplaceAllString(article.Text, " ")) {
			i := strings.Index(rest, word)
			if i < 0 {
				t.Fatalf("line %d lost %q", n+1, word)
			}
			rest = rest[i+len(word):]
		}
		if len(got.Outline) == 0 || got.Outline[0].ID == "section" {
			t.Errorf("line %d: outline %v of %q", n+1, got.Outline, article.Title)
		}
		checkSafe(t, article.Title, got.HTML)
		checkStable(t, got.HTML)
	}
	if err := lines.Err(); err != nil || n < 5000 {
		t.Fatalf("read %d articles: %v", n, err)
	}
}

// archived returns the Markdown files in a tar.gz file.
func archived(t *testing.T, path string) []post {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var posts []post
	for r := tar.NewReader(unzipped); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return posts
		}
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(h.Name) != ".md" || !strings.HasPrefix(h.Name, "content/news/") {
			continue
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		posts = append(posts, post{h.Name, withoutFrontMatter(string(raw))})
	}
}

// folder returns the Markdown files under a folder.
func folder(t *testing.T, path string) []post {
	t.Helper()
	var posts []post
	err := filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".md" {
			return err
		}
		raw, err := os.ReadFile(name)
		posts = append(posts, post{name, withoutFrontMatter(string(raw))})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return posts
}

func withoutFrontMatter(s string) string {
	s = strings.TrimLeft(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for _, fence := range []string{"---\n", "+++\n"} {
		if after, ok := strings.CutPrefix(s, fence); ok {
			_, body, _ := strings.Cut(after, "\n"+fence)
			return body
		}
	}
	return s
}
