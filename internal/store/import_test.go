package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
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

// The groups of items that imports have known become groups of articles.
func TestItemsOfOneTranslationKeyAreAGroupAfterTheStepThatKnowsGroups(t *testing.T) {
	t.Parallel()
	s, err := store.Connect(t.Context(), testkit.EmptyDatabase(t), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := store.MigrateFirst(t.Context(), s, 13); err != nil {
		t.Fatal(err)
	}
	id := func(n int) cms.ID {
		return cms.ID(fmt.Sprintf("01890a5d-ac96-774b-bcce-b3020000000%d", n))
	}
	err = s.Write(t.Context(), func(db *store.DB) (err error) {
		for i, row := range []struct{ source, key, locale string }{
			{"s", "x", "ar"}, {"s", "x", "en"}, {"s", "x", "en"}, {"s", "y", "en"}, {"t", "x", "tg"},
			{"s", "", "en"}, {"s", "", "ar"}, {"s", "y", "fr"},
		} {
			err = errors.Join(err, oldArticle(db, id(i), row.locale),
				db.Exec("INSERT INTO imports (source, key, article_id, item_digest, article_digest, "+
					"imported_at, translation_key) VALUES (?, ?, ?, 'i', 'a', ?, ?)",
					row.source, fmt.Sprint(i), id(i), db.Now(), row.key))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = s.Read(t.Context(), store.Internal, func(db *store.DB) error {
		for i, group := range []int{0, 0, -1, 3, -1, -1, -1, 3} {
			a, err := db.Article(id(i))
			if err != nil {
				return err
			}
			if (a.GroupID == nil) != (group < 0) || a.GroupID != nil && *a.GroupID != id(group) {
				t.Errorf("article %d is in the group %v, want %d", i, a.GroupID, group)
			}
			live, err := db.ArticleView(cms.LiveView, id(i), "")
			if err != nil {
				return err
			}
			if (live.Group() == nil) != (group < 0) {
				t.Errorf("the edition of article %d is in the group %v", i, live.Group())
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// oldArticle adds a live article as the thirteenth step of the schema has them.
func oldArticle(db *store.DB, id cms.ID, locale string) error {
	const content = "title, title_key, slug, type, locale, direction, kicker, summary, dateline, " +
		"byline, source_name, source_url, source_license, canonical_url, meta_title, " +
		"meta_description, noindex, extra, word_count"
	const values = "'T', 't', ?, 'news', ?, 'ltr', '', '', '', '', '', '', '', '', '', '', " +
		"FALSE, '{}', 1"
	now := db.Now()
	return errors.Join(
		db.Exec("INSERT INTO articles (id, version, status, "+content+", editions, digest, "+
			"live_digest, created_at, updated_at, published_at) VALUES (?, 1, 'published', "+values+
			", 1, 'd', 'd', ?, ?, ?)", id, string(id), locale, now, now, now),
		db.Exec("INSERT INTO article_texts (article_id, body, body_format, body_html, outline) "+
			"VALUES (?, '', 'markdown', '', '[]')", id),
		db.Exec("INSERT INTO editions (rowid, article_id, number, live, "+content+", refs, digest, "+
			"published_at, edition_at, created_at, updated_at) VALUES "+
			"((SELECT coalesce(max(rowid), 0) + 1 FROM editions), ?, 1, TRUE, "+values+
			", '[]', 'd', ?, ?, ?, ?)", id, string(id), locale, now, now, now, now),
		db.Exec("INSERT INTO edition_texts (edition, body_html, outline) "+
			"SELECT max(rowid), '', '[]' FROM editions"),
	)
}
