package api

import (
	"encoding/json"
	"math"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/media"
	"github.com/masthead-cms/masthead/internal/rest"
	"github.com/masthead-cms/masthead/internal/richtext"
)

// FocalPoint is what a picture is about: crops keep it.
type FocalPoint struct {
	// Part of the width, from the left.
	X float64 `json:"x" minimum:"0" maximum:"1" example:"0.5"`
	// Part of the height, from the top.
	Y float64 `json:"y" minimum:"0" maximum:"1" example:"0.35"`
} // @name FocalPoint

// FocalPointInput is a FocalPoint as it is written. It is a type of its own, as it may be null.
type FocalPointInput struct {
	FocalPoint
} // @name FocalPointInput

// PictureSource is a picture in one width.
type PictureSource struct {
	// Where it is; percent-encoded.
	URL string `json:"url" format:"uri-reference" minLength:"1" maxLength:"2200" example:"https://api.example.org/media/019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51/5d41402abc4b2a76b9719d911017c592.jpg?w=640"`
	// Its width in pixels.
	Width int64 `json:"width" minimum:"1" maximum:"2560" example:"640"`
} // @name PictureSource

// Picture is a picture as others show it.
type Picture struct {
	// Identifier of the medium.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51"`
	// Where its file is, in full size; with w, ratio and format it comes in other sizes.
	URL string `json:"url" format:"uri-reference" minLength:"1" maxLength:"2200" example:"https://api.example.org/media/019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51/5d41402abc4b2a76b9719d911017c592.jpg"`
	// Width in pixels.
	Width int64 `json:"width" minimum:"1" maximum:"16384" example:"2400"`
	// Height in pixels.
	Height int64 `json:"height" minimum:"1" maximum:"16384" example:"1600"`
	// What it shows, for those who do not see it; empty if it says nothing or nobody has said.
	Alt string `json:"alt" maxLength:"1000" example:"A gauging station on a bend of the river"`
	// What stands below it.
	Caption *string `json:"caption" minLength:"1" maxLength:"2000" example:"The station at the upper bridge."`
	// Who made it.
	Credit *string `json:"credit" minLength:"1" maxLength:"300" example:"Night desk"`
	// What it is about: crops keep it.
	FocalPoint FocalPoint `json:"focal_point"`
	// Its mean colour, to paint while it loads.
	Color *string `json:"color" pattern:"^#[0-9a-f]{6}$" maxLength:"7" example:"#7d8b92"`
	// A blurred picture of some 20 bytes (ThumbHash, base64), to paint while it loads.
	ThumbHash *string `json:"thumbhash" minLength:"1" maxLength:"60" example:"1QcSHQRnh493V4dIh4eXh1h4kJUI"`
	// The widths it comes in, for srcset, from the narrowest.
	Srcset []PictureSource `json:"srcset" maxItems:"10"`
} // @name Picture

// Clip is a sound or a film as others show it.
type Clip struct {
	// Identifier of the medium.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a52"`
	// What it is.
	Kind cms.MediaKind `json:"kind" example:"audio"`
	// Where its file is.
	URL string `json:"url" format:"uri-reference" minLength:"1" maxLength:"2200" example:"https://api.example.org/media/019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a52/7d793037a0760186574b0282f2f435e7.mp3"`
	// Media type of the file.
	MIMEType string `json:"mime_type" minLength:"1" maxLength:"100" example:"audio/mpeg"`
	// How many bytes the file has.
	Bytes int64 `json:"bytes" minimum:"1" example:"1840223"`
	// How long it plays.
	DurationSeconds *float64 `json:"duration_seconds" minimum:"0" maximum:"10000000" example:"92.4"`
	// Width in pixels, of films.
	Width *int64 `json:"width" minimum:"1" maximum:"16384" example:"1920"`
	// Height in pixels, of films.
	Height *int64 `json:"height" minimum:"1" maximum:"16384" example:"1080"`
	// What it is called.
	Title *string `json:"title" minLength:"1" maxLength:"300" example:"The river at night"`
	// What stands below it.
	Caption *string `json:"caption" minLength:"1" maxLength:"2000" example:"Recorded from the upper bridge."`
	// Who made it.
	Credit *string `json:"credit" minLength:"1" maxLength:"300" example:"Night desk"`
} // @name Clip

// Medium is a picture, sound, film or document that articles and others can show.
type Medium struct {
	// Identifier.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51"`
	// What it is.
	Kind cms.MediaKind `json:"kind" example:"image"`
	// What it is called.
	Title *string `json:"title" minLength:"1" maxLength:"300" example:"Gauging station"`
	// What it shows, for those who do not see it.
	Alt *string `json:"alt" minLength:"1" maxLength:"1000" example:"A gauging station on a bend of the river"`
	// Whether it says nothing, and so needs no alt.
	Decorative bool `json:"decorative" example:"false"`
	// What stands below it.
	Caption *string `json:"caption" minLength:"1" maxLength:"2000" example:"The station at the upper bridge."`
	// Who made it.
	Credit *string `json:"credit" minLength:"1" maxLength:"300" example:"Night desk"`
	// Under which it may be used.
	License *string `json:"license" minLength:"1" maxLength:"200" example:"CC BY 4.0"`
	// From when nobody may see it: it leaves what readers get at that second.
	ExpiresAt *time.Time `json:"expires_at" format:"date-time" example:"2027-03-12T00:00:00Z"`
	// Where it comes from.
	SourceURL *string `json:"source_url" format:"iri" minLength:"1" maxLength:"2048" example:"https://example.org/pictures/7"`
	// Language of its words, BCP 47.
	Locale string `json:"locale" minLength:"1" maxLength:"35" form:"locale" example:"en"`
	// What it is about: crops keep it.
	FocalPoint FocalPoint `json:"focal_point"`
	// Who can be seen or heard.
	People []string `json:"people" maxItems:"50" itemLength:"100" example:"Ada Lovelace"`
	// Its words in other languages, by locale (BCP 47).
	Localized map[string]LocalizedMedium `json:"localized" maxProperties:"50" examplejson:"{\"ar\": {\"alt\": \"محطة قياس على منعطف النهر\", \"caption\": null, \"credit\": null}}"`
	// A JSON object of the site's own, keys sorted.
	Extra json.RawMessage `json:"extra" swaggertype:"object" unbounded:"the names are the site's own; it has 16 KiB at most" examplejson:"{\"agency\": \"none\"}"`
	// Media type of the file that readers get.
	MIMEType string `json:"mime_type" minLength:"1" maxLength:"100" example:"image/jpeg"`
	// How many bytes that file has.
	Bytes int64 `json:"bytes" minimum:"1" example:"421337"`
	// Width in pixels; null for sound and documents.
	Width *int64 `json:"width" minimum:"1" maximum:"16384" example:"2400"`
	// Height in pixels; null for sound and documents.
	Height *int64 `json:"height" minimum:"1" maximum:"16384" example:"1600"`
	// How long it plays; null for pictures and documents.
	DurationSeconds *float64 `json:"duration_seconds" minimum:"0" maximum:"10000000" example:"92.4"`
	// The mean colour of a picture.
	Color *string `json:"color" pattern:"^#[0-9a-f]{6}$" maxLength:"7" example:"#7d8b92"`
	// A blurred picture of some 20 bytes (ThumbHash, base64).
	ThumbHash *string `json:"thumbhash" minLength:"1" maxLength:"60" example:"1QcSHQRnh493V4dIh4eXh1h4kJUI"`
	// Where the file is. Other bytes have another address.
	URL string `json:"url" format:"uri-reference" minLength:"1" maxLength:"2200" example:"https://api.example.org/media/019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51/5d41402abc4b2a76b9719d911017c592.jpg"`
	// The widths that a picture comes in, from the narrowest; of other media none.
	Renditions []PictureSource `json:"renditions" maxItems:"10"`
	// How many things show it: articles, sections, authors, collections, the site.
	UsedBy int64 `json:"used_by" minimum:"0" example:"2"`
	// Draft view only: what is amiss with it.
	Warnings *[]MediumWarning `json:"warnings,omitempty" maxItems:"3"`
	NounTimes
} // @name Medium

// MediumWarning says what is amiss with a medium.
type MediumWarning struct {
	// no_alt: a picture without words for those who do not see it, which cannot be published.
	// expired: nobody may see it any more. duplicate: another medium has the same bytes.
	Code string `json:"code" enums:"no_alt,expired,duplicate" example:"no_alt"`
	// The same, in a sentence.
	Detail string `json:"detail" minLength:"1" maxLength:"300" example:"The picture has no alt: give it one, or say that it is decorative."`
} // @name MediumWarning

// LocalizedMedium is what is said of a medium in another language.
type LocalizedMedium struct {
	// Alt; null: the medium's own.
	Alt *string `json:"alt" minLength:"1" maxLength:"1000" example:"محطة قياس على منعطف النهر"`
	// Caption; null: the medium's own.
	Caption *string `json:"caption" minLength:"1" maxLength:"2000" example:"المحطة عند الجسر الأعلى."`
	// Credit; null: the medium's own.
	Credit *string `json:"credit" minLength:"1" maxLength:"300" example:"مكتب الليل"`
} // @name LocalizedMedium

// LocalizedMediumInput is what shall be said of a medium in another language.
type LocalizedMediumInput struct {
	// Alt. Default: the medium's own.
	Alt *string `json:"alt,omitempty" maxLength:"1000" extensions:"x-nullable" example:"محطة قياس على منعطف النهر"`
	// Caption. Default: the medium's own.
	Caption *string `json:"caption,omitempty" maxLength:"2000" extensions:"x-nullable" example:"المحطة عند الجسر الأعلى."`
	// Credit. Default: the medium's own.
	Credit *string `json:"credit,omitempty" maxLength:"300" form:"line" extensions:"x-nullable" example:"مكتب الليل"`
} // @name LocalizedMediumInput

// MediumInput is what can be written of a medium besides its file. What a new one leaves out is
// taken from what the file says of itself (XMP, IPTC, EXIF, ID3).
type MediumInput struct {
	// What it is called.
	Title *string `json:"title,omitempty" maxLength:"300" form:"line" extensions:"x-nullable" example:"Gauging station"`
	// What it shows, for those who do not see it.
	Alt *string `json:"alt,omitempty" maxLength:"1000" extensions:"x-nullable" example:"A gauging station on a bend of the river"`
	// Whether it says nothing, and so needs no alt. Default: false.
	Decorative *bool `json:"decorative,omitempty" extensions:"x-nullable" example:"false"`
	// What shall stand below it.
	Caption *string `json:"caption,omitempty" maxLength:"2000" extensions:"x-nullable" example:"The station at the upper bridge."`
	// Who made it.
	Credit *string `json:"credit,omitempty" maxLength:"300" form:"line" extensions:"x-nullable" example:"Night desk"`
	// Under which it may be used.
	License *string `json:"license,omitempty" maxLength:"200" form:"line" extensions:"x-nullable" example:"CC BY 4.0"`
	// From when nobody may see it. Default: never.
	ExpiresAt *time.Time `json:"expires_at,omitempty" format:"date-time" extensions:"x-nullable" example:"2027-03-12T00:00:00Z"`
	// Where it comes from, http or https.
	SourceURL *string `json:"source_url,omitempty" format:"iri" maxLength:"2048" form:"url" extensions:"x-nullable" example:"https://example.org/pictures/7"`
	// Language of its words, BCP 47. Default: the site's.
	Locale *string `json:"locale,omitempty" maxLength:"35" form:"locale" extensions:"x-nullable" example:"en"`
	// What a picture is about: crops keep it. Default: its middle.
	FocalPoint *FocalPointInput `json:"focal_point,omitempty" extensions:"x-nullable"`
	// Who can be seen or heard.
	People *[]string `json:"people,omitempty" maxItems:"50" itemLength:"100" form:"name" extensions:"x-nullable" example:"Ada Lovelace"`
	// Its words in other languages, by locale (BCP 47). One without words is taken away.
	Localized *map[string]LocalizedMediumInput `json:"localized,omitempty" maxProperties:"50" extensions:"x-nullable" examplejson:"{\"ar\": {\"alt\": \"محطة قياس على منعطف النهر\"}}"`
	// A JSON object of the site's own, at most 16 KiB.
	Extra *map[string]any `json:"extra,omitempty" unbounded:"the names are the site's own; it has 16 KiB at most" extensions:"x-nullable" examplejson:"{\"agency\": \"none\"}"`
} // @name MediumInput

// MediumFile is the file of a medium.
type MediumFile struct {
	// The bytes: JPEG, PNG, GIF, WebP; MP3, M4A, OGG, WAV, MP4, WebM; PDF.
	File string `json:"file" format:"binary" unbounded:"the operator says how large files may be" example:"<the bytes of the file>"`
} // @name MediumFile

// MediumForm is MediumInput as the parts of a form, of which none can be null.
type MediumForm struct {
	// What it is called.
	Title *string `json:"title,omitempty" maxLength:"300" form:"line" example:"Gauging station"`
	// What it shows, for those who do not see it.
	Alt *string `json:"alt,omitempty" maxLength:"1000" example:"A gauging station on a bend of the river"`
	// Whether it says nothing, and so needs no alt. Default: false.
	Decorative *bool `json:"decorative,omitempty" example:"false"`
	// What shall stand below it.
	Caption *string `json:"caption,omitempty" maxLength:"2000" example:"The station at the upper bridge."`
	// Who made it.
	Credit *string `json:"credit,omitempty" maxLength:"300" form:"line" example:"Night desk"`
	// Under which it may be used.
	License *string `json:"license,omitempty" maxLength:"200" form:"line" example:"CC BY 4.0"`
	// From when nobody may see it. Default: never.
	ExpiresAt *time.Time `json:"expires_at,omitempty" format:"date-time" example:"2027-03-12T00:00:00Z"`
	// Where it comes from, http or https.
	SourceURL *string `json:"source_url,omitempty" format:"iri" maxLength:"2048" form:"url" example:"https://example.org/pictures/7"`
	// Language of its words, BCP 47. Default: the site's.
	Locale *string `json:"locale,omitempty" maxLength:"35" form:"locale" example:"en"`
	// What a picture is about: crops keep it. Default: its middle.
	FocalPoint *FocalPoint `json:"focal_point,omitempty"`
	// Who can be seen or heard.
	People *[]string `json:"people,omitempty" maxItems:"50" itemLength:"100" form:"name" example:"Ada Lovelace"`
	// Its words in other languages, by locale (BCP 47). One without words is taken away.
	Localized *map[string]LocalizedMediumInput `json:"localized,omitempty" maxProperties:"50" examplejson:"{\"ar\": {\"alt\": \"محطة قياس على منعطف النهر\"}}"`
	// A JSON object of the site's own, at most 16 KiB.
	Extra *map[string]any `json:"extra,omitempty" unbounded:"the names are the site's own; it has 16 KiB at most" examplejson:"{\"agency\": \"none\"}"`
}

// written returns what a form says as if it had been written as JSON.
func (f MediumForm) written() MediumInput {
	in := MediumInput{
		Title:      f.Title,
		Alt:        f.Alt,
		Decorative: f.Decorative,
		Caption:    f.Caption,
		Credit:     f.Credit,
		License:    f.License,
		ExpiresAt:  f.ExpiresAt,
		SourceURL:  f.SourceURL,
		Locale:     f.Locale,
		People:     f.People,
		Localized:  f.Localized,
		Extra:      f.Extra,
	}
	if f.FocalPoint != nil {
		in.FocalPoint = &FocalPointInput{*f.FocalPoint}
	}
	return in
}

// MediumUpload is a file with what is written of the medium that is made of it. In a form a text is
// a part as it is, and everything else a part as JSON.
type MediumUpload struct {
	MediumFile
	MediumForm
} // @name MediumUpload

// MediumImport is a medium whose file is got from the web.
type MediumImport struct {
	// Where the file is, http or https, on the open web.
	URL string `json:"url" format:"iri" minLength:"1" maxLength:"2048" form:"url" example:"https://example.org/pictures/7.jpg"`
	MediumInput
} // @name MediumImport

// inputOver returns what was written of a new medium, and for what was not what its file says.
func (in MediumInput) inputOver(found cms.MediumInput) cms.MediumInput {
	said := toMediumInput(found)
	for _, field := range []struct{ written, said **string }{
		{&in.Title, &said.Title}, {&in.Caption, &said.Caption}, {&in.Credit, &said.Credit},
		{&in.License, &said.License}, {&in.SourceURL, &said.SourceURL},
	} {
		if *field.written == nil {
			*field.written = *field.said
		}
	}
	if in.Alt == nil && !deref(in.Decorative) {
		in.Alt = said.Alt
	}
	if in.People == nil {
		in.People = said.People
	}
	return in.input()
}

// MediumUse is a thing that shows a medium.
type MediumUse struct {
	// What it is.
	Kind string `json:"kind" enums:"article,section,author,collection,site" example:"article"`
	// Its identifier; null: the site.
	ID *string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a13"`
	// Its slug; null: the site.
	Slug *string `json:"slug" minLength:"1" maxLength:"240" example:"how-rivers-are-measured"`
	// Its title or name.
	Name string `json:"name" minLength:"1" maxLength:"300" example:"How rivers are measured"`
	// Its page; null: it has none.
	URL *string `json:"url" format:"uri-reference" minLength:"1" maxLength:"8192" example:"https://news.example.org/articles/how-rivers-are-measured"`
	// The parts of it that the medium stands in: image, audio, video, body, logo, icon, items.
	Fields []string `json:"fields" maxItems:"7" itemLength:"10" form:"line" example:"image"`
	// Whether readers see it there.
	Live bool `json:"live" example:"true"`
} // @name MediumUse

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

func (in LocalizedMediumInput) words() cms.Words {
	return cms.Words{Alt: deref(in.Alt), Caption: deref(in.Caption), Credit: deref(in.Credit)}
}

func toLocalizedMediumInput(w cms.Words) LocalizedMediumInput {
	return LocalizedMediumInput{nilIfEmpty(w.Alt), nilIfEmpty(w.Caption), nilIfEmpty(w.Credit)}
}

// input returns what the body of a medium sets.
func (in *MediumInput) input() cms.MediumInput {
	out := cms.MediumInput{
		Title:      deref(in.Title),
		Alt:        deref(in.Alt),
		Decorative: deref(in.Decorative),
		Caption:    deref(in.Caption),
		Credit:     deref(in.Credit),
		License:    deref(in.License),
		ExpiresAt:  in.ExpiresAt,
		SourceURL:  deref(in.SourceURL),
		Locale:     deref(in.Locale),
		FocalPoint: cms.DefaultFocalPoint,
		People:     deref(in.People),
		Localized:  localizedInput(in.Localized, LocalizedMediumInput.words),
		Extra:      "{}",
	}
	if p := in.FocalPoint; p != nil {
		out.FocalPoint = cms.FocalPoint{X: parts10000(p.X), Y: parts10000(p.Y)}
	}
	if in.Extra != nil {
		out.Extra = rest.CanonicalJSON(*in.Extra)
	}
	return out
}

// parts10000 returns a part of one in ten-thousandths; what is out of range stays so.
func parts10000(part float64) int64 {
	return int64(math.Round(min(max(part, -1), 2) * cms.FocalScale))
}

// toMediumInput returns the inverse of input.
func toMediumInput(in cms.MediumInput) MediumInput {
	extra := jsonObject(in.Extra)
	return MediumInput{
		Title:      nilIfEmpty(in.Title),
		Alt:        nilIfEmpty(in.Alt),
		Decorative: &in.Decorative,
		Caption:    nilIfEmpty(in.Caption),
		Credit:     nilIfEmpty(in.Credit),
		License:    nilIfEmpty(in.License),
		ExpiresAt:  in.ExpiresAt,
		SourceURL:  nilIfEmpty(in.SourceURL),
		Locale:     nilIfEmpty(in.Locale),
		FocalPoint: &FocalPointInput{FocalPoint{
			X: float64(in.FocalPoint.X) / cms.FocalScale,
			Y: float64(in.FocalPoint.Y) / cms.FocalScale,
		}},
		People:    &in.People,
		Localized: writtenLocalized(in.Localized, toLocalizedMediumInput),
		Extra:     &extra,
	}
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
