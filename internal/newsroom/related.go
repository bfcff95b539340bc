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

// How many references, the rarest first, and how many words of the title are compared to find
// related articles.
const (
	comparedByRef  = 8
	comparedByWord = 10
)

// Related returns live articles that are related to a live one (by id or slug): those its editors
// linked, in their order, then those that share its rarest references and title words and are
// near in time. For a former slug it returns the present one in moved.
func (n *Newsroom) Related(ctx context.Context, actor cms.Actor, ref string,
	q cms.RelatedQuery) (related []cms.RelatedArticle, moved string, err error) {
	story, moved, err := n.Article(ctx, actor, cms.LiveView, ref)
	if err != nil || moved != "" {
		return nil, moved, err
	}
	related, err = read(ctx, n, questionClass(actor, true),
		func(db *store.DB) ([]cms.RelatedArticle, error) {
			var chosen []cms.RelatedArticle
			if q.Mode != cms.RelatedAuto {
				chosen = linkedArticles(story)
			}
			if q.Mode != cms.RelatedManual && len(chosen) < q.Limit {
				more, err := mostSimilar(db, story, chosen)
				if err != nil {
					return nil, err
				}
				chosen = append(chosen, more...)
			}
			return loadRelated(db, chosen[:min(len(chosen), q.Limit)])
		})
	return related, "", err
}

// linkedArticles returns the articles that an article links to, each once.
func linkedArticles(story *cms.ArticleView) []cms.RelatedArticle {
	var list []cms.RelatedArticle
	for _, l := range story.Links {
		if l.TargetID == nil || *l.TargetID == story.ID() {
			continue
		}
		reason := "link:" + string(l.Rel)
		if i := slices.IndexFunc(list,
			func(r cms.RelatedArticle) bool { return r.Of == *l.TargetID }); i >= 0 {
			list[i].Reasons = append(list[i].Reasons, reason)
			continue
		}
		list = append(list, cms.RelatedArticle{Of: *l.TargetID, Reasons: []string{reason}})
	}
	return list
}

// similarity is how much an article has in common with another.
type similarity struct {
	id        cms.ID
	published time.Time
	refs      []string // as reasons have them
	byRefs    int64
	byWords   map[string]int64
}

// mostSimilar returns the articles that have most in common with an article, without those in
// chosen.
func mostSimilar(db *store.DB, story *cms.ArticleView,
	chosen []cms.RelatedArticle) ([]cms.RelatedArticle, error) {
	e := story.Edition
	rarest, err := rarestRefs(db, story.Refs)
	if err != nil {
		return nil, err
	}
	near, err := db.Similar(e.PublishedAt, rarest, titleWords(e.Title))
	if err != nil {
		return nil, err
	}
	found := map[cms.ID]*similarity{}
	met := map[string]int{} // how many of the newest texts have a word
	for _, n := range near {
		if !n.Titled {
			met[n.Word]++
		}
	}
	for _, n := range near {
		if n.ID == story.ID() || slices.ContainsFunc(chosen,
			func(r cms.RelatedArticle) bool { return r.Of == n.ID }) {
			continue
		}
		l := found[n.ID]
		if l == nil {
			l = &similarity{id: n.ID, published: n.PublishedAt, byWords: map[string]int64{}}
			found[n.ID] = l
		}
		l.add(n, max(met[n.Word], 1))
	}
	return rank(e.PublishedAt, found), nil
}

// rarestRefs returns the nouns among refs that the fewest articles refer to.
func rarestRefs(db *store.DB, refs []cms.NamedRef) ([]cms.NamedRef, error) {
	counts, err := db.ArticleCounts(refs)
	rarest := slices.Clone(refs)
	slices.SortStableFunc(rarest, func(a, b cms.NamedRef) int {
		return cmp.Compare(counts[a.ID], counts[b.ID])
	})
	return rarest[:min(len(rarest), comparedByRef)], err
}

// titleWords returns the longest words of a title, each once.
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
		return cmp.Compare(utf8.RuneCountInString(b.Words[0].Forms[0]),
			utf8.RuneCountInString(a.Words[0].Forms[0]))
	})
	return words[:min(len(words), comparedByWord)]
}

// add counts one thing that is shared: the fewer articles share it, the more it counts. A word that
// most articles have, or as many of the newest as were compared, counts nothing.
func (l *similarity) add(n store.Similar, met int) {
	if n.Slug != "" {
		if reason := n.Noun.Singular + ":" + n.Slug; !slices.Contains(l.refs, reason) {
			l.refs = append(l.refs, reason)
			l.byRefs += fixedPoint(1 + 6/math.Log2(2+float64(n.Known)))
		}
		return
	}
	if others := n.Known - 1; int64(met-1) > others/2 {
		return
	}
	weight := math.Log2(float64(min(store.SimilarByWord, max(n.Known, fewArticles)))/float64(
		met)) / 2
	if n.Titled {
		weight *= 2
	}
	l.byWords[n.Word] = max(l.byWords[n.Word], fixedPoint(weight))
}

// fewArticles is how many articles a newsroom counts as having at least when words are weighed: in
// fewer, no word can be common.
const fewArticles = 20

// fixedPoint returns a weight in whole thousandths, so that a sum of weights does not depend on the
// order.
func fixedPoint(weight float64) int64 { return int64(math.Round(weight * 1000)) }

// The weight of shared words, in thousandths, from which they are a reason beside a noun, and
// alone.
const (
	tellingWords = 1000
	enoughWords  = 4000
)

// rank returns the articles in the order of what they have in common, the most first. An article a
// year away in time counts half.
func rank(at time.Time, found map[cms.ID]*similarity) []cms.RelatedArticle {
	type scored struct {
		*similarity
		score int64
		words bool
	}
	var list []scored
	for _, l := range found {
		var byWords int64
		for _, weight := range l.byWords {
			byWords += weight
		}
		if len(l.refs) == 0 && byWords < enoughWords {
			continue
		}
		years := math.Abs(l.published.Sub(at).Hours()) / 24 / 365
		list = append(list, scored{l, int64(float64(l.byRefs+byWords) / (1 + years)),
			byWords >= tellingWords})
	}
	slices.SortFunc(list, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), b.published.Compare(a.published),
			cmp.Compare(b.id, a.id))
	})
	related := make([]cms.RelatedArticle, len(list))
	for i, l := range list {
		slices.Sort(l.refs)
		related[i].Of = l.id
		related[i].Reasons = l.refs
		if l.words {
			related[i].Reasons = append(related[i].Reasons, "words")
		}
	}
	return related
}

// loadRelated loads the articles that were chosen.
func loadRelated(db *store.DB, chosen []cms.RelatedArticle) ([]cms.RelatedArticle, error) {
	ids := make([]cms.ID, len(chosen))
	for i, r := range chosen {
		ids[i] = r.Of
	}
	stories, err := db.ArticlesByID(cms.LiveView, ids)
	for i := range stories {
		at := slices.Index(ids, stories[i].ID())
		chosen[at].ArticleView = stories[i]
	}
	return slices.DeleteFunc(chosen,
		func(r cms.RelatedArticle) bool { return r.ArticleView.Edition == nil }), err
}
