package main

import (
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

func BenchmarkCreate(b *testing.B) {
	h := openHouse(b)
	h.signIn()
	bare, err := store.Open(
		b.Context(),
		"sqlite:"+filepath.Join(b.TempDir(), "yardstick.db"),
		time.Now,
	)
	if err != nil {
		b.Fatal(err)
	}
	defer bare.Close()
	n := 0
	times(b, "of-a-bare-row", wall, func() {
		n++
		var made struct{ ID string }
		h.want(
			http.StatusCreated,
			"POST",
			"/v1/articles",
			fmt.Sprintf(`{"title": "Article number %d", "body": "A short body."}`, n),
			&made,
		)
	}, func() {
		n++
		id := cms.ID(fmt.Sprintf("00000000-0000-7000-8000-%012d", n))
		err := bare.Write(b.Context(), func(db *store.DB) error {
			return db.AddArticle(
				&cms.Article{
					ID:        id,
					Content:   cms.Content{ArticleDetails: cms.ArticleDetails{Slug: string(id)}},
					CreatedAt: db.Now(),
					UpdatedAt: db.Now(),
				},
				&cms.Text{Outline: []cms.Heading{}},
				nil,
			)
		})
		if err != nil {
			b.Fatal(err)
		}
	})
}
