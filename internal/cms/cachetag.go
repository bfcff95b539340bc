package cms

// CacheTag names something that answers to readers are made of and that changes as a whole. A
// cached answer is valid until one of its tags changes. A tag has no spaces, commas or quotes, so
// that it can be sent in a header.
type CacheTag string

// The tags that exist once.
const (
	AllArticles CacheTag = "list:articles" // which articles are live, and what lists show of them
	AllLinks    CacheTag = "list:links"    // the related links of all articles
)

// What responses about several things are made of.
var (
	TagLists     = []CacheTag{TagNoun.ListCacheTag(), AllArticles} // with counts of articles
	LinkLists    = []CacheTag{AllLinks, AllArticles}
	Suggesting   = []CacheTag{TagNoun.ListCacheTag(), AllArticles}
	RelatedLists = []CacheTag{TagNoun.ListCacheTag(), AllArticles, AllLinks}
)

// ArticleCacheTag returns the cache tag of what readers see of one article, its related links
// included.
func ArticleCacheTag(id ID) CacheTag { return "article:" + CacheTag(id) }

// tagListCacheTag returns the cache tag of the list of live articles that carry a tag.
func tagListCacheTag(id ID) CacheTag { return "list:tag:" + CacheTag(id) }

// CacheTag returns the cache tag of one noun, as articles and others show it.
func (n Noun) CacheTag(id ID) CacheTag { return CacheTag(n.Singular + ":" + string(id)) }

// ListCacheTag returns the cache tag of all nouns of the kind: which there are, and their names.
func (n Noun) ListCacheTag() CacheTag { return CacheTag("list:" + n.Plural) }

// ArticleChanged returns what is invalidated when readers see an article, which carries these tags
// or did before, otherwise than before.
func ArticleChanged(id ID, tags []ID) []CacheTag {
	changed := []CacheTag{ArticleCacheTag(id), AllArticles}
	for _, tag := range tags {
		changed = append(changed, tagListCacheTag(tag))
	}
	return changed
}

// TagChanged returns what is invalidated when a tag is shown otherwise than before, and perhaps
// carried by others.
func TagChanged(id ID) []CacheTag {
	return []CacheTag{TagNoun.CacheTag(id), tagListCacheTag(id), TagNoun.ListCacheTag()}
}

// LinksChanged returns what is invalidated when an article's related links change.
func LinksChanged(article ID) []CacheTag {
	return []CacheTag{AllLinks, ArticleCacheTag(article)}
}

// CacheTags returns the cache tags of a response that shows one tag.
func (t *TagDetail) CacheTags() []CacheTag {
	return []CacheTag{TagNoun.ListCacheTag(), tagListCacheTag(t.ID)}
}

// CacheTags returns the cache tags of a response that shows one link, with the articles at both
// ends.
func (l *LinkDetail) CacheTags() []CacheTag { return LinkLists }

// CacheTags returns the cache tags of a response that shows one article whole.
func (s *ArticleView) CacheTags() []CacheTag {
	tags := []CacheTag{ArticleCacheTag(s.ID())}
	for _, t := range s.Tags {
		tags = append(tags, TagNoun.CacheTag(t.ID))
	}
	return tags
}

// CacheTags returns the cache tags of a response that shows a list of articles. A list that only
// articles with certain tags can be in changes with those alone.
func (s *ArticleList) CacheTags(q ArticleQuery) []CacheTag {
	tags := []CacheTag{TagNoun.ListCacheTag()}
	for _, id := range s.CommonTags {
		tags = append(tags, tagListCacheTag(id))
	}
	if s.CommonTags == nil || q.WithLinks {
		tags = append(tags, AllArticles)
	}
	if q.WithLinks {
		tags = append(tags, AllLinks)
	}
	return tags
}
