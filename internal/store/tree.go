package store

import (
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// treeRow is that a noun is another one or stands below it.
type treeRow struct {
	ID    cms.ID `gorm:"primaryKey"`
	Above cms.ID `gorm:"primaryKey"`
}

// TableName returns the table of trees.
func (treeRow) TableName() string { return "noun_tree" }

// isTree reports whether an article that refers to a noun of a kind counts as one of those above.
func isTree(noun cms.Noun) bool {
	r, _ := cms.ReferenceTo(noun.Singular)
	return r.Tree
}

// withAbove returns the references of articles, and to all nouns above those that they refer to;
// each once.
func (db *DB) withAbove(articles map[cms.ID][]cms.RefID) (map[cms.ID][]cms.RefID, error) {
	var inTrees []cms.ID
	for _, refs := range articles {
		for _, ref := range refs {
			if isTree(ref.Noun) && !slices.Contains(inTrees, ref.ID) {
				inTrees = append(inTrees, ref.ID)
			}
		}
	}
	if inTrees == nil {
		return articles, nil
	}
	above := map[cms.ID][]cms.ID{}
	rows := database.WhereIn(db.Tx, database.From("noun_tree"), "id", inTrees)
	err := db.Query(rows.Columns("id, above"), func(r *database.Row) {
		id := scanID(r)
		above[id] = append(above[id], scanID(r))
	})
	all := make(map[cms.ID][]cms.RefID, len(articles))
	for article, refs := range articles {
		for _, ref := range refs {
			if !isTree(ref.Noun) {
				all[article] = append(all[article], ref)
			}
			for _, id := range above[ref.ID] {
				if up := (cms.RefID{Noun: ref.Noun, ID: id}); !slices.Contains(all[article], up) {
					all[article] = append(all[article], up)
				}
			}
		}
	}
	return all, err
}

// countsAmong returns how many of some live articles count for each noun of a kind.
func (db *DB) countsAmong(noun cms.Noun, articles []cms.ID) (map[cms.ID]int, error) {
	rows := database.From("feed AS f")
	columns := "f.ref_id, count(*)"
	by := " GROUP BY f.ref_id"
	if isTree(noun) {
		rows = rows.Join("JOIN noun_tree AS c ON c.id = f.ref_id")
		columns = "c.above, count(DISTINCT f.article_id)"
		by = " GROUP BY c.above"
	}
	rows = rows.Where("f.noun = ?", noun.Singular)
	rows = database.WhereIn(db.Tx, rows, "f.article_id", articles)
	counts := map[cms.ID]int{}
	err := db.Query(rows.Columns(columns).Plus(by), func(r *database.Row) {
		id := scanID(r)
		counts[id] = int(r.Number())
	})
	return counts, err
}

// recount counts the live articles of some nouns of a tree again.
func (db *DB) recount(noun cms.Noun, ids []cms.ID) error {
	if len(ids) == 0 {
		return nil
	}
	for _, id := range ids {
		db.invalidate(noun.ArticlesCacheTag(id))
	}
	some := database.OneOf(db.Tx, "id", ids)
	return db.Exec(`UPDATE `+noun.Plural+` SET article_count = (
			SELECT count(DISTINCT f.article_id) FROM noun_tree AS c
			JOIN feed AS f ON f.ref_id = c.id WHERE c.above = `+noun.Plural+`.id)
		WHERE `+some.Text, some.Args...)
}

// readTree returns all nouns of a tree with those above them, themselves included.
func (db *DB) readTree() (map[cms.ID][]cms.ID, error) {
	above := map[cms.ID][]cms.ID{}
	rows := database.From("noun_tree").OrderBy("id, above")
	err := db.Query(rows.Columns("id, above"), func(r *database.Row) {
		id := scanID(r)
		above[id] = append(above[id], scanID(r))
	})
	return above, err
}

// moveInTree makes above, which has the noun itself, all that a noun stands below.
func (db *DB) moveInTree(id cms.ID, above []cms.ID) error {
	if err := db.Exec("DELETE FROM noun_tree WHERE id = ?", id); err != nil {
		return err
	}
	rows := make([]treeRow, len(above))
	for i, up := range above {
		rows[i] = treeRow{id, up}
	}
	return db.GORM.Create(&rows).Error
}
