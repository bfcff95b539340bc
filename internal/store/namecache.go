package store

import (
	"sync"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// nameCache has the present names of nouns, by the ids that editions have of them. There are few
// nouns beside articles, and looking tags up took a third of a list. What it has is true of one
// version of all names, which a counter in the database tells: a reader that sees another version
// does not use it. So it is never out of date, on any number of servers.
type nameCache struct {
	mu      sync.Mutex
	version int64
	refs    map[cms.ID]cms.Ref // by the id in an edition; the zero Ref if the noun was deleted
}

// maxNames bounds the entries of a nameCache: some 10 MiB.
const maxNames = 50_000

// get adds what it has of ids in a version to found, and returns the other ids.
func (c *nameCache) get(version int64, ids []cms.ID, found map[cms.ID]cms.Ref) (unknown []cms.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range ids {
		ref, ok := c.refs[id]
		if ok && c.version == version {
			found[id] = ref
		} else {
			unknown = append(unknown, id)
		}
	}
	return unknown
}

// put adds names of a version, unless it has those of a later one.
func (c *nameCache) put(version int64, found map[cms.ID]cms.Ref, ids []cms.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if version < c.version {
		return
	}
	if c.refs == nil || version > c.version || len(c.refs)+len(ids) > maxNames {
		c.version = version
		c.refs = make(map[cms.ID]cms.Ref, len(ids))
	}
	for _, id := range ids {
		c.refs[id] = found[id]
	}
}

// namesVersion is the column with the version of all names that a reader sees.
const namesVersion = "(SELECT n FROM counters WHERE name = 'names')"

// bumpNames records that a noun is called otherwise than before, is merged or deleted.
func (db *DB) bumpNames() { db.countUp("names", 1) }

// tagsNamed returns the tags that some ids of editions mean in a version of the tags.
func (db *DB) tagsNamed(version int64, ids []cms.ID) (map[cms.ID]cms.Ref, error) {
	found := make(map[cms.ID]cms.Ref, len(ids))
	unknown := ids
	if db.names != nil {
		unknown = db.names.get(version, ids, found)
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
	rows := database.WhereIn(db.Tx,
		database.From("tag_terms AS x").Join("JOIN tags AS t ON t.id = x.tag_id"), "x.term", terms)
	err := db.Query(rows.Columns("x.term, "+refColumns),
		func(r *database.Row) { found[meant[r.Text()]] = scanTagRef(r) })
	if err == nil && db.names != nil {
		db.names.put(version, found, unknown)
	}
	return found, err
}

// nameTags sets the tags of editions: those that are left of them, a merged one in the place of the
// first that it took.
func (db *DB) nameTags(stories []cms.ArticleView, version int64) error {
	var ids []cms.ID
	for i := range stories {
		ids = append(ids, stories[i].Edition.Tags...)
	}
	named, err := db.tagsNamed(version, ids)
	for i := range stories {
		s := &stories[i]
		s.Tags = make([]cms.Ref, 0, len(s.Edition.Tags))
		for _, id := range s.Edition.Tags {
			if tag := named[id]; tag.ID != "" && !hasTag(s.Tags, tag.ID) {
				s.Tags = append(s.Tags, tag)
			}
		}
	}
	return err
}

func hasTag(tags []cms.Ref, id cms.ID) bool {
	for _, t := range tags {
		if t.ID == id {
			return true
		}
	}
	return false
}
