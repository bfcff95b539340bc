package main

import (
	"go/ast"
	"go/types"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// fieldsOf lists the fields of a struct that reach the wire; those of an embedded struct stand where it does.
func (s *source) fieldsOf(t *goType, expr ast.Expr) []goField {
	body, ok := expr.(*ast.StructType)
	if !ok {
		return nil
	}
	var fields []goField
	for _, field := range body.Fields.List {
		tag := tagOf(field)
		name, options, _ := strings.Cut(tag.Get("json"), ",")
		switch {
		case name == "-" || tag.Get("swaggerignore") == "true":
		case len(field.Names) == 0 && name == "":
			fields = append(fields, s.embedded(t, field)...)
		case len(field.Names) > 0 && !field.Names[0].IsExported():
		case name == "":
			t.faults.add(s.at(field.Pos()), "the field %s of %s has no name in a json tag", fieldName(field), t.name)
		default:
			fields = append(fields, s.wireField(field, name, options, tag))
		}
	}
	return fields
}

func (s *source) embedded(t *goType, field *ast.Field) []goField {
	kind, _ := withoutPointer(field.Type)
	inner := s.types[t.pkg+"."+kind]
	if inner == nil {
		t.faults.add(s.at(field.Pos()), "%s embeds %s, which is not a type of package %s", t.name, kind, t.pkg)
		return nil
	}
	return s.fieldsOf(inner, inner.spec.Type)
}

func fieldName(field *ast.Field) string {
	if len(field.Names) == 0 {
		return types.ExprString(field.Type)
	}
	return field.Names[0].Name
}

func (s *source) wireField(field *ast.Field, name, options string, tag reflect.StructTag) goField {
	doc := prose(field.Doc)
	if doc == "" {
		doc = prose(field.Comment)
	}
	kind, pointer := withoutPointer(field.Type)
	parts := strings.Split(options, ",")
	return goField{
		name: name, doc: doc, at: s.at(field.Pos()), kind: kind, tag: tag, pointer: pointer,
		optional: slices.Contains(parts, "omitempty") || slices.Contains(parts, "omitzero"),
	}
}

// nullable says that null stands for "no value": a pointer that is always there, or a field marked so.
func (f goField) nullable() bool {
	return f.pointer && !f.optional || slices.Contains(strings.Split(f.tag.Get("extensions"), ","), "x-nullable")
}

// neverNull says that the field is marked as one that null cannot clear.
func (f goField) neverNull() bool {
	return slices.Contains(strings.Split(f.tag.Get("extensions"), ","), "!x-nullable")
}

func withoutPointer(expr ast.Expr) (kind string, pointer bool) {
	if star, ok := expr.(*ast.StarExpr); ok {
		return types.ExprString(star.X), true
	}
	return types.ExprString(expr), false
}

func tagOf(field *ast.Field) reflect.StructTag {
	if field.Tag == nil {
		return ""
	}
	return reflect.StructTag(unquote(field.Tag.Value))
}

// unquote reads a Go string literal; the parser has already seen that it is one.
func unquote(literal string) string {
	text, err := strconv.Unquote(literal)
	if err != nil {
		return ""
	}
	return text
}

// annotation is a line of a comment that is meant for swag.
var annotation = regexp.MustCompile(`(?m)^@[A-Za-z].*$`)

// prose is what a comment says to people: without annotations, its wrapped lines joined.
func prose(comment *ast.CommentGroup) string {
	if comment == nil {
		return ""
	}
	var out strings.Builder
	glue := ""
	for line := range strings.Lines(annotation.ReplaceAllString(comment.Text(), "")) {
		line = strings.TrimRight(line, " \n")
		switch {
		case line == "":
			if out.Len() > 0 {
				glue = "\n\n"
			}
			continue
		case glue != "\n\n" && out.Len() > 0 && startsItem(line):
			glue = "\n"
		}
		out.WriteString(glue + strings.TrimPrefix(line, "  "))
		glue = " "
	}
	return out.String()
}

// withoutName turns a comment in the manner of Go, which starts with the name of what it is about, into one for
// readers of the reference: "Kind is the form of a piece." says "The form of a piece." there.
func withoutName(doc, name string) string {
	rest, ok := strings.CutPrefix(doc, name+" ")
	if !ok {
		return doc
	}
	for _, verb := range []string{"is ", "are "} {
		rest = strings.TrimPrefix(rest, verb)
	}
	return strings.ToUpper(rest[:1]) + rest[1:]
}

// startsItem says that a line of a comment is an item of a list, which gofmt indents by two.
func startsItem(line string) bool {
	return strings.HasPrefix(line, "  - ")
}

// nameOverride reads `// @name X`, from the comment above a type or from the one behind it.
func nameOverride(comments ...*ast.CommentGroup) string {
	for _, comment := range comments {
		if comment == nil {
			continue
		}
		for line := range strings.Lines(comment.Text()) {
			if fields := strings.Fields(line); len(fields) == 2 && fields[0] == "@name" {
				return fields[1]
			}
		}
	}
	return ""
}

// unionMark starts the comment that makes a type one of several.
const unionMark = "//openapi:oneof "

// readUnion reads `//openapi:oneof discriminator=type paragraph=ParagraphBlock image=ImageBlock`.
func (s *source) readUnion(t *goType, doc *ast.CommentGroup) *union {
	if doc == nil {
		return nil
	}
	for _, line := range doc.List {
		words, ok := strings.CutPrefix(line.Text, unionMark)
		if !ok {
			continue
		}
		u := &union{}
		for _, word := range strings.Fields(words) {
			key, value, ok := strings.Cut(word, "=")
			switch {
			case !ok:
				t.faults.add(s.at(line.Pos()), "%s: %q is not of the form value=Type", t.name, word)
			case key == "discriminator":
				u.property = value
			default:
				u.names = append(u.names, goValue{key, value})
			}
		}
		if u.property == "" || len(u.names) == 0 {
			t.faults.add(s.at(line.Pos()), "%s needs discriminator=property and at least one value=Type", t.name)
		}
		return u
	}
	return nil
}
