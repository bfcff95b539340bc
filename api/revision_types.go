package api

import (
	"encoding/json"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

// Revision is an article as it was saved or published once, without its words.
type Revision struct {
	// The version of the article after the save.
	N int64 `json:"n" minimum:"1" example:"7"`
	// When it was saved.
	At time.Time `json:"at" format:"date-time" example:"2026-03-12T08:00:00Z"`
	// Who saved it; null: nobody did by hand.
	By *creator `json:"by"`
	// What the change is about; null: nothing was said.
	Note *string `json:"note" minLength:"1" maxLength:"200" example:"Figures corrected."`
	// What made it: api, import, restore (of an earlier revision, or of the live edition), bulk, or
	// the system by itself.
	Origin cms.RevisionOrigin `json:"origin" example:"api"`
	// The edition that was published with it; null: none was.
	Edition *int `json:"edition" minimum:"1" unbounded:"there is no last edition" example:"2"`
	// Whether a desk saved it by itself while somebody was writing.
	Auto bool `json:"auto" example:"false"`
	// How many earlier saves are folded into it.
	Folds int `json:"folds" minimum:"0" maximum:"100000" example:"0"`
	// Whether it is folded into a later one.
	Folded bool `json:"folded" example:"false"`
	// Whether its words are kept; those of folded saves are for 24 hours.
	Kept bool `json:"kept" example:"true"`
} // @name Revision

// RevisionDetail is a revision with its words.
type RevisionDetail struct {
	Revision
	// The article as it was written; null: its words are not kept any more.
	Article *WrittenArticle `json:"article"`
} // @name RevisionDetail

// WrittenArticle is an article as it was written. What it refers to is named by ids.
type WrittenArticle struct {
	// Title, the headline.
	Title string `json:"title" minLength:"1" maxLength:"300" example:"How rivers are measured"`
	// Name in URLs.
	Slug string `json:"slug" minLength:"1" maxLength:"240" example:"how-rivers-are-measured"`
	// What kind of piece it is.
	Type cms.ArticleType `json:"type" example:"explainer"`
	// Language, BCP 47.
	Locale string `json:"locale" form:"locale" minLength:"1" maxLength:"35" example:"en"`
	// Short line above the title.
	Kicker *string `json:"kicker" minLength:"1" maxLength:"120" example:"Explained"`
	// Summary, the standfirst.
	Summary *string `json:"summary" minLength:"1" maxLength:"1000" example:"A gauging station needs a quiet bend and patience."`
	// The body.
	Body *string `json:"body" minLength:"1" maxLength:"500000" example:"Every river tells how much water it carries."`
	// How the body is written.
	BodyFormat cms.BodyFormat `json:"body_format" example:"markdown"`
	// Where the story was reported from.
	Dateline *string `json:"dateline" minLength:"1" maxLength:"200" example:"KHUJAND"`
	// Who wrote it, as readers are told.
	Byline *string `json:"byline" minLength:"1" maxLength:"200" example:"Science desk"`
	// Ids of its tags, in order.
	Tags []string `json:"tags" maxItems:"50" itemLength:"36" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a11"`
	// Ids of its sections, the main one first.
	Sections []string `json:"sections" maxItems:"5" itemLength:"36" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a21"`
	// Who has a part in it, by id, in order.
	Authors []CreditInput `json:"authors" maxItems:"20"`
	// The picture that stands for it, by the id of a medium.
	Image *string `json:"image" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51"`
	// The sound that belongs to it, by the id of a medium.
	Audio *string `json:"audio" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a52"`
	// The film that belongs to it, by the id of a medium.
	Video *string `json:"video" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a53"`
	// Where the story was first told.
	Source *SourceInfo `json:"source"`
	// URL that search engines should take for the original.
	CanonicalURL *string `json:"canonical_url" format:"iri" minLength:"1" maxLength:"2048" example:"https://example.org/rivers"`
	// What search engines and link previews are told.
	Meta MetaInfo `json:"meta"`
	// A JSON object of the site's own.
	Extra json.RawMessage `json:"extra" swaggertype:"object" unbounded:"the names are the site's own; it has 16 KiB at most" examplejson:"{\"layout\": \"wide\"}"`
	// The oldest of the articles that say the same in other languages.
	TranslationOf *string `json:"translation_of" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a14"`
	// When readers first saw the article, or shall be told they did.
	PublishedAt *time.Time `json:"published_at" format:"date-time" example:"2026-03-12T08:00:00Z"`
} // @name WrittenArticle

// RevisionDiff is what differs between two states of an article.
type RevisionDiff struct {
	// Each field that differs, by its name.
	Fields map[string]FieldDiff `json:"fields" maxProperties:"30" examplejson:"{\"title\": {\"old\": \"The river rises\", \"new\": \"The lake rises\", \"words\": [{\"op\": \"equal\", \"text\": \"The \"}, {\"op\": \"delete\", \"text\": \"river\"}, {\"op\": \"insert\", \"text\": \"lake\"}, {\"op\": \"equal\", \"text\": \" rises\"}]}}"`
} // @name RevisionDiff

// FieldDiff is a field that differs.
type FieldDiff struct {
	// What it was, as WrittenArticle has it.
	Old any `json:"old" extensions:"x-nullable" unbounded:"it is what the field has" examplejson:"\"The river rises\""`
	// What it is.
	New any `json:"new" extensions:"x-nullable" unbounded:"it is what the field has" examplejson:"\"The lake rises\""`
	// Of a text: how the one becomes the other, by words; null: it is no text.
	Words []WordPiece `json:"words" extensions:"x-nullable" maxItems:"1000000"`
} // @name FieldDiff

// WordPiece is a piece of a text. Those that are equal or deleted make the old text, those that are
// equal or inserted the new one.
type WordPiece struct {
	// What became of it.
	Op string `json:"op" enums:"equal,insert,delete" example:"insert"`
	// The piece.
	Text string `json:"text" minLength:"1" maxLength:"500000" example:"lake"`
} // @name WordPiece

func newRevision(r *cms.Revision) Revision {
	out := Revision{
		N: r.N, At: r.At, Note: nilIfEmpty(r.Note), Origin: r.Origin, Auto: r.Auto,
		Folds: r.Folds, Folded: r.Folded, Kept: !r.Gone,
	}
	if r.By != nil {
		out.By = &creator{ID: string(r.By.ID), Name: r.By.Name}
	}
	if r.Edition > 0 {
		out.Edition = &r.Edition
	}
	return out
}

func newRevisionDetail(r *newsroom.RevisionDetail) RevisionDetail {
	out := RevisionDetail{Revision: newRevision(&r.Revision)}
	if r.Words != nil {
		out.Article = newWritten(r.Words)
	}
	return out
}

// newWritten returns an article as it was written.
func newWritten(c *cms.ArticleInput) *WrittenArticle {
	in := toInput(*c)
	w := &WrittenArticle{
		Title: c.Title, Slug: c.Slug, Type: c.Type, Locale: c.Locale, Kicker: in.Kicker,
		Summary: in.Summary, Body: in.Body, BodyFormat: c.BodyFormat, Dateline: in.Dateline,
		Byline: in.Byline, Tags: *in.Tags, Sections: *in.Sections, Authors: *in.Authors,
		Image: in.Image, Audio: in.Audio, Video: in.Video, CanonicalURL: in.CanonicalURL,
		Meta:  MetaInfo{in.Meta.Title, in.Meta.Description, c.Meta.Noindex},
		Extra: json.RawMessage(c.Extra), TranslationOf: in.TranslationOf,
		PublishedAt: c.PublishedAt,
	}
	if c.Source != (cms.Source{}) {
		w.Source = &SourceInfo{in.Source.Name, in.Source.URL, in.Source.License}
	}
	return w
}
