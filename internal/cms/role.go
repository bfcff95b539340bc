package cms

import "slices"

// Role is what somebody is in the newsroom.
type Role string

// The roles, from the one that may least to the one that may most.
const (
	Contributor Role = "contributor"
	Author      Role = "author"
	Editor      Role = "editor"
	Admin       Role = "admin"
)

// Roles are all roles, in rising order.
var Roles = []Role{Contributor, Author, Editor, Admin}

// Valid tells whether r is a role.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// Permission is something that takes leave.
// @name Act
type Permission string

// The acts, named as the API tells them to a signed-in caller.
const (
	ReadDrafts      Permission = "articles:read_drafts"
	WriteArticle    Permission = "articles:write"
	ReviseArticle   Permission = "articles:revise"
	PublishArticle  Permission = "articles:publish"
	WithdrawArticle Permission = "articles:withdraw"
	TrashArticle    Permission = "articles:trash"
	RestoreArticle  Permission = "articles:restore"
	PurgeArticle    Permission = "articles:purge"
	MakeTag         Permission = "tags:write"
	ChangeTag       Permission = "tags:revise"
)

// Scope is how far leave for an act goes.
type Scope string

// The scopes, from nothing to everything.
const (
	None      Scope = ""
	OwnDrafts Scope = "own_drafts" // what the actor made, as long as readers have never seen it
	Own       Scope = "own"        // what the actor made
	Any       Scope = "any"
)

// permissions is the whole of who may do what. An act without a row is forbidden.
var permissions = map[Permission]map[Role]Scope{
	ReadDrafts:      {Contributor: Any, Author: Any, Editor: Any, Admin: Any},
	WriteArticle:    {Contributor: Own, Author: Own, Editor: Any, Admin: Any},
	ReviseArticle:   {Contributor: OwnDrafts, Author: Own, Editor: Any, Admin: Any},
	PublishArticle:  {Author: Own, Editor: Any, Admin: Any},
	WithdrawArticle: {Author: Own, Editor: Any, Admin: Any},
	TrashArticle:    {Contributor: OwnDrafts, Author: Own, Editor: Any, Admin: Any},
	RestoreArticle:  {Contributor: OwnDrafts, Author: Own, Editor: Any, Admin: Any},
	PurgeArticle:    {Admin: Any},
	MakeTag:         {Author: Any, Editor: Any, Admin: Any},
	ChangeTag:       {Editor: Any, Admin: Any},
}

// Scope is how far a role's leave for an act goes.
func (r Role) Scope(act Permission) Scope { return permissions[act][r] }

// Grant is one act a role may do and how far.
type Grant struct {
	Permission Permission
	Scope      Scope
}

// Grants are all acts the role may do, sorted by name.
func (r Role) Grants() []Grant {
	var out []Grant
	for act, roles := range permissions {
		if scope := roles[r]; scope != None {
			out = append(out, Grant{act, scope})
		}
	}
	slices.SortFunc(out, func(a, b Grant) int {
		if a.Permission < b.Permission {
			return -1
		}
		return 1
	})
	return out
}

// Actor is who asks. The zero Actor is the public: it may read what is published and nothing else.
type Actor struct {
	ID   ID // empty for the public and for the server itself
	Name string
	Role Role
}

// System is the actor behind what the program does by itself, such as an import nobody signed.
var System = Actor{Name: "Masthead", Role: Admin}

// SignedIn tells whether the actor is anybody at all.
func (a Actor) SignedIn() bool { return a.Role != "" }

// Check refuses an act that the actor's role does not allow on anything.
func (a Actor) Check(act Permission) error {
	if !a.SignedIn() {
		return Errorf(Unauthenticated, "This needs a credential: send Authorization: Bearer <token>; POST /v1/auth/login gives one.")
	}
	if a.Role.Scope(act) == None {
		return Errorf(Forbidden, "Your role (%s) may not do this (%s); GET /v1/auth/me tells what it may do.", a.Role, act)
	}
	return nil
}

// CheckOn refuses an act that the actor may not do on this article.
func (a Actor) CheckOn(act Permission, article *Article) error {
	if err := a.Check(act); err != nil {
		return err
	}
	mine := a.ID != "" && article.CreatedBy != nil && *article.CreatedBy == a.ID
	switch scope := a.Role.Scope(act); {
	case scope == Any, scope == Own && mine:
		return nil
	case scope == OwnDrafts && mine && article.Editions == 0:
		return nil
	case mine:
		return Errorf(Forbidden, "Your role (%s) may do this (%s) only until the article is first published; ask an editor.", a.Role, act)
	default:
		return Errorf(Forbidden, "Your role (%s) may do this (%s) only to articles of your own; ask an editor.", a.Role, act)
	}
}
