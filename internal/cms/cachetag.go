package cms

// CacheTag names something that answers to readers are made of and that changes as a whole. A
// cached answer is valid until one of its tags changes. A tag has no spaces, commas or quotes, so
// that it can be sent in a header.
type CacheTag string

// The tags that exist once.
const (
	AllArticles CacheTag = "list:articles" // which articles are live, and what lists show of them
	AllTags     CacheTag = "list:tags"     // which tags there are, their names and their places
	AllLinks    CacheTag = "list:links"    // the related links of all articles
)

// ArticleCacheTag returns the tag of what readers see of one article, its related links included.
func ArticleCacheTag(id ID) CacheTag { return "article:" + CacheTag(id) }

// TagCacheTag returns the cache tag of a tag as articles show it.
func TagCacheTag(id ID) CacheTag { return "tag:" + CacheTag(id) }

// TagListCacheTag returns the cache tag of the list of live articles that carry a tag.
func TagListCacheTag(id ID) CacheTag { return "list:tag:" + CacheTag(id) }

// CacheTag returns the cache tag of one noun, as articles and others show it.
func (n Noun) CacheTag(id ID) CacheTag { return CacheTag(n.Singular + ":" + string(id)) }

// ListCacheTag returns the cache tag of all nouns of the kind: which there are, and their names.
func (n Noun) ListCacheTag() CacheTag { return CacheTag("list:" + n.Plural) }

// CacheTags returns the tags of an answer that shows one article whole.
func (s *ArticleView) CacheTags() []CacheTag {
	tags := []CacheTag{ArticleCacheTag(s.ID())}
	for _, t := range s.Tags {
		tags = append(tags, TagCacheTag(t.ID))
	}
	return tags
}

// CacheTags returns the tags of an answer that shows a list of articles. A list that only articles
// with certain tags can be in changes with those alone.
func (s *ArticleList) CacheTags(q ArticleQuery) []CacheTag {
	tags := []CacheTag{AllTags}
	for _, id := range s.CommonTags {
		tags = append(tags, TagListCacheTag(id))
	}
	if s.CommonTags == nil || q.WithLinks {
		tags = append(tags, AllArticles)
	}
	if q.WithLinks {
		tags = append(tags, AllLinks)
	}
	return tags
}
