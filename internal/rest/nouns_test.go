package rest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mayUse are the names of the packages of nouns and verbs that this package may use, apart from the
// codes of errors and their hints: nothing that is about one noun.
var mayUse = map[string][]string{
	"cms": {
		"Actor", "Origin", "ByAPI", "BroadCacheTags", "CacheTag", "Code", "Cursor", "Earlier", "Error", "Errorf", "FieldError",
		"FieldErrorf", "Hint",
		"ID", "InvalidFields", "InvalidFieldsOf", "List", "LiveView", "Locale", "MaxOffset",
		"Noun", "PageRequest", "ParseID", "Precondition", "Rank", "ReadDrafts", "Record", "Sort", "User",
		"View",
	},
	"newsroom": {"Call", "From", "Idempotency", "Replay"},
}

func TestNoNounIsNamed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		files := token.NewFileSet()
		tree, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		codes := codesIn(tree)
		ast.Inspect(tree, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := selector.X.(*ast.Ident)
			if !ok || mayUse[pkg.Name] == nil {
				return true
			}
			used++
			if !slices.Contains(mayUse[pkg.Name], selector.Sel.Name) && !codes[selector.Sel.Name] {
				t.Errorf("%s uses %s.%s", files.Position(n.Pos()), pkg.Name, selector.Sel.Name)
			}
			return true
		})
	}
	if used < 100 {
		t.Errorf("only %d uses were found", used)
	}
}

// codesIn returns the names that stand where only a code or a hint can: as the key of a table, as
// the first argument of Errorf, as the code of an error, or beside one in a comparison.
func codesIn(tree *ast.File) map[string]bool {
	codes := map[string]bool{}
	add := func(e ast.Expr) {
		if selector, ok := e.(*ast.SelectorExpr); ok {
			codes[selector.Sel.Name] = true
		}
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			add(n.Key)
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Code" {
				add(n.Value)
			}
			if isStatus(n.Key) {
				add(n.Value)
			}
		case *ast.CallExpr:
			if fn, ok := n.Fun.(*ast.SelectorExpr); ok && (fn.Sel.Name == "Errorf" || fn.Sel.Name == "FieldErrorf") && len(n.Args) > 0 {
				add(n.Args[0])
			}
		case *ast.CaseClause:
			for _, e := range n.List {
				add(e)
			}
		case *ast.BinaryExpr:
			add(n.Y)
		}
		return true
	})
	return codes
}

func isStatus(e ast.Expr) bool {
	selector, ok := e.(*ast.SelectorExpr)
	return ok && strings.HasPrefix(selector.Sel.Name, "Status")
}
