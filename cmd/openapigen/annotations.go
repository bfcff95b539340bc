package main

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// call is one annotated handler.
type call struct {
	name  string // of the Go function
	at    token.Position
	lines []annotationLine
}

// annotationLine is a line `@Key words` of a handler's comment.
type annotationLine struct {
	key, words string
	at         token.Position
}

// annotated matches such a line.
var annotated = regexp.MustCompile(`^//\s*@(\S+)\s*(.*?)\s*$`)

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
			if words := annotated.FindStringSubmatch(line.Text); words != nil {
				at := s.at(line.Pos())
				c.lines = append(c.lines, annotationLine{words[1], words[2], at})
			}
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

// checkOperations checks what every operation must have, from its comment or its kind. That ids
// differ is checked by validate.
func (g *generator) checkOperations() {
	for _, op := range g.operations() {
		id, tags := op.OperationID, strings.Join(op.Tags, ",")
		for fault, found := range map[string]bool{
			"has no @ID":                         id == "",
			"has no @Summary":                    op.Summary == "",
			"has no @Description":                strings.TrimSpace(op.Description) == "",
			"ends its @Summary with a full stop": strings.HasSuffix(op.Summary, "."),
			"has the @ID " + id + ", which is not a verb and a noun in lower camel case, " +
				"as in listArticles": id != "" && !verbNoun.MatchString(id),
			"needs in @Tags exactly one tag of api/base.yaml, not " +
				strconv.Quote(tags): g.doc.Tags.Get(tags) == nil,
			"is both @x-public and @x-optional-auth": op.Extensions[publicMark] == true &&
				op.Extensions[optionalMark] == true,
		} {
			if found {
				g.errorf(op.at, "%s %s", op.name, fault)
			}
		}
	}
}

// elsewhere says where belongs what swag would take from an annotation.
var elsewhere = map[string]string{
	"header":   "headers belong to a kind of api/base.yaml",
	"param":    "parameters belong into the struct of a line @" + paramsLine + ", or into a kind",
	"security": "api/base.yaml and @x-public say who may call",
}

// checkAnnotations reports what swag does not check in the comments of handlers.
func (g *generator) checkAnnotations() {
	for _, c := range g.source.calls {
		for _, line := range c.lines {
			place := elsewhere[strings.ToLower(line.key)]
			if place != "" && !strings.Contains(line.words, " body ") {
				g.errorf(line.at, "leave @%s out: %s", line.key, place)
			}
		}
	}
}
