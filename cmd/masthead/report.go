package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/masthead-cms/masthead/internal/cms"
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
	Markup    []remark       `json:"markup"`
	Converted map[string]int `json:"converted_markup"`
	Notes     []remark       `json:"notes"`
	Vanished  []remark       `json:"vanished"`
	Ignored   map[string]int `json:"ignored_fields"`
	Kept      map[string]int `json:"kept_fields"`
	TagFields map[string]int `json:"categories_as_tags"`

	// PassedOver counts the files that were not read, by their suffix.
	PassedOver map[string]int `json:"passed_over"`

	policy      string         // what was done with markup: removed or left
	unconverted map[string]int // markup by name
	waiting     []waiting
}

func newReport(source string, dryRun bool) *report {
	return &report{
		Source:  source,
		DryRun:  dryRun,
		Skipped: []remark{},
		Notes:   []remark{},
		Markup:  []remark{},

		Vanished: []remark{},

		Converted: map[string]int{},
		Kept:      map[string]int{},
		TagFields: map[string]int{},

		policy:      "removed",
		unconverted: map[string]int{},
		Ignored:     map[string]int{},
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
		for _, name := range o.Item.Kept {
			r.Kept[name]++
		}
		for _, name := range o.Item.TagFields {
			r.TagFields[name]++
		}
		for _, m := range o.Item.Markup {
			if m.Converted {
				r.Converted[m.Name]++
			} else {
				r.Markup = append(r.Markup, remark{o.Item.File, m.Line, m.Text})
				r.unconverted[m.Name]++
			}
		}
		if o.NeedsLinks() {
			r.waiting = append(r.waiting, waiting{o, len(o.Notes)})
		}
	}
}

// passedOver counts the files that are not read. They are found while others are imported.
type passedOver struct {
	mu       sync.Mutex
	suffixes map[string]int
}

// add counts a file by its suffix.
func (p *passedOver) add(name string) {
	suffix := strings.ToLower(path.Ext(name))
	if suffix == "" {
		suffix = path.Base(name)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.suffixes[suffix]++
}

func (p *passedOver) counts() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.suffixes)
}

// failure returns the error of an import from which nothing came.
func (r *report) failure() error {
	switch {
	case r.Made+r.Updated+r.Unchanged > 0:
		return nil
	case len(r.Skipped) == 0:
		return fmt.Errorf("%s: there was nothing to read", r.Source)
	}
	return fmt.Errorf("%s: no item could be imported", r.Source)
}

// vanish names the items that are not in the source any more.
func (r *report) vanish(articles map[string]cms.ID) {
	for _, key := range slices.Sorted(maps.Keys(articles)) {
		r.Vanished = append(r.Vanished, remark{File: key,
			Reason: "not in the source any more; its article " + string(articles[key]) + " stays"})
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

// write writes the report as JSON or for people.
func (r *report) write(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(r)
	}
	return r.print(w)
}

func (r *report) print(w io.Writer) error {
	var b strings.Builder
	for _, s := range r.Skipped {
		fmt.Fprintf(&b, "skipped  %s: %s\n", s.place(), s.Reason)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "note     %s: %s\n", n.place(), n.Reason)
	}
	for _, v := range r.Vanished {
		fmt.Fprintf(&b, "vanished %s: %s\n", v.place(), v.Reason)
	}
	r.printMarkup(&b)
	if len(r.Ignored) > 0 {
		fmt.Fprintf(&b, "ignored  fields without a home here: %s\n", counted(r.Ignored))
	}
	if len(r.Kept) > 0 {
		fmt.Fprintf(&b, "kept     in extra, fields without a home here: %s\n", counted(r.Kept))
	}
	if len(r.TagFields) > 0 {
		fmt.Fprintf(&b, "tags     among them are categories: %s\n", counted(r.TagFields))
	}
	if len(r.PassedOver) > 0 {
		fmt.Fprintf(&b, "passed   over files that are not articles: %s\n", counted(r.PassedOver))
	}
	if r.DryRun {
		b.WriteString("dry run  nothing was changed; without --dry-run this would be:\n")
	}
	fmt.Fprintf(&b, "%s: %d made, %d updated, %d unchanged, %d skipped\n", r.Source, r.Made,
		r.Updated, r.Unchanged, len(r.Skipped))
	_, err := io.WriteString(w, b.String())
	return err
}

// printMarkup names the template markup that has no meaning here, and counts the rest.
func (r *report) printMarkup(b *strings.Builder) {
	for _, m := range r.Markup {
		fmt.Fprintf(b, "%-8s %s: %s\n", r.policy, m.place(), m.Reason)
	}
	if len(r.Markup) > 0 {
		fmt.Fprintf(b, "%-8s markup without a meaning here: %s\n", r.policy, counted(r.unconverted))
	}
	if len(r.Converted) > 0 {
		fmt.Fprintf(b, "markup   converted: %s\n", counted(r.Converted))
	}
}

// counted lists names with their counts.
func counted(names map[string]int) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		list = append(list, fmt.Sprintf("%s (%d)", name, names[name]))
	}
	return strings.Join(list, ", ")
}

func (m remark) place() string {
	if m.Line == 0 {
		return m.File
	}
	return fmt.Sprintf("%s:%d", m.File, m.Line)
}
