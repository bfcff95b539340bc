package cms

import "time"

// Correction tells readers what was wrong with an article they have seen, or has changed since. It
// is no part of an edition: a change shows at once.
type Correction struct {
	ID          ID
	ArticleID   ID
	Type        CorrectionType
	Text        string // plain
	Edition     int    // the latest of the article when the correction was made
	PublishedAt time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// CorrectionType says what a correction does.
type CorrectionType string

// The types of corrections.
const (
	Corrected  CorrectionType = "correction"    // something was wrong
	Clarified  CorrectionType = "clarification" // something could be misunderstood
	Updated    CorrectionType = "update"        // something has happened since
	Retraction CorrectionType = "retraction"    // the article no longer stands
)

// CorrectionTypes are all types of corrections, the default first.
var CorrectionTypes = []CorrectionType{Corrected, Clarified, Updated, Retraction}

// CorrectionDetail is a correction with the article that it is about.
type CorrectionDetail struct {
	Correction
	Article *ArticleRef
	Version int64 // of the article; 0 in the live view
}

// CorrectionInput is what an editor may set of a correction.
type CorrectionInput struct {
	Type        CorrectionType
	Text        string
	PublishedAt *time.Time // nil: when it is made
}

// The limits of corrections.
const (
	MaxCorrections    = 100 // of an article
	MaxCorrectionText = 2000
)

// Check returns an Invalid error if the correction breaks a rule. Now is the latest time that it
// may be published at.
func (in CorrectionInput) Check(now time.Time) error {
	var f fieldErrors
	f.oneOf("type", string(in.Type), stringsOf(CorrectionTypes))
	f.required("text", in.Text)
	f.text("text", in.Text, MaxCorrectionText)
	if in.PublishedAt != nil && in.PublishedAt.After(now) {
		f.add("published_at", "in_future",
			"published_at says when readers were told, so it cannot lie in the future; it is now %s.",
			now.UTC().Format(time.RFC3339))
	}
	return InvalidFields(f)
}

// Input returns what an editor may set of the correction, as it is.
func (c *Correction) Input() CorrectionInput {
	return CorrectionInput{c.Type, c.Text, new(c.PublishedAt)}
}

// Apply sets an input on a correction.
func (c *Correction) Apply(in CorrectionInput) {
	c.Type = in.Type
	c.Text = in.Text
	c.PublishedAt = c.CreatedAt
	if in.PublishedAt != nil {
		c.PublishedAt = in.PublishedAt.UTC().Truncate(time.Second)
	}
}

// CorrectionQuery asks for corrections of many articles, the newest first.
type CorrectionQuery struct {
	View    View
	Article string           // id or slug of the article they are about; empty: of any
	Types   []CorrectionType // nil: all
	Page    PageRequest
}

// Costly reports whether what an answer costs depends on more than its length.
func (q CorrectionQuery) Costly() bool { return q.Page.Count || q.Page.Offset > MaxQuickOffset }

// CorrectionLists are what responses about corrections of many articles are made of.
var CorrectionLists = []CacheTag{CorrectionNoun.ListCacheTag(), AllArticles, SiteCacheTag}

// CacheTags returns the cache tags of a response that shows one correction with its article.
func (c *CorrectionDetail) CacheTags() []CacheTag {
	return []CacheTag{CorrectionNoun.CacheTag(c.ID), ArticleCacheTag(c.ArticleID), SiteCacheTag}
}

// CorrectionChanged returns what is invalidated when a correction of an article changes.
func CorrectionChanged(c *Correction) []CacheTag {
	return []CacheTag{
		CorrectionNoun.CacheTag(c.ID), CorrectionNoun.ListCacheTag(), ArticleCacheTag(c.ArticleID),
	}
}
