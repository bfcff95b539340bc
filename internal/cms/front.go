package cms

import (
	"fmt"
	"slices"
	"time"
)

// Front is a page that is made of collections, such as the front page.
type Front struct {
	Base    `gorm:"embedded"`
	Name    string
	NameKey string // the name folded for comparing
	Slots   []Slot `gorm:"-"`
}

// Slot is a part of a front: the first rows of a collection.
type Slot struct {
	FrontID      ID
	Since        int64 // the version of the front that it is so from
	Position     int   // from 1
	Name         string
	CollectionID ID
	Limit        int
	Repeat       bool       // whether it shows what stands further up on the front, too
	ValidFrom    time.Time  // since when it is so
	ValidUntil   *time.Time // until when it was so; nil: it still is
	Collection   Ref        // as it is called now
}

// SlotInput is a part of a front as it is written.
type SlotInput struct {
	Name       string
	Collection string // id or slug
	Limit      int
	Repeat     bool
}

// FrontInput is what an editor may set of a front.
type FrontInput struct {
	Name      string
	Slug      string // empty: made from the name
	Slots     []SlotInput
	Localized Localized
}

// The limits of a front.
const (
	MaxFrontName     = 100
	MaxSlots         = 30
	MaxSlotName      = 100
	MaxSlotLimit     = 50
	DefaultSlotLimit = 10
	MaxFrontRows     = 300 // of all slots
)

// Cursor returns where the front stands in an order.
func (n *Front) Cursor(sort Sort) Cursor {
	if sort.By == "name" {
		return Cursor{ID: n.ID, Text: n.NameKey}
	}
	return Cursor{ID: n.ID, Time: n.UpdatedAt}
}

// Input returns what an editor may set of the front, as it is.
func (n *Front) Input() FrontInput {
	in := FrontInput{
		Name:      n.Name,
		Slug:      n.Slug,
		Slots:     make([]SlotInput, len(n.Slots)),
		Localized: n.Localized,
	}
	for i, s := range n.Slots {
		in.Slots[i] = SlotInput{s.Name, string(s.CollectionID), s.Limit, s.Repeat}
	}
	return in
}

// Check returns an Invalid error if the front breaks a rule.
func (in FrontInput) Check() error {
	var f fieldErrors
	f.required("name", in.Name)
	f.line("name", in.Name, MaxFrontName)
	f.slug("slug", in.Slug)
	f.count("slots", len(in.Slots), MaxSlots)
	rows := 0
	for i, s := range in.Slots[:min(len(in.Slots), MaxSlots)] {
		at := itemPath("slots", i)
		f.line(at+"/name", s.Name, MaxSlotName)
		f.required(at+"/collection", s.Collection)
		f.line(at+"/collection", s.Collection, MaxRef)
		f.within(at+"/limit", int64(s.Limit), 1, MaxSlotLimit)
		rows += min(s.Limit, MaxSlotLimit)
	}
	if rows > MaxFrontRows {
		f.add("slots", "too_many", "The limits of all slots make %d rows; %d are allowed.", rows,
			MaxFrontRows)
	}
	f.localized(in.Localized)
	return InvalidFields(f)
}

// SlotsDiffer reports whether two inputs lay a front out differently.
func SlotsDiffer(a, b FrontInput) bool { return !slices.Equal(a.Slots, b.Slots) }

// SameSlots reports whether slots lay a front out in the same way.
func SameSlots(a, b []Slot) bool {
	return slices.EqualFunc(a, b, func(a, b Slot) bool {
		return a.Name == b.Name && a.CollectionID == b.CollectionID && a.Limit == b.Limit &&
			a.Repeat == b.Repeat
	})
}

// PlaceOf returns where a collection stands on a front, for sentences.
func PlaceOf(front string, s Slot) string {
	if s.Name == "" {
		return fmt.Sprintf("%s (slot %d)", front, s.Position)
	}
	return fmt.Sprintf("%s (%s)", front, s.Name)
}
