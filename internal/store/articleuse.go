package store

import (
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// articleUsers selects what shows an article or leads to it: what has it among its items, the
// fronts of that, alerts, and the articles with a link to it.
const articleUsers = `SELECT 'collection' AS noun, collection_id AS id FROM collection_items
		WHERE article_id = ? AND valid_until IS NULL
	UNION SELECT 'front', s.front_id FROM front_slots AS s JOIN collection_items AS i
		ON i.collection_id = s.collection_id
		WHERE i.article_id = ? AND i.valid_until IS NULL AND s.valid_until IS NULL
	UNION SELECT 'alert', id FROM alerts WHERE article_id = ?
	UNION SELECT 'article', article_id FROM links WHERE target_id = ?`

// ArticleUses returns a page of what shows an article or leads to it, in the order of ids, with how
// often in all if that was asked for: in a statement for each kind of thing, and two more.
func (db *DB) ArticleUses(id cms.ID, page cms.PageRequest) (cms.List[cms.ArticleUse], error) {
	site, err := db.Site()
	if err != nil {
		return cms.List[cms.ArticleUse]{}, err
	}
	users := articleUsers
	if slices.Contains(site.Menus.Targets()[cms.ArticleKind], id) {
		users += " UNION SELECT 'site', id FROM site"
	}
	rows := database.From("("+users+") AS n", id, id, id, id)
	var total int64
	if page.Count {
		if total, err = db.Count(rows); err != nil {
			return cms.List[cms.ArticleUse]{}, err
		}
	}
	byID := orderBy("n.id", "n.id", nil)
	found, err := database.QueryAll(db.Tx,
		byID.page(rows, cms.Sort{}, page).Columns("n.noun, n.id"),
		func(r *database.Row) cms.ArticleUse {
			return cms.ArticleUse{Kind: r.Text(), Ref: cms.Ref{ID: scanID(r)}}
		})
	if err != nil {
		return cms.List[cms.ArticleUse]{}, err
	}
	list := pageOf(found, page)
	list.Total = total
	return list, db.nameArticleUses(list.Rows)
}

// nameArticleUses sets what things are called that show an article.
func (db *DB) nameArticleUses(uses []cms.ArticleUse) error {
	ids := map[string][]cms.ID{}
	for _, use := range uses {
		ids[use.Kind] = append(ids[use.Kind], use.ID)
	}
	named, err := db.namesOf(ids)
	if err != nil {
		return err
	}
	if alerts := ids[cms.AlertNoun.Singular]; alerts != nil {
		rows := database.WhereIn(db.Tx, database.From("alerts"), "id", alerts)
		err = db.Query(rows.Columns("id, text"), func(r *database.Row) {
			ref := cms.Ref{ID: scanID(r), Name: r.Text()}
			named[ref.ID] = ref
		})
	}
	for i := range uses {
		uses[i].Ref = named[uses[i].ID]
	}
	return err
}
