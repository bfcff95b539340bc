package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/schollz/progressbar/v3"
	"github.com/urfave/cli/v3"

	"github.com/masthead-cms/masthead/internal/blob"
	"github.com/masthead-cms/masthead/internal/library"
)

func mediaCommand() *cli.Command {
	return &cli.Command{
		Name:  "media",
		Usage: "the files of media",
		Commands: []*cli.Command{
			{
				Name:  "gc",
				Usage: "delete files that no medium has",
				Description: "Files are left over when a medium is deleted, gets another file, or a server was killed\n" +
					"before a medium was made. Those younger than an hour are left alone, and so is\n" +
					"everything else in the folder or bucket that is no file of media. Works while servers\n" +
					"run. Interrupted, it has deleted what it says.",
				Flags: []cli.Flag{
					&cli.BoolFlag{Name: "dry-run", Usage: "name the files and delete none"},
					&cli.BoolFlag{Name: "all",
						Usage: "delete also if the database has no medium at all"},
					jsonFlag("print the report as JSON"),
				},
				Action: collectMedia,
			},
			{
				Name:  "verify",
				Usage: "read all files and hold them against their digests",
				Description: "Names the files of media that are missing or damaged, and exits with 1 if there are\n" +
					"any. Works while servers run, and changes nothing.",
				Flags:  []cli.Flag{jsonFlag("print the report as JSON")},
				Action: verifyMedia,
			},
			{
				Name:  "copy",
				Usage: "copy all files to another folder or bucket",
				Description: "Copies what is not there yet, so that a copy that was broken off goes on where it stood.\n" +
					"Each file is held against its digest on the way: damaged ones are named and not copied,\n" +
					"and it exits with 1 then. Nothing is deleted on either side.\n" +
					"MASTHEAD_MEDIA_KEY and MASTHEAD_MEDIA_SECRET are for the bucket, be it the source or\n" +
					"the target. To move: copy while the server runs, stop it, copy again, start it with\n" +
					"the new MASTHEAD_MEDIA_URL, and run masthead media verify.",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "to", Required: true,
						Usage: "the `place` to copy to: a folder, or s3://bucket?endpoint=host"},
					jsonFlag("print the report as JSON"),
				},
				Action: copyMedia,
			},
		},
	}
}

// mediaFile is a file in a report.
type mediaFile struct {
	Key   string `json:"key"`
	Bytes int64  `json:"bytes"`
}

// mediaReport counts files.
type mediaReport struct {
	Files int64 `json:"files"`
	Bytes int64 `json:"bytes"`
}

func (r *mediaReport) add(bytes int64) {
	r.Files++
	r.Bytes += bytes
}

func (r *mediaReport) String() string {
	return fmt.Sprintf("%s files, %s", humanize.Comma(r.Files), humanize.IBytes(uint64(r.Bytes)))
}

// printReport prints a report: as JSON, or by print for people.
func printReport(c *cli.Command, report any, print func(w io.Writer) error) error {
	if c.Bool("json") {
		return json.NewEncoder(c.Root().Writer).Encode(report)
	}
	return print(c.Root().Writer)
}

// stoppedEarly returns the errors of a command that has printed what it did, if any.
func stoppedEarly(stopped, printed error) error {
	if stopped != nil {
		stopped = fmt.Errorf("stopped early: %w", stopped)
	}
	return errors.Join(stopped, printed)
}

// openLibraryToRead opens the library of a command that makes no file but marks.
func (a *app) openLibraryToRead(ctx context.Context) (err error) {
	a.library, err = library.OpenToRead(ctx, a.config.mediaURL, a.config.mediaKeys, time.Now)
	return err
}

// collected is the report of masthead media gc.
type collected struct {
	mediaReport
	DryRun bool        `json:"dry_run"`
	Unused []mediaFile `json:"unused"`
	Parts  int         `json:"parts"` // of files that were cut off while they were kept
}

func collectMedia(ctx context.Context, c *cli.Command) error {
	if err := noArguments(c); err != nil {
		return err
	}
	return withExistingApp(ctx, c, func(a *app) error {
		if err := a.openLibraryToRead(ctx); err != nil {
			return err
		}
		if err := a.checkHasMedia(ctx); err != nil && !c.Bool("all") {
			return err
		}
		r := &collected{DryRun: c.Bool("dry-run"), Unused: []mediaFile{}}
		stopped := a.collect(ctx, r)
		return stoppedEarly(stopped, printReport(c, r, r.print))
	})
}

// checkHasMedia returns an error if the database has no medium: it may be the wrong one.
func (a *app) checkHasMedia(ctx context.Context) error {
	for _, err := range a.newsroom.Media.FileKeys(ctx) {
		return err
	}
	return errors.New("the database has no medium at all, so every file would be deleted; " +
		"is it the right one? If it is, say --all")
}

// collect deletes the files that no row names, or in a dry run names them.
func (a *app) collect(ctx context.Context, r *collected) error {
	used := func(keys []string) (map[string]bool, error) {
		return a.newsroom.Media.UsedFiles(ctx, keys)
	}
	for info, err := range a.library.Unused(ctx, used) {
		if err != nil {
			return err
		}
		removed := true
		if !r.DryRun {
			removed, err = a.library.Remove(ctx, info.Key)
		}
		if removed {
			r.add(info.Size)
			r.Unused = append(r.Unused, mediaFile{info.Key, info.Size})
		}
		if err != nil {
			return err
		}
	}
	if r.DryRun {
		return nil
	}
	var err error
	r.Parts, err = a.library.Sweep(ctx)
	return err
}

func (r *collected) print(w io.Writer) error {
	did := "deleted"
	if r.DryRun {
		did = "unused"
	}
	for _, f := range r.Unused {
		fmt.Fprintf(w, "%-8s %s (%s)\n", did, f.Key, humanize.IBytes(uint64(f.Bytes)))
	}
	if r.DryRun {
		fmt.Fprintln(w, "dry run  nothing was changed; without --dry-run these would be deleted:")
	}
	if r.Parts > 0 {
		fmt.Fprintf(w, "deleted  %d parts of files that were cut off\n", r.Parts)
	}
	_, err := fmt.Fprintf(w, "%s: %s\n", did, &r.mediaReport)
	return err
}

// verified is the report of masthead media verify.
type verified struct {
	mediaReport
	Missing []string `json:"missing"`
	Damaged []string `json:"damaged"`
}

func verifyMedia(ctx context.Context, c *cli.Command) error {
	if err := noArguments(c); err != nil {
		return err
	}
	return withExistingApp(ctx, c, func(a *app) error {
		if err := a.openLibraryToRead(ctx); err != nil {
			return err
		}
		r := &verified{Missing: []string{}, Damaged: []string{}}
		progress := bar(c.Root().ErrWriter, "reading")
		stopped := a.verify(ctx, r, progress)
		err := errors.Join(progress.Finish(), printReport(c, r, r.print))
		return cmp.Or(stoppedEarly(stopped, err), r.failure())
	})
}

func (a *app) verify(ctx context.Context, r *verified, progress *progressbar.ProgressBar) error {
	for v, err := range a.library.Verify(ctx, a.newsroom.Media.FileKeys(ctx)) {
		if err != nil {
			return err
		}
		switch v.State {
		case library.Missing:
			r.Missing = append(r.Missing, v.Key)
		case library.Damaged:
			r.Damaged = append(r.Damaged, v.Key)
		}
		r.add(v.Bytes)
		if err := progress.Add(1); err != nil {
			return err
		}
	}
	return nil
}

func (r *verified) print(w io.Writer) error {
	for _, key := range r.Missing {
		fmt.Fprintf(w, "missing  %s\n", key)
	}
	for _, key := range r.Damaged {
		fmt.Fprintf(w, "damaged  %s\n", key)
	}
	_, err := fmt.Fprintf(w, "read: %s; %d missing, %d damaged\n", &r.mediaReport,
		len(r.Missing), len(r.Damaged))
	return err
}

// failure returns the error of files that are not as they should be.
func (r *verified) failure() error {
	if len(r.Missing)+len(r.Damaged) == 0 {
		return nil
	}
	return errors.New("files of media are missing or damaged; " +
		"restore them from a backup, under the same names")
}

// copied is the report of masthead media copy.
type copied struct {
	mediaReport
	There   int64    `json:"already_there"` // files
	Damaged []string `json:"damaged"`
}

func copyMedia(ctx context.Context, c *cli.Command) error {
	if err := noArguments(c); err != nil {
		return err
	}
	cfg, err := configOf(c)
	if err != nil {
		return err
	}
	if err := blob.Check(c.String("to")); err != nil {
		return usageError{fmt.Errorf("to: %w", err)}
	}
	if c.String("to") == cfg.mediaURL {
		return usageErrorf("--to is where the files lie already")
	}
	from, err := library.OpenToRead(ctx, cfg.mediaURL, cfg.mediaKeys, time.Now)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := blob.Open(ctx, c.String("to"), cfg.mediaKeys)
	if err != nil {
		return fmt.Errorf("to: %w", err)
	}
	defer to.Close()
	r := &copied{Damaged: []string{}}
	progress := bar(c.Root().ErrWriter, "copying")
	stopped := copyFiles(ctx, from, to, r, progress)
	err = errors.Join(progress.Finish(), printReport(c, r, r.print))
	return cmp.Or(stoppedEarly(stopped, err), r.failure())
}

func copyFiles(ctx context.Context, from *library.Library, to blob.Store, r *copied,
	progress *progressbar.ProgressBar) error {
	for file, err := range from.CopyTo(ctx, to) {
		if err != nil {
			return err
		}
		switch {
		case file.Damaged:
			r.Damaged = append(r.Damaged, file.Key)
		case file.There:
			r.There++
		default:
			r.add(file.Size)
		}
		if err := progress.Add(1); err != nil {
			return err
		}
	}
	return nil
}

func (r *copied) print(w io.Writer) error {
	for _, key := range r.Damaged {
		fmt.Fprintf(w, "damaged  %s\n", key)
	}
	_, err := fmt.Fprintf(w, "copied: %s; %s were there already, %d are damaged\n",
		&r.mediaReport, humanize.Comma(r.There), len(r.Damaged))
	return err
}

// failure returns the error of files that could not be copied.
func (r *copied) failure() error {
	if len(r.Damaged) == 0 {
		return nil
	}
	return errors.New("damaged files of media were not copied; all others were. " +
		"Restore them from a backup, under the same names, and copy again")
}
