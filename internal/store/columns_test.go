package store

import (
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// fill sets every field of a struct to something that no other has.
func fill(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	for i := range v.NumField() {
		*n++
		f := v.Field(i)
		f = reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).
			Elem()
			// which may be set if it is not exported
		if f.Kind() == reflect.Pointer {
			f.Set(reflect.New(f.Type().Elem()))
			f = f.Elem()
		}
		switch {
		case f.Type() == reflect.TypeFor[time.Time]():
			f.Set(reflect.ValueOf(time.Unix(int64(1_700_000_000+*n), 0).UTC()))
		case f.Type() == reflect.TypeFor[[]cms.Heading]():
			f.Set(reflect.ValueOf([]cms.Heading{{Level: 2, Text: "Of <the> \"river\"", ID: "h-1"}}))
		case f.Type() == reflect.TypeFor[[]cms.BodyMedium]():
			f.Set(reflect.ValueOf([]cms.BodyMedium{{ID: "medium-1"}, {ID: "medium-2", HasAlt: true}}))
		case f.Type() == reflect.TypeFor[[]cms.Warning]():
			f.Set(reflect.ValueOf([]cms.Warning{
				{Code: "removed", Element: "p", Count: 2, Detail: "x"},
			}))
		case f.Type() == reflect.TypeFor[[]cms.RefID]():
			f.Set(reflect.ValueOf([]cms.RefID{
				{Noun: cms.TagNoun, ID: "tag-1"},
				{Noun: cms.TagNoun, ID: "tag-2", Role: "role"},
			}))
		case f.Type() == reflect.TypeFor[cms.Noun]():
			f.Set(reflect.ValueOf(cms.TagNoun))
		case f.Type() == reflect.TypeFor[[]string]():
			f.Set(reflect.ValueOf([]string{"title", "slug"}))
		case f.Kind() == reflect.String:
			f.SetString("value " + string(rune('a'+*n%26)) + string(rune('a'+*n/26)))
		case f.CanInt():
			f.SetInt(int64(*n))
		case f.Kind() == reflect.Bool:
			f.SetBool(true)
		case f.Kind() == reflect.Struct:
			fill(t, f, n)
		default:
			t.Fatalf("the test does not know how to fill %s", v.Type().Field(i).Name)
		}
	}
}

// check holds a table's columns against the fields of its rows, each of which must come back from a
// database, and against the schema. Forget takes back what is not stored.
func check[T any](t *testing.T, s *Store, table *database.Table[T], forget func(*T)) {
	t.Helper()
	var full T
	n := 0
	fill(t, reflect.ValueOf(&full).Elem(), &n)
	forget(&full)
	got, err := storedAndRead(t, s, table, full)
	if err != nil || !reflect.DeepEqual(got, full) {
		t.Errorf("%s: stored %+v\n  is %+v (%v)", table.Name, full, got, err)
	}
	if _, err := storedAndRead(t, s, table, *new(T)); err != nil { // every null
		t.Errorf("%s: %v", table.Name, err)
	}
	err = s.Read(t.Context(), Internal, func(db *DB) error {
		rows, err := db.GORM.Raw("SELECT * FROM " + table.Name).Rows()
		if err != nil {
			return err
		}
		defer rows.Close()
		want, err := rows.Columns()
		if got := table.Columns.Names(); !slices.Equal(
			slices.Sorted(slices.Values(got)),
			slices.Sorted(slices.Values(want)),
		) {
			t.Errorf("%s: the columns are %v, the schema has %v", table.Name, got, want)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// storedAndRead writes a row into a table like another, that refers to none, and reads it back.
func storedAndRead[T any](
	t *testing.T,
	s *Store,
	table *database.Table[T],
	row T,
) (got T, err error) {
	t.Helper()
	copied := &database.Table[T]{Name: "copy_of_" + table.Name, Columns: table.Columns}
	err = s.Write(t.Context(), func(db *DB) error {
		create := "CREATE TABLE IF NOT EXISTS " + copied.Name + " AS SELECT * FROM " + table.Name
		if err := db.Exec(create); err != nil {
			return err
		}
		if err := db.Exec("DELETE FROM " + copied.Name); err != nil {
			return err
		}
		if err := database.Insert(db.Tx, copied, row); err != nil {
			return err
		}
		rows := database.From(copied.Name + " AS x")
		got, err = database.QueryRow(
			db.Tx,
			rows.Columns(copied.Columns.Of("x")),
			copied.Columns.Value,
		)
		return err
	})
	return got, err
}

// A field that no column says is lost.
func TestTheColumnsOfATableAreItsFieldsAndItsSchema(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "x.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	check(t, s, articleTable, func(*articleRow) {})
	check(t, s, articleTextTable, func(*articleText) {})
	check(t, s, articleRefTable, func(*articleRef) {})
	check(t, s, articleSlugTable, func(*articleSlug) {})
	check(t, s, editionTable, func(*editionRow) {})
	check(t, s, editionTextTable, func(text *editionText) {
		text.Body, text.Format = "", ""
		text.Warnings = nil // which are for editors
	})
	check(t, s, mediaUseTable, func(*mediaUse) {})
	check(t, s, feedTable, func(*feedRow) {})
	check(t, s, searchDocTable, func(*searchDoc) {})
	check(t, s, linkTable, func(*cms.Link) {})
	check(t, s, correctionTable, func(*cms.Correction) {})
	check(t, s, eventTable, func(*cms.Event) {})
	check(t, s, importTable, func(*Import) {})
	check(t, s, importAliasTable, func(*ImportAlias) {})
	check(t, s, siteTable, func(*siteRow) {})
	check(t, s, pathPatternTable, func(*pathPattern) {})
	check(t, s, sectionPathTable, func(*sectionPath) {})
	check(t, s, goneTable, func(*goneRow) {})
	check(t, s, keyTable, func(*keyRow) {})
	check(t, s, counterTable, func(*counter) {})
}

// A row may have more values than fit into one statement.
func TestManyRowsAreInsertedInTheirOrder(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "x.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Write(t.Context(), func(db *DB) error {
		var events []*cms.Event
		var want []string
		for i := range 101 {
			subject := strings.Repeat("x", i)
			want = append(want, subject)
			events = append(events, &cms.Event{Subject: cms.ID(subject)})
		}
		if err := db.Append(events...); err != nil {
			return err
		}
		rows := database.From("events").OrderBy("seq")
		got, err := database.QueryAll(db.Tx, rows.Columns("subject"), (*database.Row).Text)
		if !slices.Equal(got, want) {
			t.Errorf("%d rows are %v", len(got), got)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
