package cms

import (
	"slices"
	"strings"
)

// CacheTag names something that answers to readers are made of and that changes as a whole. A
// cached answer is valid until one of its tags changes. A tag has no spaces, commas or quotes, so
// that it can be sent in a header.
type CacheTag string

// The tags that exist once.
const (
	AllArticles CacheTag = "list:articles" // which articles are live, and what lists show of them
	AllLinks    CacheTag = "list:links"    // the related links of all articles

	// SiteCacheTag is the site: its settings, and so the addresses of all pages. It changes, too,
	// when a section that addresses of articles name has another path.
	SiteCacheTag CacheTag = "site"

	// ShownMedia is what is known of all media that were there already: it changes when one of them
	// does, and not when another one comes.
	ShownMedia CacheTag = "shown:media"
)

// What responses about several things are made of.
var (
	LinkLists    = []CacheTag{AllLinks, AllArticles, SiteCacheTag}
	Suggesting   = append(refLists(), AllArticles)
	RelatedLists = append(refLists(), AllArticles, AllLinks, SiteCacheTag)
)

// ArticleCacheTag returns the cache tag of what readers see of one article, its related links
// included.
func ArticleCacheTag(id ID) CacheTag { return "article:" + CacheTag(id) }

// refLists returns the cache tags of the lists of the nouns that articles refer to.
func refLists() []CacheTag {
	var lists []CacheTag
	for _, r := range References {
		lists = append(lists, r.Noun.ListCacheTag())
	}
	return lists
}

// CacheTag returns the cache tag of one noun, as articles and others show it.
func (n Noun) CacheTag(id ID) CacheTag { return CacheTag(n.Singular + ":" + string(id)) }

// ListCacheTag returns the cache tag of all nouns of the kind: which there are, and their names.
func (n Noun) ListCacheTag() CacheTag { return CacheTag("list:" + n.Plural) }

// ArticlesCacheTag returns the cache tag of the list of live articles that refer to a noun.
func (n Noun) ArticlesCacheTag(id ID) CacheTag {
	return CacheTag("list:" + n.Singular + ":" + string(id))
}

// CountedLists returns the cache tags of lists of nouns that show how many articles refer to each.
func (n Noun) CountedLists() []CacheTag { return append(n.ListCacheTags(), AllArticles) }

// ListCacheTags returns the cache tags of a response that shows nouns of the kind, with their
// addresses.
func (n Noun) ListCacheTags() []CacheTag { return []CacheTag{n.ListCacheTag(), SiteCacheTag} }

// ArticleChanged returns what is invalidated when readers see an article, which has these
// references or had them before, otherwise than before.
func ArticleChanged(id ID, refs []RefID) []CacheTag {
	changed := []CacheTag{ArticleCacheTag(id), AllArticles}
	for _, ref := range refs {
		changed = append(changed, ref.Noun.ArticlesCacheTag(ref.ID))
	}
	return changed
}

// NounChanged returns what is invalidated when a noun is shown otherwise than before, and perhaps
// other articles refer to it.
func NounChanged(n Noun, id ID) []CacheTag {
	return []CacheTag{n.CacheTag(id), n.ArticlesCacheTag(id), n.ListCacheTag()}
}

// LinksChanged returns what is invalidated when an article's related links change.
func LinksChanged(article ID) []CacheTag {
	return []CacheTag{AllLinks, ArticleCacheTag(article)}
}

// CountedCacheTags returns the cache tags of a response that shows one noun and how many articles
// refer to it.
func (n Noun) CountedCacheTags(id ID) []CacheTag {
	return append(n.ListCacheTags(), n.ArticlesCacheTag(id))
}

// CacheTags returns the cache tags of a response that shows one link, with the articles at both
// ends.
func (l *LinkDetail) CacheTags() []CacheTag { return LinkLists }

// CacheTags returns the cache tags of a response that shows one article whole.
func (s *ArticleView) CacheTags() []CacheTag {
	tags := []CacheTag{ArticleCacheTag(s.ID()), SiteCacheTag}
	for _, ref := range s.Refs {
		tags = append(tags, ref.Noun.CacheTag(ref.ID))
	}
	return append(tags, s.mediaCacheTags()...)
}

// mediaCacheTags returns the cache tags of the media that an article refers to, those included that
// have expired and may be shown again.
func (s *ArticleView) mediaCacheTags() []CacheTag {
	var tags []CacheTag
	for _, id := range s.MediaIDs() {
		tags = append(tags, MediumNoun.CacheTag(id))
	}
	return tags
}

// CacheTags returns the cache tags of a response that shows a list of articles. A list that only
// articles that refer to certain nouns can be in changes with those alone.
func (s *ArticleList) CacheTags(q ArticleQuery) []CacheTag {
	tags := append(refLists(), SiteCacheTag)
	for i := range s.Rows {
		tags = append(tags, s.Rows[i].mediaCacheTags()...)
	}
	for _, ref := range s.CommonRefs {
		tags = append(tags, ref.Noun.ArticlesCacheTag(ref.ID))
	}
	if s.CommonRefs == nil || q.With.Links || q.Fallback {
		tags = append(tags, AllArticles)
	}
	return append(tags, q.With.ListCacheTags()...)
}

// CollectionLists and FrontLists are what lists of collections and fronts are made of.
var (
	// rules name nouns
	CollectionLists = append(refLists(), CollectionNoun.ListCacheTag(), SiteCacheTag)
	FrontLists      = append(FrontNoun.ListCacheTags(), CollectionNoun.ListCacheTag())
)

// CacheTags returns the cache tags of a response that shows one collection with its items.
func (c *Collection) CacheTags() []CacheTag {
	tags := []CacheTag{CollectionNoun.CacheTag(c.ID), SiteCacheTag, ShownMedia}
	for _, id := range c.Articles {
		tags = append(tags, ArticleCacheTag(id))
	}
	for _, ref := range c.Rule.Refs() {
		tags = append(tags, ref.Noun.CacheTag(ID(ref.Ref)))
	}
	for _, ref := range c.RuleRefs {
		tags = append(tags, ref.Noun.CacheTag(ref.ID))
	}
	return tags
}

// maxCacheTags is how many cache tags a header names: more make it too long for caches on the way.
const maxCacheTags = 24

// BroadCacheTags returns cache tags of which one changes whenever one of tags does. They are few:
// where there are many of a kind, that of a list that changes with each of them stands for all.
func BroadCacheTags(tags []CacheTag) []CacheTag {
	for len(tags) > maxCacheTags {
		many, broad := mostFrequentKind(tags)
		if broad == nil {
			return tags
		}
		tags = slices.DeleteFunc(slices.Clone(tags), func(t CacheTag) bool {
			return kindOfCacheTag(t) == many || slices.Contains(broad, t)
		})
		tags = append(tags, broad...)
	}
	return tags
}

// mostFrequentKind returns the kind of most cache tags and what can stand for them, nil if nothing
// can.
func mostFrequentKind(tags []CacheTag) (kind string, broad []CacheTag) {
	count := map[string]int{}
	most := 0
	for _, t := range tags {
		k := kindOfCacheTag(t)
		count[k]++
		if broader[k] != nil && count[k] > most {
			kind = k
			most = count[k]
		}
	}
	return kind, broader[kind]
}

// kindOfCacheTag returns what stands before the id of a cache tag.
func kindOfCacheTag(t CacheTag) string {
	return string(t[:max(strings.LastIndexByte(string(t), ':'), 0)])
}

// broader has, by the kind of cache tags, those that change with any of them.
var broader = func() map[string][]CacheTag {
	kinds := map[string][]CacheTag{"article": {AllArticles, AllLinks}}
	for _, n := range []Noun{
		TagNoun, SectionNoun, AuthorNoun, AlertNoun, CollectionNoun, FrontNoun, CorrectionNoun,
		RedirectNoun, MediumNoun,
	} {
		kinds[n.Singular] = []CacheTag{n.ListCacheTag()}
		kinds["list:"+n.Singular] = []CacheTag{AllArticles, n.ListCacheTag()}
	}
	return kinds
}()
