package store

import (
	"cmp"
	"slices"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// pageRef is what a page is found by: a slug, or the term of an id.
type pageRef struct {
	kind cms.PageKind
	ref  string
}

// Owners returns what candidates mean, in at most three statements: each by its id, or by a slug
// that it has or had and that readers could use. Where nothing has or had that slug, the id is
// empty; that nothing has an id is not looked up.
func (db *DB) Owners(candidates []cms.Candidate) ([]cms.PageID, error) {
	var articles, nouns, terms []string
	for _, c := range candidates {
		switch {
		case !c.IsID && c.Kind == cms.ArticlePage:
			articles = append(articles, c.Ref)
		case !c.IsID:
			nouns = append(nouns, c.Ref)
		case c.Kind != cms.ArticlePage:
			terms = append(terms, nounTerm(cms.ID(c.Ref)))
		}
	}
	found := map[pageRef]cms.ID{}
	for _, q := range []struct {
		refs    []string
		rows    database.Select
		column  string
		columns string
	}{
		{articles, database.From("article_slugs").Where("public"), "slug",
			"'article', slug, article_id"},
		{nouns, database.WhereIn(db.Tx, database.From("slugs"), "noun", nounsWithPages), "slug",
			"noun, slug, id"},
		// The id of a noun that was merged means the one it was merged into.
		{terms, database.From("noun_terms"), "term", "noun, term, id"},
	} {
		if q.refs == nil {
			continue
		}
		rows := database.WhereIn(db.Tx, q.rows, q.column, q.refs)
		err := db.Query(rows.Columns(q.columns), func(r *database.Row) {
			ref := pageRef{cms.PageKind(r.Text()), r.Text()}
			found[ref] = scanID(r)
		})
		if err != nil {
			return nil, err
		}
	}
	return ownersOf(candidates, found), nil
}

// ownersOf returns what candidates mean, given what was found.
func ownersOf(candidates []cms.Candidate, found map[pageRef]cms.ID) []cms.PageID {
	owners := make([]cms.PageID, len(candidates))
	for i, c := range candidates {
		ref := pageRef{c.Kind, c.Ref}
		owners[i] = cms.PageID{Kind: c.Kind, ID: found[ref]}
		if id := cms.ID(c.Ref); c.IsID {
			ref.ref = nounTerm(id)
			owners[i].ID = cmp.Or(found[ref], id)
		}
	}
	return owners
}

// nounsWithPages are the kinds of nouns that have pages.
var nounsWithPages = func() []string {
	kinds := make([]string, len(cms.PageNouns))
	for i, noun := range cms.PageNouns {
		kinds[i] = noun.Singular
	}
	return kinds
}()

// Pages returns those of some pages that readers find, in at most three statements.
func (db *DB) Pages(wanted []cms.PageID) (map[cms.PageID]cms.Page, error) {
	ids := map[cms.PageKind][]cms.ID{}
	for _, p := range wanted {
		if p.ID != "" && !slices.Contains(ids[p.Kind], p.ID) {
			ids[p.Kind] = append(ids[p.Kind], p.ID)
		}
	}
	articles, err := db.articleRefs(cms.LiveView, ids[cms.ArticlePage])
	if err != nil {
		return nil, err
	}
	pages := map[cms.PageID]cms.Page{}
	for id, a := range articles {
		page := cms.PageID{Kind: cms.ArticlePage, ID: id}
		pages[page] = cms.Page{PageID: page, Slug: a.Slug, URL: a.URL}
	}
	var query database.Fragment
	for _, noun := range cms.PageNouns {
		some := ids[cms.PageKind(noun.Singular)]
		if some == nil {
			continue
		}
		if query.Text != "" {
			query = query.Plus(" UNION ALL ")
		}
		of := database.OneOf(db.Tx, "t.id", some)
		query = query.Plus("SELECT '"+noun.Singular+"', "+refColumns(noun)+" FROM "+noun.Plural+
			" AS t WHERE "+of.Text, of.Args...)
	}
	if query.Text == "" {
		return pages, nil
	}
	site, err := db.Site()
	if err != nil {
		return nil, err
	}
	err = db.Query(query, func(r *database.Row) {
		kind := cms.PageKind(r.Text())
		noun := cms.PageNouns[slices.IndexFunc(cms.PageNouns, func(n cms.Noun) bool {
			return n.Singular == string(kind)
		})]
		ref := scanPage(r, noun, site)
		page := cms.PageID{Kind: kind, ID: ref.ID}
		pages[page] = cms.Page{PageID: page, Slug: ref.Slug, TreePath: ref.Path, URL: ref.URL}
	})
	return pages, err
}

// KilledPages returns those of some pages that are articles which readers saw before they were
// killed.
func (db *DB) KilledPages(wanted []cms.PageID) (map[cms.PageID]bool, error) {
	killed := map[cms.PageID]bool{}
	var ids []cms.ID
	for _, p := range wanted {
		if p.Kind == cms.ArticlePage && p.ID != "" && !slices.Contains(ids, p.ID) {
			ids = append(ids, p.ID)
		}
	}
	if ids == nil {
		return killed, nil
	}
	rows := database.WhereIn(db.Tx, database.From("articles"), "id", ids).
		Where("status = ? AND editions > 0", cms.Killed)
	err := db.Query(rows.Columns("id"), func(r *database.Row) {
		killed[cms.PageID{Kind: cms.ArticlePage, ID: scanID(r)}] = true
	})
	return killed, err
}

// PastEdition is what addresses say of an edition of an article, live or not.
type PastEdition struct {
	ArticleID   cms.ID
	Type        cms.ArticleType
	Locale      string
	PublishedAt time.Time
	Section     cms.ID // the main one, as it is now; empty: there was none
}

// maxPastEditions is how many editions are looked at to tell which address was whose.
const maxPastEditions = 1000

// PastEditions returns what addresses say of the editions of articles, the latest first, in at most
// two statements.
func (db *DB) PastEditions(articles []cms.ID) ([]PastEdition, error) {
	if len(articles) == 0 {
		return nil, nil
	}
	rows := database.WhereIn(db.Tx, database.From("editions AS e"), "e.article_id", articles).
		OrderBy("e.rowid DESC").Limit(maxPastEditions, 0)
	var names int64
	var sections []cms.ID
	columns := "e.article_id, e.type, e.locale, e.published_at, e.refs, " + namesVersion
	list, err := database.QueryAll(db.Tx, rows.Columns(columns), func(r *database.Row) PastEdition {
		e := PastEdition{
			ArticleID:   scanID(r),
			Type:        cms.ArticleType(r.Text()),
			Locale:      r.Text(),
			PublishedAt: r.Time(),
		}
		refs := splitRefIDs(r.Text())
		isSection := func(ref cms.RefID) bool { return ref.Noun == cms.SectionNoun }
		if i := slices.IndexFunc(refs, isSection); i >= 0 {
			e.Section = refs[i].ID
			sections = append(sections, e.Section)
		}
		names = r.Number()
		return e
	})
	if err != nil {
		return nil, err
	}
	named, err := db.named(names, sections)
	for i := range list {
		list[i].Section = named[list[i].Section].ID
	}
	return list, err
}

// sectionPath is a path in the tree that a section had.
type sectionPath struct {
	path string
	id   cms.ID
}

var sectionPathTable = &database.Table[sectionPath]{
	Name: "section_paths",
	Columns: database.Columns[sectionPath]{
		database.Text("path", func(p *sectionPath) *string { return &p.path }),
		database.Text("id", func(p *sectionPath) *cms.ID { return &p.id }),
	},
	Suffix: " ON CONFLICT (path, id) DO NOTHING",
}

// SectionsOnceAt returns the sections that once had one of some paths in the tree, by path.
func (db *DB) SectionsOnceAt(paths []string) (map[string][]cms.ID, error) {
	once := map[string][]cms.ID{}
	if len(paths) == 0 {
		return once, nil
	}
	rows := database.WhereIn(db.Tx, database.From("section_paths"), "path", paths)
	err := db.Query(rows.Columns("path, id"), func(r *database.Row) {
		path := r.Text()
		once[path] = append(once[path], scanID(r))
	})
	return once, err
}

// addSectionPath records that a section had a path in the tree.
func (db *DB) addSectionPath(path string, id cms.ID) error {
	return database.Insert(db.Tx, sectionPathTable, sectionPath{path, id})
}

// moveSectionPaths gives the paths that a section has and had to another one, as those that it had.
func (db *DB) moveSectionPaths(from, into cms.ID) error {
	paths, err := database.QueryAll(db.Tx, database.SQL(`SELECT path FROM section_paths WHERE id = ?
		UNION SELECT path FROM sections WHERE id = ?`, string(from), string(from)),
		func(r *database.Row) sectionPath { return sectionPath{r.Text(), into} })
	if err != nil {
		return err
	}
	return database.Insert(db.Tx, sectionPathTable, paths...)
}
