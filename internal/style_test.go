package internal_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	maxColumns = 100 // of a line of code; a tab counts four
	maxLines   = 48  // of a function, with its signature
)

// TestCodeIsWrittenOneThingALine holds three rules of style that gofmt does not know: lines end by
// 100 columns, functions have 48 lines at most, and three or more values are assigned on a line
// each.
func TestCodeIsWrittenOneThingALine(t *testing.T) {
	t.Parallel()
	files := slices.Collect(maps.Keys(sources(t)))
	bench, err := filepath.Glob("bench/*.go") // a module of its own
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range bench {
		if !strings.HasSuffix(file, "_test.go") {
			files = append(files, "internal/"+filepath.ToSlash(file))
		}
	}
	for _, file := range files {
		if strings.HasPrefix(file, "docs/docs.go") {
			continue // generated
		}
		name := filepath.Join("..", filepath.FromSlash(file))
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range styleProblems(t, file, src) {
			t.Error(problem)
		}
	}
}

func styleProblems(t *testing.T, name string, src []byte) []string {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var problems []string
	long := longLiterals(set, file)
	for i, line := range bytes.Split(src, []byte("\n")) {
		text := strings.TrimSpace(string(line))
		width := len([]rune(strings.ReplaceAll(string(line), "\t", "    ")))
		// Comments that swag reads and struct tags have no other form.
		exempt := strings.HasPrefix(text, "// @") || strings.HasPrefix(text, "//openapi:") ||
			strings.HasSuffix(text, "`") || long[i+1]
		if width > maxColumns && !exempt {
			problems = append(problems, fmt.Sprintf("%s:%d: the line has %d columns", name, i+1, width))
		}
	}
	for _, declaration := range file.Decls {
		f, ok := declaration.(*ast.FuncDecl)
		if !ok {
			continue
		}
		lines := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1
		if lines > maxLines {
			problems = append(problems, fmt.Sprintf("%s: the function %s has %d lines",
				set.Position(f.Pos()), f.Name.Name, lines))
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if ok && len(a.Lhs) > 2 && len(a.Rhs) == len(a.Lhs) && !rotates(a) {
			problems = append(problems, fmt.Sprintf("%s: %d values are assigned on one line",
				set.Position(a.Pos()), len(a.Lhs)))
		}
		return true
	})
	return problems
}

// rotates reports whether an assignment only changes which of its variables has which value, which
// cannot be written one thing a line.
func rotates(a *ast.AssignStmt) bool {
	names := map[string]bool{}
	for _, left := range a.Lhs {
		if id, ok := left.(*ast.Ident); ok {
			names[id.Name] = true
		}
	}
	for _, right := range a.Rhs {
		if id, ok := right.(*ast.Ident); !ok || !names[id.Name] {
			return false
		}
	}
	return true
}

// longLiterals returns the lines that a string literal of more than 60 characters stands on.
// Sentences are easier to find whole.
func longLiterals(set *token.FileSet, file *ast.File) map[int]bool {
	lines := map[int]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && len(lit.Value) > 60 {
			first, last := set.Position(lit.Pos()).Line, set.Position(lit.End()).Line
			for line := first; line <= last; line++ {
				lines[line] = true
			}
		}
		return true
	})
	return lines
}
