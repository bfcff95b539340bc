package exchange

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/corpora"
)

// tally is what a run over real content comes to.
type tally struct {
	articles, dated, tagged, tags, summaries, bylines, bodies, sources, aliases, extras, drafts int

	ignored, skipped, notes map[string]int
}

// count tallies items and holds each to what every item must be.
func count(t *testing.T, items iter.Seq[Item]) tally {
	t.Helper()
	n := tally{ignored: map[string]int{}, skipped: map[string]int{}, notes: map[string]int{}}
	seen := map[string]bool{}
	for it := range items {
		sound(t, it)
		if it.Skip != "" {
			n.skipped[it.Skip]++
			continue
		}
		if seen[it.Key] {
			t.Errorf("the key %q comes twice", it.Key)
		}
		seen[it.Key] = true
		n.articles++
		n.tags += len(it.Tags)
		n.aliases += len(it.Aliases)
		for _, c := range []struct {
			count *int
			told  bool
		}{
			{&n.dated, it.PublishedAt != nil}, {&n.tagged, len(it.Tags) > 0},
			{&n.summaries, it.Summary != ""},
			{&n.bylines, it.Byline != "" || it.Authors != nil}, {&n.bodies, it.Body != ""},
			{&n.sources, it.Source.URL != ""},
			{&n.extras, it.Extra != nil}, {&n.drafts, it.Draft},
		} {
			if c.told {
				*c.count++
			}
		}
		for _, name := range it.Ignored {
			n.ignored[name]++
		}
		for _, note := range it.Notes {
			n.notes[note]++
		}
	}
	return n
}

// counts leaves the maps out, for comparing.
func (n tally) counts() tally {
	n.ignored = nil
	n.skipped = nil
	n.notes = nil
	return n
}

func (n tally) compare(t *testing.T, want tally) {
	t.Helper()
	for _, c := range []struct {
		what      string
		got, want map[string]int
	}{{"ignored", n.ignored, want.ignored}, {"skipped", n.skipped, want.skipped}} {
		for name, number := range c.want {
			if c.got[name] != number {
				t.Errorf("%s %q: %d, want %d", c.what, name, c.got[name], number)
			}
		}
	}
	for reason, number := range n.skipped {
		if want.skipped[reason] == 0 {
			t.Errorf("skipped %d with the reason %q", number, reason)
		}
	}
	if g, w := n.counts(), want.counts(); !g.equal(w) {
		t.Errorf("\ngot  %+v\nwant %+v", g, w)
	}
}

func (n tally) equal(m tally) bool {
	return slices.Equal(
		[]int{n.articles, n.dated, n.tagged, n.tags, n.summaries, n.bylines, n.bodies, n.sources,
			n.aliases, n.extras, n.drafts},
		[]int{m.articles, m.dated, m.tagged, m.tags, m.summaries, m.bylines, m.bodies, m.sources,
			m.aliases, m.extras, m.drafts})
}

func TestDigitalGovAsFiles(t *testing.T) {
	t.Parallel()
	dir := unpack(t, corpora.Path(t, "md-digitalgov/content.tar.gz"))
	count(t, Markdown(os.DirFS(filepath.Join(dir, "content")), Options{})).compare(t, tally{
		articles: 1239, dated: 1239, tagged: 1233, tags: 3168, summaries: 1238, bylines: 1128,
		bodies:  1201,
		sources: 40, aliases: 4,
		ignored: map[string]int{"primary_image": 46, "redirectto": 8, "deck": 22},
		skipped: map[string]int{
			"a section page (_index.md)": 1097,
			"no title and no text":       53,
		},
	})
}

func TestEighteenFAsFiles(t *testing.T) {
	t.Parallel()
	count(t, Markdown(os.DirFS(corpora.Path(t, "jekyll-18f")), Options{})).compare(t, tally{
		articles: 318, dated: 318, tagged: 318, tags: 1113, summaries: 318, bylines: 318,
		bodies: 318, aliases: 5,
		ignored: map[string]int{"layout": 132, "excerpt": 51, "hero": 76, "tumblr_url": 27},
		skipped: map[string]int{"no front matter": 1},
	})
}

func TestTheRustBlogAsFiles(t *testing.T) {
	t.Parallel()
	n := count(t, Markdown(os.DirFS(filepath.Join(corpora.Path(t, "zola-rustblog"), "content")),
		Options{}))
	n.compare(t, tally{
		articles: 292, dated: 292, summaries: 88, bylines: 292, bodies: 292, aliases: 242,
		extras:  277,
		skipped: map[string]int{"a section page (_index.md)": 1},
	})
	if len(n.ignored) > 0 {
		t.Errorf("ignored %v, want nothing", n.ignored)
	}
}

func TestAnArabicNewspaperAsLines(t *testing.T) {
	t.Parallel()
	countLines(t, "arabic-antcorpus/articles.jsonl",
		"body=text,published_at=time,source.name=src,tags=cat,summary=abstract").compare(t, tally{
		articles: 5086, dated: 5086, tagged: 5086, tags: 5086, summaries: 1946, bodies: 5086 - 9,
		ignored: map[string]int{"docno": 5086, "file": 5086, "well_formed_xml": 5086},
		skipped: map[string]int{
			"no title": 1,
			"the article “http://www.jawharafm.net/ar/article/كتلة-نداء-تونس-تعلن-رفضه…” is " +
				"already on line 1771": 1,
			"the article “http://www.jawharafm.net/ar/article/مقتل-أبو-عياض-في-ليبيا/1…” is " +
				"already on line 768": 1,
		},
	})
}

func TestDigitalGovAsLines(t *testing.T) {
	t.Parallel()
	countLines(t, "jsonl-digitalgov/news.jsonl",
		"id=file,title=front_matter.title,slug=front_matter.slug,"+
			"published_at=front_matter.date,summary=front_matter.summary,tags=front_matter.topics,"+
			"byline=front_matter.authors,source.url=front_matter.source_url,"+
			"source.name=front_matter.source,"+
			"aliases=front_matter.aliases,kicker=front_matter.kicker").compare(t, tally{
		articles: 1238, dated: 1238, tagged: 1232, tags: 3165, summaries: 1226, bylines: 1127,
		bodies:  1200,
		sources: 40, aliases: 4,
		ignored: map[string]int{"front_matter.expirydate": 1153, "front_matter.deck": 65,
			"front_matter.cms_date": 1},
	})
}

func countLines(t *testing.T, name, mapping string) tally {
	t.Helper()
	m, err := ParseMapping(mapping)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(corpora.Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	return count(t, JSONL(file, filepath.Base(name), Options{Mapping: m}))
}

// unpack puts the Markdown files of an archive into a folder that goes with the test.
func unpack(t *testing.T, archive string) string {
	t.Helper()
	file, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	packed, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for in := tar.NewReader(packed); ; {
		head, err := in.Next()
		if errors.Is(err, io.EOF) {
			return dir
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(head.Name, ".md") || !filepath.IsLocal(head.Name) {
			continue
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, head.Name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700),
			os.WriteFile(path, text, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}
