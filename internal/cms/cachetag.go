package cms

// CacheTag is something that answers to readers are made of, and that changes as a whole: what is kept of an answer is good
// until one of its subjects changes. Its name has no spaces, commas or quotes, so that it can stand in a header.
type CacheTag string

// The subjects that are there once.
const (
	AllArticles CacheTag = "list:articles" // which articles are live, and what lists show of them
	AllTags     CacheTag = "list:tags"     // which tags there are, their names and their places
	AllLinks    CacheTag = "list:links"    // the related links of all articles
)

// ArticleCacheTag is what readers see of one article, its related links among it.
func ArticleCacheTag(id ID) CacheTag { return "article:" + CacheTag(id) }

// TagCacheTag is a tag as articles show it.
func TagCacheTag(id ID) CacheTag { return "tag:" + CacheTag(id) }

// TagListCacheTag is which live articles carry a tag, and what lists show of them.
func TagListCacheTag(id ID) CacheTag { return "list:tag:" + CacheTag(id) }

// CacheTags are what the answer is made of that shows one article whole.
func (s *ArticleView) CacheTags() []CacheTag {
	subjects := []CacheTag{ArticleCacheTag(s.ID())}
	for _, t := range s.Tags {
		subjects = append(subjects, TagCacheTag(t.ID))
	}
	return subjects
}

// CacheTags are what the answer is made of that shows a list of articles. A list that only articles with certain tags can
// stand in changes with those alone.
func (s *ArticleList) CacheTags(q ArticleQuery) []CacheTag {
	subjects := []CacheTag{AllTags}
	for _, id := range s.CommonTags {
		subjects = append(subjects, TagListCacheTag(id))
	}
	if s.CommonTags == nil || q.WithLinks {
		subjects = append(subjects, AllArticles)
	}
	if q.WithLinks {
		subjects = append(subjects, AllLinks)
	}
	return subjects
}
