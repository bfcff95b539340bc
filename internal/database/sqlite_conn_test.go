package database

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
)

const endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) " +
	"SELECT count(*) FROM n"

func TestAQueryEndsWhenItsTimeIsUp(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := s.Read(soon, Quick, func(tx *Tx) error {
		_, err := QueryRow(tx, Fragment{Text: endless}, (*Row).Number)
		return err
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the query returns %v", err)
	}
	over, cancel := context.WithCancel(t.Context())
	err = s.Read(over, Quick, func(tx *Tx) error {
		cancel()
		_, err := QueryRow(tx, Fragment{Text: "SELECT 1"}, (*Row).Number)
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a query whose caller has gone returns %v", err)
	}
}

// The context of one query must not interrupt the next on the same connection, whether ours or
// GORM's.
func TestAQueryThatEndedLeavesTheConnectionAsItWas(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	for range 3 {
		soon, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		err := s.Read(soon, Quick, func(tx *Tx) error { return tx.Query(SQL(endless), func(*Row) {}) })
		if err == nil {
			t.Fatal("an endless query ended")
		}
		cancel()
		long := strings.Replace(endless, "FROM n)", "FROM n WHERE i < 100000)", 1)
		err = s.Read(context.Background(), Quick, func(tx *Tx) error { // which cannot end
			var n int
			if err := tx.GORM.Raw(long).Scan(&n).Error; err != nil {
				return err
			}
			m, err := QueryRow(tx, Fragment{Text: long}, (*Row).Number)
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
	s := newDB(t)
	at := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	err := s.Read(t.Context(), Quick, func(tx *Tx) error {
		long := strings.Repeat("long ", 100)
		for _, text := range []string{"", "a", "a\x00b", "مرحبا", long, "a"} {
			got, err := QueryRow(tx, Fragment{Text: "SELECT ?", Args: []any{text}}, (*Row).Text)
			if err != nil || got != text {
				t.Errorf("%q comes back as %q (%v)", text, got, err)
			}
		}
		for _, n := range []int64{0, -1, math.MaxInt64, math.MinInt64} {
			got, err := QueryRow(tx, Fragment{Text: "SELECT ?", Args: []any{n}}, (*Row).Number)
			if err != nil || got != n {
				t.Errorf("%d comes back as %d (%v)", n, got, err)
			}
		}
		return tx.Query(
			Fragment{Text: "SELECT ?, ?, ?, ?, ?, ?", Args: []any{true, false, at, nil, nil, nil}},
			func(r *Row) {
				if !r.Flag() || r.Flag() {
					t.Error("true and false come back as something else")
				}
				if back := r.MaybeTime(); back == nil || !back.Equal(at) {
					t.Errorf("%v comes back as %v", at, back)
				}
				if r.MaybeTime() != nil || r.Text() != "" || r.Number() != 0 {
					t.Error("null is something")
				}
			},
		)
	})
	if err != nil {
		t.Error(err)
	}
}

func TestGORMGetsBackWhatIsBound(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	at := time.Date(1969, 12, 31, 23, 59, 58, 0, time.UTC)
	var got struct {
		At       *time.Time
		Never    *time.Time
		Bytes    []byte
		Empty    []byte
		Text     string
		Fraction float64
		Is, No   bool
	}
	err := s.Write(t.Context(), func(tx *Tx) error {
		create := tx.Exec("CREATE TABLE bound (at DATETIME, never DATETIME, n INTEGER PRIMARY KEY)")
		inserted := tx.GORM.Exec("INSERT INTO bound (at) VALUES (?), (?)", at, at)
		if inserted.RowsAffected != 2 {
			t.Errorf("%d rows are inserted", inserted.RowsAffected)
		}
		scanned := tx.GORM.Raw(
			"SELECT at, never, ? AS bytes, ? AS empty, ? AS text, ? AS fraction, ? AS `is`, "+
				"? AS no FROM bound LIMIT 1",
			[]byte("a\x00b"),
			[]byte{},
			"مرحبا",
			1.5,
			true,
			false,
		).Scan(&got)
		return errors.Join(create, inserted.Error, scanned.Error)
	})
	if err != nil {
		t.Fatal(err)
	}
	if got.At == nil || !got.At.Equal(at) || got.Never != nil {
		t.Errorf("the times are %v and %v", got.At, got.Never)
	}
	if string(got.Bytes) != "a\x00b" || got.Empty == nil || len(got.Empty) != 0 ||
		got.Text != "مرحبا" {
		t.Errorf("the bytes are %q and %v, the text is %q", got.Bytes, got.Empty, got.Text)
	}
	if got.Fraction != 1.5 || !got.Is || got.No {
		t.Errorf("the numbers are %v, %v and %v", got.Fraction, got.Is, got.No)
	}
}

func TestAQueryThatIsWrongIsRefused(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	text := func(r *Row) { _ = r.Text() }
	for what, wrong := range map[string]struct {
		query Fragment
		meet  func(*Row)
	}{
		"no SQL":           {Fragment{Text: "SELECT FROM"}, text},
		"too few values":   {Fragment{Text: "SELECT ?, ?", Args: []any{"a"}}, text},
		"too many values":  {Fragment{Text: "SELECT ?", Args: []any{"a", "b"}}, text},
		"an unknown value": {Fragment{Text: "SELECT ?", Args: []any{struct{}{}}}, text},
		"another kind":     {Fragment{Text: "SELECT 1"}, text},
		"a fraction":       {Fragment{Text: "SELECT 1.5"}, func(r *Row) { _ = r.Number() }},
		"too few columns":  {SQL("SELECT 'a'"), func(r *Row) { _, _ = r.Text(), r.Text() }},
		"a large number": {
			SQL("SELECT abs(-9223372036854775807 - 1)"), func(r *Row) { _ = r.Number() },
		},
	} {
		err := s.Read(t.Context(), Quick, func(tx *Tx) error { return tx.Query(wrong.query, wrong.meet) })
		if err == nil {
			t.Errorf("%s: no error", what)
		}
		err = s.Read(t.Context(), Quick, func(tx *Tx) error {
			n, err := QueryRow(tx, Fragment{Text: "SELECT 1"}, (*Row).Number)
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

func TestAQueryWithoutMemoryLeavesTheConnectionUsable(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	tooMuch := SQL("SELECT length(randomblob(300000000))")
	err := s.Read(t.Context(), Quick, func(tx *Tx) error {
		if _, err := QueryRow(tx, tooMuch, (*Row).Number); !errors.Is(err, sqlite3.NOMEM) {
			t.Errorf("the query returns %v", err)
		}
		var n int
		if err := tx.GORM.Raw(tooMuch.Text).Scan(&n).Error; !errors.Is(err, sqlite3.NOMEM) {
			t.Errorf("the same through GORM returns %v", err)
		}
		n64, err := QueryRow(tx, SQL("SELECT 7"), (*Row).Number)
		if n64 != 7 {
			t.Errorf("7 is %d afterwards", n64)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAConnectionForgetsStatements(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	err := s.Read(t.Context(), Quick, func(tx *Tx) error {
		for i := range 2*maxStatements + 1 {
			n, err := QueryRow(tx, Fragment{Text: fmt.Sprintf("SELECT %d", i)}, (*Row).Number)
			if err != nil || n != int64(i) {
				t.Fatalf("%d is %d (%v)", i, n, err)
			}
		}
		if n := len(tx.GORM.Statement.ConnPool.(*sqliteTx).engine.statements); n > maxStatements {
			t.Errorf("it has %d", n)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTextsOfAnySizeComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	err := s.Read(t.Context(), Quick, func(tx *Tx) error {
		for _, sizes := range [][]int{
			{3}, {0, 1, 0}, {10_000, 7, 5_000}, {2 << 20, 1}, {127, 0}, {64, 63}, {8, 0, 8},
		} {
			var asked []any
			var list []string
			for i, size := range sizes {
				asked = append(asked, strings.Repeat(string(rune('a'+i)), size))
				list = append(list, "?")
			}
			got := 0
			err := tx.Query(
				Fragment{Text: "VALUES (" + strings.Join(list, "), (") + ")", Args: asked},
				func(r *Row) {
					if text := r.Text(); text != asked[got] {
						t.Errorf("of %v, text %d comes back with %d bytes", sizes, got, len(text))
					}
					got++
				},
			)
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

// On PostgreSQL it is impossible, so it must fail on SQLite too.
func TestAQueryWithinTheRowsOfAnotherFails(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	err := s.Read(t.Context(), Quick, func(tx *Tx) error {
		return tx.Query(SQL("SELECT ?", "outer"), func(r *Row) {
			if _, err := QueryRow(tx, SQL("SELECT 'inner'"), (*Row).Text); !errors.Is(
				err,
				errConnBusy,
			) {
				t.Errorf("a query within another: %v", err)
			}
			if text := r.Text(); text != "outer" {
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
	s := newDB(t)
	counter := func(tx *Tx, name string, n any) error {
		return tx.Exec("INSERT INTO counters (name, n) VALUES (?, ?)", name, n)
	}
	err := s.Write(t.Context(), func(tx *Tx) error {
		if err := counter(tx, "first", 1); err != nil {
			return err
		}
		if err := counter(tx, "first", 2); tx.dialect.classify(err) != kindTaken {
			t.Errorf("a key that is taken: %v", err)
		}
		if err := counter(tx, "second", struct{}{}); err == nil {
			t.Error("an unknown value is bound")
		}
		return counter(tx, "third", 3)
	})
	if err != nil {
		t.Fatal(err)
	}
	var got string
	err = s.Read(t.Context(), Quick, func(tx *Tx) error {
		got = ask(t, tx, "SELECT sum(n) FROM counters WHERE name IN ('first', 'second', 'third')")
		return nil
	})
	if err != nil || got != "4" {
		t.Errorf("they add up to %s (%v)", got, err)
	}
}
