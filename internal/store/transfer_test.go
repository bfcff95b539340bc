package store_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func TestANewsroomIsCopiedWholeAndOnlyIntoAnEmptyOne(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	parent := k.As(cms.Editor, "POST", "/v1/tags").
		JSON(`{"name": "Zone", "aliases": ["Belt"]}`).
		Want(201).
		Text("slug")
	k.As(cms.Editor, "POST", "/v1/tags").
		JSON(fmt.Sprintf(`{"name": "Area", "parent": %q}`, parent)).
		Want(201)
	first := k.Published(map[string]any{
		"title": "نهر يرتفع", "body": "## One\n\nText", "tags": []string{"area"},
		"extra": map[string]any{"b": 1.50, "a": nil},
	}).
		Text("id")
	second := k.Published(map[string]any{"title": "Second"}).Text("id")
	k.As(cms.Editor, "POST", "/v1/articles/"+first+"/related-links").
		JSON(fmt.Sprintf(`{"article_id": %q}`, second)).
		Want(201)

	k.As(cms.Editor, "POST", "/v1/sections").JSON(`{"name": "World"}`).Want(201)
	k.As(cms.Editor, "POST", "/v1/sections").JSON(`{"name": "Asia", "parent": "world"}`).Want(201)
	// Published in one second and not in the order they were written in.
	older := k.Draft(map[string]any{"title": "Older", "published_at": "2024-05-01T08:00:00Z"}).Text("id")
	k.Published(map[string]any{"title": "Newer", "published_at": "2024-05-01T08:00:00Z"})
	k.Publish(older)

	databaseURL := testkit.EmptyDatabase(t)
	tell := func(store.TransferredTable) {}
	if err := store.Transfer(t.Context(), k.Store, open(t, databaseURL), tell); err != nil {
		t.Fatal(err)
	}
	there := testkit.Open(t, databaseURL)
	for _, target := range []string{
		"/v1/articles?include=body,related_links&sort=title", "/v1/tags", "/v1/sections",
		"/v1/articles?q=older", "/v1/articles/" + first,
		"/v1/related-links",
	} {
		if a, b := k.Public("GET", target).Want(200), there.Public("GET", target).Want(200); string(
			a.Body,
		) != string(
			b.Body,
		) {
			t.Errorf("%s\nhere  %s\nthere %s", target, a.Body, b.Body)
		}
	}
	there.Published(map[string]any{"title": "It goes on"})
	if err := store.Transfer(t.Context(), k.Store, there.Store, tell); !errors.Is(
		err,
		store.ErrNotEmpty,
	) {
		t.Errorf("copied onto a newsroom that is not empty: %v", err)
	}
}
