package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/text"
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
	Warnings  []bodyWarning  `json:"warnings"`
	Vanished  []remark       `json:"vanished"`
	Ignored   map[string]int `json:"ignored_fields"`
	Kept      map[string]int `json:"kept_fields"`
	TagFields map[string]int `json:"categories_as_tags"`

	// Sections and Authors count the articles made or updated that refer to each, by name. Created
	// are the nouns that did not exist, by kind.
	Sections map[string]int      `json:"sections"`
	Authors  map[string]int      `json:"authors"`
	Created  map[string][]string `json:"created"`

	// Pictures counts what became of the pictures of items: brought, known, missing, refused, and
	// of those brought how many say nothing of what they show.
	// PicturesLeft names those that did not come.
	Pictures     map[string]int `json:"pictures"`
	PicturesLeft []remark       `json:"pictures_left"`

	// PassedOver counts the files that were not read, by their suffix.
	PassedOver map[string]int `json:"passed_over"`

	policy      string         // what was done with markup: removed or left
	unconverted map[string]int // markup by name
	waiting     []waiting
	names       map[string]string // of nouns as they were met first, by kind and folded name
}

func newReport(source string, dryRun bool) *report {
	return &report{
		Source:  source,
		DryRun:  dryRun,
		Skipped: []remark{},
		Notes:   []remark{},
		Markup:  []remark{},

		Warnings: []bodyWarning{},
		Vanished: []remark{},

		Converted: map[string]int{},
		Kept:      map[string]int{},
		TagFields: map[string]int{},
		Sections:  map[string]int{},
		Authors:   map[string]int{},
		Created:   map[string][]string{},

		Pictures:     map[string]int{},
		PicturesLeft: []remark{},

		policy:      "removed",
		unconverted: map[string]int{},
		names:       map[string]string{},
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

// bodyWarning says what of an item's body readers do not see as it was written.
type bodyWarning struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Code    string `json:"code"`
	Element string `json:"element"`
	Count   int    `json:"count"`
	Detail  string `json:"detail"`
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
		r.addPictures(o.Item)
		for _, w := range o.Warnings {
			r.Warnings = append(r.Warnings,
				bodyWarning{o.Item.File, o.Item.Line, w.Code, w.Element, w.Count, w.Detail})
		}
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
		r.addNouns(o)
		if o.NeedsLinks() {
			r.waiting = append(r.waiting, waiting{o, len(o.Notes)})
		}
	}
}

// addPictures counts the pictures of an item, and names those that did not come.
func (r *report) addPictures(item *exchange.Item) {
	for _, p := range item.Pictures {
		r.Pictures[string(p.Result)]++
		if p.NoAlt {
			r.Pictures["brought_without_alt"]++
		}
		if p.Reason != "" {
			r.PicturesLeft = append(r.PicturesLeft, remark{item.File, item.Line,
				p.Address + ": " + p.Reason})
		}
	}
}

// addNouns counts the sections and authors of an outcome, and notes what was created for it.
func (r *report) addNouns(o *newsroom.Outcome) {
	for _, ref := range o.Refs {
		switch ref.Noun {
		case cms.SectionNoun:
			r.Sections[r.nameOf(ref)]++
		case cms.AuthorNoun:
			r.Authors[r.nameOf(ref)]++
		}
	}
	for _, made := range o.Created {
		names := r.Created[made.Noun.Plural]
		if name := r.nameOf(made); !slices.Contains(names, name) { // a dry run creates it again
			r.Created[made.Noun.Plural] = append(names, name)
		}
	}
}

// nameOf returns the name of a noun as it was met first, however it is written now.
func (r *report) nameOf(n newsroom.Named) string {
	key := n.Noun.Plural + "/" + text.NameKey(n.Name)
	if _, met := r.names[key]; !met {
		r.names[key] = n.Name
	}
	return r.names[key]
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
	r.printWarnings(&b)
	if len(r.Ignored) > 0 {
		fmt.Fprintf(&b, "ignored  fields without a home here: %s\n", counted(r.Ignored))
	}
	if len(r.Kept) > 0 {
		fmt.Fprintf(&b, "kept     in extra, fields without a home here: %s\n", counted(r.Kept))
	}
	if len(r.TagFields) > 0 {
		fmt.Fprintf(&b, "tags     among them are categories: %s\n", counted(r.TagFields))
	}
	for _, p := range r.PicturesLeft {
		fmt.Fprintf(&b, "picture  %s: %s\n", p.place(), p.Reason)
	}
	if len(r.Pictures) > 0 {
		fmt.Fprintf(&b, "pictures %s\n", counted(r.Pictures))
	}
	r.printNouns(&b)
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

// shownNouns is how many nouns of a kind the report for people names.
const shownNouns = 40

// printNouns names the sections and authors of articles, those with the most first, and says which
// of them are new.
func (r *report) printNouns(b *strings.Builder) {
	for _, kind := range []struct {
		noun   cms.Noun
		counts map[string]int
	}{{cms.SectionNoun, r.Sections}, {cms.AuthorNoun, r.Authors}} {
		if len(kind.counts) == 0 {
			continue
		}
		made := map[string]bool{}
		for _, name := range r.Created[kind.noun.Plural] {
			made[name] = true
		}
		names := slices.SortedFunc(maps.Keys(kind.counts), func(a, c string) int {
			return cmp.Or(kind.counts[c]-kind.counts[a], strings.Compare(a, c))
		})
		var list []string
		for _, name := range names[:min(len(names), shownNouns)] {
			more := ""
			if made[name] {
				more = ", new"
			}
			list = append(list, fmt.Sprintf("%s (%d%s)", name, kind.counts[name], more))
		}
		if left := len(names) - len(list); left > 0 {
			list = append(list, fmt.Sprintf("and %d more", left))
		}
		fmt.Fprintf(b, "%-8s %s\n", kind.noun.Plural, strings.Join(list, ", "))
	}
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

// printWarnings names what bodies lose, an item a line, and counts it.
func (r *report) printWarnings(b *strings.Builder) {
	total := map[string]int{}
	for i, w := range r.Warnings {
		separator := ", "
		if i == 0 || r.Warnings[i-1].place() != w.place() {
			separator = "body     " + w.place() + ": "
		}
		what, detail := w.what()
		fmt.Fprintf(b, "%s%s (%d", separator, what, w.Count)
		if detail != "" {
			b.WriteString(", " + detail)
		}
		b.WriteByte(')')
		if i == len(r.Warnings)-1 || r.Warnings[i+1].place() != w.place() {
			b.WriteByte('\n')
		}
		total[what] += w.Count
	}
	if len(total) > 0 {
		fmt.Fprintf(b, "body     in all: %s\n", counted(total))
	}
}

// what names the part of a body that is concerned, and says more about it.
func (w bodyWarning) what() (name, detail string) {
	if strings.HasPrefix(w.Detail, "attribute ") {
		return w.Detail + " of " + w.Element + " " + w.Code, ""
	}
	return w.Element + " " + w.Code, w.Detail
}

func (w bodyWarning) place() string { return remark{File: w.File, Line: w.Line}.place() }

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
