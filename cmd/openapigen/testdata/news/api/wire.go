// Package api is a fixture: wire types and annotations as the real package writes them.
package api

import (
	"time"

	"github.com/masthead-cms/masthead/cmd/openapigen/testdata/news/internal/cms"
)

// A piece as readers see it.
//
// Every field is always there.
type Article struct {
	stamp
	// What the piece is called.
	Title string `json:"title" minLength:"1" maxLength:"300" form:"name" example:"Rain at last"`
	// A line above the title.
	Kicker *string `json:"kicker" maxLength:"120" example:"Weather"`
	// Where the piece stands.
	Status cms.Status `json:"status" example:"published"`
	// The form of the piece.
	Type cms.Kind `json:"type"`
	// What kept it from readers.
	Failed *Failure `json:"failed" example:"/failures/not-found"`
	// The picture above the text.
	Image *Image `json:"image"`
	// How often each word was looked for, by day.
	Sought map[string][]string `json:"sought" maxItems:"7" maxProperties:"3" itemLength:"10" examplejson:"{\"rain\": [\"2\"]}"`
	// What the piece is about.
	Tags []Tag `json:"tags" maxItems:"50"`
	// How many readers have opened it.
	Reads int64 `json:"reads" minimum:"0" example:"1204"`
	// How likely a reader is to finish, from 0 to 1.
	Score float64 `json:"score" minimum:"0" maximum:"1" example:"0.75"`
	// When readers first saw it.
	PublishedAt *time.Time `json:"published_at" example:"2026-03-12T08:00:00Z"`
	// Fields of the site's own.
	Extra  map[string]any `json:"extra" unbounded:"the names are the site's own" examplejson:"{\"desk\": \"world\", \"tips\": [1, 2]}"`
	hidden string
	Secret string `json:"-"`
} // @name Article

type stamp struct {
	// The id of the record.
	ID string `json:"id" format:"uuid" example:"01957f1e-8c00-7000-8000-000000000001"`
}

// A picture with the words that stand for it.
//
//openapi:example {"url": "https://cdn.example.org/ice.webp", "alt": "Ice"}
type Image struct {
	// Where the picture lies.
	URL string `json:"url" format:"iri" pattern:"^https?://" maxLength:"2048" example:"https://cdn.example.org/rain.webp"`
	// What is to be seen.
	Alt string `json:"alt" maxLength:"200" example:"Umbrellas on the square"`
} // @name Image

// A subject that articles share.
type Tag struct {
	// The word in the address.
	Slug string `json:"slug" maxLength:"240" example:"rain"`
	// The subject above this one.
	Parent *Tag `json:"parent"`
	// Other words for it.
	Aliases []string `json:"aliases" maxItems:"20" itemLength:"100" pattern:"^[a-z]+$" example:"showers,drizzle"`
} // @name Tag

// One page of a list.
type Page[T any] struct {
	// The rows of this page.
	Data []T `json:"data" maxItems:"100"`
	// How many rows there are, where it was asked for.
	Total int64 `json:"total,omitempty" minimum:"0" example:"123"`
	Page  Turn  `json:"page"` // Where this page stands in the list.
}

// How to go on from here.
type Turn struct {
	// The cursor of the next page.
	Next *string `json:"next" maxLength:"100" example:"b3BhcXVl"`
} // @name PageTurn

// What a new article needs.
type ArticleCreate struct {
	// What the piece is called.
	Title string `json:"title" minLength:"1" maxLength:"300" form:"name" example:"Rain at last"`
	// The form of the piece.
	Type cms.Kind `json:"type,omitempty" example:"news"`
} // @name ArticleCreate

// An article as it is written.
type ArticleInput struct {
	// What the piece is called.
	Title string `json:"title" minLength:"1" maxLength:"300" example:"Rain again"`
	// A line above the title.
	Kicker *string `json:"kicker,omitempty" maxLength:"120" example:"Weather"`
	// The form of the piece.
	Type *cms.Kind `json:"type,omitempty" example:"opinion"`
	// The subjects, by id or slug.
	Tags []string `json:"tags,omitempty" maxItems:"50" itemLength:"240" example:"rain,snow"`
} // @name ArticleInput

// Failure is what a reader can do nothing about.
//
//openapi:keys explanations /failures/
type Failure string

var explanations = map[cms.Word]struct{ title string }{
	"not-found":   {"There is nothing here"},
	cms.Duplicate: {"It exists already"},
}

// Why a call failed, as RFC 9457 has it.
type Problem struct {
	// What went wrong, as an address that explains it.
	Type string `json:"type" format:"uri-reference" maxLength:"100" example:"/problems/not-found"`
	// The same in words.
	Title string `json:"title" maxLength:"100" example:"Not found"`
	// The status of the answer.
	Status int `json:"status" minimum:"400" maximum:"599" example:"404"`
	// What went wrong this time.
	Detail string `json:"detail,omitempty" maxLength:"1000" example:"No article has this id."`
	// Each part of the call that is wrong.
	Errors []string `json:"errors,omitempty" maxItems:"100" itemLength:"100" example:"slug"`
} // @name Problem
