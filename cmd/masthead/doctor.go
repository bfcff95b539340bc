package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v3"

	"github.com/masthead-cms/masthead/internal/store"
)

func doctorCommand() *cli.Command {
	return &cli.Command{
		Name:  "doctor",
		Usage: "check that the database is whole and nobody has altered its events",
		Description: "Reads the file of the database (SQLite) and follows the chain of events: it finds one that\n" +
			"was altered, removed or put in between. Exits with 1 if something is wrong. Works while\n" +
			"servers run, and changes nothing. Whoever can write to the database could cut off its\n" +
			"end or make the whole chain anew: keep the last hash that it prints elsewhere, and say it\n" +
			"with --expect later. The files of media are checked by masthead media verify.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "expect",
				Usage: "a `hash` that doctor printed before: the chain must still have it"},
			jsonFlag("print the report as JSON"),
		},
		Action: runDoctor,
	}
}

// diagnosis is the report of masthead doctor.
type diagnosis struct {
	Damages []string     `json:"damages"` // of the file
	Events  int64        `json:"events"`
	Older   int64        `json:"older_than_chain"`
	Erased  int64        `json:"erased"`
	Head    string       `json:"head"` // the hash of the last event
	Faults  []eventFault `json:"faults"`
}

type eventFault struct {
	Seq    int64  `json:"seq"`
	Detail string `json:"detail"`
}

func runDoctor(ctx context.Context, c *cli.Command) error {
	if err := noArguments(c); err != nil {
		return err
	}
	if c.IsSet("expect") && c.String("expect") == "" {
		return usageErrorf("--expect is a hash that doctor printed before")
	}
	return withExistingApp(ctx, c, func(a *app) error {
		d, err := diagnose(ctx, a.store, c.String("expect"))
		if err != nil {
			return err
		}
		return errors.Join(printReport(c, d, d.print), d.failure())
	})
}

func diagnose(ctx context.Context, s *store.Store, expected string) (*diagnosis, error) {
	damages, err := s.CheckFile(ctx)
	if err != nil {
		return nil, err
	}
	check, err := s.CheckEvents(ctx, expected)
	if err != nil {
		return nil, err
	}
	d := &diagnosis{
		Damages: damages,
		Events:  check.Events,
		Older:   check.Older,
		Erased:  check.Erased,
		Head:    check.Head,
		Faults:  []eventFault{},
	}
	for _, f := range check.Faults {
		d.Faults = append(d.Faults, eventFault{f.Seq, f.Sentence})
	}
	return d, nil
}

func (d *diagnosis) print(w io.Writer) error {
	for _, damage := range d.Damages {
		fmt.Fprintf(w, "damaged  %s\n", damage)
	}
	for _, f := range d.Faults {
		fmt.Fprintf(w, "event    %d: %s\n", f.Seq, f.Detail)
	}
	fmt.Fprintf(w, "events: %s, of which %s are older than the chain and %s have erased values\n",
		humanize.Comma(d.Events), humanize.Comma(d.Older), humanize.Comma(d.Erased))
	_, err := fmt.Fprintf(w, "last hash: %s\n", d.Head)
	return err
}

// failure returns the error of a database that is not as it should be.
func (d *diagnosis) failure() error {
	if len(d.Damages)+len(d.Faults) == 0 {
		return nil
	}
	return errors.New("the database is damaged, or its events are not as they were written; " +
		"keep a copy of it as it is, and compare it with a backup")
}
