package store_test

import (
	"encoding/json"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// A site that has set its paths before they were remembered has those as former ones once it sets
// others.
func TestPathsThatWereSetBeforeTheStepAreRemembered(t *testing.T) {
	t.Parallel()
	s, err := store.Connect(t.Context(), testkit.EmptyDatabase(t), clock)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := store.MigrateFirst(t.Context(), s, 14); err != nil {
		t.Fatal(err)
	}
	site := cms.DefaultSite()
	site.Paths.Article = "/before/{slug}"
	save := func(db *store.DB) error { return db.SaveSite(site, 2) }
	saveAsBefore := func(db *store.DB) error {
		settings, err := json.Marshal(site)
		if err != nil {
			return err
		}
		return db.Exec("INSERT INTO site (id, version, settings, updated_at) VALUES (?, 2, ?, ?)",
			cms.SiteID, string(settings), db.Now())
	}
	if err := s.Write(t.Context(), saveAsBefore); err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = s.Write(t.Context(), func(db *store.DB) error {
		was, err := db.Site()
		if err == nil {
			err = db.NotePaths(was.Paths)
		}
		site.Paths.Article = "/after/{slug}"
		if err == nil {
			err = save(db)
		}
		if err != nil {
			return err
		}
		return db.NotePaths(site.Paths)
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Read(t.Context(), store.Internal, func(db *store.DB) error {
		is, err := db.Site()
		if err != nil {
			return err
		}
		former, err := db.FormerPatterns()
		if found := is.Candidates("/before/one", former); len(found) != 1 || found[0].Ref != "one" {
			t.Errorf("a path that was can be of %v", found)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
