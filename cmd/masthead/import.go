package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/urfave/cli/v3"
	"golang.org/x/term"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

func importCommand() *cli.Command {
	const about = "Items are published unless readers of their source could not see them\n" +
		"(draft, status, unlisted, visibility, publishDate, expiryDate) or they have no date:\n" +
		"those are drafts. An item that was imported before is updated if it changed, and left\n" +
		"alone if its article was edited here since. Running it twice changes nothing. Works\n" +
		"while a server runs on the same database. Look at the report of a dry run first."
	return &cli.Command{
		Name:  "import",
		Usage: "take in articles from elsewhere",
		Commands: []*cli.Command{
			{
				Name: "markdown",
				Usage: "import a folder of Markdown with front matter, as Hugo, Jekyll and Zola " +
					"write it",
				ArgsUsage:   "PATH",
				Description: about,
				Flags: append(importFlags(), &cli.StringFlag{Name: "sections", Value: "fields",
					Usage: "where sections come from: fields (section, sections), folder for " +
						"the first folder of a file where no field states any, or extra to " +
						"keep the fields apart as extra.sections"}),
				Action: importMarkdown,
			},
			{
				Name:        "jsonl",
				Usage:       "import a file with a JSON object a line",
				ArgsUsage:   "FILE",
				Description: about,
				Flags: append(importFlags(), &cli.StringFlag{Name: "sections", Value: "fields",
					Usage: "where sections come from: fields (section, sections), or extra to " +
						"keep the fields apart as extra.sections"}),
				Action: importJSONL,
			},
		},
	}
}

// importFlags returns the flags of every format.
func importFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "as",
			Usage: "the `address` of the user who makes the articles; by default nobody does"},
		&cli.StringFlag{Name: "source",
			Usage: "the `name` under which items are known again; by default the folder's " +
				"or file's"},
		&cli.StringFlag{Name: "item-locale",
			Usage: "the `language` of items that name none (BCP 47); by default the site's"},
		&cli.StringFlag{Name: "map",
			Usage: "`target=source,...`: which member a field is taken from, such as " +
				"body=text,published_at=time,source.name=src"},
		&cli.StringFlag{Name: "undated", Value: "draft",
			Usage: "what becomes of items without a date, also without a first commit in a git " +
				"checkout: draft, now to publish them, or in a folder file to publish them with " +
				"the date of their file"},
		&cli.StringFlag{Name: "markup", Value: "remove",
			Usage: "what becomes of template markup without a meaning here (shortcodes, Liquid, " +
				"JSX, relative paths): remove or keep"},
		&cli.StringFlag{Name: "categories", Value: "tags",
			Usage: "what becomes of categories: tags, sections, or extra to keep them apart as " +
				"extra.categories"},
		&cli.StringFlag{Name: "authors", Value: "people",
			Usage: "what becomes of authors: people, who are found by name or created, or byline " +
				"to leave their names to the byline"},
		&cli.StringFlag{Name: "pictures", Value: "bring",
			Usage: "what becomes of pictures in the folder that items show: bring to make media " +
				"of them, or leave"},
		&cli.BoolFlag{Name: "fetch-media",
			Usage: "also bring pictures from the web, from public addresses only"},
		&cli.BoolFlag{Name: "keep-unknown",
			Usage: "keep fields that have no home here in extra"},
		&cli.BoolFlag{Name: "as-drafts", Usage: "publish nothing"},
		&cli.BoolFlag{Name: "include-expired",
			Usage: "publish items whose expiryDate has passed"},
		&cli.BoolFlag{Name: "dry-run", Usage: "say what would happen and change nothing"},
		&cli.BoolFlag{Name: "json", Usage: "print the report as JSON"},
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
		return usageErrorf("%s is no folder", path)
	}
	err = cmp.Or(
		checkChoice(c, "undated", "draft", "now", "file"),
		checkChoice(c, "sections", "fields", "folder", "extra"),
	)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(path) // symbolic links out of the folder are not followed
	if err != nil {
		return err
	}
	defer root.Close()
	return importItems(ctx, c, path, func(o exchange.Options) iter.Seq[exchange.Item] {
		o.FirstCommit = firstCommits(ctx, c, path)
		o.FileDates = c.String("undated") == "file"
		return exchange.Markdown(root.FS(), o)
	})
}

// firstCommits returns a function that returns when a file of a folder was first committed. Git is
// asked once, when the first file without a date is met.
func firstCommits(
	ctx context.Context, c *cli.Command, folder string,
) func(file string) (time.Time, bool) {
	dates := sync.OnceValue(func() map[string]time.Time {
		dates, err := exchange.CommitDates(ctx, folder)
		if err != nil {
			fmt.Fprintf(c.Root().ErrWriter,
				"items without a date cannot be dated by their first commit: %v\n", err)
		}
		return dates
	})
	return func(file string) (time.Time, bool) {
		date, ok := dates()[file]
		return date, ok
	}
}

func importJSONL(ctx context.Context, c *cli.Command) error {
	path, err := argument(c, "FILE")
	if err != nil {
		return err
	}
	err = cmp.Or(
		checkChoice(c, "undated", "draft", "now"),
		checkChoice(c, "sections", "fields", "extra"),
	)
	if err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return usageErrorf("%s is a folder; want a file of JSON lines", path)
	}
	file, err := openFile(ctx, path)
	if err != nil {
		return err
	}
	defer file.Close()
	return importItems(ctx, c, path, func(o exchange.Options) iter.Seq[exchange.Item] {
		return exchange.JSONL(file, filepath.Base(path), o)
	})
}

// checkChoice refuses a flag that has none of the allowed values.
func checkChoice(c *cli.Command, flag string, allowed ...string) error {
	if value := c.String(flag); !slices.Contains(allowed, value) {
		return usageErrorf("%s is %s, not %q", flag, strings.Join(allowed, " or "), value)
	}
	return nil
}

// openFile opens a file; one that nobody writes to yet, such as a pipe, only until ctx ends.
func openFile(ctx context.Context, path string) (*os.File, error) {
	type result struct {
		file *os.File
		err  error
	}
	opened := make(chan result, 1)
	go func() {
		file, err := os.Open(path)
		opened <- result{file, err}
	}()
	select {
	case r := <-opened:
		return r.file, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// importItems imports the items that read returns and prints a report.
func importItems(
	ctx context.Context, c *cli.Command, path string,
	read func(exchange.Options) iter.Seq[exchange.Item],
) error {
	options, err := readOptions(c)
	if err != nil {
		return err
	}
	collectLate()
	h, err := openImport(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	importer, err := h.importer(ctx, c, path)
	if err != nil {
		return err
	}
	site := importer.Site()
	r := newReport(importer.Source, importer.DryRun)
	passed := passedOver{suffixes: map[string]int{}}
	if options.Markup == exchange.KeepMarkup {
		r.policy = "left"
	}
	options.Zone = site.Zone
	options.Locale = cmp.Or(importer.Locale, site.Locale)
	options.PassedOver = passed.add
	options.ArticleURL = importer.ArticleURL
	if bringsPictures(c) {
		options.Picture = importer.Picture(ctx)
		options.FetchPictures = c.Bool("fetch-media")
	}
	stopped := importAll(ctx, importer, read(options), r,
		bar(c.Root().ErrWriter, "importing"))
	r.finish()
	r.PassedOver = passed.counts()
	err = r.write(c.Root().Writer, c.Bool("json"))
	if stopped != nil {
		return fmt.Errorf("stopped early, what is reported above was kept: %w", stopped)
	}
	return errors.Join(err, r.failure())
}

// bringsPictures reports whether an import may bring pictures.
func bringsPictures(c *cli.Command) bool {
	return c.String("pictures") == "bring" && (c.Name == "markdown" || c.Bool("fetch-media"))
}

// openImport opens the newsroom for an import, with the library of media if pictures may come.
func openImport(ctx context.Context, c *cli.Command) (*app, error) {
	switch {
	case !bringsPictures(c):
		return openApp(ctx, c)
	case c.Bool("dry-run"):
		return openWith(ctx, c, discardLog, (*app).openDryBeside)
	}
	return openWith(ctx, c, discardLog, (*app).openBeside)
}

// importAll imports items and reports what became of them, until something stops it.
func importAll(
	ctx context.Context, importer *newsroom.Importer, items iter.Seq[exchange.Item],
	r *report, progress *progressbar.ProgressBar,
) error {
	err := importer.All(ctx, items, func(outcomes []*newsroom.Outcome) error {
		r.add(outcomes)
		return progress.Add(len(outcomes))
	})
	if err = errors.Join(err, progress.Finish()); err != nil {
		return err
	}
	if err := importer.Finish(ctx); err != nil {
		return err
	}
	vanished, err := importer.Vanished(ctx)
	r.vanish(vanished)
	return err
}

// readOptions returns the flags that say how items are read.
func readOptions(c *cli.Command) (o exchange.Options, err error) {
	if o.Mapping, err = exchange.ParseMapping(c.String("map")); err != nil {
		return o, usageError{err}
	}
	if c.String("markup") == "keep" {
		o.Markup = exchange.KeepMarkup
	}
	switch c.String("categories") {
	case "sections":
		o.Categories = exchange.CategoriesAsSections
	case "extra":
		o.Categories = exchange.CategoriesInExtra
	}
	switch c.String("sections") {
	case "folder":
		o.Sections = exchange.SectionsInFolder
	case "extra":
		o.Sections = exchange.SectionsInExtra
	}
	o.AuthorsInByline = c.String("authors") == "byline"
	o.KeepUnknown = c.Bool("keep-unknown")
	return o, cmp.Or(
		checkChoice(c, "markup", "remove", "keep"),
		checkChoice(c, "categories", "tags", "sections", "extra"),
		checkChoice(c, "authors", "people", "byline"),
		checkChoice(c, "pictures", "bring", "leave"),
	)
}

// importer starts the import that the flags describe.
func (h *app) importer(
	ctx context.Context, c *cli.Command, path string,
) (*newsroom.Importer, error) {
	actor := cms.System
	if email := c.String("as"); email != "" {
		u, err := h.newsroom.UserByEmail(ctx, email)
		if err != nil {
			return nil, fmt.Errorf("--as %s: %w", email, err)
		}
		actor = u.Actor()
	}
	source := c.String("source")
	if source == "" {
		absolute, err := filepath.Abs(path)
		if err != nil {
			return nil, err
		}
		source = filepath.Base(absolute)
	}
	return h.newsroom.Importer(ctx, actor, newsroom.ImportOptions{
		Source:   source,
		Locale:   c.String("item-locale"),
		DryRun:   c.Bool("dry-run"),
		AsDrafts: c.Bool("as-drafts"),
		Expired:  c.Bool("include-expired"),

		UndatedNow: c.String("undated") == "now",
	})
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

// bar returns a progress bar that is visible only on a terminal, and says what is being done.
func bar(w io.Writer, doing string) *progressbar.ProgressBar {
	file, ok := w.(*os.File)
	return progressbar.NewOptions64(-1, progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(doing),
		progressbar.OptionSetVisibility(ok && term.IsTerminal(int(file.Fd()))),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
}
