package store

import (
	"sync"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// nameCache remembers what tags are called, by the ids that editions have of them. A newsroom has few tags beside its
// articles, and to look them up took a third of a list. What it remembers is true of one state of the tags, which a
// counter tells: a reader that sees another state does not use it. So it is never out of date, on any number of servers.
type nameCache struct {
	mu    sync.Mutex
	state int64
	tags  map[cms.ID]cms.TagRef // the id that an edition has may be that of a merged tag; no tag if it was removed
}

// mostTags is how many tags are remembered at most: some 10 MiB.
const mostTags = 50_000

// get adds what is remembered of ids in a state of the tags to found, and answers those it does not know.
func (b *nameCache) get(state int64, ids []cms.ID, found map[cms.ID]cms.TagRef) (unknown []cms.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, id := range ids {
		tag, ok := b.tags[id]
		if ok && b.state == state {
			found[id] = tag
		} else {
			unknown = append(unknown, id)
		}
	}
	return unknown
}

// put remembers tags of a state, unless a later one is known.
func (b *nameCache) put(state int64, found map[cms.ID]cms.TagRef, ids []cms.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if state < b.state {
		return
	}
	if b.tags == nil || state > b.state || len(b.tags)+len(ids) > mostTags {
		b.state, b.tags = state, make(map[cms.ID]cms.TagRef, len(ids))
	}
	for _, id := range ids {
		b.tags[id] = found[id]
	}
}

// tagVersion is the column that tells which state of the tags a reader sees.
const tagVersion = "(SELECT n FROM counters WHERE name = 'tags')"

// bumpTagVersion notes that a tag is called otherwise than before, is merged or removed.
func (db *DB) bumpTagVersion(id cms.ID) {
	db.invalidateTag(id)
	db.countUp("tags", 1)
}

// tagsNamed are the tags that some ids of editions mean in a state of the tags.
func (db *DB) tagsNamed(state int64, ids []cms.ID) (map[cms.ID]cms.TagRef, error) {
	found := make(map[cms.ID]cms.TagRef, len(ids))
	unknown := ids
	if db.names != nil {
		unknown = db.names.get(state, ids, found)
	}
	if len(unknown) == 0 {
		return found, nil
	}
	meant := make(map[string]cms.ID, len(unknown))
	terms := make([]string, 0, len(unknown))
	for _, id := range unknown {
		if term := tagTerm(id); meant[term] == "" {
			meant[term] = id
			terms = append(terms, term)
		}
	}
	rows := database.WhereIn(db.Tx, database.From("tag_terms AS x").Join("JOIN tags AS t ON t.id = x.tag_id"), "x.term", terms)
	err := db.Query(rows.Columns("x.term, "+refColumns), func(r *database.Row) { found[meant[r.Text()]] = scanTagRef(r) })
	if err == nil && db.names != nil {
		db.names.put(state, found, unknown)
	}
	return found, err
}

// nameTags sets the tags of editions: those that are left of them, a merged one in the place of the first that it took.
func (db *DB) nameTags(stories []cms.ArticleView, state int64) error {
	var ids []cms.ID
	for i := range stories {
		ids = append(ids, stories[i].Edition.Tags...)
	}
	named, err := db.tagsNamed(state, ids)
	for i := range stories {
		s := &stories[i]
		s.Tags = make([]cms.TagRef, 0, len(s.Edition.Tags))
		for _, id := range s.Edition.Tags {
			if tag := named[id]; tag.ID != "" && !hasTag(s.Tags, tag.ID) {
				s.Tags = append(s.Tags, tag)
			}
		}
	}
	return err
}

func hasTag(tags []cms.TagRef, id cms.ID) bool {
	for _, t := range tags {
		if t.ID == id {
			return true
		}
	}
	return false
}
