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
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/store"
)

// app is a newsroom with its settings, key and database.
type app struct {
	config   config
	key      []byte
	store    *store.Store
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

// openApp opens the newsroom of a command's settings, and makes and migrates its database first. A
// dry run makes and changes nothing that stays. The caller must close the app.
func openApp(ctx context.Context, c *cli.Command) (*app, error) {
	return openAppLogging(
		ctx, c, func(config) *slog.Logger { return slog.New(slog.DiscardHandler) },
	)
}

// openAppLogging returns openApp with a log for what the newsroom reports, made from the settings.
func openAppLogging(
	ctx context.Context, c *cli.Command, newLog func(config) *slog.Logger,
) (*app, error) {
	cfg, err := configOf(c)
	if err != nil {
		return nil, err
	}
	a := &app{config: cfg, cleanup: func() error { return nil }}
	if c.Bool("dry-run") {
		err = a.openDry(ctx)
	} else {
		err = a.open(ctx)
	}
	if err != nil {
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

// connectMigrated opens a database without changing it. It returns an error if the schema is not up
// to date.
func connectMigrated(ctx context.Context, databaseURL string) (*store.Store, error) {
	db, err := store.Connect(ctx, databaseURL, time.Now)
	if err != nil {
		return nil, err
	}
	steps, err := db.Steps(ctx)
	for _, step := range steps {
		if err == nil && step.AppliedAt == nil {
			err = errors.New("the schema is not up to date; run masthead migrate up first")
		}
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// assemble makes the newsroom from the key and the database.
func (a *app) assemble(log *slog.Logger) error {
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
		Site:       a.config.site,
		Hasher:     hasher,
		Signer:     signer,
		Clock:      time.Now,
		PublicRead: a.config.publicRead,
		Log:        log,
	})
	return nil
}

// Close closes the database and removes what a dry run made.
func (a *app) Close() error { return errors.Join(a.store.Close(), a.cleanup()) }

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
