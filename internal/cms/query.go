package cms

import "time"

// View is a side of an article.
type View string

// The views.
const (
	LiveView  View = "live"  // the current edition, as readers see it
	DraftView View = "draft" // the working copy, as editors see it
)

// Views are all views.
var Views = []View{LiveView, DraftView}

// Sort is an order of a list; the id breaks ties, in the same direction.
type Sort struct {
	By         string // published_at, updated_at, title, relevance, name, article_count or position
	Descending bool
}

// String returns the order as the API writes it.
func (s Sort) String() string {
	if s.Descending {
		return "-" + s.By
	}
	return s.By
}

// Cursor is a place in an ordered list: the row it names, and by what it was ordered.
type Cursor struct {
	Missing bool      // the row has no sort value; such rows come last
	Text    string    // the sort value of an order by text
	Time    time.Time // the sort value of an order by time
	Number  int64     // the sort value of an order by number
	Rank    *Rank     // the sort value of an order by relevance
	ID      ID
}

// Rank is how well a text answers a question in words, among the texts it was compared with. Both
// are known by their numbers in the search index, so that later pages compare the same texts.
type Rank struct {
	Score    int   // the higher, the better
	Row      int64 // the text; of equal scores the higher comes first
	From, To int64 // the texts that were compared, both included
}

// ByRelevance is the order of a question in words: the best answers first.
const ByRelevance = "relevance"

// RankedTexts is how many texts are compared with each other for an order by relevance: the newest
// that answer.
const RankedTexts = 1_000

// PageRequest selects a page of an ordered list.
type PageRequest struct {
	Limit    int
	Offset   int     // rows to pass over; only without Cursor
	Cursor   *Cursor // the row to go on from
	Backward bool    // the rows before Cursor, not after it
	Count    bool    // also count the whole list
}

// MaxOffset is how many rows deep a numbered page may begin.
const MaxOffset = 10_000

// MaxPageText is how many bytes of bodies a page of a list has. A page with more ends early, after
// one row at least.
const MaxPageText = 4 << 20

// MaxQuickOffset is how many rows a query passes over at most that is not Costly.
const MaxQuickOffset = 1_000

// List is a part of an ordered list.
type List[T any] struct {
	Rows    []T
	HasPrev bool  // rows stand before these
	HasNext bool  // rows stand behind these
	Total   int64 // of the whole list, if it was to be counted
	// from when readers see other rows, or rows otherwise, by themselves; zero: never
	Until time.Time
}

// ArticleQuery asks for articles. All conditions hold together; the zero query asks for all live
// articles.
type ArticleQuery struct {
	View           View
	IDs            []ID
	Slugs          []string
	Refs           []RefCondition
	Locales        []string
	Fallback       bool // live view only: of translations, that in the first of Locales alone
	Types          []ArticleType
	Statuses       []Status // draft view only
	Trashed        bool     // draft view only: the trash instead of the rest
	PublishedFrom  *time.Time
	PublishedUntil *time.Time // this moment excluded
	UpdatedFrom    *time.Time
	Words          string  // a question in words; empty: none
	Filter         *Filter // nil: none
	Facets         []string
	Sort           Sort
	Page           PageRequest
	With           Parts
	Highlight      bool // show where the texts answer Words
}

// Parts are what articles come with besides what lists show of them.
type Parts struct {
	Text         bool // the body, in any of the forms below
	HTML         bool // the body as HTML, with its outline
	Blocks       bool // the body as blocks
	Links        bool // the related links
	Corrections  bool
	Translations bool
}

// AllParts is what an article by itself comes with.
var AllParts = Parts{Text: true, HTML: true, Links: true, Corrections: true, Translations: true}

// ListCacheTags returns the cache tags of lists of articles that come with parts which can change
// by themselves.
func (p Parts) ListCacheTags() []CacheTag {
	var tags []CacheTag
	if p.Links {
		tags = append(tags, AllLinks)
	}
	if p.Corrections {
		tags = append(tags, CorrectionNoun.ListCacheTag())
	}
	if p.Translations {
		tags = append(tags, AllArticles)
	}
	return tags
}

// Narrowed reports whether any condition besides the view is set.
func (q ArticleQuery) Narrowed() bool {
	return len(q.Refs) > 0 || q.narrowedElse()
}

func (q ArticleQuery) narrowedElse() bool {
	return q.IDs != nil || q.Slugs != nil || q.Locales != nil || q.Types != nil ||
		q.Statuses != nil || q.Trashed ||
		q.PublishedFrom != nil || q.PublishedUntil != nil || q.UpdatedFrom != nil ||
		q.Words != "" || q.Filter != nil
}

// Costly reports whether what an answer costs depends on more than its length: on how many articles
// there are, or what is in them.
func (q ArticleQuery) Costly() bool {
	plain := !q.Narrowed() || q.OneRef() != nil || (q.lookup() && !q.Page.Count)
	return !plain || len(q.Facets) > 0 || q.Sort.By != "published_at" ||
		q.Page.Offset > MaxQuickOffset
}

// lookup reports whether the query names the articles that it is about.
func (q ArticleQuery) lookup() bool {
	named := q.IDs != nil || q.Slugs != nil
	q.IDs = nil
	q.Slugs = nil
	return named && !q.Narrowed()
}

// OneRef returns the condition that articles refer to a noun if it is the only one, else nil.
func (q ArticleQuery) OneRef() *RefCondition {
	if len(q.Refs) != 1 || q.Refs[0].Not || len(q.Refs[0].Refs) != 1 || q.narrowedElse() {
		return nil
	}
	return &q.Refs[0]
}

// ArticleList is a part of an ordered list of articles, with what was counted in the whole of it.
type ArticleList struct {
	List[ArticleView]
	Facets     []Facet // in the order they were asked for
	CommonRefs []RefID // to one of them every article in it refers; nil: there are no such nouns
	// words were asked for that working copies may have which are not found by them yet
	Unindexed bool
}

// Facet is how often the values of a field stand in a list.
type Facet struct {
	Name   string
	Values []FacetValue // the most frequent first
}

// MaxFacetValues is how many values of a facet are counted at most.
const MaxFacetValues = 50

// FacetValue is one value, as it can be asked for, with what people call it.
type FacetValue struct {
	Value, Label string
	Count        int64
}

// Suggestion is a completion of what somebody types.
type Suggestion struct {
	Kind SuggestionKind
	ID   ID
	Slug string
	Text string
}

// SuggestionKind is the kind of thing that is suggested.
type SuggestionKind string

// The kinds of suggestions.
const (
	SuggestTag     SuggestionKind = "tag"
	SuggestSection SuggestionKind = "section"
	SuggestAuthor  SuggestionKind = "author"
	SuggestArticle SuggestionKind = "article"
)

// LinkQuery asks for related links of many articles, in the order of article and position.
type LinkQuery struct {
	View    View
	Article string // id or slug of the article they belong to
	Target  string // id or slug of the article they point to
	Host    string // of the page they point to
	Page    PageRequest
}

// Costly reports whether what an answer costs depends on more than its length.
func (q LinkQuery) Costly() bool { return q.Page.Count || q.Page.Offset > MaxQuickOffset }

// ArticleView is an article in either view, with everything around it that a request needs.
type ArticleView struct {
	Article *Article // draft view
	Edition *Edition // live view
	Text    *Text    // nil when it was not asked for
	Refs    []NamedRef
	Links   []LinkDetail // nil when they were not asked for
	Creator *UserRef     // draft view; nil when the server made it
	Moves   []Move       // draft view; those that the caller may make
	URL     string       // where readers find it

	Corrected    bool         // there are corrections
	Retracted    bool         // one of them is a retraction
	Corrections  []Correction // the oldest first; nil when they were not asked for
	Translations []ArticleRef // by language; nil when they were not asked for

	// the media that it, its body and its authors show, by id: for readers only those that have not
	// expired
	Media map[ID]*Medium

	Rank      *Rank      // nil unless the list is ordered by relevance
	Highlight *Highlight // nil when it was not asked for
}

// ID returns the article's id in either view.
func (s *ArticleView) ID() ID {
	if s.Article != nil {
		return s.Article.ID
	}
	return s.Edition.ArticleID
}

// Group returns the group of translations that the article is in, nil if it is in none.
func (s *ArticleView) Group() *ID {
	if s.Article != nil {
		return s.Article.GroupID
	}
	return s.Edition.GroupID
}

// MediaIDs returns the ids of the media that the article shows, with those of its body if that was
// read, and of its authors.
func (s *ArticleView) MediaIDs() []ID {
	var ids []ID
	for _, ref := range s.Content().ArticleMedia.Refs() {
		ids = append(ids, ref.ID)
	}
	if s.Text != nil {
		for _, m := range s.Text.Media {
			ids = append(ids, m.ID)
		}
	}
	for i := range s.Refs {
		if id := s.Refs[i].ImageID; id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// Content returns what both views have.
func (s *ArticleView) Content() *Content {
	if s.Article != nil {
		return &s.Article.Content
	}
	return &s.Edition.Content
}

// Ref returns the article as others show it, without its address.
func (s *ArticleView) Ref() *ArticleRef {
	if a := s.Article; a != nil {
		return &ArticleRef{
			ID:          a.ID,
			Slug:        a.Slug,
			Title:       a.Title,
			Type:        a.Type,
			Locale:      a.Locale,
			PublishedAt: a.PublishedAt,
			Section:     s.mainSection(),
		}
	}
	e := s.Edition
	return &ArticleRef{
		ID:          e.ArticleID,
		Slug:        e.Slug,
		Title:       e.Title,
		Type:        e.Type,
		Locale:      e.Locale,
		PublishedAt: &e.PublishedAt,
		Section:     s.mainSection(),
	}
}

// mainSection returns the section that the article stands in first, zero if it stands in none.
func (s *ArticleView) mainSection() Ref {
	for i := range s.Refs {
		if s.Refs[i].Noun == SectionNoun {
			return s.Refs[i].Ref
		}
	}
	return Ref{}
}

// Highlight is a title and a piece of a text as HTML: what answers a question stands in mark
// elements, everything else is escaped.
type Highlight struct {
	Title, Snippet string
}

// UserRef is a user as others show one.
type UserRef struct {
	ID   ID
	Name string
}

// RelatedQuery asks for articles that have to do with one.
type RelatedQuery struct {
	Mode  RelatedMode
	Limit int
}

// RelatedMode is how related articles are chosen.
type RelatedMode string

// The modes.
const (
	// those its editors linked first, then those that have most in common with it
	RelatedMixed  RelatedMode = "mixed"
	RelatedManual RelatedMode = "manual" // those its editors linked
	RelatedAuto   RelatedMode = "auto"   // those that have most in common with it
)

// RelatedModes are all modes.
var RelatedModes = []RelatedMode{RelatedMixed, RelatedManual, RelatedAuto}

// RelatedArticle is an article that has to do with another one.
type RelatedArticle struct {
	ArticleView
	Of      ID       // the article
	Reasons []string // link:<rel>, <noun>:<slug> and words, in this order
}
