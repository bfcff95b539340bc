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
	lines []mark
}

// mark is one line `@Key words` of a handler's comment.
type mark struct {
	key, words string
	at         string
}

// values gives the words of each line with that key; keys are told apart as swag does, whatever their case.
func (c *call) values(key string) []string {
	var words []string
	for _, line := range c.lines {
		if strings.EqualFold(line.key, key) {
			words = append(words, line.words)
		}
	}
	return words
}

// id is the operation's id, or empty.
func (c *call) id() string {
	return strings.Join(c.values("ID"), " ")
}

// addCalls lists the functions of a file that have a @Router line.
func (s *source) addCalls(tree *ast.File) {
	for _, decl := range tree.Decls {
		function, ok := decl.(*ast.FuncDecl)
		if !ok || function.Doc == nil {
			continue
		}
		c := &call{name: function.Name.Name, at: s.at(function.Pos())}
		for _, line := range function.Doc.List {
			text, ok := strings.CutPrefix(strings.TrimSpace(strings.TrimPrefix(line.Text, "//")), "@")
			if !ok {
				continue
			}
			key, words, _ := strings.Cut(strings.ReplaceAll(text, "\t", " "), " ")
			c.lines = append(c.lines, mark{key, strings.TrimSpace(words), s.at(line.Pos())})
		}
		if len(c.values("Router")) > 0 {
			s.calls = append(s.calls, c)
		}
	}
}

// call is the handler that is annotated with the id of an operation; an empty one where there is none.
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

// checkAnnotations finds what swag lets pass in the comments of the handlers.
func (g *generator) checkAnnotations() {
	seen := map[string]string{}
	for _, c := range g.source.calls {
		g.checkWords(c)
		id := c.id()
		switch {
		case id == "":
			g.faults.add(c.at, "%s has no @ID", c.name)
		case !verbNoun.MatchString(id):
			g.faults.add(c.at, "@ID %s is not a verb and a noun in lower camel case, as in listArticles", id)
		case seen[id] != "":
			g.faults.add(c.at, "@ID %s is already taken at %s", id, seen[id])
		}
		seen[id] = c.at
		for _, line := range c.lines {
			g.checkLine(line)
		}
	}
}

// checkWords wants the words and the one tag that readers of the reference rely on.
func (g *generator) checkWords(c *call) {
	summary := strings.Join(c.values("Summary"), " ")
	switch {
	case summary == "":
		g.faults.add(c.at, "%s has no @Summary", c.name)
	case strings.HasSuffix(summary, "."):
		g.faults.add(c.at, "the @Summary of %s ends with a full stop", c.name)
	}
	if strings.TrimSpace(strings.Join(c.values("Description"), "")) == "" {
		g.faults.add(c.at, "%s has no @Description", c.name)
	}
	if tags := strings.Join(c.values("Tags"), ","); g.base.Tags.Get(tags) == nil {
		g.faults.add(c.at, "%s needs in @Tags exactly one tag of api/base.yaml, not %q", c.name, tags)
	}
	if len(c.values("x-public")) > 0 && len(c.values("x-optional-auth")) > 0 {
		g.faults.add(c.at, "%s is both @x-public and @x-optional-auth", c.name)
	}
}

// checkLine looks at what one annotation says.
func (g *generator) checkLine(line mark) {
	switch strings.ToLower(line.key) {
	case "param":
		name, rest, _ := strings.Cut(line.words, " ")
		if !strings.HasPrefix(strings.TrimSpace(rest), "body ") {
			g.faults.add(line.at, "the parameter %s belongs into the struct of a line @%s, or into a kind", name, paramsLine)
		}
	case "header":
		g.faults.add(line.at, "leave @Header out: headers belong to a kind of api/base.yaml")
	case "security":
		g.faults.add(line.at, "leave @Security out: api/base.yaml and @x-public say who may call")
	}
}
