package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/store"
)

func migrateCommand() *cli.Command {
	return &cli.Command{
		Name:  "migrate",
		Usage: "the schema of the database",
		Commands: []*cli.Command{
			{
				Name: "status", Usage: "show which steps were applied, and change nothing",
				Flags:  []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "as JSON"}},
				Action: migrateStatus,
			},
			{
				Name:  "up",
				Usage: "bring the schema up to date",
				Description: "Every command that needs the database does this first; any number of\n" +
					"them may start at once.",
				Action: migrateUp,
			},
		},
	}
}

func migrateStatus(ctx context.Context, c *cli.Command) error {
	steps, err := stepsOf(ctx, c)
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return printSteps(c, steps)
	}
	w := tabwriter.NewWriter(c.Root().Writer, 0, 0, 2, ' ', 0)
	for _, s := range steps {
		state := "pending"
		if s.AppliedAt != nil {
			state = s.AppliedAt.Format(time.RFC3339)
		}
		fmt.Fprintf(w, "%04d\t%s\t%s\n", s.Version, s.Name, state)
	}
	return w.Flush()
}

// stepsOf returns the steps of the schema without making a database: where there is none, all of
// them are pending.
func stepsOf(ctx context.Context, c *cli.Command) ([]database.Step, error) {
	cfg, err := storeConfig(c)
	if err != nil {
		return nil, err
	}
	if !cfg.databaseExists() {
		fmt.Fprintln(c.Root().ErrWriter, "there is no such database yet")
		return store.PendingSteps()
	}
	db, err := store.Connect(ctx, cfg.databaseURL, time.Now, database.ReadOnly())
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return db.Steps(ctx)
}

func printSteps(c *cli.Command, steps []database.Step) error {
	out := []map[string]any{}
	for _, s := range steps {
		out = append(
			out, map[string]any{"version": s.Version, "name": s.Name, "applied_at": s.AppliedAt},
		)
	}
	return json.NewEncoder(c.Root().Writer).Encode(out)
}

func migrateUp(ctx context.Context, c *cli.Command) error {
	cfg, err := storeConfig(c)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, cfg.databaseURL, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	steps, err := db.Steps(ctx)
	if err == nil {
		fmt.Fprintf(c.Root().Writer, "the schema is at step %d\n", len(steps))
	}
	return err
}

// storeConfig returns the settings of a command that needs the database alone, and says which one.
func storeConfig(c *cli.Command) (config, error) {
	if err := noArguments(c); err != nil {
		return config{}, err
	}
	cfg, err := configOf(c)
	if err == nil {
		reportDatabase(c.Root().ErrWriter, cfg)
	}
	return cfg, err
}

func copyCommand() *cli.Command {
	return &cli.Command{
		Name:  "copy",
		Usage: "move a whole newsroom from one database to another",
		Description: "Copies everything from one database (sqlite:path or postgres://...) into an empty\n" +
			"one, in one transaction, and holds the number of rows of each table against the\n" +
			"source's, which is not changed. Stop the servers first: what is written to the source\n" +
			"meanwhile stays behind. Keep the secret key: set MASTHEAD_SECRET_KEY to what is in the\n" +
			"data folder's secret.key, or sign-ins and cursors end.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "from", Usage: "the `database` to copy", Required: true},
			&cli.StringFlag{Name: "to", Usage: "the empty `database` to fill", Required: true},
		},
		Action: copyNewsroom,
	}
}

func copyNewsroom(ctx context.Context, c *cli.Command) (err error) {
	if err := noArguments(c); err != nil {
		return err
	}
	if c.String("from") == c.String("to") {
		return usageErrorf("--from and --to are the same database")
	}
	source := config{databaseURL: c.String("from")}
	if !source.databaseExists() {
		return fmt.Errorf("from: there is no database %s", redactURL(source.databaseURL))
	}
	from, err := connectMigrated(ctx, source.databaseURL, database.ReadOnly())
	if err != nil {
		return fmt.Errorf("from: %w", err)
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := store.Open(ctx, c.String("to"), time.Now)
	if err != nil {
		return fmt.Errorf("to: %w", err)
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	fmt.Fprintf(c.Root().ErrWriter, "from: %s\nto: %s\n",
		redactURL(source.databaseURL), redactURL(c.String("to")))
	err = store.Transfer(ctx, from, to, func(t store.TransferredTable) {
		fmt.Fprintf(c.Root().ErrWriter, "%-16s %9d rows\n", t.Table, t.Rows)
	})
	if err == nil {
		fmt.Fprintln(c.Root().Writer, "copied, and every table counted on both sides")
	}
	return err
}
