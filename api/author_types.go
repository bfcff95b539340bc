package api

import "github.com/masthead-cms/masthead/internal/cms"

// Author is somebody whose name stands over articles.
type Author struct {
	NounRef
	// About the author, as sanitised HTML.
	BioHTML *string `json:"bio_html" unbounded:"HTML can be several times as long as what it was made of" example:"<p>Reports on water and those who share it.</p>"`
	// About the author, as it was written (Markdown).
	Bio *string `json:"bio" minLength:"1" maxLength:"10000" example:"Reports on water and those who share it."`
	// A picture of the author; null: there is none, or it has expired.
	Image *Picture `json:"image"`
	// What the author does.
	JobTitle *string `json:"job_title" minLength:"1" maxLength:"200" example:"Correspondent"`
	// What it is called in other languages, by locale (BCP 47).
	Localized map[string]LocalizedAuthor `json:"localized" maxProperties:"50" examplejson:"{\"ar\": {\"name\": \"آدا لوفليس\", \"job_title\": null, \"bio_html\": null, \"bio\": null}}"`
	// Pages of the author's own.
	Links []AuthorLink `json:"links" maxItems:"20"`
	// Pages elsewhere that are about the same person, for search engines.
	SameAs []string `json:"same_as" maxItems:"20" itemLength:"2048" example:"https://www.wikidata.org/wiki/Q7259"`
	// How many live articles the author has a part in.
	ArticleCount int64 `json:"article_count" minimum:"0" example:"12"`
	// Draft view only: id of the user who it is; null if nobody was named.
	User *optionalText `json:"user,omitempty" swaggertype:"string" format:"uuid" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a12"`
	NounTimes
} // @name Author

// AuthorLink is a page of an author's own.
type AuthorLink struct {
	// What the page is called.
	Name string `json:"name" minLength:"1" maxLength:"100" form:"name" example:"Mastodon"`
	// Where it is, http or https.
	URL string `json:"url" format:"iri" minLength:"1" maxLength:"2048" form:"url" example:"https://example.org/@ada"`
} // @name AuthorLink

// AuthorInput is an author as it is written.
type AuthorInput struct {
	NounInput
	// About the author, in Markdown.
	Bio *string `json:"bio,omitempty" maxLength:"10000" extensions:"x-nullable" example:"Reports on water and those who share it."`
	// What the author does.
	JobTitle *string `json:"job_title,omitempty" maxLength:"200" form:"line" extensions:"x-nullable" example:"Correspondent"`
	// Pages of the author's own.
	Links *[]AuthorLink `json:"links,omitempty" maxItems:"20" extensions:"x-nullable"`
	// Pages elsewhere that are about the same person, http or https.
	SameAs *[]string `json:"same_as,omitempty" maxItems:"20" itemLength:"2048" form:"url" extensions:"x-nullable" example:"https://www.wikidata.org/wiki/Q7259"`
	// A picture of the author, by the id of a medium.
	Image *string `json:"image,omitempty" format:"uuid" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51"`
	// Id of the user who the author is. It gives them no right.
	User *string `json:"user,omitempty" format:"uuid" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a12"`
	// What it shall be called in other languages, by locale (BCP 47). One without words
	// is taken away.
	Localized *map[string]LocalizedAuthorInput `json:"localized,omitempty" maxProperties:"50" extensions:"x-nullable" examplejson:"{\"ar\": {\"name\": \"آدا لوفليس\"}}"`
} // @name AuthorInput

// Credit is an author of an article, with what they did.
type Credit struct {
	NounRef
	// A picture of the author; null: there is none, or it has expired.
	Image *Picture `json:"image"`
	// What the author did.
	Role cms.AuthorRole `json:"role" example:"author"`
} // @name Credit

// CreditInput names an author of an article.
type CreditInput struct {
	// The author, by id or slug.
	Author string `json:"author" minLength:"1" maxLength:"240" form:"line" example:"ada-lovelace"`
	// What the author did. Default: author.
	Role *cms.AuthorRole `json:"role,omitempty" extensions:"x-nullable" example:"author"`
} // @name CreditInput

// newAuthor returns an author as callers see it.
func (s *Server) newAuthor(a *cms.AuthorProfile) Author {
	links := make([]AuthorLink, len(a.Links))
	for i, link := range a.Links {
		links[i] = AuthorLink(link)
	}
	return Author{
		NounRef:      nounHead(&a.Base, a.Name),
		BioHTML:      nilIfEmpty(a.BioHTML),
		Localized:    localized(a.Localized, newLocalizedAuthor),
		Bio:          nilIfEmpty(a.Bio),
		JobTitle:     nilIfEmpty(a.JobTitle),
		Image:        s.newPicture(a.Image, ""),
		Links:        links,
		SameAs:       append([]string{}, a.SameAs...),
		ArticleCount: a.ArticleCount,
		NounTimes:    nounTimes(&a.Record),
	}
}

// newAuthorDraft returns an author as editors see it.
func (s *Server) newAuthorDraft(a *cms.AuthorProfile) Author {
	author := s.newAuthor(a)
	author.SetVersion(a.Version)
	author.Image = s.newDraftPicture(a.Image, "")
	author.User = &optionalText{}
	if a.UserID != nil {
		author.User.text = nilIfEmpty(string(*a.UserID))
	}
	return author
}

// input returns what the body of an author sets.
func (in *AuthorInput) input() cms.AuthorInput {
	links := make([]cms.AuthorLink, len(deref(in.Links)))
	for i, link := range deref(in.Links) {
		links[i] = cms.AuthorLink(link)
	}
	return cms.AuthorInput{
		Localized: localizedInput(in.Localized, LocalizedAuthorInput.words),
		Name:      in.Name,
		Slug:      deref(in.Slug),
		Bio:       deref(in.Bio),
		JobTitle:  deref(in.JobTitle),
		Links:     links,
		SameAs:    deref(in.SameAs),
		User:      deref(in.User),
		Image:     mediumRef(in.Image),
	}
}

// toAuthorInput returns the inverse of input.
func toAuthorInput(in cms.AuthorInput) AuthorInput {
	links := make([]AuthorLink, len(in.Links))
	for i, link := range in.Links {
		links[i] = AuthorLink(link)
	}
	return AuthorInput{
		NounInput: NounInput{in.Name, nilIfEmpty(in.Slug)},
		Localized: writtenLocalized(in.Localized, toLocalizedAuthorInput),
		Bio:       nilIfEmpty(in.Bio),
		JobTitle:  nilIfEmpty(in.JobTitle),
		Links:     &links,
		SameAs:    &in.SameAs,
		User:      nilIfEmpty(in.User),
		Image:     nilIfEmpty(in.Image),
	}
}

// newCredits returns the authors of an article.
func (s *Server) newCredits(story *cms.ArticleView) []Credit {
	credits := []Credit{}
	for _, ref := range cms.RefsTo(story.Refs, cms.AuthorNoun) {
		credits = append(credits, Credit{
			NounRef: newRef(ref.Ref),
			Image:   s.newPicture(story.Media[ref.ImageID], story.Content().Locale),
			Role:    cms.AuthorRole(ref.Role),
		})
	}
	return credits
}

// creditInputs returns the authors that a body sets.
func creditInputs(written []CreditInput) []cms.RefInput {
	inputs := make([]cms.RefInput, len(written))
	for i, w := range written {
		role := string(cms.AsAuthor)
		if w.Role != nil {
			role = string(*w.Role)
		}
		inputs[i] = cms.RefInput{Noun: cms.AuthorNoun, Ref: w.Author, Role: role}
	}
	return inputs
}

// writtenCredits returns the inverse of creditInputs.
func writtenCredits(all []cms.RefInput) *[]CreditInput {
	credits := []CreditInput{}
	for _, in := range cms.RefsTo(all, cms.AuthorNoun) {
		role := cms.AuthorRole(in.Role)
		credits = append(credits, CreditInput{in.Ref, &role})
	}
	return &credits
}
