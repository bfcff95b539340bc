package api

import (
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// Front is a page that is made of collections, without what stands in them.
type Front struct {
	NounRef
	// What it is called in other languages, by locale (BCP 47).
	Localized map[string]LocalizedFront `json:"localized" maxProperties:"50" examplejson:"{\"ar\": {\"name\": \"الصفحة الأولى\"}}"`
	// Its parts, from the top.
	Slots []Slot `json:"slots" maxItems:"30"`
	NounTimes
} // @name Front

// Slot is a part of a front: the first rows of a collection.
type Slot struct {
	// Name of the part.
	Name *string `json:"name" minLength:"1" maxLength:"100" example:"Top"`
	// The collection whose rows are shown.
	Collection SlotCollection `json:"collection"`
	// How many rows are shown at most.
	Limit int `json:"limit" minimum:"1" maximum:"50" example:"10"`
	// Whether what stands further up on the front is shown here, too.
	Repeat bool `json:"repeat" example:"false"`
} // @name Slot

// SlotCollection is the collection whose rows are shown in a slot.
type SlotCollection struct {
	NounRef
} // @name SlotCollection

// FilledFront is a front with what stands on it.
type FilledFront struct {
	NounRef
	// What it is called in other languages, by locale (BCP 47).
	Localized map[string]LocalizedFront `json:"localized" maxProperties:"50" examplejson:"{\"ar\": {\"name\": \"الصفحة الأولى\"}}"`
	// Its parts, from the top.
	Slots []FilledSlot `json:"slots" maxItems:"30"`
	NounTimes
} // @name FilledFront

// FilledSlot is a part of a front with what stands in it.
type FilledSlot struct {
	Slot
	// What stands in it, as in the list of articles of the collection. Nothing stands twice on a
	// front, unless repeat says so.
	Rows []Row `json:"rows" maxItems:"50"`
} // @name FilledSlot

// FrontInput is a front as it is written.
type FrontInput struct {
	NounInput
	// Its parts, from the top; their limits make at most 300 rows. A change of them needs If-Match.
	// Default: none.
	Slots *[]SlotInput `json:"slots,omitempty" maxItems:"30" extensions:"x-nullable"`
	// What it shall be called in other languages, by locale (BCP 47). One without words
	// is taken away.
	Localized *map[string]LocalizedFrontInput `json:"localized,omitempty" maxProperties:"50" extensions:"x-nullable" examplejson:"{\"ar\": {\"name\": \"الصفحة الأولى\"}}"`
} // @name FrontInput

// SlotInput is a part of a front as it is written.
type SlotInput struct {
	// Name of the part.
	Name *string `json:"name,omitempty" maxLength:"100" form:"line" extensions:"x-nullable" example:"Top"`
	// The collection whose rows are shown, by id or slug.
	Collection string `json:"collection" minLength:"1" maxLength:"240" example:"lead-stories"`
	// How many rows are shown at most. Default: 10.
	Limit *int `json:"limit,omitempty" minimum:"1" maximum:"50" extensions:"x-nullable" example:"10"`
	// Show what stands further up on the front, too. Default: false.
	Repeat *bool `json:"repeat,omitempty" extensions:"x-nullable" example:"false"`
} // @name SlotInput

// fronts is how fronts travel.
var fronts = func() *rest.Noun[cms.Front, cms.FrontInput, FrontInput] {
	n := rest.NewNoun(cms.FrontNoun, newFront, (*FrontInput).input, toFrontInput)
	n.AllTags = cms.FrontLists
	return n
}()

// filledFronts is how fronts travel with what stands on them.
func (s *Server) filledFronts() *rest.Noun[cms.FrontRows, cms.FrontInput, FrontInput] {
	n := rest.NewNoun(cms.FrontNoun, s.newFilledFront, (*FrontInput).input, toFrontInput)
	n.OneTags = func(f *cms.FrontRows) []cms.CacheTag { return f.Tags }
	n.Until = func(f *cms.FrontRows) time.Time { return f.Until }
	return n
}

// newFront returns a front as callers see it in lists and once they have changed it.
func newFront(f *cms.Front) Front {
	out := Front{
		NounRef:   nounHead(&f.Base, f.Name),
		Localized: localized(f.Localized, newLocalizedFront),
		Slots:     make([]Slot, len(f.Slots)),
		NounTimes: nounTimes(&f.Record),
	}
	for i, slot := range f.Slots {
		out.Slots[i] = newSlot(slot)
	}
	return out
}

func newSlot(s cms.Slot) Slot {
	return Slot{nilIfEmpty(s.Name), SlotCollection{newRef(s.Collection)}, s.Limit, s.Repeat}
}

// newFilledFront returns a front with what stands on it.
func (s *Server) newFilledFront(f *cms.FrontRows) FilledFront {
	front := newFront(&f.Front)
	out := FilledFront{
		NounRef:   front.NounRef,
		Localized: front.Localized,
		Slots:     make([]FilledSlot, len(front.Slots)),
		NounTimes: front.NounTimes,
	}
	for i, slot := range front.Slots {
		out.Slots[i] = FilledSlot{slot, s.wholeRows(f.Rows[i], cms.Parts{})}
	}
	return out
}

// input returns what the body of a front sets.
func (in *FrontInput) input() cms.FrontInput {
	slots := deref(in.Slots)
	out := cms.FrontInput{
		Name:      in.Name,
		Slug:      deref(in.Slug),
		Localized: localizedInput(in.Localized, LocalizedFrontInput.words),
		Slots:     make([]cms.SlotInput, len(slots)),
	}
	for i, slot := range slots {
		out.Slots[i] = cms.SlotInput{
			Name:       deref(slot.Name),
			Collection: slot.Collection,
			Limit:      cms.DefaultSlotLimit,
			Repeat:     deref(slot.Repeat),
		}
		if slot.Limit != nil {
			out.Slots[i].Limit = *slot.Limit
		}
	}
	return out
}

// toFrontInput returns the inverse of input.
func toFrontInput(in cms.FrontInput) FrontInput {
	slots := make([]SlotInput, len(in.Slots))
	for i, slot := range in.Slots {
		slots[i] = SlotInput{nilIfEmpty(slot.Name), slot.Collection, &slot.Limit, &slot.Repeat}
	}
	return FrontInput{
		NounInput: NounInput{in.Name, nilIfEmpty(in.Slug)},
		Slots:     &slots,
		Localized: writtenLocalized(in.Localized, toLocalizedFrontInput),
	}
}

// listFronts lists fronts.
//
// @Description Lists all fronts by name, without what stands on them.
// @Kind listNouns front
// @Query namedListParams
// @Router /v1/fronts [get]
func (s *Server) listFronts(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readNamedList.Read(q)
	return listNouns(s, c, q, fronts, params.nounListParams, rest.ParseSort(params.Sort),
		s.newsroom.Fronts.List)
}

// getFront shows one front.
//
// @Description Answers a front by its id or slug with all that stands on it. Each slot has the first rows of its collection; an article, or a page elsewhere, stands once on a front, in the first slot that has it, unless a slot says repeat. A slug it had before leads to the present one. The answer changes by itself when an item begins or ends. With view=draft, which needs a credential, the ETag is its version, for If-Match.
// @Kind getNoun front
// @Success 200 {object} FilledFront "The front."
// @Router /v1/fronts/{ref} [get]
func (s *Server) getFront(c echo.Context) error {
	return getNoun(s, c, s.filledFronts(), s.newsroom.Fronts.Show)
}

// createFront makes a front.
//
// @Kind createNoun front
// @Router /v1/fronts [post]
func (s *Server) createFront(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Create(s.Server, c, repeatable, fronts, s.newsroom.Fronts.Create)
}

// updateFront changes a front.
//
// @Description Changes the named fields of a front (JSON Merge Patch, RFC 7396): null brings a field back to its default. Slots are replaced whole; a change of them needs If-Match. A slug it had keeps leading to it.
// @Kind patchNoun front
// @Failure 428 {object} rest.Problem "Slots are changed, and If-Match is missing."
// @Router /v1/fronts/{ref} [patch]
func (s *Server) updateFront(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Patch(s.Server, c, repeatable, fronts, s.newsroom.Fronts.Revise)
}

// deleteFront removes a front.
//
// @Kind deleteNoun front
// @Failure 409 {object} rest.Problem "It is the home of the site."
// @Router /v1/fronts/{ref} [delete]
func (s *Server) deleteFront(c echo.Context) error {
	return rest.Delete(s.Server, c, s.newsroom.Fronts.Delete)
}
