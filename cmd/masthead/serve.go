package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/lmittmann/tint"
	"github.com/urfave/cli/v3"
	"golang.org/x/term"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/auth"
	"github.com/masthead-cms/masthead/internal/cache"
	"github.com/masthead-cms/masthead/internal/database"
)

// shutdownTimeout is how long requests in flight may take after the server was told to stop.
const shutdownTimeout = 30 * time.Second

func serveCommand() *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: "serve the API",
		Description: "Serves the API until it is told to stop (SIGINT or SIGTERM); calls that have begun are\n" +
			"finished. The database and the signing key are made at the first start.",
		Flags: []cli.Flag{&cli.BoolFlag{
			Name: "demo",
			Usage: "fill an empty database with demonstration content, " +
				"and make an administrator if there is no user",
		}},
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return serve(ctx, c)
		},
	}
}

func serve(ctx context.Context, c *cli.Command) error {
	signal.Ignore(syscall.SIGPIPE) // a log that nobody reads any more stops no server
	stderr := c.Root().ErrWriter
	lines := newLogWriter(stderr)
	defer lines.Close()
	var log *slog.Logger
	a, err := openWith(ctx, c, func(cfg config) *slog.Logger {
		log = logger(lines, isTerminal(stderr), cfg.log)
		return log
	}, (*app).openWithFiles)
	if err != nil {
		return err
	}
	defer a.Close()
	tuneGC(a.config.cacheSize)
	if a.config.databaseFile() != "" {
		addProcessors(database.SlowProcessors())
	}
	listener, err := net.Listen("tcp", a.config.addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer listener.Close()
	if err := a.newsroom.NotePaths(ctx); err != nil {
		return err
	}
	if err := a.welcome(ctx, c, listener.Addr().String()); err != nil {
		return err
	}
	draining := make(chan struct{})
	a.config.publicURL = publicURL(a.config.publicURL, listener.Addr())
	server, err := a.server(ctx, log, lines, asText(isTerminal(stderr), a.config.log), draining)
	if err != nil {
		return err
	}
	go every(ctx, log, "delete expired", time.Hour, a.newsroom.DeleteExpired)
	go every(ctx, log, "empty trash", time.Hour, a.newsroom.EmptyTrash)
	go every(ctx, log, "erase event details", time.Hour, a.newsroom.EraseOldEventDetails)
	go every(ctx, log, "sweep files", time.Hour, a.library.Sweep)
	go every(ctx, log, "index drafts", time.Second, a.newsroom.IndexDrafts)
	go every(ctx, log, "tasks", time.Second, a.newsroom.DoTasks)
	go every(ctx, log, "record failed sign-ins", time.Second, a.newsroom.RecordFailedSignIns)
	served := server.HTTP()
	err = listen(ctx, served, server.Listen(listener, served), draining)
	_, recordErr := a.newsroom.RecordFailedSignIns(context.WithoutCancel(ctx))
	return errors.Join(err, recordErr)
}

// publicURL returns where a server is reached that listens at an address: as it was said, or if it
// was not, where a loopback address is; empty if that is not known.
func publicURL(said string, addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if said != "" || !ok || !tcp.IP.IsLoopback() {
		return said
	}
	return "http://" + addr.String()
}

// server returns the server of the API.
func (a *app) server(
	ctx context.Context, log *slog.Logger, lines *logWriter, text bool, draining chan struct{},
) (*api.Server, error) {
	cursorKey, err := auth.Derive(a.key, "cursors")
	if err != nil {
		return nil, err
	}
	options := api.Options{
		Cache:          a.startCache(ctx),
		Log:            log,
		PublicURL:      a.config.publicURL,
		LinesDropped:   lines.Dropped,
		CursorKey:      cursorKey,
		CORSOrigins:    a.config.origins,
		TrustedProxies: a.config.proxies,
		CDNMaxAge:      a.config.cdnMaxAge,
		Front:          a.config.front,
		Draining:       draining,
	}
	if !text {
		options.AccessLog = lines // a line of JSON for each request
	}
	return api.New(a.newsroom, options), nil
}

// welcome fills the database for --demo and prints the banner.
func (a *app) welcome(ctx context.Context, c *cli.Command, addr string) error {
	var password string
	if c.Bool("demo") {
		var err error
		if password, err = a.fillDemo(ctx); err != nil {
			return err
		}
	}
	users, err := a.newsroom.HasUsers(ctx)
	if err != nil {
		return err
	}
	_, err = a.newsroom.UserByEmail(ctx, demoEmail)
	printBanner(c.Root().ErrWriter, addr, password, users, c.Bool("demo") && err == nil)
	return nil
}

// heapRoom is the memory that a server takes beside its cache before memory is collected more
// often, in bytes.
const heapRoom = 128 << 20

// tuneGC sets a soft limit for the memory of a server with a cache of so many bytes, unless the
// environment sets one.
func tuneGC(cacheSize int64) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(cacheSize + heapRoom)
	}
}

// addProcessors lets goroutines run on so many more threads at once than there are processors,
// unless the environment says on how many. Goroutines that work for long keep a thread for 10 ms;
// while slow questions keep theirs, the operating system still gives all others their turn.
func addProcessors(n int) {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + n)
	}
}

// gracefulListener is a listener that answers some requests itself.
type gracefulListener interface {
	net.Listener
	Wait(ctx context.Context) error // until those responses are sent
}

// listen serves until ctx ends and then waits for requests in flight.
func listen(
	ctx context.Context,
	server *http.Server,
	listener gracefulListener,
	draining chan struct{},
) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	close(draining)
	stop, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	if err := errors.Join(server.Shutdown(stop), listener.Wait(stop)); err != nil {
		return fmt.Errorf("some calls were not finished within %s: %w", shutdownTimeout, err)
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// every runs a job periodically until ctx ends. It logs errors and panics.
func every(
	ctx context.Context,
	log *slog.Logger,
	name string,
	pause time.Duration,
	job func(context.Context) (int, error),
) {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	once := func() {
		defer func() {
			if r := recover(); r != nil {
				log.Error("job panicked", "job", name, "panic", r)
			}
		}()
		if n, err := job(ctx); err != nil && ctx.Err() == nil {
			log.Error("job failed", "job", name, "error", err)
		} else if n > 0 {
			log.Debug("job done", "job", name, "rows", n)
		}
	}
	for {
		once()
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// printBanner prints the addresses of the server and how to sign in.
func printBanner(w io.Writer, addr, password string, users, demo bool) {
	at := "http://" + addr
	fmt.Fprintf(
		w,
		"\nMasthead answers at %s\n\n  articles   %s/v1/articles\n"+
			"  explorer   %s/docs\n  API        %s/openapi.yaml\n",
		at, at, at, at,
	)
	switch {
	case password != "":
		fmt.Fprintf(
			w,
			"\n  sign in    %s  %s\n"+
				"             (this password is shown once; it is not kept anywhere)\n",
			demoEmail, password,
		)
	case demo:
		fmt.Fprintf(
			w,
			"\n  sign in    %s, with the password shown at the first start\n"+
				"             (forgotten? masthead user set-password sets another)\n",
			demoEmail,
		)
	case !users:
		fmt.Fprint(
			w,
			"\n  Nobody can sign in yet: "+
				"masthead user create --email you@example.org --name You --role admin\n",
		)
	}
	fmt.Fprintln(w)
}

// startCache returns a cache of responses that follows every change of the database until ctx ends,
// or nil if the size of the cache is 0.
func (a *app) startCache(ctx context.Context) *cache.Cache {
	if a.config.cacheSize == 0 {
		return nil
	}
	responses := cache.New(a.config.cacheSize, time.Now)
	a.store.SetListener(responses)
	go a.store.Follow(ctx)
	return responses
}

// logger returns a log of text for people, or of JSON.
func logger(w io.Writer, terminal bool, format string) *slog.Logger {
	if asText(terminal, format) {
		return slog.New(
			tint.NewTextHandler(w, &tint.Options{TimeFormat: time.TimeOnly, NoColor: !terminal}),
		)
	}
	return slog.New(slog.NewJSONHandler(w, nil))
}

func asText(terminal bool, format string) bool {
	return format == "text" || (format == "" && terminal)
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
