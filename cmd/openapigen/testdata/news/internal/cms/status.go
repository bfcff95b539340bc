// Package cms is a fixture: the enums a wire type may name.
package cms

// Status is where an article stands between an idea and its readers.
// @name ArticleStatus
type Status string

// The stations of an article.
const (
	Draft     Status = "draft"     // being written
	Published Status = "published" // readers see it
	// Withdrawn was published once and is so no longer.
	Withdrawn Status = "withdrawn"
)

// Kind is the form of a piece.
type Kind string

const (
	News    Kind = "news"
	Opinion Kind = "opinion"
)

// View is a side of the articles; only a parameter names it.
type View string

const (
	Live  View = "live"
	Paper View = "paper"
)

// Article is never to be seen on the wire.
type Article struct{ Secret string }

// Word names a kind of problem; only a table has it.
type Word string

const Duplicate Word = "duplicate"
