package api

import (
	"math"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/rest"
)

// FocalPointInput is a FocalPoint as it is written. It is a type of its own, as it may be null.
type FocalPointInput struct {
	FocalPoint
} // @name FocalPointInput

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

// MediumUpload is a file with what is written of the medium that is made of it. In a form a text is
// a part as it is, and everything else a part as JSON.
type MediumUpload struct {
	MediumFile
	MediumInput `nullable:"false"`
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
