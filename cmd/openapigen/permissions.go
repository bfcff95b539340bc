package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/masthead-cms/masthead/internal/cms"
)

const (
	actsMark        = "x-acts"        // in a handler's comment: the permissions it checks
	permissionsKey  = "x-permissions" // on an operation: who has them, and how far they go
	requiredRoleKey = "x-required-role"
	ownersMark      = "x-owners" // to all but its owner what the call is about is not there
	optionalMark    = "x-optional-auth"
	publicMark      = "x-public"
)

// requirement is a permission that an operation checks; with a parameter, only where that is sent:
// "permanent=true".
type requirement struct {
	permission cms.Permission
	with       string
}

// requirements returns those that an operation or its kind is annotated with: ["articles:trash",
// "permanent=true articles:purge"].
func (g *generator) requirements(op endpoint) []requirement {
	texts, ok := op.Extensions[actsMark].([]any)
	if _, marked := op.Extensions[actsMark]; marked != ok {
		g.errorf(op.at, "@%s of %s is no list of texts", actsMark, op.name)
	}
	var list []requirement
	for _, text := range texts {
		words := fmt.Sprint(text)
		last := strings.LastIndexByte(words, ' ') + 1
		r := requirement{cms.Permission(words[last:]), strings.TrimSpace(words[:last])}
		if len(r.roles()) == 0 {
			g.errorf(op.at, "@%s of %s names %q, which no role may do", actsMark, op.name,
				r.permission)
			continue
		}
		list = append(list, r)
	}
	return list
}

// roles lists the roles that have the permission, the lowest first.
func (r requirement) roles() []cms.Role {
	return slices.DeleteFunc(slices.Clone(cms.Roles), func(role cms.Role) bool {
		return role.Scope(r.permission) == cms.None
	})
}

// isLimited reports whether some role may not do it, or not to everything that the operation can be
// about: what it makes is the caller's own.
func (r requirement) isLimited(op endpoint) bool {
	ownOnly := op.Extensions[ownersMark] == true || !strings.Contains(op.path, "{")
	return slices.ContainsFunc(cms.Roles, func(role cms.Role) bool {
		scope := role.Scope(r.permission)
		return scope == cms.None || !ownOnly && scope != cms.Any
	})
}

// addPermissions says on an operation who may call it: for programs as an extension, for people as
// the end of its description. They are no scopes of the security requirement, for which OpenAPI 3.0
// has no place beside a bearer token.
func (g *generator) addPermissions(op endpoint) {
	requirements := g.requirements(op)
	if len(requirements) == 0 {
		return
	}
	rows := []any{}
	for _, r := range requirements {
		var names, who []string
		scopes := map[string]any{}
		for _, role := range r.roles() {
			scope := role.Scope(r.permission)
			names = append(names, string(role))
			scopes[string(role)] = scope
			who = append(who, string(role)+limitOf(scope, r.permission))
		}
		row := map[string]any{"act": r.permission, "roles": ordered(names, scopes)}
		condition := " Needs"
		if r.with != "" {
			row["with"] = r.with
			condition = fmt.Sprintf(" With %s it needs", r.with)
		}
		rows = append(rows, ordered([]string{"act", "with", "roles"}, row))
		op.Description += fmt.Sprintf("%s `%s`: %s.", condition, r.permission, strings.Join(who,
			", "))
	}
	op.Extensions[permissionsKey] = rows
	if requirements[0].with == "" {
		op.Extensions[requiredRoleKey] = string(requirements[0].roles()[0])
	}
}

// limitOf says what a permission of a scope may be used on, if not on everything. What somebody
// writes is their own.
func limitOf(scope cms.Scope, permission cms.Permission) string {
	switch {
	case scope == cms.OwnDrafts:
		return " (own articles that readers have never seen)"
	case scope == cms.Own && permission != cms.WriteArticle:
		return " (own articles)"
	}
	return ""
}
