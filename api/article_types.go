package api

import (
	"encoding/json"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
)

// SourceInfo says where a story was first told.
type SourceInfo struct {
	// Name of the publication, agency or institution.
	Name *string `json:"name" minLength:"1" maxLength:"200" example:"World Health Organization"`
	// URL of the original, http or https.
	URL *string `json:"url" format:"iri" minLength:"1" maxLength:"2048" example:"https://www.who.int/"`
	// License under which the original may be used.
	License *string `json:"license" minLength:"1" maxLength:"200" example:"CC BY 4.0"`
} // @name Source

// MetaInfo is what search engines and link previews are told in place of title and summary.
type MetaInfo struct {
	// Title for search engines; null: the article's own.
	Title *string `json:"title" minLength:"1" maxLength:"300" example:"How rivers are measured"`
	// Description for search engines; null: the article's summary.
	Description *string `json:"description" minLength:"1" maxLength:"1000" example:"A short guide to gauging stations."`
	// Whether search engines are asked not to list the page.
	NoIndex bool `json:"noindex" example:"false"`
} // @name Meta

// ArticleRef is an article as others show it.
type ArticleRef struct {
	// Identifier of the article.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a13"`
	// Slug of the article.
	Slug string `json:"slug" minLength:"1" maxLength:"240" example:"how-rivers-are-measured"`
	// Title of the article.
	Title string `json:"title" minLength:"1" maxLength:"300" example:"How rivers are measured"`
	// Where readers find the article; percent-encoded.
	URL string `json:"url" format:"uri-reference" minLength:"1" maxLength:"8192" example:"https://news.example.org/articles/how-rivers-are-measured"`
	// When readers first saw the article; null if they have not.
	PublishedAt *time.Time `json:"published_at" format:"date-time" example:"2026-03-12T08:00:00Z"`
} // @name ArticleRef

// Translation is an article that says the same in another language.
type Translation struct {
	// Language of the article, BCP 47.
	Locale string `json:"locale" form:"locale" minLength:"1" maxLength:"35" example:"ar"`
	ArticleLink
} // @name Translation

// Heading is one entry of an outline.
type Heading struct {
	// Level of the heading.
	Level int `json:"level" minimum:"1" maximum:"6" example:"2"`
	// Text of the heading, without markup.
	Text string `json:"text" minLength:"1" maxLength:"500000" example:"A gauge every ten kilometres"`
	// Value of the heading's id attribute in body_html.
	ID string `json:"id" pattern:"^\\S+$" minLength:"1" maxLength:"300" example:"a-gauge-every-ten-kilometres"`
} // @name Heading

// Warning says that a part of a body is not in body_html, or what is amiss with a medium.
type Warning struct {
	// removed: an element of the body. linked: a link to the address of what it shows stays.
	// no_alt: a picture without words for those who do not see it. expired: a medium that nobody
	// may see any more.
	Code string `json:"code" enums:"removed,linked,no_alt,expired" example:"removed"`
	// Name of the element; of a medium the field that it stands in.
	Element string `json:"element" minLength:"1" maxLength:"60" example:"script"`
	// How often.
	Count int `json:"count" minimum:"1" maximum:"500000" example:"1"`
	// Which attribute was removed, or what became of the content; of a medium its id.
	Detail string `json:"detail" minLength:"1" maxLength:"60" example:"with its content"`
} // @name Warning

// Highlight shows where an article answers a question, as HTML: what answers stands in mark
// elements, everything else is escaped.
type Highlight struct {
	// The title, whole.
	Title string `json:"title" minLength:"1" maxLength:"5400" example:"How <mark>rivers</mark> are measured"`
	// The piece of the summary or the body that answers best, about 200 characters.
	Snippet string `json:"snippet" unbounded:"a phrase that is found is shown whole" example:"Every <mark>river</mark> tells how much water it carries."`
} // @name Highlight

// ArticleHead is what every view of an article has.
type ArticleHead struct {
	// Identifier of the article, a UUIDv7.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a13"`
	// Slug: the article's name in URLs, in any script.
	Slug string `json:"slug" minLength:"1" maxLength:"240" example:"how-rivers-are-measured"`
	// Where readers find the article; percent-encoded; absolute if the site has an address.
	URL string `json:"url" format:"uri-reference" minLength:"1" maxLength:"8192" example:"https://news.example.org/articles/how-rivers-are-measured"`
	// What kind of piece it is.
	Type cms.ArticleType `json:"type" example:"explainer"`
	// Language of the article, BCP 47.
	Locale string `json:"locale" form:"locale" minLength:"1" maxLength:"35" example:"en"`
	// Direction of the writing.
	Direction string `json:"direction" enums:"ltr,rtl" example:"ltr"`
	// Short line above the title.
	Kicker *string `json:"kicker" minLength:"1" maxLength:"120" example:"Explained"`
	// Title, the headline.
	Title string `json:"title" minLength:"1" maxLength:"300" example:"How rivers are measured"`
	// Summary, the standfirst.
	Summary *string `json:"summary" minLength:"1" maxLength:"1000" example:"A gauging station needs a quiet bend and patience."`
	// Where the story was reported from.
	Dateline *string `json:"dateline" minLength:"1" maxLength:"200" example:"KHUJAND"`
	// Who wrote it, as readers are told: what was written, else the names of the authors, reporters
	// and contributors, in the article's language. In the draft view what was written.
	Byline *string `json:"byline" minLength:"1" maxLength:"2300" example:"Science desk"`
	// Where the story was first told; null: here.
	Source *SourceInfo `json:"source"`
	// URL that search engines should take for the original; null: url.
	CanonicalURL *string `json:"canonical_url" format:"iri" minLength:"1" maxLength:"2048" example:"https://example.org/rivers"`
	// What search engines and link previews are told.
	Meta MetaInfo `json:"meta"`
	// A JSON object of the site's own, keys sorted.
	Extra json.RawMessage `json:"extra" swaggertype:"object" unbounded:"the names are the site's own; it has 16 KiB at most" examplejson:"{\"layout\": \"wide\"}"`
	// Tags, in the order the editor gave them.
	Tags []NounRef `json:"tags" maxItems:"50"`
	// Sections it stands in, the main one first.
	Sections []SectionRef `json:"sections" maxItems:"5"`
	// Who has a part in it, in the order the editor gave them.
	Authors []Credit `json:"authors" maxItems:"20"`
	// The picture that stands for it; null: there is none, or it has expired.
	Image *Picture `json:"image"`
	// The sound that belongs to it.
	Audio *Clip `json:"audio"`
	// The film that belongs to it.
	Video *Clip `json:"video"`
	// Whether a correction says that it no longer stands.
	Retracted bool `json:"retracted" example:"false"`
	// Words in the body.
	WordCount int `json:"word_count" minimum:"0" maximum:"500000" example:"640"`
	// Minutes the body takes to read, rounded up.
	ReadingMinutes int `json:"reading_minutes" minimum:"0" maximum:"2273" example:"3"`
	// Number of the edition: the live one, or in the draft view the latest; null if there has been
	// none.
	Edition *int `json:"edition" minimum:"1" maximum:"2147483647" example:"2"`
	// When readers first saw the article, whatever editions followed; null if they have not.
	PublishedAt *time.Time `json:"published_at" format:"date-time" example:"2026-03-12T08:00:00Z"`
	// When this edition was published; null in the draft view.
	EditionAt *time.Time `json:"edition_at" format:"date-time" example:"2026-03-12T09:30:00Z"`
	// When the article was first written.
	CreatedAt time.Time `json:"created_at" format:"date-time" example:"2026-03-11T17:00:00Z"`
	// When its words last changed: those of the edition, or in the draft view those of the working
	// copy.
	UpdatedAt time.Time `json:"updated_at" format:"date-time" example:"2026-03-12T09:30:00Z"`
} // @name ArticleHead

// ArticleRow is an article in a list: in the live view what readers see, in the draft view what
// editors work on. Body, body_html, outline, blocks, related_links, corrections and translations
// are left out unless include= asks for them.
type ArticleRow struct {
	ArticleHead
	// The body as sanitised HTML.
	BodyHTML *string `json:"body_html,omitempty" unbounded:"HTML can be several times as long as what it was made of" example:"<p>Every river tells how much water it carries.</p>"`
	// The headings of the body.
	Outline *[]Heading `json:"outline,omitempty" maxItems:"125000"`
	// With include=blocks: the body in parts, with the same words.
	Blocks *[]Block `json:"blocks,omitempty" maxItems:"500000"`
	// Related links, in the order the editor gave them.
	RelatedLinks *[]RelatedLink `json:"related_links,omitempty" maxItems:"100"`
	// What readers are told was wrong with it, or has changed since; the oldest first.
	Corrections *[]ArticleCorrection `json:"corrections,omitempty" maxItems:"100"`
	// Where the article answers the question in words; only in lists with highlight=true.
	Highlight *Highlight `json:"highlight,omitempty"`
	// The same in other languages, by language. Readers get those that are live.
	Translations *[]Translation `json:"translations,omitempty" maxItems:"50"`
	DraftPart
} // @name ArticleRow

// Article is an article by itself, with everything that paints its page: in the live view what
// readers see, in the draft view what editors work on.
type Article struct {
	ArticleHead
	// The body as sanitised HTML.
	BodyHTML string `json:"body_html" unbounded:"HTML can be several times as long as what it was made of" example:"<p>Every river tells how much water it carries.</p>"`
	// The headings of the body.
	Outline []Heading `json:"outline" maxItems:"125000"`
	// With include=blocks: the body in parts, with the same words.
	Blocks *[]Block `json:"blocks,omitempty" maxItems:"500000"`
	// Related links, in the order the editor gave them.
	RelatedLinks []RelatedLink `json:"related_links" maxItems:"100"`
	// What readers are told was wrong with it, or has changed since; the oldest first.
	Corrections []ArticleCorrection `json:"corrections" maxItems:"100"`
	// The same in other languages, by language. Readers get those that are live.
	Translations []Translation `json:"translations" maxItems:"50"`
	// With include=collections: the collections that have it among the items that are shown, at
	// most 20, by name.
	Collections *[]ArticlePlace `json:"collections,omitempty" maxItems:"20"`
	DraftPart
} // @name Article

// ArticlePlace is where an article stands in a collection.
type ArticlePlace struct {
	NounRef
	// Its place, from 1, among the items that are shown.
	Position int `json:"position" minimum:"1" maximum:"200" example:"2"`
	// The nearest article before it; null: it is the first.
	Prev *ArticleLink `json:"prev"`
	// The nearest article behind it; null: it is the last.
	Next *ArticleLink `json:"next"`
} // @name ArticlePlace

// DraftPart is what an article has in the draft view only.
type DraftPart struct {
	// Draft view only: the body as it was written.
	Body *string `json:"body,omitempty" maxLength:"500000" example:"Every river tells how much water it carries."`
	// Draft view only: how the body is written.
	BodyFormat *cms.BodyFormat `json:"body_format,omitempty" example:"markdown"`
	// Draft view only: what body_html lacks of the body, the most frequent first.
	Warnings *[]Warning `json:"warnings,omitempty" maxItems:"100"`
	// Draft view only: the byline that readers get.
	BylineShown *optionalText `json:"byline_shown,omitempty" swaggertype:"string" extensions:"x-nullable" minLength:"1" maxLength:"2300" example:"Science desk"`
	// Draft view only: where the article stands.
	Status *cms.Status `json:"status,omitempty" example:"published"`
	// Draft view only: raised by every change; also the ETag.
	Version *int64 `json:"version,omitempty" minimum:"1" example:"7"`
	// Draft view only: whether readers see an edition that differs from the working copy.
	HasUnpublishedChanges *bool `json:"has_unpublished_changes,omitempty" example:"false"`
	// Draft view only: the oldest of the articles that say the same in other languages, itself
	// included; null if there are no others.
	TranslationOf *optionalText `json:"translation_of,omitempty" swaggertype:"string" format:"uuid" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a13"`
	// Draft view only: who made it; null if nobody did by hand.
	CreatedBy *creator `json:"created_by,omitempty" extensions:"x-nullable"`
	// Draft view only: when it was put in the trash; null if it is not there.
	TrashedAt *moment `json:"trashed_at,omitempty" swaggertype:"string" format:"date-time" extensions:"x-nullable" example:"2026-04-01T10:00:00Z"`
	// Draft view only: what was said when it was submitted or returned; null if nothing was.
	Note *optionalText `json:"note,omitempty" swaggertype:"string" extensions:"x-nullable" minLength:"1" maxLength:"1000" example:"The figures of the ministry are in."`
	// Draft view only: why it was withdrawn or killed; null if nothing was said.
	Reason *optionalText `json:"reason,omitempty" swaggertype:"string" extensions:"x-nullable" minLength:"1" maxLength:"1000" example:"A source took back what it said."`
	// Draft view only: what readers are told of a killed article; null if nothing is.
	Notice *optionalText `json:"notice,omitempty" swaggertype:"string" extensions:"x-nullable" minLength:"1" maxLength:"1000" example:"This article was removed for legal reasons."`
	// Draft view only: the moves that the caller may make from where it stands.
	AllowedMoves *[]cms.Move `json:"allowed_moves,omitempty" maxItems:"7" example:"publish,kill,trash"`
}

// Draft is an article in the draft view, whole: what editors work on.
type Draft struct {
	ArticleHead
	// The body as sanitised HTML.
	BodyHTML string `json:"body_html" unbounded:"HTML can be several times as long as what it was made of" example:"<p>Every river tells how much water it carries.</p>"`
	// The headings of the body.
	Outline []Heading `json:"outline" maxItems:"125000"`
	// With include=blocks: the body in parts, with the same words.
	Blocks *[]Block `json:"blocks,omitempty" maxItems:"500000"`
	// Related links, in the order the editor gave them.
	RelatedLinks []RelatedLink `json:"related_links" maxItems:"100"`
	// What readers are told was wrong with it, or has changed since; the oldest first.
	Corrections []ArticleCorrection `json:"corrections" maxItems:"100"`
	// The same in other languages, by language, live or not.
	Translations []Translation `json:"translations" maxItems:"50"`
	// With include=collections: the collections that have it among their items, at most 20, by
	// name.
	Collections *[]ArticlePlace `json:"collections,omitempty" maxItems:"20"`
	// The body as it was written.
	Body string `json:"body" maxLength:"500000" example:"Every river tells how much water it carries."`
	// How the body is written.
	BodyFormat cms.BodyFormat `json:"body_format" example:"markdown"`
	// What body_html lacks of the body, the most frequent first.
	Warnings []Warning `json:"warnings" maxItems:"100"`
	// The byline that readers get.
	BylineShown *string `json:"byline_shown" minLength:"1" maxLength:"2300" example:"Science desk"`
	// Where the article stands.
	Status cms.Status `json:"status" example:"published"`
	// Raised by every change; also the ETag.
	Version int64 `json:"version" minimum:"1" example:"7"`
	// Whether readers see an edition that differs from the working copy.
	HasUnpublishedChanges bool `json:"has_unpublished_changes" example:"false"`
	// The oldest of the articles that say the same in other languages, itself included; null if
	// there are no others.
	TranslationOf *string `json:"translation_of" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a13"`
	// Who made it; null if nobody did by hand.
	CreatedBy *creator `json:"created_by"`
	// When it was put in the trash; null if it is not there.
	TrashedAt *time.Time `json:"trashed_at" format:"date-time" example:"2026-04-01T10:00:00Z"`
	// What was said when it was submitted or returned; null if nothing was.
	Note *string `json:"note" minLength:"1" maxLength:"1000" example:"The figures of the ministry are in."`
	// Why it was withdrawn or killed; null if nothing was said.
	Reason *string `json:"reason" minLength:"1" maxLength:"1000" example:"A source took back what it said."`
	// What readers are told of a killed article; null if nothing is.
	Notice *string `json:"notice" minLength:"1" maxLength:"1000" example:"This article was removed for legal reasons."`
	// The moves that the caller may make from where it stands.
	AllowedMoves []cms.Move `json:"allowed_moves" maxItems:"7" example:"publish,kill,trash"`
} // @name Draft

// SourceInput says where a story was first told.
type SourceInput struct {
	// Name of the publication, agency or institution.
	Name *string `json:"name,omitempty" maxLength:"200" form:"line" extensions:"x-nullable" example:"World Health Organization"`
	// URL of the original, http or https.
	URL *string `json:"url,omitempty" format:"iri" maxLength:"2048" form:"url" extensions:"x-nullable" example:"https://www.who.int/"`
	// License under which the original may be used.
	License *string `json:"license,omitempty" maxLength:"200" form:"line" extensions:"x-nullable" example:"CC BY 4.0"`
} // @name SourceInput

// MetaInput is what search engines and link previews shall be told in place of title and summary.
type MetaInput struct {
	// Title for search engines; null: the article's own.
	Title *string `json:"title,omitempty" maxLength:"300" form:"line" extensions:"x-nullable" example:"How rivers are measured"`
	// Description for search engines; null: the article's summary.
	Description *string `json:"description,omitempty" maxLength:"1000" extensions:"x-nullable" example:"A short guide to gauging stations."`
	// Whether search engines are asked not to list the page.
	NoIndex *bool `json:"noindex,omitempty" extensions:"x-nullable" example:"false"`
} // @name MetaInput

// ArticleFields are what may be left out of an article that is written. What is left out, or null,
// gets its default.
type ArticleFields struct {
	// Name in URLs: lower-case letters and digits of any script with single hyphens between, at
	// most 240 bytes. Default: made from the title.
	Slug *string `json:"slug,omitempty" maxLength:"240" form:"slug" extensions:"x-nullable" example:"how-rivers-are-measured"`
	// What kind of piece it is. Default: news.
	Type *cms.ArticleType `json:"type,omitempty" extensions:"x-nullable" example:"explainer"`
	// Language, BCP 47. Default: the site's.
	Locale *string `json:"locale,omitempty" form:"locale" maxLength:"35" extensions:"x-nullable" example:"en"`
	// Short line above the title.
	Kicker *string `json:"kicker,omitempty" maxLength:"120" form:"line" extensions:"x-nullable" example:"Explained"`
	// Summary, the standfirst.
	Summary *string `json:"summary,omitempty" maxLength:"1000" extensions:"x-nullable" example:"A gauging station needs a quiet bend and patience."`
	// The body.
	Body *string `json:"body,omitempty" maxLength:"500000" extensions:"x-nullable" example:"Every river tells how much water it carries."`
	// How the body is written. Default: markdown.
	BodyFormat *cms.BodyFormat `json:"body_format,omitempty" extensions:"x-nullable" example:"markdown"`
	// Where the story was reported from.
	Dateline *string `json:"dateline,omitempty" maxLength:"200" form:"line" extensions:"x-nullable" example:"KHUJAND"`
	// Who wrote it, as readers are told. Default: made from the authors.
	Byline *string `json:"byline,omitempty" maxLength:"200" form:"line" extensions:"x-nullable" example:"Science desk"`
	// Tags, by id or slug, in the order they shall be shown.
	Tags *[]string `json:"tags,omitempty" maxItems:"50" itemLength:"240" form:"line" extensions:"x-nullable" example:"central-asia,water"`
	// Sections, by id or slug, the main one first.
	Sections *[]string `json:"sections,omitempty" maxItems:"5" itemLength:"240" form:"line" extensions:"x-nullable" example:"central-asia"`
	// Who has a part in it, in the order they shall be shown; nobody twice.
	Authors *[]CreditInput `json:"authors,omitempty" maxItems:"20" extensions:"x-nullable"`
	// The picture that stands for it, by the id of a medium.
	Image *string `json:"image,omitempty" format:"uuid" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51"`
	// The sound that belongs to it, by the id of a medium.
	Audio *string `json:"audio,omitempty" format:"uuid" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a52"`
	// The film that belongs to it, by the id of a medium.
	Video *string `json:"video,omitempty" format:"uuid" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a53"`
	// Where the story was first told.
	Source *SourceInput `json:"source,omitempty" extensions:"x-nullable"`
	// URL that search engines should take for the original, http or https.
	CanonicalURL *string `json:"canonical_url,omitempty" format:"iri" maxLength:"2048" form:"url" extensions:"x-nullable" example:"https://example.org/rivers"`
	// What search engines and link previews shall be told.
	Meta *MetaInput `json:"meta,omitempty" extensions:"x-nullable"`
	// A JSON object of the site's own, at most 16 KiB.
	Extra *map[string]any `json:"extra,omitempty" unbounded:"the names are the site's own; it has 16 KiB at most" extensions:"x-nullable" examplejson:"{\"layout\": \"wide\"}"`
	// An article that says the same in another language, by id or slug: this one joins it and all
	// its translations, one a language, at once. Default: none.
	TranslationOf *string `json:"translation_of,omitempty" maxLength:"240" form:"line" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a14"`
	// What the change is about, for the list of revisions; never shown in the article.
	ChangeNote *string `json:"change_note,omitempty" maxLength:"200" form:"line" extensions:"x-nullable" example:"Figures corrected."`
	// When readers first saw the article; never in the future. Default: when it is first published.
	PublishedAt *time.Time `json:"published_at,omitempty" format:"date-time" extensions:"x-nullable" example:"2026-03-12T08:00:00Z"`
}

// ArticleInput is an article as it is written, whole.
type ArticleInput struct {
	// Title, the headline.
	Title string `json:"title" minLength:"1" maxLength:"300" form:"name" example:"How rivers are measured"`
	ArticleFields
} // @name ArticleInput
