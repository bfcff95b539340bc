// Command bench holds the server against yardsticks that it starts in the same run, because
// machines differ and drift: every figure is a ratio of two things asked in turn. The yardstick of
// reading from memory is a bare Echo handler that writes the same bytes; that of everything else is
// PocketBase with the same articles.
//
// It knows our server as anybody does who has the program, and never its packages. BenchmarkGrowth,
// which stands beside it, asks how questions grow with the newsroom.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
)

func main() {
	if len(os.Args) == 4 && os.Args[1] == "bare" {
		fmt.Fprintln(os.Stderr, serveBare(os.Args[2], os.Args[3]))
		os.Exit(1)
	}
	if err := run(); err != nil {
		fmt.Fprintf(os.Stderr, "bench: %s\n", err)
		os.Exit(1)
	}
}

func run() (err error) {
	b := &bench{out: os.Stdout}
	if err := b.parseFlags(); err != nil {
		return err
	}
	if b.dir, err = os.MkdirTemp("", "bench"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	defer b.stop()
	measure := b.measure
	if b.fair {
		measure = b.onlyFairness
	}
	results, err := measure()
	if err != nil {
		return err
	}
	if b.table != "" {
		if err := writeTable(b.table, results); err != nil {
			return err
		}
	}
	return b.judge(results)
}

// parseFlags sets what the run is asked for.
func (b *bench) parseFlags() (err error) {
	only := flag.String("only", "",
		"a regular `expression`: measure but the rows whose names it meets")
	flag.StringVar(&b.table, "table", "",
		"a Markdown `file` whose table is written anew")
	flag.StringVar(&b.keep, "keep", "",
		"a `folder` for the filled databases, which are used again by the next run; "+
			"by default they are made anew")
	flag.StringVar(&b.profiles, "profiles", "",
		"a `folder` for a profile of our server's processor time of each figure")
	flag.IntVar(&b.large, "large", 100_000,
		"how many articles the large newsroom has; 0: there is none")
	flag.BoolVar(&b.gate, "gate", false,
		"fail if a figure is far from its goal; without PocketBase and the large newsroom")
	flag.BoolVar(&b.fair, "fairness", false,
		"measure only how others fare while strangers ask the worst questions of the large newsroom")
	flag.Parse()
	if flag.NArg() > 0 {
		return fmt.Errorf("it takes no arguments; it got %q", flag.Args())
	}
	b.only, err = regexp.Compile(*only)
	return err
}
