package newsroom

import (
	"context"
	"errors"
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// input is what an editor may set of a noun. Check returns an Invalid error if it breaks a rule
// that needs no look at other nouns.
type input interface{ Check() error }

// Noun has the verbs of one kind of plain noun: D is the noun, P a pointer to it, and In what an
// editor may set of it. A noun that needs another verb has a function of its own, made of the same
// pieces.
type Noun[D any, P store.Common[D], In input] struct {
	kind   cms.Noun
	create cms.Permission
	revise cms.Permission
	rows   rows[D, P]
	input  func(P) In                           // what an editor may set of a noun, as it is
	apply  func(db *store.DB, n P, in In) error // sets an input on a noun, which is saved behind it

	newsroom *Newsroom
}

// rows are where the nouns of a kind are stored.
type rows[D any, P any] interface {
	List(db *store.DB, q cms.NounQuery) (cms.List[D], error)
	ByID(db *store.DB, id cms.ID) (P, error)
	Create(db *store.DB, n P) error
	Update(db *store.DB, n P) error
	Delete(db *store.DB, id cms.ID) error
}

// List returns a page of nouns. It folds q.NameContains.
func (v *Noun[D, P, In]) List(ctx context.Context, actor cms.Actor,
	q cms.NounQuery) (cms.List[D], error) {
	if err := v.newsroom.checkRead(actor, q.View); err != nil {
		return cms.List[D]{}, err
	}
	q.NameContains = text.NameKey(q.NameContains)
	return read(ctx, v.newsroom, questionClass(actor, q.NameContains != ""),
		func(db *store.DB) (cms.List[D], error) {
			return v.rows.List(db, q)
		})
}

// Get returns a noun by id or slug. For a former slug, and for the id of a noun that was merged
// into it, it returns the present slug in moved too.
func (v *Noun[D, P, In]) Get(ctx context.Context, actor cms.Actor, view cms.View,
	ref string) (n *D, moved string, err error) {
	return v.get(ctx, actor, view, ref, v.rows.ByID)
}

// get returns Get of a noun that byID reads.
func (v *Noun[D, P, In]) get(ctx context.Context, actor cms.Actor, view cms.View, ref string,
	byID func(*store.DB, cms.ID) (P, error)) (n *D, moved string, err error) {
	if err := v.newsroom.checkRead(actor, view); err != nil {
		return nil, "", err
	}
	err = v.newsroom.store.Read(ctx, classOf(actor), func(db *store.DB) error {
		id, isID := cms.ParseID(ref)
		if !isID {
			if id, err = db.NounBySlug(v.kind, ref); errors.Is(err, store.ErrNotFound) {
				id, err = db.NounBySlug(v.kind, cms.NormalSlug(ref))
			}
			if err != nil {
				return err
			}
		}
		found, err := byID(db, id)
		merged := isID && errors.Is(err, store.ErrNotFound)
		if merged {
			found, err = v.takerOf(db, id, byID)
		}
		if err != nil {
			return err
		}
		if slug := found.PresentSlug(); (merged || !isID) && slug != ref {
			moved = slug
		}
		n = found
		return nil
	})
	return n, moved, notFound(err, v.kind.Singular)
}

// takerOf returns the noun that one was merged into, which byID reads; ErrNotFound if it was not
// merged.
func (v *Noun[D, P, In]) takerOf(db *store.DB, id cms.ID,
	byID func(*store.DB, cms.ID) (P, error)) (P, error) {
	if _, merges := cms.ReferenceTo(v.kind.Plural); !merges {
		return nil, store.ErrNotFound
	}
	known, err := db.KnownNouns(v.kind, []string{string(id)})
	if err != nil {
		return nil, err
	}
	taker, ok := known[string(id)]
	if !ok {
		return nil, store.ErrNotFound
	}
	return byID(db, taker.ID)
}

// Create creates a noun.
func (v *Noun[D, P, In]) Create(ctx context.Context, call Call, in In) (*D, error) {
	if err := call.Actor.Check(v.create); err != nil {
		return nil, err
	}
	if err := in.Check(); err != nil {
		return nil, err
	}
	return write(ctx, v.newsroom, call, func(db *store.DB) (*D, error) {
		return v.createIn(db, call.Actor, in)
	})
}

// createIn returns Create in a transaction, after the checks.
func (v *Noun[D, P, In]) createIn(db *store.DB, actor cms.Actor, in In) (P, error) {
	n := P(new(D))
	base := n.Common()
	*base = cms.NewRecord(newID(), db.Now())
	if err := v.apply(db, n, in); err != nil {
		return nil, err
	}
	if err := v.rows.Create(db, n); err != nil {
		return nil, err
	}
	return v.recordNew(db, actor, n)
}

// recordNew appends the event of a new noun, and returns it as it is.
func (v *Noun[D, P, In]) recordNew(db *store.DB, actor cms.Actor, n P) (P, error) {
	var none In
	base, is := n.Common(), v.input(n)
	fields := cms.ChangedFields(none, is)
	e, err := withValues(newEvent(actor, v.kind.Created(), base.ID, base.Version, fields...),
		nil, cms.FieldValues(is, fields))
	if err != nil {
		return nil, err
	}
	if err := db.Append(e); err != nil {
		return nil, err
	}
	return v.rows.ByID(db, base.ID)
}

// Revise changes a noun. Edit is called with what an editor may set, as it is, and returns what it
// is to be.
func (v *Noun[D, P, In]) Revise(ctx context.Context, call Call, id cms.ID,
	match cms.Precondition, edit func(In) (In, error)) (*D, error) {
	if err := call.Actor.Check(v.revise); err != nil {
		return nil, err
	}
	return write(ctx, v.newsroom, call, func(db *store.DB) (*D, error) {
		n, err := v.rows.ByID(db, id)
		if err != nil {
			return nil, notFound(err, v.kind.Singular)
		}
		in, err := edit(v.input(n))
		if err != nil {
			return nil, err
		}
		if err := in.Check(); err != nil {
			return nil, err
		}
		err = withChangedFields(db, match.Check(n.Common().Version), id, match)
		if err != nil {
			return nil, err
		}
		return v.applyTo(db, call.Actor, n, in)
	})
}

// applyTo sets a checked input on a noun, and saves it if anything changes.
func (v *Noun[D, P, In]) applyTo(db *store.DB, actor cms.Actor, n P, in In) (P, error) {
	was := v.input(n)
	if err := v.apply(db, n, in); err != nil {
		return nil, err
	}
	fields := cms.ChangedFields(was, v.input(n))
	if len(fields) == 0 {
		return v.rows.ByID(db, n.Common().ID) // without what was set and is not saved
	}
	return v.update(db, actor, n, was, fields)
}

// update saves a noun of which fields have changed with its next version, and appends the event.
func (v *Noun[D, P, In]) update(
	db *store.DB, actor cms.Actor, n P, was In, fields []string,
) (P, error) {
	base := n.Common()
	base.Version++
	base.UpdatedAt = db.Now()
	if err := v.rows.Update(db, n); err != nil {
		return nil, err
	}
	e, err := withValues(newEvent(actor, v.kind.Revised(), base.ID, base.Version, fields...),
		cms.FieldValues(was, fields), cms.FieldValues(v.input(n), fields))
	if err != nil {
		return nil, err
	}
	if err := db.Append(e); err != nil {
		return nil, err
	}
	return v.rows.ByID(db, base.ID)
}

// Delete deletes a noun. What refers to it loses it.
func (v *Noun[D, P, In]) Delete(ctx context.Context, call Call, id cms.ID,
	match cms.Precondition) error {
	if err := call.Actor.Check(v.revise); err != nil {
		return err
	}
	_, err := write(ctx, v.newsroom, call, func(db *store.DB) (none struct{}, err error) {
		n, err := v.loadForUpdate(db, id, match)
		if err != nil {
			return none, err
		}
		if _, err := v.moveOf(db, id, ""); err != nil {
			return none, err
		}
		return none, v.deleteIn(db, call.Actor, n)
	})
	return err
}

// deleteIn returns Delete in a transaction, after the checks.
func (v *Noun[D, P, In]) deleteIn(db *store.DB, actor cms.Actor, n P) error {
	base := *n.Common()
	if err := v.rows.Delete(db, base.ID); err != nil {
		return err
	}
	if err := db.DeleteTasksAbout(base.ID); err != nil {
		return err
	}
	return db.Append(newEvent(actor, v.kind.Deleted(), base.ID, base.Version+1))
}

// loadForUpdate loads a noun and checks match against its version.
func (v *Noun[D, P, In]) loadForUpdate(db *store.DB, id cms.ID, match cms.Precondition) (P, error) {
	n, err := v.rows.ByID(db, id)
	if err != nil {
		return nil, notFound(err, v.kind.Singular)
	}
	return n, withChangedFields(db, match.Check(n.Common().Version), id, match)
}

// slugFor returns the slug of a noun: the one asked for if it is free, the present one if it was
// made from the same name, else a new one made from the name.
func (v *Noun[D, P, In]) slugFor(db *store.DB, base *cms.Base, asked, name string) (string, error) {
	free := func(slug string) (bool, error) { return db.SlugIsFree(v.kind, slug, base.ID) }
	if asked != "" {
		if ok, err := free(asked); ok || err != nil {
			return asked, err
		}
		return "", cms.FieldErrorf(cms.Duplicate, "slug", "taken",
			"The slug %q belongs to another %s, or did once.", asked, v.kind.Singular)
	}
	made := text.Slug(name)
	if made == "" {
		made = v.kind.Singular
	}
	if isNumbered(base.Slug, made) {
		return base.Slug, nil
	}
	return firstFree(made, free)
}

// parentOf returns the id of the parent that a reference means. It is an error if the chain of
// parents would close or hold more than most nouns.
func (v *Noun[D, P, In]) parentOf(db *store.DB, id cms.ID, now *cms.ID, ref string,
	most int) (*cms.ID, error) {
	if ref == "" {
		return nil, nil
	}
	parent, err := v.resolve(db, ref)
	if errors.Is(err, store.ErrNotFound) {
		return nil, cms.FieldErrorf(cms.Invalid, "parent", "unknown", "There is no %s %q.",
			v.kind.Singular, ref)
	}
	if err != nil || (now != nil && *now == parent) {
		return &parent, err
	}
	above, err := db.Ancestors(v.kind, parent)
	if err != nil {
		return nil, err
	}
	if parent == id || slices.Contains(above, id) {
		return nil, cms.FieldErrorf(cms.Invalid, "parent", "not_allowed",
			"A %s cannot stand below itself.", v.kind.Singular)
	}
	height, err := db.Height(v.kind, id, most)
	if err != nil {
		return nil, err
	}
	if len(above)+1+height > most {
		return nil, cms.FieldErrorf(cms.Invalid, "parent", "too_deep",
			"A chain of %s holds at most %d.", v.kind.Plural, most)
	}
	return &parent, nil
}

// resolve returns the id of the noun that an id or a slug, present or former, means; ErrNotFound if
// there is none.
func (v *Noun[D, P, In]) resolve(db *store.DB, ref string) (cms.ID, error) {
	id, ok := cms.ParseID(ref)
	if !ok {
		return db.NounBySlug(v.kind, ref)
	}
	n, err := v.rows.ByID(db, id)
	if err != nil {
		return "", err
	}
	return n.Common().ID, nil
}
