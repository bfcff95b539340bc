package store

import (
	"errors"
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// MediumUses returns a page of what shows a medium, in the order of ids, with how often in all if
// that was asked for: in a statement for each kind of thing, and two or three more.
func (db *DB) MediumUses(id cms.ID, page cms.PageRequest) (cms.List[cms.MediumUse], error) {
	owners := database.From("(SELECT DISTINCT noun, owner_id AS id FROM media_uses "+
		"WHERE medium_id = ?) AS n", id)
	var total int64
	var err error
	if page.Count {
		if total, err = db.Count(owners); err != nil {
			return cms.List[cms.MediumUse]{}, err
		}
	}
	byID := orderBy("n.id", "n.id", nil)
	found, err := database.QueryAll(db.Tx,
		byID.page(owners, cms.Sort{}, page).Columns("n.noun, n.id"),
		func(r *database.Row) cms.MediumUse {
			return cms.MediumUse{Kind: r.Text(), ID: scanID(r)}
		})
	if err != nil {
		return cms.List[cms.MediumUse]{}, err
	}
	list := pageOf(found, page)
	list.Total = total
	if err := db.addRoles(id, list.Rows); err != nil {
		return list, err
	}
	return list, db.nameUses(list.Rows)
}

// addRoles sets which part of things a medium is, and who sees it there.
func (db *DB) addRoles(medium cms.ID, uses []cms.MediumUse) error {
	at := make(map[cms.ID]*cms.MediumUse, len(uses))
	ids := []cms.ID{}
	for i := range uses {
		at[uses[i].ID] = &uses[i]
		ids = append(ids, uses[i].ID)
	}
	rows := database.From("media_uses AS u").Where("u.medium_id = ?", medium)
	rows = database.WhereIn(db.Tx, rows, "u.owner_id", ids).OrderBy("u.role")
	return db.Query(rows.Columns("u.owner_id, u.role, u.live"), func(r *database.Row) {
		use := at[scanID(r)]
		if role := cms.MediaRole(r.Text()); !slices.Contains(use.Roles, role) {
			use.Roles = append(use.Roles, role)
		}
		use.Live = r.Flag() || use.Live
	})
}

// nameUses sets what things are called that show a medium.
func (db *DB) nameUses(uses []cms.MediumUse) error {
	ids := map[string][]cms.ID{}
	for _, use := range uses {
		ids[use.Kind] = append(ids[use.Kind], use.ID)
	}
	named, err := db.namesOf(ids)
	for i := range uses {
		ref := named[uses[i].ID]
		uses[i].Slug = ref.Slug
		uses[i].Name = ref.Name
		uses[i].URL = ref.URL
	}
	return err
}

// namesOf returns what things are called that show something, given their ids by kind: in a
// statement for each kind that there is.
func (db *DB) namesOf(ids map[string][]cms.ID) (map[cms.ID]cms.Ref, error) {
	site, err := db.Site()
	if err != nil {
		return nil, err
	}
	articles, err := db.articleRefs(cms.DraftView, ids[cms.ArticleKind])
	if err != nil {
		return nil, err
	}
	named := map[cms.ID]cms.Ref{cms.SiteID: {ID: cms.SiteID, Name: site.Name, URL: site.URL}}
	for id, a := range articles {
		named[id] = cms.Ref{ID: id, Slug: a.Slug, Name: a.Title, URL: a.URL}
	}
	for _, noun := range []cms.Noun{
		cms.SectionNoun, cms.AuthorNoun, cms.CollectionNoun, cms.FrontNoun,
	} {
		if ids[noun.Singular] == nil {
			continue
		}
		rows := database.WhereIn(db.Tx, database.From(noun.Plural+" AS t"), "t.id",
			ids[noun.Singular])
		err = errors.Join(err, db.Query(rows.Columns(refColumns(noun)), func(r *database.Row) {
			ref := scanPage(r, noun, site)
			named[ref.ID] = ref
		}))
	}
	return named, err
}
