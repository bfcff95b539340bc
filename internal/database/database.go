// Package database runs statements on SQLite or PostgreSQL: it opens the pools, runs transactions,
// lets writes share a commit, brings the schema up to date, builds queries and tells what servers
// on the same database change. It knows all in which the two databases differ, the full-text index
// among it, and is the only package that imports drivers.
//
// It never knows what is stored. The schema is a file of whoever opens it, and must have the tables
// changes (seq, at, origin, subjects) and search_docs (rowid, and {search} behind it).
package database

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
)

// The errors that callers can act on, each wrapped around what the driver reported.
var (
	// ErrNotFound is returned where the one row asked for does not exist.
	ErrNotFound = errors.New("no such row")
	// ErrFull is returned by a write for which there is no room. Reading goes on.
	ErrFull = errors.New("no room left to write")
	// ErrUnavailable is returned when the database cannot be reached, may not be written or is busy
	// for too long, and when the caller has gone or its time is up. The same call may succeed
	// later.
	ErrUnavailable = errors.New("the database is not available")
	// ErrDamaged is returned when the database finds that it is not whole.
	ErrDamaged = errors.New("the database is damaged")
)

// DB is a database. It is safe for concurrent use.
type DB struct {
	dialect     dialect
	writer      *gorm.DB // for transactions that cannot be run again; all others go through writes
	committer   committer
	reader      *gorm.DB
	gates       [classes]*gate
	pinger      *pinger       // nil: the database is a file, which is there
	checkpoints *checkpointer // nil: the database sees to its log by itself
	clock       func() time.Time
	hook        func(tx *Tx, writes []*Tx) error // nil: nothing is left for the commit

	origin     string   // what changes made through this DB are known by
	listener   Listener // nil: nobody listens
	newWatcher func(context.Context) (watcher, error)
	newLock    func(context.Context) (unlock func(), err error)
}

// Option changes how a database is opened.
type Option func(*settings)

// settings are what options change.
type settings struct {
	logger     logger.Interface
	maxGroup   int           // how many writes may share a commit
	checkpoint time.Duration // how long after a commit the log is copied into the database
	file       url.Values    // what else the engine is told of a file
	readOnly   bool
}

func settingsFrom(options []Option) *settings {
	s := &settings{
		logger:     logger.Discard,
		maxGroup:   maxGroupWrites,
		checkpoint: time.Second,
		file:       url.Values{},
	}
	for _, option := range options {
		option(s)
	}
	return s
}

// ObserveStatements calls observe with the text of every statement, once it has run; transactions
// beginning and ending are none. Observe may be called from several goroutines at once.
func ObserveStatements(observe func(statement string)) Option {
	return func(s *settings) { s.logger = observer{logger.Discard, observe} }
}

// MaxGroup bounds how many writes that wait for each other may share a commit; 1 gives each a
// commit of its own. It has no effect on PostgreSQL, where each has one.
func MaxGroup(most int) Option {
	return func(s *settings) { s.maxGroup = max(most, 1) }
}

// ReadOnly opens a database that is only read: it need not be writable, and nothing is made beside
// it if it is not. Writes return ErrUnavailable.
func ReadOnly() Option { return func(s *settings) { s.readOnly = true } }

// engineSetting tells the engine of a file something in its URI.
func engineSetting(name, value string) Option {
	return func(s *settings) { s.file.Set(name, value) }
}

// observer is a logger that passes on nothing but the text of statements.
type observer struct {
	logger.Interface
	observe func(statement string)
}

// LogMode returns the observer itself: it has no levels.
func (o observer) LogMode(logger.LogLevel) logger.Interface { return o }

// Trace reports one statement.
func (o observer) Trace(_ context.Context, _ time.Time, statement func() (string, int64), _ error) {
	text, _ := statement()
	o.observe(text)
}

// Open opens the database that a URL names (sqlite:path or postgres://...) as it is, whatever its
// schema. Clock gives transactions their time.
func Open(
	ctx context.Context,
	databaseURL string,
	clock func() time.Time,
	options ...Option,
) (*DB, error) {
	var d *DB
	var err error
	switch scheme, path, _ := strings.Cut(databaseURL, ":"); {
	case scheme == "sqlite" && path != "":
		d, err = openSQLite(ctx, strings.TrimPrefix(path, "//"), options)
		err = sqliteDialect{}.explain(err)
	case scheme == "postgres" || scheme == "postgresql":
		d, err = openPostgres(ctx, databaseURL, options)
	default:
		err = fmt.Errorf(
			"database URL %q: want sqlite:<path> or postgres://<user>:<password>@<host>/<database>",
			redacted(databaseURL),
		)
	}
	if err != nil {
		return nil, err
	}
	d.clock = clock
	d.origin = rand.Text()
	return d, nil
}

// redacted returns a database URL without what may be a password.
func redacted(databaseURL string) string {
	scheme, rest, ok := strings.Cut(databaseURL, "://")
	if _, host, found := strings.Cut(rest, "@"); ok && found {
		return scheme + "://…@" + host
	}
	return databaseURL
}

// SetBeforeCommit sets what runs once for all writes that share a transaction, behind the last of
// them. An error it returns takes all of them back. It must be called before the first write.
func (d *DB) SetBeforeCommit(hook func(tx *Tx, writes []*Tx) error) { d.hook = hook }

// Close waits for writes that have begun and closes all connections.
func (d *DB) Close() error {
	if d.committer != nil {
		d.committer.close()
	}
	var errs []error
	for _, pool := range []*gorm.DB{d.reader, d.writer} {
		if pool == nil {
			continue
		}
		if closer, ok := pool.ConnPool.(io.Closer); ok {
			errs = append(errs, closer.Close())
		}
	}
	return errors.Join(append(errs, d.checkpoints.close(), d.pinger.close())...)
}

// EmptyLog copies the log into the database, and truncates it, so that what was deleted is in
// neither. It reports false if the log is in use; try again later.
func (d *DB) EmptyLog(context.Context) (bool, error) {
	if d.checkpoints == nil {
		return true, nil
	}
	return d.checkpoints.checkpoint("TRUNCATE")
}

// Ping returns an error unless the database answers.
func (d *DB) Ping(ctx context.Context) error {
	return d.Read(ctx, Internal, selectOne)
}

func selectOne(tx *Tx) error {
	var one int
	return tx.GORM.Raw("SELECT 1").Scan(&one).Error
}

// Lock waits until no other process holds the one lock that a database has for this, and takes it.
// Reads and writes do not heed it: it is for work of many writes that must not be done twice.
func (d *DB) Lock(ctx context.Context) (unlock func(), err error) {
	unlock, err = d.newLock(ctx)
	return unlock, d.wrapped(err)
}

// wrapped wraps an error that callers can act on in ErrFull, ErrUnavailable or ErrDamaged, and says
// in plain words what an operator should know of it.
func (d *DB) wrapped(err error) error {
	if err == nil {
		return nil
	}
	err = d.dialect.explain(err)
	switch d.kind(err) {
	case kindFull:
		return fmt.Errorf("%w: %w", ErrFull, err)
	case kindBusy, kindGone, kindReadOnly:
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	case kindDamaged:
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

func (d *DB) kind(err error) errorKind {
	// The caller has gone, or its time is up.
	for _, end := range []error{errNoAnswer, context.DeadlineExceeded, context.Canceled} {
		if errors.Is(err, end) {
			return kindBusy
		}
	}
	return d.dialect.classify(err)
}

// withCause returns an error together with what ended the work, which is not always what the driver
// reports.
func withCause(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	if err == nil || cause == nil || errors.Is(err, cause) {
		return err
	}
	return fmt.Errorf("%w: %w", cause, err)
}
