package api

import (
	"bytes"
	"encoding/json"
	"slices"
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
	return marshal(shown(c))
}

// moment is a time that may be never, where the field itself may be absent.
type moment struct{ at *time.Time }

// MarshalJSON writes null for never.
func (m moment) MarshalJSON() ([]byte, error) { return json.Marshal(m.at) }

// optionalText is a text that may be none, where the field itself may be absent.
type optionalText struct{ text *string }

// MarshalJSON writes null for none.
func (o optionalText) MarshalJSON() ([]byte, error) { return marshal(o.text) }

// marshal returns a value as JSON without HTML escaping, as all that is sent.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

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
	a.URL = story.URL
	a.Retracted = story.Retracted
	a.Tags = newRefs(story.Refs, cms.TagNoun)
	a.Sections = newSectionRefs(story.Refs)
	a.Authors = s.newCredits(story)
	s.setMedia(&a, story)
	shown := nilIfEmpty(story.Byline())
	if story.Article != nil {
		a.BylineShown = &optionalText{shown}
	} else {
		a.Byline = shown
	}
	if story.Text != nil {
		a.setText(story.Text, s.filled(story), story.Article != nil)
		if story.Article != nil {
			for _, w := range story.MediaWarnings() {
				*a.Warnings = append(*a.Warnings, Warning(w))
			}
		}
	}
	if h := story.Highlight; h != nil {
		a.Highlight = &Highlight{h.Title, h.Snippet}
	}
	if story.Links != nil {
		links := s.relatedLinks(story.Links)
		a.RelatedLinks = &links
	}
	if story.Corrections != nil {
		corrections := articleCorrections(story.Corrections)
		a.Corrections = &corrections
	}
	if story.Translations != nil {
		translations := s.translations(story.Translations)
		a.Translations = &translations
	}
	return a
}

// setMedia sets the media that an article shows beside its body.
func (s *Server) setMedia(a *ArticleRow, story *cms.ArticleView) {
	content := story.Content()
	picture := s.newPicture
	if story.Article != nil {
		picture = s.newDraftPicture
	}
	a.Image = picture(story.Media[content.Image], content.Locale)
	a.Audio = s.newClip(story.Media[content.Audio], content.Locale)
	a.Video = s.newClip(story.Media[content.Video], content.Locale)
}

// setText sets the body of an article, for editors also as it was written.
func (a *ArticleRow) setText(text *cms.Text, html string, draft bool) {
	outline := make([]Heading, len(text.Outline))
	for i, h := range text.Outline {
		outline[i] = Heading(h)
	}
	a.BodyHTML = &html
	a.Outline = &outline
	if !draft {
		return
	}
	warnings := make([]Warning, len(text.Warnings))
	for i, w := range text.Warnings {
		warnings[i] = Warning(w)
	}
	a.Body = &text.Body
	a.BodyFormat = &text.Format
	a.Warnings = &warnings
}

func (s *Server) liveHead(e *cms.Edition) ArticleRow {
	a := ArticleRow{ArticleHead: articleHead(&e.Content)}
	a.ID = string(e.ArticleID)
	a.Edition = &e.Number
	a.PublishedAt = &e.PublishedAt
	a.EditionAt = &e.EditionAt
	a.CreatedAt, a.UpdatedAt = e.CreatedAt, e.UpdatedAt
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
	changes := d.HasUnpublishedChanges()
	a.Status = &d.Status
	a.Version = &d.Version
	a.HasUnpublishedChanges = &changes
	a.TrashedAt = &moment{d.TrashedAt}
	a.Note = &optionalText{nilIfEmpty(d.Note)}
	a.Reason = &optionalText{nilIfEmpty(d.Reason)}
	a.Notice = &optionalText{nilIfEmpty(d.Notice)}
	a.AllowedMoves = &story.Moves
	a.TranslationOf = &optionalText{}
	if d.GroupID != nil {
		a.TranslationOf.text = nilIfEmpty(string(*d.GroupID))
	}
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
			p.Meta.Noindex},
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

// translations returns the articles that say the same in other languages.
func (s *Server) translations(list []cms.ArticleRef) []Translation {
	out := make([]Translation, len(list))
	for i := range list {
		out[i] = Translation{list[i].Locale, *s.articleLink(&list[i])}
	}
	return out
}

// fullArticle returns an article whose story leaves nothing out.
func (s *Server) fullArticle(story *cms.ArticleView) Article {
	a := s.article(story)
	return Article{
		ArticleHead:  a.ArticleHead,
		BodyHTML:     *a.BodyHTML,
		Outline:      *a.Outline,
		RelatedLinks: *a.RelatedLinks,
		Corrections:  *a.Corrections,
		Translations: *a.Translations,
		DraftPart:    a.DraftPart,
	}
}

// newArticlePlaces returns where an article in a language stands in collections.
func (s *Server) newArticlePlaces(list []cms.ArticlePlace, locale string) *[]ArticlePlace {
	places := make([]ArticlePlace, len(list))
	for i, p := range list {
		places[i] = ArticlePlace{
			NounRef:  newRef(p.Collection.In(locale)),
			Position: p.Position,
			Prev:     s.articleLink(p.Prev),
			Next:     s.articleLink(p.Next),
		}
	}
	return &places
}

// draft returns an article in draft view, whole.
func (s *Server) draft(story *cms.ArticleView) Draft {
	a := s.article(story)
	d := Draft{
		ArticleHead:           a.ArticleHead,
		BodyHTML:              *a.BodyHTML,
		Outline:               *a.Outline,
		RelatedLinks:          *a.RelatedLinks,
		Corrections:           *a.Corrections,
		Translations:          *a.Translations,
		Body:                  *a.Body,
		BodyFormat:            *a.BodyFormat,
		Warnings:              *a.Warnings,
		BylineShown:           a.BylineShown.text,
		Status:                *a.Status,
		Version:               *a.Version,
		HasUnpublishedChanges: *a.HasUnpublishedChanges,
		TranslationOf:         a.TranslationOf.text,
		TrashedAt:             a.TrashedAt.at,
		Note:                  a.Note.text,
		Reason:                a.Reason.text,
		Notice:                a.Notice.text,
		AllowedMoves:          *a.AllowedMoves,
	}
	if story.Creator != nil {
		d.CreatedBy = &creator{ID: string(story.Creator.ID), Name: story.Creator.Name}
	}
	return d
}

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
		ArticleMedia:  in.media(),
		Body:          deref(in.Body),
		BodyFormat:    cms.Markdown,
		Refs:          in.refs(),
		PublishedAt:   in.PublishedAt,
		TranslationOf: deref(in.TranslationOf),
		ChangeNote:    deref(in.ChangeNote),
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
			Noindex:     deref(in.Meta.NoIndex),
		}
	}
	if in.Extra != nil {
		c.Extra = rest.CanonicalJSON(*in.Extra)
	}
	return c
}

// media returns the media that a written article is to show besides those in its body.
func (in *ArticleInput) media() cms.ArticleMedia {
	return cms.ArticleMedia{
		Image: cms.ID(mediumRef(in.Image)),
		Audio: cms.ID(mediumRef(in.Audio)),
		Video: cms.ID(mediumRef(in.Video)),
	}
}

// refs returns the nouns that a written article is to refer to.
func (in *ArticleInput) refs() []cms.RefInput {
	return slices.Concat(
		cms.RefInputs(cms.TagNoun, deref(in.Tags)),
		cms.RefInputs(cms.SectionNoun, deref(in.Sections)),
		creditInputs(deref(in.Authors)),
	)
}

// writtenRefs returns the references to nouns of one kind as somebody would have written them.
func writtenRefs(all []cms.RefInput, noun cms.Noun) *[]string {
	refs := []string{}
	for _, ref := range cms.RefsTo(all, noun) {
		refs = append(refs, ref.Ref)
	}
	return &refs
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
		Tags:       writtenRefs(c.Refs, cms.TagNoun),
		Sections:   writtenRefs(c.Refs, cms.SectionNoun),
		Authors:    writtenCredits(c.Refs),
		Image:      nilIfEmpty(string(c.Image)),
		Audio:      nilIfEmpty(string(c.Audio)),
		Video:      nilIfEmpty(string(c.Video)),
		Source: &SourceInput{
			Name:    nilIfEmpty(c.Source.Name),
			URL:     nilIfEmpty(c.Source.URL),
			License: nilIfEmpty(c.Source.License),
		},
		CanonicalURL: nilIfEmpty(c.CanonicalURL),
		Meta: &MetaInput{
			Title:       nilIfEmpty(c.Meta.Title),
			Description: nilIfEmpty(c.Meta.Description),
			NoIndex:     &c.Meta.Noindex,
		},
		TranslationOf: nilIfEmpty(c.TranslationOf),
		PublishedAt:   c.PublishedAt,
	}}
	extra := jsonObject(c.Extra)
	in.Extra = &extra
	return in
}

// jsonObject returns a JSON object that was written by rest.CanonicalJSON.
func jsonObject(text string) map[string]any {
	object := map[string]any{}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	_ = decoder.Decode(&object)
	return object
}
