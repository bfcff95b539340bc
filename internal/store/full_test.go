package store

import (
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
)

func TestWhereThereIsNoRoomNothingIsWrittenAndReadingGoesOn(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	room := func(pages string) {
		t.Helper()
		if err := s.Write(t.Context(), func(db *DB) error { return db.gorm.Exec("PRAGMA max_page_count = " + pages).Error }); err != nil {
			t.Fatal(err)
		}
	}
	much := func(db *DB) error {
		if err := note(db); err != nil {
			return err
		}
		return db.Append(&cms.Event{Verb: cms.TagCreated, Subject: cms.ID(strings.Repeat("x", 1<<20)), Version: 1})
	}
	room("1") // there are more already, so the file grows no further
	if err := s.Write(t.Context(), much); !cms.Is(err, cms.InsufficientStorage) {
		t.Errorf("a write without room: %v", err)
	}
	if n := events(t, s); n != "0" {
		t.Errorf("%s events were kept of a write that failed", n)
	}
	room("1000000")
	if err := s.Write(t.Context(), much); err != nil || events(t, s) != "2" {
		t.Errorf("a write with room: %v, and %s events", err, events(t, s))
	}
}
