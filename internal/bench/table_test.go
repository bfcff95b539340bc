package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheTableIsWrittenBetweenItsLines(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(file, []byte("before\n"+tableBegins+"an old table\n"+tableEnds+"after\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := writeTable(file, []*result{
		{
			what:      "an article",
			yardstick: "bare",
			ratio:     0.914,
			byCPU:     0.88,
			rate:      24_310,
			other:     26_600,
			goal:      "≥ 0.90",
		},
		{what: "memory", value: "12 MiB", goal: "≤ 200 MiB"},
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"before\n" + tableBegins, tableEnds + "after\n",
		"| an article | bare | 0.91 | 0.88 | 24,300 | 26,600 | ≥ 0.90 |\n", "| memory | | 12 MiB | | | | ≤ 200 MiB |\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page has no %q:\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "old") {
		t.Errorf("the old table is still there:\n%s", text)
	}
}

func TestAPageWithoutAPlaceForTheTableIsLeftAlone(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(file, []byte(tableEnds+tableBegins), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeTable(file, nil); err == nil {
		t.Error("a table was written into a page that has no place for it")
	}
}

func TestFiguresHaveAsManyDigitsAsMeanSomething(t *testing.T) {
	t.Parallel()
	for f, want := range map[float64]string{0: "–", 0.0234: "0.02", 3.456: "3.46", 23.4: "23", 345.6: "346", 12_345: "12,300", 1_234_567: "1,230,000"} {
		if got := figure(f); got != want {
			t.Errorf("%v is written %s, want %s", f, got, want)
		}
	}
}

func TestTheGateFailsOnlyFarFromTheGoal(t *testing.T) {
	t.Parallel()
	near, far := &result{what: "near"}, &result{what: "far", far: true}
	for _, c := range []struct {
		gate  bool
		of    *result
		fails bool
	}{{true, near, false}, {true, far, true}, {false, far, false}} {
		if err := (&bench{gate: c.gate}).judge([]*result{c.of}); (err != nil) != c.fails {
			t.Errorf("gate %v, %s: %v", c.gate, c.of.what, err)
		}
	}
}

func TestWhatABenchmarkReportsIsRead(t *testing.T) {
	t.Parallel()
	got := metrics(
		[]byte("goos: linux\nBenchmarkMiddleware-2 \t 181\t 2989 all\t 533.5 cors\nPASS\n"),
		"BenchmarkMiddleware",
	)
	if len(got) != 2 || got["all"] != 2989 || got["cors"] != 533.5 {
		t.Errorf("it is read as %v", got)
	}
}
