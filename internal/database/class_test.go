package database_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/testkit"
)

var classes = map[string]database.Class{
	"quick":     database.Quick,
	"slow":      database.Slow,
	"editorial": database.Editorial,
	"internal":  database.Internal,
}

// occupy runs as many reads of a class as may run at once until the returned function is called,
// which waits for their end.
func occupy(t *testing.T, d *database.DB, class database.Class) (release func()) {
	t.Helper()
	var inside, done sync.WaitGroup
	hold := make(chan struct{})
	for range d.Running(class) {
		inside.Add(1)
		done.Go(func() {
			err := d.Read(context.Background(), class, func(*database.Tx) error {
				inside.Done()
				<-hold
				return nil
			})
			if err != nil && !errors.Is(err, database.ErrTooSlow) { // it was held for long
				t.Error(err)
			}
		})
	}
	inside.Wait()
	return sync.OnceFunc(func() { close(hold); done.Wait() })
}

// one reads a row.
func one(tx *database.Tx) error {
	_, err := database.QueryRow(tx, database.SQL("SELECT 1"), (*database.Row).Number)
	return err
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never came to: %s", what)
		}
	}
}

func TestAClassThatIsFullHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	d := open(t, testkit.EmptyDatabase(t))
	for name, full := range classes {
		release := occupy(t, d, full)
		for other, class := range classes {
			if class == full {
				continue
			}
			if err := d.Read(t.Context(), class, one); err != nil {
				t.Errorf("while %s reads fill their places, a %s read returns %v", name, other, err)
			}
			if err := d.ReadOne(t.Context(), class, one); err != nil {
				t.Errorf("while %s reads fill their places, a %s statement returns %v", name, other, err)
			}
		}
		write := func(tx *database.Tx) error { return tx.Exec("INSERT INTO notes (subject) VALUES ('x')") }
		if err := d.Write(t.Context(), write); err != nil {
			t.Errorf("while %s reads fill their places, a write returns %v", name, err)
		}
		if full != database.Internal {
			if err := d.Ping(t.Context()); err != nil {
				t.Errorf("while %s reads fill their places, a ping returns %v", name, err)
			}
		}
		release()
	}
}

func TestAFullQueueRefusesAtOnce(t *testing.T) {
	t.Parallel()
	d := open(t, testkit.EmptyDatabase(t))
	for name, class := range classes {
		release := occupy(t, d, class)
		defer release()
		waiting, cancel := context.WithCancel(t.Context())
		most, _ := d.Waiting(class)
		var waiters sync.WaitGroup
		for range most {
			waiters.Go(func() { _ = d.Read(waiting, class, one) })
		}
		full := func() bool { _, now := d.Waiting(class); return now == most }
		eventually(t, "all places to wait in are taken", full)
		began := time.Now()
		if err := d.Read(t.Context(), class, one); !errors.Is(err, database.ErrCrowded) {
			t.Errorf("behind a full queue, a %s read returns %v", name, err)
		}
		if took := time.Since(began); took > 500*time.Millisecond {
			t.Errorf("behind a full queue, a %s read is refused after %s", name, took)
		}
		cancel()
		waiters.Wait()
		if _, now := d.Waiting(class); now != 0 {
			t.Errorf("%d %s reads still wait whose callers have gone", now, name)
		}
		release()
		if err := d.Read(t.Context(), class, one); err != nil {
			t.Errorf("when all have gone, a %s read returns %v", name, err)
		}
	}
}

func TestAReadWaitsOnlySoLong(t *testing.T) {
	t.Parallel()
	d := open(t, testkit.EmptyDatabase(t))
	release := occupy(t, d, database.Slow)
	defer release()
	if err := d.Read(t.Context(), database.Slow, one); !errors.Is(err, database.ErrCrowded) {
		t.Errorf("it returns %v", err)
	}
}

// forever is a query that takes hours.
const forever = "WITH RECURSIVE forever (i) AS (SELECT 1 UNION ALL SELECT (i + 1) % 1000000 FROM forever) SELECT count(*) FROM forever"

func count(tx *database.Tx) error {
	_, err := database.QueryRow(tx, database.SQL(forever), (*database.Row).Number)
	return err
}

// noneRuns waits until no read of a class runs, in this process or at the database.
func noneRuns(t *testing.T, d *database.DB, class database.Class) {
	t.Helper()
	eventually(t, "no read of the class runs", func() bool { return d.Occupied(class) == 0 })
	if !testkit.OnPostgres() {
		return
	}
	eventually(t, "the database runs no such query", func() bool {
		var n int64
		err := d.Read(t.Context(), database.Internal, func(tx *database.Tx) (err error) {
			n, err = database.QueryRow(tx, database.SQL(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
				AND state = 'active' AND pid <> pg_backend_pid() AND query LIKE 'WITH RECURSIVE forever%'`),
				(*database.Row).Number)
			return err
		})
		return err == nil && n == 0
	})
}

func TestASlowReadIsStopped(t *testing.T) {
	t.Parallel()
	d := open(t, testkit.EmptyDatabase(t))
	for name, read := range map[string]func(context.Context, database.Class, func(*database.Tx) error) error{
		"a transaction": d.Read, "a statement": d.ReadOne,
	} {
		began := time.Now()
		err := read(t.Context(), database.Slow, count)
		if !errors.Is(err, database.ErrTooSlow) {
			t.Errorf("%s returns %v", name, err)
		}
		if took := time.Since(began); took > 6*time.Second {
			t.Errorf("%s returns after %s", name, took)
		}
		noneRuns(t, d, database.Slow)
	}
	if err := d.Read(t.Context(), database.Slow, one); err != nil {
		t.Errorf("behind it, a short read returns %v", err)
	}
}

func TestACallerWhoLeavesFreesWhatItHeld(t *testing.T) {
	t.Parallel()
	d := open(t, testkit.EmptyDatabase(t))
	for name, class := range classes {
		ctx, leave := context.WithCancel(t.Context())
		gone := make(chan error)
		go func() { gone <- d.Read(ctx, class, count) }()
		eventually(t, "the read runs", func() bool { return d.Occupied(class) == 1 })
		leave()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("a %s read whose caller leaves returns %v", name, err)
		}
		noneRuns(t, d, class)
	}
}
