package cms

import (
	"strings"
	"time"
)

// Noun names a kind of plain noun: something around articles that is made, changed and deleted by
// itself, such as a tag or a section.
type Noun struct {
	Singular string // as sentences and cache tags have it: "section"
	Plural   string // as addresses and cache tags of lists have it: "sections"
}

// The plain nouns.
var (
	TagNoun        = Noun{"tag", "tags"}
	SectionNoun    = Noun{"section", "sections"}
	AuthorNoun     = Noun{"author", "authors"}
	AlertNoun      = Noun{"alert", "alerts"}
	CollectionNoun = Noun{"collection", "collections"}
	FrontNoun      = Noun{"front", "fronts"}
	CorrectionNoun = Noun{"correction", "corrections"}
	RedirectNoun   = Noun{"redirect", "redirects"}
	MediumNoun     = Noun{"medium", "media"}
)

// WithArticle returns the singular behind its article: "a section".
func (n Noun) WithArticle() string {
	if strings.ContainsRune("aeiou", rune(n.Singular[0])) {
		return "an " + n.Singular
	}
	return "a " + n.Singular
}

// WithCapital returns the singular behind its article at the beginning of a sentence.
func (n Noun) WithCapital() string { return "A" + n.WithArticle()[1:] }

// Created returns the type of the event that a noun of the kind was created.
func (n Noun) Created() EventType { return EventType(n.Singular + ".created") }

// Merged returns the type of the event that a noun of the kind was merged into another.
func (n Noun) Merged() EventType { return EventType(n.Singular + ".merged") }

// Revised returns the type of the event that a noun of the kind was changed.
func (n Noun) Revised() EventType { return EventType(n.Singular + ".revised") }

// Deleted returns the type of the event that a noun of the kind was deleted.
func (n Noun) Deleted() EventType { return EventType(n.Singular + ".deleted") }

// Record is what all plain nouns have. Its fields are promoted: a noun embeds it, or Base.
type Record struct {
	ID        ID        `gorm:"primaryKey"`
	Version   int64     // raised by every change
	CreatedAt time.Time `gorm:"<-:create"`
	UpdatedAt time.Time `gorm:"autoUpdateTime:false"`
}

// Common returns the Record of a noun.
func (r *Record) Common() *Record { return r }

// PresentSlug returns the slug of a noun that has none.
func (r *Record) PresentSlug() string { return "" }

// SetURL is called with the address of a noun's page; one without a slug has none.
func (r *Record) SetURL(string) {}

// NewRecord returns the Record of a noun that is created at a time.
func NewRecord(id ID, now time.Time) Record {
	return Record{ID: id, Version: 1, CreatedAt: now, UpdatedAt: now}
}

// place returns where a noun with a name and a count of articles stands in an order.
func (r *Record) place(sort Sort, nameKey string, articles int64) Cursor {
	switch sort.By {
	case "updated_at":
		return Cursor{ID: r.ID, Time: r.UpdatedAt}
	case "article_count":
		return Cursor{ID: r.ID, Number: articles}
	}
	return Cursor{ID: r.ID, Text: nameKey}
}

// Base is the Record of a noun that has a slug.
type Base struct {
	Record    `gorm:"embedded"`
	Slug      string
	Localized Localized `gorm:"serializer:json"`
	URL       string    `gorm:"-"` // of its page; empty if it has none
}

// PresentSlug returns the slug of a noun.
func (b *Base) PresentSlug() string { return b.Slug }

// SetURL sets the address of a noun's page.
func (b *Base) SetURL(url string) { b.URL = url }

// NewBase returns the Base of a noun that is created at a time.
func NewBase(id ID, now time.Time) Base { return Base{Record: NewRecord(id, now)} }

// Ref is a plain noun as others show it.
type Ref struct {
	ID   ID
	Slug string
	Name string
	Path string // of a section: the slugs from the top to it
	URL  string // of its page; empty if it has none

	ImageID   ID // empty: it has no picture
	Localized Localized
}

// In returns the noun with its name in a language, if it has one.
func (r Ref) In(locale string) Ref {
	if name := r.Localized.In(locale).Name; name != "" {
		r.Name = name
	}
	return r
}

// NounName is a name that a noun is known by.
type NounName struct {
	Key  string // the name folded for comparing
	Name string
	Slug string // made from the name; it leads to the noun, too
}

// NounQuery asks for plain nouns of one kind.
type NounQuery struct {
	View         View   // empty: the live one
	NameContains string // a part of a name, folded; empty: all
	IDs          []ID
	Slugs        []string
	Sort         Sort
	Page         PageRequest
}
