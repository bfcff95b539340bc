package api

import (
	"encoding/json"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/media"
	"github.com/masthead-cms/masthead/internal/richtext"
)

// mediumURL returns where the file of a medium is.
func (s *Server) mediumURL(m *cms.Medium) string {
	return s.publicURL + "/media/" + string(m.ID) + "/" + m.FileName()
}

// newPicture returns a picture as others show it to readers in a language; nil if there is none or
// it has expired.
func (s *Server) newPicture(m *cms.Medium, locale string) *Picture {
	if m != nil && m.Expired {
		return nil
	}
	return s.newDraftPicture(m, locale)
}

// newDraftPicture returns newPicture for editors, who see what has expired too.
func (s *Server) newDraftPicture(m *cms.Medium, locale string) *Picture {
	if m == nil || m.Kind != cms.ImageMedium {
		return nil
	}
	m = m.In(locale)
	return &Picture{
		ID:         string(m.ID),
		URL:        s.mediumURL(m),
		Width:      m.Width,
		Height:     m.Height,
		Alt:        m.Alt,
		Caption:    nilIfEmpty(m.Caption),
		Credit:     nilIfEmpty(m.Credit),
		FocalPoint: newFocalPoint(m),
		Color:      nilIfEmpty(m.Color),
		ThumbHash:  nilIfEmpty(m.ThumbHash),
		Srcset:     s.srcset(m),
	}
}

// newClip returns a sound or a film as others show it in a language; nil if there is none.
func (s *Server) newClip(m *cms.Medium, locale string) *Clip {
	if m == nil {
		return nil
	}
	m = m.In(locale)
	return &Clip{
		ID:              string(m.ID),
		Kind:            m.Kind,
		URL:             s.mediumURL(m),
		MIMEType:        m.ServedType,
		Bytes:           m.ServedBytes,
		DurationSeconds: seconds(m.DurationMS),
		Width:           nilIfZero(m.Width),
		Height:          nilIfZero(m.Height),
		Title:           nilIfEmpty(m.Title),
		Caption:         nilIfEmpty(m.Caption),
		Credit:          nilIfEmpty(m.Credit),
	}
}

// mediumRef returns what names a medium, as ids are written here; "" if nothing does.
func mediumRef(ref *string) string {
	if id, ok := cms.ParseID(deref(ref)); ok {
		return string(id)
	}
	return deref(ref)
}

// srcset returns the widths that a picture comes in, its own last.
func (s *Server) srcset(m *cms.Medium) []PictureSource {
	sources := []PictureSource{}
	if m.Kind != cms.ImageMedium {
		return sources
	}
	url := s.mediumURL(m)
	for _, w := range media.Widths {
		// renditions of what moves do not
		if width := int64(w); width < m.Width && m.ServedType != "image/gif" {
			sources = append(sources, PictureSource{renditionURL(url, width), width})
		}
	}
	return append(sources, PictureSource{url, m.Width})
}

// newMedium returns a medium as callers see it.
func (s *Server) newMedium(m *cms.Medium) Medium {
	return Medium{
		ID:              string(m.ID),
		Kind:            m.Kind,
		Title:           nilIfEmpty(m.Title),
		Alt:             nilIfEmpty(m.Alt),
		Decorative:      m.Decorative,
		Caption:         nilIfEmpty(m.Caption),
		Credit:          nilIfEmpty(m.Credit),
		License:         nilIfEmpty(m.License),
		ExpiresAt:       m.ExpiresAt,
		SourceURL:       nilIfEmpty(m.SourceURL),
		Locale:          m.Locale,
		FocalPoint:      newFocalPoint(m),
		People:          append([]string{}, m.People...),
		Localized:       localized(m.Localized, newLocalizedMedium),
		Extra:           json.RawMessage(m.Extra),
		MIMEType:        m.ServedType,
		Bytes:           m.ServedBytes,
		Width:           nilIfZero(m.Width),
		Height:          nilIfZero(m.Height),
		DurationSeconds: seconds(m.DurationMS),
		Color:           nilIfEmpty(m.Color),
		ThumbHash:       nilIfEmpty(m.ThumbHash),
		URL:             s.mediumURL(m),
		Renditions:      s.srcset(m),
		UsedBy:          m.UsedBy,
		NounTimes:       nounTimes(&m.Record),
	}
}

// newMediumDraft returns a medium as editors see it.
func (s *Server) newMediumDraft(m *cms.Medium) Medium {
	out := s.newMedium(m)
	out.SetVersion(m.Version)
	warnings := []MediumWarning{}
	for _, w := range m.Warnings() {
		warnings = append(warnings, MediumWarning(w))
	}
	out.Warnings = &warnings
	return out
}

func newFocalPoint(m *cms.Medium) FocalPoint {
	return FocalPoint{
		X: float64(m.FocalX) / cms.FocalScale,
		Y: float64(m.FocalY) / cms.FocalScale,
	}
}

// seconds returns milliseconds in seconds, nil if there are none.
func seconds(milliseconds int64) *float64 {
	if milliseconds == 0 {
		return nil
	}
	return new(float64(milliseconds) / 1000)
}

func nilIfZero(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

func newLocalizedMedium(w cms.Words) LocalizedMedium {
	return LocalizedMedium{nilIfEmpty(w.Alt), nilIfEmpty(w.Caption), nilIfEmpty(w.Credit)}
}

// filled returns the body of an article with its media in their places.
func (s *Server) filled(story *cms.ArticleView) string {
	return richtext.Fill(story.Text.HTML, func(id string) (richtext.Medium, bool) {
		return s.storyMedium(story, id)
	})
}

// storyMedium returns what the body of an article shows of a medium, false if nobody may see it.
func (s *Server) storyMedium(story *cms.ArticleView, id string) (richtext.Medium, bool) {
	m := story.Media[cms.ID(id)]
	if m == nil || m.Expired {
		return richtext.Medium{}, false
	}
	return s.bodyMedium(m.In(story.Content().Locale)), true
}

// bodyMedium returns what bodies show of a medium.
func (s *Server) bodyMedium(m *cms.Medium) richtext.Medium {
	out := richtext.Medium{
		Kind:       string(m.Kind),
		URL:        s.mediumURL(m),
		Title:      m.Title,
		Alt:        m.Alt,
		Decorative: m.Decorative,
		Caption:    m.Caption,
		Credit:     m.Credit,
		Width:      int(m.Width),
		Height:     int(m.Height),
	}
	for _, source := range s.srcset(m) {
		out.Srcset = append(out.Srcset, richtext.Source{
			URL:   source.URL,
			Width: int(source.Width),
		})
	}
	return out
}
