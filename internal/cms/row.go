package cms

import (
	"slices"
	"time"
)

// Row is what stands in one place of a collection or a front: an article here or a page elsewhere.
type Row struct {
	Item      *Item // the item that was pinned; nil: the rule has found the article
	ArticleID ID    // empty: a page elsewhere
	Article   *ArticleView
}

// Subject returns what the row shows: the id of an article or the address of a page.
func (r *Row) Subject() string {
	if r.ArticleID != "" {
		return string(r.ArticleID)
	}
	return r.Item.URL
}

// CollectionRows is what readers see of a collection.
type CollectionRows struct {
	Rows  []Row
	Limit int
	Shown
}

// FrontRows is a front with what readers see on it.
type FrontRows struct {
	Front
	Rows [][]Row // of each slot
	Shown
}

// ArticlePlace is where an article stands in a collection, among the items that a view has.
type ArticlePlace struct {
	Collection Ref
	Position   int         // from 1
	Prev       *ArticleRef // the nearest article before it; nil: it is the first
	Next       *ArticleRef // the nearest article behind it; nil: it is the last
}

// ArticlePlaces are the collections that an article stands in.
type ArticlePlaces struct {
	Places []ArticlePlace
	Shown
}

// MaxPlaces is in how many collections an article is shown, the first by name.
const MaxPlaces = 20

// PlaceIn returns where an article stands among the items of a collection, and whether it does.
func PlaceIn(items []ItemDetail, article ID) (place ArticlePlace, ok bool) {
	for i := range items {
		target := items[i].Target
		switch {
		case target == nil:
		case target.ID == article:
			place.Position = items[i].Position
			ok = true
		case !ok:
			place.Prev = target
		default:
			place.Next = target
			return place, true
		}
	}
	return place, ok
}

// Shown says what rows were made of, and until when they are good.
type Shown struct {
	Tags  []CacheTag
	Until time.Time // zero: no time changes them
}

// ShowItems records that items decide what is shown at a time: each may begin or end, and its
// article may become live.
func (s *Shown) ShowItems(items []Item, now time.Time) {
	for i := range items {
		if id := items[i].ArticleID; id != nil {
			s.Tags = append(s.Tags, ArticleCacheTag(*id))
		}
		s.Until = items[i].NextChange(now, s.Until)
		if id := items[i].ImageID; id != "" {
			s.ShowMedium(id, items[i].Image)
		}
	}
}

// ShowMedium records that a medium is shown, nil if it has expired.
func (s *Shown) ShowMedium(id ID, m *Medium) {
	s.Tags = append(s.Tags, MediumNoun.CacheTag(id))
	s.Until = Earlier(s.Until, m.Until())
}

// ShowArticles records that articles are shown.
func (s *Shown) ShowArticles(articles []ArticleView) {
	for i := range articles {
		s.Tags = append(s.Tags, articles[i].CacheTags()...)
		s.Until = Earlier(s.Until, MediaUntil(articles[i].Media))
	}
	s.unique()
}

// ShowCollection records that a collection decides what is shown, and that anything that is
// published may come by its rule, which names some nouns. A rule with words finds articles by the
// names of all nouns.
func (s *Shown) ShowCollection(c *Collection, refs []RefID) {
	s.Tags = append(s.Tags, CollectionNoun.CacheTag(c.ID), SiteCacheTag)
	if c.Rule != nil {
		s.showRule(c.Rule, refs)
	}
	s.unique()
}

// ShowFront records that a front is shown.
func (s *Shown) ShowFront(f *Front) {
	s.Show(FrontNoun.CacheTag(f.ID), SiteCacheTag)
}

func (s *Shown) showRule(rule *Rule, refs []RefID) {
	s.Tags = append(s.Tags, AllArticles)
	for _, ref := range refs {
		s.Tags = append(s.Tags, ref.Noun.ArticlesCacheTag(ref.ID))
		if ref.Noun == SectionNoun { // others may come to stand below it
			s.Tags = append(s.Tags, SectionNoun.ListCacheTag())
		}
	}
	if rule.Words != "" {
		s.Tags = append(s.Tags, refLists()...)
	}
}

// Show records that what cache tags name is shown.
func (s *Shown) Show(tags ...CacheTag) {
	s.Tags = append(s.Tags, tags...)
	s.unique()
}

func (s *Shown) unique() {
	slices.Sort(s.Tags)
	s.Tags = slices.Compact(s.Tags)
}
