package store

import (
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// nilID is an id that nothing has.
const nilID cms.ID = "00000000-0000-0000-0000-000000000000"

var tags = Nouns[cms.Tag, *cms.Tag]{
	Noun:   cms.TagNoun,
	Orders: countedOrders(),
}

// Tags are the rows of tags, with their names and parents.
type Tags struct{}

// List returns a page of tags, found by any of their names, in at most three statements.
func (Tags) List(db *DB, q cms.NounQuery) (list cms.List[cms.TagDetail], err error) {
	found, err := tags.List(db, q)
	if err != nil {
		return list, err
	}
	list.HasPrev = found.HasPrev
	list.HasNext = found.HasNext
	list.Total = found.Total
	list.Rows, err = surroundTags(db, found.Rows)
	return list, err
}

// ByID returns the tag with an id, ErrNotFound if there is none.
func (Tags) ByID(db *DB, id cms.ID) (*cms.TagDetail, error) {
	tag, err := tags.ByID(db, id)
	if err != nil {
		return nil, err
	}
	details, err := surroundTags(db, []cms.Tag{*tag})
	if err != nil {
		return nil, err
	}
	return &details[0], nil
}

// surroundTags adds their parents and aliases to tags, in one statement.
func surroundTags(db *DB, list []cms.Tag) ([]cms.TagDetail, error) {
	details := make([]cms.TagDetail, len(list))
	if len(list) == 0 {
		return details, nil
	}
	ids := make([]cms.ID, len(list))
	at := make(map[cms.ID]*cms.TagDetail, len(list))
	for i, tag := range list {
		details[i] = cms.TagDetail{Tag: tag, Aliases: []string{}}
		ids[i] = tag.ID
		at[tag.ID] = &details[i]
	}
	rows := database.From("tags AS c").Join("LEFT JOIN tags AS t ON t.id = c.parent_id").
		Join("LEFT JOIN noun_names AS x ON x.id = c.id AND x.position > 0")
	rows = database.WhereIn(db.Tx, rows, "c.id", ids).OrderBy("c.id, x.position")
	site, err := db.Site()
	if err != nil {
		return nil, err
	}
	columns := "c.id, x.name, " + refColumns(cms.TagNoun)
	err = db.Query(rows.Columns(columns), func(r *database.Row) {
		d := at[scanID(r)]
		if alias := r.Text(); alias != "" {
			d.Aliases = append(d.Aliases, alias)
		}
		if parent := scanPage(r, cms.TagNoun, site); parent.ID != "" {
			d.Parent = &parent
		}
	})
	return details, err
}

// Create saves a new tag with its names.
func (Tags) Create(db *DB, t *cms.TagDetail) error {
	if err := tags.Create(db, &t.Tag); err != nil {
		return err
	}
	return db.addNames(cms.TagNoun, t.ID, t.Names, t.Localized)
}

// Update saves a tag that was changed, with its names.
func (Tags) Update(db *DB, t *cms.TagDetail) error {
	if err := db.SaveTag(&t.Tag); err != nil {
		return err
	}
	return db.saveNames(cms.TagNoun, t.ID, t.Names, t.Localized)
}

// SaveTag saves a tag that was changed, without its names.
func (db *DB) SaveTag(t *cms.Tag) error { return tags.Update(db, t) }

// Delete removes a tag from every article and edition. Its children lose their parent.
func (Tags) Delete(db *DB, id cms.ID) error {
	if err := db.Exec("UPDATE tags SET parent_id = NULL WHERE parent_id = ?", id); err != nil {
		return err
	}
	return tags.Delete(db, id)
}

// MergeTag gives all that a tag has (articles, editions, slugs, names and children) to another, and
// removes it.
func (db *DB) MergeTag(from, into cms.ID) error {
	if err := db.mergeRefs(cms.TagNoun, from, into); err != nil {
		return err
	}
	for _, statement := range []string{
		`UPDATE noun_names SET id = t.id, position = noun_names.position + 1 + t.last
			FROM (SELECT id, max(position) AS last FROM noun_names WHERE id = @into GROUP BY id) AS t
			WHERE noun_names.id = @from AND noun_names.position >= 0`,
		`INSERT INTO noun_words (noun, word, id) SELECT x.noun, x.word, t.id
			FROM noun_words AS x JOIN tags AS t ON t.id = @into WHERE x.id = @from
			ON CONFLICT DO NOTHING`,
		`UPDATE tags SET parent_id = @into WHERE parent_id = @from AND id <> @into`,
	} {
		err := db.GORM.Exec(statement, map[string]any{"from": from, "into": into}).Error
		if err != nil {
			return err
		}
	}
	return Tags{}.Delete(db, from)
}
