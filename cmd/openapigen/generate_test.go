package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// update writes what the generator says now as what the tests want; look at the difference before you keep it.
var update = flag.Bool("update", false, "write the expected files")

// makeNews generates from the good fixture once for all tests that only read what comes of it.
var makeNews = sync.OnceValues(func() ([]file, error) { return generate("testdata/news") })

// news gives the text of each file that is made from the good fixture.
func news(t *testing.T) map[string]string {
	t.Helper()
	files, err := makeNews()
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, f := range files {
		texts[f.name] = string(f.data)
	}
	return texts
}

func wanted(t *testing.T, name, got string) string {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(want)
}

func TestGenerateMakesTheExpectedFiles(t *testing.T) {
	t.Parallel()
	for name, got := range news(t) {
		want := wanted(t, filepath.Join("testdata/news/want", filepath.FromSlash(name)), got)
		if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestGenerateMakesTheSameBytesEachTime(t *testing.T) {
	t.Parallel()
	again, err := generate("testdata/news")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range again {
		if diff := cmp.Diff(news(t)[f.name], string(f.data)); diff != "" {
			t.Errorf("%s differs from the first run:\n%s", f.name, diff)
		}
	}
}

func TestGenerateListsEveryFaultWithItsPlace(t *testing.T) {
	t.Parallel()
	for _, fixture := range []string{"faulty", "broken"} {
		_, err := generate(filepath.Join("testdata", fixture))
		if err == nil {
			t.Fatalf("%s: no error", fixture)
		}
		got := err.Error() + "\n"
		want := wanted(t, filepath.Join("testdata", fixture, "faults.txt"), got)
		if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", fixture, diff)
		}
	}
}

func TestRunWritesThenFindsNothingToDoThenNamesWhatWasEdited(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	var said, words bytes.Buffer
	if code := run([]string{"-dir", "testdata/news", "-out", out}, &said, &words); code != exitDone {
		t.Fatalf("write: exit %d, %s", code, &words)
	}
	if code := run([]string{"-dir", "testdata/news", "-out", out, "-check"}, &said, &words); code != exitDone || said.Len() > 0 {
		t.Fatalf("check of fresh files: exit %d, %q, %s", code, &said, &words)
	}
	edited := filepath.Join(out, "docs", "openapi.json")
	if err := os.WriteFile(edited, []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(out, "openapi.yaml")); err != nil {
		t.Fatal(err)
	}
	code := run([]string{"-dir", "testdata/news", "-out", out, "-check"}, &said, &words)
	want := "openapi.yaml is out of step with the code: run go run ./cmd/openapigen\n" +
		"docs/openapi.json is out of step with the code: run go run ./cmd/openapigen\n"
	if code != exitFault || said.String() != want {
		t.Errorf("check of edited files: exit %d\n%s", code, &said)
	}
	if there, err := os.ReadFile(edited); err != nil || string(there) != "{}" {
		t.Errorf("-check has written: %s %v", there, err)
	}
}

func TestRunWritesNothingWhenThereAreFaults(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	var said, words bytes.Buffer
	if code := run([]string{"-dir", "testdata/faulty", "-out", out}, &said, &words); code != exitFault {
		t.Errorf("exit %d", code)
	}
	if !strings.Contains(words.String(), "api/handlers.go:8: nameless has no @ID\n") {
		t.Errorf("said %s", &words)
	}
	if entries, err := os.ReadDir(out); err != nil || len(entries) > 0 {
		t.Errorf("wrote %v, %v", entries, err)
	}
}

func TestRunRefusesFlagsAndArgumentsItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-frobnicate"}, {"extra"}} {
		var said, words bytes.Buffer
		if code := run(args, &said, &words); code != exitUsage || words.Len() == 0 {
			t.Errorf("%v: exit %d, %q", args, code, &words)
		}
	}
}
