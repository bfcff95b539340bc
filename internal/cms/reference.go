package cms

import "slices"

// Reference says how articles refer to plain nouns of one kind. What all references have in common
// goes by References, from the digest of an article to the facets of a list.
type Reference struct {
	Noun Noun
	Most int  // how many an article has at most
	Tree bool // an article that refers to one is also among the articles of those above it

	// what a noun can be to an article, the default first; nil: its kind has no roles
	Roles []string

	Examples [2]string // slugs, for sentences
}

// References are all references of articles, in the order in which articles have them.
var References = []Reference{
	{Noun: TagNoun, Most: MaxTags, Examples: [2]string{"iran", "tajikistan"}},
	{Noun: SectionNoun, Most: MaxSections, Tree: true, Examples: [2]string{"world", "sport"}},
	{
		Noun: AuthorNoun, Most: MaxAuthors, Roles: stringsOf(AuthorRoles),
		Examples: [2]string{"ada-lovelace", "ibn-sina"},
	},
}

// ReferenceTo returns how articles refer to nouns whose kind has that word as its singular or its
// plural, and whether they do.
func ReferenceTo(word string) (Reference, bool) {
	i := slices.IndexFunc(References, func(r Reference) bool {
		return r.Noun.Singular == word || r.Noun.Plural == word
	})
	if i < 0 {
		return Reference{}, false
	}
	return References[i], true
}

// RefID is a noun that an article refers to. An article has them by kind, those of a kind in their
// order.
type RefID struct {
	Noun Noun
	ID   ID
	Role string // what it is to the article; empty where the kind has no roles
}

// RefInput is a noun that an article is to refer to.
type RefInput struct {
	Noun Noun
	Ref  string // id or slug
	Role string
}

// NamedRef is a noun that an article refers to, as it is shown.
type NamedRef struct {
	Noun Noun
	Ref
	Role string
}

// RefInputs returns references to nouns of one kind, by id or slug, without roles.
func RefInputs(noun Noun, refs []string) []RefInput {
	list := make([]RefInput, len(refs))
	for i, ref := range refs {
		list[i] = RefInput{Noun: noun, Ref: ref}
	}
	return list
}

// RefIDs returns the references without the names.
func RefIDs(named []NamedRef) []RefID {
	ids := make([]RefID, len(named))
	for i, n := range named {
		ids[i] = RefID{n.Noun, n.ID, n.Role}
	}
	return ids
}

func (r RefInput) kind() Noun { return r.Noun }
func (r NamedRef) kind() Noun { return r.Noun }

// RefsTo returns those of a list of references that are to nouns of one kind.
func RefsTo[R interface{ kind() Noun }](refs []R, noun Noun) []R {
	var some []R
	for _, r := range refs {
		if r.kind() == noun {
			some = append(some, r)
		}
	}
	return some
}

// RefCondition is that an article refers to at least one of some nouns of a kind.
type RefCondition struct {
	Noun Noun
	Refs []string // ids or slugs
	Not  bool     // it refers to none of them
}
