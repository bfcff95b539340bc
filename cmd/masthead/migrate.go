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
				Name: "up", Usage: "bring the schema up to date",
				Description: "Every command that needs the database does this first; any number of them may start at once.",
				Action:      migrateUp,
			},
		},
	}
}

func migrateStatus(ctx context.Context, c *cli.Command) error {
	db, err := openStore(ctx, c)
	if err != nil {
		return err
	}
	defer db.Close()
	steps, err := db.Steps(ctx)
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
	db, err := openStore(ctx, c)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	steps, err := db.Steps(ctx)
	if err == nil {
		fmt.Fprintf(c.Root().Writer, "the schema is at step %d\n", len(steps))
	}
	return err
}

// openStore opens the database of the settings without migrating it.
func openStore(ctx context.Context, c *cli.Command) (*store.Store, error) {
	if err := noArguments(c); err != nil {
		return nil, err
	}
	cfg, err := configOf(c)
	if err != nil {
		return nil, err
	}
	return store.Connect(ctx, cfg.databaseURL, time.Now)
}

func copyCommand() *cli.Command {
	return &cli.Command{
		Name:  "copy",
		Usage: "move a whole newsroom from one database to another",
		Description: "Copies everything from one database (sqlite:path or postgres://...) into an empty one, in one transaction,\n" +
			"and holds the number of rows of each table against the source's. Stop the servers first: what is written\n" +
			"to the source meanwhile stays behind. Keep the secret key: set MASTHEAD_SECRET_KEY to what is in the\n" +
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
	from, err := store.Open(ctx, c.String("from"), time.Now)
	if err != nil {
		return fmt.Errorf("from: %w", err)
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := store.Open(ctx, c.String("to"), time.Now)
	if err != nil {
		return fmt.Errorf("to: %w", err)
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	err = store.Transfer(ctx, from, to, func(t store.TransferredTable) {
		fmt.Fprintf(c.Root().ErrWriter, "%-16s %9d rows\n", t.Table, t.Rows)
	})
	if err == nil {
		fmt.Fprintln(c.Root().Writer, "copied, and every table counted on both sides")
	}
	return err
}
