// Package corpora finds the real content that tests run on. It lies outside the repository, which holds nothing that
// others wrote; only tests import this.
package corpora

import (
	"os"
	"path/filepath"
	"testing"
)

// Path is where a file or folder of real content lies: below MASTHEAD_CORPORA, else beside the repository. The test is
// skipped where it is not there.
func Path(t testing.TB, parts ...string) string {
	t.Helper()
	root := os.Getenv("MASTHEAD_CORPORA")
	if root == "" {
		root = filepath.Join(moduleRoot(t), "..", "shared", "corpora")
	}
	path := filepath.Join(root, filepath.FromSlash(filepath.Join(parts...)))
	if _, err := os.Stat(path); err != nil {
		t.Skip("the real content is not here; MASTHEAD_CORPORA names its folder")
	}
	return path
}

// moduleRoot is the folder above the test that holds go.mod.
func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}
