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

// Act is something that takes leave.
type Act string

// The acts, named as the API tells them to a signed-in caller.
const (
	ReadDrafts      Act = "articles:read_drafts"
	WriteArticle    Act = "articles:write"
	ReviseArticle   Act = "articles:revise"
	PublishArticle  Act = "articles:publish"
	WithdrawArticle Act = "articles:withdraw"
	TrashArticle    Act = "articles:trash"
	RestoreArticle  Act = "articles:restore"
	PurgeArticle    Act = "articles:purge"
	MakeTag         Act = "tags:write"
	ChangeTag       Act = "tags:revise"
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

// leave is the whole of who may do what. An act without a row is forbidden.
var leave = map[Act]map[Role]Scope{
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

// May is how far a role's leave for an act goes.
func (r Role) May(act Act) Scope { return leave[act][r] }

// Leave is one act a role may do and how far.
type Leave struct {
	Act   Act
	Scope Scope
}

// Leaves are all acts the role may do, sorted by name.
func (r Role) Leaves() []Leave {
	var out []Leave
	for act, roles := range leave {
		if scope := roles[r]; scope != None {
			out = append(out, Leave{act, scope})
		}
	}
	slices.SortFunc(out, func(a, b Leave) int {
		if a.Act < b.Act {
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

// Server is the actor behind what the program does by itself, such as an import nobody signed.
var Server = Actor{Name: "Masthead", Role: Admin}

// SignedIn tells whether the actor is anybody at all.
func (a Actor) SignedIn() bool { return a.Role != "" }

// Check refuses an act that the actor's role does not allow on anything.
func (a Actor) Check(act Act) error {
	if !a.SignedIn() {
		return Refuse(Unauthenticated, "This needs a credential: send Authorization: Bearer <token>; POST /v1/auth/login gives one.")
	}
	if a.Role.May(act) == None {
		return Refuse(Forbidden, "Your role (%s) may not do this (%s); GET /v1/auth/me tells what it may do.", a.Role, act)
	}
	return nil
}

// CheckOn refuses an act that the actor may not do on this article.
func (a Actor) CheckOn(act Act, article *Article) error {
	if err := a.Check(act); err != nil {
		return err
	}
	mine := a.ID != "" && article.CreatedBy != nil && *article.CreatedBy == a.ID
	switch scope := a.Role.May(act); {
	case scope == Any, scope == Own && mine:
		return nil
	case scope == OwnDrafts && mine && article.Editions == 0:
		return nil
	case mine:
		return Refuse(Forbidden, "Your role (%s) may do this (%s) only until the article is first published; ask an editor.", a.Role, act)
	default:
		return Refuse(Forbidden, "Your role (%s) may do this (%s) only to articles of your own; ask an editor.", a.Role, act)
	}
}
