package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// source holds the declarations of the Go files, with their positions.
type source struct {
	dir    string
	files  *token.FileSet
	types  map[string]*goType           // by "package.Name", as the next two
	texts  map[string]string            // string constants
	tables map[string]*ast.CompositeLit // variables with composite literals
	calls  []*call                      // the annotated handlers
}

// goType is a declared type, or an instance of a generic one.
type goType struct {
	pkg, name string
	public    string // the name in the document
	doc       string
	at        token.Position
	spec      *ast.TypeSpec
	comment   *ast.CommentGroup
	values    []goValue // the constants of an enum, in source order

	args    map[string]*goType // the type arguments of an instance
	fields  []goField          // of a struct, once its schema is built
	example any                // instead of those of the fields
}

// goValue is one value of an enum.
type goValue struct{ text, doc string }

// packages are read in this order: the first has the handlers, the first two the wire types, the
// last the enums.
var packages = []string{"api", "internal/rest", "internal/cms"}

// wirePackages are the names of the packages of the wire types.
var wirePackages = []string{"api", "rest"}

// readSource reads the Go files of the packages, without tests.
func readSource(dir string) (*source, error) {
	s := &source{
		dir: dir, files: token.NewFileSet(),
		types: map[string]*goType{}, texts: map[string]string{},
		tables: map[string]*ast.CompositeLit{},
	}
	for i, folder := range packages {
		names, _ := filepath.Glob(filepath.Join(dir, filepath.FromSlash(folder), "*.go"))
		var trees []*ast.File
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			tree, err := parser.ParseFile(s.files, name, nil,
				parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return nil, fmt.Errorf("read Go: %w", err)
			}
			trees = append(trees, tree)
			if i == 0 {
				s.addCalls(tree)
			}
		}
		// constants belong to types
		for _, kind := range []token.Token{token.TYPE, token.CONST, token.VAR} {
			for _, tree := range trees {
				s.addDeclarations(tree, kind)
			}
		}
	}
	return s, nil
}

// at returns a position as file, relative to the folder, and line.
func (s *source) at(pos token.Pos) token.Position {
	position := s.files.Position(pos)
	name := strings.TrimPrefix(position.Filename, s.dir+string(filepath.Separator))
	return token.Position{Filename: filepath.ToSlash(name), Line: position.Line}
}

// addDeclarations adds the declarations of a kind in a file.
func (s *source) addDeclarations(tree *ast.File, kind token.Token) {
	pkg := tree.Name.Name
	for _, decl := range tree.Decls {
		block, ok := decl.(*ast.GenDecl)
		if !ok || block.Tok != kind {
			continue
		}
		for _, item := range block.Specs {
			switch spec := item.(type) {
			case *ast.TypeSpec:
				doc := spec.Doc
				if doc == nil && len(block.Specs) == 1 {
					doc = block.Doc
				}
				s.addType(pkg, spec, doc)
			case *ast.ValueSpec:
				s.addValues(pkg, spec)
			}
		}
	}
}

func (s *source) addType(pkg string, spec *ast.TypeSpec, doc *ast.CommentGroup) {
	name, public := spec.Name.Name, spec.Name.Name
	if named := nameLine.FindStringSubmatch(doc.Text() + spec.Comment.Text()); named != nil {
		public = named[1]
	}
	s.types[pkg+"."+name] = &goType{
		pkg: pkg, name: name, public: public,
		doc: withoutName(prose(doc), name), at: s.at(spec.Pos()), spec: spec, comment: doc,
	}
}

// addValues adds string constants, also to the enums they belong to, and variables with composite
// literals.
func (s *source) addValues(pkg string, spec *ast.ValueSpec) {
	for i, expr := range spec.Values {
		key := pkg + "." + spec.Names[i].Name
		if table, ok := expr.(*ast.CompositeLit); ok {
			s.tables[key] = table
		}
		literal, ok := expr.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			continue
		}
		text, _ := strconv.Unquote(literal.Value) // the parser accepted it
		s.texts[key] = text
		name, ok := spec.Type.(*ast.Ident)
		// The empty value of an enum means that there is none, and is never sent.
		if ok && text != "" && s.types[pkg+"."+name.Name] != nil {
			t := s.types[pkg+"."+name.Name]
			doc := withoutName(cmp.Or(prose(spec.Doc), prose(spec.Comment)), spec.Names[i].Name)
			t.values = append(t.values, goValue{text, doc})
		}
	}
}

// byPublic returns the type with that name in the document, nil if there is none.
func (s *source) byPublic(name string) *goType {
	for _, key := range sortedKeys(s.types) {
		if t := s.types[key]; t.public == name && t.named() {
			return t
		}
	}
	return nil
}

// onWire reports whether the type is in a package of wire types.
func (t *goType) onWire() bool { return slices.Contains(wirePackages, t.pkg) }

// named reports whether the type is a component: wire structs and enums are.
func (t *goType) named() bool {
	_, isStruct := t.spec.Type.(*ast.StructType)
	_, isKeys := t.directive("keys")
	return isStruct && t.onWire() || isKeys || len(t.values) > 0
}

// directive returns the text after //openapi:name in the comment of the type.
func (t *goType) directive(name string) (words string, ok bool) {
	if t.comment != nil {
		for _, line := range t.comment.List {
			if words, ok := strings.CutPrefix(line.Text, "//openapi:"+name+" "); ok {
				return words, true
			}
		}
	}
	return "", false
}

// names returns the names of the fields.
func (t *goType) names() []string {
	var names []string
	for _, f := range t.fields {
		names = append(names, f.name)
	}
	return names
}
