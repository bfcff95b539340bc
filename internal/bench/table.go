package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// The table stands between these two lines; what is around it is written by hand.
const (
	tableBegins = "<!-- make bench writes from here -->\n"
	tableEnds   = "<!-- to here -->\n"
)

// figure is a number with as many digits as mean something.
func figure(f float64) string {
	switch {
	case f == 0:
		return "–"
	case f < 10:
		return fmt.Sprintf("%.2f", f)
	case f < 100:
		return fmt.Sprintf("%.0f", f)
	}
	return thousands(int(f + 0.5))
}

// thousands is a number as people read it, of three digits that mean something.
func thousands(n int) string {
	unit := 1
	for n/unit >= 1000 {
		unit *= 10
	}
	text := fmt.Sprint((n + unit/2) / unit * unit)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// String is the result as it is printed while others are measured.
func (r *result) String() string {
	name := r.what
	if r.yardstick != "" {
		name += " ÷ " + r.yardstick
	}
	switch {
	case r.err != nil:
		return fmt.Sprintf("%-60s not measured: %s", name, r.err)
	case r.value != "":
		return fmt.Sprintf("%-60s %s   goal %s", name, r.value, r.goal)
	}
	return fmt.Sprintf("%-60s %6s   by processor %6s   %8s ÷ %8s a second   goal %s",
		name, figure(r.ratio), figure(r.byCPU), figure(r.rate), figure(r.other), r.goal)
}

// writeTable puts the results into a file, in the place of those of the last run.
func writeTable(file string, results []*result) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(text), tableBegins)
	_, after, closed := strings.Cut(rest, tableEnds)
	if !ok || !closed {
		return fmt.Errorf(
			"%s has no place for the table: no line %q and behind it %q",
			file,
			tableBegins,
			tableEnds,
		)
	}
	var b strings.Builder
	b.WriteString(
		before + tableBegins + "| what | against | ratio | by processor time | a second | against | goal |\n|---|---|---|---|---|---|---|\n",
	)
	for _, r := range results {
		switch {
		case r.err != nil:
			fmt.Fprintf(&b, "| %s | %s | not measured | | | | %s |\n", r.what, r.yardstick, r.goal)
		case r.value != "":
			fmt.Fprintf(&b, "| %s | | %s | | | | %s |\n", r.what, r.value, r.goal)
		default:
			fmt.Fprintf(
				&b,
				"| %s | %s | %s | %s | %s | %s | %s |\n",
				r.what,
				r.yardstick,
				figure(r.ratio),
				figure(r.byCPU),
				figure(r.rate),
				figure(r.other),
				r.goal,
			)
		}
	}
	b.WriteString(tableEnds + after)
	return os.WriteFile(file, []byte(b.String()), 0o644)
}

// judge fails on what could not be measured, and in the gate on what is far from its goal.
func (b *bench) judge(results []*result) error {
	var errs []error
	for _, r := range results {
		switch {
		case r.err != nil:
			errs = append(errs, fmt.Errorf("%s: %w", r.what, r.err))
		case b.gate && r.far:
			errs = append(
				errs,
				fmt.Errorf(
					"%s: %s of %s, far from the goal %s",
					r.what,
					figure(r.ratio),
					r.yardstick,
					r.goal,
				),
			)
		}
	}
	return errors.Join(errs...)
}
