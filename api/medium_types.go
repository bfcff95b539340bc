package api

import (
	"encoding/json"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
)

// FocalPoint is what a picture is about: crops keep it.
type FocalPoint struct {
	// Part of the width, from the left.
	X float64 `json:"x" minimum:"0" maximum:"1" example:"0.5"`
	// Part of the height, from the top.
	Y float64 `json:"y" minimum:"0" maximum:"1" example:"0.35"`
} // @name FocalPoint

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
	Warnings *[]MediumWarning `json:"warnings,omitempty" maxItems:"4"`
	NounTimes
} // @name Medium

// MediumWarning says what is amiss with a medium.
type MediumWarning struct {
	// no_alt: a picture without words for those who do not see it, which cannot be published.
	// expired: nobody may see it any more. duplicate: another medium has the same bytes.
	// animation_lost: the file is a PNG that moves (APNG), and readers get its first picture alone.
	Code string `json:"code" enums:"no_alt,expired,duplicate,animation_lost" example:"no_alt"`
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
