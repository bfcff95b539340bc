package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/masthead-cms/masthead/internal/cms"
)

// outcome is what became of a caller of Write.
type outcome struct {
	err    error
	panics any
	exits  bool
}

// together has writes wait while another holds the writer, and lets all go on at once.
func together(t *testing.T, s *Store, writes ...func(db *DB) error) []outcome {
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
func hold(t *testing.T, s *Store) (release func(), held chan error) {
	t.Helper()
	begun, end, outcome := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		outcome <- s.Write(context.Background(), func(*DB) error { close(begun); <-end; return errRefused })
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
func waiting(t *testing.T, s *Store, want int) {
	t.Helper()
	w := s.writes.(*groupCommitter)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		w.mu.Lock()
		n := len(w.queue)
		w.mu.Unlock()
		if n == want {
			return
		}
	}
	t.Fatalf("not %d writes wait", want)
}

func subject(name string) func(db *DB) error {
	return func(db *DB) error {
		return db.Append(&cms.Event{Verb: cms.TagCreated, Subject: cms.ID(name), Version: 1})
	}
}

// subjects are those of all events, in order.
func subjects(t *testing.T, s *Store) string {
	t.Helper()
	var all []string
	err := s.Read(t.Context(), func(db *DB) error {
		return db.gorm.Model(&cms.Event{}).Order("seq").Pluck("subject", &all).Error
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
			s, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "masthead.db"), func() time.Time { return noon }, c.options...)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			transactions := map[gorm.ConnPool]int{}
			var writes []func(*DB) error
			var want []string
			for i := range c.waiting {
				name := fmt.Sprint("w", i)
				want = append(want, name)
				writes = append(writes, func(db *DB) error {
					transactions[db.gorm.Statement.ConnPool]++
					return subject(name)(db)
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
	s := newStore(t)
	trouble := errors.New("trouble")
	outcomes := together(t, s,
		func(db *DB) error { return errors.Join(note(db), trouble) }, // the first, who has no savepoint
		subject("a"),
		func(db *DB) error { return errors.Join(note(db), trouble) },
		subject("b"),
		func(db *DB) error { _ = note(db); panic("fire") },
		func(db *DB) error { _ = note(db); runtime.Goexit(); return nil },
		func(db *DB) error { return db.gorm.Exec("INSERT INTO nowhere VALUES (1)").Error },
		func(db *DB) error {
			return db.Savepoint(func(db *DB) error { return errors.Join(note(db), trouble) })
		},
		func(db *DB) error {
			_ = db.Savepoint(func(db *DB) error { return errors.Join(note(db), trouble) })
			return subject("c")(db)
		},
	)
	for i, want := range []outcome{{err: trouble}, {}, {err: trouble}, {}, {panics: "fire", exits: true}, {exits: true}, {}, {err: trouble}, {}} {
		got := outcomes[i]
		if i == 6 && got.err != nil && strings.Contains(got.err.Error(), "nowhere") {
			continue
		}
		if i == 6 || !errors.Is(got.err, want.err) || got.panics != want.panics || got.exits != want.exits {
			t.Errorf("write %d: %+v, want %+v", i, got, want)
		}
	}
	if got := subjects(t, s); got != "a b c" {
		t.Errorf("events of %q are there", got)
	}
}

func TestWhoGoesAwayWhileWaitingIsAnsweredAndNotWritten(t *testing.T) {
	t.Parallel()
	s := newStore(t)
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
	if err := <-answered; !cms.Is(err, cms.Unavailable) {
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

// TestWhatOnlyTheCommitFindsWrongIsToldToWhoDidIt breaks a rule that is looked at when the transaction commits.
func TestWhatOnlyTheCommitFindsWrongIsToldToWhoDidIt(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	err := s.Write(t.Context(), func(db *DB) error {
		return db.gorm.Exec("CREATE TABLE late (id TEXT REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED)").Error
	})
	if err != nil {
		t.Fatal(err)
	}
	ran := map[string]int{}
	count := func(name string, fn func(*DB) error) func(*DB) error {
		return func(db *DB) error { ran[name]++; return fn(db) }
	}
	outcomes := together(t, s,
		count("a", subject("a")),
		count("bad", func(db *DB) error {
			return errors.Join(note(db), db.gorm.Exec("INSERT INTO late VALUES ('nobody')").Error)
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

// TestAFullDiskIsToldToThoseWhoFindItFull has one write that finds no room, which makes SQLite give up the transaction.
func TestAFullDiskIsToldToThoseWhoFindItFull(t *testing.T) {
	t.Parallel()
	s := newStore(t)
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
	large := func(db *DB) error {
		return db.SaveIdempotencyRecord(&IdempotencyRecord{Key: "x", Header: map[string]string{}, Body: make([]byte, 64<<20)}, time.Time{})
	}
	outcomes := together(t, s, subject("a"), large, subject("b"), func(db *DB) error { _ = large(db); return note(db) }, subject("c"))
	for i, full := range []bool{false, true, false, true, false} {
		if err := outcomes[i].err; cms.Is(err, cms.InsufficientStorage) != full || !full && err != nil {
			t.Errorf("write %d was told %v", i, err)
		}
	}
	if got := subjects(t, s); got != "a b c" {
		t.Errorf("events of %q are there", got)
	}
}

// article writes a working copy whose body is one word.
func article(n int, word string) func(db *DB) error {
	return func(db *DB) error {
		id := officeSubject(n)
		return db.AddArticles([]NewArticle{{
			Article: &cms.Article{ID: id, Content: cms.Content{Slug: string(id)}, CreatedAt: db.Now(), UpdatedAt: db.Now()},
			Text:    &cms.Text{HTML: "<p>" + word + "</p>", Outline: []cms.Heading{}}, Words: &IndexedWords{body: word},
		}})
	}
}

func TestIndexAndCountersAreWrittenOnceAndWithoutWhatFailed(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	drop := func(n int) func(db *DB) error { return func(db *DB) error { return db.unindexCopy(officeSubject(n)) } }
	outcomes := together(t, s,
		article(1, "river"), article(2, "river"), article(3, "river"),
		func(db *DB) error { return errors.Join(article(4, "river")(db), errRefused) },
		drop(2), // which one before has put there
		func(db *DB) error { return errors.Join(drop(3)(db), errRefused) },
		func(db *DB) error {
			_ = db.Savepoint(func(db *DB) error { return errors.Join(article(6, "river")(db), errRefused) })
			return article(5, "river")(db)
		},
	)
	for i, o := range outcomes {
		if fails := i == 3 || i == 5; (o.err != nil) != fails {
			t.Errorf("write %d: %v", i, o.err)
		}
	}
	err := s.Read(t.Context(), func(db *DB) error {
		found := ask(t, db, `SELECT group_concat(substr(a.id, -1), '') FROM (SELECT * FROM articles ORDER BY id) AS a
			JOIN search_index AS s ON s.rowid = a.search_row WHERE s.search_index MATCH 'river'`)
		if found != "135" {
			t.Errorf("found %q", found)
		}
		if rows := ask(t, db, "SELECT count(*) FROM search_index WHERE search_index MATCH 'river'"); rows != "3" {
			t.Errorf("%s rows are in the index", rows)
		}
		if drafts := ask(t, db, "SELECT n FROM counters WHERE name = 'draft'"); drafts != "4" {
			t.Errorf("%s working copies are counted", drafts)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAWriteThatTakesTooLongEnds(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	err := s.Write(t.Context(), func(db *DB) error {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		db.gorm = db.gorm.WithContext(ctx) // as if the time were up
		return note(db)
	})
	if !cms.Is(err, cms.Unavailable) {
		t.Errorf("it was told %v", err)
	}
	if err := s.Write(t.Context(), note); err != nil {
		t.Error(err)
	}
}

// TestAClosedStoreLeavesNothingRunning does not run beside other tests, whose stores are open.
func TestAClosedStoreLeavesNothingRunning(t *testing.T) {
	s := openStore(t, filepath.Join(t.TempDir(), "masthead.db"))
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
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		buffer := make([]byte, 1<<20)
		stacks = string(buffer[:runtime.Stack(buffer, true)])
		if !strings.Contains(stacks, "store.(*") && !strings.Contains(stacks, "database/sql") {
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

func body(size int) func(db *DB) error {
	return func(db *DB) error {
		if err := db.gorm.Exec("DELETE FROM idempotency_records").Error; err != nil {
			return err
		}
		return db.SaveIdempotencyRecord(&IdempotencyRecord{Header: map[string]string{}, Body: make([]byte, size)}, time.Time{})
	}
}

func TestTheLogIsCopiedBesideTheWriterAndGivenBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "masthead.db")
	s, err := Open(t.Context(), "sqlite:"+path, func() time.Time { return noon }, often)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const size = logKept + 1<<20
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
	s, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "masthead.db"), func() time.Time { return noon }, never)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
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
	s, err := Open(t.Context(), "sqlite:"+path, func() time.Time { return noon }, never)
	if err != nil {
		t.Fatal(err)
	}
	other, err := Open(t.Context(), "sqlite:"+path, func() time.Time { return noon }, never)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := errors.Join(other.Ping(t.Context()), s.Write(t.Context(), subject("kept")), s.Close()); err != nil {
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
	if got := subjects(t, openStore(t, alone)); got != "kept" {
		t.Errorf("the database itself has events of %q", got)
	}
}
