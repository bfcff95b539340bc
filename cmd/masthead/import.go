package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/urfave/cli/v3"
	"golang.org/x/term"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

func importCommand() *cli.Command {
	flags := []cli.Flag{
		&cli.StringFlag{Name: "as",
			Usage: "the `address` of the user who makes the articles; by default nobody does"},
		&cli.StringFlag{Name: "source",
			Usage: "the `name` under which items are known again; by default the folder's " +
				"or file's"},
		&cli.StringFlag{Name: "item-locale",
			Usage: "the `language` of items that name none (BCP 47); by default the site's"},
		&cli.BoolFlag{Name: "dry-run", Usage: "say what would happen and change nothing"},
		&cli.BoolFlag{Name: "json", Usage: "print the report as JSON"},
	}
	about := "Items are published unless they say otherwise (draft, published: false, status).\n" +
		"An item that was imported before is updated if it changed, and left alone if its\n" +
		"article was edited here since. Running it twice\n" +
		"changes nothing. Works while a server runs on the same database."
	return &cli.Command{
		Name:  "import",
		Usage: "take in articles from elsewhere",
		Commands: []*cli.Command{
			{
				Name: "markdown",
				Usage: "import a folder of Markdown with front matter, as Hugo, Jekyll and Zola " +
					"write it",
				ArgsUsage:   "PATH",
				Description: about, Flags: flags, Action: importMarkdown,
			},
			{
				Name: "jsonl", Usage: "import a file with a JSON object a line", ArgsUsage: "FILE",
				Description: about, Action: importJSONL,
				Flags: append(slices.Clone(flags), &cli.StringFlag{
					Name: "map",
					Usage: "`target=source,...`: which member a field is taken from, such as " +
						"body=text,published_at=time,source.name=src",
				}),
			},
		},
	}
}

func importMarkdown(ctx context.Context, c *cli.Command) error {
	path, err := argument(c, "PATH")
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return wrongUsage("%s is no folder", path)
	}
	root, err := os.OpenRoot(path) // symbolic links out of the folder are not followed
	if err != nil {
		return err
	}
	defer root.Close()
	return importItems(ctx, c, path, exchange.Markdown(root.FS()))
}

func importJSONL(ctx context.Context, c *cli.Command) error {
	path, err := argument(c, "FILE")
	if err != nil {
		return err
	}
	mapping, err := exchange.ParseMapping(c.String("map"))
	if err != nil {
		return usageError{err}
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || info.IsDir() {
		return errors.Join(err, wrongUsage("%s is a folder; want a file of JSON lines", path))
	}
	return importItems(ctx, c, path, exchange.JSONL(file, filepath.Base(path), mapping))
}

// importItems imports items and prints a report.
func importItems(
	ctx context.Context, c *cli.Command, path string, items iter.Seq[exchange.Item],
) error {
	collectLate()
	h, err := openHouse(ctx, c)
	if err != nil {
		return err
	}
	defer h.store.Close()
	actor := cms.System
	if email := c.String("as"); email != "" {
		u, err := h.newsroom.UserByEmail(ctx, email)
		if err != nil {
			return fmt.Errorf("--as %s: %w", email, err)
		}
		actor = u.Actor()
	}
	source := c.String("source")
	if source == "" {
		absolute, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		source = filepath.Base(absolute)
	}
	importer, err := h.newsroom.Importer(actor, source, c.String("item-locale"), c.Bool("dry-run"))
	if err != nil {
		return err
	}
	r := newReport(source, c.Bool("dry-run"))
	progress := bar(c.Root().ErrWriter)
	stopped := importer.All(ctx, items, func(outcomes []*newsroom.Outcome) error {
		r.add(outcomes)
		return progress.Add(len(outcomes))
	})
	stopped = errors.Join(stopped, progress.Finish())
	if stopped == nil {
		stopped = importer.Finish(ctx)
	}
	r.finish()
	if c.Bool("json") {
		err = json.NewEncoder(c.Root().Writer).Encode(r)
	} else {
		err = r.print(c.Root().Writer)
	}
	if stopped != nil {
		return fmt.Errorf("stopped early, what is reported above was kept: %w", stopped)
	}
	return err
}

// An import is short, so garbage is collected rarely unless memory grows beyond a limit.
const (
	importGrowth = 400 // percent, see GOGC
	importMemory = 256 << 20
)

// collectLate sets the garbage collector for an import, unless the environment does.
func collectLate() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(importGrowth)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(importMemory)
	}
}

// bar returns a progress bar that is visible only on a terminal.
func bar(w io.Writer) *progressbar.ProgressBar {
	file, ok := w.(*os.File)
	return progressbar.NewOptions64(-1, progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription("importing"),
		progressbar.OptionSetVisibility(ok && term.IsTerminal(int(file.Fd()))),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
}
