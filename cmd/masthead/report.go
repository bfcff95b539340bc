package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/masthead-cms/masthead/internal/newsroom"
)

// report is the report of an import.
type report struct {
	Source    string         `json:"source"`
	DryRun    bool           `json:"dry_run"`
	Made      int            `json:"made"`
	Updated   int            `json:"updated"`
	Unchanged int            `json:"unchanged"`
	Skipped   []remark       `json:"skipped"`
	Notes     []remark       `json:"notes"`
	Ignored   map[string]int `json:"ignored_fields"`

	waiting []waiting
}

func newReport(source string, dryRun bool) *report {
	return &report{
		Source:  source,
		DryRun:  dryRun,
		Skipped: []remark{},
		Notes:   []remark{},
		Ignored: map[string]int{},
	}
}

// waiting is an outcome that may get more notes when links are set.
type waiting struct {
	outcome  *newsroom.Outcome
	reported int // notes reported so far
}

// remark is a sentence about one item.
type remark struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// add counts outcomes. It references only those that are still to be linked: there may be very
// many.
func (r *report) add(outcomes []*newsroom.Outcome) {
	for _, o := range outcomes {
		switch o.Result {
		case newsroom.Made:
			r.Made++
		case newsroom.Updated:
			r.Updated++
		case newsroom.Unchanged:
			r.Unchanged++
		case newsroom.Skipped:
			r.Skipped = append(r.Skipped, remark{o.Item.File, o.Item.Line, o.Reason})
			continue
		}
		r.note(o, 0)
		for _, name := range o.Item.Ignored {
			r.Ignored[name]++
		}
		if o.NeedsLinks() {
			r.waiting = append(r.waiting, waiting{o, len(o.Notes)})
		}
	}
}

// finish adds the notes made when links were set.
func (r *report) finish() {
	for _, w := range r.waiting {
		r.note(w.outcome, w.reported)
	}
	r.waiting = nil
}

// note adds the notes of an outcome after the first reported ones.
func (r *report) note(o *newsroom.Outcome, reported int) {
	for _, note := range o.Notes[reported:] {
		r.Notes = append(r.Notes, remark{o.Item.File, o.Item.Line, note})
	}
}

func (r *report) print(w io.Writer) error {
	var b strings.Builder
	for _, s := range r.Skipped {
		fmt.Fprintf(&b, "skipped  %s: %s\n", s.place(), s.Reason)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "note     %s: %s\n", n.place(), n.Reason)
	}
	if len(r.Ignored) > 0 {
		var fields []string
		for _, name := range slices.Sorted(maps.Keys(r.Ignored)) {
			fields = append(fields, fmt.Sprintf("%s (%d)", name, r.Ignored[name]))
		}
		fmt.Fprintf(&b, "ignored  fields without a home here: %s\n", strings.Join(fields, ", "))
	}
	if r.DryRun {
		b.WriteString("dry run  nothing was changed; without --dry-run this would be:\n")
	}
	fmt.Fprintf(&b, "%s: %d made, %d updated, %d unchanged, %d skipped\n", r.Source, r.Made,
		r.Updated, r.Unchanged, len(r.Skipped))
	_, err := io.WriteString(w, b.String())
	return err
}

func (m remark) place() string {
	if m.Line == 0 {
		return m.File
	}
	return fmt.Sprintf("%s:%d", m.File, m.Line)
}
