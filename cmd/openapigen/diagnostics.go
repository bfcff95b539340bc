package main

import (
	"errors"
	"fmt"
	"go/scanner"
	"go/token"
)

// diagnostics collects mistakes in the sources, each with its position.
type diagnostics struct{ list scanner.ErrorList }

// nowhere is the position of a mistake that no line of Go makes.
var nowhere token.Position

// errorf records a mistake.
func (d *diagnostics) errorf(at token.Position, format string, args ...any) {
	d.list.Add(at, fmt.Sprintf(format, args...))
}

// err returns all mistakes as one error, a line each, sorted by position; nil if there are none.
func (d *diagnostics) err() error {
	d.list.Sort()
	var all []error
	for i, one := range d.list {
		if i == 0 || *one != *d.list[i-1] {
			all = append(all, one)
		}
	}
	return errors.Join(all...)
}
