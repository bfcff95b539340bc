package api

import "github.com/masthead-cms/masthead/internal/cms"

// Tag is a subject that articles share.
type Tag struct {
	NounRef
	// What the tag is for.
	Description *string `json:"description" minLength:"1" maxLength:"1000" example:"The five republics and their neighbours."`
	// What it is called in other languages, by locale (BCP 47).
	Localized map[string]LocalizedNoun `json:"localized" maxProperties:"50" examplejson:"{\"ar\": {\"name\": \"آسيا الوسطى\", \"description\": null}}"`
	// The tag above this one.
	Parent *ParentNoun `json:"parent" examplejson:"{\"id\": \"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a10\", \"slug\": \"asia\", \"name\": \"Asia\", \"url\": \"https://news.example.org/tags/asia\"}"`
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
	// What it shall be called in other languages, by locale (BCP 47). One without words
	// is taken away.
	Localized *map[string]LocalizedNounInput `json:"localized,omitempty" maxProperties:"50" extensions:"x-nullable" examplejson:"{\"ar\": {\"name\": \"آسيا الوسطى\"}}"`
} // @name TagInput

// newTag returns a tag as callers see it.
func newTag(t *cms.TagDetail) Tag {
	return Tag{
		NounRef:      nounHead(&t.Base, t.Name),
		Description:  nilIfEmpty(t.Description),
		Localized:    localized(t.Localized, newLocalizedNoun),
		Parent:       newParent(t.Parent),
		Aliases:      t.Aliases,
		ArticleCount: t.ArticleCount,
		NounTimes:    nounTimes(&t.Record),
	}
}

// input returns what the body of a tag sets.
func (in *TagInput) input() cms.TagInput {
	return cms.TagInput{
		Localized:   localizedInput(in.Localized, LocalizedNounInput.words),
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
		Localized:   writtenLocalized(in.Localized, toLocalizedNounInput),
		Description: nilIfEmpty(in.Description),
		Parent:      nilIfEmpty(in.Parent),
		Aliases:     &in.Aliases,
	}
}
