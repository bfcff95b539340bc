// Package bench measures the server against a yardstick in the same run, because machines differ and drift: every figure
// is a ratio. The yardstick of reading is a bare Echo handler that writes the same bytes; that of writing is a
// transaction of its own for each article's row, as durable, on the same disk; that of growth is a small newsroom.
package bench

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/store"
)

// linked is a newsroom with articles of about 5 KB, three tags and five links each, made as an import makes them.
func linked(b *testing.B) *house {
	b.Helper()
	h := openHouse(b)
	body := strings.Repeat("Every river tells how much water it carries, to those who listen at the same place each day.\n\n", 50)
	var links []exchange.Link
	for i := range 5 {
		links = append(links, exchange.Link{Title: fmt.Sprintf("Page %d", i), URL: fmt.Sprintf("https://example.org/%d", i)})
	}
	items := make([]exchange.Item, small)
	for i := range items {
		at := newest.Add(-time.Duration(small-i) * time.Minute)
		items[i] = exchange.Item{
			Key: fmt.Sprint(i), Title: fmt.Sprintf("Article number %d", i), Summary: "A summary of a sentence or two.", Body: body,
			Tags: []string{"common", fmt.Sprintf("tag-%d", i%50), fmt.Sprintf("other-%d", i%7)}, PublishedAt: &at, Links: links,
		}
	}
	importer, err := h.newsroom.Importer(cms.Server, "bench", "", false)
	if err == nil {
		_, err = importer.Add(b.Context(), items)
	}
	if err == nil {
		err = importer.Finish(b.Context())
	}
	if err != nil {
		b.Fatal(err)
	}
	return h
}

func BenchmarkRead(b *testing.B) {
	h := linked(b)
	for _, c := range []struct{ name, target string }{
		{"detail", "/v1/articles/article-number-500"},
		{"list", "/v1/articles"},
		{"tag", "/v1/articles?tag=tag-7"},
		{"common-tag-deep", "/v1/articles?tag=common&page=45"},
	} {
		answer := httptest.NewRecorder()
		h.server.ServeHTTP(answer, httptest.NewRequest("GET", c.target, nil))
		if answer.Code != http.StatusOK {
			b.Fatalf("%s: status %d", c.target, answer.Code)
		}
		bare := echo.New()
		path, _, _ := strings.Cut(c.target, "?")
		bare.GET(path, func(c echo.Context) error { return c.Blob(http.StatusOK, "application/json", answer.Body.Bytes()) })
		against := func(b *testing.B, header http.Header) {
			times(b, "of-bare-echo", cpu, func() { ask(h.server, c.target, header) }, func() { ask(bare, c.target, http.Header{}) })
		}
		b.Run(c.name, func(b *testing.B) { against(b, http.Header{}) })
		b.Run(c.name+"-304", func(b *testing.B) { against(b, http.Header{"If-None-Match": {answer.Header().Get("ETag")}}) })
	}
}

func BenchmarkCreate(b *testing.B) {
	h := openHouse(b)
	h.signIn()
	bare, err := store.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "yardstick.db"), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer bare.Close()
	n := 0
	times(b, "of-a-bare-row", wall, func() {
		n++
		var made struct{ ID string }
		h.want(http.StatusCreated, "POST", "/v1/articles", fmt.Sprintf(`{"title": "Article number %d", "body": "A short body."}`, n), &made)
	}, func() {
		n++
		id := cms.ID(fmt.Sprintf("00000000-0000-7000-8000-%012d", n))
		err := bare.Write(b.Context(), func(db *store.DB) error {
			return db.AddArticle(&cms.Article{ID: id, Piece: cms.Piece{Slug: string(id)}, CreatedAt: db.Now(), UpdatedAt: db.Now()}, &cms.Text{Outline: []cms.Heading{}}, nil)
		})
		if err != nil {
			b.Fatal(err)
		}
	})
}
