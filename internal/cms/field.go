package cms

import "slices"

// Kind is the type of a field's value; it decides how the field can be compared.
type Kind string

// The kinds.
const (
	IDKind     Kind = "id"     // a UUID
	WordKind   Kind = "word"   // one of known values, or an identifier; compared exactly
	LocaleKind Kind = "locale" // a language tag, compared in its canonical form
	TextKind   Kind = "text"   // words of people; one without a value is the empty text
	TimeKind   Kind = "time"   // a moment, in whole seconds
	NumberKind Kind = "number" // a whole number
	FlagKind   Kind = "flag"   // true or false
	RefsKind   Kind = "refs"   // plain nouns of one kind, each known by its id and its slugs
	// an object or a list of objects; only what is inside can be compared, if anything
	ObjectKind Kind = "object"
)

// operators are how the values of each kind can be compared. Apart from these, Has with a star
// (field:*) asks of every kind whether there is a value.
var operators = map[Kind][]Operator{
	IDKind:     {Equal, NotEqual, Has},
	WordKind:   {Equal, NotEqual, Has},
	LocaleKind: {Equal, NotEqual, Has},
	TextKind:   {Equal, NotEqual, Below, AtMost, Above, AtLeast, Has},
	TimeKind:   {Equal, NotEqual, Below, AtMost, Above, AtLeast},
	NumberKind: {Equal, NotEqual, Below, AtMost, Above, AtLeast},
	FlagKind:   {Equal, NotEqual},
	RefsKind:   {Has},
}

// Operators returns how values of the kind can be compared. Has of an id or a word is the same as
// Equal; a locale also has the languages that begin it.
func (k Kind) Operators() []Operator { return operators[k] }

// Field describes one field of a noun and what may be asked of it.
type Field struct {
	Name     string // as the API writes it; a dot reaches inside: "source.name"
	Kind     Kind
	Noun     Noun     // what the field refers to; set if it is of RefsKind
	Draft    bool     // stands in the draft view only
	Filter   bool     // may stand in filter=
	Sort     bool     // may stand in sort=
	Facet    string   // the word of facets= that counts its values; "": they cannot be counted
	Include  string   // the word of include= that brings it to lists; "": lists have it anyway
	Values   []string // the values there are; nil: no fixed set
	Optional bool     // may have no value
	// what to ask instead, where Filter is false: a phrase that ends a sentence
	Advice      string
	Description string // a short English phrase
}

// Fields are the fields of a noun, in the order in which the API shows them. An inner field follows
// the one it is in.
type Fields []Field

// Lookup returns the field with that name.
func (f Fields) Lookup(name string) (Field, bool) {
	i := slices.IndexFunc(f, func(field Field) bool { return field.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return f[i], true
}

// InView returns the fields that stand in a view.
func (f Fields) InView(view View) Fields {
	return f.Where(func(field Field) bool { return view == DraftView || !field.Draft })
}

// Where returns the fields for which holds is true.
func (f Fields) Where(holds func(Field) bool) Fields {
	var fields Fields
	for _, field := range f {
		if holds(field) {
			fields = append(fields, field)
		}
	}
	return fields
}

// Filterable returns the fields that may stand in a filter in a view.
func (f Fields) Filterable(view View) Fields {
	return f.InView(view).Where(func(field Field) bool { return field.Filter })
}

// Names returns the names of the fields.
func (f Fields) Names() []string {
	names := make([]string, len(f))
	for i, field := range f {
		names[i] = field.Name
	}
	return names
}

// useWords is the advice for comparing a body.
const useWords = "q= finds words in the text"

// askForStatus is the advice for comparing what comes of a move.
const askForStatus = "compare status"

// ArticleFields are the fields of an article: what may be filtered, sorted and counted, and in
// which view.
var ArticleFields = Fields{
	{Name: "id", Kind: IDKind, Filter: true, Description: "the article's identifier"},
	{Name: "slug", Kind: WordKind, Filter: true, Description: "the article's present name in URLs"},
	{Name: "url", Kind: TextKind, Advice: "compare slug, which it is made from",
		Description: "where readers find the article"},
	{Name: "type", Kind: WordKind, Filter: true, Facet: "type", Values: stringsOf(ArticleTypes),
		Description: "what kind of piece it is"},
	{Name: "locale", Kind: LocaleKind, Filter: true, Facet: "locale",
		Description: "the language, BCP 47"},
	{Name: "direction", Kind: WordKind, Filter: true, Values: []string{"ltr", "rtl"},
		Description: "which way the writing runs"},
	{Name: "kicker", Kind: TextKind, Filter: true, Optional: true,
		Description: "the short line above the title"},
	{Name: "title", Kind: TextKind, Filter: true, Sort: true, Description: "the headline"},
	{Name: "summary", Kind: TextKind, Filter: true, Optional: true, Description: "the standfirst"},
	{Name: "dateline", Kind: TextKind, Filter: true, Optional: true,
		Description: "where it was reported from"},
	{Name: "byline", Kind: TextKind, Filter: true, Optional: true,
		Description: "who wrote it, as readers are told; compared is what was written"},
	{Name: "source", Kind: ObjectKind, Optional: true,
		Advice:      "compare source.name, source.url or source.license",
		Description: "where the story was first told"},
	{Name: "source.name", Kind: TextKind, Filter: true, Optional: true,
		Description: "who first told the story"},
	{Name: "source.url", Kind: TextKind, Filter: true, Optional: true,
		Description: "where the original stands"},
	{Name: "source.license", Kind: TextKind, Filter: true, Optional: true,
		Description: "the licence of the original"},
	{Name: "canonical_url", Kind: TextKind, Filter: true, Optional: true,
		Description: "the URL that search engines are given"},
	{Name: "meta", Kind: ObjectKind, Advice: "compare meta.title, meta.description or meta.noindex",
		Description: "what search engines are told"},
	{Name: "meta.title", Kind: TextKind, Filter: true, Optional: true,
		Description: "the title for search engines"},
	{Name: "meta.description", Kind: TextKind, Filter: true, Optional: true,
		Description: "the description for search engines"},
	{Name: "meta.noindex", Kind: FlagKind, Filter: true,
		Description: "whether search engines are asked to leave it out"},
	{Name: "extra", Kind: ObjectKind, Advice: "read it from the rows",
		Description: "the site's own object"},
	{Name: "tags", Kind: RefsKind, Noun: TagNoun, Filter: true, Facet: "tag", Optional: true,
		Description: "the tags it carries, by slug or id"},
	{Name: "sections", Kind: RefsKind, Noun: SectionNoun, Filter: true, Facet: "section",
		Optional: true, Description: "the sections it stands in, or below, by slug or id"},
	{Name: "authors", Kind: RefsKind, Noun: AuthorNoun, Filter: true, Facet: "author",
		Optional: true, Description: "who has a part in it, whichever, by slug or id"},
	{Name: "image", Kind: ObjectKind, Optional: true, Advice: "compare image.id",
		Description: "the picture that stands for it"},
	{Name: "image.id", Kind: IDKind, Filter: true, Optional: true,
		Description: "the identifier of that picture"},
	{Name: "audio", Kind: ObjectKind, Optional: true, Advice: "compare audio.id",
		Description: "the sound that belongs to it"},
	{Name: "audio.id", Kind: IDKind, Filter: true, Optional: true,
		Description: "the identifier of that sound"},
	{Name: "video", Kind: ObjectKind, Optional: true, Advice: "compare video.id",
		Description: "the film that belongs to it"},
	{Name: "video.id", Kind: IDKind, Filter: true, Optional: true,
		Description: "the identifier of that film"},
	{Name: "retracted", Kind: FlagKind, Filter: true,
		Description: "whether a correction says that it no longer stands"},
	{Name: "word_count", Kind: NumberKind, Filter: true,
		Description: "how many words the body has"},
	{Name: "reading_minutes", Kind: NumberKind, Filter: true,
		Description: "how many minutes the body takes to read"},
	{Name: "edition", Kind: NumberKind, Filter: true, Optional: true,
		Description: "the number of the edition, in the draft view of the latest"},
	{Name: "published_at", Kind: TimeKind, Filter: true, Sort: true, Facet: "month", Optional: true,
		Description: "when readers first saw it"},
	{Name: "edition_at", Kind: TimeKind, Filter: true, Optional: true,
		Description: "when this edition was published; no value in the draft view"},
	{Name: "created_at", Kind: TimeKind, Filter: true, Description: "when it was first written"},
	{Name: "updated_at", Kind: TimeKind, Filter: true, Sort: true,
		Description: "when its words last changed"},
	{Name: "body_html", Kind: TextKind, Include: "body", Advice: useWords,
		Description: "the body as sanitised HTML"},
	{Name: "outline", Kind: ObjectKind, Include: "body", Optional: true, Advice: useWords,
		Description: "the headings of the body"},
	{Name: "blocks", Kind: ObjectKind, Include: "blocks", Optional: true, Advice: useWords,
		Description: "the body in parts, for apps that cannot paint HTML"},
	{Name: "related_links", Kind: ObjectKind, Include: "related_links", Optional: true,
		Advice:      "related links can be listed by article, target and host",
		Description: "the related links"},
	{Name: "corrections", Kind: ObjectKind, Include: "corrections", Optional: true,
		Advice:      "corrections can be listed by article and type, or compare retracted",
		Description: "what readers are told was wrong with it"},
	{Name: "translations", Kind: ObjectKind, Include: "translations", Optional: true,
		Advice:      "fallback=true shows each article in the first of several languages",
		Description: "the same in other languages"},
	{Name: "body", Kind: TextKind, Draft: true, Include: "body", Optional: true, Advice: useWords,
		Description: "the body as it was written"},
	{Name: "body_format", Kind: WordKind, Draft: true, Filter: true, Include: "body",
		Values: stringsOf(BodyFormats), Description: "how the body is written"},
	{Name: "warnings", Kind: ObjectKind, Draft: true, Include: "body", Optional: true,
		Advice: useWords, Description: "what the body lost to the sanitiser"},
	{Name: "byline_shown", Kind: TextKind, Draft: true, Optional: true,
		Advice:      "compare byline, or ask for authors",
		Description: "the byline that readers get"},
	{Name: "status", Kind: WordKind, Draft: true, Filter: true, Values: stringsOf(Statuses),
		Description: "where the article stands"},
	{Name: "version", Kind: NumberKind, Draft: true, Filter: true,
		Description: "raised by every change"},
	{Name: "has_unpublished_changes", Kind: FlagKind, Draft: true, Filter: true,
		Description: "whether readers see an edition that differs"},
	{Name: "translation_of", Kind: IDKind, Draft: true, Filter: true, Optional: true,
		Description: "the oldest of the articles that say the same in other languages"},
	{Name: "created_by", Kind: ObjectKind, Draft: true, Optional: true,
		Advice: "compare created_by.id in the draft view", Description: "who made it"},
	{Name: "created_by.id", Kind: IDKind, Draft: true, Filter: true, Optional: true,
		Description: "the identifier of who made it"},
	{Name: "trashed_at", Kind: TimeKind, Draft: true, Filter: true, Optional: true,
		Description: "when it was put in the trash"},
	{Name: "note", Kind: TextKind, Draft: true, Optional: true, Advice: askForStatus,
		Description: "what was said when it was submitted or returned"},
	{Name: "reason", Kind: TextKind, Draft: true, Optional: true, Advice: askForStatus,
		Description: "why it was withdrawn or killed"},
	{Name: "notice", Kind: TextKind, Draft: true, Optional: true, Advice: askForStatus,
		Description: "what readers are told of a killed article"},
	{Name: "allowed_moves", Kind: ObjectKind, Draft: true, Optional: true, Advice: askForStatus,
		Description: "the moves that the caller may make"},
}

// ArticleField returns the field of an article with that name.
func ArticleField(name string) (Field, bool) { return ArticleFields.Lookup(name) }
