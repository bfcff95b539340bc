package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// diagnostics collects mistakes in the sources, each with its position.
type diagnostics struct {
	list []diagnostic
}

type diagnostic struct {
	file string
	line int
	text string
}

// errorf records a mistake; at is "file:line", or empty if it has no position.
func (f *diagnostics) errorf(at, format string, args ...any) {
	file, line, _ := strings.Cut(at, ":")
	n, _ := strconv.Atoi(line)
	text := fmt.Sprintf(format, args...)
	if at != "" {
		text = at + ": " + text
	}
	// those without a position come last
	f.list = append(f.list, diagnostic{cmp.Or(file, "~"), n, text})
}

// err returns all mistakes as one error, a line each, sorted by position; nil if there are none.
func (f *diagnostics) err() error {
	slices.SortFunc(f.list, func(a, b diagnostic) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.text,
			b.text))
	})
	var texts []error
	for _, one := range slices.Compact(f.list) {
		texts = append(texts, errors.New(one.text))
	}
	return errors.Join(texts...)
}
