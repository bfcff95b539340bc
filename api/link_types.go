package api

import (
	"github.com/masthead-cms/masthead/internal/cms"
)

// RelatedLink is what a reader may want to open next: another article here or a page elsewhere.
type RelatedLink struct {
	// Identifier of the link.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a20"`
	// Place among the links of the article, from 1.
	Position int `json:"position" minimum:"1" maximum:"100" example:"1"`
	// How it is related.
	Rel cms.Rel `json:"rel" example:"background"`
	// Title; that of the article, if it points to one here.
	Title string `json:"title" minLength:"1" maxLength:"300" example:"How rivers are measured"`
	// Where it leads; that of the article, if it points to one here.
	URL string `json:"url" format:"iri-reference" minLength:"1" maxLength:"8192" example:"https://news.example.org/articles/how-rivers-are-measured"`
	// Who publishes the page.
	Source *string `json:"source" minLength:"1" maxLength:"200" example:"UNESCO"`
	// What the reader finds there.
	Note *string `json:"note" minLength:"1" maxLength:"1000" example:"With a map of all stations."`
	// The article it points to; null if it leads elsewhere.
	Article *LinkTarget `json:"article"`
} // @name RelatedLink

// LinkTarget is the article here that a related link points to.
type LinkTarget struct {
	ArticleRef
} // @name LinkTarget

// CollectedLink is a related link with the article that carries it.
type CollectedLink struct {
	RelatedLink
	// The article that carries the link.
	From ArticleRef `json:"from"`
} // @name CollectedLink

// LinkFields are what may be left out of a link that is written.
type LinkFields struct {
	// How it is related. Default: related.
	Rel *cms.Rel `json:"rel,omitempty" extensions:"x-nullable" example:"background"`
	// The article here that it points to, by id or slug; then leave title and url out.
	ArticleID *string `json:"article_id,omitempty" maxLength:"240" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a13"`
	// Title of the page elsewhere; required with url.
	Title *string `json:"title,omitempty" maxLength:"300" form:"line" extensions:"x-nullable" example:"How rivers are measured"`
	// The page elsewhere that it points to, http or https.
	URL *string `json:"url,omitempty" format:"iri" maxLength:"2048" form:"url" extensions:"x-nullable" example:"https://www.unesco.org/en/water"`
	// Who publishes the page.
	Source *string `json:"source,omitempty" maxLength:"200" form:"line" extensions:"x-nullable" example:"UNESCO"`
	// What the reader finds there.
	Note *string `json:"note,omitempty" maxLength:"1000" extensions:"x-nullable" example:"With a map of all stations."`
}

// RelatedLinkInput is a related link as it is written: to an article here (article_id) or to a page
// elsewhere (url and title).
//
//openapi:example {"rel": "source", "title": "Water reports of the world", "url": "https://www.unesco.org/en/water", "source": "UNESCO", "note": "With a map of all stations.", "position": 1}
type RelatedLinkInput struct {
	LinkFields
	// Place among the links of the article, from 1; those from there on move
	// down. Default: last, or where it is.
	Position *int `json:"position,omitempty" minimum:"1" maximum:"2147483647" extensions:"x-nullable" example:"1"`
} // @name RelatedLinkInput

// RelatedLinkEntry is a link in a list that replaces all links of an article; its place in the list
// is its position.
//
//openapi:example {"rel": "source", "title": "Water reports of the world", "url": "https://www.unesco.org/en/water", "source": "UNESCO"}
type RelatedLinkEntry struct {
	// Identifier of a link the article has, to keep it: as it is if nothing else is said, else as
	// said. Left out for a new one.
	ID *string `json:"id,omitempty" format:"uuid" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a20"`
	LinkFields
} // @name RelatedLinkEntry

// RelatedLinkList is all related links of an article.
type RelatedLinkList struct {
	// The links, in the order the editor gave them.
	Data []RelatedLink `json:"data" maxItems:"100"`
} // @name RelatedLinkList

// RelatedLinkListInput replaces all related links of an article.
type RelatedLinkListInput struct {
	// The links, in the order they shall have.
	Data []RelatedLinkEntry `json:"data" maxItems:"100"`
} // @name RelatedLinkListInput

func (s *Server) relatedLinks(links []cms.LinkDetail) []RelatedLink {
	out := make([]RelatedLink, len(links))
	for i := range links {
		out[i] = s.relatedLink(&links[i])
	}
	return out
}

func (s *Server) relatedLink(l *cms.LinkDetail) RelatedLink {
	out := RelatedLink{
		ID:       string(l.ID),
		Position: l.Position,
		Rel:      l.Rel,
		Title:    l.Title,
		URL:      l.URL,
		Source:   nilIfEmpty(l.Source),
		Note:     nilIfEmpty(l.Note),
	}
	if l.Target != nil {
		out.Article = &LinkTarget{s.articleRef(l.Target)}
		out.Title, out.URL = out.Article.Title, out.Article.URL
	}
	return out
}

func (s *Server) collectedLink(l *cms.LinkDetail) CollectedLink {
	out := CollectedLink{RelatedLink: s.relatedLink(l)}
	if l.From != nil {
		out.From = s.articleRef(l.From)
	}
	return out
}

func (s *Server) articleRef(a *cms.ArticleRef) ArticleRef {
	return ArticleRef{string(a.ID), a.Slug, a.Title, a.URL, a.PublishedAt}
}

// input is what a written link says, with the defaults of what it does not say.
func (in *LinkFields) input() cms.LinkInput {
	c := cms.LinkInput{
		Rel:     cms.Related,
		Title:   deref(in.Title),
		URL:     deref(in.URL),
		Source:  deref(in.Source),
		Note:    deref(in.Note),
		Article: deref(in.ArticleID),
	}
	if in.Rel != nil {
		c.Rel = *in.Rel
	}
	return c
}

func (in *RelatedLinkInput) input() cms.LinkInput {
	c := in.LinkFields.input()
	c.Position = position(in.Position)
	return c
}

// toLinkInput is a link as somebody would have written it to say the same.
func toLinkInput(c cms.LinkInput) RelatedLinkInput {
	return RelatedLinkInput{LinkFields: LinkFields{
		Rel:       &c.Rel,
		ArticleID: nilIfEmpty(c.Article),
		Title:     nilIfEmpty(c.Title),
		URL:       nilIfEmpty(c.URL),
		Source:    nilIfEmpty(c.Source),
		Note:      nilIfEmpty(c.Note),
	}}
}

// linkInputs is what a replacing list says.
func linkInputs(entries []RelatedLinkEntry) ([]cms.LinkInput, error) {
	if len(entries) > cms.MaxLinks {
		return nil, cms.FieldErrorf(
			cms.Invalid, "data", "too_many",
			"An article has at most %d related links; these are %d.", cms.MaxLinks, len(entries),
		)
	}
	copies := make([]cms.LinkInput, len(entries))
	for i := range entries {
		copies[i] = entries[i].LinkFields.input()
		if entries[i].ID == nil {
			continue
		}
		id, err := entryID(i, *entries[i].ID)
		if err != nil {
			return nil, err
		}
		copies[i].ID = id
		copies[i].Keep = entries[i].LinkFields == LinkFields{}
	}
	return copies, nil
}
