package cms

import (
	"slices"
	"time"
)

// Collection is a list of articles here and pages elsewhere that editors make, such as the lead
// stories or a ticker. A rule may fill it up.
type Collection struct {
	Base        `gorm:"embedded"`
	Name        string
	NameKey     string // the name folded for comparing
	Description string
	Size        int64 // how many rows are shown unless it is said how many

	// what fills it up; nil: only the items are shown
	Rule *Rule `gorm:"serializer:json"`
	// the rule with slugs in place of ids, as it is shown
	NamedRule *Rule `gorm:"-"`
	// what the rule refers to now: the nouns that others were merged into since
	RuleRefs []RefID `gorm:"-"`

	Items    []ItemDetail `gorm:"-"`
	Articles []ID         `gorm:"-"` // of all items, whether readers see them or not
	Until    time.Time    `gorm:"-"` // when readers see other items by themselves; zero: never
}

// CollectionInput is what an editor may set of a collection besides its items.
type CollectionInput struct {
	Name        string
	Slug        string // empty: made from the name
	Description string
	Size        int64
	Rule        *Rule // nil: none
	Localized   Localized
}

// The limits of a collection.
const (
	MaxCollectionName        = 100
	MaxCollectionDescription = 1000
	MaxCollectionSize        = 200
	DefaultCollectionSize    = 20
	MaxItems                 = 200
)

// Cursor returns where the collection stands in an order.
func (c *Collection) Cursor(sort Sort) Cursor {
	if sort.By == "name" {
		return Cursor{ID: c.ID, Text: c.NameKey}
	}
	return Cursor{ID: c.ID, Time: c.UpdatedAt}
}

// Input returns what an editor may set of the collection, as it is.
func (c *Collection) Input() CollectionInput {
	return CollectionInput{
		Localized:   c.Localized,
		Name:        c.Name,
		Slug:        c.Slug,
		Description: c.Description,
		Size:        c.Size,
		Rule:        c.Rule,
	}
}

// Check returns an Invalid error if the collection breaks a rule.
func (in CollectionInput) Check() error {
	var f fieldErrors
	f.required("name", in.Name)
	f.line("name", in.Name, MaxCollectionName)
	f.text("description", in.Description, MaxCollectionDescription)
	f.slug("slug", in.Slug)
	f.within("size", in.Size, 1, MaxCollectionSize)
	if in.Rule != nil {
		in.Rule.check(&f)
	}
	f.localized(in.Localized)
	return InvalidFields(f)
}

// Item is a place in a collection that an editor has filled: with an article here (ArticleID) or a
// page elsewhere (URL). Its words stand in place of the article's.
type Item struct {
	ID           ID
	CollectionID ID
	Since        int64  // the version of the collection that it is so from
	Place        *int64 // orders items; nil: it has not been given one yet
	ArticleID    *ID
	URL          string
	Title        string
	Kicker       string
	Summary      string
	ImageID      ID         // empty: the article's
	Image        *Medium    // nil: there is none, or it has expired
	From         *time.Time // from when readers see it; nil: at once
	Until        *time.Time // from when they no longer do; nil: for good
	ValidFrom    time.Time  // since when it is so
	ValidUntil   *time.Time // until when it was so; nil: it still is
}

// ItemDetail is an item with its place and what it shows.
type ItemDetail struct {
	Item
	Position int         // from 1, among those that a view has
	Target   *ArticleRef // nil if it leads elsewhere, or the view has no such article
}

// CollectionItem is an item with the version of its collection.
type CollectionItem struct {
	ItemDetail
	Version int64
}

// ItemInput is what an editor may set of an item.
type ItemInput struct {
	ID       ID   // in a replacing list: an item to keep; else empty
	Keep     bool // with ID: as it is
	Position int  // from 1; 0: at the end, or where it is
	Article  string
	URL      string
	Title    string
	Kicker   string
	Summary  string
	Image    string // id of a medium; empty: the article's
	From     *time.Time
	Until    *time.Time
}

// Check returns an Invalid error if the item breaks a rule. Prefix stands before the names of
// fields in errors ("" or "data/3").
func (in *ItemInput) Check(prefix string) error {
	var f fieldErrors
	f.line("article", in.Article, MaxRef)
	f.line("title", in.Title, MaxTitle)
	f.line("kicker", in.Kicker, MaxKicker)
	f.text("summary", in.Summary, MaxSummary)
	f.medium("image", in.Image)
	switch {
	case in.Article != "" && in.URL != "":
		f.add("url", "not_allowed",
			"Send either article (one here) or url (a page elsewhere), not both.")
	case in.Article == "" && in.URL == "":
		f.add("article", "required", "Send article (one here) or url (a page elsewhere).")
	case in.Article == "":
		f.url("url", in.URL)
		f.required("title", in.Title)
	}
	if in.From != nil && in.Until != nil && !in.Until.After(*in.From) {
		f.add("until", "out_of_order", "until must be later than from.")
	}
	if in.Position < 0 {
		f.add("position", "out_of_range", "Positions count from 1.")
	}
	return InvalidFields(f.under(prefix))
}

// Input returns what an editor may set of the item, as it is.
func (i *Item) Input() ItemInput {
	in := ItemInput{
		ID:      i.ID,
		URL:     i.URL,
		Title:   i.Title,
		Kicker:  i.Kicker,
		Summary: i.Summary,
		Image:   string(i.ImageID),
		From:    i.From,
		Until:   i.Until,
	}
	if i.ArticleID != nil {
		in.Article = string(*i.ArticleID)
	}
	return in
}

// Subject returns what the item is about: the id of an article or the address of a page. No two
// items of a collection are about the same.
func (i *Item) Subject() string {
	if i.ArticleID != nil {
		return string(*i.ArticleID)
	}
	return i.URL
}

// ShownAt reports whether a time is that of the item.
func (i *Item) ShownAt(now time.Time) bool {
	return (i.From == nil || !i.From.After(now)) && (i.Until == nil || i.Until.After(now))
}

// NextChange returns the earlier of a time and the next moment behind now at which the item begins
// or ends. A zero time is none.
func (i *Item) NextChange(now, next time.Time) time.Time {
	for _, at := range []*time.Time{i.From, i.Until} {
		if at != nil && at.After(now) {
			next = Earlier(next, *at)
		}
	}
	return next
}

// Earlier returns the earlier of two times, of which zero is none.
func Earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// placeGap is how far apart items are placed, so that others find room between.
const placeGap = 1 << 20

// PlaceItems gives places to the items that have none, in their order. If there is no room between
// two, or the others are not in the order of their places, all get new ones.
func PlaceItems(items []Item) {
	var last *int64
	for i := range items {
		if items[i].Place == nil {
			items[i].Place = between(last, nextPlace(items[i+1:]))
		}
		place := items[i].Place
		if place == nil || (last != nil && *place <= *last) {
			renumber(items)
			return
		}
		last = place
	}
}

func nextPlace(items []Item) *int64 {
	for i := range items {
		if items[i].Place != nil {
			return items[i].Place
		}
	}
	return nil
}

// between returns a place between two, of which nil is none; nil if there is no room.
func between(before, behind *int64) *int64 {
	var place int64
	switch {
	case before != nil && behind != nil:
		if place = *before + (*behind-*before)/2; place <= *before {
			return nil
		}
	case before != nil:
		place = *before + placeGap
	case behind != nil:
		place = *behind - placeGap
	}
	return &place
}

func renumber(items []Item) {
	for i := range items {
		place := int64(i) * placeGap
		items[i].Place = &place
	}
}

// MoveItem moves the item at index from so that it stands at position (from 1; beyond the end means
// last).
func MoveItem(items []Item, from, position int) []Item {
	item := items[from]
	to := min(max(position-1, 0), len(items)-1)
	if to == from {
		return items
	}
	item.Place = nil
	items = slices.Delete(items, from, from+1)
	return slices.Insert(items, to, item)
}

// ChangedItems returns which items have ended and which are new or otherwise than they were. Those
// are so since a version and a time.
func ChangedItems(was, is []Item, version int64, now time.Time) (ended, begun []Item) {
	before := make(map[ID]Item, len(was))
	for _, item := range was {
		before[item.ID] = item
	}
	for i := range is {
		old, known := before[is[i].ID]
		if known {
			delete(before, old.ID)
			if old.equal(&is[i]) {
				continue
			}
			ended = append(ended, old)
		}
		is[i].Since = version
		is[i].ValidFrom = now
		begun = append(begun, is[i])
	}
	for _, item := range was {
		if _, gone := before[item.ID]; gone {
			ended = append(ended, item)
		}
	}
	return ended, begun
}

func (i *Item) equal(o *Item) bool {
	return *i.Place == *o.Place && len(ChangedFields(i.Input(), o.Input())) == 0
}
