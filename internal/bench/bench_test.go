// Package bench measures the server against a yardstick in the same run, because machines differ and drift: every figure
// is a ratio. The yardstick of reading is a bare Echo handler that writes the same bytes; that of writing is a
// transaction of its own for each article's row, as durable, on the same disk.
package bench

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

const articles = 1000

// filled is a newsroom with articles of about 5 KB, three tags and five links each.
func filled(b *testing.B) *testkit.Kit {
	b.Helper()
	k := testkit.New(b)
	body := strings.Repeat("Every river tells how much water it carries, to those who listen at the same place each day.\n\n", 50)
	links := []any{}
	for i := range 5 {
		links = append(links, map[string]any{"title": fmt.Sprintf("Page %d", i), "url": fmt.Sprintf("https://example.org/%d", i)})
	}
	for i := range articles {
		k.Clock.Move(time.Minute)
		id := k.Draft(map[string]any{
			"title": fmt.Sprintf("Article number %d", i), "summary": "A summary of a sentence or two.", "body": body,
			"tags": []string{"common", fmt.Sprintf("tag-%d", i%50), fmt.Sprintf("other-%d", i%7)},
		}).Text("id")
		k.As(cms.Editor, "PUT", "/v1/articles/"+id+"/related-links").JSON(map[string]any{"data": links}).Want(200)
		k.Publish(id)
	}
	return k
}

// sink is a response that goes nowhere.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
func (s *sink) WriteHeader(int)             {}

func ask(h http.Handler, target string, header http.Header) {
	r := httptest.NewRequest("GET", target, nil)
	r.Header = header
	h.ServeHTTP(&sink{http.Header{}}, r)
}

// against times ours and theirs in turn, a batch each, and reports the median of theirs over the median of ours: what
// share of the yardstick's capacity is reached.
func against(b *testing.B, what string, batch int, ours, theirs func()) {
	b.Helper()
	var a, z []time.Duration
	lap := func(f func()) time.Duration {
		start := time.Now()
		for range batch {
			f()
		}
		return time.Since(start) / time.Duration(batch)
	}
	lap(ours)
	lap(theirs)
	for b.Loop() {
		a, z = append(a, lap(ours)), append(z, lap(theirs))
	}
	slices.Sort(a)
	slices.Sort(z)
	median := a[len(a)/2]
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(median.Nanoseconds())/1000, "µs")
	b.ReportMetric(float64(z[len(z)/2])/float64(median), what)
}

func BenchmarkRead(b *testing.B) {
	k := filled(b)
	for _, c := range []struct{ name, target string }{
		{"detail", "/v1/articles/article-number-500"},
		{"list", "/v1/articles"},
		{"tag", "/v1/articles?tag=tag-7"},
		{"common-tag-deep", "/v1/articles?tag=common&page=45"},
	} {
		answer := k.Public("GET", c.target).Want(200)
		bare := echo.New()
		path, _, _ := strings.Cut(c.target, "?")
		bare.GET(path, func(c echo.Context) error { return c.Blob(http.StatusOK, "application/json", answer.Body) })
		b.Run(c.name, func(b *testing.B) {
			against(b, "of-bare-echo", 20, func() { ask(k.Server, c.target, http.Header{}) }, func() { ask(bare, c.target, http.Header{}) })
		})
		b.Run(c.name+"-304", func(b *testing.B) {
			known := http.Header{"If-None-Match": {answer.ETag()}}
			against(b, "of-bare-echo", 20, func() { ask(k.Server, c.target, known) }, func() { ask(bare, c.target, http.Header{}) })
		})
	}
}

func BenchmarkCreate(b *testing.B) {
	k := testkit.New(b)
	rows, err := store.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "yardstick.db"), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	n := 0
	against(b, "of-a-bare-row", 5, func() {
		n++
		k.Draft(map[string]any{"title": fmt.Sprintf("Article number %d", n), "body": "A short body."})
	}, func() {
		n++
		id := cms.ID(fmt.Sprintf("00000000-0000-7000-8000-%012d", n))
		err := rows.Write(b.Context(), func(db *store.DB) error {
			return db.AddArticle(&cms.Article{ID: id, Piece: cms.Piece{Slug: string(id)}, CreatedAt: db.Now(), UpdatedAt: db.Now()}, &cms.Text{Outline: []cms.Heading{}}, nil)
		})
		if err != nil {
			b.Fatal(err)
		}
	})
}
