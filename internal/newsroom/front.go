package newsroom

import (
	"context"
	"errors"
	"fmt"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// Fronts are the verbs of fronts.
type Fronts struct {
	Noun[cms.Front, *cms.Front, cms.FrontInput]
}

func newFronts(n *Newsroom) *Fronts {
	f := &Fronts{Noun[cms.Front, *cms.Front, cms.FrontInput]{
		kind:     cms.FrontNoun,
		create:   cms.WriteFront,
		revise:   cms.WriteFront,
		rows:     store.NewFronts(),
		input:    (*cms.Front).Input,
		newsroom: n,
	}}
	f.apply = f.applyInput
	return f
}

// Show returns a front by id or slug with what readers see in its slots. For a former slug it
// returns the present one in moved.
func (f *Fronts) Show(ctx context.Context, actor cms.Actor, view cms.View,
	ref string) (shown *cms.FrontRows, moved string, err error) {
	front, moved, err := f.Get(ctx, actor, view, ref)
	if err != nil || moved != "" {
		return nil, moved, err
	}
	ids := make([]cms.ID, len(front.Slots))
	for i, slot := range front.Slots {
		ids[i] = slot.CollectionID
	}
	collections, err := read(ctx, f.newsroom, classOf(actor),
		func(db *store.DB) (map[cms.ID]*cms.Collection, error) {
			return f.newsroom.Collections.rows.ByIDs(db, ids)
		})
	if err != nil {
		return nil, "", err
	}
	shown = &cms.FrontRows{Front: *front}
	shown.Slots = nil
	var places []place
	for _, slot := range front.Slots {
		if c := collections[slot.CollectionID]; c != nil { // not deleted meanwhile
			shown.Slots = append(shown.Slots, slot)
			places = append(places, place{c, slot.Limit, slot.Repeat})
		}
	}
	shown.Rows, shown.Shown, err = f.newsroom.rowsOf(ctx, actor, places, cms.Parts{})
	shown.ShowFront(front)
	return shown, "", err
}

// Revise changes a front. A change of its slots must name the version it is for.
func (f *Fronts) Revise(ctx context.Context, call Call, id cms.ID, match cms.Precondition,
	edit func(cms.FrontInput) (cms.FrontInput, error)) (*cms.Front, error) {
	return f.Noun.Revise(ctx, call, id, match, func(was cms.FrontInput) (cms.FrontInput, error) {
		in, err := edit(was)
		if err == nil && match.None() && cms.SlotsDiffer(was, in) {
			err = match.Require(0)
		}
		return in, err
	})
}

func (f *Fronts) applyInput(db *store.DB, n *cms.Front, in cms.FrontInput) error {
	slug, err := f.slugFor(db, &n.Base, in.Slug, in.Name)
	if err != nil {
		return err
	}
	slots := make([]cms.Slot, len(in.Slots))
	for i, s := range in.Slots {
		id, err := f.newsroom.Collections.resolve(db, s.Collection)
		if errors.Is(err, store.ErrNotFound) {
			err = cms.FieldErrorf(cms.Invalid, fmt.Sprintf("slots/%d/collection", i), "unknown",
				"There is no collection %q.", s.Collection)
		}
		if err != nil {
			return err
		}
		slots[i] = cms.Slot{
			Name:         cms.TrimLine(s.Name),
			CollectionID: id,
			Limit:        s.Limit,
			Repeat:       s.Repeat,
		}
	}
	n.Slug = slug
	n.Localized = in.Localized.Canonical()
	n.Name = cms.TrimLine(in.Name)
	n.NameKey = text.NameKey(n.Name)
	n.Slots = slots
	return nil
}
