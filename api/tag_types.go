package api

import (
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
)

// Tag is a subject that articles share.
type Tag struct {
	// Identifier of the tag.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a11"`
	// Slug: the tag's name in URLs, in any script.
	Slug string `json:"slug" minLength:"1" maxLength:"240" example:"central-asia"`
	// Name as readers see it.
	Name string `json:"name" minLength:"1" maxLength:"100" example:"Central Asia"`
	// What the tag is for.
	Description *string `json:"description" minLength:"1" maxLength:"1000" example:"The five republics and their neighbours."`
	// The tag above this one.
	Parent *ParentTag `json:"parent"`
	// Other names it is known by.
	Aliases []string `json:"aliases" itemLength:"100" unbounded:"a tag that was merged into this one has brought its names along" example:"Middle Asia"`
	// How many live articles carry it.
	ArticleCount int64 `json:"article_count" minimum:"0" example:"12"`
	// When it was made.
	CreatedAt time.Time `json:"created_at" format:"date-time" example:"2026-03-01T08:00:00Z"`
	// When it last changed.
	UpdatedAt time.Time `json:"updated_at" format:"date-time" example:"2026-03-01T08:00:00Z"`
} // @name Tag

// ParentTag is the tag above another one.
type ParentTag struct {
	TagRef
} // @name ParentTag

// TagFields are what may be left out of a tag that is written.
type TagFields struct {
	// Name in URLs. Default: made from the name.
	Slug *string `json:"slug,omitempty" maxLength:"240" form:"slug" extensions:"x-nullable" example:"central-asia"`
	// What the tag is for.
	Description *string `json:"description,omitempty" maxLength:"1000" extensions:"x-nullable" example:"The five republics and their neighbours."`
	// The tag above this one, by id or slug.
	Parent *string `json:"parent,omitempty" maxLength:"240" extensions:"x-nullable" example:"asia"`
	// Other names it is known by; their slugs lead to this tag.
	Aliases *[]string `json:"aliases,omitempty" maxItems:"20" itemLength:"100" form:"name" extensions:"x-nullable" example:"Middle Asia"`
}

// TagInput is a tag as it is written.
type TagInput struct {
	// Name as readers shall see it.
	Name string `json:"name" minLength:"1" maxLength:"100" form:"name" example:"Central Asia"`
	TagFields
} // @name TagInput

// TagPatch changes the named fields of a tag (RFC 7396): null brings a field back to its default.
type TagPatch struct {
	// Name as readers shall see it.
	Name *string `json:"name,omitempty" minLength:"1" maxLength:"100" form:"name" extensions:"!x-nullable" example:"Central Asia"`
	TagFields
} // @name TagPatch

// TagMerge names the tag that another one is merged into.
type TagMerge struct {
	// The tag that remains, by id or slug.
	Into string `json:"into" minLength:"1" maxLength:"240" example:"central-asia"`
} // @name TagMerge

func newTag(t *cms.TagDetail) Tag {
	out := Tag{
		ID:           string(t.ID),
		Slug:         t.Slug,
		Name:         t.Name,
		Description:  nilIfEmpty(t.Description),
		Aliases:      t.Aliases,
		ArticleCount: t.ArticleCount,
		CreatedAt:    t.CreatedAt,
		UpdatedAt:    t.UpdatedAt,
	}
	if t.Parent != nil {
		out.Parent = &ParentTag{TagRef{string(t.Parent.ID), t.Parent.Slug, t.Parent.Name}}
	}
	return out
}

// input is what a written tag says.
func (in *TagInput) input() cms.TagInput {
	return cms.TagInput{
		Name:        in.Name,
		Slug:        deref(in.Slug),
		Description: deref(in.Description),
		Parent:      deref(in.Parent),
		Aliases:     deref(in.Aliases),
	}
}

// toTagInput is a tag as somebody would have written it to say the same.
func toTagInput(c cms.TagInput) TagInput {
	return TagInput{
		c.Name,
		TagFields{nilIfEmpty(c.Slug), nilIfEmpty(c.Description), nilIfEmpty(c.Parent), &c.Aliases},
	}
}
