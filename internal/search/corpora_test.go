package search

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/masthead-cms/masthead/internal/corpora"
)

// lines calls f with every n-th line of a file of the real content.
func lines(t *testing.T, n int, f func(line []byte), parts ...string) {
	t.Helper()
	file, err := os.Open(corpora.Path(t, parts...))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	scan := bufio.NewScanner(file)
	scan.Buffer(nil, 1<<24)
	for i := 0; scan.Scan(); i++ {
		if i%n == 0 {
			f(scan.Bytes())
		}
	}
	if err := scan.Err(); err != nil {
		t.Fatal(err)
	}
}

// findsItself asks for all words of a title, and for the title as a phrase.
func findsItself(t *testing.T, title, body string) {
	t.Helper()
	stream := Stream(title)
	for _, asked := range []string{title, `"` + title} {
		q := Parse(asked)
		for _, c := range q.Want {
			checkClause(t, c)
			if !c.In(title) || !stands(c, stream) {
				t.Errorf("%q does not find itself: %+v", title, c)
			}
		}
		marked, snippet := q.Highlight(title, "", body)
		if !shows(marked, title) {
			t.Errorf("%q is shown as %q", title, marked)
		}
		if body != "" && snippet == "" {
			t.Errorf("%q has no snippet", title)
		}
	}
}

func TestArabicNewsIsFoundByItsTitles(t *testing.T) {
	t.Parallel()
	titles := 0
	lines(t, 5, func(line []byte) {
		var article struct{ Title, Text string }
		if err := json.Unmarshal(line, &article); err != nil {
			t.Fatal(err)
		}
		findsItself(t, article.Title, article.Text)
		titles++
	}, "arabic-antcorpus", "articles.jsonl")
	if titles < 1000 {
		t.Errorf("only %d titles", titles)
	}
}

func TestAmericanNewsIsFoundByItsTitles(t *testing.T) {
	t.Parallel()
	titles := 0
	lines(t, 1, func(line []byte) {
		var article struct {
			FrontMatter struct{ Title string } `json:"front_matter"`
			Body        string
		}
		if err := json.Unmarshal(line, &article); err != nil {
			t.Fatal(err)
		}
		findsItself(t, article.FrontMatter.Title, article.Body)
		titles++
	}, "jsonl-digitalgov", "news.jsonl")
	if titles < 1000 {
		t.Errorf("only %d titles", titles)
	}
}

func TestNaughtyStringsAreQuestions(t *testing.T) {
	t.Parallel()
	for name, texts := range map[string]func(*testing.T) []string{
		"our own": func(t *testing.T) []string {
			return corpora.Hostile(t, "strings.json",
				"sql.json", "scripts.txt")
		},
		"the big list": func(t *testing.T) (naughty []string) {
			raw, err := os.ReadFile(corpora.Path(t, "hostile-blns", "blns.json"))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(raw, &naughty); err != nil {
				t.Fatal(err)
			}
			return naughty
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, s := range texts(t) {
				q := Parse(s)
				for _, c := range slices.Concat(q.Want, q.Without) {
					checkClause(t, c)
					if !c.In(s) {
						t.Errorf("%q does not have its own %+v", s, c)
					}
				}
				if marked, _ := q.Highlight(s, s, Plain(s)); !shows(marked, s) {
					t.Errorf("%q is shown as %q", s, marked)
				}
			}
		})
	}
}
