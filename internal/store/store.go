// Package store keeps rows: it is the only package that knows SQL, GORM and which database is in use. It never
// decides what is right; it saves what it is told and finds what it is asked for.
//
// Every method that a reader's request can reach takes a view: the live one reads editions and nothing else.
package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/masthead-cms/masthead/internal/cms"
)

// ErrNone is answered where the one row asked for is not there.
var ErrNone = errors.New("no such row")

// Store is a newsroom's database.
type Store struct {
	dialect dialect
	writer  *gorm.DB
	reader  *gorm.DB
	pulse   *pulse // nil: the database is a file, which is there
	clock   func() time.Time

	origin   string   // what changes made through this store are known by
	listener Listener // nil: nobody listens
	watch    func(context.Context) (watcher, error)
}

// DB is the database inside one transaction, which carries one time. It is good until the transaction ends.
type DB struct {
	gorm    *gorm.DB
	dialect dialect
	now     time.Time
	texts   []searchText    // to be put into the search index before the commit
	touched map[string]bool // the subjects that change with it
}

// Now is the time of the transaction, UTC, in whole seconds.
func (db *DB) Now() time.Time { return db.now }

// Option changes how a store is opened.
type Option func(*gorm.Config)

// Observe tells of every statement, once it has run; transactions beginning and ending are none. Tell may be called from
// several goroutines at once.
func Observe(tell func(statement string)) Option {
	return func(c *gorm.Config) { c.Logger = observer{logger.Discard, tell} }
}

// observer is a logger that hands on nothing but the text of statements.
type observer struct {
	logger.Interface
	tell func(statement string)
}

// LogMode has no levels to choose from.
func (o observer) LogMode(logger.LogLevel) logger.Interface { return o }

// Trace tells of one statement.
func (o observer) Trace(_ context.Context, _ time.Time, statement func() (string, int64), _ error) {
	text, _ := statement()
	o.tell(text)
}

// Open opens the database that a URL names (sqlite:path or postgres://...) and brings its schema up to date.
func Open(ctx context.Context, databaseURL string, clock func() time.Time, options ...Option) (*Store, error) {
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
func Connect(ctx context.Context, databaseURL string, clock func() time.Time, options ...Option) (*Store, error) {
	var s *Store
	var err error
	switch scheme, path, _ := strings.Cut(databaseURL, ":"); {
	case scheme == "sqlite" && path != "":
		s, err = openSQLite(ctx, strings.TrimPrefix(path, "//"), options)
	case scheme == "postgres" || scheme == "postgresql":
		s, err = openPostgres(ctx, databaseURL, options)
	default:
		err = fmt.Errorf("database URL %q: want sqlite:<path> or postgres://<user>:<password>@<host>/<database>", redacted(databaseURL))
	}
	if err != nil {
		return nil, err
	}
	s.clock, s.origin = clock, rand.Text()
	return s, nil
}

// redacted is a database URL without what may be a password.
func redacted(databaseURL string) string {
	scheme, rest, ok := strings.Cut(databaseURL, "://")
	if _, host, found := strings.Cut(rest, "@"); ok && found {
		return scheme + "://…@" + host
	}
	return databaseURL
}

// Close gives the connections back.
func (s *Store) Close() error {
	var errs []error
	for _, pool := range []*gorm.DB{s.reader, s.writer} {
		if pool == nil {
			continue
		}
		if closer, ok := pool.ConnPool.(io.Closer); ok {
			errs = append(errs, closer.Close())
		}
	}
	return errors.Join(append(errs, s.pulse.close())...)
}

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	return s.Read(ctx, func(db *DB) error {
		var one int
		return db.gorm.Raw("SELECT 1").Scan(&one).Error
	})
}

// writeTime bounds one write from its first statement to its commit.
const writeTime = 20 * time.Second

// Write runs fn in a transaction and commits if it returns nil. Fn must have no effects but on db, for it is run again
// when two writers got in each other's way. A caller that goes away does not stop a write that has begun: it either
// happens whole or not at all, and a retry with the same Idempotency-Key tells which.
func (s *Store) Write(ctx context.Context, fn func(db *DB) error) error {
	_, hurry := ctx.Deadline()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTime)
	defer cancel()
	ctx, done := s.pulse.watch(ctx, hurry)
	defer done()
	var err error
	for range 4 {
		var db *DB
		err = s.writer.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			if err := s.dialect.lock(tx); err != nil {
				return err
			}
			db = s.db(tx)
			if err := fn(db); err != nil {
				return err
			}
			if err := db.indexTexts(); err != nil {
				return err
			}
			return db.recordTouched(s.origin)
		})
		if err == nil {
			s.tell(db.touched)
			return nil
		}
		if k := s.dialect.fault(err); k != faultTaken && k != faultBusy {
			break
		}
	}
	return s.refusal(ctx, err)
}

// Read runs fn in a transaction that sees the database as it is at one moment and cannot change it.
func (s *Store) Read(ctx context.Context, fn func(db *DB) error) error {
	_, hurry := ctx.Deadline()
	ctx, done := s.pulse.watch(ctx, hurry)
	defer done()
	return s.refusal(ctx, s.look(ctx, fn))
}

func (s *Store) db(tx *gorm.DB) *DB {
	return &DB{gorm: tx, dialect: s.dialect, now: s.clock().UTC().Truncate(time.Second), touched: map[string]bool{}}
}

// refusal turns trouble that the caller should hear of into a refusal.
func (s *Store) refusal(ctx context.Context, err error) error {
	var known *cms.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	kind := s.dialect.fault(err)
	switch cause := context.Cause(ctx); { // what ended the work is not always what the driver says of it
	case cause == errSilent:
		kind, err = faultGone, errSilent
	case cause != nil || errors.Is(err, context.DeadlineExceeded): // time is up, or the caller has gone
		kind = faultBusy
	}
	switch kind {
	case faultFull:
		return fmt.Errorf("%w: %w", cms.Refuse(cms.Full, "There is no room left to write; reading goes on. Tell the operator."), err)
	case faultBusy, faultGone, faultReadOnly:
		busy := cms.Refuse(cms.Unavailable, "The database cannot answer now. Try again; with an Idempotency-Key a retry is safe.")
		busy.Retry = 2 * time.Second
		return fmt.Errorf("%w: %w", busy, err)
	}
	return err
}

// Part runs fn so that what it wrote is taken back if it fails, without harm to the rest of the transaction.
func (db *DB) Part(fn func(db *DB) error) error {
	if err := db.gorm.Exec("SAVEPOINT part").Error; err != nil {
		return err
	}
	texts := slices.Clone(db.texts)
	failed := fn(db)
	if failed != nil {
		db.texts = texts
		if err := db.gorm.Exec("ROLLBACK TO SAVEPOINT part").Error; err != nil {
			return errors.Join(failed, err)
		}
	}
	return errors.Join(failed, db.gorm.Exec("RELEASE SAVEPOINT part").Error)
}

// first reads one row into dest, ErrNone if there is none.
func first(q *gorm.DB, dest any) error {
	res := q.Limit(1).Find(dest)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrNone
	}
	return res.Error
}

// anyOf is a condition for Where that column is one of the values.
func anyOf[T ~string](db *DB, column string, values []T) (string, any) {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return db.dialect.anyOf(column, list)
}
