package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
)

var errRefused = errors.New("refused")

func articleID(n int) cms.ID { return cms.ID(fmt.Sprintf("00000000-0000-7000-8000-%012d", n)) }

// addArticle writes a working copy whose body is the word river.
func addArticle(db *DB, n int) error {
	id := articleID(n)
	return db.AddArticles([]NewArticle{{
		Article: &cms.Article{
			ID:        id,
			Content:   cms.Content{ArticleDetails: cms.ArticleDetails{Slug: string(id)}},
			CreatedAt: db.Now(),
			UpdatedAt: db.Now(),
		},
		Text:  &cms.Text{HTML: "<p>river</p>", Outline: []cms.Heading{}},
		Words: &IndexedWords{body: "river"},
	}})
}

// Writes come at once, so that many share a transaction, in whichever order.
func TestIndexAndCountersAreWrittenOnceAndWithoutWhatFailed(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "x.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const rounds = 60
	ways := []func(db *DB, n int) error{
		func(db *DB, n int) error { return addArticle(db, n) },
		func(db *DB, n int) error { return errors.Join(addArticle(db, n), errRefused) },
		func(db *DB, n int) error { // what it has put into the index it takes out again
			return errors.Join(addArticle(db, n), db.unindexDraft(articleID(n)))
		},
		func(db *DB, n int) error {
			failed := db.Savepoint(
				func(db *DB) error { return errors.Join(addArticle(db, n), errRefused) },
			)
			if !errors.Is(failed, errRefused) {
				return failed
			}
			return addArticle(db, n+rounds)
		},
	}
	var all sync.WaitGroup
	for n := range rounds {
		all.Go(func() {
			err := s.Write(t.Context(), func(db *DB) error { return ways[n%len(ways)](db, n) })
			if refused := n%len(ways) == 1; errors.Is(err, errRefused) != refused ||
				!refused && err != nil {
				t.Errorf("write %d: %v", n, err)
			}
		})
	}
	all.Wait()
	for query, want := range map[string]int64{
		"SELECT count(*) FROM articles":                                      rounds * 3 / 4,
		"SELECT n FROM counters WHERE name = 'draft'":                        rounds * 3 / 4,
		"SELECT count(*) FROM search_index WHERE search_index MATCH 'river'": rounds * 2 / 4,
		"SELECT count(*) FROM search_docs":                                   rounds * 2 / 4,
		`SELECT count(*) FROM articles AS a
			JOIN search_index AS s ON s.rowid = a.search_row`: rounds * 2 / 4,
	} {
		if n, err := s.Number(t.Context(), query); n != want || err != nil {
			t.Errorf("%s: %d, want %d, %v", query, n, want, err)
		}
	}
}

// A write takes out of the index what the one before it, in the same transaction, has put there.
func TestAWriteSeesWhatThoseBeforeItLeaveForTheIndex(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "x.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var all sync.WaitGroup
	begun, added := make(chan struct{}), make(chan struct{})
	all.Go(func() {
		err := s.Write(
			t.Context(),
			func(db *DB) error { close(begun); <-added; return addArticle(db, 1) },
		)
		if err != nil {
			t.Error(err)
		}
	})
	<-begun
	for n := range 8 { // they wait for the first, and share its transaction
		all.Go(func() {
			err := s.Write(t.Context(), func(db *DB) error {
				if n == 0 {
					return nil
				}
				return db.unindexDraft(articleID(1))
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	close(added)
	all.Wait()
	n, err := s.Number(
		t.Context(),
		"SELECT count(*) FROM search_index WHERE search_index MATCH 'river'",
	)
	if n != 0 || err != nil {
		t.Errorf("%d texts are in the index, %v", n, err)
	}
}
