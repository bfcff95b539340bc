package cms

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"reflect"
	"strconv"
	"time"
)

// ArticleType is the kind of an article.
type ArticleType string

// The article types.
const (
	News         ArticleType = "news"
	Analysis     ArticleType = "analysis"
	Opinion      ArticleType = "opinion"
	Feature      ArticleType = "feature"
	Interview    ArticleType = "interview"
	Review       ArticleType = "review"
	Explainer    ArticleType = "explainer"
	LiveBlog     ArticleType = "live"
	Gallery      ArticleType = "gallery"
	Video        ArticleType = "video"
	Audio        ArticleType = "audio"
	PressRelease ArticleType = "press_release"
)

// ArticleTypes are all article types.
var ArticleTypes = []ArticleType{
	News, Analysis, Opinion, Feature, Interview, Review, Explainer, LiveBlog, Gallery, Video, Audio,
	PressRelease,
}

// BodyFormat says how a body is written.
type BodyFormat string

// The body formats.
const (
	// CommonMark with tables, strikethrough, task lists, autolinks and footnotes
	Markdown BodyFormat = "markdown"
	HTML     BodyFormat = "html"
)

// BodyFormats are all body formats.
var BodyFormats = []BodyFormat{Markdown, HTML}

// Source is the original publisher of a story.
type Source struct {
	Name, URL, License string
}

// Meta is what search engines and link previews are told in place of title and summary.
type Meta struct {
	Title, Description string
	Noindex            bool
}

// ArticleDetails are what an editor writes about an article beside its body, references and dates.
// An empty string is a field without a value.
type ArticleDetails struct {
	Title        string
	Slug         string // in an input, empty: made from the title
	Type         ArticleType
	Locale       string // BCP 47; in an input, empty: the site's
	Kicker       string
	Summary      string
	Dateline     string
	Byline       string
	Source       Source
	CanonicalURL string
	Meta         Meta
	Extra        string // a JSON object with sorted keys
}

// ArticleMedia are the media that an article shows besides those in its body, by id. An empty one
// is none. Digests of imported items are older than these fields.
type ArticleMedia struct {
	Image ID `json:",omitempty"`
	Audio ID `json:",omitempty"`
	Video ID `json:",omitempty"`
}

// Refs returns the media with their roles.
func (m *ArticleMedia) Refs() []MediaRef {
	var refs []MediaRef
	for _, ref := range []MediaRef{
		{m.Image, ImageRole}, {m.Audio, AudioRole}, {m.Video, VideoRole},
	} {
		if ref.ID != "" {
			refs = append(refs, ref)
		}
	}
	return refs
}

// Content is what an article and its editions have in common: the details, and what follows from
// them and the body.
type Content struct {
	ArticleDetails
	ArticleMedia
	TitleKey  string // the title folded for ordering
	Direction string // ltr or rtl
	WordCount int
}

// Heading is one entry of an outline.
type Heading struct {
	Level int // 2 to 6
	Text  string
	ID    string // the id of the heading in the rendered body
}

// Warning says that a part of a body is not in the rendered one, and how often.
type Warning struct {
	Code    string // "removed", or "linked" if a link to its address stays
	Element string // the name of the element
	Count   int
	Detail  string // which attribute, or what became of the content
}

// Text is a body with what was made of it.
type Text struct {
	Body     string
	Format   BodyFormat
	HTML     string
	Outline  []Heading
	Media    []BodyMedium // in order, each once
	Warnings []Warning    // for editors: what the HTML lacks
}

// Article is the working copy that editors see, with where it stands.
type Article struct {
	ID      ID
	Version int64
	Status  Status
	Content
	PublishedAt *time.Time // when readers first saw it, or shall be told they did; nil until then
	Editions    int        // how many editions there have been
	Digest      string     // of all that an editor may set
	LiveDigest  string     // the digest of the live edition; empty while none is live
	GroupID     *ID        // the oldest of the articles it is a translation of; nil: there are none
	CreatedBy   *ID
	CreatedAt   time.Time
	UpdatedAt   time.Time
	TrashedAt   *time.Time
	MoveWords
}

// HasUnpublishedChanges reports whether readers see an edition that differs from the working copy.
func (a *Article) HasUnpublishedChanges() bool {
	return a.LiveDigest != "" &&
		a.LiveDigest != a.Digest
}

// Edition is what readers see: an article as it was when it was published. It never changes but for
// ceasing to be live.
type Edition struct {
	ArticleID ID
	Number    int // from 1, per article
	Live      bool
	Content
	GroupID     *ID     // that of the article, while it is live
	Refs        []RefID // that it was published with; some may have been merged or removed since
	Digest      string
	PublishedAt time.Time  // when readers first saw the article
	EditionAt   time.Time  // when this edition was published
	RetiredAt   *time.Time // when it ceased to be live; nil while it is
	CreatedAt   time.Time  // when the article was first written
	UpdatedAt   time.Time  // when its words last changed
}

// ReadingMinutes returns how long the body takes to read at 220 words a minute, rounded up.
func (p *Content) ReadingMinutes() int { return (p.WordCount + 219) / 220 }

// ArticleInput is what an editor may set of an article: its draft but for what the newsroom counts
// and maintains.
type ArticleInput struct {
	ArticleDetails
	ArticleMedia
	Body        string
	BodyFormat  BodyFormat
	Refs        []RefInput // by kind, those of a kind in their order
	PublishedAt *time.Time // nil: when it is first published

	// TranslationOf is the id or slug of an article that says the same in another language. It is
	// no part of an edition. Empty: none. Digests of imported items are older than this field.
	TranslationOf string `json:",omitempty"`

	ChangeNote string `json:"-"` // what the change is about; no part of the article
}

// Digest returns a SHA-256 over everything an editor may set: equal words have equal digests, on
// any database. A tag is its id alone, as in the digests of earlier releases.
func Digest(content *Content, text *Text, refs []RefID, publishedAt *time.Time) string {
	h := sha256.New()
	digestFields(h, reflect.ValueOf(&content.ArticleDetails).Elem())
	digestString(h, text.Body)
	digestString(h, string(text.Format))
	at := int64(0)
	if publishedAt != nil {
		at = publishedAt.Unix()
	}
	digestNumber(h, at)
	for _, ref := range refs {
		if ref.Noun != TagNoun {
			digestString(h, ref.Noun.Singular)
			digestString(h, ref.Role)
		}
		digestString(h, string(ref.ID))
	}
	for _, ref := range content.ArticleMedia.Refs() {
		digestString(h, string(ref.Role))
		digestString(h, string(ref.ID))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// digestFields adds the fields of a struct of strings, booleans and such structs.
func digestFields(h hash.Hash, fields reflect.Value) {
	for i := range fields.NumField() {
		switch field := fields.Field(i); field.Kind() {
		case reflect.Struct:
			digestFields(h, field)
		case reflect.Bool:
			digestString(h, strconv.FormatBool(field.Bool()))
		default:
			digestString(h, field.String())
		}
	}
}

func digestString(h hash.Hash, s string) {
	digestNumber(h, int64(len(s)))
	h.Write([]byte(s))
}

func digestNumber(h hash.Hash, n int64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	h.Write(b[:])
}

// ArticleState is where an article stands.
type ArticleState struct {
	Status      Status
	PublishedAt *time.Time
	TrashedAt   *time.Time
	MoveWords
}

// State returns where the article stands.
func (a *Article) State() ArticleState {
	return ArticleState{a.Status, a.PublishedAt, a.TrashedAt, a.MoveWords}
}
