package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// faults is what was found wrong with the sources, each with the place where it can be mended.
type faults struct {
	list []string
}

// add notes one fault; at is "file:line", or empty when no line is to blame.
func (f *faults) add(at, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if at != "" {
		text = at + ": " + text
	}
	f.list = append(f.list, text)
}

// err is nil without faults, else all of them in one error, a line each, in the order of their places.
func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	sorted := slices.Compact(slices.SortedFunc(slices.Values(f.list), compareFaults))
	return errors.New(strings.Join(sorted, "\n"))
}

// compareFaults orders by file, then by line as a number, then by words.
func compareFaults(a, b string) int {
	fileA, lineA, okA := place(a)
	fileB, lineB, okB := place(b)
	if okA && okB && fileA == fileB && lineA != lineB {
		return lineA - lineB
	}
	return strings.Compare(a, b)
}

// place reads the "file:line:" that a fault starts with.
func place(fault string) (file string, line int, ok bool) {
	file, rest, ok := strings.Cut(fault, ":")
	if !ok {
		return "", 0, false
	}
	_, err := fmt.Sscanf(rest, "%d:", &line)
	return file, line, err == nil
}
