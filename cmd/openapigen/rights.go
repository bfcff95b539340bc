package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/masthead-cms/masthead/internal/cms"
)

const (
	actsMark    = "x-acts"        // in a handler's comment: the acts it takes leave for, as a list in JSON
	rightsKey   = "x-permissions" // on an operation: who may do them, and how far
	leastKey    = "x-required-role"
	anybodyMark = "x-optional-auth"
	openMark    = "x-public"
)

// right is an act that an operation takes leave for; with a parameter, only where that is sent: "permanent=true".
type right struct {
	act  cms.Permission
	with string
}

// rights are the acts that an operation is annotated with: ["articles:trash", "permanent=true articles:purge"].
func (g *generator) rights(op endpoint) []right {
	var list []right
	for _, words := range op.values(actsMark) {
		var acts []string
		if err := json.Unmarshal([]byte(words), &acts); err != nil {
			g.faults.add(op.at, "@%s of %s is no list of texts: %v", actsMark, op.name, err)
		}
		for _, text := range acts {
			with, act, ok := strings.Cut(text, " ")
			if !ok {
				with, act = "", text
			}
			if least(cms.Permission(act)) == "" {
				g.faults.add(op.at, "@%s of %s names %q, which no role may do", actsMark, op.name, act)
			}
			list = append(list, right{cms.Permission(act), with})
		}
	}
	return list
}

// least is the lowest role that may do something, empty if none may.
func least(act cms.Permission) cms.Role {
	i := slices.IndexFunc(cms.Roles, func(r cms.Role) bool { return r.Scope(act) != cms.None })
	if i < 0 {
		return ""
	}
	return cms.Roles[i]
}

// limited says that not every role may do it to everything.
func (r right) limited() bool {
	return slices.ContainsFunc(cms.Roles, func(role cms.Role) bool { return role.Scope(r.act) != cms.Any })
}

// grant says on an operation what its rights are: for programs as an extension, for people as the end of its description.
// They are no scopes of the security requirement, for which OpenAPI 3.0 has no place beside a bearer token.
func (g *generator) grant(op endpoint) {
	rights := g.rights(op)
	delete(op.Extensions, actsMark)
	if len(rights) == 0 {
		return
	}
	table := []any{}
	for _, r := range rights {
		row, roles := &object{}, &object{}
		row.set("act", string(r.act))
		if r.with != "" {
			row.set("with", r.with)
		}
		for _, role := range cms.Roles {
			if scope := role.Scope(r.act); scope != cms.None {
				roles.set(string(role), string(scope))
			}
		}
		row.set("roles", roles)
		table = append(table, row)
		op.Description += r.sentence()
	}
	op.Extensions[rightsKey] = table
	if rights[0].with == "" {
		op.Extensions[leastKey] = string(least(rights[0].act))
	}
}

// howFar says of a scope what the act may be done to.
var howFar = map[cms.Scope]string{
	cms.OwnDrafts: " (own articles that readers have never seen)", cms.Own: " (own articles)", cms.Any: "",
}

// sentence says who may.
func (r right) sentence() string {
	var who []string
	for _, role := range cms.Roles {
		if scope := role.Scope(r.act); scope != cms.None {
			far := howFar[scope]
			if scope == cms.Own && r.act == cms.WriteArticle {
				far = "" // what somebody writes is their own
			}
			who = append(who, string(role)+far)
		}
	}
	if r.with != "" {
		return fmt.Sprintf(" With %s it needs `%s`: %s.", r.with, r.act, strings.Join(who, ", "))
	}
	return fmt.Sprintf(" Needs `%s`: %s.", r.act, strings.Join(who, ", "))
}
