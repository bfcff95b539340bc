package newsroom

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/search"
	"github.com/masthead-cms/masthead/internal/store"
)

// What is compared to find articles that have to do with one: its tags with the fewest articles, and words of its title.
const (
	comparedByTag  = 8
	comparedByWord = 10
)

// Related are live articles that have to do with a live one (by id or slug): those its editors linked it to, in their
// order, then those that share the rarest tags and words with it and are near in time. A slug that led to the article
// once answers the present one in moved.
func (n *Newsroom) Related(ctx context.Context, actor cms.Actor, ref string, q cms.RelatedQuery) (related []cms.RelatedArticle, moved string, err error) {
	story, moved, err := n.Article(ctx, actor, cms.LiveView, ref)
	if err != nil || moved != "" {
		return nil, moved, err
	}
	related, err = read(ctx, n, func(db *store.DB) ([]cms.RelatedArticle, error) {
		var chosen []cms.RelatedArticle
		if q.Mode != cms.RelatedAuto {
			chosen = linkedFrom(story)
		}
		if q.Mode != cms.RelatedManual && len(chosen) < q.Limit {
			more, err := likely(db, story, chosen)
			if err != nil {
				return nil, err
			}
			chosen = append(chosen, more...)
		}
		return fetch(db, chosen[:min(len(chosen), q.Limit)])
	})
	return related, "", err
}

// linkedFrom are the articles an article is linked to, each once.
func linkedFrom(story *cms.ArticleView) []cms.RelatedArticle {
	var list []cms.RelatedArticle
	for _, l := range story.Links {
		if l.TargetID == nil || *l.TargetID == story.ID() {
			continue
		}
		reason := "link:" + string(l.Rel)
		if i := slices.IndexFunc(list, func(r cms.RelatedArticle) bool { return r.Of == *l.TargetID }); i >= 0 {
			list[i].Reasons = append(list[i].Reasons, reason)
			continue
		}
		list = append(list, cms.RelatedArticle{Of: *l.TargetID, Reasons: []string{reason}})
	}
	return list
}

// likeness is how much an article has in common with another.
type likeness struct {
	id        cms.ID
	published time.Time
	tags      []string
	byTags    int64
	byWords   map[string]int64
}

// likely are the articles that have most in common with an article, but for those that are chosen already.
func likely(db *store.DB, story *cms.ArticleView, chosen []cms.RelatedArticle) ([]cms.RelatedArticle, error) {
	e := story.Edition
	rarest, err := rarestTags(db, story.Tags)
	if err != nil {
		return nil, err
	}
	near, err := db.Similar(e.PublishedAt, rarest, titleWords(e.Title))
	if err != nil {
		return nil, err
	}
	found := map[cms.ID]*likeness{}
	met := map[string]int{} // how many of the newest texts have a word
	for _, n := range near {
		if !n.Titled {
			met[n.Word]++
		}
	}
	for _, n := range near {
		if n.ID == story.ID() || slices.ContainsFunc(chosen, func(r cms.RelatedArticle) bool { return r.Of == n.ID }) {
			continue
		}
		l := found[n.ID]
		if l == nil {
			l = &likeness{id: n.ID, published: n.PublishedAt, byWords: map[string]int64{}}
			found[n.ID] = l
		}
		l.add(n, max(met[n.Word], 1))
	}
	return best(e.PublishedAt, found), nil
}

// rarestTags are the tags that the fewest articles carry.
func rarestTags(db *store.DB, tags []cms.TagRef) ([]cms.ID, error) {
	ids := tagIDs(tags)
	if len(ids) == 0 {
		return nil, nil
	}
	counts, err := db.ArticleCounts(ids)
	slices.SortStableFunc(ids, func(a, b cms.ID) int { return cmp.Compare(counts[a], counts[b]) })
	return ids[:min(len(ids), comparedByTag)], err
}

// titleWords are the longest words of a title, each once.
func titleWords(title string) []search.Clause {
	var words []search.Clause
	seen := map[string]bool{}
	for w := range search.Words(title) {
		if plain := w.Forms[0]; !seen[plain] && utf8.RuneCountInString(plain) > 2 {
			seen[plain] = true
			words = append(words, search.Clause{Words: []search.Term{{Forms: w.Forms}}})
		}
	}
	slices.SortStableFunc(words, func(a, b search.Clause) int {
		return cmp.Compare(utf8.RuneCountInString(b.Words[0].Forms[0]), utf8.RuneCountInString(a.Words[0].Forms[0]))
	})
	return words[:min(len(words), comparedByWord)]
}

// add counts one thing that is shared: the fewer articles share it, the more it says. A word that most articles have, or as
// many of the newest as were asked for, says nothing.
func (l *likeness) add(n store.Similar, met int) {
	if n.Tag != "" {
		if !slices.Contains(l.tags, n.Tag) {
			l.tags = append(l.tags, n.Tag)
			l.byTags += weigh(1 + 6/math.Log2(2+float64(n.Known)))
		}
		return
	}
	if others := n.Known - 1; int64(met-1) > others/2 {
		return
	}
	weight := math.Log2(float64(min(store.NearByWord, max(n.Known, fewArticles)))/float64(met)) / 2
	if n.Titled {
		weight *= 2
	}
	l.byWords[n.Word] = max(l.byWords[n.Word], weigh(weight))
}

// fewArticles is how many a newsroom counts as at least, where words are weighed: in fewer none can be common.
const fewArticles = 20

// weigh makes a weight a whole number of thousandths, so that weights add up to the same in any order.
func weigh(weight float64) int64 { return int64(math.Round(weight * 1000)) }

// What the shared words of an article must say, in thousandths, to be a reason beside a tag, and by themselves.
const (
	tellingWords = 1000
	enoughWords  = 4000
)

// best are the articles with the most in common, the best first. An article as old as a year counts half.
func best(at time.Time, found map[cms.ID]*likeness) []cms.RelatedArticle {
	type scored struct {
		*likeness
		score int64
		words bool
	}
	var list []scored
	for _, l := range found {
		var byWords int64
		for _, weight := range l.byWords {
			byWords += weight
		}
		if len(l.tags) == 0 && byWords < enoughWords {
			continue
		}
		years := math.Abs(l.published.Sub(at).Hours()) / 24 / 365
		list = append(list, scored{l, int64(float64(l.byTags+byWords) / (1 + years)), byWords >= tellingWords})
	}
	slices.SortFunc(list, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), b.published.Compare(a.published), cmp.Compare(b.id, a.id))
	})
	related := make([]cms.RelatedArticle, len(list))
	for i, l := range list {
		slices.Sort(l.tags)
		related[i].Of = l.id
		for _, tag := range l.tags {
			related[i].Reasons = append(related[i].Reasons, "tag:"+tag)
		}
		if l.words {
			related[i].Reasons = append(related[i].Reasons, "words")
		}
	}
	return related
}

// fetch reads the articles that were chosen.
func fetch(db *store.DB, chosen []cms.RelatedArticle) ([]cms.RelatedArticle, error) {
	ids := make([]cms.ID, len(chosen))
	for i, r := range chosen {
		ids[i] = r.Of
	}
	stories, err := db.ArticlesByID(cms.LiveView, ids)
	for i := range stories {
		at := slices.Index(ids, stories[i].ID())
		chosen[at].ArticleView = stories[i]
	}
	return slices.DeleteFunc(chosen, func(r cms.RelatedArticle) bool { return r.ArticleView.Edition == nil }), err
}
