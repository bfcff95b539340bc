package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// faults is what was found wrong with the sources, each with the place where it can be mended.
type faults struct {
	list []fault
}

type fault struct {
	file string
	line int
	text string
}

// add notes one fault; at is "file:line", or empty when no line is to blame.
func (f *faults) add(at, format string, args ...any) {
	file, line, _ := strings.Cut(at, ":")
	n, _ := strconv.Atoi(line)
	text := fmt.Sprintf(format, args...)
	if at != "" {
		text = at + ": " + text
	}
	f.list = append(f.list, fault{cmp.Or(file, "~"), n, text}) // those of no place come last
}

// err is nil without faults, else all of them in one error, a line each, in the order of their places.
func (f *faults) err() error {
	slices.SortFunc(f.list, func(a, b fault) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.text, b.text))
	})
	var texts []error
	for _, one := range slices.Compact(f.list) {
		texts = append(texts, errors.New(one.text))
	}
	return errors.Join(texts...)
}
