package api_test

import (
	"bufio"
	"bytes"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/corpora"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// bring imports items and answers what became of those that were made.
func bring(t *testing.T, k *testkit.Kit, source string, items iter.Seq[exchange.Item]) []*newsroom.Outcome {
	t.Helper()
	importer, err := k.Newsroom.Importer(t.Context(), cms.System, newsroom.ImportOptions{Source: source})
	if err != nil {
		t.Fatal(err)
	}
	var made []*newsroom.Outcome
	for batch := range slices.Chunk(slices.Collect(items), 100) {
		some, err := importer.Add(t.Context(), batch)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range some {
			if o.Result == newsroom.Made {
				made = append(made, o)
			}
		}
	}
	if err := importer.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	return made
}

// eighteenF are the posts of a blog in English.
func eighteenF(t *testing.T) iter.Seq[exchange.Item] {
	return exchange.Markdown(os.DirFS(corpora.Path(t, "jekyll-18f")), exchange.Options{})
}

// arabicNews are articles of an Arabic newspaper.
func arabicNews(t *testing.T) iter.Seq[exchange.Item] {
	file, err := os.Open(corpora.Path(t, "arabic-antcorpus/articles.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var some bytes.Buffer
	in := bufio.NewScanner(file)
	in.Buffer(nil, 1<<20)
	for n := 0; n < 400 && in.Scan(); n++ {
		some.Write(append(in.Bytes(), '\n'))
	}
	mapping, err := exchange.ParseMapping("body=text,published_at=time,source.name=src,tags=cat,summary=abstract")
	if err != nil {
		t.Fatal(err)
	}
	return exchange.JSONL(bytes.NewReader(some.Bytes()), "articles.jsonl", exchange.Options{Mapping: mapping})
}

func TestTheWordsOfATitleFindItsArticle(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) iter.Seq[exchange.Item]{"18f": eighteenF, "arabic newspaper": arabicNews} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := testkit.New(t)
			made := bring(t, k, name, open(t))
			asked, among, first := 0, 0, 0
			for i, o := range made {
				if i%2 > 0 || o.Item.Draft || len([]rune(o.Item.Title)) > 500 {
					continue
				}
				asked++
				at := slices.Index(idsIn(k.Public("GET", asking(o.Item.Title, "&limit=10&fields=id")).Want(200)), string(o.ID))
				if at >= 0 {
					among++
				}
				if at == 0 {
					first++
				}
			}
			t.Logf("%d titles: %d are among the first ten, %d come first", asked, among, first)
			if asked < 150 || among*100 < asked*95 || first*100 < asked*80 {
				t.Errorf("of %d titles %d are among the first ten, %d come first", asked, among, first)
			}
		})
	}
}

// TestRelatedPostsAreOftenThoseOfTheSite holds related articles against those that a site found for itself, in its own
// way: how often they agree is told, that they do at all is wanted.
func TestRelatedPostsAreOftenThoseOfTheSite(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long for what it asks, not for its goroutines")
	}
	lists, err := filepath.Glob(filepath.Join(corpora.Path(t, "jekyll-18f"), ".cache", "related-posts*.json"))
	if err != nil || len(lists) != 1 {
		t.Skip("the site's own list is not here")
	}
	var posts []struct {
		InputPath string
		Related   []struct{ InputPath string }
	}
	readJSON(t, lists[0], &posts)
	k := testkit.New(t)
	ids := map[string]string{}
	for _, o := range bring(t, k, "18f", eighteenF(t)) {
		ids[filepath.Clean(o.Item.File)] = string(o.ID)
	}
	asked, met, none := 0, 0, 0
	for i, p := range posts {
		id := ids[filepath.Clean(p.InputPath)]
		if id == "" || i%8 > 0 { // all of them take a while
			continue
		}
		r := k.Public("GET", "/v1/articles/"+url.PathEscape(id)+"/related?mode=auto&limit=10&fields=id,reasons").Do()
		if r.Status != 200 {
			continue
		}
		asked++
		rows := strings.Join(idsIn(r), " ")
		if rows == "" {
			none++
		}
		if slices.ContainsFunc(p.Related, func(other struct{ InputPath string }) bool {
			id := ids[filepath.Clean(other.InputPath)]
			return id != "" && strings.Contains(rows, id)
		}) {
			met++
		}
	}
	t.Logf("of %d posts %d have one of the site's own among ten, %d have none at all", asked, met, none)
	if asked < 35 || met*2 < asked || none*20 > asked {
		t.Errorf("of %d posts %d have one of the site's own among ten, %d have none at all", asked, met, none)
	}
}
