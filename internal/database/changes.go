package database

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
)

// Listener is told which subjects have changed. It is told of a change after the commit and, of
// those made through this DB, before the write returns.
type Listener interface {
	// Changed says that these have changed.
	Changed(subjects []string)
	// Clear says that anything may have changed.
	Clear()
	// GoodFor says that no change has been missed up to a time, and that none will be for so long
	// after it.
	GoodFor(since time.Time, d time.Duration)
}

// SetListener lets one listener hear of every change. It must be called before the first write.
func (d *DB) SetListener(l Listener) { d.listener = l }

// Invalidate notes that a subject changes with the transaction. Its name must have no space in it.
func (tx *Tx) Invalidate(subject string) {
	if tx.invalidated == nil {
		tx.invalidated = map[string]bool{}
	}
	tx.invalidated[subject] = true
}

// Invalidated reports whether the write has invalidated a subject.
func (tx *Tx) Invalidated(subject string) bool { return tx.invalidated[subject] }

// changeRecord is what one transaction changed, for other servers on the same database.
type changeRecord struct {
	Seq      int64 `gorm:"primaryKey;autoIncrement"`
	At       time.Time
	Origin   string // of which store
	Subjects string // separated by spaces; everything if there are none
}

// TableName returns the table that changes are recorded in.
func (changeRecord) TableName() string { return "changes" }

// maxSubjects is how many bytes of subjects are recorded; of more, only that there were.
const maxSubjects = 64 << 10

// recordChange records what a transaction changes, and lets other servers know.
func (tx *Tx) recordChange(origin string, invalidated map[string]bool) error {
	if len(invalidated) == 0 {
		return nil
	}
	subjects := strings.Join(slices.Sorted(maps.Keys(invalidated)), " ")
	if len(subjects) > maxSubjects {
		subjects = ""
	}
	record := changeRecord{At: tx.now, Origin: origin, Subjects: subjects}
	if err := tx.GORM.Create(&record).Error; err != nil {
		return err
	}
	return tx.dialect.notify(tx.GORM)
}

// tell lets the listener hear of a change that is committed.
func (d *DB) tell(invalidated map[string]bool) {
	if d.listener != nil && len(invalidated) > 0 {
		d.listener.Changed(slices.Collect(maps.Keys(invalidated)))
	}
}

// DeleteChanges removes what was recorded of changes before a time. All servers have heard of them,
// or know that they have missed some.
func (tx *Tx) DeleteChanges(before time.Time) error {
	return tx.GORM.Where("at < ?", before).Delete(&changeRecord{}).Error
}

// How often the database is asked what other servers have changed, how long its answer may take,
// and for how long nothing can have been missed after that: a change made elsewhere is known here
// within that time.
const (
	followPause = 150 * time.Millisecond
	followWait  = 2 * time.Second
	followGood  = 450 * time.Millisecond
)

// watcher is a connection that hears what other servers change.
type watcher interface {
	// last returns the number of the newest change.
	last(ctx context.Context) (int64, error)
	// since returns the changes behind a number, in their order.
	since(ctx context.Context, seq int64) ([]changeRecord, error)
	// wait returns after a while, or as soon as there may be a change.
	wait(ctx context.Context, atMost time.Duration) error
	close() error
}

// Follow tells the listener what other servers on the same database change, until the context ends.
// While the database does not answer, the listener is told nothing; when it does again, that
// anything may have changed.
func (d *DB) Follow(ctx context.Context) {
	for ctx.Err() == nil {
		d.follow(ctx)
		select {
		case <-ctx.Done():
		case <-time.After(followPause):
		}
	}
}

// follow does so until the connection is lost.
func (d *DB) follow(ctx context.Context) error {
	w, err := d.newWatcher(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	seq, err := w.last(ctx)
	if err != nil {
		return err
	}
	d.listener.Clear()
	for {
		asked := time.Now()
		answer, cancel := context.WithTimeout(ctx, followWait)
		changes, err := w.since(answer, seq)
		cancel()
		if err != nil {
			return err
		}
		for _, c := range changes {
			seq = c.Seq
			switch {
			case c.Origin == d.origin: // the listener was told when it was made
			case c.Subjects == "":
				d.listener.Clear()
			default:
				d.listener.Changed(strings.Fields(c.Subjects))
			}
		}
		d.listener.GoodFor(asked, followGood)
		if err := w.wait(ctx, followPause); err != nil {
			return err
		}
	}
}
