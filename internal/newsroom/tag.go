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

// Tags lists tags. It folds q.NameContains.
func (n *Newsroom) Tags(ctx context.Context, actor cms.Actor,
	q cms.NounQuery) (cms.List[cms.TagDetail], error) {
	if err := n.checkRead(actor, cms.LiveView); err != nil {
		return cms.List[cms.TagDetail]{}, err
	}
	q.NameContains = text.NameKey(q.NameContains)
	return read(ctx, n, func(db *store.DB) (cms.List[cms.TagDetail], error) { return db.Tags(q) })
}

// Tag returns a tag by id or slug. For a former slug, or that of a tag merged into it, it returns
// the present slug in moved too.
func (n *Newsroom) Tag(ctx context.Context, actor cms.Actor, view cms.View,
	ref string) (tag *cms.TagDetail, moved string, err error) {
	if err := n.checkRead(actor, view); err != nil {
		return nil, "", err
	}
	err = n.store.Read(ctx, func(db *store.DB) error {
		id, isID := cms.ParseID(ref)
		if !isID {
			if id, err = db.NounBySlug(cms.TagNoun, ref); errors.Is(err, store.ErrNotFound) {
				id, err = db.NounBySlug(cms.TagNoun, normalizedSlug(ref))
			}
			if err != nil {
				return err
			}
		}
		if tag, err = db.Tag(id); err == nil && !isID && tag.Slug != ref {
			moved = tag.Slug
		}
		return err
	})
	return tag, moved, notFound(err, "tag")
}

// MakeTag creates a tag.
func (n *Newsroom) MakeTag(ctx context.Context, call Call,
	input cms.TagInput) (*cms.TagDetail, error) {
	if err := call.Actor.Check(cms.WriteTag); err != nil {
		return nil, err
	}
	if err := input.Check(); err != nil {
		return nil, err
	}
	return write(ctx, n, call, func(db *store.DB) (*cms.TagDetail, error) {
		return createTag(db, call.Actor, input)
	})
}

func createTag(db *store.DB, actor cms.Actor, input cms.TagInput) (*cms.TagDetail, error) {
	t := &cms.Tag{Base: cms.NewBase(newID(), db.Now())}
	names, slugs, err := applyTagInput(db, t, input)
	if err != nil {
		return nil, err
	}
	if err := db.AddTag(t); err != nil {
		return nil, err
	}
	if err := db.SaveTagNames(t.ID, names, slugs); err != nil {
		return nil, err
	}
	if err := db.Append(newEvent(actor, cms.TagCreated, t.ID, 1)); err != nil {
		return nil, err
	}
	return db.Tag(t.ID)
}

// ReviseTag changes a tag. Edit is called with what an editor may set, as it is, and returns what
// it is to be.
func (n *Newsroom) ReviseTag(ctx context.Context, call Call, id cms.ID,
	match cms.Precondition, edit func(cms.TagInput) (cms.TagInput, error)) (*cms.TagDetail, error) {
	if err := call.Actor.Check(cms.ReviseTag); err != nil {
		return nil, err
	}
	return write(ctx, n, call, func(db *store.DB) (*cms.TagDetail, error) {
		was, err := db.Tag(id)
		if err != nil {
			return nil, notFound(err, "tag")
		}
		input, err := edit(tagInput(was))
		if err != nil {
			return nil, err
		}
		if err := input.Check(); err != nil {
			return nil, err
		}
		if err := withChangedFields(db, match.Check(was.Version), id, match); err != nil {
			return nil, err
		}
		t := was.Tag
		names, slugs, err := applyTagInput(db, &t, input)
		if err != nil {
			return nil, err
		}
		fields := changedTag(tagInput(was), t, input)
		if len(fields) == 0 {
			return was, nil
		}
		t.Version++
		t.UpdatedAt = db.Now()
		if err := db.SaveTag(&t); err != nil {
			return nil, err
		}
		if err := db.SaveTagNames(t.ID, names, slugs); err != nil {
			return nil, err
		}
		if err := db.Append(newEvent(call.Actor, cms.TagRevised, t.ID, t.Version,
			fields...)); err != nil {
			return nil, err
		}
		return db.Tag(t.ID)
	})
}

// DeleteTag removes a tag from every article and deletes it.
func (n *Newsroom) DeleteTag(ctx context.Context, call Call, id cms.ID,
	match cms.Precondition) error {
	if err := call.Actor.Check(cms.ReviseTag); err != nil {
		return err
	}
	_, err := write(ctx, n, call, func(db *store.DB) (struct{}, error) {
		t, err := loadTagForUpdate(db, id, match)
		if err != nil {
			return struct{}{}, err
		}
		if err := db.DeleteTag(id); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, db.Append(newEvent(call.Actor, cms.TagDeleted, id, t.Version+1))
	})
	return err
}

// MergeTag merges a tag into another one (by id or slug), which is returned.
func (n *Newsroom) MergeTag(ctx context.Context, call Call, id cms.ID, match cms.Precondition,
	into string) (*cms.TagDetail, error) {
	if err := call.Actor.Check(cms.ReviseTag); err != nil {
		return nil, err
	}
	return write(ctx, n, call, func(db *store.DB) (*cms.TagDetail, error) {
		from, err := loadTagForUpdate(db, id, match)
		if err != nil {
			return nil, err
		}
		target, err := tagID(db, into)
		if errors.Is(err, store.ErrNotFound) {
			return nil, cms.FieldErrorf(cms.Invalid, "into", "unknown", "There is no tag %q.", into)
		}
		if err != nil {
			return nil, err
		}
		if target == id {
			return nil, cms.FieldErrorf(cms.Invalid, "into", "not_allowed",
				"A tag cannot be merged into itself.")
		}
		if err := mergeTag(db, from, target); err != nil {
			return nil, err
		}
		if err := db.Append(newEvent(call.Actor, cms.TagMerged, id, from.Version+1,
			string(target))); err != nil {
			return nil, err
		}
		return db.Tag(target)
	})
}

// mergeTag merges from into target and raises target's version. If target stands below from, it
// takes from's place.
func mergeTag(db *store.DB, from *cms.TagDetail, target cms.ID) error {
	into, err := db.Tag(target)
	if err != nil {
		return err
	}
	above, err := ancestors(db, target)
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

func loadTagForUpdate(db *store.DB, id cms.ID, match cms.Precondition) (*cms.TagDetail, error) {
	t, err := db.Tag(id)
	if err != nil {
		return nil, notFound(err, "tag")
	}
	return t, withChangedFields(db, match.Check(t.Version), id, match)
}

// applyTagInput sets an input on a tag. It returns the tag's names and the slugs that lead to it.
func applyTagInput(db *store.DB, t *cms.Tag, c cms.TagInput) ([]store.TagName, []string, error) {
	names, err := tagNames(db, t.ID, c)
	if err != nil {
		return nil, nil, err
	}
	slug, err := tagSlug(db, t, c)
	if err != nil {
		return nil, nil, err
	}
	parent, err := parentOf(db, t, c.Parent)
	if err != nil {
		return nil, nil, err
	}
	t.Name = c.Name
	t.NameKey = names[0].Key
	t.Slug = slug
	t.Description = c.Description
	t.ParentID = parent
	slugs := []string{slug}
	for _, alias := range c.Aliases {
		if s := text.Slug(alias); s != "" {
			slugs = append(slugs, s)
		}
	}
	return names, slugs, nil
}

// tagNames returns the folded names of a tag. It is an error if one belongs to another tag or
// stands twice.
func tagNames(db *store.DB, id cms.ID, c cms.TagInput) ([]store.TagName, error) {
	names := []store.TagName{}
	for i, name := range append([]string{c.Name}, c.Aliases...) {
		field := "name"
		if i > 0 {
			field = fmt.Sprintf("aliases/%d", i-1)
		}
		key := text.NameKey(name)
		if slices.ContainsFunc(names, func(n store.TagName) bool { return n.Key == key }) {
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
		names = append(names, store.TagName{Key: key, Name: name})
	}
	return names, nil
}

func tagSlug(db *store.DB, t *cms.Tag, c cms.TagInput) (string, error) {
	free := func(slug string) (bool, error) {
		owner, err := db.NounBySlug(cms.TagNoun, slug)
		return errors.Is(err, store.ErrNotFound) || owner == t.ID, ignoreNotFound(err)
	}
	if c.Slug != "" {
		if ok, err := free(c.Slug); ok || err != nil {
			return c.Slug, err
		}
		return "", cms.FieldErrorf(cms.Duplicate, "slug", "taken",
			"The slug %q belongs to another tag, or did once.", c.Slug)
	}
	base := text.Slug(c.Name)
	if base == "" {
		base = "tag"
	}
	if isNumbered(t.Slug, base) {
		return t.Slug, nil
	}
	return firstFree(base, free)
}

// parentOf returns the id of the parent that a reference means. It is an error if the chain of
// parents would close or grow too long.
func parentOf(db *store.DB, t *cms.Tag, ref string) (*cms.ID, error) {
	if ref == "" {
		return nil, nil
	}
	parent, err := tagID(db, ref)
	if errors.Is(err, store.ErrNotFound) {
		return nil, cms.FieldErrorf(cms.Invalid, "parent", "unknown", "There is no tag %q.", ref)
	}
	if err != nil || (t.ParentID != nil && *t.ParentID == parent) {
		return &parent, err
	}
	above, err := ancestors(db, parent)
	if err != nil {
		return nil, err
	}
	if parent == t.ID || slices.Contains(above, t.ID) {
		return nil, cms.FieldErrorf(cms.Invalid, "parent", "not_allowed",
			"A tag cannot stand below itself.")
	}
	height, err := db.TagHeight(t.ID)
	if err != nil {
		return nil, err
	}
	if len(above)+1+height > cms.MaxTagDepth {
		return nil, cms.FieldErrorf(cms.Invalid, "parent", "too_deep",
			"A chain of tags holds at most %d.", cms.MaxTagDepth)
	}
	return &parent, nil
}

// ancestors returns the tags above a tag, the nearest first.
func ancestors(db *store.DB, id cms.ID) ([]cms.ID, error) {
	var above []cms.ID
	at, err := db.ParentOf(id)
	for err == nil && at != "" && !slices.Contains(above, at) {
		above = append(above, at)
		at, err = db.ParentOf(at)
	}
	return above, err
}

// tagID returns the id of the tag that an id or slug means, ErrNotFound if there is none.
func tagID(db *store.DB, ref string) (cms.ID, error) {
	known, err := db.KnownTags([]string{ref})
	if err != nil {
		return "", err
	}
	tag, ok := known[ref]
	if !ok {
		return "", store.ErrNotFound
	}
	return tag.ID, nil
}

func tagInput(t *cms.TagDetail) cms.TagInput {
	c := cms.TagInput{Name: t.Name, Slug: t.Slug, Description: t.Description, Aliases: t.Aliases}
	if t.ParentID != nil {
		c.Parent = string(*t.ParentID)
	}
	return c
}

func changedTag(was cms.TagInput, t cms.Tag, c cms.TagInput) []string {
	is := tagInput(&cms.TagDetail{Tag: t, Aliases: c.Aliases})
	var fields []string
	for _, f := range []struct {
		name string
		same bool
	}{
		{"name", was.Name == is.Name}, {"slug", was.Slug == is.Slug},
		{"description", was.Description == is.Description},
		{"parent", was.Parent == is.Parent}, {"aliases", slices.Equal(was.Aliases, is.Aliases)},
	} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
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
	made, err := createTag(db, actor, input)
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
	near, err := db.Tags(q)
	if err != nil {
		return "", err
	}
	if len(near.Rows) == 1 {
		return near.Rows[0].Slug, nil
	}
	slugs, err := db.TagSlugs(comparedTags)
	return text.Nearest(text.Slug(ref), slugs), err
}
