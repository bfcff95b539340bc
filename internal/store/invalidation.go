package store

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
)

// Listener hears which subjects have changed. A change is told after it is committed and, of those made through this
// store, before whoever made it is told.
type Listener interface {
	// Changed says that these have changed.
	Changed(subjects []string)
	// Clear says that anything may have changed.
	Clear()
	// GoodFor says that no change has been missed up to a time, and that none will be for so long after it.
	GoodFor(since time.Time, d time.Duration)
}

// SetListener lets one listener hear of every change this store makes. It is called before the first change.
func (s *Store) SetListener(l Listener) { s.listener = l }

// invalidate notes that subjects change with the transaction.
func (db *DB) invalidate(subjects ...cms.CacheTag) {
	for _, subject := range subjects {
		db.invalidated[string(subject)] = true
	}
}

// invalidateEditions notes that readers will see articles, with these tags, otherwise than before; those that link to them show
// their titles and addresses.
func (db *DB) invalidateEditions(tags map[cms.ID][]cms.ID) error {
	var news []cms.ID
	for id, carried := range tags {
		if !db.invalidated[string(cms.ArticleCacheTag(id))] {
			news = append(news, id)
		}
		db.invalidate(cms.ArticleCacheTag(id), cms.AllArticles)
		for _, tag := range carried {
			db.invalidate(cms.TagListCacheTag(tag))
		}
	}
	if len(news) == 0 {
		return nil
	}
	linking, err := db.LinkingTo(news...)
	for _, from := range linking {
		db.invalidate(cms.ArticleCacheTag(from))
	}
	return err
}

// invalidateTag notes that a tag is shown otherwise than before, and perhaps carried by others.
func (db *DB) invalidateTag(id cms.ID) {
	db.invalidate(cms.TagCacheTag(id), cms.TagListCacheTag(id), cms.AllTags)
}

// changeRecord is what one transaction changed, for other servers on the same database.
type changeRecord struct {
	Seq      int64 `gorm:"primaryKey;autoIncrement"`
	At       time.Time
	Origin   string // of which store
	Subjects string // separated by spaces; everything if there are none
}

// TableName returns the table that changes are recorded in.
func (changeRecord) TableName() string { return "changes" }

// longestChange is how many bytes of subjects are written down; of more, only that there were.
const longestChange = 64 << 10

// recordInvalidated writes down what a transaction changes.
func (db *DB) recordInvalidated(origin string) error {
	if len(db.invalidated) == 0 {
		return nil
	}
	subjects := strings.Join(slices.Sorted(maps.Keys(db.invalidated)), " ")
	if len(subjects) > longestChange {
		subjects = ""
	}
	if err := db.gorm.Create(&changeRecord{At: db.now, Origin: origin, Subjects: subjects}).Error; err != nil {
		return err
	}
	return db.dialect.notify(db.gorm)
}

// tell lets the listener hear of a change that is committed.
func (s *Store) tell(touched map[string]bool) {
	if s.listener != nil && len(touched) > 0 {
		s.listener.Changed(slices.Collect(maps.Keys(touched)))
	}
}

// DeleteChanges removes what was written down of changes before a time. All servers have heard of them, or know that they
// have missed some.
func (db *DB) DeleteChanges(before time.Time) error {
	return db.gorm.Where("at < ?", before).Delete(&changeRecord{}).Error
}

// How often it is asked what other servers have changed, how long it may take to answer, and how long nothing can have been
// missed since it was asked: a change made elsewhere is known here within that time.
const (
	followPause = 150 * time.Millisecond
	followWait  = 2 * time.Second
	followGood  = 450 * time.Millisecond
)

// watcher is a connection that hears what other servers change.
type watcher interface {
	// last is the number of the newest change.
	last(ctx context.Context) (int64, error)
	// since are the changes behind a number, in their order.
	since(ctx context.Context, seq int64) ([]changeRecord, error)
	// wait returns after a while, or as soon as there may be a change.
	wait(ctx context.Context, atMost time.Duration) error
	close() error
}

// Follow tells the listener what other servers on the same database change, until the context ends. While the database cannot
// be asked, the listener is told nothing; when it can again, that anything may have changed.
func (s *Store) Follow(ctx context.Context) {
	for ctx.Err() == nil {
		s.follow(ctx)
		select {
		case <-ctx.Done():
		case <-time.After(followPause):
		}
	}
}

// follow does so until the connection is lost.
func (s *Store) follow(ctx context.Context) error {
	w, err := s.watch(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	seq, err := w.last(ctx)
	if err != nil {
		return err
	}
	s.listener.Clear()
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
			case c.Origin == s.origin: // told when it was made
			case c.Subjects == "":
				s.listener.Clear()
			default:
				s.listener.Changed(strings.Fields(c.Subjects))
			}
		}
		s.listener.GoodFor(asked, followGood)
		if err := w.wait(ctx, followPause); err != nil {
			return err
		}
	}
}
