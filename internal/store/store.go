// Package store has the rows of a newsroom, a file for each noun: it knows their tables, their SQL
// and GORM. It never decides what is right, and never knows which database is in use; it saves what
// it is given and finds what it is asked for.
//
// Every method that a reader's request can reach takes a view: the live one reads editions and
// nothing else.
package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// ErrNotFound is returned where the one row asked for does not exist.
var ErrNotFound = database.ErrNotFound

// Store is a newsroom's database. It is safe for concurrent use.
type Store struct {
	database *database.DB
	names    *nameCache
}

// DB is the database inside one transaction, which carries one time. It must not be used after the
// transaction.
type DB struct {
	*database.Tx
	pending *pending // of a write; nil in a read
	names   *nameCache
	site    *cms.Site // as the transaction sees it; nil until it is asked for
}

// inWrite reports whether the transaction can change the database. What it sees may never come to
// be, so it is not remembered.
func (db *DB) inWrite() bool { return db.pending != nil }

// pending is what a write leaves for the commit.
type pending struct {
	texts  []indexText      // for the search index
	counts map[string]int64 // by how much the counters change

	// searchRows are the last rows given of seconds that texts are numbered by, by the first
	// possible row. What is taken back leaves a gap.
	searchRows map[int64]int64
}

//go:embed schema/*.sql
var schemaFiles embed.FS

// schema returns the files of the schema's steps.
func schema() fs.FS {
	folder, err := fs.Sub(schemaFiles, "schema")
	if err != nil {
		panic(err) // the name is valid
	}
	return folder
}

// Open opens the database that a URL names (sqlite:path or postgres://...) and brings its schema up
// to date.
func Open(
	ctx context.Context, databaseURL string, clock func() time.Time, options ...database.Option,
) (*Store, error) {
	s, err := Connect(ctx, databaseURL, clock, options...)
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Connect opens a database as it is, whatever its schema.
func Connect(
	ctx context.Context, databaseURL string, clock func() time.Time, options ...database.Option,
) (*Store, error) {
	d, err := database.Open(ctx, databaseURL, clock, options...)
	if err != nil {
		return nil, err
	}
	d.SetBeforeCommit(beforeCommit)
	return &Store{database: d, names: &nameCache{}}, nil
}

// Lock waits until no other process holds the lock of the database, and takes it. Reads and writes
// do not heed it: it is for work of many writes that must not be done twice.
func (s *Store) Lock(ctx context.Context) (unlock func(), err error) {
	unlock, err = s.database.Lock(ctx)
	return unlock, refusal(err)
}

// PendingSteps returns the steps of the schema as those of a database that does not exist yet.
func PendingSteps() ([]database.Step, error) { return database.PendingSteps(schema()) }

// Migrate brings the schema up to date. It is safe for any number of processes at once.
func (s *Store) Migrate(ctx context.Context) error {
	if err := s.database.Migrate(ctx, schema()); err != nil {
		return err
	}
	return s.addWords(ctx)
}

// Steps returns the steps of the schema that this program knows and, behind them, those of a newer
// one that the database has.
func (s *Store) Steps(ctx context.Context) ([]database.Step, error) {
	return s.database.Steps(ctx, schema())
}

// ErrNotMigrated is returned by CheckSchema if steps are due.
var ErrNotMigrated = database.ErrNotMigrated

// CheckSchema returns an error unless the schema is that of this program. It changes nothing.
func (s *Store) CheckSchema(ctx context.Context) error {
	return s.database.CheckSchema(ctx, schema())
}

// Close waits for writes that have begun and closes all connections.
func (s *Store) Close() error { return s.database.Close() }

// EmptyLog removes from the files of the database what was deleted, as far as it stands in the log.
// It reports false if the log is in use; try again later.
func (s *Store) EmptyLog(ctx context.Context) (bool, error) { return s.database.EmptyLog(ctx) }

// Ping returns an error unless the database answers.
func (s *Store) Ping(ctx context.Context) error { return refusal(s.database.Ping(ctx)) }

// SetListener lets one listener hear of every change. It must be called before the first write.
func (s *Store) SetListener(l database.Listener) { s.database.SetListener(l) }

// Follow tells the listener what other servers on the same database change, until the context ends.
// While the database does not answer, the listener is told nothing; when it does again, that
// anything may have changed.
func (s *Store) Follow(ctx context.Context) { s.database.Follow(ctx) }

// Class says whose work a read is; see database.Class. Each class has connections of its own.
type Class = database.Class

// The classes of reads.
const (
	Quick     = database.Quick     // looks up few rows, for anybody
	Slow      = database.Slow      // a question of a stranger whose cost depends on what it asks
	Editorial = database.Editorial // of somebody who is signed in
	Internal  = database.Internal  // the server's own
)

// WithOrigin returns a context for reads on behalf of an origin: whoever is behind an address. Of
// one origin only a part of the Slow reads run at once.
func WithOrigin(ctx context.Context, origin netip.Prefix) context.Context {
	return database.WithOrigin(ctx, origin)
}

// Read runs fn in a transaction that sees the database as it is at one moment and cannot change it.
// It returns an Unavailable error if too many reads of the class wait, or if the read is slower
// than one of its class may be.
func (s *Store) Read(ctx context.Context, class Class, fn func(db *DB) error) error {
	return refusal(s.database.Read(ctx, class, func(tx *database.Tx) error {
		return fn(&DB{Tx: tx, names: s.names})
	}))
}

// ReadOne returns Read for one statement, which sees one moment by itself: there is no transaction,
// whose beginning and end take longer than a short statement.
func (s *Store) ReadOne(ctx context.Context, class Class, fn func(db *DB) error) error {
	return refusal(s.database.ReadOne(ctx, class, func(tx *database.Tx) error {
		return fn(&DB{Tx: tx, names: s.names})
	}))
}

// Write runs fn in a transaction and commits if it returns nil. Fn must have no effects but on db,
// for it is run again when writes got in each other's way. It runs in the caller's goroutine,
// alone, and what it wrote is taken back, by itself, if it fails or panics. A caller that goes away
// does not stop a write that has begun: it happens whole or not at all, and a retry with the same
// Idempotency-Key tells which. For one that goes away while its write waits, Write returns at once,
// and the write does not happen.
func (s *Store) Write(ctx context.Context, fn func(db *DB) error) error {
	return refusal(s.database.Write(ctx, func(tx *database.Tx) error { return fn(s.writing(tx)) }))
}

// writing returns the database inside a write. What the writes before it in the transaction have
// for the search index it sees, for it may drop it again.
func (s *Store) writing(tx *database.Tx) *DB {
	p := &pending{counts: map[string]int64{}, searchRows: map[int64]int64{}}
	if prior := tx.Prior(); prior != nil {
		was := prior.State.(*pending)
		p.texts = slices.Clone(was.texts)
		p.searchRows = was.searchRows
	}
	tx.State = p
	return &DB{Tx: tx, pending: p, names: s.names}
}

// beforeCommit writes what writes that share a transaction have left. The search index is given all
// of it at the end, for at each savepoint FTS5 writes down what it has.
func beforeCommit(tx *database.Tx, writes []*database.Tx) error {
	db := &DB{Tx: tx, pending: &pending{counts: map[string]int64{}}}
	for _, w := range writes {
		left := w.State.(*pending)
		db.pending.texts = left.texts // each went on from those of the one before
		for name, by := range left.counts {
			db.pending.counts[name] += by
		}
	}
	if err := db.indexTexts(); err != nil {
		return err
	}
	return db.saveCounts()
}

// Savepoint runs fn so that what it wrote is taken back if it fails, without harm to the rest of
// the transaction.
func (db *DB) Savepoint(fn func(db *DB) error) error {
	texts, counts := slices.Clone(db.pending.texts), maps.Clone(db.pending.counts)
	err := db.Tx.Savepoint(func() error { return fn(db) })
	if err != nil {
		db.pending.texts, db.pending.counts = texts, counts
	}
	return err
}

// refusal turns an error that the caller should hear of into a *cms.Error.
func refusal(err error) error {
	var known *cms.Error
	if errors.As(err, &known) {
		return err
	}
	switch {
	case errors.Is(err, database.ErrCrowded):
		return unavailable(err, "", "Too many questions like this one are waiting. Try again.")
	case errors.Is(err, database.ErrTooSlow):
		return unavailable(err, "", "This question takes too long for a caller who is not signed "+
			"in. Ask for less: fewer words, prefixes and excluded words in q, fewer tags, a period "+
			"(published_from, published_until), and neither count=exact nor facets.")
	case errors.Is(err, database.ErrFull):
		return fmt.Errorf("%w: %w", cms.Errorf(cms.InsufficientStorage,
			"There is no room left to write; reading goes on. Tell the operator."), err)
	case errors.Is(err, database.ErrDamaged):
		return unavailable(err, "", "The database is damaged and cannot answer this. Tell the "+
			"operator.")
	case errors.Is(err, database.ErrUnavailable):
		return unavailable(err, cms.HintRetryIsSafe, "The database cannot answer now. Try again.")
	}
	return err
}

// unavailable returns an Unavailable error with a sentence and advice, if any, wrapped around its
// cause.
func unavailable(cause error, hint cms.Hint, detail string) error {
	busy := cms.Errorf(cms.Unavailable, "%s", detail).WithHint(hint)
	busy.RetryAfter = 2 * time.Second
	return fmt.Errorf("%w: %w", busy, cause)
}

// first reads one row into dest, ErrNotFound if there is none.
func first(q *gorm.DB, dest any) error {
	res := q.Limit(1).Find(dest)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrNotFound
	}
	return res.Error
}

func ignoreNotFound(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
