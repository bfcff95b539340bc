package cms

import "time"

// View says which side of an article is asked for.
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
	By   string // published_at, updated_at, title, name, article_count or position
	Down bool
}

// String is the order as the API writes it.
func (s Sort) String() string {
	if s.Down {
		return "-" + s.By
	}
	return s.By
}

// Mark is a place in an ordered list: the row it names, and by what it was ordered.
type Mark struct {
	Missing bool      // the row has no sort value; such rows come last
	Text    string    // the sort value of an order by text
	Time    time.Time // the sort value of an order by time
	Number  int64     // the sort value of an order by number
	ID      ID
}

// Window is which part of an ordered list is wanted.
type Window struct {
	Limit    int
	Offset   int   // rows to pass over; only without Mark
	Mark     *Mark // the row to go on from
	Backward bool  // the rows before Mark, not behind it
	Count    bool  // also count the whole list
}

// MaxOffset is how many rows deep a numbered page may begin.
const MaxOffset = 10_000

// List is a part of an ordered list.
type List[T any] struct {
	Rows   []T
	Before bool  // rows stand before these
	Behind bool  // rows stand behind these
	Total  int64 // of the whole list, if it was to be counted
}

// ArticleQuery asks for articles. All conditions hold together; the zero query asks for all live articles.
type ArticleQuery struct {
	View           View
	IDs            []ID
	Slugs          []string
	TagAny         []string // ids or slugs: at least one of them; nil: no matter
	TagAll         []string // every one of them
	TagNone        []string // not one of them
	Locales        []string
	Types          []ArticleType
	Statuses       []Status // draft view only
	Trashed        bool     // draft view only: the trash instead of the rest
	PublishedFrom  *time.Time
	PublishedUntil *time.Time // this moment excluded
	UpdatedFrom    *time.Time
	Sort           Sort
	Window         Window
	WithText       bool
	WithLinks      bool
}

// TagQuery asks for tags.
type TagQuery struct {
	Part   string // of the name or an alias, folded; empty: all
	IDs    []ID
	Slugs  []string
	Sort   Sort
	Window Window
}

// LinkQuery asks for related links of many articles, in the order of article and position.
type LinkQuery struct {
	View    View
	Article string // id or slug of the article they belong to
	Target  string // id or slug of the article they point to
	Host    string // of the page they point to
	Window  Window
}

// Story is an article as one request needs it: either view, with all that surrounds it.
type Story struct {
	Article *Article // draft view
	Edition *Edition // live view
	Text    *Text    // nil when it was not asked for
	Tags    []TagRef
	Links   []LinkDetail // nil when they were not asked for
	Creator *UserRef     // draft view; nil when the server made it
}

// UserRef is a user as others show one.
type UserRef struct {
	ID   ID
	Name string
}
