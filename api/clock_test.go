package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func TestAClockSetBackRefusesNoEdit(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	first := k.Clock.Now().Format(time.RFC3339)
	article := k.Published(map[string]any{"title": "One", "published_at": first})
	k.Clock.Move(-2 * time.Hour)
	for _, fields := range []map[string]any{
		{"title": "Two"}, {"published_at": first, "summary": "Said again."},
	} {
		k.As(cms.Editor, "PATCH", "/v1/articles/"+article.Text("id")).
			Header("If-Match", "*").JSON(fields).Want(http.StatusOK)
	}
	k.Publish(article.Text("id"))
	k.As(cms.Editor, "PATCH", "/v1/articles/"+article.Text("id")).Header("If-Match", "*").
		JSON(map[string]any{"published_at": k.Clock.Now().Add(3 * time.Hour).Format(time.RFC3339)}).
		Want(http.StatusUnprocessableEntity)
}
