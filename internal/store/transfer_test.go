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

	k.As(cms.Admin, "PATCH", "/v1/site").JSON(`{"name": "The Star", "paths": {"article": "/a/{slug}"}}`).
		Want(200)
	k.As(cms.Editor, "POST", "/v1/redirects").JSON(`{"from": "/x", "to": "/a/second"}`).Want(201)
	purged := k.Published(map[string]any{"title": "Purged"}).Text("id")
	k.As(cms.Admin, "DELETE", "/v1/articles/"+purged+"?permanent=true").If("*").Want(204)
	k.As(cms.Editor, "POST", "/v1/sections").
		JSON(`{"name": "World", "localized": {"ar": {"name": "العالم"}}}`).Want(201)
	k.As(cms.Editor, "POST", "/v1/sections").JSON(`{"name": "Asia", "parent": "world"}`).Want(201)
	k.As(cms.Editor, "POST", "/v1/alerts").
		JSON(fmt.Sprintf(`{"text": "Look", "article": %q}`, first)).
		Want(201)
	collection := k.As(cms.Editor, "POST", "/v1/collections").
		JSON(`{"name": "Lead", "rule": {"filter": "tags:area"}}`).Want(201).Text("id")
	for _, item := range []string{
		fmt.Sprintf(`{"article": %q}`, second), `{"url": "https://example.org/", "title": "Out"}`,
	} {
		k.As(cms.Editor, "POST", "/v1/collections/"+collection+"/items").JSON(item).Want(201)
	}
	k.As(cms.Editor, "POST", "/v1/fronts").
		JSON(`{"name": "Home", "slots": [{"name": "Top", "collection": "lead"}]}`).
		Want(201)
	k.As(cms.Editor, "POST", "/v1/articles/"+first+"/corrections").
		JSON(`{"text": "It was wrong.", "type": "retraction"}`).Want(201)
	k.As(cms.Editor, "POST", "/v1/authors").JSON(`{"name": "Ada", "bio": "*B*"}`).Want(201)
	k.Published(map[string]any{
		"title": "Filed", "sections": []string{"asia"},
		"authors": []any{map[string]any{"author": "ada", "role": "reporter"}},
	})
	k.As(cms.Admin, "PATCH", "/v1/site").JSON(`{"home": "home", "ticker": "lead",
		"paths": {"article": "/{section_path}/{slug}"}, "menus": {"main": [
			{"section": "asia", "labels": {"ar": "آسيا"}, "children": [{"tag": "area"}]},
			{"author": "ada"}, {"article": "second"}, {"collection": "lead"}]}}`).Want(200)
	// Published in one second and not in the order they were written in.
	k.Published(map[string]any{"title": "الثاني", "locale": "ar", "translation_of": second})
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
		"/v1/articles?include=body,related_links,corrections,translations&sort=title",
		"/v1/tags", "/v1/sections",
		"/v1/site", "/v1/site?include=alerts,ticker,sections", "/v1/authors", "/v1/articles/filed",
		"/v1/articles?q=older", "/v1/articles/" + first,
		"/v1/related-links", "/v1/corrections", "/v1/alerts", "/v1/collections/lead", "/v1/fronts/home",
		"/v1/redirects", "/v1/resolve?path=/x", "/v1/resolve?path=/articles/second",
		"/v1/resolve?path=/articles/purged", "/v1/resolve?path=/a/purged",
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
