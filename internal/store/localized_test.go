package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// Collections and fronts that were there before other languages were are found by their names.
func TestNounsOfTheStepsBeforeAreFoundByTheirNames(t *testing.T) {
	t.Parallel()
	s, err := store.Connect(t.Context(), testkit.EmptyDatabase(t), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := store.MigrateFirst(t.Context(), s, 15); err != nil {
		t.Fatal(err)
	}
	err = s.Write(t.Context(), func(db *store.DB) error {
		return errors.Join(
			db.Exec("INSERT INTO collections (id, version, slug, created_at, updated_at, name, "+
				"name_key, description, size) VALUES (?, 1, 'lead', ?, ?, 'Lead', 'lead', '', 5)",
				string(firstID), db.Now(), db.Now()),
			db.Exec("INSERT INTO fronts (id, version, slug, created_at, updated_at, name, name_key) "+
				"VALUES (?, 1, 'home', ?, ?, 'Home', 'home')", string(secondID), db.Now(), db.Now()),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	asked := func(part string) cms.NounQuery {
		return cms.NounQuery{
			NameContains: part,
			Sort:         cms.Sort{By: "name"},
			Page:         cms.PageRequest{Limit: 5},
		}
	}
	err = s.Write(t.Context(), func(db *store.DB) error {
		collections, err := store.NewCollections().List(db, asked("lea"))
		if err != nil || len(collections.Rows) != 1 {
			t.Errorf("there are the collections %+v, %v", collections.Rows, err)
			return err
		}
		fronts, err := store.NewFronts().List(db, asked("ome"))
		if err != nil || len(fronts.Rows) != 1 {
			t.Errorf("there are the fronts %+v, %v", fronts.Rows, err)
			return err
		}
		home := fronts.Rows[0]
		home.Localized = cms.Localized{"ar": {Name: "البيت"}}
		if err := store.NewFronts().Update(db, &home); err != nil {
			return err
		}
		fronts, err = store.NewFronts().List(db, asked("البيت"))
		if len(fronts.Rows) != 1 || fronts.Rows[0].Localized["ar"].Name != "البيت" {
			t.Errorf("in Arabic there are the fronts %+v", fronts.Rows)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
