package database_test

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func from(ctx context.Context, address string) context.Context {
	addr := netip.MustParseAddr(address)
	return database.WithOrigin(ctx, netip.PrefixFrom(addr, addr.BitLen()))
}

func TestOneOriginLeavesPlacesToOthers(t *testing.T) {
	t.Parallel()
	d := open(t, testkit.EmptyDatabase(t))
	greedy, leave := context.WithCancel(from(t.Context(), "192.0.2.7"))
	hold := make(chan struct{})
	var reads sync.WaitGroup
	for range 4 * d.Running(database.Slow) {
		reads.Go(func() {
			_ = d.Read(greedy, database.Slow, func(*database.Tx) error {
				<-hold
				return nil
			})
		})
	}
	eventually(t, "it has its share", func() bool {
		return d.Occupied(database.Slow) == d.Share(database.Slow)
	})
	if most, now := d.Waiting(database.Slow); now > 0 {
		t.Errorf("%d of its reads stand in the way of others, who may be %d", now, most)
	}
	close(hold)
	leave()
	reads.Wait()
	if n := d.Origins(database.Slow); n != 0 {
		t.Errorf("%d origins are remembered whose reads have ended", n)
	}
}

func TestReadsOfOneOriginDoNotRefuseAnother(t *testing.T) {
	t.Parallel()
	d := open(t, testkit.EmptyDatabase(t))
	greedy, leave := context.WithCancel(from(t.Context(), "192.0.2.7"))
	var reads sync.WaitGroup
	most, _ := d.Waiting(database.Slow)
	for range most + 100 {
		reads.Go(func() {
			for greedy.Err() == nil {
				if errors.Is(d.Read(greedy, database.Slow, count), database.ErrCrowded) {
					<-greedy.Done() // it would be asked again at once
				}
			}
		})
	}
	eventually(t, "it asks", func() bool {
		return d.Occupied(database.Slow) == d.Share(database.Slow)
	})
	for range 3 {
		if err := d.Read(from(t.Context(), "192.0.2.8"), database.Slow, one); err != nil {
			t.Errorf("another's read returns %v", err)
		}
	}
	leave()
	reads.Wait()
}

func TestStatementsTakeTurns(t *testing.T) {
	t.Parallel()
	turns := database.NewTurns(1)
	var working, changes, last atomic.Int64
	until := time.Now().Add(10 * time.Second)
	read := func(id int64) {
		turn, err := database.TakeTurn(turns.Within(t.Context()))
		if err != nil {
			t.Error(err)
			return
		}
		defer turn.Give()
		for changes.Load() < 6 && time.Now().Before(until) {
			if working.Add(1) > 1 {
				t.Error("two work in one turn")
			}
			if last.Swap(id) != id {
				changes.Add(1)
			}
			working.Add(-1)
			if err := turn.Interruptible(t.Context()).Err(); err != nil {
				t.Error(err)
			}
		}
	}
	var reads sync.WaitGroup
	for id := range int64(3) {
		reads.Go(func() { read(id + 1) })
	}
	reads.Wait()
	if n := changes.Load(); n < 6 {
		t.Errorf("the turn passed on %d times", n)
	}
}

func TestAStatementDoesNotWaitForItsTurnForEver(t *testing.T) {
	t.Parallel()
	turns := database.NewTurns(1)
	first, err := database.TakeTurn(turns.Within(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	defer first.Give()
	gone, leave := context.WithTimeoutCause(t.Context(), time.Millisecond, database.ErrTooSlow)
	defer leave()
	if _, err := database.TakeTurn(turns.Within(gone)); !errors.Is(err, database.ErrTooSlow) {
		t.Errorf("it returns %v", err)
	}
}
