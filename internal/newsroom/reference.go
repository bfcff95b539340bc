package newsroom

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// comparedSlugs is how many slugs a misspelled reference is compared with.
const comparedSlugs = 2000

// refsFor returns the nouns that an article is to refer to, in order. With createTags, tags that do
// not exist are created; all else that does not exist is an error with a suggestion.
func (n *Newsroom) refsFor(db *store.DB, actor cms.Actor, inputs []cms.RefInput,
	createTags bool) ([]cms.NamedRef, error) {
	refs := make([]cms.NamedRef, 0, len(inputs))
	for _, r := range cms.References {
		some, err := n.refsTo(db, actor, r, cms.RefsTo(inputs, r.Noun), createTags)
		if err != nil {
			return nil, err
		}
		refs = append(refs, some...)
	}
	return refs, nil
}

// refsTo returns refsFor for the nouns of one kind.
func (n *Newsroom) refsTo(db *store.DB, actor cms.Actor, r cms.Reference, inputs []cms.RefInput,
	createTags bool) ([]cms.NamedRef, error) {
	if len(inputs) == 0 {
		return nil, nil
	}
	written := make([]string, len(inputs))
	for i, in := range inputs {
		written[i] = in.Ref
	}
	known, err := db.KnownNouns(r.Noun, written)
	if err != nil {
		return nil, err
	}
	var refs []cms.NamedRef
	for i, in := range inputs {
		field := r.Noun.Plural + "/" + strconv.Itoa(i)
		if r.Roles != nil {
			field += "/" + r.Noun.Singular
		}
		found, ok := known[in.Ref]
		switch {
		case !ok && createTags && r.Noun == cms.TagNoun:
			found, err = n.createTagNamed(db, actor, in.Ref, field)
		case !ok:
			err = unknownNoun(db, r.Noun, in.Ref, field)
		}
		if err != nil {
			return nil, err
		}
		same := func(other cms.NamedRef) bool { return other.ID == found.ID }
		if slices.ContainsFunc(refs, same) {
			return nil, cms.FieldErrorf(cms.Invalid, field, "repeated",
				"The %s %q stands twice in the list.", r.Noun.Singular, in.Ref)
		}
		refs = append(refs, cms.NamedRef{Noun: r.Noun, Ref: found, Role: in.Role})
	}
	return refs, nil
}

// knownNoun returns the id of a noun that articles can refer to, by id or slug. In errors the
// reference is called field.
func knownNoun(db *store.DB, noun cms.Noun, ref, field string) (cms.ID, error) {
	known, err := db.KnownNouns(noun, []string{ref})
	if err != nil {
		return "", err
	}
	if found, ok := known[ref]; ok {
		return found.ID, nil
	}
	return "", unknownNoun(db, noun, ref, field)
}

// unknownNoun returns the error for a reference to a noun that does not exist, with the nearest
// that does.
func unknownNoun(db *store.DB, noun cms.Noun, ref, field string) error {
	near, err := nearestNoun(db, noun, ref)
	if err != nil {
		return err
	}
	suggestion := ""
	if near != "" {
		suggestion = fmt.Sprintf(" Did you mean %q?", near)
	}
	refusal := cms.FieldErrorf(cms.Invalid, field, "unknown", "There is no %s %q.%s",
		noun.Singular, ref, suggestion)
	if noun == cms.TagNoun && strings.HasPrefix(field, noun.Plural) {
		return refusal.WithFieldHint(cms.HintCreateTag)
	}
	return refusal
}

// nearestNoun returns the slug of the noun that was most likely meant: the one with that name, else
// the one with the most articles whose name contains the reference, else one with a similar slug;
// "" if there is none.
func nearestNoun(db *store.DB, noun cms.Noun, ref string) (string, error) {
	key := text.NameKey(ref)
	named, err := db.NounByName(noun, key)
	if ignoreNotFound(err) != nil {
		return "", err
	}
	if err == nil {
		return named.Slug, nil
	}
	slugs, err := db.MostReferred(noun, key, 1)
	if err != nil {
		return "", err
	}
	if len(slugs) > 0 {
		return slugs[0], nil
	}
	slugs, err = db.MostReferred(noun, "", comparedSlugs)
	return text.Nearest(text.Slug(ref), slugs), err
}
