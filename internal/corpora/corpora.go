// Package corpora finds the content that tests run on. Real content lies outside the repository,
// which holds nothing that others wrote; hostile content of our own is in testdata, so that it is
// there on every machine. Only tests import this package.
package corpora

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Path returns where a file or folder of real content lies: below MASTHEAD_CORPORA, else beside the
// repository. The test is skipped where it is not there.
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

// Hostile returns the texts of the named files of testdata/hostile. A .json file is an array of
// strings; the texts of a .txt file are separated by lines that say %%.
func Hostile(t testing.TB, names ...string) []string {
	t.Helper()
	var texts []string
	for _, name := range names {
		raw, err := os.ReadFile(filepath.Join(moduleRoot(t), "internal", "corpora", "testdata",
			"hostile", name))
		if err != nil {
			t.Fatal(err)
		}
		found := strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n%%\n")
		if filepath.Ext(name) == ".json" {
			if err := json.Unmarshal(raw, &found); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		texts = append(texts, found...)
	}
	return texts
}

// moduleRoot returns the folder above the test that holds go.mod.
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
