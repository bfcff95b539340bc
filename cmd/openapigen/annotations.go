package main

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
)

// call is one annotated handler.
type call struct {
	name  string // of the Go function
	at    string
	lines []annotationLine
}

// annotationLine is a line `@Key words` of a handler's comment.
type annotationLine struct {
	key, words string
	at         string
}

// values returns the words of each line with that key. Keys are case-insensitive, as in swag.
func (c *call) values(key string) []string {
	var words []string
	for _, line := range c.lines {
		if strings.EqualFold(line.key, key) {
			words = append(words, line.words)
		}
	}
	return words
}

// addCalls adds the functions of a file that have a @Router line.
func (s *source) addCalls(tree *ast.File) {
	for _, decl := range tree.Decls {
		function, ok := decl.(*ast.FuncDecl)
		if !ok || function.Doc == nil {
			continue
		}
		c := &call{name: function.Name.Name, at: s.at(function.Pos())}
		for _, line := range function.Doc.List {
			text, ok := strings.CutPrefix(strings.TrimSpace(strings.TrimPrefix(line.Text, "//")),
				"@")
			if !ok {
				continue
			}
			key, words, _ := strings.Cut(strings.ReplaceAll(text, "\t", " "), " ")
			c.lines = append(c.lines, annotationLine{key, strings.TrimSpace(words),
				s.at(line.Pos())})
		}
		if len(c.values("Router")) > 0 {
			s.calls = append(s.calls, c)
		}
	}
}

// call returns the handler of an operation, an empty one if there is none.
func (s *source) call(path, method string) *call {
	for _, c := range s.calls {
		if slices.Contains(c.values("Router"), path+" ["+method+"]") {
			return c
		}
	}
	return &call{}
}

// verbNoun is the form of an operation's id; it becomes a function's name in every client.
var verbNoun = regexp.MustCompile(`^[a-z]+([A-Z][a-z0-9]*)+$`)

// checkAnnotations reports what swag does not check in the comments of handlers.
func (g *generator) checkAnnotations() {
	for _, c := range g.source.calls {
		for _, line := range c.lines {
			g.checkLine(line)
		}
	}
}

// checkOperations checks what every operation must have, from its comment or its kind.
func (g *generator) checkOperations() {
	for _, op := range g.operations() {
		g.checkOperation(op)
	}
}

// checkOperation checks id, summary, description and tag. That ids differ is checked by validate.
func (g *generator) checkOperation(op endpoint) {
	switch {
	case op.OperationID == "":
		g.errorf(op.at, "%s has no @ID", op.name)
	case !verbNoun.MatchString(op.OperationID):
		g.errorf(op.at, "@ID %s is not a verb and a noun in lower camel case, as in listArticles",
			op.OperationID)
	}
	switch {
	case op.Summary == "":
		g.errorf(op.at, "%s has no @Summary", op.name)
	case strings.HasSuffix(op.Summary, "."):
		g.errorf(op.at, "the @Summary of %s ends with a full stop", op.name)
	}
	if strings.TrimSpace(op.Description) == "" {
		g.errorf(op.at, "%s has no @Description", op.name)
	}
	if tags := strings.Join(op.Tags, ","); g.base.Tags.Get(tags) == nil {
		g.errorf(op.at, "%s needs in @Tags exactly one tag of api/base.yaml, not %q", op.name, tags)
	}
	if op.Extensions[publicMark] == true && op.Extensions[optionalMark] == true {
		g.errorf(op.at, "%s is both @x-public and @x-optional-auth", op.name)
	}
}

// checkLine checks one line.
func (g *generator) checkLine(line annotationLine) {
	switch strings.ToLower(line.key) {
	case "param":
		name, rest, _ := strings.Cut(line.words, " ")
		if !strings.HasPrefix(strings.TrimSpace(rest), "body ") {
			g.errorf(line.at,
				"the parameter %s belongs into the struct of a line @%s, or into a kind",
				name, paramsLine)
		}
	case "header":
		g.errorf(line.at, "leave @Header out: headers belong to a kind of api/base.yaml")
	case "security":
		g.errorf(line.at, "leave @Security out: api/base.yaml and @x-public say who may call")
	}
}
