package newsroom

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// Tags are the verbs of tags.
type Tags struct {
	Noun[cms.TagDetail, *cms.TagDetail, cms.TagInput]
}

func newTags(n *Newsroom) *Tags {
	t := &Tags{Noun[cms.TagDetail, *cms.TagDetail, cms.TagInput]{
		kind:     cms.TagNoun,
		create:   cms.WriteTag,
		revise:   cms.ReviseTag,
		rows:     store.Tags{},
		input:    (*cms.TagDetail).Input,
		newsroom: n,
	}}
	t.apply = t.applyInput
	return t
}

// Merge merges a tag into another one (by id or slug), which is returned.
func (t *Tags) Merge(ctx context.Context, call Call, id cms.ID, match cms.Precondition,
	into string) (*cms.TagDetail, error) {
	return t.merge(ctx, call, id, match, into, mergeTag)
}

// Delete takes a tag off every article and deletes it.
func (t *Tags) Delete(ctx context.Context, call Call, id cms.ID, match cms.Precondition) error {
	if err := call.Actor.Check(t.revise); err != nil {
		return err
	}
	err := t.moveArticles(ctx, call.Actor, id, func(db *store.DB) (none cms.ID, err error) {
		_, err = t.loadForUpdate(db, id, match)
		return none, err
	})
	if err != nil {
		return err
	}
	return t.Noun.Delete(ctx, call, id, match)
}

// mergeTag merges from into target and raises target's version. If target stands below from, it
// takes from's place.
func mergeTag(db *store.DB, from *cms.TagDetail, target cms.ID) error {
	into, err := store.Tags{}.ByID(db, target)
	if err != nil {
		return err
	}
	above, err := db.Ancestors(cms.TagNoun, target)
	if err != nil {
		return err
	}
	if slices.Contains(above, from.ID) {
		into.ParentID = from.ParentID
	}
	into.Version++
	into.UpdatedAt = db.Now()
	if err := db.SaveTag(&into.Tag); err != nil {
		return err
	}
	return db.MergeTag(from.ID, target)
}

func (t *Tags) applyInput(db *store.DB, n *cms.TagDetail, in cms.TagInput) error {
	in.Name = cms.TrimLine(in.Name)
	in.Aliases = slices.Clone(in.Aliases)
	for i := range in.Aliases {
		in.Aliases[i] = cms.TrimLine(in.Aliases[i])
	}
	names, err := tagNames(db, n.ID, in)
	if err != nil {
		return err
	}
	slug, err := t.slugFor(db, &n.Base, in.Slug, in.Name)
	if err != nil {
		return err
	}
	parent, err := t.parentOf(db, n.ID, n.ParentID, in.Parent, cms.MaxTagDepth)
	if err != nil {
		return err
	}
	n.Slug = slug
	n.Localized = in.Localized.Canonical()
	n.Name = in.Name
	n.NameKey = names[0].Key
	n.Description = in.Description
	n.ParentID = parent
	n.Names = names
	n.Aliases = in.Aliases
	return nil
}

// tagNames returns the names of a tag, its own first. It is an error if one belongs to another tag
// or stands twice.
func tagNames(db *store.DB, id cms.ID, in cms.TagInput) ([]cms.NounName, error) {
	names := []cms.NounName{}
	for i, name := range append([]string{in.Name}, in.Aliases...) {
		field := "name"
		if i > 0 {
			field = fmt.Sprintf("aliases/%d", i-1)
		}
		key := text.NameKey(name)
		same := func(n cms.NounName) bool { return n.Key == key }
		if slices.ContainsFunc(names, same) {
			return nil, cms.FieldErrorf(cms.Invalid, field, "repeated",
				"The tag has the name %q already.", name)
		}
		owner, err := db.NounByName(cms.TagNoun, key)
		if err == nil && owner.ID != id {
			return nil, cms.FieldErrorf(cms.Duplicate, field, "taken",
				"Another tag is known as %q: %s.", name, owner.ID)
		}
		if err := ignoreNotFound(err); err != nil {
			return nil, err
		}
		names = append(names, cms.NounName{Key: key, Name: name, Slug: text.Slug(name)})
	}
	return names, nil
}

// createTagNamed returns the tag known by a name, which is created if it does not exist.
func (n *Newsroom) createTagNamed(
	db *store.DB, actor cms.Actor, name, field string,
) (cms.Ref, error) {
	tag, err := db.NounByName(cms.TagNoun, text.NameKey(name))
	if !errors.Is(err, store.ErrNotFound) {
		return tag, err
	}
	if err := actor.Check(cms.WriteTag); err != nil {
		return cms.Ref{}, err
	}
	if _, isID := cms.ParseID(name); isID {
		return cms.Ref{}, unknownNoun(db, cms.TagNoun, name, field)
	}
	input := cms.TagInput{Name: name}
	if err := input.Check(); err != nil {
		return cms.Ref{}, cms.FieldErrorf(cms.Invalid, field, "invalid",
			"%q cannot be the name of a tag: %s", name, err)
	}
	made, err := n.Tags.createIn(db, actor, input)
	if err != nil {
		return cms.Ref{}, err
	}
	return cms.Ref{ID: made.ID, Slug: made.Slug, Name: made.Name}, nil
}
