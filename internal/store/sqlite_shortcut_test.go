package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

const endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

func TestAQueryEndsWhenItsTimeIsUp(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := s.Read(soon, func(db *DB) error {
		_, err := queryRow(db, sqlFragment{text: endless}, (*row).number)
		return err
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the query answers %v", err)
	}
	over, cancel := context.WithCancel(t.Context())
	err = s.Read(over, func(db *DB) error {
		cancel()
		_, err := queryRow(db, sqlFragment{text: "SELECT 1"}, (*row).number)
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a query whose caller has gone answers %v", err)
	}
}

// The watch over one query must not end what comes behind it on the same connection, GORM's statements among it.
func TestAQueryThatEndedLeavesTheConnectionAsItWas(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for range 3 {
		soon, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		if err := s.Read(soon, func(db *DB) error { return db.query(sqlFragment{text: endless}, func(*row) {}) }); err == nil {
			t.Fatal("an endless query ended")
		}
		cancel()
		long := strings.Replace(endless, "FROM n)", "FROM n WHERE i < 100000)", 1)
		err := s.Read(context.Background(), func(db *DB) error { // which nobody watches
			var n int
			if err := db.gorm.Raw(long).Scan(&n).Error; err != nil {
				return err
			}
			m, err := queryRow(db, sqlFragment{text: long}, (*row).number)
			if n != 100_000 || m != 100_000 {
				t.Errorf("it counts to %d and %d", n, m)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAQueryGivesBackWhatIsBound(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	at := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	err := s.Read(t.Context(), func(db *DB) error {
		for _, text := range []string{"", "a", "a\x00b", "مرحبا", strings.Repeat("long ", 100), "a"} {
			got, err := queryRow(db, sqlFragment{text: "SELECT ?", args: []any{text}}, (*row).text)
			if err != nil || got != text {
				t.Errorf("%q comes back as %q (%v)", text, got, err)
			}
		}
		for _, n := range []int64{0, -1, math.MaxInt64, math.MinInt64} {
			got, err := queryRow(db, sqlFragment{text: "SELECT ?", args: []any{n}}, (*row).number)
			if err != nil || got != n {
				t.Errorf("%d comes back as %d (%v)", n, got, err)
			}
		}
		return db.query(sqlFragment{text: "SELECT ?, ?, ?, ?, ?, ?", args: []any{true, false, at, nil, nil, nil}}, func(r *row) {
			if !r.flag() || r.flag() {
				t.Error("true and false come back as something else")
			}
			if back := r.maybeTime(); back == nil || !back.Equal(at) {
				t.Errorf("%v comes back as %v", at, back)
			}
			if r.maybeTime() != nil || r.text() != "" || r.number() != 0 {
				t.Error("null is something")
			}
		})
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAQueryThatIsWrongIsRefused(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	text := func(r *row) { _ = r.text() }
	for what, wrong := range map[string]struct {
		query sqlFragment
		meet  func(*row)
	}{
		"no SQL":            {sqlFragment{text: "SELECT FROM"}, text},
		"too few values":    {sqlFragment{text: "SELECT ?, ?", args: []any{"a"}}, text},
		"too many values":   {sqlFragment{text: "SELECT ?", args: []any{"a", "b"}}, text},
		"an unknown value":  {sqlFragment{text: "SELECT ?", args: []any{struct{}{}}}, text},
		"another kind":      {sqlFragment{text: "SELECT 1"}, text},
		"a fraction":        {sqlFragment{text: "SELECT 1.5"}, func(r *row) { _ = r.number() }},
		"too few columns":   {sqlFragment{text: "SELECT 'a'"}, func(r *row) { _, _ = r.text(), r.text() }},
		"a number too many": {sqlFragment{text: "SELECT abs(-9223372036854775807 - 1)"}, func(r *row) { _ = r.number() }},
	} {
		err := s.Read(t.Context(), func(db *DB) error { return db.query(wrong.query, wrong.meet) })
		if err == nil {
			t.Errorf("%s: no error", what)
		}
		err = s.Read(t.Context(), func(db *DB) error {
			n, err := queryRow(db, sqlFragment{text: "SELECT 1"}, (*row).number)
			if n != 1 {
				t.Errorf("%s: 1 is %d afterwards", what, n)
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: afterwards %v", what, err)
		}
	}
}

func TestAConnectionForgetsStatements(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	err := s.Read(t.Context(), func(db *DB) error {
		for i := range 2*maxStatements + 1 {
			n, err := queryRow(db, sqlFragment{text: fmt.Sprintf("SELECT %d", i)}, (*row).number)
			if err != nil || n != int64(i) {
				t.Fatalf("%d is %d (%v)", i, n, err)
			}
		}
		if kept := len(db.gorm.Statement.ConnPool.(*sqliteTx).short.statements); kept > maxStatements {
			t.Errorf("it keeps %d", kept)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// The texts of a statement lie side by side, where those of the one before lay.
func TestTextsBoundTogetherComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	err := s.Read(t.Context(), func(db *DB) error {
		for _, sizes := range [][]int{{3}, {0, 1, 0}, {10_000, 7, 5_000}, {2 * keptTexts, 1}, {127, 0}, {64, 63}, {8, 0, 8}} {
			var asked []any
			var list []string
			for i, size := range sizes {
				asked = append(asked, strings.Repeat(string(rune('a'+i)), size))
				list = append(list, "?")
			}
			got := 0
			err := db.query(sqlFragment{text: "VALUES (" + strings.Join(list, "), (") + ")", args: asked}, func(r *row) {
				if text := r.text(); text != asked[got] {
					t.Errorf("of %v, text %d comes back with %d bytes", sizes, got, len(text))
				}
				got++
			})
			if err != nil || got != len(sizes) {
				t.Errorf("of %v, %d come back (%v)", sizes, got, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// What a statement has bound lies where another would put its own.
func TestAConnectionIsNotAskedWhileItAnswers(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	err := s.Read(t.Context(), func(db *DB) error {
		return db.query(sqlFragment{text: "SELECT ?", args: []any{"outer"}}, func(r *row) {
			if _, err := queryRow(db, sqlFragment{text: "SELECT ? || ''", args: []any{"inner"}}, (*row).text); !errors.Is(err, errWithin) {
				t.Errorf("a query within another: %v", err)
			}
			if text := r.text(); text != "outer" {
				t.Errorf("the query around it has %q", text)
			}
		})
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAStatementThatIsRefusedLeavesTheOthersOfItsWrite(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	counter := func(db *DB, name string, n any) error {
		return db.exec("INSERT INTO counters (name, n) VALUES (?, ?)", name, n)
	}
	err := s.Write(t.Context(), func(db *DB) error {
		if err := counter(db, "first", 1); err != nil {
			return err
		}
		if err := counter(db, "first", 2); db.dialect.fault(err) != kindTaken {
			t.Errorf("a key that is taken: %v", err)
		}
		if err := counter(db, "second", struct{}{}); err == nil {
			t.Error("an unknown value is bound")
		}
		return counter(db, "third", 3)
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Number(t.Context(), "SELECT sum(n) FROM counters WHERE name IN ('first', 'second', 'third')")
	if err != nil || got != 4 {
		t.Errorf("they add up to %d (%v)", got, err)
	}
}
