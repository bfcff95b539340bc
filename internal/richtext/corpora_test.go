package richtext_test

import (
	"os"
	"path/filepath"
	"testing"
)

// corpus is the path of a file of real content, or skips the test where the corpora are not at hand.
func corpus(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("MASTHEAD_CORPORA")
	if root == "" {
		root = filepath.Join(moduleRoot(t), "..", "shared", "corpora")
	}
	path := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skip("corpora not here: set MASTHEAD_CORPORA to their folder")
	}
	return path
}

// moduleRoot is the folder that holds go.mod.
func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = parent
	}
}
