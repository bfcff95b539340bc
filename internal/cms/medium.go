package cms

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/masthead-cms/masthead/internal/text"
)

// MediaKind says what a medium is.
type MediaKind string

// The kinds of media.
const (
	ImageMedium    MediaKind = "image"
	AudioMedium    MediaKind = "audio"
	VideoMedium    MediaKind = "video"
	DocumentMedium MediaKind = "document"
)

// MediaKinds are all kinds of media.
var MediaKinds = []MediaKind{ImageMedium, AudioMedium, VideoMedium, DocumentMedium}

// MediaFile is what is known of the file of a medium. Readers never get the bytes as they came, but
// what was made of them: of pictures that is another file.
type MediaFile struct {
	Digest       string // SHA-256 of the bytes as they came, in hexadecimal
	FileKey      string // where these lie
	FileBytes    int64
	ServedDigest string // SHA-256 of the bytes that readers get, in hexadecimal
	ServedKey    string // where these lie
	ServedBytes  int64
	ServedType   string // media type of these
	Kind         MediaKind
	Width        int64 // pixels; 0: it has none
	Height       int64
	DurationMS   int64  `gorm:"column:duration_ms"` // milliseconds; 0: it does not play
	Color        string // mean colour, #rrggbb; empty: it has none
	ThumbHash    string // base64; empty: it has none
}

// mediaNameDigits is how many digits of the digest the name of a file has.
const mediaNameDigits = 32

// FocalPoint is what a picture is about, in ten-thousandths of its width and height from the top
// left.
type FocalPoint struct{ X, Y int64 }

// FocalScale is how many parts a width or height has in focal points.
const FocalScale = 10_000

// Medium is a picture, sound, film or document that articles and others can show.
type Medium struct {
	Record     `gorm:"embedded"`
	MediaFile  `gorm:"embedded"`
	Title      string
	Alt        string // what a picture shows, for those who do not see it
	Decorative bool   // a picture that says nothing
	Caption    string
	Credit     string
	License    string
	ExpiresAt  *time.Time // from when nobody may see it; nil: never
	SourceURL  string     `gorm:"column:source_url"`
	Locale     string     // of its words, BCP 47
	FocalX     int64
	FocalY     int64
	People     []string  `gorm:"serializer:json"`
	Localized  Localized `gorm:"serializer:json"` // alt, caption and credit
	Extra      string    // a JSON object with sorted keys
	WordsKey   string    // its words folded for comparing
	CreatedBy  *ID       `gorm:"<-:create"`

	UsedBy    int64 `gorm:"-"` // how many things show it
	Duplicate bool  `gorm:"-"` // there is another one with the same bytes
	Expired   bool  `gorm:"-"` // as of when it was read
}

// MediumInput is what an editor may set of a medium besides its file.
type MediumInput struct {
	Title      string
	Alt        string
	Decorative bool
	Caption    string
	Credit     string
	License    string
	ExpiresAt  *time.Time
	SourceURL  string
	Locale     string // empty: the site's
	FocalPoint FocalPoint
	People     []string
	Localized  Localized
	Extra      string
}

// The limits of a medium.
const (
	MaxMediumTitle   = 300
	MaxMediumAlt     = 1000
	MaxMediumCaption = 2000
	MaxMediumCredit  = 300
	MaxMediumLicense = 200
	MaxPeople        = 50
	MaxPerson        = 100
	MaxBodyMedia     = 200 // in one body
)

// DefaultFocalPoint is the middle of a picture.
var DefaultFocalPoint = FocalPoint{FocalScale / 2, FocalScale / 2}

// Cursor returns where the medium stands in an order.
func (m *Medium) Cursor(sort Sort) Cursor {
	if sort.By == "updated_at" {
		return Cursor{ID: m.ID, Time: m.UpdatedAt}
	}
	return Cursor{ID: m.ID, Time: m.CreatedAt}
}

// FileName returns the name that readers get the file by. Other bytes have another name, and so has
// another focal point, by which crops have other bytes.
func (m *Medium) FileName() string {
	name := m.ServedDigest[:min(len(m.ServedDigest), mediaNameDigits)]
	if point := (FocalPoint{m.FocalX, m.FocalY}); point != DefaultFocalPoint &&
		m.Kind == ImageMedium {
		name += fmt.Sprintf("-%d-%d", point.X, point.Y)
	}
	return name + path.Ext(m.ServedKey)
}

// maxSaveName is how many characters of its title the name has that a document is saved as.
const maxSaveName = 100

// SaveName returns the name that a document is saved as, which its title makes if it has one; ""
// for what is shown.
func (m *Medium) SaveName() string {
	if m.Kind != DocumentMedium {
		return ""
	}
	name := strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\:*?"<>|`, r):
			return '-'
		case unicode.IsPrint(r):
			return r
		}
		return -1
	}, m.Title)
	if runes := []rune(name); len(runes) > maxSaveName {
		name = string(runes[:maxSaveName])
	}
	if name = strings.Trim(name, " ."); name == "" {
		return m.FileName()
	}
	ext := path.Ext(m.ServedKey)
	return strings.TrimSuffix(name, ext) + ext
}

// SetExpired sets whether nobody may see the medium any more at a time.
func (m *Medium) SetExpired(now time.Time) {
	m.Expired = m.ExpiresAt != nil && !m.ExpiresAt.After(now)
}

// Until returns when the medium, which may be nil, leaves what readers get by itself; zero if it
// does not, or has left already.
func (m *Medium) Until() time.Time {
	if m == nil || m.ExpiresAt == nil || m.Expired {
		return time.Time{}
	}
	return *m.ExpiresAt
}

// LacksAlt reports whether the medium is a picture that says something and has no words for it.
func (m *Medium) LacksAlt() bool {
	return m.Kind == ImageMedium && !m.Decorative && m.Alt == ""
}

// In returns the medium with its words in a language, where it has some.
func (m *Medium) In(locale string) *Medium {
	words := m.Localized.In(locale)
	if words == (Words{}) {
		return m
	}
	in := *m
	for _, w := range []struct {
		to   *string
		word string
	}{{&in.Alt, words.Alt}, {&in.Caption, words.Caption}, {&in.Credit, words.Credit}} {
		if w.word != "" {
			*w.to = w.word
		}
	}
	return &in
}

// Input returns what an editor may set of the medium, as it is.
func (m *Medium) Input() MediumInput {
	in := MediumInput{
		Title:      m.Title,
		Alt:        m.Alt,
		Decorative: m.Decorative,
		Caption:    m.Caption,
		Credit:     m.Credit,
		License:    m.License,
		SourceURL:  m.SourceURL,
		Locale:     m.Locale,
		FocalPoint: FocalPoint{m.FocalX, m.FocalY},
		People:     m.People,
		Localized:  m.Localized,
		Extra:      m.Extra,
	}
	if m.ExpiresAt != nil {
		in.ExpiresAt = new(*m.ExpiresAt)
	}
	return in
}

// Check trims what stands on one line, and returns an Invalid error if the medium breaks a rule.
func (in MediumInput) Check() error {
	var f fieldErrors
	f.line("title", in.Title, MaxMediumTitle)
	f.text("alt", in.Alt, MaxMediumAlt)
	if in.Decorative && in.Alt != "" {
		f.add("alt", "not_allowed",
			"A decorative picture has no alt: send decorative as false, or alt as null.")
	}
	f.text("caption", in.Caption, MaxMediumCaption)
	f.line("credit", in.Credit, MaxMediumCredit)
	f.line("license", in.License, MaxMediumLicense)
	f.url("source_url", in.SourceURL)
	if in.Locale != "" {
		if _, err := text.Locale(in.Locale); err != nil {
			f.add("locale", "invalid", "%s", err)
		}
	}
	for _, part := range []struct {
		field string
		at    int64
	}{{"focal_point/x", in.FocalPoint.X}, {"focal_point/y", in.FocalPoint.Y}} {
		if part.at < 0 || part.at > FocalScale {
			f.add(part.field, "out_of_range", "%s is a part of the picture: x and y are between 0 "+
				"and 1.", dotted(part.field))
		}
	}
	f.count("people", len(in.People), MaxPeople)
	for i, person := range in.People[:min(len(in.People), MaxPeople)] {
		f.required(itemPath("people", i), person)
		f.line(itemPath("people", i), person, MaxPerson)
	}
	f.localized(in.Localized)
	if len(in.Extra) > MaxExtraBytes {
		f.add("extra", "too_long", "extra takes %d bytes as JSON; %d are allowed.", len(in.Extra),
			MaxExtraBytes)
	}
	return InvalidFields(f)
}

// WordsOf returns the words that media are found by.
func (in *MediumInput) WordsOf() string {
	return strings.Join(slices.Concat(
		[]string{in.Title, in.Alt, in.Caption, in.Credit}, in.People), " ")
}

// MediaQuery asks for media.
type MediaQuery struct {
	Words   string // a part of their words; empty: all
	Kinds   []MediaKind
	IDs     []ID
	Expired *bool // only those that nobody may see any more, or only the others; nil: all
	Used    *bool // only those that something shows, or only the others; nil: all
	Sort    Sort
	Page    PageRequest
}

// MediaRole says which part of a thing a medium is.
type MediaRole string

// The roles of media.
const (
	ImageRole MediaRole = "image"
	AudioRole MediaRole = "audio"
	VideoRole MediaRole = "video"
	BodyRole  MediaRole = "body"
	LogoRole  MediaRole = "logo"
	IconRole  MediaRole = "icon"
	ItemRole  MediaRole = "items"
)

// MediaRef is a medium that a thing shows.
type MediaRef struct {
	ID   ID
	Role MediaRole
}

// BodyMedium is a medium in a body.
type BodyMedium struct {
	ID     ID
	HasAlt bool // the body has words for it, or says that it is decorative
}

// MediumUse is a thing that shows a medium.
type MediumUse struct {
	Kind  string // article, section, author, collection or site
	ID    ID
	Slug  string // empty: the site
	Name  string // its title or name
	URL   string // of its page; empty if it has none
	Roles []MediaRole
	Live  bool // readers see the medium there
}

// MediaRefs returns the media that an article shows, with those of its body.
func MediaRefs(shown *ArticleMedia, text *Text) []MediaRef {
	refs := shown.Refs()
	for _, m := range text.Media {
		refs = append(refs, MediaRef{m.ID, BodyRole})
	}
	return refs
}

// MediumInUse returns the error for a medium that is to be deleted and stands in some places.
func MediumInUse(uses []MediumUse) error {
	places := make([]string, len(uses))
	for i, use := range uses {
		places[i] = use.Kind + " " + use.Name
	}
	return Errorf(InUse, "It is shown; take it out first: %s.", strings.Join(places, ", ")).
		WithHint(HintMediumUses)
}

// MediaUntil returns when the first of some media ceases to be shown; zero if none does.
func MediaUntil(media map[ID]*Medium) (until time.Time) {
	for _, m := range media {
		until = Earlier(until, m.Until())
	}
	return until
}

// CheckArticleMedia returns an Invalid error if an article shows what is not among the media that
// were found, or not of the kind that belongs there.
func CheckArticleMedia(shown *ArticleMedia, body *Text, found map[ID]*Medium) error {
	var f fieldErrors
	for _, ref := range MediaRefs(shown, body) {
		m := found[ref.ID]
		switch {
		case m == nil:
			f.add(string(ref.Role), "unknown", "There is no medium %s.", ref.ID)
		case ref.Role != BodyRole && string(m.Kind) != string(ref.Role):
			f.add(string(ref.Role), "wrong_type",
				"The medium %s is of the kind %s; one of the kind %s belongs here.", ref.ID,
				m.Kind, ref.Role)
		}
	}
	return InvalidFields(f)
}

// CheckAlt returns an Invalid error if the article shows a picture without words for those who do
// not see it.
func (s *ArticleView) CheckAlt() error {
	var f fieldErrors
	for _, ref := range s.withoutAlt() {
		f.add(string(ref.Role), "no_alt",
			"The picture %s has no alt, the words for those who do not see it: give it some, or "+
				"say that it is decorative.", ref.ID)
	}
	return InvalidFields(f)
}

// withoutAlt returns the pictures of an article that have no words.
func (s *ArticleView) withoutAlt() []MediaRef {
	var refs []MediaRef
	locale := s.Content().Locale
	lacks := func(id ID) bool {
		m := s.Media[id]
		return m != nil && m.In(locale).LacksAlt()
	}
	if image := s.Content().Image; image != "" && lacks(image) {
		refs = append(refs, MediaRef{image, ImageRole})
	}
	if s.Text == nil {
		return refs
	}
	for _, m := range s.Text.Media {
		if !m.HasAlt && lacks(m.ID) {
			refs = append(refs, MediaRef{m.ID, BodyRole})
		}
	}
	return refs
}

// MediaWarnings returns what is amiss with the media of an article, for editors: pictures without
// alt, and what has expired and is shown to nobody.
func (s *ArticleView) MediaWarnings() []Warning {
	var list []Warning
	for _, ref := range s.withoutAlt() {
		list = append(list, Warning{"no_alt", string(ref.Role), 1, string(ref.ID)})
	}
	if s.Text == nil {
		return list
	}
	for _, ref := range MediaRefs(&s.Content().ArticleMedia, s.Text) {
		if m := s.Media[ref.ID]; m != nil && m.Expired {
			list = append(list, Warning{"expired", string(ref.Role), 1, string(ref.ID)})
		}
	}
	return list
}

// movingPNG is how the keys of files end that are PNG pictures that move.
const movingPNG = ".apng"

// MediumWarning says what is amiss with a medium: a word for programs and a sentence for people.
type MediumWarning struct {
	Code   string
	Detail string
}

// Warnings returns what is amiss with the medium as editors see it.
func (m *Medium) Warnings() []MediumWarning {
	var list []MediumWarning
	if m.LacksAlt() {
		list = append(list, MediumWarning{"no_alt",
			"The picture has no alt: give it one, or say that it is decorative."})
	}
	if m.Expired {
		list = append(list, MediumWarning{"expired", "Its right to be shown has ended: nobody " +
			"gets it any more."})
	}
	if path.Ext(m.FileKey) == movingPNG {
		list = append(list, MediumWarning{"animation_lost", "The file is a PNG that moves, and " +
			"what readers get does not: make a GIF or a film (MP4) of it."})
	}
	if m.Duplicate {
		list = append(list, MediumWarning{"duplicate", "Another medium has the same bytes."})
	}
	return list
}
