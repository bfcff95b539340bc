package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// middlewareGoal is what everything on the way to a handler should add to a call at most.
const middlewareGoal = 2800 * time.Nanosecond

// middleware measures what each part of the way to a handler adds to a call, within one process:
// the benchmark stands beside the parts.
func (b *bench) middleware() ([]*result, error) {
	out, err := exec.Command(
		"go", "test", "-run", "^$", "-bench", "^BenchmarkMiddleware$", "./internal/rest",
	).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("middleware: %w: %s", err, out)
	}
	added := metrics(out, "BenchmarkMiddleware")
	var results []*result
	for _, name := range []string{"ids", "log", "metrics", "recover", "guard", "cors", "all"} {
		took, ok := added[name]
		if !ok {
			return nil, fmt.Errorf(
				"the benchmark of the middleware says nothing of %s:\n%s",
				name,
				out,
			)
		}
		r := &result{
			what:  "on the way to a handler: " + name,
			value: fmt.Sprintf("%.2f µs", took/1000),
		}
		if name == "all" {
			r.goal = fmt.Sprintf("≤ %.1f µs", float64(middlewareGoal.Nanoseconds())/1000)
		}
		b.say("%s", r)
		results = append(results, r)
	}
	return results, nil
}

// metrics are what a benchmark reports, by unit.
func metrics(out []byte, name string) map[string]float64 {
	found := map[string]float64{}
	for line := range bytes.Lines(out) {
		words := strings.Fields(string(line))
		if len(words) < 2 || !strings.HasPrefix(words[0], name) {
			continue
		}
		for i := 2; i+1 < len(words); i += 2 {
			if value, err := strconv.ParseFloat(words[i], 64); err == nil {
				found[words[i+1]] = value
			}
		}
	}
	return found
}
