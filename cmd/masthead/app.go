package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/masthead-cms/masthead/internal/auth"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/fetch"
	"github.com/masthead-cms/masthead/internal/library"
	"github.com/masthead-cms/masthead/internal/media"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/store"
)

// app is a newsroom with its settings, key and database.
type app struct {
	config   config
	log      *slog.Logger
	key      []byte
	store    *store.Store
	library  *library.Library // nil: this command needs no files
	newsroom *newsroom.Newsroom
	cleanup  func() error // removes what a dry run made
}

// withApp opens the newsroom of a command's settings, calls fn and closes it.
func withApp(ctx context.Context, c *cli.Command, fn func(a *app) error) (err error) {
	a, err := openApp(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return fn(a)
}

// withExistingApp is withApp for a command that only reads: it needs no more than to read the files
// of a database that is there and up to date, and makes none.
func withExistingApp(ctx context.Context, c *cli.Command, fn func(a *app) error) (err error) {
	a, err := openWith(ctx, c, discardLog, (*app).openExisting)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return fn(a)
}

// withThereApp is withApp for a command that changes what is there, and makes no database.
func withThereApp(ctx context.Context, c *cli.Command, fn func(a *app) error) (err error) {
	a, err := openWith(ctx, c, discardLog, (*app).openThere)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return fn(a)
}

func discardLog(config) *slog.Logger { return slog.New(slog.DiscardHandler) }

// openApp opens the newsroom of a command's settings, and makes and migrates its database first. A
// dry run makes and changes nothing that stays. The caller must close the app.
func openApp(ctx context.Context, c *cli.Command) (*app, error) {
	if c.Bool("dry-run") {
		return openWith(ctx, c, discardLog, (*app).openDry)
	}
	return openWith(ctx, c, discardLog, (*app).open)
}

// openWith opens the newsroom of a command's settings in one of the ways there are, with a log for
// what it reports, made from the settings. The caller must close the app.
func openWith(
	ctx context.Context, c *cli.Command, newLog func(config) *slog.Logger,
	open func(*app, context.Context) error,
) (*app, error) {
	cfg, err := configOf(c)
	if err != nil {
		return nil, err
	}
	a := &app{config: cfg, cleanup: func() error { return nil }}
	if err := open(a, ctx); err != nil {
		return nil, err
	}
	reportDatabase(c.Root().ErrWriter, cfg)
	if err := a.assemble(newLog(cfg)); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *app) open(ctx context.Context) error {
	var err error
	if a.key, err = a.config.key(); err != nil {
		return err
	}
	a.store, err = store.Open(ctx, a.config.databaseURL, time.Now)
	return err
}

// openWithFiles opens the database as open does, and the library of media.
func (a *app) openWithFiles(ctx context.Context) error {
	if err := a.open(ctx); err != nil {
		return err
	}
	return a.openLibrary(ctx, a.config.mediaURL, a.config.data, a.config.mediaCache)
}

// openBeside opens the database and the library of media as a command does that may run beside a
// server: it keeps no renditions.
func (a *app) openBeside(ctx context.Context) error {
	if err := a.open(ctx); err != nil {
		return err
	}
	return a.openLibrary(ctx, a.config.mediaURL, a.config.data, 0)
}

// openDryBeside opens the database as openDry does, and an empty library that is removed.
func (a *app) openDryBeside(ctx context.Context) error {
	if err := a.openDry(ctx); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "masthead-dry-run-")
	if err != nil {
		return fmt.Errorf("dry run: %w", errors.Join(err, a.store.Close(), a.cleanup()))
	}
	before := a.cleanup
	a.cleanup = func() error { return errors.Join(before(), os.RemoveAll(dir)) }
	return a.openLibrary(ctx, filepath.Join(dir, "media"), dir, 0)
}

// openLibrary opens the library of media at an address, with uploads in a folder and a bound of the
// bytes of renditions. It closes the database if it fails.
func (a *app) openLibrary(
	ctx context.Context, address, dataDir string, cacheBytes int64,
) (err error) {
	a.library, err = library.Open(ctx, library.Options{
		URL:         address,
		Credentials: a.config.mediaKeys,
		DataDir:     dataDir,
		MaxBytes:    a.config.mediaMax,
		Inspector: media.New(media.Options{
			PictureBytes:  min(a.config.mediaMax, maxPicture),
			DocumentBytes: min(a.config.mediaMax, maxDocument),
			FilmBytes:     a.config.mediaMax,
			Memory:        a.config.mediaMemory,
		}),
		Clock:      time.Now,
		CacheBytes: cacheBytes,
		CacheFailed: func(err error) {
			a.log.Warn("a picture in another size cannot be kept", "error", err)
		},
	})
	if err != nil {
		return errors.Join(err, a.store.Close(), a.cleanup())
	}
	return nil
}

// The largest pictures and documents, in bytes, unless a lower limit is set for all files.
const (
	maxPicture  = 32 << 20
	maxDocument = 100 << 20
)

// openExisting opens a database that is there and up to date for reading only, and one that is not
// up to date as open does. It returns an error if there is none.
func (a *app) openExisting(ctx context.Context) (err error) {
	if !a.config.databaseExists() {
		return a.noDatabase()
	}
	if a.key, err = a.config.existingKey(); err != nil {
		return err
	}
	a.store, err = connectMigrated(ctx, a.config.databaseURL, database.ReadOnly())
	if errors.Is(err, store.ErrNotMigrated) {
		return a.open(ctx)
	}
	return err
}

// openThere opens a database as open does, and returns an error if there is none.
func (a *app) openThere(ctx context.Context) error {
	if !a.config.databaseExists() {
		return a.noDatabase()
	}
	return a.open(ctx)
}

func (a *app) noDatabase() error {
	return fmt.Errorf("there is no database %s", redactURL(a.config.databaseURL))
}

// openDry opens the database as it is. Where there is none, a temporary one takes its place.
func (a *app) openDry(ctx context.Context) error {
	var err error
	if a.key, err = a.config.existingKey(); err != nil {
		return err
	}
	if a.config.databaseExists() {
		a.store, err = connectMigrated(ctx, a.config.databaseURL)
		return err
	}
	dir, err := os.MkdirTemp("", "masthead-dry-run-")
	if err != nil {
		return fmt.Errorf("dry run: %w", err)
	}
	a.cleanup = func() error { return os.RemoveAll(dir) }
	a.store, err = store.Open(ctx, "sqlite:"+filepath.Join(dir, "masthead.db"), time.Now)
	if err != nil {
		return errors.Join(err, a.cleanup())
	}
	return nil
}

// connectMigrated opens a database without changing it. It returns an error if its schema is not
// that of this program: store.ErrNotMigrated, with advice, if steps are due.
func connectMigrated(
	ctx context.Context, databaseURL string, options ...database.Option,
) (*store.Store, error) {
	db, err := store.Connect(ctx, databaseURL, time.Now, options...)
	if err != nil {
		return nil, err
	}
	if err := db.CheckSchema(ctx); err != nil {
		if errors.Is(err, store.ErrNotMigrated) {
			err = fmt.Errorf("%w; run masthead migrate up first", err)
		}
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// assemble makes the newsroom from the key and the database.
func (a *app) assemble(log *slog.Logger) error {
	a.log = log
	jwtKey, err := auth.Derive(a.key, "access tokens")
	if err != nil {
		return err
	}
	signer, err := auth.NewSigner(jwtKey)
	if err != nil {
		return err
	}
	hasher, err := auth.NewHasher(auth.DefaultCost(), runtime.NumCPU())
	if err != nil {
		return err
	}
	a.newsroom = newsroom.Open(newsroom.Options{
		Store:      a.store,
		Library:    a.library,
		Fetcher:    fetch.New(),
		Site:       a.config.site,
		Hasher:     hasher,
		Signer:     signer,
		Clock:      time.Now,
		PublicRead: a.config.publicRead,
		Retention:  a.config.retention,
		Log:        log,
	})
	return nil
}

// Close closes the database and the library and removes what a dry run made.
func (a *app) Close() error {
	err := errors.Join(a.store.Close(), a.cleanup())
	if a.library != nil {
		err = errors.Join(err, a.library.Close())
	}
	return err
}

// reportDatabase says which database a command uses, and warns of files that others can read.
func reportDatabase(stderr io.Writer, cfg config) {
	fmt.Fprintf(stderr, "database: %s\n", redactURL(cfg.databaseURL))
	for _, warning := range cfg.modeWarnings() {
		fmt.Fprintf(stderr, "warning: %s\n", warning)
	}
}

// redactURL returns a database URL without user and password.
func redactURL(databaseURL string) string {
	scheme, rest, ok := strings.Cut(databaseURL, "://")
	if _, host, found := strings.Cut(rest, "@"); ok && found {
		return scheme + "://…@" + host
	}
	return databaseURL
}

// databaseFile returns the path of the SQLite database, "" on PostgreSQL.
func (cfg config) databaseFile() string {
	path, ok := strings.CutPrefix(cfg.databaseURL, "sqlite:")
	if !ok {
		return ""
	}
	return strings.TrimPrefix(path, "//")
}

// databaseExists reports whether there is a database. A server of PostgreSQL always has one.
func (cfg config) databaseExists() bool {
	file := cfg.databaseFile()
	if file == "" {
		return true
	}
	_, err := os.Stat(file)
	return !errors.Is(err, fs.ErrNotExist)
}

// modeWarnings returns a sentence for each of the database's files that others than its owner can
// read, and for a key that its group can.
func (cfg config) modeWarnings() []string {
	if runtime.GOOS == "windows" { // it has no such modes
		return nil
	}
	var warnings []string
	warn := func(path, what string, mask fs.FileMode, mode string) {
		if info, err := os.Stat(path); err == nil && info.Mode().Perm()&mask != 0 {
			warnings = append(warnings, fmt.Sprintf("%s %s is open to others (mode %04o); "+
				"close it with: chmod %s %s", what, path, info.Mode().Perm(), mode, path))
		}
	}
	if file := cfg.databaseFile(); file != "" {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			warn(file+suffix, "the database file", 0o077, "600")
		}
		if dir := filepath.Dir(file); dir != "." {
			warn(dir, "the folder", 0o077, "700")
		}
	}
	if cfg.secretKey == nil {
		warn(cfg.keyFile(), "the key file", 0o040, "600")
	}
	return warnings
}
