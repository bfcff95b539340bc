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
	"runtime"
	"runtime/debug"
	"time"

	"github.com/lmittmann/tint"
	"github.com/urfave/cli/v3"
	"golang.org/x/term"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/auth"
	"github.com/masthead-cms/masthead/internal/cache"
)

// stopTime is how long calls that have begun may take after the server was told to stop.
const stopTime = 30 * time.Second

func serveCommand() *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: "serve the API",
		Description: "Serves the API until it is told to stop (SIGINT or SIGTERM); calls that have begun are finished.\n" +
			"The database and the signing key are made at the first start.",
		Flags: []cli.Flag{&cli.BoolFlag{
			Name: "demo", Usage: "fill an empty database with demonstration content, and make an administrator if there is no user",
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
	h, err := openHouse(ctx, c)
	if err != nil {
		return err
	}
	defer h.store.Close()
	words := c.Root().ErrWriter
	log := logger(words, h.config.log)
	defer collect()()
	listener, err := net.Listen("tcp", h.config.addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer listener.Close()
	var password string
	if c.Bool("demo") {
		if password, err = h.demonstrate(ctx); err != nil {
			return err
		}
	}
	cursorKey, err := auth.Derive(h.key, "cursors")
	if err != nil {
		return err
	}
	draining := make(chan struct{})
	access, closeAccess := accessLog(words, h.config.log)
	defer closeAccess()
	server := api.New(h.newsroom, api.Options{
		Cache:          h.keep(ctx),
		Log:            log,
		AccessLog:      access,
		CursorKey:      cursorKey,
		CORSOrigins:    h.config.origins,
		TrustedProxies: h.config.proxies,
		Draining:       draining,
	})
	users, err := h.newsroom.HasUsers(ctx)
	if err != nil {
		return err
	}
	_, err = h.newsroom.UserByEmail(ctx, demoEmail)
	greet(words, listener.Addr().String(), password, users, c.Bool("demo") && err == nil)
	go every(ctx, log, "tidy", time.Hour, h.newsroom.DeleteExpired)
	go every(ctx, log, "index drafts", time.Second, h.newsroom.IndexDrafts)
	served := server.HTTP()
	return listen(ctx, served, server.Listen(listener, served), draining)
}

// How memory is collected: when the heap with its floor has grown by so much. With as many finished answers as may be kept it
// is collected at a third more than it holds, and not at twice as much; with few, not at every few MiB.
const (
	heapFloor  = 64 << 20 // bytes that are held and never touched, which takes addresses and no memory
	heapGrowth = 25       // in hundredths
)

// collect says how memory is collected, unless the environment does, until the function that it answers is called.
func collect() (done func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	floor := make([]byte, heapFloor)
	giveBack(floor)
	debug.SetGCPercent(heapGrowth)
	return func() { runtime.KeepAlive(floor) }
}

// door is a listener that sends answers of its own.
type door interface {
	net.Listener
	Wait(ctx context.Context) error // until they are sent
}

// listen serves until the context ends, then lets calls that have begun finish.
func listen(ctx context.Context, server *http.Server, listener door, draining chan struct{}) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	close(draining)
	stop, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	if err := errors.Join(server.Shutdown(stop), listener.Wait(stop)); err != nil {
		return fmt.Errorf("some calls were not finished within %s: %w", stopTime, err)
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// every runs a job again and again until the context ends. A panic in a job is logged like an error.
func every(ctx context.Context, log *slog.Logger, name string, pause time.Duration, job func(context.Context) (int, error)) {
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

// greet says where to look and how to sign in.
func greet(w io.Writer, addr, password string, users, demo bool) {
	at := "http://" + addr
	fmt.Fprintf(w, "\nMasthead answers at %s\n\n  articles   %s/v1/articles\n  explorer   %s/docs\n  API        %s/openapi.yaml\n", at, at, at, at)
	switch {
	case password != "":
		fmt.Fprintf(w, "\n  sign in    %s  %s\n             (this password is shown once; it is not kept anywhere)\n", demoEmail, password)
	case demo:
		fmt.Fprintf(w, "\n  sign in    %s, with the password shown at the first start\n             (forgotten? masthead user create makes another user)\n", demoEmail)
	case !users:
		fmt.Fprint(w, "\n  Nobody can sign in yet: masthead user create --email you@example.org --name You --role admin\n")
	}
	fmt.Fprintln(w)
}

// keep makes a cache of finished answers that hears of every change of the database, until the context ends; nil if none is
// wanted.
func (h *house) keep(ctx context.Context) *cache.Cache {
	if h.config.cacheSize == 0 {
		return nil
	}
	kept := cache.New(h.config.cacheSize)
	h.store.SetListener(kept)
	go h.store.Follow(ctx)
	return kept
}

func logger(w io.Writer, how string) *slog.Logger {
	if terminal := isTerminal(w); asText(w, how) {
		return slog.New(tint.NewTextHandler(w, &tint.Options{TimeFormat: time.TimeOnly, NoColor: !terminal}))
	}
	return slog.New(slog.NewJSONHandler(w, nil))
}

// accessLog is where a line of JSON goes for each call, nil if the log is text for people.
func accessLog(w io.Writer, how string) (lines io.Writer, done func()) {
	if asText(w, how) {
		return nil, func() {}
	}
	a := newAccessWriter(w)
	return a, func() { _ = a.Close() }
}

func asText(w io.Writer, how string) bool { return how == "text" || (how == "" && isTerminal(w)) }

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
