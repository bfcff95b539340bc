// Package internal_test holds the walls of the house: who may import whom.
package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/masthead-cms/masthead/"

// mayImport is which of our own packages each package may import, apart from its tests. A package without a row may
// not exist.
var mayImport = map[string][]string{
	"internal/text":                 {},
	"internal/specfile":             {},
	"internal/auth":                 {},
	"internal/demo":                 {"internal/cms"},
	"internal/exchange":             {"internal/richtext", "internal/text"},
	"internal/richtext":             {"internal/text"},
	"internal/cache":                {},
	"internal/front":                {},
	"internal/wire":                 {},
	"internal/blob":                 {},
	"internal/blob/blobtest":        {},
	"internal/webp":                 {},
	"internal/media":                {"internal/webp"},
	"internal/fetch":                {},
	"internal/library":              {"internal/blob", "internal/media"},
	"internal/cms":                  {"internal/text"},
	"internal/search":               {"internal/text"},
	"internal/database":             {"internal/search"},
	"internal/store":                {"internal/cms", "internal/database", "internal/search"},
	"internal/newsroom":             {"internal/cms", "internal/search", "internal/store", "internal/auth", "internal/text", "internal/richtext", "internal/exchange", "internal/blob", "internal/fetch", "internal/library", "internal/media"},
	"docs":                          {"internal/specfile"},
	"internal/rest":                 {"internal/cache", "internal/front", "internal/wire", "internal/cms", "internal/newsroom", "internal/text"},
	"api":                           {"internal/rest", "internal/cms", "internal/newsroom", "internal/library", "internal/media", "internal/richtext", "docs"},
	"internal/testkit":              {"api", "internal/blob/blobtest", "internal/fetch", "internal/library", "internal/media", "internal/cache", "internal/cms", "internal/database", "internal/store", "internal/newsroom", "internal/auth", "internal/exchange", "internal/demo", "docs", "internal/testkit/conform"},
	"internal/testkit/conform":      {},
	"internal/testkit/conformproxy": {"docs", "internal/testkit/conform"},
	"internal/corpora":              {},
	"internal/testkit/cluster":      {},
	"internal/testkit/s3":           {},
	"cmd/openapigen":                {"internal/specfile", "internal/cms"},
	"cmd/masthead":                  {"api", "docs", "internal/blob", "internal/fetch", "internal/library", "internal/media", "internal/cache", "internal/cms", "internal/database", "internal/store", "internal/newsroom", "internal/auth", "internal/exchange", "internal/demo", "internal/text"},
}

// onlyIn are packages of others that only the named packages may import, so that what they know stays in one room.
var onlyIn = map[string][]string{
	"gorm.io/gorm":                       {"internal/database", "internal/store"},
	"gorm.io/driver":                     {"internal/database"},
	"database/sql":                       {"internal/database"},
	"github.com/jackc/pgx":               {"internal/database", "internal/testkit"},
	"github.com/ncruces/":                {"internal/database"},
	"github.com/labstack/echo":           {"api", "internal/rest"},
	"net/http":                           {"api", "internal/rest", "internal/front", "internal/blob", "internal/fetch", "cmd/openapigen", "cmd/masthead", "internal/testkit", "internal/testkit/conform", "internal/testkit/conformproxy"},
	"github.com/golang-jwt/jwt":          {"internal/auth"},
	"github.com/swaggo/swag":             {"cmd/openapigen"},
	"github.com/getkin/kin-openapi":      {"cmd/openapigen", "internal/testkit", "internal/testkit/conform"},
	"github.com/yuin/goldmark":           {"internal/richtext"},
	"github.com/maypok86/otter":          {"internal/cache"},
	"github.com/microcosm-cc/bluemonday": {"internal/richtext"},
	"github.com/minio/":                  {"internal/blob", "internal/blob/blobtest"},
	"testing":                            {"internal/corpora", "internal/testkit", "internal/blob/blobtest"},
	"github.com/kovidgoyal/imaging":      {"internal/media"},
	"golang.org/x/image":                 {"internal/media"},
}

func TestImportsGoOneWay(t *testing.T) {
	t.Parallel()
	for file, imports := range sources(t) {
		dir := path.Dir(file)
		allowed, known := mayImport[dir]
		if !known {
			t.Errorf("%s: the package %s has no row in the import table", file, dir)
			continue
		}
		for _, imported := range imports {
			if own, ok := strings.CutPrefix(imported, module); ok && !slices.Contains(allowed, own) {
				t.Errorf("%s must not import %s", file, own)
			}
			for prefix, rooms := range onlyIn {
				if (imported == prefix || strings.HasPrefix(imported, strings.TrimSuffix(prefix, "/")+"/")) && !slices.Contains(rooms, dir) {
					t.Errorf("%s must not import %s, which belongs to %v", file, imported, rooms)
				}
			}
		}
	}
}

// sources are the Go files of the module that are no tests, with what they import.
func sources(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	root := ".."
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "data" || (strings.HasPrefix(entry.Name(), ".") && name != root)) {
			return fs.SkipDir
		}
		if _, err := os.Stat(filepath.Join(name, "go.mod")); entry.IsDir() && err == nil && name != root {
			return fs.SkipDir // a module of its own
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		imports := []string{}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, imported)
		}
		found[filepath.ToSlash(rel)] = imports
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 40 {
		t.Fatalf("only %d files were found", len(found))
	}
	return found
}
