package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"regexp"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// valuesOf lists the values of an enum: its constants, or with `//openapi:keys explanations
// /problems/` the keys of that table, each behind the prefix, in the order they are written with
// the first text of its row. It is nil for other types.
func (g *generator) valuesOf(t *goType) []goValue {
	words, ok := t.directive("keys")
	if !ok {
		return t.values
	}
	name, prefix, _ := strings.Cut(words, " ")
	table := g.source.tables[t.pkg+"."+name]
	if table == nil || len(table.Elts) == 0 {
		g.errorf(t.at, "%s names the table %s, which is not there or empty", t.name, name)
		return []goValue{}
	}
	values := []goValue{}
	for _, element := range table.Elts {
		row, isRow := element.(*ast.KeyValueExpr)
		if !isRow {
			continue
		}
		key, ok := g.source.text(t.pkg, row.Key)
		if !ok {
			g.errorf(g.source.at(row.Pos()),
				"a key of %s is neither a text nor a constant that is one", name)
		}
		value := goValue{text: prefix + key}
		if about, ok := row.Value.(*ast.CompositeLit); ok {
			for i := 0; i < len(about.Elts) && value.doc == ""; i++ {
				value.doc, _ = g.source.text(t.pkg, about.Elts[i])
			}
		}
		values = append(values, value)
	}
	return values
}

// text returns the value of a string literal or constant.
func (s *source) text(pkg string, expr ast.Expr) (string, bool) {
	name := types.ExprString(expr)
	if text, err := strconv.Unquote(name); err == nil {
		return text, true
	}
	if !strings.Contains(name, ".") {
		name = pkg + "." + name
	}
	text, ok := s.texts[name]
	return text, ok
}

// fillEnum sets the values of a schema and describes them.
func fillEnum(schema *openapi3.Schema, values []goValue) {
	schema.Type = &openapi3.Types{openapi3.TypeString}
	said := ""
	for _, value := range values {
		schema.Enum = append(schema.Enum, value.text)
		if value.doc != "" {
			said += fmt.Sprintf("\n- `%s`: %s", value.text, value.doc)
		}
	}
	if said != "" {
		schema.Description += "\n" + said
	}
	nameValues(schema)
}

func setEnum(schema *openapi3.Schema, values []string) {
	for _, v := range values {
		schema.Enum = append(schema.Enum, valueOf(schema, v))
	}
}

// plainWord matches a value that generators take for a name as it is.
var plainWord = regexp.MustCompile(`^[A-Za-z_]*$`)

// nameValues adds x-enum-varnames where values are no identifiers: a URL is named by its last
// segment, a descending order with the suffix Descending. Enums with a default have none: some
// generators refer to the default by its value.
func nameValues(schema *openapi3.Schema) {
	if schema.Default != nil {
		return
	}
	var names []string
	plain := true
	for _, value := range schema.Enum {
		text := value.(string)
		plain = plain && plainWord.MatchString(text)
		word := text[strings.LastIndexByte(text, '/')+1:]
		if down, ok := strings.CutPrefix(word, "-"); ok {
			word = down + "_descending"
		}
		name := ""
		for part := range strings.SplitSeq(strings.ReplaceAll(word, "-", "_"), "_") {
			name += upperFirst(part)
		}
		names = append(names, name)
		if !publicName.MatchString(name) {
			return
		}
	}
	if !plain {
		schema.Extensions = map[string]any{"x-enum-varnames": names}
	}
}
