package store

import (
	"slices"
	"sync"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// nameCache has the site, and the present names of nouns, by the ids that editions have of them.
// There are few nouns beside articles, and looking tags up took a third of a list. What it has is
// true of one version of all names and the site, which a counter in the database tells: a reader
// that sees another version does not use it. So it is never out of date, on any number of servers.
type nameCache struct {
	mu      sync.Mutex
	version int64
	refs    map[cms.ID]cms.NamedRef // by the id in an edition; the zero one if the noun was deleted
	site    *cms.Site               // nil until somebody has looked

	fixed cms.FixedSite // what the operator has set of the site
}

// maxNames bounds the entries of a nameCache: some 10 MiB.
const maxNames = 50_000

// get adds what it has of ids in a version to found, and returns the other ids.
func (c *nameCache) get(
	version int64, ids []cms.ID, found map[cms.ID]cms.NamedRef,
) (unknown []cms.ID) {
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
func (c *nameCache) put(version int64, found map[cms.ID]cms.NamedRef, ids []cms.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if version < c.version {
		return
	}
	c.turnTo(version)
	if len(c.refs)+len(ids) > maxNames {
		clear(c.refs)
	}
	for _, id := range ids {
		c.refs[id] = found[id]
	}
}

// turnTo forgets what it has of an earlier version.
func (c *nameCache) turnTo(version int64) {
	if c.refs == nil || version > c.version {
		c.version = version
		c.refs = map[cms.ID]cms.NamedRef{}
		c.site = nil
	}
}

// siteAt returns the site in a version, nil if it does not have it.
func (c *nameCache) siteAt(version int64) *cms.Site {
	c.mu.Lock()
	defer c.mu.Unlock()
	if version != c.version {
		return nil
	}
	return c.site
}

// putSite adds the site of a version, unless it has that of a later one.
func (c *nameCache) putSite(version int64, site *cms.Site) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if version >= c.version {
		c.turnTo(version)
		c.site = site
	}
}

// namesVersion is the column with the version of all names that a reader sees.
const namesVersion = "(SELECT n FROM counters WHERE name = 'names')"

// bumpNames records that a noun is called otherwise than before, is merged or deleted.
func (db *DB) bumpNames() { db.countUp("names", 1) }

// named returns the nouns that some ids in articles mean in a version of the names.
func (db *DB) named(version int64, ids []cms.ID) (map[cms.ID]cms.NamedRef, error) {
	found := make(map[cms.ID]cms.NamedRef, len(ids))
	unknown := ids
	if !db.inWrite() {
		unknown = db.names.get(version, ids, found)
	}
	if len(unknown) == 0 {
		return found, nil
	}
	meant := make(map[string]cms.ID, len(unknown))
	terms := make([]string, 0, len(unknown))
	for _, id := range unknown {
		if term := nounTerm(id); meant[term] == "" {
			meant[term] = id
			terms = append(terms, term)
		}
	}
	site, err := db.siteAt(version)
	if err != nil {
		return nil, err
	}
	err = db.Query(db.nounsByTerm(terms), func(r *database.Row) {
		id := meant[r.Text()]
		noun := scanNoun(r)
		found[id] = cms.NamedRef{Noun: noun, Ref: scanPage(r, noun, site)}
	})
	if err == nil && !db.inWrite() {
		db.names.put(version, found, unknown)
	}
	return found, err
}

// nounsByTerm returns the query for the nouns that have one of some terms: the term, the kind, and
// the columns of scanRef.
func (db *DB) nounsByTerm(terms []string) (query database.Fragment) {
	some := database.OneOf(db.Tx, "x.term", terms)
	for i, r := range cms.References {
		if i > 0 {
			query = query.Plus(" UNION ALL ")
		}
		query = query.Plus("SELECT x.term, x.noun, "+refColumns(r.Noun)+
			" FROM noun_terms AS x JOIN "+r.Noun.Plural+" AS t ON t.id = x.id WHERE "+some.Text,
			some.Args...)
	}
	return query
}

// nameRefs sets the references of articles, which have those ids: the nouns that are left of them,
// a merged one in the place of the first that it took.
func (db *DB) nameRefs(stories []cms.ArticleView, version int64, refs [][]cms.RefID) error {
	var ids []cms.ID
	for i := range refs {
		for _, ref := range refs[i] {
			ids = append(ids, ref.ID)
		}
	}
	named, err := db.named(version, ids)
	for i := range stories {
		s := &stories[i]
		s.Refs = make([]cms.NamedRef, 0, len(refs[i]))
		for _, ref := range refs[i] {
			n := named[ref.ID]
			n.Ref = n.Ref.In(s.Content().Locale)
			n.Role = ref.Role
			if n.ID != "" && !refersTo(s.Refs, n.ID) {
				s.Refs = append(s.Refs, n)
			}
		}
	}
	return err
}

func refersTo(refs []cms.NamedRef, id cms.ID) bool {
	return slices.ContainsFunc(refs, func(ref cms.NamedRef) bool { return ref.ID == id })
}
