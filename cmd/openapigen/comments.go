package main

import (
	"go/ast"
	"go/doc/comment"
	"regexp"
	"strings"
)

// annotation is a line of a comment that is meant for swag.
var annotation = regexp.MustCompile(`(?m)^@[A-Za-z].*$`)

// prose returns the text of a comment without annotations, its wrapped lines joined.
func prose(group *ast.CommentGroup) string {
	if group == nil {
		return ""
	}
	var parser comment.Parser
	printer := comment.Printer{TextWidth: -1}
	text := string(printer.Text(parser.Parse(annotation.ReplaceAllString(group.Text(), ""))))
	return strings.TrimSpace(strings.ReplaceAll(text, "\n  - ", "\n- "))
}

// withoutName removes the name that a Go comment starts with: "Kind is the form of a piece."
// becomes "The form of a piece.".
func withoutName(doc, name string) string {
	rest, ok := strings.CutPrefix(doc, name+" ")
	if !ok {
		return doc
	}
	return upperFirst(strings.TrimPrefix(strings.TrimPrefix(rest, "is "), "are "))
}

func upperFirst(text string) string {
	first := min(1, len(text))
	return strings.ToUpper(text[:first]) + text[first:]
}

// nameLine matches `// @name X` in the comment before or after a type.
var nameLine = regexp.MustCompile(`(?m)^@name (\S+)$`)
