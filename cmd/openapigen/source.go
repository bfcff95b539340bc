package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// source is what the Go files say that swag does not pass on: comments, tags, pointers, and where everything stands.
type source struct {
	dir   string
	files *token.FileSet
	types map[string]*goType // by "package.Name"
	texts map[string]string  // what constants say, by "package.Name"
	calls []*call            // the annotated handlers, in the order of the files
}

// goType is one declared type.
type goType struct {
	pkg, name string
	public    string // the name in the document
	doc       string
	at        string
	params    int // how many type parameters it has
	spec      *ast.TypeSpec
	fields    []goField // of a struct, those of embedded structs in their place
	values    []goValue // of an enum
	union     *union
	example   any    // of the whole, where the examples of its fields do not go together
	table     string // whose keys are the values, each behind
	prefix    string
	faults    faults // what is wrong with it, should it reach the wire
}

// goField is one field that reaches the wire.
type goField struct {
	name string // on the wire
	doc  string
	at   string
	kind string // the Go type without its pointer
	tag  reflect.StructTag

	pointer, optional bool
}

// goValue is one constant of an enum.
type goValue struct {
	text, doc string
}

// union says which types a value may have and which property tells them apart.
type union struct {
	property string
	names    []goValue // text is the value of the property, doc the public name of the type
}

// packages are read in this order: the first holds the handlers, the first two the wire types, and the last lends its
// enums.
var packages = []string{"api", "internal/rest", "internal/cms"}

// wirePackages are the names of the packages of the wire types.
var wirePackages = []string{"api", "rest"}

// readSource reads the Go files of the packages, tests aside. The error is about files that cannot be read.
func readSource(dir string) (*source, error) {
	s := &source{dir: dir, files: token.NewFileSet(), types: map[string]*goType{}, texts: map[string]string{}}
	trees := make([][]*ast.File, len(packages))
	for i, folder := range packages {
		parsed, err := s.parse(folder)
		if err != nil {
			return nil, err
		}
		for _, tree := range parsed {
			s.addTypes(tree)
			if i == 0 {
				s.addCalls(tree)
			}
		}
		for _, tree := range parsed {
			s.addValues(tree)
		}
		trees[i] = parsed
	}
	s.addKeys(slices.Concat(trees...))
	for _, key := range sortedKeys(s.types) {
		if t := s.types[key]; t.onWire() {
			t.fields = s.fieldsOf(t, t.spec.Type)
		}
	}
	return s, nil
}

func (s *source) parse(folder string) ([]*ast.File, error) {
	names, err := filepath.Glob(filepath.Join(s.dir, filepath.FromSlash(folder), "*.go"))
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", folder, err)
	}
	var parsed []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(s.files, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("read Go: %w", err)
		}
		parsed = append(parsed, tree)
	}
	return parsed, nil
}

// at says where something stands, as "api/article.go:12".
func (s *source) at(pos token.Pos) string {
	position := s.files.Position(pos)
	name, err := filepath.Rel(s.dir, position.Filename)
	if err != nil {
		name = position.Filename
	}
	return fmt.Sprintf("%s:%d", filepath.ToSlash(name), position.Line)
}

func (s *source) addTypes(tree *ast.File) {
	for _, decl := range tree.Decls {
		block, ok := decl.(*ast.GenDecl)
		if !ok || block.Tok != token.TYPE {
			continue
		}
		for _, item := range block.Specs {
			spec := item.(*ast.TypeSpec)
			doc := spec.Doc
			if doc == nil && len(block.Specs) == 1 {
				doc = block.Doc
			}
			t := &goType{pkg: tree.Name.Name, name: spec.Name.Name, public: spec.Name.Name, at: s.at(spec.Pos()), spec: spec}
			t.doc = withoutName(prose(doc), t.name)
			if spec.TypeParams != nil {
				t.params = spec.TypeParams.NumFields()
			}
			if name := nameOverride(doc, spec.Comment); name != "" {
				t.public = name
			}
			t.union = s.readUnion(t, doc)
			s.readKeys(t, doc)
			s.readExample(t, doc)
			s.types[t.pkg+"."+t.name] = t
		}
	}
}

// addValues gives enums their constants, in the order they are written.
func (s *source) addValues(tree *ast.File) {
	for _, decl := range tree.Decls {
		block, ok := decl.(*ast.GenDecl)
		if !ok || block.Tok != token.CONST {
			continue
		}
		for _, item := range block.Specs {
			spec := item.(*ast.ValueSpec)
			for i, expr := range spec.Values {
				name, text, ok := constant(spec.Type, expr)
				if ok && i < len(spec.Names) {
					s.texts[tree.Name.Name+"."+spec.Names[i].Name] = text
				}
				t := s.types[tree.Name.Name+"."+name]
				if !ok || t == nil {
					continue
				}
				doc := prose(spec.Doc)
				if doc == "" {
					doc = prose(spec.Comment)
				}
				t.values = append(t.values, goValue{text, withoutName(doc, spec.Names[0].Name)})
			}
		}
	}
}

// constant reads `X T = "text"` and `X = T("text")`.
func constant(kind, expr ast.Expr) (name, text string, ok bool) {
	if made, isCall := expr.(*ast.CallExpr); isCall && len(made.Args) == 1 {
		kind, expr = made.Fun, made.Args[0]
	}
	ident, isIdent := kind.(*ast.Ident)
	literal, isLiteral := expr.(*ast.BasicLit)
	if !isIdent || !isLiteral || literal.Kind != token.STRING {
		return "", "", false
	}
	return ident.Name, unquote(literal.Value), true
}

// byPublic finds the wire type, or the enum, that has this name in the document.
func (s *source) byPublic(name string) *goType {
	for _, key := range sortedKeys(s.types) {
		t := s.types[key]
		if t.public == name && (t.onWire() || len(t.values) > 0) {
			return t
		}
	}
	return nil
}

// onWire reports whether the type belongs to a package of wire types.
func (t *goType) onWire() bool { return slices.Contains(wirePackages, t.pkg) }

// field finds a field by its name on the wire.
func (t *goType) field(name string) (goField, bool) {
	i := slices.IndexFunc(t.fields, func(f goField) bool { return f.name == name })
	if i < 0 {
		return goField{}, false
	}
	return t.fields[i], true
}
