// Command openapigen generates the specification of the HTTP API from the comments and types of
// packages api and rest.
//
// It knows swag's annotations, OpenAPI 3.0 and 3.1, and what this project requires of a
// specification: every mistake is reported, with file and line where there is one, and nothing is
// written until there are none. Of the API itself it knows only the registry of fields and the
// roles in package cms. It is not part of the server.
//
//	go run ./cmd/openapigen          write openapi.yaml and the files in docs
//	go run ./cmd/openapigen -check   exit 1 and name the files that are out of step
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// Exit codes: success, mistakes in the sources or stale files, wrong usage.
const (
	exitDone  = 0
	exitFault = 1
	exitUsage = 2
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run executes the command and returns its exit code.
func run(args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("openapigen", flag.ContinueOnError)
	flags.SetOutput(errs)
	dir := flags.String("dir", ".", "`folder` that holds api, internal/rest and internal/cms")
	target := flags.String("out", "", "`folder` to write into (default: the same)")
	check := flags.Bool("check", false, "write nothing; exit 1 when a file is out of step")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitDone
	case err != nil:
		return exitUsage
	case flags.NArg() > 0:
		fmt.Fprintf(errs, "openapigen: takes no arguments, but got %q\n", flags.Args())
		return exitUsage
	}
	*target = cmp.Or(*target, *dir)
	files, err := generate(*dir)
	if err == nil && !*check {
		err = write(*target, files)
	}
	if err != nil {
		fmt.Fprintf(errs, "openapigen: %v\n", err)
		return exitFault
	}
	code := exitDone
	for _, f := range outOfStep(*target, files) {
		fmt.Fprintf(out, "%s is out of step with the code: run go run ./cmd/openapigen\n", f.name)
		code = exitFault
	}
	return code
}
