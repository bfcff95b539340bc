package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func TestWhatWasImportedBeforeTheSecondStepIsKnownAfterIt(t *testing.T) {
	t.Parallel()
	s, err := store.Connect(t.Context(), testkit.EmptyDatabase(t), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := store.MigrateFirst(t.Context(), s, 1); err != nil {
		t.Fatal(err)
	}
	const article = "01890a5d-ac96-774b-bcce-b302099a8057"
	err = s.Write(t.Context(), func(db *store.DB) error {
		return db.Exec("INSERT INTO imports (source, key, article_id, item_digest, article_digest,"+
			" imported_at) VALUES (?, ?, ?, ?, ?, ?)", "s", "a.md", article, "i", "a", db.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = s.Write(t.Context(), func(db *store.DB) error {
		known, err := db.Imports("s", []string{"a.md"})
		was := known["a.md"]
		if was.ArticleID != article || was.Permalink != "" {
			t.Errorf("after the step: %+v", known)
		}
		was.Permalink = "/2019/a"
		alias := store.ImportAlias{Path: "/2019/a", ArticleID: article, Source: "s"}
		return errors.Join(err, db.SaveImports(was), db.SaveImportAliases(alias, alias))
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Read(t.Context(), store.Internal, func(db *store.DB) error {
		found, err := db.ImportsAt([]string{"/2019/a", "/2019/b"})
		if len(found) != 1 || found[0].Key != "a.md" {
			t.Errorf("at its permalink: %+v", found)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
