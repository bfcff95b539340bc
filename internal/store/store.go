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
	"net/url"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/masthead-cms/masthead/internal/cms"
)

// ErrNotFound is answered where the one row asked for is not there.
var ErrNotFound = errors.New("no such row")

// Store is a newsroom's database.
type Store struct {
	dialect     dialect
	writer      *gorm.DB // for transactions that cannot be run again; all others go through writes
	writes      committer
	reader      *gorm.DB
	pulse       *pinger       // nil: the database is a file, which is there
	checkpoints *checkpointer // nil: the database sees to its log by itself
	clock       func() time.Time
	names       nameCache

	origin   string   // what changes made through this store are known by
	listener Listener // nil: nobody listens
	watch    func(context.Context) (watcher, error)
}

// DB is the database inside one transaction, which carries one time. It is good until the transaction ends.
type DB struct {
	gorm        *gorm.DB
	dialect     dialect
	now         time.Time
	texts       []searchText     // to be put into the search index before the commit
	invalidated map[string]bool  // the subjects that change with it
	counts      map[string]int64 // by how much the counters change with it
	names       *nameCache       // nil in a write, which may see tags that will never be

	// searchRows are the last rows given of seconds that texts are numbered by, by the first possible row. What is taken
	// back leaves a gap.
	searchRows map[int64]int64
}

// Now is the time of the transaction, UTC, in whole seconds.
func (db *DB) Now() time.Time { return db.now }

// Option changes how a store is opened.
type Option func(*settings)

// settings are what options change.
type settings struct {
	logger     logger.Interface
	together   int           // how many writes may share a commit
	checkpoint time.Duration // how long after a commit the log is copied into the database
	file       url.Values    // what else the engine is told of a file
}

func settingsFrom(options []Option) *settings {
	s := &settings{logger: logger.Discard, together: groupJobs, checkpoint: time.Second, file: url.Values{}}
	for _, option := range options {
		option(s)
	}
	return s
}

// ObserveStatements tells of every statement, once it has run; transactions beginning and ending are none. Tell may be called from
// several goroutines at once.
func ObserveStatements(tell func(statement string)) Option {
	return func(s *settings) { s.logger = observer{logger.Discard, tell} }
}

// MaxGroup is how many writes that wait for each other may share a commit, at most; 1 gives each a commit of its own. It
// says nothing on PostgreSQL, where each has one.
func MaxGroup(most int) Option {
	return func(s *settings) { s.together = max(most, 1) }
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

// Close waits for writes that have begun and gives the connections back.
func (s *Store) Close() error {
	if s.writes != nil {
		s.writes.close()
	}
	var errs []error
	for _, pool := range []*gorm.DB{s.reader, s.writer} {
		if pool == nil {
			continue
		}
		if closer, ok := pool.ConnPool.(io.Closer); ok {
			errs = append(errs, closer.Close())
		}
	}
	return errors.Join(append(errs, s.checkpoints.close(), s.pulse.close())...)
}

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	return s.Read(ctx, func(db *DB) error {
		var one int
		return db.gorm.Raw("SELECT 1").Scan(&one).Error
	})
}

// Read runs fn in a transaction that sees the database as it is at one moment and cannot change it.
func (s *Store) Read(ctx context.Context, fn func(db *DB) error) error {
	return s.watched(ctx, fn, s.readTx)
}

// ReadOne is Read for one statement, which sees one moment by itself: there is no transaction, whose beginning and end take
// longer than a short statement.
func (s *Store) ReadOne(ctx context.Context, fn func(db *DB) error) error {
	return s.watched(ctx, fn, s.readOne)
}

// watched reads in a way that is given up if the database is not there.
func (s *Store) watched(ctx context.Context, fn func(db *DB) error, way func(context.Context, func(db *DB) error) error) error {
	_, hurry := ctx.Deadline()
	ctx, done := s.pulse.watch(ctx, hurry)
	defer done()
	return s.refusal(withCause(ctx, way(ctx, fn)))
}

func (s *Store) db(tx *gorm.DB) *DB {
	return &DB{
		gorm: tx, dialect: s.dialect, now: s.clock().UTC().Truncate(time.Second), invalidated: map[string]bool{}, counts: map[string]int64{},
		searchRows: map[int64]int64{},
	}
}

// withCause is an error together with what ended the work, which is not always what the driver says of it.
func withCause(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	if err == nil || cause == nil || errors.Is(err, cause) {
		return err
	}
	return fmt.Errorf("%w: %w", cause, err)
}

// refusal turns trouble that the caller should hear of into a refusal.
func (s *Store) refusal(err error) error {
	var known *cms.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	kind := s.dialect.fault(err)
	for _, end := range []error{errSilent, context.DeadlineExceeded, context.Canceled} { // the caller has gone, or time is up
		if errors.Is(err, end) {
			kind = kindBusy
		}
	}
	switch kind {
	case kindFull:
		return fmt.Errorf("%w: %w", cms.Errorf(cms.InsufficientStorage, "There is no room left to write; reading goes on. Tell the operator."), err)
	case kindBusy, kindGone, kindReadOnly:
		busy := cms.Errorf(cms.Unavailable, "The database cannot answer now. Try again; with an Idempotency-Key a retry is safe.")
		busy.RetryAfter = 2 * time.Second
		return fmt.Errorf("%w: %w", busy, err)
	}
	return err
}

// first reads one row into dest, ErrNone if there is none.
func first(q *gorm.DB, dest any) error {
	res := q.Limit(1).Find(dest)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrNotFound
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
