package database

import (
	"errors"
	"strings"
	"testing"
)

func TestWhereThereIsNoRoomNothingIsWrittenAndReadingGoesOn(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	room := func(pages string) {
		t.Helper()
		err := s.Write(t.Context(), func(tx *Tx) error {
			return tx.GORM.Exec("PRAGMA max_page_count = " + pages).Error
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	much := func(tx *Tx) error {
		if err := note(tx); err != nil {
			return err
		}
		return subject(strings.Repeat("x", 1<<20))(tx)
	}
	room("1") // there are more already, so the file grows no further
	if err := s.Write(t.Context(), much); !errors.Is(err, ErrFull) {
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
