package main

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// keysMark starts the comment that makes a type of text an enum of the keys of a table, each behind a prefix:
// `//openapi:keys explanations /problems/`.
const keysMark = "//openapi:keys "

// readKeys reads the mark of a type and remembers which table it names.
func (s *source) readKeys(t *goType, doc *ast.CommentGroup) {
	if doc == nil {
		return
	}
	for _, line := range doc.List {
		words, ok := strings.CutPrefix(line.Text, keysMark)
		if !ok {
			continue
		}
		table, prefix, _ := strings.Cut(words, " ")
		t.table, t.prefix = table, prefix
	}
}

// addKeys gives the types that are marked so the keys of their tables, in the order they are written, and as what is said
// of each the first text of its row.
func (s *source) addKeys(parsed []*ast.File) {
	for _, key := range sortedKeys(s.types) {
		t := s.types[key]
		if t.table == "" || !t.onWire() {
			continue
		}
		rows := tableRows(parsed, t.pkg, t.table)
		if len(rows) == 0 {
			t.faults.add(t.at, "%s names the table %s, which is not there or empty", t.name, t.table)
		}
		for _, row := range rows {
			text, ok := s.text(t.pkg, row.Key)
			if !ok {
				t.faults.add(s.at(row.Pos()), "a key of %s is neither a text nor a constant that is one", t.table)
				continue
			}
			t.values = append(t.values, goValue{t.prefix + text, firstText(row.Value)})
		}
	}
}

// keyed makes the schema of a type whose values are the keys of a table, which is a plain text to swag, and answers the
// reference to it; empty for any other type.
func (g *generator) keyed(pkg, kind string) string {
	t := g.source.types[pkg+"."+kind]
	if t == nil || t.table == "" {
		return ""
	}
	if g.doc.Components.Schemas[t.public] == nil {
		schema := &openapi3.Schema{Description: t.doc}
		enumSchema(schema, t)
		g.faults.list = append(g.faults.list, t.faults.list...)
		g.doc.Components.Schemas[t.public], g.types[t.public] = openapi3.NewSchemaRef("", schema), t
	}
	return schemaPrefix + t.public
}

// tableRows are the rows of a variable of a package that is a map.
func tableRows(parsed []*ast.File, pkg, name string) []*ast.KeyValueExpr {
	var rows []*ast.KeyValueExpr
	for _, tree := range parsed {
		for _, decl := range tree.Decls {
			block, ok := decl.(*ast.GenDecl)
			if !ok || block.Tok != token.VAR || tree.Name.Name != pkg {
				continue
			}
			for _, item := range block.Specs {
				spec := item.(*ast.ValueSpec)
				if len(spec.Names) != 1 || spec.Names[0].Name != name || len(spec.Values) != 1 {
					continue
				}
				table, _ := spec.Values[0].(*ast.CompositeLit)
				if table == nil {
					continue
				}
				for _, element := range table.Elts {
					if row, ok := element.(*ast.KeyValueExpr); ok {
						rows = append(rows, row)
					}
				}
			}
		}
	}
	return rows
}

// text is what a literal or a constant of one of the packages says.
func (s *source) text(pkg string, expr ast.Expr) (string, bool) {
	switch expr := expr.(type) {
	case *ast.BasicLit:
		return unquote(expr.Value), expr.Kind == token.STRING
	case *ast.Ident:
		text, ok := s.texts[pkg+"."+expr.Name]
		return text, ok
	case *ast.SelectorExpr:
		if from, ok := expr.X.(*ast.Ident); ok {
			text, ok := s.texts[from.Name+"."+expr.Sel.Name]
			return text, ok
		}
	}
	return "", false
}

// firstText is the first literal text in a composite, or nothing.
func firstText(expr ast.Expr) string {
	row, ok := expr.(*ast.CompositeLit)
	if !ok {
		return ""
	}
	for _, element := range row.Elts {
		if literal, ok := element.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			return unquote(literal.Value)
		}
	}
	return ""
}

// nameValues tells generators what to call the values of an enum that make no names by themselves: an address by its last
// part, an order that is turned round by the word Descending. Where one of them is the default they are left alone: some
// generators name a default by its value all the same.
func nameValues(schema *openapi3.Schema) {
	if schema.Default != nil {
		return
	}
	var names []string
	plain := true
	for _, value := range schema.Enum {
		text, ok := value.(string)
		if !ok {
			return
		}
		plain = plain && strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") == ""
		word := text[strings.LastIndexByte(text, '/')+1:]
		if down, ok := strings.CutPrefix(word, "-"); ok {
			word = down + "_descending"
		}
		name := ""
		for _, part := range strings.FieldsFunc(word, func(r rune) bool { return r == '-' || r == '_' }) {
			name += strings.ToUpper(part[:1]) + part[1:]
		}
		names = append(names, name)
	}
	if plain || slices.Contains(names, "") {
		return
	}
	if schema.Extensions == nil {
		schema.Extensions = map[string]any{}
	}
	schema.Extensions["x-enum-varnames"] = names
}
