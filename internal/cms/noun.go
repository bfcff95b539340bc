package cms

import "time"

// Noun names a kind of plain noun: something around articles that is made, changed and deleted by
// itself, such as a tag or a section.
type Noun struct {
	Singular string // as sentences and cache tags have it: "section"
	Plural   string // as addresses and cache tags of lists have it: "sections"
}

// The plain nouns.
var (
	TagNoun     = Noun{"tag", "tags"}
	SectionNoun = Noun{"section", "sections"}
)

// Created returns the type of the event that a noun of the kind was created.
func (n Noun) Created() EventType { return EventType(n.Singular + ".created") }

// Revised returns the type of the event that a noun of the kind was changed.
func (n Noun) Revised() EventType { return EventType(n.Singular + ".revised") }

// Deleted returns the type of the event that a noun of the kind was deleted.
func (n Noun) Deleted() EventType { return EventType(n.Singular + ".deleted") }

// Base is what all plain nouns have. Its fields are promoted: a noun embeds it.
type Base struct {
	ID        ID    `gorm:"primaryKey"`
	Version   int64 // raised by every change
	Slug      string
	CreatedAt time.Time `gorm:"<-:create"`
	UpdatedAt time.Time `gorm:"autoUpdateTime:false"`
}

// Common returns the Base of a noun.
func (b *Base) Common() *Base { return b }

// NewBase returns the Base of a noun that is created at a time.
func NewBase(id ID, now time.Time) Base {
	return Base{ID: id, Version: 1, CreatedAt: now, UpdatedAt: now}
}

// Ref is a plain noun as others show it.
type Ref struct {
	ID   ID
	Slug string
	Name string
}

// NounQuery asks for plain nouns of one kind.
type NounQuery struct {
	NameContains string // a part of a name, folded; empty: all
	IDs          []ID
	Slugs        []string
	Sort         Sort
	Page         PageRequest
}
