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
	if err := call.Actor.Check(cms.ReviseTag); err != nil {
		return nil, err
	}
	err := t.moveArticles(ctx, id, func(db *store.DB) (cms.ID, error) {
		_, target, err := t.mergedInto(db, id, match, into)
		return target, err
	})
	if err != nil {
		return nil, err
	}
	return write(ctx, t.newsroom, call, func(db *store.DB) (*cms.TagDetail, error) {
		from, target, err := t.mergedInto(db, id, match, into)
		if err != nil {
			return nil, err
		}
		if err := mergeTag(db, from, target); err != nil {
			return nil, err
		}
		e := newEvent(call.Actor, cms.TagMerged, id, from.Version+1, string(target))
		if err := db.Append(e); err != nil {
			return nil, err
		}
		return store.Tags{}.ByID(db, target)
	})
}

// mergedInto loads a tag and the id of the one that it is to be merged into. It is an error if that
// cannot be.
func (t *Tags) mergedInto(db *store.DB, id cms.ID, match cms.Precondition,
	into string) (from *cms.TagDetail, target cms.ID, err error) {
	if from, err = t.loadForUpdate(db, id, match); err != nil {
		return nil, "", err
	}
	target, err = t.resolve(db, into)
	if errors.Is(err, store.ErrNotFound) {
		err = cms.FieldErrorf(cms.Invalid, "into", "unknown", "There is no tag %q.", into)
	} else if err == nil && target == id {
		err = cms.FieldErrorf(cms.Invalid, "into", "not_allowed",
			"A tag cannot be merged into itself.")
	}
	return from, target, err
}

// Delete takes a tag off every article and deletes it.
func (t *Tags) Delete(ctx context.Context, call Call, id cms.ID, match cms.Precondition) error {
	if err := call.Actor.Check(t.revise); err != nil {
		return err
	}
	err := t.moveArticles(ctx, id, func(db *store.DB) (none cms.ID, err error) {
		_, err = t.loadForUpdate(db, id, match)
		return none, err
	})
	if err != nil {
		return err
	}
	return t.Noun.Delete(ctx, call, id, match)
}

// tagSlice is how many articles lose a tag in one transaction, since other writers wait.
const tagSlice = 250

// moveArticles takes a tag that many articles carry off most of them, before it is merged or
// deleted. Into returns the tag that they get instead, if any, or an error if the change may not be
// made. Each slice is a transaction, in which all counts are right, and other writes go on between
// two. A change that is broken off halfway is finished by making it again.
func (t *Tags) moveArticles(ctx context.Context, id cms.ID,
	into func(db *store.DB) (cms.ID, error)) error {
	var more bool
	err := t.newsroom.store.Read(ctx, store.Editorial, func(db *store.DB) error {
		if _, err := into(db); err != nil {
			return nil // the change itself returns it, unless it was made before
		}
		var err error
		more, err = db.IsOnMore(id, tagSlice)
		return err
	})
	for more && err == nil {
		err = t.newsroom.store.Write(ctx, func(db *store.DB) error {
			target, err := into(db)
			if err != nil {
				return err
			}
			more, err = db.MoveTag(id, target, tagSlice)
			return err
		})
	}
	return err
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
func tagNames(db *store.DB, id cms.ID, in cms.TagInput) ([]cms.TagName, error) {
	names := []cms.TagName{}
	for i, name := range append([]string{in.Name}, in.Aliases...) {
		field := "name"
		if i > 0 {
			field = fmt.Sprintf("aliases/%d", i-1)
		}
		key := text.NameKey(name)
		same := func(n cms.TagName) bool { return n.Key == key }
		if slices.ContainsFunc(names, same) {
			return nil, cms.FieldErrorf(cms.Invalid, field, "repeated",
				"The tag has the name %q already.", name)
		}
		owner, err := db.TagByName(key)
		if err == nil && owner.ID != id {
			return nil, cms.FieldErrorf(cms.Duplicate, field, "taken",
				"Another tag is known as %q: %s.", name, owner.ID)
		}
		if err := ignoreNotFound(err); err != nil {
			return nil, err
		}
		names = append(names, cms.TagName{Key: key, Name: name, Slug: text.Slug(name)})
	}
	return names, nil
}

// comparedTags is how many slugs a misspelled reference is compared with.
const comparedTags = 2000

// tagsFor returns the tags that an article's references mean, in order. With create, those that do
// not exist are created; else they are errors with a suggestion.
func (n *Newsroom) tagsFor(db *store.DB, actor cms.Actor, refs []string,
	create bool) ([]cms.Ref, error) {
	tags := make([]cms.Ref, 0, len(refs))
	if len(refs) == 0 {
		return tags, nil
	}
	known, err := db.KnownTags(refs)
	if err != nil {
		return nil, err
	}
	for i, ref := range refs {
		tag, ok := known[ref]
		if !ok {
			if tag, err = n.tagNamed(db, actor, ref, fmt.Sprintf("tags/%d", i),
				create); err != nil {
				return nil, err
			}
		}
		if slices.ContainsFunc(tags, func(t cms.Ref) bool { return t.ID == tag.ID }) {
			return nil, cms.FieldErrorf(cms.Invalid, fmt.Sprintf("tags/%d", i), "repeated",
				"The tag %q stands twice in the list.", ref)
		}
		tags = append(tags, tag)
	}
	return tags, nil
}

func tagIDs(tags []cms.Ref) []cms.ID {
	ids := make([]cms.ID, len(tags))
	for i, t := range tags {
		ids[i] = t.ID
	}
	return ids
}

// tagNamed returns the tag known by a name. With create, it is created if it does not exist.
func (n *Newsroom) tagNamed(db *store.DB, actor cms.Actor, name, field string,
	create bool) (cms.Ref, error) {
	tag, err := db.TagByName(text.NameKey(name))
	if create && !errors.Is(err, store.ErrNotFound) {
		return tag, err
	}
	if err := ignoreNotFound(err); err != nil {
		return cms.Ref{}, err
	}
	if !create {
		return cms.Ref{}, unknownTag(db, tag.ID, name, field)
	}
	if err := actor.Check(cms.WriteTag); err != nil {
		return cms.Ref{}, err
	}
	input := cms.TagInput{Name: name}
	if _, isID := cms.ParseID(name); isID {
		return cms.Ref{}, unknownTag(db, "", name, field)
	}
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

// unknownTag returns the error for a reference to a tag that does not exist, with the nearest that
// does. Named is the tag whose name, not slug, was sent; it may be empty.
func unknownTag(db *store.DB, named cms.ID, ref, field string) error {
	near, err := nearestTag(db, named, ref)
	if err != nil {
		return err
	}
	suggestion := ""
	if near != "" {
		suggestion = fmt.Sprintf(" Did you mean %q?", near)
	}
	return cms.FieldErrorf(cms.Invalid, field, "unknown", "There is no tag %q.%s", ref, suggestion).
		WithFieldHint(cms.HintCreateTag)
}

// nearestTag returns the slug of the tag that was most likely meant: the one with that name, else
// the most used one whose name contains the reference, else one with a similar slug; "" if there is
// none.
func nearestTag(db *store.DB, named cms.ID, ref string) (string, error) {
	q := cms.NounQuery{NameContains: text.NameKey(ref),
		Sort: cms.Sort{By: "article_count", Descending: true}, Page: cms.PageRequest{Limit: 1}}
	if named != "" {
		q = cms.NounQuery{IDs: []cms.ID{named}, Sort: q.Sort, Page: q.Page}
	}
	near, err := store.Tags{}.List(db, q)
	if err != nil {
		return "", err
	}
	if len(near.Rows) == 1 {
		return near.Rows[0].Slug, nil
	}
	slugs, err := db.TagSlugs(comparedTags)
	return text.Nearest(text.Slug(ref), slugs), err
}
