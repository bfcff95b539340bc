package newsroom_test

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/masthead-cms/masthead/internal/corpora"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// told is what a test reads in a source by itself, to hold the import against.
type told struct {
	at   time.Time // zero if the test cannot tell
	tags []string
}

// corpus is real content with a second way of reading it.
type corpus struct {
	name  string
	items func() iter.Seq[exchange.Item]
	told  func(t *testing.T, item *exchange.Item) told
	least int // how many articles there are at least
}

func TestRealContentIsImportedWholeAndReadsBack(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) corpus{
		"digitalgov": digitalGov, "18f": eighteenF, "rust blog": rustBlog,
		"arabic newspaper": arabicNewspaper,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := open(t)
			k := testkit.New(t)
			outcomes := bring(t, k, c.name, false, c.items())
			n := results(outcomes)
			if items := len(slices.Collect(c.items())); len(outcomes) != items ||
				n[newsroom.Made] < c.least || n[newsroom.Made]+n[newsroom.Skipped] != items {
				t.Fatalf("%d items: %v", items, n)
			}
			live := walk(t, k)
			for _, o := range outcomes {
				readBack(t, k, c, o, live)
			}
			if len(live) != 0 {
				t.Errorf("%d articles are live that nobody brought", len(live))
			}
			if again := results(bring(t, k, c.name, false,
				c.items())); again[newsroom.Unchanged] != n[newsroom.Made] ||
				again[newsroom.Skipped] != n[newsroom.Skipped] {
				t.Errorf("the second run: %v, the first: %v", again, n)
			}
		})
	}
}

// walk follows the cursors through all live articles and answers their slugs by id.
func walk(t *testing.T, k *testkit.Kit) map[string]string {
	t.Helper()
	slugs := map[string]string{}
	target := "/v1/articles?limit=100&fields=id,slug,published_at"
	before := "9999"
	for cursor := ""; ; {
		page := k.Public("GET", target+cursor).Want(200)
		for _, row := range page.List("data") {
			article := row.(map[string]any)
			id, at := article["id"].(string), article["published_at"].(string)
			if slugs[id] != "" {
				t.Errorf("the walk meets %s twice", id)
			}
			if at > before {
				t.Errorf("%s stands behind %s", at, before)
			}
			slugs[id], before = article["slug"].(string), at
		}
		next, ok := page.Field("page.next").(string)
		if !ok {
			return slugs
		}
		cursor = "&cursor=" + next
	}
}

// readBack holds an imported item to what its source tells, and crosses it off the list.
func readBack(t *testing.T, k *testkit.Kit, c corpus, o *newsroom.Outcome, live map[string]string) {
	t.Helper()
	if o.Result == newsroom.Skipped {
		if o.Reason == "" {
			t.Errorf("%s:%d is skipped without a reason", o.Item.File, o.Item.Line)
		}
		return
	}
	slug, ok := live[string(o.ID)]
	if !ok {
		if !o.Item.Draft && draft(k, o.ID).Text("status") != "draft" {
			t.Errorf("%s:%d is not in the list of articles", o.Item.File, o.Item.Line)
		}
		return
	}
	delete(live, string(o.ID))
	r := k.Public("GET", "/v1/articles/"+url.PathEscape(slug)).Want(200)
	if r.Text("id") != string(o.ID) || r.Text("title") != o.Item.Title {
		t.Errorf("%s reads back as %s: %s", o.Item.File, r.Text("id"), r.Text("title"))
	}
	want := c.told(t, o.Item)
	if at := r.Text("published_at"); !want.at.IsZero() && at != want.at.UTC().Format(time.RFC3339) {
		t.Errorf("%s: published_at is %s, the source says %s", o.Item.File, at, want.at)
	}
	var tags []string
	for _, tag := range r.List("tags") {
		tags = append(tags, tag.(map[string]any)["name"].(string))
	}
	if !slices.EqualFunc(tags, want.tags, sameTag) {
		t.Errorf("%s: tags are %q, the source says %q", o.Item.File, tags, want.tags)
	}
}

// sameTag compares names as a tag's names are: the first spelling stays.
func sameTag(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// frontMatter reads the YAML at the head of a file by itself.
func frontMatter(t *testing.T, files fs.FS, item *exchange.Item) told {
	t.Helper()
	text, err := fs.ReadFile(files, item.File)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(strings.TrimLeft(string(text), "\ufeff\r\n"), "---")
	head, _, _ := strings.Cut(rest, "\n---")
	var said struct {
		Date         string
		Tags, Topics []string
	}
	if err := yaml.Unmarshal([]byte(head), &said); err != nil {
		t.Logf("%s: the test cannot read it: %v", item.File, err)
		return told{tags: item.Tags}
	}
	var out told
	for _, layout := range []string{time.RFC3339, time.DateOnly, "2006-01-02 15:04:05 -0700",
		"2006-01-02 15:04:05"} {
		if at, err := time.Parse(layout, said.Date); err == nil {
			out.at = at
		}
	}
	for _, tag := range append(said.Tags, said.Topics...) {
		if !slices.ContainsFunc(out.tags, func(s string) bool { return sameTag(s, tag) }) &&
			strings.TrimSpace(tag) != "" {
			out.tags = append(out.tags, tag)
		}
	}
	return out
}

func digitalGov(t *testing.T) corpus {
	files := unpacked(t, corpora.Path(t, "md-digitalgov/content.tar.gz"))
	news, err := fs.Sub(files, "content/news")
	if err != nil {
		t.Fatal(err)
	}
	return corpus{
		"digitalgov", func() iter.Seq[exchange.Item] { return exchange.Markdown(news, exchange.Options{}) },
		func(t *testing.T, item *exchange.Item) told { return frontMatter(t, news, item) }, 1200,
	}
}

func eighteenF(t *testing.T) corpus {
	files := os.DirFS(corpora.Path(t, "jekyll-18f"))
	return corpus{
		"18f", func() iter.Seq[exchange.Item] { return exchange.Markdown(files, exchange.Options{}) },
		func(t *testing.T, item *exchange.Item) told { return frontMatter(t, files, item) }, 310,
	}
}

func rustBlog(t *testing.T) corpus {
	files := os.DirFS(filepath.Join(corpora.Path(t, "zola-rustblog"), "content"))
	day := regexp.MustCompile(`(?m)^path = ".*?(\d{4}/\d{2}/\d{2})/`)
	return corpus{
		"rust blog", func() iter.Seq[exchange.Item] { return exchange.Markdown(files, exchange.Options{}) },
		func(t *testing.T, item *exchange.Item) told {
			text, err := fs.ReadFile(files, item.File)
			if err != nil {
				t.Fatal(err)
			}
			var out told
			if found := day.FindSubmatch(text); found != nil {
				out.at, _ = time.Parse("2006/01/02", string(found[1])) // digits only
			}
			return out
		}, 280,
	}
}

func arabicNewspaper(t *testing.T) corpus {
	file, err := os.Open(corpora.Path(t, "arabic-antcorpus/articles.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var lines [][]byte
	in := bufio.NewScanner(file)
	in.Buffer(nil, 1<<20)
	for in.Scan() && len(lines) < 600 {
		lines = append(lines, slices.Clone(in.Bytes()))
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
	mapping, err := exchange.ParseMapping(
		"body=text,published_at=time,source.name=src,tags=cat,summary=abstract")
	if err != nil {
		t.Fatal(err)
	}
	return corpus{
		"arabic newspaper", func() iter.Seq[exchange.Item] {
			return exchange.JSONL(bytes.NewReader(bytes.Join(lines, []byte("\n"))), "articles.jsonl", exchange.Options{Mapping: mapping})
		},
		func(t *testing.T, item *exchange.Item) told {
			var said struct{ Time, Cat string }
			if err := json.Unmarshal(lines[item.Line-1], &said); err != nil {
				t.Fatal(err)
			}
			at, _ := time.Parse(time.RFC3339, said.Time) // others are left to the tests of dates
			return told{at, []string{said.Cat}}
		}, 590,
	}
}

// unpacked returns the files of an archive.
func unpacked(t *testing.T, archive string) fs.FS {
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
	files := fstest.MapFS{}
	for in := tar.NewReader(packed); ; {
		head, err := in.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(head.Name, ".md") {
			continue
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		files[head.Name] = &fstest.MapFile{Data: text}
	}
}
