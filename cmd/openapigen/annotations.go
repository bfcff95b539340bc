package main

import (
	"go/ast"
	"regexp"
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

// id returns the operation's id, empty if there is none.
func (c *call) id() string {
	return strings.Join(c.values("ID"), " ")
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
func (s *source) call(id string) *call {
	for _, c := range s.calls {
		if c.id() == id {
			return c
		}
	}
	return &call{}
}

// verbNoun is the form of an operation's id; it becomes a function's name in every client.
var verbNoun = regexp.MustCompile(`^[a-z]+([A-Z][a-z0-9]*)+$`)

// checkAnnotations reports what swag does not check in the comments of handlers.
func (g *generator) checkAnnotations() {
	seen := map[string]string{}
	for _, c := range g.source.calls {
		g.checkWords(c)
		id := c.id()
		switch {
		case id == "":
			g.errorf(c.at, "%s has no @ID", c.name)
		case !verbNoun.MatchString(id):
			g.errorf(c.at,
				"@ID %s is not a verb and a noun in lower camel case, as in listArticles", id)
		case seen[id] != "":
			g.errorf(c.at, "@ID %s is already taken at %s", id, seen[id])
		}
		seen[id] = c.at
		for _, line := range c.lines {
			g.checkLine(line)
		}
	}
}

// checkWords checks summary, description and tag.
func (g *generator) checkWords(c *call) {
	summary := strings.Join(c.values("Summary"), " ")
	switch {
	case summary == "":
		g.errorf(c.at, "%s has no @Summary", c.name)
	case strings.HasSuffix(summary, "."):
		g.errorf(c.at, "the @Summary of %s ends with a full stop", c.name)
	}
	if strings.TrimSpace(strings.Join(c.values("Description"), "")) == "" {
		g.errorf(c.at, "%s has no @Description", c.name)
	}
	if tags := strings.Join(c.values("Tags"), ","); g.base.Tags.Get(tags) == nil {
		g.errorf(c.at, "%s needs in @Tags exactly one tag of api/base.yaml, not %q", c.name, tags)
	}
	if len(c.values("x-public")) > 0 && len(c.values("x-optional-auth")) > 0 {
		g.errorf(c.at, "%s is both @x-public and @x-optional-auth", c.name)
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
