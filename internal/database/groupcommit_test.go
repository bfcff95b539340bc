package database

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"
)

// outcome is what became of a caller of Write.
type outcome struct {
	err    error
	panics any
	exits  bool
}

// together has writes wait while another holds the writer, and lets all go on at once.
func together(t *testing.T, s *DB, writes ...func(tx *Tx) error) []outcome {
	t.Helper()
	release, held := hold(t, s)
	outcomes := make([]outcome, len(writes))
	var all sync.WaitGroup
	for i, fn := range writes {
		all.Go(func() { outcomes[i].of(func() error { return s.Write(context.Background(), fn) }) })
		waiting(t, s, i+1) // so that they come in order
	}
	release()
	all.Wait()
	if err := <-held; err != nil {
		t.Error(err)
	}
	return outcomes
}

// of notes how a call ends.
func (o *outcome) of(call func() error) {
	o.exits = true
	defer func() { o.panics = recover() }()
	o.err = call()
	o.exits = false
}

// hold has a write hold the writer until it is released.
func hold(t *testing.T, s *DB) (release func(), held chan error) {
	t.Helper()
	begun, end, outcome := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		outcome <- s.Write(context.Background(), func(*Tx) error {
			close(begun)
			<-end
			return errRefused
		})
	}()
	<-begun
	held = make(chan error, 1)
	go func() {
		if err := <-outcome; !errors.Is(err, errRefused) {
			held <- err
		}
		close(held)
	}()
	return sync.OnceFunc(func() { close(end) }), held
}

// waiting returns when so many writes wait for their turn.
func waiting(t *testing.T, s *DB, want int) {
	t.Helper()
	w := s.committer.(*groupCommitter)
	end := time.Now().Add(20 * time.Second)
	for ; time.Now().Before(end); time.Sleep(time.Millisecond) {
		w.mu.Lock()
		n := len(w.queue)
		w.mu.Unlock()
		if n == want {
			return
		}
	}
	t.Fatalf("not %d writes wait", want)
}

// subjects are those of all events, in order.
func subjects(t *testing.T, s *DB) string {
	t.Helper()
	var all []string
	err := s.Read(t.Context(), Quick, func(tx *Tx) error {
		return tx.GORM.Table("notes").Order("seq").Pluck("subject", &all).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}

func TestWritesThatWaitShareATransaction(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name             string
		options          []Option
		waiting, commits int
	}{
		{"all", nil, 20, 1},
		{"each its own", []Option{MaxGroup(1)}, 20, 20},
		{"as many as may", []Option{MaxGroup(8)}, 20, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := openDB(t, filepath.Join(t.TempDir(), "masthead.db"), c.options...)
			transactions := map[gorm.ConnPool]int{}
			var writes []func(*Tx) error
			var want []string
			for i := range c.waiting {
				name := fmt.Sprint("w", i)
				want = append(want, name)
				writes = append(writes, func(tx *Tx) error {
					transactions[tx.GORM.Statement.ConnPool]++
					return subject(name)(tx)
				})
			}
			for i, o := range together(t, s, writes...) {
				if o != (outcome{}) {
					t.Errorf("write %d: %+v", i, o)
				}
			}
			if len(transactions) != c.commits {
				t.Errorf("%d transactions, want %d", len(transactions), c.commits)
			}
			if got := subjects(t, s); got != strings.Join(want, " ") {
				t.Errorf("events %s", got)
			}
		})
	}
}

func TestAWriteThatFailsAmongOthersFailsAlone(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	trouble := errors.New("trouble")
	outcomes := together(
		t,
		s,
		// The first has no savepoint.
		func(tx *Tx) error { return errors.Join(note(tx), trouble) },
		subject("a"),
		func(tx *Tx) error { return errors.Join(note(tx), trouble) },
		subject("b"),
		func(tx *Tx) error { _ = note(tx); panic("fire") },
		func(tx *Tx) error { _ = note(tx); runtime.Goexit(); return nil },
		func(tx *Tx) error { return tx.GORM.Exec("INSERT INTO nowhere VALUES (1)").Error },
		func(tx *Tx) error {
			return tx.Savepoint(func() error { return errors.Join(note(tx), trouble) })
		},
		func(tx *Tx) error {
			_ = tx.Savepoint(func() error { return errors.Join(note(tx), trouble) })
			return subject("c")(tx)
		},
	)
	for i, want := range []outcome{
		{err: trouble}, {}, {err: trouble}, {}, {panics: "fire", exits: true}, {exits: true}, {},
		{err: trouble}, {},
	} {
		got := outcomes[i]
		if i == 6 && got.err != nil && strings.Contains(got.err.Error(), "nowhere") {
			continue
		}
		if i == 6 || !errors.Is(got.err, want.err) || got.panics != want.panics ||
			got.exits != want.exits {
			t.Errorf("write %d: %+v, want %+v", i, got, want)
		}
	}
	if got := subjects(t, s); got != "a b c" {
		t.Errorf("events of %q are there", got)
	}
}

func TestWhoGoesAwayWhileWaitingIsAnsweredAndNotWritten(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	release, held := hold(t, s)
	defer release()
	ctx, cancel := context.WithCancel(t.Context())
	answered := make(chan error, 1)
	go func() { answered <- s.Write(ctx, subject("gone")) }()
	waiting(t, s, 1)
	stays := make(chan error, 1)
	go func() { stays <- s.Write(t.Context(), subject("stays")) }()
	waiting(t, s, 2)
	cancel()
	if err := <-answered; !errors.Is(err, ErrUnavailable) {
		t.Errorf("who went away was told %v", err)
	}
	release()
	if err := errors.Join(<-stays, <-held); err != nil {
		t.Error(err)
	}
	if got := subjects(t, s); got != "stays" {
		t.Errorf("events of %q are there", got)
	}
}

// TestWhatOnlyTheCommitFindsWrongIsToldToWhoDidIt breaks a rule that is looked at when the
// transaction commits.
func TestWhatOnlyTheCommitFindsWrongIsToldToWhoDidIt(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	err := s.Write(t.Context(), func(tx *Tx) error {
		return tx.GORM.Exec(
			"CREATE TABLE late (id TEXT REFERENCES counters (name) DEFERRABLE INITIALLY DEFERRED)",
		).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	ran := map[string]int{}
	count := func(name string, fn func(*Tx) error) func(*Tx) error {
		return func(tx *Tx) error { ran[name]++; return fn(tx) }
	}
	outcomes := together(t, s,
		count("a", subject("a")),
		count("bad", func(tx *Tx) error {
			return errors.Join(note(tx), tx.GORM.Exec("INSERT INTO late VALUES ('nobody')").Error)
		}),
		count("b", subject("b")),
	)
	if outcomes[0].err != nil || outcomes[1].err == nil || outcomes[2].err != nil {
		t.Errorf("told %+v", outcomes)
	}
	if got := subjects(t, s); got != "a b" || ran["a"] != 2 || ran["bad"] != 2 || ran["b"] != 2 {
		t.Errorf("events of %q are there; they ran %v times", got, ran)
	}
}

// TestAFullDiskIsToldToThoseWhoFindItFull has one write that finds no room, which makes SQLite give
// up the transaction.
func TestAFullDiskIsToldToThoseWhoFindItFull(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	err := s.writer.Transaction(func(tx *gorm.DB) error {
		pages := ""
		if err := tx.Raw("PRAGMA page_count").Scan(&pages).Error; err != nil {
			return err
		}
		return tx.Exec("PRAGMA max_page_count = " + pages + "0").Error // room for ten times as much
	})
	if err != nil {
		t.Fatal(err)
	}
	large := func(tx *Tx) error {
		return paper(tx, "x", make([]byte, 64<<20))
	}
	outcomes := together(
		t,
		s,
		subject("a"),
		large,
		subject("b"),
		func(tx *Tx) error { _ = large(tx); return note(tx) },
		subject("c"),
	)
	for i, full := range []bool{false, true, false, true, false} {
		if err := outcomes[i].err; errors.Is(err, ErrFull) != full || !full && err != nil {
			t.Errorf("write %d was told %v", i, err)
		}
	}
	if got := subjects(t, s); got != "a b c" {
		t.Errorf("events of %q are there", got)
	}
}

// leaving is a write that leaves its name, behind those of the writes before it in the transaction.
func leaving(name string) func(tx *Tx) error {
	return func(tx *Tx) error {
		names := []string{}
		if prior := tx.Prior(); prior != nil {
			names = prior.State.([]string)
		}
		tx.State = append(slices.Clone(names), name)
		return subject(name)(tx)
	}
}

func TestWhatWritesLeaveIsWrittenOnceAndWithoutWhatFailed(t *testing.T) {
	t.Parallel()
	d := newDB(t)
	d.SetBeforeCommit(func(tx *Tx, writes []*Tx) error {
		last := writes[len(writes)-1].State.([]string)
		if len(last) != len(writes) {
			t.Errorf("%d writes left %v", len(writes), last)
		}
		return subject(strings.Join(last, "+"))(tx)
	})
	outcomes := together(t, d,
		leaving("a"),
		func(tx *Tx) error { return errors.Join(leaving("b")(tx), errRefused) },
		leaving("c"),
		leaving("d"),
	)
	for i, o := range outcomes {
		if fails := i == 1; (o.err != nil) != fails {
			t.Errorf("write %d: %v", i, o.err)
		}
	}
	if got := subjects(t, d); got != "a c d a+c+d" {
		t.Errorf("rows %q", got)
	}
	d.SetBeforeCommit(func(*Tx, []*Tx) error { return errRefused })
	if err := d.Write(t.Context(), note); !errors.Is(err, errRefused) {
		t.Errorf("a write whose commit is refused: %v", err)
	}
	if got := subjects(t, d); got != "a c d a+c+d" {
		t.Errorf("rows %q", got)
	}
}

func TestAWriteThatTakesTooLongEnds(t *testing.T) {
	t.Parallel()
	s := newDB(t)
	err := s.Write(t.Context(), func(tx *Tx) error {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		tx.GORM = tx.GORM.WithContext(ctx) // as if the time were up
		return note(tx)
	})
	if !errors.Is(err, ErrUnavailable) {
		t.Errorf("it was told %v", err)
	}
	if err := s.Write(t.Context(), note); err != nil {
		t.Error(err)
	}
}

// TestAClosedStoreLeavesNothingRunning does not run beside other tests, whose databases are open.
func TestAClosedStoreLeavesNothingRunning(t *testing.T) {
	s := openDB(t, filepath.Join(t.TempDir(), "masthead.db"))
	for _, o := range together(t, s, note, note, note) {
		if o.err != nil {
			t.Error(o.err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(t.Context(), note); err == nil {
		t.Error("a closed store writes")
	}
	var stacks string
	end := time.Now().Add(10 * time.Second)
	for ; time.Now().Before(end); time.Sleep(time.Millisecond) {
		buffer := make([]byte, 1<<20)
		stacks = string(buffer[:runtime.Stack(buffer, true)])
		if !strings.Contains(stacks, "internal/database.(*") &&
			!strings.Contains(stacks, "database/sql") {
			return
		}
	}
	t.Errorf("there still runs\n%s", stacks)
}

// settled waits until something is so.
func settled(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !so(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}

func often(s *settings) { s.checkpoint = time.Millisecond }
func never(s *settings) { s.checkpoint = time.Hour }

func body(size int) func(tx *Tx) error {
	return func(tx *Tx) error {
		if err := tx.GORM.Exec("DELETE FROM papers").Error; err != nil {
			return err
		}
		return paper(tx, "x", make([]byte, size))
	}
}

func TestTheLogIsCopiedBesideTheWriterAndGivenBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "masthead.db")
	s := openDB(t, path, often)
	const size = maxIdleLog + 1<<20
	if err := s.Write(t.Context(), body(size)); err != nil {
		t.Fatal(err)
	}
	settled(t, "the log is not given back", func() bool { return s.checkpoints.size() == 0 })
	info, err := os.Stat(path)
	if err != nil || info.Size() < size {
		t.Errorf("the database has %v, %v", info, err)
	}
}

func TestTheLogStaysInBoundsWithoutACheckpointer(t *testing.T) {
	t.Parallel()
	s := openDB(t, filepath.Join(t.TempDir(), "masthead.db"), never)
	const size = 4 << 20
	for range 3 * logPages * 4096 / size {
		if err := s.Write(t.Context(), body(size)); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.checkpoints.size(); got > logPages*4096+3*size {
		t.Errorf("the log has %d bytes", got)
	}
}

func TestAStoreThatClosesCopiesTheLogForOthers(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "masthead.db")
	s := openDB(t, path, never)
	other := openDB(t, path, never)
	err := errors.Join(other.Ping(t.Context()), s.Write(t.Context(), subject("kept")), s.Close())
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	alone := filepath.Join(t.TempDir(), "alone.db")
	if err := os.WriteFile(alone, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := subjects(t, openDB(t, alone)); got != "kept" {
		t.Errorf("the database itself has events of %q", got)
	}
}
