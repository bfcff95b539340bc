// Package api is a fixture in which everything is wrong that swag lets pass.
package api

import "github.com/masthead-cms/masthead/cmd/openapigen/testdata/faulty/internal/cms"

type Silent struct {
	Quiet string `json:"quiet" example:"hush"`
	// No example stands here.
	Bare string `json:"bare" form:"crescent"`
	// Not a count.
	List []string `json:"list" maxItems:"many" example:"a"`
	// No JSON.
	Extra map[string]any `json:"extra" examplejson:"{"`
	// How one feels.
	Mood cms.Mood `json:"mood"`
	// No name on the wire.
	Nameless string
	// The end is no count.
	Long []string `json:"long" maxItems:"2" itemLength:"-1" example:"a"`
} // @name Silent

// The same name twice.
type Other struct {
	// Not a number that the field may have.
	Count int `json:"count" maximum:"5" example:"9"`
	// A word.
	Word string `json:"word" format:"uri" example:"other"`
} // @name Thing

// The same name twice.
type Thing struct {
	// A word.
	Word string `json:"word" example:"thing"`
}

// A problem.
//
//openapi:example {"word"
type Problem struct {
	// The status.
	Status int `json:"status" example:"404"`
} // @name Problem

// Two parameters.
type Pair[A, B any] struct {
	// The first.
	A A `json:"a"`
	// The second.
	B B `json:"b"`
}
