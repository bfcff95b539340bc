package cms

import (
	"cmp"
	"slices"
)

// Role is the position of a person in the newsroom.
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

// Valid reports whether r is a role.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// Permission names something that not everybody may do. Permissions are the scopes of API keys too.
// @name Act
type Permission string

// The permissions, named as the API shows them to a signed-in caller.
const (
	ReadDrafts      Permission = "articles:read_drafts"
	WriteArticle    Permission = "articles:write"
	ReviseArticle   Permission = "articles:revise"
	SubmitArticle   Permission = "articles:submit"
	ReturnArticle   Permission = "articles:return"
	PublishArticle  Permission = "articles:publish"
	WithdrawArticle Permission = "articles:withdraw"
	KillArticle     Permission = "articles:kill"
	TrashArticle    Permission = "articles:trash"
	RestoreArticle  Permission = "articles:restore"
	PurgeArticle    Permission = "articles:purge"
	WriteTag        Permission = "tags:write"
	ReviseTag       Permission = "tags:revise"
	WriteSection    Permission = "sections:write"
	WriteAuthor     Permission = "authors:write"
	WriteAlert      Permission = "alerts:write"
	WriteSite       Permission = "site:write"
	WriteCollection Permission = "collections:write"
	WriteFront      Permission = "fronts:write"
	WriteCorrection Permission = "corrections:write"
	WriteRedirect   Permission = "redirects:write"
	WriteMedia      Permission = "media:write"
	ReadEvents      Permission = "events:read"
)

// Scope is how far a permission goes.
type Scope string

// The scopes, from nothing to everything.
const (
	None      Scope = ""
	OwnDrafts Scope = "own_drafts" // what the actor made, as long as readers have never seen it
	Own       Scope = "own"        // what the actor made
	Any       Scope = "any"
)

// permissions is the whole of who may do what. A permission without a row is nobody's.
var permissions = map[Permission]map[Role]Scope{
	ReadDrafts:      {Contributor: Any, Author: Any, Editor: Any, Admin: Any},
	WriteArticle:    {Contributor: Own, Author: Own, Editor: Any, Admin: Any},
	ReviseArticle:   {Contributor: OwnDrafts, Author: Own, Editor: Any, Admin: Any},
	SubmitArticle:   {Contributor: OwnDrafts, Author: Own, Editor: Any, Admin: Any},
	ReturnArticle:   {Contributor: Own, Author: Own, Editor: Any, Admin: Any},
	PublishArticle:  {Author: Own, Editor: Any, Admin: Any},
	WithdrawArticle: {Author: Own, Editor: Any, Admin: Any},
	KillArticle:     {Editor: Any, Admin: Any},
	TrashArticle:    {Contributor: OwnDrafts, Author: Own, Editor: Any, Admin: Any},
	RestoreArticle:  {Contributor: OwnDrafts, Author: Own, Editor: Any, Admin: Any},
	PurgeArticle:    {Admin: Any},
	WriteTag:        {Author: Any, Editor: Any, Admin: Any},
	ReviseTag:       {Editor: Any, Admin: Any},
	WriteSection:    {Editor: Any, Admin: Any},
	WriteAuthor:     {Editor: Any, Admin: Any},
	WriteAlert:      {Editor: Any, Admin: Any},
	WriteSite:       {Admin: Any},
	WriteCollection: {Editor: Any, Admin: Any},
	WriteFront:      {Editor: Any, Admin: Any},
	WriteCorrection: {Author: Own, Editor: Any, Admin: Any},
	WriteRedirect:   {Editor: Any, Admin: Any},
	WriteMedia:      {Contributor: OwnDrafts, Author: Own, Editor: Any, Admin: Any},
	ReadEvents:      {Admin: Any},
}

// Scope returns how far the role's permission goes; None if it does not have it.
func (r Role) Scope(p Permission) Scope { return permissions[p][r] }

// Grant is a permission of a role, and how far it goes.
type Grant struct {
	Permission Permission
	Scope      Scope
}

// Grants returns all permissions of the role, sorted by name.
func (r Role) Grants() []Grant {
	var grants []Grant
	for permission, roles := range permissions {
		if scope := roles[r]; scope != None {
			grants = append(grants, Grant{permission, scope})
		}
	}
	slices.SortFunc(grants, func(a, b Grant) int { return cmp.Compare(a.Permission, b.Permission) })
	return grants
}

// Actor is the caller. The zero Actor is the public: it may read what is published and nothing
// else.
type Actor struct {
	ID     ID // empty for the public and for the server itself
	Name   string
	Role   Role
	Origin Origin
}

// System is the actor of what the program does by itself, such as an import without --as.
var System = Actor{Name: "Masthead", Role: Admin}

// Console is the actor of commands about users.
var Console = Actor{Name: "Masthead", Role: Admin, Origin: Origin{Channel: ByCommand}}

// SignedIn reports whether the actor is somebody known.
func (a Actor) SignedIn() bool { return a.Role != "" }

// Check returns Unauthenticated or Forbidden if the actor's role lacks the permission altogether.
func (a Actor) Check(permission Permission) error {
	if !a.SignedIn() {
		return Errorf(Unauthenticated, "This needs a credential.").WithHint(HintSignIn)
	}
	if a.Role.Scope(permission) == None {
		return Errorf(Forbidden, "Your role (%s) may not do this (%s).", a.Role, permission).
			WithHint(HintPermissions)
	}
	return nil
}

// CheckOn returns Unauthenticated or Forbidden if the actor lacks the permission on this article.
func (a Actor) CheckOn(permission Permission, article *Article) error {
	if err := a.Check(permission); err != nil {
		return err
	}
	mine := a.ID != "" && article.CreatedBy != nil && *article.CreatedBy == a.ID
	switch scope := a.Role.Scope(permission); {
	case scope == Any, scope == Own && mine:
		return nil
	case scope == OwnDrafts && mine && article.Editions == 0:
		return nil
	case mine:
		return Errorf(Forbidden,
			"Your role (%s) may do this (%s) only until the article is first published; ask an editor.",
			a.Role, permission)
	default:
		return Errorf(Forbidden,
			"Your role (%s) may do this (%s) only to articles of your own; ask an editor.",
			a.Role, permission)
	}
}

// CheckOnMedium returns Unauthenticated or Forbidden if the actor lacks the permission on this
// medium. Live: readers see it somewhere.
func (a Actor) CheckOnMedium(permission Permission, m *Medium, live bool) error {
	if err := a.Check(permission); err != nil {
		return err
	}
	mine := a.ID != "" && m.CreatedBy != nil && *m.CreatedBy == a.ID
	switch scope := a.Role.Scope(permission); {
	case scope == Any, scope == Own && mine, scope == OwnDrafts && mine && !live:
		return nil
	case mine:
		return Errorf(Forbidden,
			"Your role (%s) may do this (%s) only while readers do not see the medium; "+
				"ask an editor.", a.Role, permission)
	}
	return Errorf(Forbidden,
		"Your role (%s) may do this (%s) only to media of your own; ask an editor.", a.Role,
		permission)
}
