package main

import (
	"go/ast"
	"go/doc/comment"
	"regexp"
	"strings"
)

// annotation is a line of a comment that is meant for swag.
var annotation = regexp.MustCompile(`(?m)^@[A-Za-z].*$`)

// prose is what a comment says to people: without annotations, its wrapped lines joined.
func prose(group *ast.CommentGroup) string {
	if group == nil {
		return ""
	}
	var parser comment.Parser
	printer := comment.Printer{TextWidth: -1}
	text := string(printer.Text(parser.Parse(annotation.ReplaceAllString(group.Text(), ""))))
	return strings.TrimSpace(strings.ReplaceAll(text, "\n  - ", "\n- "))
}

// withoutName turns a comment in the manner of Go, which starts with the name of what it is about, into one for
// readers of the reference: "Kind is the form of a piece." says "The form of a piece." there.
func withoutName(doc, name string) string {
	rest, ok := strings.CutPrefix(doc, name+" ")
	if !ok {
		return doc
	}
	return upperFirst(strings.TrimPrefix(strings.TrimPrefix(rest, "is "), "are "))
}

func upperFirst(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

var nameLine = regexp.MustCompile(`(?m)^@name (\S+)$`)

// nameOverride reads `// @name X`, from the comment above a type or from the one behind it.
func nameOverride(groups ...*ast.CommentGroup) string {
	for _, group := range groups {
		if match := nameLine.FindStringSubmatch(group.Text()); match != nil {
			return match[1]
		}
	}
	return ""
}
