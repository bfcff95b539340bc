package store_test

import (
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

const (
	firstID  cms.ID = "01a2096c-ce5d-70a9-9726-6746ff3bba01"
	secondID cms.ID = "01a2096c-ce5d-70a9-9726-6746ff3bba02"
)

func newTag(db *store.DB, id cms.ID, slug string) *cms.TagDetail {
	tag := cms.Tag{Base: cms.NewBase(id, db.Now()), Name: slug, NameKey: slug}
	tag.Slug = slug
	return &cms.TagDetail{
		Tag:     tag,
		Aliases: []string{},
		Names:   []cms.NounName{{Key: slug, Name: slug, Slug: slug}},
	}
}

func TestSlugsLeadToTheNounThatHasOrHadThemFirst(t *testing.T) {
	t.Parallel()
	s := open(t, testkit.EmptyDatabase(t))
	lead := func(db *store.DB, want map[string]cms.ID) {
		t.Helper()
		for slug, id := range want {
			got, err := db.NounBySlug(cms.TagNoun, slug)
			if got != id || errors.Is(err, store.ErrNotFound) != (id == "") {
				t.Errorf("%q leads to %q (%v), want %q", slug, got, err, id)
			}
		}
	}
	err := s.Write(t.Context(), func(db *store.DB) error {
		one, two := newTag(db, firstID, "one"), newTag(db, secondID, "two")
		one.Names = append(one.Names, cms.NounName{Key: "1", Name: "1", Slug: "uno"})
		two.Names = append(two.Names, cms.NounName{Key: "2", Name: "2", Slug: "uno"})
		err := errors.Join(store.Tags{}.Create(db, one), store.Tags{}.Create(db, two))
		if err != nil {
			return err
		}
		one.Slug = "first"
		if err := (store.Tags{}).Update(db, one); err != nil {
			return err
		}
		lead(
			db,
			map[string]cms.ID{
				"first": firstID,
				"one":   firstID,
				"uno":   firstID,
				"two":   secondID,
				"three": "",
			},
		)
		if _, err := db.NounBySlug(cms.SectionNoun, "one"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a slug of a tag leads to a section (%v)", err)
		}
		if err := (store.Tags{}).Delete(db, firstID); err != nil {
			return err
		}
		lead(db, map[string]cms.ID{"first": "", "one": "", "uno": "", "two": secondID})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What publishing and creating set is no part of a change.
func TestAChangeOfANounLeavesWhatOthersSet(t *testing.T) {
	t.Parallel()
	s := open(t, testkit.EmptyDatabase(t))
	err := s.Write(t.Context(), func(db *store.DB) error {
		tag := newTag(db, firstID, "one")
		tag.ArticleCount = 3
		if err := (store.Tags{}).Create(db, tag); err != nil {
			return err
		}
		changed := *tag
		changed.ArticleCount = 0
		changed.CreatedAt = changed.CreatedAt.Add(time.Hour)
		changed.UpdatedAt = changed.UpdatedAt.Add(time.Hour)
		changed.Description = "Of the first."
		if err := (store.Tags{}).Update(db, &changed); err != nil {
			return err
		}
		want := changed
		want.ArticleCount = tag.ArticleCount
		want.CreatedAt = tag.CreatedAt
		want.Names = nil
		want.URL = "/tags/one"
		got, err := store.Tags{}.ByID(db, firstID)
		if err == nil && !reflect.DeepEqual(*got, want) {
			t.Errorf("it is %+v, want %+v", *got, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// firstRelease returns a database that has the first step of the schema, with the rows that fill
// writes.
func firstRelease(t *testing.T, fill func(tx *database.Tx) error) (databaseURL string) {
	t.Helper()
	databaseURL = testkit.EmptyDatabase(t)
	first, err := os.ReadFile("schema/0001_first_edition.sql")
	if err != nil {
		t.Fatal(err)
	}
	old, err := database.Open(t.Context(), databaseURL, clock)
	if err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{"0001_first_edition.sql": &fstest.MapFile{Data: first}}
	if err := old.Migrate(t.Context(), folder); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(old.Write(t.Context(), fill), old.Close()); err != nil {
		t.Fatal(err)
	}
	return databaseURL
}

// A database that an earlier release has made and filled keeps its rows.
func TestAStepOfTheSchemaKeepsTheRowsOfTheStepsBefore(t *testing.T) {
	t.Parallel()
	databaseURL := firstRelease(t, func(tx *database.Tx) error {
		for _, id := range []cms.ID{firstID, secondID} {
			slug := "tag-" + string(id[len(id)-1:])
			err := tx.Exec(
				`INSERT INTO tags (id, version, slug, name, name_key, description, article_count,
				created_at, updated_at) VALUES (?, 3, ?, 'Name', 'name', '', 7, ?, ?)`,
				id,
				slug,
				tx.Now(),
				tx.Now(),
			)
			for _, slug := range []string{slug, "old-" + slug} {
				err = errors.Join(
					err,
					tx.Exec("INSERT INTO tag_slugs (slug, tag_id) VALUES (?, ?)", slug, id),
				)
			}
			term := "tag" + strings.ReplaceAll(string(id), "-", "")
			err = errors.Join(err,
				tx.Exec("INSERT INTO tag_terms (term, tag_id) VALUES (?, ?)", term, id))
			if err != nil {
				return err
			}
		}
		return tx.Exec("INSERT INTO counters (name, n) VALUES ('tags', 5)")
	})
	s := open(t, databaseURL)
	steps, err := s.Steps(t.Context())
	if err != nil ||
		slices.ContainsFunc(steps, func(s database.Step) bool { return s.AppliedAt == nil }) {
		t.Errorf("steps %v, %v", steps, err)
	}
	if n, err := s.Number(t.Context(), "SELECT n FROM counters WHERE name = 'names'"); n != 5 ||
		err != nil {
		t.Errorf("%d changes of names are counted, %v", n, err)
	}
	err = s.Read(t.Context(), store.Internal, func(db *store.DB) error {
		for ref, id := range map[string]cms.ID{
			string(firstID): firstID, "tag-1": firstID, "old-tag-1": firstID,
			"tag-2": secondID, "old-tag-2": secondID,
		} {
			found, err := db.KnownNouns(cms.TagNoun, []string{ref})
			if err != nil {
				return err
			}
			tag, err := store.Tags{}.ByID(db, found[ref].ID)
			if err != nil || tag.ID != id || tag.Version != 3 || tag.ArticleCount != 7 ||
				!tag.CreatedAt.Equal(db.Now()) {
				t.Errorf("%s is %+v, %v", ref, tag, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
