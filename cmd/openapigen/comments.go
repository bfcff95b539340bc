package main

import (
	"go/ast"
	"regexp"
	"strings"
)

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
		case glue != "\n\n" && out.Len() > 0 && strings.HasPrefix(line, "  - "): // an item of a list, as gofmt indents it
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
	return upperFirst(rest)
}

func upperFirst(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

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
