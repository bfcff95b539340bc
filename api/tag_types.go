package api

import "github.com/masthead-cms/masthead/internal/cms"

// Tag is a subject that articles share.
type Tag struct {
	NounRef
	// What the tag is for.
	Description *string `json:"description" minLength:"1" maxLength:"1000" example:"The five republics and their neighbours."`
	// The tag above this one.
	Parent *ParentNoun `json:"parent" examplejson:"{\"id\": \"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a10\", \"slug\": \"asia\", \"name\": \"Asia\"}"`
	// Other names it is known by.
	Aliases []string `json:"aliases" itemLength:"100" unbounded:"a tag that was merged into this one has brought its names along" example:"Middle Asia"`
	// How many live articles carry it.
	ArticleCount int64 `json:"article_count" minimum:"0" example:"12"`
	NounTimes
} // @name Tag

// TagInput is a tag as it is written.
type TagInput struct {
	NounInput
	// What the tag is for.
	Description *string `json:"description,omitempty" maxLength:"1000" extensions:"x-nullable" example:"The five republics and their neighbours."`
	// The tag above this one, by id or slug.
	Parent *string `json:"parent,omitempty" maxLength:"240" extensions:"x-nullable" example:"asia"`
	// Other names it is known by; their slugs lead to this tag.
	Aliases *[]string `json:"aliases,omitempty" maxItems:"20" itemLength:"100" form:"name" extensions:"x-nullable" example:"Middle Asia"`
} // @name TagInput

// TagMerge names the tag that another one is merged into.
type TagMerge struct {
	// The tag that remains, by id or slug.
	Into string `json:"into" minLength:"1" maxLength:"240" example:"central-asia"`
} // @name TagMerge

// newTag returns a tag as callers see it.
func newTag(t *cms.TagDetail) Tag {
	return Tag{
		NounRef:      NounRef{string(t.ID), t.Slug, t.Name},
		Description:  nilIfEmpty(t.Description),
		Parent:       newParent(t.Parent),
		Aliases:      t.Aliases,
		ArticleCount: t.ArticleCount,
		NounTimes:    NounTimes{t.CreatedAt, t.UpdatedAt},
	}
}

// input returns what the body of a tag sets.
func (in *TagInput) input() cms.TagInput {
	return cms.TagInput{
		Name:        in.Name,
		Slug:        deref(in.Slug),
		Description: deref(in.Description),
		Parent:      deref(in.Parent),
		Aliases:     deref(in.Aliases),
	}
}

// toTagInput returns the inverse of input.
func toTagInput(in cms.TagInput) TagInput {
	return TagInput{
		NounInput:   NounInput{in.Name, nilIfEmpty(in.Slug)},
		Description: nilIfEmpty(in.Description),
		Parent:      nilIfEmpty(in.Parent),
		Aliases:     &in.Aliases,
	}
}
