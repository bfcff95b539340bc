package database

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// office writes into a store from several sides at once, and keeps book of what it was told.
type office struct {
	t     *testing.T
	store *DB
	mu    sync.Mutex
	next  int
	told  map[int]bool // numbers of writes that were acknowledged, true, or refused
	ended bool
}

// A write is a paper of many bytes and three notes, and every fourth a text in the search index.
const (
	officeEvents  = 3
	officeWriters = 12
)

func (o *office) work(chance *rand.Rand) {
	for {
		o.mu.Lock()
		n, ended := o.next, o.ended
		o.next++
		o.mu.Unlock()
		if ended {
			return
		}
		size, fails := chance.IntN(20_000), chance.IntN(8) == 0
		err := o.store.Write(context.Background(), func(tx *Tx) error {
			if err := officeWrite(tx, n, size); err != nil || !fails {
				return err
			}
			return errRefused
		})
		if err != nil && !errors.Is(err, errRefused) {
			o.t.Error(err)
			return
		}
		o.mu.Lock()
		o.told[n] = err == nil
		o.mu.Unlock()
	}
}

var errRefused = errors.New("refused")

func officeSubject(n int) string { return fmt.Sprintf("%012d", n) }

func officeWrite(tx *Tx, n, size int) error {
	name := officeSubject(n)
	if n%4 == 0 {
		row := int64(n + 1)
		err := tx.Exec("INSERT INTO search_docs (rowid, fields) VALUES (?, ?)", row, name)
		if err != nil {
			return err
		}
		err = tx.IndexText(row, "title", "title "+strings.Repeat("word ", size/50))
		if err != nil {
			return err
		}
	}
	body := make([]byte, size)
	for i := range body {
		body[i] = byte(n)
	}
	if err := paper(tx, name, body); err != nil {
		return err
	}
	for range officeEvents {
		if err := subject(name)(tx); err != nil {
			return err
		}
	}
	return nil
}

// book is what the office had been told.
func (o *office) book() map[int]bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.told)
}

// trial is a power cut.
type trial struct {
	files map[string]diskFile
	told  map[int]bool
}

// cuts has an office at work on a new database, of which the log is copied after a pause of
// checkpoint, and cuts the power some times. Before is what is done to the database first.
func cuts(
	t *testing.T, chance *rand.Rand, times int, checkpoint time.Duration, before func(*DB),
) []trial {
	t.Helper()
	d := newDisk(t)
	o := &office{t: t, told: map[int]bool{}}
	var trials []trial
	cut := make(chan struct{}, 1)
	ready := func(files map[string]diskFile) {
		trials = append(trials, trial{files, o.book()})
		cut <- struct{}{}
	}
	d.cutAfter(1+chance.IntN(3_000), ready) // the first may come while the schema is made
	o.store = openDB(t, filepath.Join(t.TempDir(), "masthead.db"),
		func(s *settings) { s.file.Set("vfs", d.name); s.checkpoint = checkpoint })
	before(o.store)
	var writers sync.WaitGroup
	for range officeWriters {
		own := rand.New(rand.NewPCG(chance.Uint64(), 0))
		writers.Go(func() { o.work(own) })
	}
	stopped := make(chan struct{})
	go func() { writers.Wait(); close(stopped) }()
	for n := 1; n <= times; n++ {
		select {
		case <-cut:
		case <-stopped:
			t.Fatal("nobody writes any more")
		}
		if n < times {
			d.cutAfter(1+chance.IntN(2_500), ready)
		}
	}
	o.mu.Lock()
	o.ended = true
	o.mu.Unlock()
	<-stopped
	if err := o.store.Close(); err != nil {
		t.Fatal(err)
	}
	return trials
}

// lost opens what a power cut left, and counts the acknowledged writes that are not there. All else
// must be in order: the file is whole, and so is each write that is there.
func (c *trial) lost(t *testing.T, chance *rand.Rand) (acknowledged, lost int) {
	t.Helper()
	folder, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := leave(c.files, folder, chance); err != nil {
		t.Fatal(err)
	}
	s := openDB(t, filepath.Join(folder, "masthead.db"))
	defer s.Close()
	err = s.Read(t.Context(), Quick, func(tx *Tx) error {
		if state := ask(t, tx, "PRAGMA integrity_check"); state != "ok" {
			t.Errorf("the file: %s", state)
		}
		if state := ask(t, tx, "PRAGMA foreign_key_check"); state != "" {
			t.Errorf("a row points nowhere: %s", state)
		}
		there, err := officeFound(t, tx)
		for n, told := range c.told {
			switch {
			case told && !there[n]:
				lost++
			case !told && there[n]:
				t.Errorf("write %d was refused and is there", n)
			}
			if told {
				acknowledged++
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return acknowledged, lost
}

// officeFound are the writes that are there; each must be whole.
func officeFound(t *testing.T, tx *Tx) (map[int]bool, error) {
	t.Helper()
	var rows []struct {
		Subject                   string
		Events, Kept, Docs, Words int
	}
	err := tx.GORM.Raw(`SELECT e.subject, count(*) AS events,
		(SELECT count(*) FROM papers AS p
			WHERE p.key = e.subject AND length(p.body) = p.size) AS kept,
		(SELECT count(*) FROM search_docs AS d WHERE d.fields = e.subject) AS docs,
		(SELECT count(*) FROM search_docs AS d JOIN search_index AS s ON s.rowid = d.rowid
			WHERE d.fields = e.subject) AS words
		FROM notes AS e GROUP BY e.subject`).Scan(&rows).Error
	there := map[int]bool{}
	for _, r := range rows {
		n, err := strconv.Atoi(r.Subject)
		if err != nil {
			return nil, err
		}
		there[n] = true
		texts := 0
		if n%4 == 0 {
			texts = 1
		}
		if r.Events != officeEvents || r.Kept != 1 || r.Docs != texts || r.Words != texts {
			t.Errorf("write %d is there in part: %+v", n, r)
		}
	}
	if receipts := ask(t, tx, "SELECT count(*) FROM papers"); receipts != strconv.Itoa(len(there)) {
		t.Errorf("there are %s receipts of %d writes", receipts, len(there))
	}
	return there, err
}

// TestAPowerCutTakesNothingThatWasAcknowledged cuts the power at any moment of many writers' work,
// in the midst of a write or of a checkpoint, and opens what is left.
func TestAPowerCutTakesNothingThatWasAcknowledged(t *testing.T) {
	t.Parallel()
	trials := 40
	if testing.Short() {
		trials = 10
	}
	if wanted := os.Getenv("POWER_CUTS"); wanted != "" {
		var err error
		if trials, err = strconv.Atoi(wanted); err != nil {
			t.Fatal(err)
		}
	}
	const each = 5
	acknowledged := 0
	for run := range trials / each {
		chance := rand.New(rand.NewPCG(uint64(run), 1))
		for i, c := range cuts(t, chance, each, 20*time.Millisecond, func(*DB) {}) {
			told, lost := c.lost(t, chance)
			if lost > 0 {
				t.Errorf(
					"run %d, cut %d: %d of %d acknowledged writes are lost",
					run,
					i,
					lost,
					told,
				)
			}
			acknowledged += told
		}
	}
	if acknowledged == 0 {
		t.Error("nothing was acknowledged, so nothing is shown")
	}
	t.Logf("%d power cuts, %d acknowledged writes were looked for", trials, acknowledged)
}

// TestAPowerCutTakesAcknowledgedWritesThatWereNotSynced shows that the test before this one can
// fail.
func TestAPowerCutTakesAcknowledgedWritesThatWereNotSynced(t *testing.T) {
	t.Parallel()
	all, gone := 0, 0
	chance := rand.New(rand.NewPCG(7, 7))
	// A checkpoint syncs the log, so there is none before the power is cut.
	for _, c := range cuts(t, chance, 8, time.Hour, lazy(t)) {
		told, lost := c.lost(t, chance)
		all, gone = all+told, gone+lost
	}
	if gone == 0 {
		t.Errorf("with synchronous=NORMAL nothing of %d writes was lost", all)
	}
	t.Logf("with synchronous=NORMAL %d of %d acknowledged writes were lost", gone, all)
}

// lazy lets a store acknowledge what is not on the disk.
func lazy(t *testing.T) func(*DB) {
	return func(s *DB) {
		pool := s.writer.ConnPool.(*sqlitePool)
		c, err := pool.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer pool.put(c)
		if _, err := c.ExecContext(t.Context(), "PRAGMA synchronous = NORMAL"); err != nil {
			t.Fatal(err)
		}
	}
}
