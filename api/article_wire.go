package api

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/rest"
)

// creator is who made an article. It may be nobody where the field itself may be absent.
type creator struct {
	// Identifier of the user.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a12"`
	// Name of the user.
	Name string `json:"name" minLength:"1" maxLength:"100" example:"Night desk"`

	absent bool
} // @name Creator

// MarshalJSON writes null for nobody.
func (c creator) MarshalJSON() ([]byte, error) {
	if c.absent {
		return []byte("null"), nil
	}
	type shown creator // without this method
	return json.Marshal(shown(c))
}

// moment is a time that may be never, where the field itself may be absent.
type moment struct{ at *time.Time }

// MarshalJSON writes null for never.
func (m moment) MarshalJSON() ([]byte, error) { return json.Marshal(m.at) }

// nilIfEmpty returns a text, null if it is empty.
func nilIfEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// deref returns what a pointer points to, zero if to nothing.
func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// article returns an article in the view its story has, without what the story leaves out.
func (s *Server) article(story *cms.ArticleView) ArticleRow {
	var a ArticleRow
	if story.Article != nil {
		a = s.draftHead(story)
	} else {
		a = s.liveHead(story.Edition)
	}
	a.Tags = make([]NounRef, len(story.Tags))
	for i, t := range story.Tags {
		a.Tags[i] = newRef(t)
	}
	if story.Text != nil {
		outline := make([]Heading, len(story.Text.Outline))
		for i, h := range story.Text.Outline {
			outline[i] = Heading(h)
		}
		a.BodyHTML, a.Outline = &story.Text.HTML, &outline
		if story.Article != nil {
			a.Body, a.BodyFormat = &story.Text.Body, &story.Text.Format
			warnings := make([]Warning, len(story.Text.Warnings))
			for i, w := range story.Text.Warnings {
				warnings[i] = Warning(w)
			}
			a.Warnings = &warnings
		}
	}
	if h := story.Highlight; h != nil {
		a.Highlight = &Highlight{h.Title, h.Snippet}
	}
	if story.Links != nil {
		links := s.relatedLinks(story.Links)
		a.RelatedLinks = &links
	}
	return a
}

func (s *Server) liveHead(e *cms.Edition) ArticleRow {
	a := ArticleRow{ArticleHead: articleHead(&e.Content)}
	a.ID = string(e.ArticleID)
	a.Edition = &e.Number
	a.PublishedAt = &e.PublishedAt
	a.EditionAt = &e.EditionAt
	a.CreatedAt, a.UpdatedAt = e.CreatedAt, e.UpdatedAt
	a.URL = s.url(
		&cms.ArticleRef{
			ID:          e.ArticleID,
			Slug:        e.Slug,
			Type:        e.Type,
			Locale:      e.Locale,
			PublishedAt: &e.PublishedAt,
		},
	)
	return a
}

func (s *Server) draftHead(story *cms.ArticleView) ArticleRow {
	d := story.Article
	a := ArticleRow{ArticleHead: articleHead(&d.Content)}
	a.ID = string(d.ID)
	a.PublishedAt = d.PublishedAt
	a.CreatedAt = d.CreatedAt
	a.UpdatedAt = d.UpdatedAt
	if d.Editions > 0 {
		a.Edition = &d.Editions
	}
	a.URL = s.url(
		&cms.ArticleRef{
			ID:          d.ID,
			Slug:        d.Slug,
			Type:        d.Type,
			Locale:      d.Locale,
			PublishedAt: d.PublishedAt,
		},
	)
	changes := d.HasUnpublishedChanges()
	a.Status = &d.Status
	a.Version = &d.Version
	a.HasUnpublishedChanges = &changes
	a.TrashedAt = &moment{d.TrashedAt}
	a.CreatedBy = &creator{absent: true}
	if story.Creator != nil {
		a.CreatedBy = &creator{ID: string(story.Creator.ID), Name: story.Creator.Name}
	}
	return a
}

func articleHead(p *cms.Content) ArticleHead {
	h := ArticleHead{
		Slug:         p.Slug,
		Type:         p.Type,
		Locale:       p.Locale,
		Direction:    p.Direction,
		Kicker:       nilIfEmpty(p.Kicker),
		Title:        p.Title,
		Summary:      nilIfEmpty(p.Summary),
		Dateline:     nilIfEmpty(p.Dateline),
		Byline:       nilIfEmpty(p.Byline),
		CanonicalURL: nilIfEmpty(p.CanonicalURL),
		Meta: MetaInfo{nilIfEmpty(p.Meta.Title), nilIfEmpty(p.Meta.Description),
			p.Meta.NoIndex},
		Extra:          json.RawMessage(p.Extra),
		WordCount:      p.WordCount,
		ReadingMinutes: p.ReadingMinutes(),
	}
	if p.Source.Name != "" || p.Source.URL != "" || p.Source.License != "" {
		h.Source = &SourceInfo{
			nilIfEmpty(p.Source.Name),
			nilIfEmpty(p.Source.URL),
			nilIfEmpty(p.Source.License),
		}
	}
	return h
}

// fullArticle returns an article whose story leaves nothing out.
func (s *Server) fullArticle(story *cms.ArticleView) Article {
	a := s.article(story)
	return Article{a.ArticleHead, *a.BodyHTML, *a.Outline, *a.RelatedLinks, a.DraftPart}
}

// draft returns an article in draft view, whole.
func (s *Server) draft(story *cms.ArticleView) Draft {
	a := s.article(story)
	d := Draft{
		ArticleHead:           a.ArticleHead,
		BodyHTML:              *a.BodyHTML,
		Outline:               *a.Outline,
		RelatedLinks:          *a.RelatedLinks,
		Body:                  *a.Body,
		BodyFormat:            *a.BodyFormat,
		Warnings:              *a.Warnings,
		Status:                *a.Status,
		Version:               *a.Version,
		HasUnpublishedChanges: *a.HasUnpublishedChanges,
		TrashedAt:             a.TrashedAt.at,
	}
	if story.Creator != nil {
		d.CreatedBy = &creator{ID: string(story.Creator.ID), Name: story.Creator.Name}
	}
	return d
}

// url returns where readers find an article.
func (s *Server) url(a *cms.ArticleRef) string { return s.newsroom.Site().ArticleURL(a) }

// input returns what a written article says, with the defaults of what it does not say.
func (in *ArticleInput) input() cms.ArticleInput {
	c := cms.ArticleInput{
		ArticleDetails: cms.ArticleDetails{
			Title:        in.Title,
			Slug:         deref(in.Slug),
			Type:         cms.News,
			Locale:       deref(in.Locale),
			Kicker:       deref(in.Kicker),
			Summary:      deref(in.Summary),
			Dateline:     deref(in.Dateline),
			Byline:       deref(in.Byline),
			CanonicalURL: deref(in.CanonicalURL),
			Extra:        "{}",
		},
		Body:        deref(in.Body),
		BodyFormat:  cms.Markdown,
		Tags:        deref(in.Tags),
		PublishedAt: in.PublishedAt,
	}
	if in.Type != nil {
		c.Type = *in.Type
	}
	if in.BodyFormat != nil {
		c.BodyFormat = *in.BodyFormat
	}
	if in.Source != nil {
		c.Source = cms.Source{
			Name:    deref(in.Source.Name),
			URL:     deref(in.Source.URL),
			License: deref(in.Source.License),
		}
	}
	if in.Meta != nil {
		c.Meta = cms.Meta{
			Title:       deref(in.Meta.Title),
			Description: deref(in.Meta.Description),
			NoIndex:     deref(in.Meta.NoIndex),
		}
	}
	if in.Extra != nil {
		c.Extra = rest.CanonicalJSON(*in.Extra)
	}
	return c
}

// toInput returns an article as somebody would have written it to say the same.
func toInput(c cms.ArticleInput) ArticleInput {
	in := ArticleInput{Title: c.Title, ArticleFields: ArticleFields{
		Slug:       nilIfEmpty(c.Slug),
		Type:       &c.Type,
		Locale:     nilIfEmpty(c.Locale),
		Kicker:     nilIfEmpty(c.Kicker),
		Summary:    nilIfEmpty(c.Summary),
		Body:       nilIfEmpty(c.Body),
		BodyFormat: &c.BodyFormat,
		Dateline:   nilIfEmpty(c.Dateline),
		Byline:     nilIfEmpty(c.Byline),
		Tags:       &c.Tags,
		Source: &SourceInput{
			Name:    nilIfEmpty(c.Source.Name),
			URL:     nilIfEmpty(c.Source.URL),
			License: nilIfEmpty(c.Source.License),
		},
		CanonicalURL: nilIfEmpty(c.CanonicalURL),
		Meta: &MetaInput{
			Title:       nilIfEmpty(c.Meta.Title),
			Description: nilIfEmpty(c.Meta.Description),
			NoIndex:     &c.Meta.NoIndex,
		},
		PublishedAt: c.PublishedAt,
	}}
	in.Extra = &map[string]any{}
	decoder := json.NewDecoder(strings.NewReader(c.Extra))
	decoder.UseNumber()
	_ = decoder.Decode(in.Extra) // it was written by canonicalJSON
	return in
}
